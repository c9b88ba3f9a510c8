"""Long computations on the page: a progress bar, a button that cancels, a result that knows what it was made for.

The computation runs in the page's own run. A click anywhere, also on "cancel", ends that run at the next step of the
progress bar; then nothing is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.locale import Texts
from dashboard.session import workbench

Told = Callable[[int, int], None]
"""Takes steps done and steps to do."""


def run(kind: str, made_for: Any, compute: Callable[[Told], Any], text: Texts) -> None:
    """Compute with a progress bar and a button to cancel; the result is held in the session.

    Parameters
    ----------
    kind
        The name of the result.
    made_for
        What the result depends on.
    compute
        Called with a function that takes steps done and steps to do.
    """
    with st.container(horizontal=True, vertical_alignment="center", key=f"bench_running_{kind}"):
        bar = st.progress(0.0, text("analyst.running"))
        st.button(text("analyst.cancel"), key=f"bench.cancel.{kind}", icon=":material/close:")

    def told(done: int, wanted: int) -> None:
        bar.progress(
            min(done / max(wanted, 1), 1.0),
            text("analyst.progress", done=text.number(done), wanted=text.number(wanted)),
        )

    outcome = compute(told)
    workbench.put_result(kind, made_for, outcome)
    st.rerun()


def latest(kind: str, made_for: Any, text: Texts) -> Any:
    """Return the last result, with a warning if it was made for other settings; none if there is none."""
    held = workbench.result(kind)
    if held is None:
        return None
    if held[0] != made_for:
        st.warning(text("analyst.outdated"), icon=":material/history:")
    return held[1]
