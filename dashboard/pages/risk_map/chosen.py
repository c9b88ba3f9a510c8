"""The communes of a list, for the page and for print alike: which they are and what they add up to."""

from __future__ import annotations

import pandas as pd

from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import SURE, people
from models.briefing import listed
from models.outreach.priority import By
from models.robustness.reliability import HELD


def chosen_communes(scene: Scene, count: int, by: By) -> pd.DataFrame:
    """Return the communes of a list, at most ``count``; the first list holds nothing below the highest class."""
    found = listed(scene.frame, count, by, national=scene.area.national)
    return found[scene.area.levels(found) == scene.levels.max()] if by == By.FIRST else found


def first_note(chosen: pd.DataFrame, scene: Scene) -> str:
    """Return what the first list adds up to, and how many communes of its class it leaves out."""
    text = scene.text
    level = int((scene.levels == scene.levels.max()).sum())
    total = text(
        "lists.sum",
        communes=text.number(len(chosen)),
        total=text.number(level),
        people=people(float(chosen["people_unreached"].sum()), text),
        sessions=text.number(float(chosen["sessions_needed"].sum())),
    )
    return total if scene.frame["coverage_known"].all() else f"{total} {text('reach.counted')}"


def rank_marked(commune: pd.Series, scene: Scene) -> str:
    """Return the rank of a commune in the area, with its interval and a mark where its class is sure."""
    sure = scene.area.held(commune.to_frame().T).ge(HELD).all()
    return f"{scene.area.interval(commune)} {SURE}" if sure else scene.area.interval(commune)
