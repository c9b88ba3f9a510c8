"""The first ten seconds: where we are, how many communes stand highest, where to go first, and what to mind."""

from __future__ import annotations

import streamlit as st

from dashboard.maps.escape import Safe, tag
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import LEVELS, outreach_known
from models.briefing import listed

FIRST = 3


def render(scene: Scene) -> None:
    """Draw the headline and the badges."""
    st.html(headline(scene))


def headline(scene: Scene) -> Safe:
    """Return the headline as HTML."""
    text, frame = scene.text, scene.frame
    names = ", ".join(listed(frame, FIRST, national=scene.area.national)["name"])
    top = int((scene.levels == LEVELS).sum())
    facts = [text("headline.count", communes=text.number(len(frame)))]
    if top:
        facts.append(scene.area.say("top", number=text.number(top)))
    facts.append(outreach_known(frame, text))
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


def badges(scene: Scene) -> list[str]:
    """Return what to mind about the data: schematic outlines, an illustrative log."""
    found = []
    if scene.schematic:
        found.append(scene.text("badge.schematic"))
    if scene.synthetic:
        found.append(scene.text("badge.synthetic"))
    return found
