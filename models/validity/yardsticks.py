"""The results of :mod:`geo.layers.yardsticks` for a score: what each is reckoned from, whether it is reached.

They question a score and never enter one. What was looked at while the form of the score was argued flatters it;
every yardstick says so of itself (``data/indicators/yardsticks.csv``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from geo.layers import groups, indicators, yardsticks
from geo.layers.indicators import Sources
from models.briefing import Briefing
from models.index.assessment import score
from models.validity.agreement import (
    DRAWS,
    SEED,
    Measure,
    auc,
    by_province,
    inside_share,
    top,
    top_share,
    weight_influence,
)

FAR_KM = 100.0
"""A way across a border does not apply beyond."""
AT_BORDER_KM = 25.0
NEIGHBOURS = {"china": "China", "laos": "Laos", "cambodia": "Cambodia"}
BORDER, LEAVING, ARRIVING = "border", "leaving", "arriving"
CORE = ("74", "75", "79")
"""Bình Dương, Đồng Nai and Hồ Chí Minh City as they were: no map of zones can miss them."""
DELTA = "MRD"
NEWCOMERS = "newcomers_district"
FIFTH = 0.2


@dataclass(frozen=True)
class Case:
    """A score in question.

    Parameters
    ----------
    briefing
        Scores and lists of all communes of the nation.
    sources
        Where the communes lie and what they belonged to.
    stated
        By node, its importance as stated, as a share of its parent; that of the framework if not given.
    draws, seed
        How often clusters are drawn again, and from where the draws start.
    """

    briefing: Briefing
    sources: Sources
    stated: Mapping[str, float] | None = None
    draws: int = DRAWS
    seed: int = SEED

    @property
    def score(self) -> pd.Series:
        """Return the score of every commune."""
        return self.briefing.communes["score"].astype(float)

    @property
    def province(self) -> pd.Series:
        """Return the province in force of every commune."""
        return self.briefing.communes["province_code"]

    @property
    def old_province(self) -> pd.Series:
        """Return the province of before 1 July 2025 in which most of each commune lay."""
        return self.sources.old_province.reindex(self.score.index)

    def node(self, code: str) -> pd.Series | None:
        """Return the score of a node that counts; none in a framework without it."""
        assessment = self.briefing.assessment
        return assessment.scores[code] if code in assessment.framework.active else None

    def without(self, code: str) -> pd.Series | None:
        """Return the score with one node left out; none where there is no such node, or nothing beside it."""
        assessment = self.briefing.assessment
        framework = assessment.framework
        if code not in framework.active or code == framework.root.code:
            return None
        beside = [part for part in framework.children(framework.node(code).parent) if part.weight > 0]
        if len(beside) < 2:
            return None
        weights = {part.code: part.weight for part in framework.nodes}
        return score(assessment.prepared, {**weights, code: 0.0}).score

    def border_km(self, neighbour: str | None = None) -> pd.Series:
        """Return the distance in km to the land border, or to that with one neighbour."""
        km = indicators.border_distance(self.sources, neighbour)
        return pd.Series(km, self.sources.communes.index).reindex(self.score.index)

    def chance(
        self,
        scores: pd.Series | None,
        members: pd.Series,
        clusters: pd.Series | None = None,
        within: pd.Series | None = None,
    ) -> Measure | None:
        """Return :func:`models.validity.agreement.auc` with the draws of this case; none where there is no score."""
        if scores is None:
            return None
        clusters = self.old_province if clusters is None else clusters
        return auc(scores, members, clusters, within=within, draws=self.draws, seed=self.seed)

    @cached_property
    def provinces(self) -> pd.DataFrame:
        """Return what :func:`by_province` says of this score."""
        return by_province(self.briefing.communes)


def validity(case: Case) -> pd.DataFrame:
    """Hold a score against every yardstick.

    Returns
    -------
    pandas.DataFrame
        By yardstick, in the order of :func:`geo.layers.yardsticks.yardsticks`: ``value, low, high, count, total,
        floor`` (missing where nothing is asked) ``, met`` (missing where nothing is asked or nothing can be said) and
        ``missed_in`` (provinces that miss the floor, where every province must reach it). Yardsticks that the
        framework has no node for are missing.
    """
    about = yardsticks.yardsticks()
    rows = {}
    for code, facts in about.iterrows():
        measure = MEASURES[str(code)](case) or Measure(np.nan)
        better, floor = str(facts["better"]), float(facts["floor"])
        worst = measure.value
        if measure.by_province is not None:
            worst = measure.low if better == "more" else measure.high
        rows[code] = {
            **{name: getattr(measure, name) for name in ("value", "low", "high", "count", "total")},
            "floor": floor,
            "met": reached(worst, floor, better),
            "missed_in": _missed(measure.by_province, floor, better),
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"met": "boolean"}).rename_axis("yardstick")


def reached(value: float, floor: float, better: str) -> bool | None:
    """Say whether a value reaches a floor (does not exceed it where less is better); none where nothing is asked.

    Examples
    --------
    >>> reached(0.8, 0.75, "more"), reached(0.6, 0.5, "less"), reached(0.6, float("nan"), "more")
    (True, False, None)
    """
    if np.isnan(value) or np.isnan(floor) or better == "neither":
        return None
    return bool(value >= floor - 1e-9 if better == "more" else value <= floor + 1e-9)


def _missed(values: pd.Series | None, floor: float, better: str) -> tuple[str, ...]:
    if values is None:
        return ()
    return tuple(str(code) for code, value in values.items() if reached(float(value), floor, better) is False)


def _listed(name: str, scores: Callable[[Case], pd.Series | None]) -> Callable[[Case], Measure | None]:
    """Return the yardstick of one list: the chance that a commune on it scores above one that is not."""

    def measure(case: Case) -> Measure | None:
        listed = yardsticks.commune_list(name)
        return case.chance(scores(case), listed.members, listed.clusters)

    return measure


def _at_border(case: Case) -> Measure | None:
    near = case.border_km().le(AT_BORDER_KM)
    return case.chance(case.score, yardsticks.commune_list("origin_transit").members.where(near))


def _in_province(case: Case) -> Measure | None:
    listed = yardsticks.commune_list("origin_transit")
    return case.chance(case.score, listed.members, listed.clusters, case.province)


def _far(neighbour: str) -> Callable[[Case], Measure | None]:
    def measure(case: Case) -> Measure | None:
        way = case.node(neighbour)
        if way is None:
            return None
        first = top(way)
        beyond = int((first & case.border_km(NEIGHBOURS[neighbour]).gt(FAR_KM)).sum())
        return Measure(float(beyond), count=beyond, total=int(first.sum()))

    return measure


def _zones(case: Case) -> Measure | None:
    way = case.node(ARRIVING)
    if way is None:
        return None
    members = yardsticks.commune_list("industrial").members
    return top_share(way, members, case.old_province, draws=case.draws, seed=case.seed)


def _zones_core(case: Case) -> Measure | None:
    way = case.node(ARRIVING)
    if way is None:
        return None
    first = top(way)
    there = int((first & case.old_province.isin(CORE)).sum())
    return Measure(float(there), count=there, total=int(first.sum()))


def _apart(kind: str) -> Callable[[Case], Measure | None]:
    """Return the yardstick of weights: by how much influence or level departs from what was stated, at most."""

    def measure(case: Case) -> Measure | None:
        done = weight_influence(case.briefing.assessment, case.stated)
        root = case.briefing.framework.root.code
        parts = done[done["parent"].eq(root) == (kind == "influence")].dropna(subset=[kind])
        if len(parts) < 2:
            return None
        return Measure(float((parts[kind] - parts["stated"]).abs().max()), count=len(parts), total=len(parts))

    return measure


def _province(column: str) -> Callable[[Case], Measure | None]:
    """Return the yardstick of the provinces' lists: the mean of the provinces, the lowest, the highest."""

    def measure(case: Case) -> Measure | None:
        values = case.provinces[column].dropna()
        return Measure(
            float(values.mean()), float(values.min()), float(values.max()), len(values), len(case.provinces), values
        )

    return measure


