"""Why a commune is on the list or not, in a sentence or two: what sets it apart and who is to be reached."""

from __future__ import annotations

import pandas as pd

from dashboard.cache import cached
from dashboard.locale import MISSING
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import LEVELS, borderline, chance, people
from dashboard.scenario.naming import reason
from dashboard.scenario.view import public_nodes

SMALLEST = 0.05
"""A contribution below this many points is not named."""
NAMED = 2
"""Drivers named in a sentence."""
FEW = 10
"""A place on the second list up to here is worth telling."""


def drivers(code: str, scene: Scene) -> pd.Series:
    """Return how many points each driver sets a commune apart from the middle commune of its province, largest first.

    Indicators that mean the same, as they stand in several pathways, are one driver.

    Returns
    -------
    pandas.Series
        Points of the score by the name of the driver in the language of the page.
    """
    return split(pd.Index([code]), scene).loc[code]


def split(codes: pd.Index, scene: Scene) -> pd.Series:
    """Return the drivers of some communes, points by ``commune_code`` and name, the largest of a commune first."""
    framework, text = scene.framework, scene.text
    indicators = {node.code for node in framework.indicators}
    shown = [node for node in public_nodes(framework) if node in indicators]
    parts = cached.contributions(scene.view.weights).loc[codes, shown]
    assumed = scene.briefing.assessment.imputed.loc[codes, shown]
    long = pd.DataFrame({"points": parts.stack(), "assumed": assumed.stack()}).dropna()  # noqa: PD013
    names = {(node, guess): reason(node, framework, text, assumed=guess) for node in shown for guess in (False, True)}
    long["name"] = [
        names[(str(node), bool(guess))]
        for node, guess in zip(long.index.get_level_values(1), long["assumed"], strict=True)
    ]
    points = long.groupby([long.index.get_level_values(0), "name"], sort=False)["points"].sum()
    order = pd.DataFrame({"code": points.index.get_level_values(0), "size": -points.abs().to_numpy()})
    return points.iloc[order.sort_values(["code", "size"], kind="stable").index.to_numpy()]


def main_reason(codes: pd.Index, scene: Scene) -> pd.Series:
    """Return the driver that raises each commune most above its province's middle commune, by name."""
    points = split(codes, scene)
    raising = points[points > SMALLEST]
    first = raising.groupby(level=0).head(1).reset_index(level=1)["name"]
    return first.reindex(codes).fillna(MISSING)


def why(code: str, scene: Scene) -> str:
    """Return why a commune is on the first list of the area, or why not, in one to three sentences."""
    row, text, area = scene.frame.loc[code], scene.text, scene.area
    level = scene.levels[code]
    if pd.isna(level):
        return text("reasons.unknown")
    place = row["rank_first_national" if area.national else "rank_first"]
    if level == scene.levels.max():
        told = [area.say("on", place=text.number(float(place)), people=_people(row, scene))]
    else:
        told = [area.say("off", level=area.level(int(level)), **_ranked(row, scene))]
    driving = _driving(code, row, scene)
    if driving:
        told.append(driving)
    if (doubtful := _doubtful(row, scene)) is not None:
        told.append(doubtful)
    if level < scene.levels.max() and pd.notna(row["rank_burden"]) and row["rank_burden"] <= FEW:
        told.append(text("reasons.burden", place=text.number(float(row["rank_burden"])), people=_people(row, scene)))
    return " ".join(told)


def _doubtful(row: pd.Series, scene: Scene) -> str | None:
    """Return how often the commune is in the highest class of the province in trials, where that is not clear."""
    if scene.area.national or not borderline(row.to_frame().T).iloc[0]:
        return None
    inside = row["class_province"] == LEVELS
    share = chance(float(row["highest_probability"]), scene.text)
    return scene.text("reasons.unsure" if inside else "reasons.maybe", share=share)


def _people(row: pd.Series, scene: Scene) -> str:
    key = "reasons.people_left" if row["coverage_known"] else "reasons.people_unknown"
    return scene.text(key, people=people(float(row["people_unreached"]), scene.text))


def _ranked(row: pd.Series, scene: Scene) -> dict[str, str]:
    return {"rank": scene.area.interval(row), "total": scene.text.number(int(scene.levels.notna().sum()))}


def _driving(code: str, row: pd.Series, scene: Scene) -> str:
    """Return what raises (or, below the middle, lowers) the commune most, compared inside its province."""
    text = scene.text
    found = drivers(code, scene)
    above = bool(found.sum() > 0)
    same_side = found[(found > SMALLEST) if above else (found < -SMALLEST)].head(NAMED)
    if same_side.empty:
        return ""
    names = text("reasons.and").join(f"“{name}”" for name in same_side.index)
    return text("reasons.above" if above else "reasons.below", drivers=names)
