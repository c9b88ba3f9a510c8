"""What every page draws alike: the choice of place and language, a problem, names that Markdown leaves alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import LANGUAGES, Texts, texts
from dashboard.maps.escape import Safe, tag
from dashboard.scenario.view import NATION
from geo.base.errors import RiskmapError
from geo.base.numerals import amount

POLL_SECONDS = 6.0
"""How often a page looks whether rank intervals have been computed."""
COMMAND = r"(?:\b(?:riskmap|git|pip|npm) |--\w|\bRISKMAP_)"
"""What is typed into a terminal."""
EITHER = rf"(,?\s(?:{'|'.join(texts(language)('app.or') for language in LANGUAGES)})\s)"
"""What stands between two ways out."""


class Remedied(Protocol):
    """Something wrong that says what to do next."""

    def remedy(self, language: str = "vi") -> str:
        """Return the next step."""


def place_choice(text: Texts, key: str, on_change: Callable[[], None] | None = None) -> None:
    """Draw the choice of a province or the nation."""
    names = cached.province_order()
    places = [NATION, *names.index]
    st.selectbox(
        text("place.province"),
        places,
        places.index(st.session_state[key]),
        format_func=lambda code: text("place.nation") if code == NATION else names[code],
        key=key,
        label_visibility="collapsed",
        on_change=on_change,
        width=168,
    )


def language_choice(text: Texts, on_change: Callable[[], None] | None = None) -> None:
    """Draw the choice of the language."""
    st.segmented_control(
        text("app.language"),
        LANGUAGES,
        format_func=str.upper,
        key="language",
        default=st.session_state["language"],
        required=True,
        label_visibility="collapsed",
        on_change=on_change,
    )


@st.fragment(run_every=POLL_SECONDS)
def awaited(ready: Callable[[], bool], text: Texts) -> None:
    """Say that rank intervals are being computed, and draw the page again when they are there."""
    if ready():
        st.rerun()
    st.caption(text("chance.waiting"))


def number_choice(
    where: Any,
    label: str,
    steps: Iterable[float],
    key: str,
    text: Texts,
    *,
    usual: float | None = None,
    **options: Any,
) -> float:
    """Draw the choice of a number with decimals from a list; what is held stays in it.

    A field for numbers writes decimals as the browser is set; a list writes them in the language of the page.

    Parameters
    ----------
    where
        A column or container of Streamlit.
    steps
        What is offered.
    usual
        What is chosen first, where the session does not hold a value under the key.
    options
        Anything else a select box takes.
    """
    held = st.session_state.get(key, usual)
    offered = sorted({*steps, *([] if held is None else [float(held)])})
    if key not in st.session_state and usual is not None:
        options["index"] = offered.index(float(usual))
    chosen = where.selectbox(
        label, offered, format_func=lambda one: str(amount(one, text.language)), key=key, **options
    )
    return float(chosen)


def problem(error: RiskmapError, text: Texts, title: str = "app.problem") -> None:
    """Say what went wrong and what to do next."""
    st.error(f"**{text(title)}** {plain(error.message(text.language))}\n\n{plain(next_step(error, text))}")


def next_step(error: Remedied, text: Texts) -> str:
    """Return what to do next, as a page says it: without what only somebody at a command line can do."""
    return without_commands(error.remedy(text.language)) or text("app.ask")


def without_commands(remedy: str) -> str:
    """Return a remedy without the ways that need a command, an option or a variable; empty if there is no other.

    Examples
    --------
    >>> without_commands("Restore it (git checkout data) or make it again with: riskmap data build.")
    'Restore it.'
    >>> without_commands("Run: riskmap data build. Check the disk, or set RISKMAP_HOME.")
    'Check the disk.'
    """
    kept: list[str] = []
    bare = re.sub(rf"\s*\([^()]*{COMMAND}[^()]*\)", "", remedy)
    for sentence in re.split(r"(?<=[.;])\s+", bare):
        ways = re.split(EITHER, sentence.rstrip(".;"))
        typed = [bool(re.search(COMMAND, way)) for way in ways[::2]]
        if all(typed):
            continue
        joined = "".join(
            ("" if first == typed.index(False) else ways[2 * first - 1]) + ways[2 * first]
            for first, command in enumerate(typed)
            if not command
        )
        kept.append(joined + sentence[len(sentence.rstrip(".;")) :])
    text = " ".join(kept)
    return re.sub(r";$", ".", text[:1].upper() + text[1:])


def plain(label: str) -> str:
    """Return a name as a label in which Streamlit's Markdown finds nothing to interpret.

    Examples
    --------
    >>> plain("[x](y) $1$ `z`")
    '\\\\[x\\\\]\\\\(y\\\\) \\\\$1\\\\$ \\\\`z\\\\`'
    """
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|~<>$:&" else character for character in label)


def brand(text: Texts) -> Safe:
    """Return the name of the product for the top of the side bar."""
    return tag("div", tag("b", text("app.short")), tag("span", text("app.tagline")), class_="rk-brand")
