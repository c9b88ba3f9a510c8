"""The way from one page to another, at the top of the side bar of each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.locale import LANGUAGES, texts
from dashboard.session import fieldwork, state, workbench
from dashboard.ui import browser

STYLE = Path(__file__).parent / "navigation.css"
ICONS = {"risk_map": ":material/map:", "analyst": ":material/tune:", "outreach": ":material/groups:"}


def opening(name: str) -> Callable[[], None]:
    """Return what draws a page; it is imported, with the libraries only it needs, when it is opened first."""

    def render() -> None:
        importlib.import_module(f"dashboard.pages.{name}").render()

    return render


def links(pages: Mapping[str, Any]) -> None:
    """Draw a link to every page; the map opens as it was left."""
    text = texts(language())
    st.html(STYLE)
    with st.container(key="page_words"):
        browser.speak(text)
    queries = {"risk_map": workbench.way_back(), "analyst": workbench.way_here(), "outreach": fieldwork.way_back()}
    with st.sidebar, st.container(horizontal=True, key="navigation", gap="small"):
        for name, page in pages.items():
            st.page_link(
                page,
                label=text(f"navigation.{name}"),
                icon=ICONS[name],
                query_params=queries.get(name),
                width="stretch",
            )


def language() -> str:
    """Return the language spoken now; before any page has read it, the one that the address asks for."""
    asked = state.address().get("lang")
    return st.session_state.get("language") or (asked if asked in LANGUAGES else LANGUAGES[0])
