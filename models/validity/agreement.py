"""Agreement of a score with lists that others have drawn up; how much it says inside areas, what its lists do.

Nothing here is fitted and nothing of it enters a score. Which lists and floors there are:
:mod:`models.validity.yardsticks`.

Sources: Hanley & McNeil, Radiology 143 (1982) 29-36, on the area under the curve as the chance that one of a list
scores above one that is not; Field & Welsh, J. R. Stat. Soc. B 69 (2007) 369-390, on drawing whole clusters again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.briefing import listed
from models.index.assessment import Assessment, even, ranks
from models.index.tuning import shares_in_parent

Values = NDArray[np.float64]
DRAWS = 1000
SEED = 20261127
MIDDLE = (0.025, 0.975)
"""The ends of an interval among the draws."""
TENTH = 0.1
FIRST = 10
"""Communes of the first list that are looked at."""


@dataclass(frozen=True)
class Measure:
    """What one yardstick shows.

    Parameters
    ----------
    value
        The figure; missing where it cannot be reckoned.
    low, high
        The middle 95 % when whole clusters are drawn again, or the lowest and the highest province; else missing.
    count, total
        How many communes (provinces, parts) it speaks of, among how many.
    by_province
        The figure of each province in force, where there is one.
    """

    value: float
    low: float = np.nan
    high: float = np.nan
    count: int = 0
    total: int = 0
    by_province: pd.Series | None = None


def auc(
    scores: pd.Series,
    members: pd.Series,
    clusters: pd.Series | None = None,
    *,
    within: pd.Series | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Measure:
    """Return the chance that a member scores above one that is none; ties count half, 0.5 is a coin.

    Parameters
    ----------
    scores
        By unit; units without a score are left out.
    members
        By unit, boolean; missing where the list says nothing of the unit.
    clusters
        What is drawn again as one for the interval, those with members and those without apart; each unit by itself
        if not given. Fewer than two clusters on either side give no interval.
    within
        Only pairs with the same label are compared.

    Examples
    --------
    >>> scores, members = pd.Series([5.0, 3.0, 3.0, 1.0]), pd.Series([True, True, False, False])
    >>> auc(scores, members).value
    0.875
    """
    complete = scores.notna() & members.notna()
    labels = pd.Series(scores.index, scores.index) if clusters is None else clusters
    values, inside = even(scores[complete].astype(float)).to_numpy(), members[complete].to_numpy(bool)
    cluster = pd.factorize(labels[complete])[0]
    group = np.zeros(len(values), int) if within is None else pd.factorize(within[complete])[0]
    cells, cell = np.unique(np.column_stack([cluster, group]), axis=0, return_inverse=True)
    same = cells[:, 1][:, None] == cells[:, 1][None, :]
    one, other = (np.bincount(cell.reshape(-1)[part], minlength=len(cells)) for part in (inside, ~inside))
    pairs = np.outer(one, other) * same
    wins = _wins(values, inside, cell.reshape(-1), len(cells)) * same
    value = float(_shares(wins, pairs, np.ones((1, len(cells))))[0])
    one, other = one * pairs.any(axis=1), other * pairs.any(axis=0)
    count, total = int(one.sum()), int(one.sum() + other.sum())
    every = np.arange(int(cluster.max(initial=-1)) + 1)
    listed, beside = np.isin(every, cells[one > 0, 0]), np.isin(every, cells[other > 0, 0])
    if draws < 1 or min(listed.sum(), beside.sum()) < 2:
        return Measure(value, count=count, total=total)
    weights = _drawn((listed, beside & ~listed), draws, seed)[:, cells[:, 0]]
    return Measure(value, *_ends(_shares(wins, pairs, weights)), count, total)


def inside_share(scores: pd.Series, areas: pd.Series, *, draws: int = DRAWS, seed: int = SEED) -> Measure:
    """Return the share of the variance of a score that lies inside areas, not between them; areas are drawn again.

    Examples
    --------
    >>> inside_share(pd.Series([1.0, 3.0, 7.0, 9.0]), pd.Series([*"aabb"]), draws=0).value
    0.1
    """
    complete = scores.notna() & areas.notna()
    values, codes = scores[complete].to_numpy(float), pd.factorize(areas[complete])[0]
    counts = np.bincount(codes).astype(float)
    sums, squares = np.bincount(codes, values), np.bincount(codes, values**2)
    own = squares - sums**2 / counts

    def share(weights: Values) -> Values:
        whole = weights @ squares - (weights @ sums) ** 2 / (weights @ counts)
        return np.divide(weights @ own, whole, out=np.full(len(weights), np.nan), where=whole > 1e-12)

    value = float(share(np.ones((1, len(counts))))[0])
    if draws < 1 or len(counts) < 2:
        return Measure(value, count=len(counts), total=int(counts.sum()))
    ends = _ends(share(_drawn((np.ones(len(counts), bool),), draws, seed)))
    return Measure(value, *ends, len(counts), int(counts.sum()))


def top_share(
    scores: pd.Series,
    members: pd.Series,
    clusters: pd.Series,
    *,
    part: float = TENTH,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Measure:
    """Return the share of members among the units with the highest scores; clusters are drawn again.

    Parameters
    ----------
    part
        Which part of all units counts as the top, 0-1; equal scores at its edge all count.

    Examples
    --------
    >>> top_share(pd.Series([9.0, 8.0, 2.0, 1.0]), pd.Series([True, False, True, True]), pd.Series([*"abcd"]),
    ...           part=0.5, draws=0).value
    0.5
    """
    first = top(scores, part)
    codes, names = pd.factorize(clusters)
    hits = np.bincount(codes, (first & members.astype(bool)).to_numpy(float), len(names))
    tops = np.bincount(codes, first.to_numpy(float), len(names))
    value = _ratios(np.ones((1, len(names))) @ hits, np.ones((1, len(names))) @ tops)[0]
    if draws < 1:
        return Measure(float(value), count=int(hits.sum()), total=int(tops.sum()))
    weights = _drawn((np.ones(len(names), bool),), draws, seed)
    return Measure(float(value), *_ends(_ratios(weights @ hits, weights @ tops)), int(hits.sum()), int(tops.sum()))


def by_province(communes: pd.DataFrame, first: int = FIRST) -> pd.DataFrame:
    """Return, for every province in force, what its list does and how much of it the nation's map shows.

    Parameters
    ----------
    communes
        As :attr:`models.briefing.Briefing.communes`.
    first
        How many communes of the first list are looked at.

    Returns
    -------
    pandas.DataFrame
        By ``province_code``: ``communes, top`` (in the highest national class) ``, top_share`` (0-1)
        ``, first_percentile`` (mean percentile of risk within the province of the first list, 0-1; 0.5 is a list
        drawn at random) ``, first_population`` (Spearman of the order of the whole list with population; 1: the
        list is one of the most populous) ``, score_population`` (the same of the score itself).
    """
    rows = {}
    highest = communes["class"].max()
    for province, part in communes.groupby("province_code"):
        scores = part["score"].astype(float)
        percentile = (even(scores).rank() - 0.5) / scores.count()
        people, top = part["population"].astype(float), int((part["class"] == highest).sum())
        rows[province] = {
            "communes": len(part),
            "top": top,
            "top_share": top / len(part),
            "first_percentile": float(percentile[listed(part, first).index].mean()),
            "first_population": _spearman(-part["rank_first"].astype(float), people),
            "score_population": _spearman(scores, people),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("province_code")


def weight_influence(assessment: Assessment, stated: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Return what dimensions and ways were to matter and what they do.

    Returns
    -------
    pandas.DataFrame
        By node: ``parent, stated, influence`` (squared correlation with the parent, as a share) ``, level`` (share of
        the parent's value in the mean; missing where the mean is none of powers).
    """
    framework, table = assessment.framework, assessment.effective_weights
    upper = [node.code for node in framework.dimensions]
    union = {node.parent for node in framework.nodes if node.facts.get("pathway") == "way" and node.parent}
    rows = table[table.index.isin(upper) | table["parent"].isin(union)]
    stated = shares_in_parent(framework) if stated is None else stated
    return rows.assign(stated=[stated[str(code)] for code in rows.index])[["parent", "stated", "influence", "level"]]


