"""Where teams, clubs or shelters should be based: the siting models on the communes of an area, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.outreach.access import SpeedModel, travel_hours
from models.planning.facility import Siting, capacitated_covering, maximal_covering, p_center, p_median, set_covering

WEIGHTS = ("people", "burden")
Weight = Literal["people", "burden"]
FAR_HOURS = 48.0
"""Ways longer than this are not looked at even where the model has no radius."""


@dataclass(frozen=True)
class Sites:
    """Chosen bases and what they are good for.

    Parameters
    ----------
    model, hours, weight
        As asked for.
    siting
        What the model found.
    communes
        Indexed by ``commune_code``: ``name, people`` (persons, or persons x relative risk) ``, base`` (code of the
        commune that serves it; missing where none does) ``, base_name, hours`` (one way; missing where none serves
        it) ``, served`` (share, 0-1).
    unknown
        Communes whose people are not known: they can be a base but count for nothing.
    """

    model: str
    hours: float
    weight: str
    siting: Siting
    communes: pd.DataFrame
    unknown: tuple[str, ...]

    @property
    def bases(self) -> tuple[str, ...]:
        """Codes of the communes chosen."""
        return tuple(str(code) for code in self.siting.sites)

    @property
    def share_served(self) -> float:
        """Share of the people who are served, 0-1."""
        people = self.communes["people"].fillna(0.0)
        return float((people * self.communes["served"]).sum() / people.sum()) if people.sum() > 0 else np.nan

    @property
    def mean_hours(self) -> float:
        """Hours to the base, mean over the people served."""
        people = (self.communes["people"].fillna(0.0) * self.communes["served"]).where(self.communes["hours"].notna())
        return float((people * self.communes["hours"]).sum() / people.sum()) if people.sum() > 0 else np.nan


def site(
    communes: pd.DataFrame,
    *,
    model: str = "p_median",
    count: int = 5,
    hours: float = 1.0,
    weight: str = "people",
    capacity: float | None = None,
    speed: SpeedModel | None = None,
    seconds: float = 60.0,
) -> Sites:
    """Choose communes as bases; every commune is both a place to serve and a possible base.

    Parameters
    ----------
    communes
        Indexed by ``commune_code``: ``name, population`` (persons) ``, burden`` (persons x relative risk; only
        for that weight) ``, lat, lon`` (degrees), optional ``remote`` (0-1).
    model
        One of :data:`MODELS`. ``covering``: the most people within ``hours``; ``capacitated``: the same, each base
        serving ``capacity`` of them; ``set_covering``: the fewest bases with everybody within ``hours`` (``count`` is
        not looked at); ``p_median``: the least way for all together; ``p_center``: the least longest way.
    count
        How many bases.
    hours
        Radius, hours one way.
    weight
        ``people`` counts everybody, ``burden`` people not yet reached x relative risk.
    capacity
        People (in the unit of the weight) one base can serve; by default a ``count``-th of all.
    speed
        How distance becomes time; stated assumptions by default.
    seconds
        Time limit of the solver.

    Raises
    ------
    InputError
        For a model or weight nobody knows, and where the model has no answer.

    Examples
    --------
    >>> places = pd.DataFrame({"name": ["A", "B", "C"], "population": [10.0, 30.0, 20.0], "lat": [21.0, 21.1, 21.9],
    ...                        "lon": 106.0}, index=["a", "b", "c"])
    >>> site(places, model="p_median", count=1).bases, site(places, model="set_covering", hours=0.6).bases
    (('b',), ('b', 'c'))
    """
    if model not in MODELS:
        raise InputError("facility.model", given=model, known=", ".join(MODELS))
    if weight not in WEIGHTS:
        raise InputError("facility.weight", given=weight, known=", ".join(WEIGHTS))
    people = communes["population" if weight == "people" else "burden"].astype(float)
    unknown = people.index[people.isna()]
    bases = communes[["lat", "lon", *(["remote"] if "remote" in communes else [])]]
    most = FAR_HOURS if model in ("p_median", "p_center") else hours
    ways = travel_hours(bases, communes.drop(columns="province_code", errors="ignore"), most=most, model=speed).T
    found = MODELS[model](ways, people.fillna(0.0), hours, count, capacity, seconds)
    return Sites(model, hours, weight, found, _served(communes, people, ways, found), tuple(map(str, unknown)))


def _served(communes: pd.DataFrame, people: pd.Series, ways: pd.DataFrame, found: Siting) -> pd.DataFrame:
    base = found.served_by.reindex(communes.index)
    column = ways.columns.get_indexer(base)
    way = ways.to_numpy(float)[np.arange(len(ways)), column]
    return pd.DataFrame(
        {
            "name": communes["name"],
            "people": people,
            "base": base,
            "base_name": base.map(communes["name"]),
            "hours": np.where(column >= 0, way, np.nan),
            "served": found.share.reindex(communes.index),
        }
    )


Model = Callable[[pd.DataFrame, pd.Series, float, int, float | None, float], Siting]


def _capacitated(
    ways: pd.DataFrame, people: pd.Series, hours: float, count: int, capacity: float | None, seconds: float
) -> Siting:
    each = people.sum() / max(count, 1) if capacity is None else capacity
    return capacitated_covering(ways, people, hours, count, pd.Series(float(each), ways.columns), seconds)


MODELS: Mapping[str, Model] = {
    "p_median": lambda ways, people, hours, count, capacity, seconds: p_median(ways, people, count, seconds),
    "covering": lambda ways, people, hours, count, capacity, seconds: maximal_covering(
        ways, people, hours, count, seconds
    ),
    "capacitated": _capacitated,
    "set_covering": lambda ways, people, hours, count, capacity, seconds: set_covering(ways, hours, seconds),
    "p_center": lambda ways, people, hours, count, capacity, seconds: p_center(ways, count, seconds),
}
"""Siting models by name."""
