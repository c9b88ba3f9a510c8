"""Reliability of a commune's rank: its interval, what the score rests on, a grade from A to D.

INFORM publishes one index of lacking reliability per country, from missing indicators, the age of the data and
conflict (Marin-Ferrer, Vernaccini & Poljansek, INFORM: Concept and Methodology, JRC, 2017). Here there is one per
commune. Hardly an indicator is missing; what is lacking instead is that a figure is modelled or made up, or known for
no smaller area than a province, and conflict, which INFORM takes as a sign that figures are out of date or wrong, has
no counterpart. Whether all this matters for the rank is drawn, and counts too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.layers.indicators import IndicatorTable, Sources
from models.index.assessment import Assessment
from models.index.mean import order_of
from models.index.prepared import Step
from models.robustness.doubts import RESOLUTIONS, SPREADS, Assumptions, doubts, resolution
from models.robustness.uncertainty import Uncertainty, uncertainty

Values = NDArray[np.float64]

DRAWS = 500
"""An end of a 90 % interval is then off by one in a hundred draws or so; a page waits for seconds."""
TOP = 10
HELD = 0.8
"""Share of draws in which a class must hold."""
OLD = 10.0
"""Years after which a figure is as old as it can be: the time between two censuses."""
GRADES: Mapping[str, float] = {"A": 0.2, "B": 0.35, "C": 0.5, "D": 1.0}
"""The most that may be lacking, by grade."""
QUALITIES = ("observed", "reported", "modelled", "synthetic", "imputed")
OF_FIGURES = ("lack_quality", "lack_resolution", "lack_age")


def reliability(
    assessment: Assessment,
    table: IndicatorTable,
    sources: Sources,
    draws: int = DRAWS,
    *,
    seed: int = 0,
    assumptions: Assumptions | None = None,
    day: dt.date | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return how far the rank of each commune can be relied on, drawing it again and again.

    Parameters
    ----------
    assessment, table, sources
        Scores, grouped by province, and the indicators behind them.
    draws, seed, assumptions
        How often, from where, and how wrong figures may be.
    day
        The day of use; today if none is given.
    threads, progress
        See :func:`models.robustness.uncertainty.uncertainty`.

    Returns
    -------
    pandas.DataFrame
        By commune the columns of :func:`rank_intervals` and :func:`graded`; what it was made with is in ``attrs``.
    """
    ranks = drawn(assessment, table, sources, draws, seed, assumptions, threads, progress)
    return graded(assessment, table, ranks, day)


