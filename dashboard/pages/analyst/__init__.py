"""The analyst's page: another framework, how sure its ranks are, what they hang on, two settings side by side."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts, texts
from dashboard.pages.analyst import coherence, compare, controls, doubt, influence, patterns, quality, validity
from dashboard.pages.analyst.bench import Bench
from dashboard.scenario import analysis
from dashboard.session import workbench
from dashboard.ui.shared import plain, problem
from geo.base.errors import RiskmapError
from models.index.framework import Framework

STYLE = Path(__file__).parent / "style.css"
PARTS = {
    "compare": compare.render,
    "doubt": doubt.render,
    "influence": influence.render,
    "coherence": coherence.render,
    "patterns": patterns.render,
    "quality": quality.render,
    "validity": validity.render,
}


def render() -> None:
    """Draw the page: read the widgets, assess, draw."""
    st.html(STYLE)
    try:
        cached.warm()
        workbench.begin(cached.known())
        text = texts(st.session_state["language"])
        bench = _tree(text)
    except RiskmapError as error:
        problem(error, texts(st.session_state.get("language", "vi")), "analyst.problem")
        return
    if ignored := workbench.held("ignored"):
        st.warning(text("app.ignored", names=", ".join(map(plain, ignored))))
    if bench is not None:
        try:
            PARTS[st.session_state[workbench.VIEW]](bench)
        except RiskmapError as error:
            problem(error, text, "analyst.problem")
    st.caption(text("analyst.notice"))
    workbench.publish()


def _tree(text: Texts) -> Bench | None:
    """Draw what is set, and assess with it; none if the settings do not go together."""
    settings, restricted = workbench.settings(), analysis.restricted()
    usual = cached.preset_framework(settings.preset, restricted)
    stated = settings.applied(usual)
    workbench.show(stated)
    controls.top(text, _reckoned(stated))
    with st.sidebar:
        controls.preset(text)
        controls.methods(text)
        controls.weights(text, stated, usual)
    try:
        assessment = cached.assessed(settings, restricted)
    except RiskmapError as error:
        problem(error, text, "analyst.problem")
        return None
    place = st.session_state[workbench.PLACE]
    table = cached.pathway(settings.preset)[1]
    bench = Bench(text, settings, assessment.framework, stated, usual, assessment, table, place, restricted)
    controls.headline(bench)
    return bench


def _reckoned(stated: Framework) -> Framework:
    """Return the framework reckoned with: the stated one, or with balanced weights if there are any."""
    try:
        return cached.analysed(workbench.settings(), analysis.restricted())
    except RiskmapError:
        return stated