def _without_top(case: Case) -> Measure:
    none = int(case.provinces["top"].eq(0).sum())
    return Measure(float(none), count=none, total=len(case.provinces))


def _delta(case: Case) -> Measure | None:
    region = case.old_province.map(case.sources.regions["region_code"])
    return case.chance(case.node(LEAVING), region.eq(DELTA).astype("boolean"))


def _newcomers(case: Case) -> Measure | None:
    values = case.briefing.table.values
    if NEWCOMERS not in values:
        return None
    gained = values[NEWCOMERS]
    most = gained.ge(gained.quantile(1 - FIFTH)).astype("boolean").where(gained.notna())
    return case.chance(case.node(ARRIVING), most)


MEASURES: Mapping[str, Callable[[Case], Measure | None]] = {
    "h14": _listed("origin_transit", lambda case: case.score),
    "h14_distance": _listed("origin_transit", lambda case: -case.border_km()),
    "h14_border": _listed("origin_transit", lambda case: case.node(BORDER)),
    "h14_without_border": _listed("origin_transit", lambda case: case.without(BORDER)),
    "h14_at_border": _at_border,
    "h14_in_province": _in_province,
    "r3": _listed(yardsticks.REGION_III, lambda case: case.score),
    "r3_distance": _listed(yardsticks.REGION_III, lambda case: groups.town_distance(case.sources.communes)),
    "r3_without_border": _listed(yardsticks.REGION_III, lambda case: case.without(BORDER)),
    "inside_old": lambda case: inside_share(case.score, case.old_province, draws=case.draws, seed=case.seed),
    "inside_province": lambda case: inside_share(case.score, case.province, draws=case.draws, seed=case.seed),
    **{f"far_{neighbour}": _far(neighbour) for neighbour in NEIGHBOURS},
    "zones": _zones,
    "zones_core": _zones_core,
    "influence": _apart("influence"),
    "ways_level": _apart("level"),
    "first_percentile": _province("first_percentile"),
    "first_population": _province("first_population"),
    "provinces_without_top": _without_top,
    "leaving_abroad": _listed("labour_abroad", lambda case: case.node(LEAVING)),
    "leaving_delta": _delta,
    "arriving_newcomers": _newcomers,
}
"""How each yardstick is reckoned; none where the framework has no node for it."""