def top(scores: pd.Series, part: float = TENTH) -> pd.Series:
    """Say which units have the highest scores, a part of all; equal scores at the edge all count.

    Examples
    --------
    >>> top(pd.Series([1.0, 4.0, 3.0, None]), 0.5).tolist()
    [False, True, True, False]
    """
    return ranks(scores).le(round(part * len(scores))).fillna(False).astype(bool)


def _spearman(one: pd.Series, other: pd.Series) -> float:
    """Return the rank correlation over what both know; missing where either is constant."""
    complete = one.notna() & other.notna()
    if complete.sum() < 2:
        return np.nan
    first, second = even(one[complete]).rank().to_numpy(float), other[complete].rank().to_numpy(float)
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread > 0 else np.nan


def _wins(values: Values, inside: NDArray[np.bool_], cell: NDArray[np.intp], number: int) -> Values:
    """Return how often members of one cell score above others of another, cells x cells; equal scores count half."""
    wins = np.zeros((number, number))
    mine = cell[inside]
    for other in np.unique(cell[~inside]):
        beaten = np.sort(values[~inside & (cell == other)])
        below = (beaten.searchsorted(values[inside], "left") + beaten.searchsorted(values[inside], "right")) / 2
        wins[:, other] = np.bincount(mine, below, number)
    return wins


def _drawn(strata: tuple[NDArray[np.bool_], ...], draws: int, seed: int) -> Values:
    """Return how often each cluster is drawn, draws x clusters: as many of each stratum as there are."""
    generator = np.random.default_rng(seed)
    weights = np.zeros((draws, len(strata[0])))
    for stratum in strata:
        number = int(stratum.sum())
        if number:
            weights[:, stratum] = generator.multinomial(number, np.full(number, 1 / number), size=draws)
    return weights


def _shares(wins: Values, pairs: Values, weights: Values) -> Values:
    return _ratios(((weights @ wins) * weights).sum(axis=1), ((weights @ pairs) * weights).sum(axis=1))


def _ratios(parts: Values, wholes: Values) -> Values:
    return np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)


def _ends(drawn: Values) -> tuple[float, float]:
    if np.isnan(drawn).all():
        return np.nan, np.nan
    low, high = np.nanquantile(drawn, MIDDLE)
    return float(low), float(high)
