"""The first ten seconds: where we are, how many places need support most, where to go first, and what to mind."""

from __future__ import annotations

import streamlit as st

from dashboard.locale import Texts
from dashboard.maps.escape import Safe, tag
from dashboard.pages.risk_map.scene import Scene

FIRST = 3
TOP_CLASS = 5


def render(scene: Scene) -> None:
    """Draw the headline and the badges."""
    st.html(headline(scene))


def brand(text: Texts) -> Safe:
    """Return the name of the product for the top of the side bar."""
    return tag("div", tag("b", text("app.short")), tag("span", text("app.tagline")), class_="rk-brand")


def headline(scene: Scene) -> Safe:
    """Return the headline as HTML."""
    text, frame = scene.text, scene.frame
    ranked = frame["priority"].dropna().sort_values(ascending=False, kind="stable").index[:FIRST]
    names = ", ".join(frame.loc[ranked, "name"])
    top = int((frame["class"] == TOP_CLASS).sum())
    facts = [
        text("headline.count", communes=text.number(len(frame))),
        text("headline.high", number=text.number(top)) if top else text("headline.high_none"),
        *_outreach(scene),
    ]
    answer = tag("p", text("headline.answer", first=names), class_="rk-answer") if names else None
    changed = tag("span", text("badge.weights"), class_="rk-badge info") if scene.view.weights else None
    marks = [tag("span", words, class_="rk-badge") for words in badges(scene)]
    title = tag("h1", scene.place, tag("span", text("app.title"), class_="rk-what"))
    return tag(
        "div",
        tag("div", title, tag("div", *marks, class_="rk-badges"), class_="rk-head"),
        tag("p", *(tag("span", fact, class_="rk-fact") for fact in facts), changed, class_="rk-facts"),
        answer,
    )


def _outreach(scene: Scene) -> list[str]:
    """Return of how many communes nothing is known, and how many people are left to reach where something is."""
    text, frame = scene.text, scene.frame
    known = frame["coverage"].notna() & (not scene.synthetic)
    unknown = frame[~known]
    told = []
    if len(unknown):
        people = text.number(unknown["population"].sum() / 1e6, 2)
        told.append(text("headline.unknown", communes=text.number(len(unknown)), people=people))
    if known.any():
        people = text.number(frame.loc[known, "people_unreached"].sum() / 1e6, 2)
        told.append(text("headline.unreached", people=people))
    return told


def badges(scene: Scene) -> list[str]:
    """Return what to mind about the data: schematic outlines, an illustrative log."""
    found = []
    if scene.schematic:
        found.append(scene.text("badge.schematic"))
    if scene.synthetic:
        found.append(scene.text("badge.synthetic"))
    return found
