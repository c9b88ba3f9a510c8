"""How far the score of a commune can be trusted: a grade, and at what resolution its figures are known, as a bar."""

from __future__ import annotations

import pandas as pd

from dashboard.maps.escape import Safe, html, join, tag
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import Area, chance

SHARES = {
    "share_commune": "#1d6f72",
    "share_old_district": "#5fa8a2",
    "share_province": "#c9b27c",
    "share_region": "#b9bfc3",
}
"""Columns with the part of the score that rests on figures of each resolution, finest first, and their colour."""
GUESSED = "share_imputed"
"""The part of the score that rests on values filled in, whatever their resolution."""
SMALLEST = 0.005
"""A part below this share is not drawn."""
LABELLED = 0.12
"""A part needs this share for its figure to fit into it."""


def section(row: pd.Series, scene: Scene) -> Safe | None:
    """Return the part of the panel about reliability; none where nothing has been computed."""
    text = scene.text
    grade = row["grade"]
    if pd.isna(grade) and shares(row).empty:
        return None
    lines = []
    if pd.notna(grade):
        lines.append(
            tag("p", tag("b", str(grade), class_=f"rk-grade rk-grade-{grade}"), text(f"reliability.grade_{grade}"))
        )
    inside = Area(row["province_code"], text)
    held = inside.held(row.to_frame().T).iloc[0]
    if pd.notna(held) and pd.notna(row["class_province"]):
        level, share = inside.level(row["class_province"]), chance(float(held), text)
        lines.append(tag("p", text("reliability.held", level=level, share=share)))
    return tag("section", tag("h3", text("reliability.title")), *lines, _bar(row, scene), class_="rk-reliability")


def shares(row: pd.Series) -> pd.Series:
    """Return the shares of the weight by resolution that are worth drawing, 0-1, finest first."""
    found = pd.to_numeric(row.reindex(list(SHARES)), errors="coerce").astype(float)
    return found[found >= SMALLEST]


def _bar(row: pd.Series, scene: Scene) -> Safe | None:
    text, known = scene.text, shares(row)
    if known.empty:
        return None
    parts = [
        tag(
            "i",
            text("reliability.percent", share=text.number(100 * share)) if share >= LABELLED else "",
            style=f"width:{100 * share:.1f}%;background:{SHARES[name]}",
            class_="rk-share",
        )
        for name, share in known.items()
    ]
    words = [
        join(
            tag("span", style=f"background:{SHARES[name]}", class_="rk-dot"),
            text(f"reliability.{name}", share=text.number(100 * share)),
        )
        for name, share in known.items()
    ]
    guessed = pd.to_numeric(row.get(GUESSED))
    if pd.notna(guessed) and guessed >= SMALLEST:
        words.append(html(text(f"reliability.{GUESSED}", share=text.number(100 * guessed))))
    return join(
        tag("div", *parts, class_="rk-shares"),
        tag("p", *(tag("span", word) for word in words), class_="rk-small rk-share-words"),
    )
