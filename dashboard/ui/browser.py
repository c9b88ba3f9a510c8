"""What the browser is told of the language: the document's own, how it writes numbers, and Streamlit's own words.

Streamlit writes some words itself, in English only (the topic ``browser`` of the catalogue has them all), and writes
numbers and days of sliders and editable tables as the browser is set, not as the page is.
"""

from __future__ import annotations

import hashlib
from functools import cache

import streamlit as st

from dashboard.locale import Texts, catalogue
from dashboard.maps import escape
from geo.base import paths

SCRIPT = "page/words.js"
TOPIC = "browser."
LOCALES = {"vi": "vi-VN", "en": "en-GB"}
CHOSEN = ".st-key-language [role=radio][aria-checked=true]"
"""The button of the language that was clicked last: it is ahead of the app, which answers later."""
TELL = (
    "window.riskmapTold = {told};"
    " document.documentElement.lang = window.riskmapTold.language;"
    " window.riskmapLocale = () => {{"
    " const known = window.riskmapTold.locales, clicked = document.querySelector('{chosen}');"
    " const first = clicked ? clicked.textContent.trim().toLowerCase() : '';"
    " return known[first] || known[window.riskmapTold.language]; }};"
    " [['language', () => window.riskmapLocale()], ['languages', () => [window.riskmapLocale()]]]"
    ".forEach(([name, get]) => Object.defineProperty(navigator, name, {{ get, configurable: true }}));"
    " if (window.riskmapPage) {{ window.riskmapPage.speak(window.riskmapTold); }}"
)


def speak(text: Texts) -> None:
    """Tell the browser which language the page is in."""
    script = TELL.format(told=escape.script(told(text)), chosen=CHOSEN)
    st.html(f'<script>{script}</script><script src="{address()}"></script>', unsafe_allow_javascript=True)


def told(text: Texts) -> dict[str, object]:
    """Return the language, the locales for numbers and days, and the words of Streamlit with ours beside them."""
    own, ours = catalogue("en"), catalogue(text.language)
    words = [[own[key], ours[key]] for key in own if key.startswith(TOPIC)] if text.language != "en" else []
    return {"language": text.language, "locales": LOCALES, "words": words}


@cache
def address() -> str:
    """Return where the script is served, which changes when its content does."""
    content = (paths.STATIC / SCRIPT).read_bytes()
    return f"app/static/{SCRIPT}?v={hashlib.sha256(content).hexdigest()[:8]}"