def drawn(
    assessment: Assessment,
    table: IndicatorTable,
    sources: Sources,
    draws: int = DRAWS,
    seed: int = 0,
    assumptions: Assumptions | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Return the slow half of :func:`reliability`: the columns of :func:`rank_intervals`."""
    assumed = assumptions or Assumptions()
    ranking = uncertainty(
        assessment,
        draws,
        concentration=assumed.concentration,
        choices=doubts(assessment.framework, table, sources, assumed),
        seed=seed,
        top_in_group=TOP,
        in_groups=True,
        threads=threads,
        progress=progress,
    )
    ranks = rank_intervals(ranking)
    ranks.attrs = {"draws": ranking.draws, "seed": seed, **assumed.stated()}
    return ranks


def rank_intervals(ranking: Uncertainty) -> pd.DataFrame:
    """Return what draws say about ranks, by unit.

    Returns
    -------
    pandas.DataFrame
        ``rank_low, rank_high`` (the interval of the rank among all), ``rank_province_low, rank_province_high``
        (within the group), ``top_probability`` (of being among the first of the group), ``highest_probability`` (of
        being in the highest class of the group), ``class_held, class_province_held`` (shares of the draws in which
        the class among all, and within the group, is as given) and ``robust`` (both in at least :data:`HELD`).

    Raises
    ------
    ValueError
        If ranks within groups were not counted.
    """
    if ranking.inside is None:
        raise ValueError("ranks within groups are needed")
    frame = pd.DataFrame(index=ranking.units.index)
    for part, name in ((ranking, "rank"), (ranking.inside, "rank_province")):
        for end in ("low", "high"):
            frame[f"{name}_{end}"] = part.units[end].round().astype("Int64")
    highest = ranking.inside.class_shares.columns[-1]
    frame["top_probability"] = ranking.units["top_in_group"]
    frame["highest_probability"] = ranking.inside.class_shares[highest].where(ranking.units["median"].notna())
    shares = [part.robust_classes()["held"] for part in (ranking, ranking.inside)]
    frame["class_held"], frame["class_province_held"] = shares
    robust = pd.Series((shares[0] >= HELD) & (shares[1] >= HELD), dtype="boolean")
    frame["robust"] = robust.where(shares[0].notna() & shares[1].notna())
    return frame


def undrawn() -> pd.DataFrame:
    """Return the columns of :func:`rank_intervals` without any unit: nothing is known.

    Examples
    --------
    >>> undrawn().reindex(["00004"])["robust"].tolist()
    [<NA>]
    """
    whole = dict.fromkeys(("rank_low", "rank_high", "rank_province_low", "rank_province_high"), "Int64")
    shares = ("top_probability", "highest_probability", "class_held", "class_province_held")
    kinds = {**whole, **dict.fromkeys(shares, "float64"), "robust": "boolean"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


def graded(
    assessment: Assessment, table: IndicatorTable, ranks: pd.DataFrame, day: dt.date | None = None
) -> pd.DataFrame:
    """Return the columns of ``ranks`` with those of :func:`rests_on`, what is lacking (0-1) and the grade.

    One half is what the figures lack, the mean of three things:
    ``lack_quality``: by the assumed error of each quality, the largest being 1; filled in and missing count fully.
    ``lack_resolution``: commune 0, old district 1/3, province 2/3, region 1.
    ``lack_age``: years over :data:`OLD`, at most 1; a figure without a year is old.
    The other half is what follows for the rank, ``lack_rank``: the width of its interval as a share of the ranks
    there are, among all or within the province, whichever is wider. ``lack`` is the mean of the two halves, ``grade``
    the first of :data:`GRADES` that allows as much, ``age_years`` the mean age of the figures.
    """
    ranks = ranks.reindex(assessment.units)
    parts = effective_parts(assessment)
    shares = rests_on(assessment, table, parts)
    worst = max(SPREADS.values())
    penalty = {quality: SPREADS.get(quality, worst) / worst for quality in QUALITIES}
    bad = sum((shares[f"share_{quality}"] * penalty[quality] for quality in QUALITIES), pd.Series(0.0, parts.index))
    coarse = {name: step / (len(RESOLUTIONS) - 1) for step, name in enumerate(RESOLUTIONS)}
    rough = sum((shares[f"share_{name}"] * weight for name, weight in coarse.items()), pd.Series(0.0, parts.index))
    years = ages(table, day or dt.date.today()).reindex(parts.columns)
    age = parts @ years.fillna(OLD)
    lacks = pd.DataFrame(
        {
            "lack_quality": bad + shares["share_missing"],
            "lack_resolution": rough,
            "lack_age": parts @ (years / OLD).clip(0.0, 1.0).fillna(1.0),
            "lack_rank": _width(assessment, ranks),
        }
    )
    lacks = lacks.clip(0.0, 1.0).round(12)  # shares sum to 1 but for their last digits
    lack = ((lacks[list(OF_FIGURES)].mean(axis=1, skipna=False) + lacks["lack_rank"]) / 2).round(12)
    frame = ranks.join(shares).assign(age_years=age).join(lacks).assign(lack=lack, grade=grades(lack))
    frame.attrs = dict(ranks.attrs)
    return frame


def grades(lack: pd.Series) -> pd.Series:
    """Return the grade of what is lacking (0-1); missing where that is not known.

    Examples
    --------
    >>> grades(pd.Series([0.1, 0.2, 0.49, 0.9, None])).tolist()
    ['A', 'B', 'C', 'D', nan]
    """
    places = np.searchsorted(list(GRADES.values())[:-1], lack.to_numpy(dtype=float), side="right")
    names = np.array(list(GRADES), dtype=object)[np.minimum(places, len(GRADES) - 1)]
    return pd.Series(names, index=lack.index, name="grade").where(lack.notna(), np.nan)


def effective_parts(assessment: Assessment) -> pd.DataFrame:
    """Return how much of each unit's score rests on each indicator: units x indicators, rows sum to 1.

    Node by node from the root. Where a node averages (orders from geometric to arithmetic, and methods that are no
    means), its parts count with their weights. Where it lets the highest or the lowest lead, means of other orders,
    maximum and minimum, a part counts with weight x score ^ order, its share of the sum under the root. Parts without
    a score count nothing. Missing where the unit has no score.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> tree = Framework((Node("i", aggregate="generalised:p=2"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [2.0, 1.0, 0.0]}, index=["x", "y", "z"])
    >>> effective_parts(assess(table, tree)).round(2).to_dict("list")
    {'a': [0.0, 0.5, 1.0], 'b': [1.0, 0.5, 0.0]}
    """
    rows = _effective(assessment)[0]
    codes = [node.code for node in assessment.framework.indicators]
    table = rows[[assessment.prepared.rows[code] for code in codes]].T
    return pd.DataFrame(table, index=assessment.units, columns=codes)


def rests_on(assessment: Assessment, table: IndicatorTable, parts: pd.DataFrame) -> pd.DataFrame:
    """Split each commune's score twice: by how fine its figures are, and by how good.

    Parameters
    ----------
    parts
        As :func:`effective_parts` returns them.

    Returns
    -------
    pandas.DataFrame
        ``share_commune, share_old_district, share_province, share_region`` sum to 1; so do ``share_observed,
        share_reported, share_modelled, share_synthetic, share_imputed``. ``share_missing`` is the weight of
        indicators without a value beside others that have one; a part of several indicators that has no score does
        not apply.
    """
    fine = {code: resolution(table, str(code)) for code in parts.columns}
    columns = {
        f"share_{name}": parts[[code for code, one in fine.items() if one == name]].sum(axis=1)
        for name in RESOLUTIONS
    }
    good = table.quality[list(parts.columns)].astype(object)
    good = good.mask(assessment.imputed[list(parts.columns)], "imputed")
    columns |= {f"share_{name}": parts.where(good == name, 0.0).sum(axis=1) for name in QUALITIES}
    columns["share_missing"] = pd.Series(_effective(assessment)[1], index=parts.index)
    return pd.DataFrame(columns).where(parts.notna().any(axis=1))


def ages(table: IndicatorTable, day: dt.date) -> pd.Series:
    """Return the years from the middle of the time an indicator is of to a day; missing where no year is stated.

    Examples
    --------
    >>> facts = pd.DataFrame({"year": ["2022-2024", "2026", ""]}, index=["a", "b", "c"])
    >>> ages(IndicatorTable(pd.DataFrame(columns=["a", "b", "c"]), facts, facts), dt.date(2026, 7, 2)).tolist()
    [3.0, 0.0, nan]
    """
    now = day.year + (day.timetuple().tm_yday - 1) / 365.25
    stated = table.facts.get("year", {})
    years_old = {}
    for code in table.values.columns:
        years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", str(stated.get(code, "")))]
        years_old[code] = max(now - (min(years) + max(years) + 1) / 2, 0.0) if years else np.nan
    return pd.Series(years_old, dtype=float).round(2)


def _width(assessment: Assessment, ranks: pd.DataFrame) -> pd.Series:
    """Return the width of the rank interval, 0-1, among all or within the group, whichever is wider."""
    scored = assessment.score.notna()
    groups = pd.Series(0, index=assessment.units) if assessment.groups is None else assessment.groups
    inside = scored.groupby(groups).transform("sum") - 1
    widths = [
        (ranks[f"{name}_high"] - ranks[f"{name}_low"]).astype(float) / np.maximum(count, 1)
        for name, count in (("rank", scored.sum() - 1), ("rank_province", inside))
    ]
    return widths[0].where(widths[0] >= widths[1], widths[1]).clip(upper=1.0)


def _effective(assessment: Assessment) -> tuple[Values, Values]:
    """Return how much of each score rests on each node (nodes x units), and on what is missing (units,)."""
    prepared = assessment.prepared
    weights = prepared.used(np.array([node.weight for node in assessment.framework.order]))
    leaves = np.zeros(len(weights), dtype=bool)
    leaves[[prepared.rows[node.code] for node in assessment.framework.indicators]] = True
    rows = np.full(assessment.values.shape, np.nan)
    rows[0] = np.where(np.isfinite(assessment.values[0]), 1.0, np.nan)
    missing = rows[0] * 0.0
    for step in reversed(prepared.steps):
        part = slice(step.first, step.last)
        weight, here = weights[part], np.isfinite(assessment.values[part])
        importance = weight[:, None] * here * _leading(step, assessment.values[part])
        total = importance.sum(axis=0)
        equal = weight[:, None] * here
        importance = np.where(total > 0, importance, equal)
        total = np.where(total > 0, total, equal.sum(axis=0))
        rows[part] = rows[step.row] * np.divide(importance, total, out=np.zeros_like(importance), where=total > 0)
        absent = (weight * leaves[part]) @ ~here / (weight.sum() or 1.0)
        missing += np.nan_to_num(rows[step.row]) * absent
    return rows, missing


def _leading(step: Step, block: Values) -> Values:
    """Return by how much each part (parts x units) counts beyond its weight: 1 where a node averages."""
    extremes = {"maximum": np.inf, "minimum": -np.inf}
    order = extremes.get(step.method.name, order_of(step.method))
    if order is None or 0 <= order <= 1:
        return np.ones(block.shape)
    positive = np.where(np.isfinite(block), np.maximum(block, 0.0), np.nan)
    with np.errstate(all="ignore"):
        extreme = np.fmax.reduce(positive) if order > 0 else np.fmin.reduce(positive)
        relative = np.nan_to_num(positive / extreme, nan=1.0, posinf=1.0)
        if np.isinf(order):
            return (relative == 1.0).astype(float)
        return np.nan_to_num(relative**order, nan=0.0, posinf=1.0)
