"""The two lists of communes: which come first, and where most people at risk are not yet reached.

The first list takes the communes of the highest class of risk of an area, most people not yet reached first: it needs
no constant. The second counts people at risk not yet reached, ``burden``, for supplies and budgets: it rests on how
much likelier a resident of a commune at high risk is to be trafficked, which nobody has measured here
(:class:`Assumptions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.index.assessment import even


class By(StrEnum):
    """The two lists: the highest class of risk first; most people at risk not reached first."""

    FIRST = "first"
    BURDEN = "burden"


FIFTHS_APART = 0.8
"""Between the middles of the bottom and the top fifth, in shares of all communes."""
RATIOS = (3.0, 9.0)
MOST = (0.1, 0.5)
SESSION = "direct_session"
"""The activity in which sessions needed are counted."""


@dataclass(frozen=True)
class Assumptions:
    """What no list of communes can be reckoned without and nobody has measured here.

    Parameters
    ----------
    ratio
        Mean risk of a resident in the top fifth of communes over that in the bottom fifth, :data:`RATIOS`. Five is
        what UNICEF and Coram International (2019) give for the poorest and the richest fifth of households, cited at
        second hand: evidence for the size, grade D for communes.
    most
        The part of a commune's score that outreach takes away if it reaches everybody, :data:`MOST`; grade D.
    """

    ratio: float = 5.0
    most: float = 0.3

    def checked(self) -> Assumptions:
        """Return these assumptions if they lie within their ranges.

        Raises
        ------
        InputError
            ``priority.ratio`` or ``priority.most``, with the range.
        """
        for name, value, (least, largest) in (("ratio", self.ratio, RATIOS), ("most", self.most, MOST)):
            if not least <= value <= largest:
                raise InputError(f"priority.{name}", value=f"{value:g}", least=f"{least:g}", largest=f"{largest:g}")
        return self


def coverage(reached: pd.Series, population: pd.Series) -> pd.Series:
    """Return the share of people reached at least once, 0-1, if contacts fall on people at random.

    ``1 - exp(-reached / population)``: a thousand contacts among a thousand people reach 63 % of them, not all.
    Missing reach stays missing; so does the coverage where nobody is known to live.

    Parameters
    ----------
    reached
        Contacts in person, by commune.
    population
        People, by commune.

    Examples
    --------
    >>> coverage(pd.Series([0.0, 1000.0]), pd.Series([1000.0, 1000.0])).round(3).tolist()
    [0.0, 0.632]
    """
    return 1 - np.exp(-reached / population.where(population > 0))


def relative_risk(score: pd.Series, ratio: float = Assumptions.ratio) -> pd.Series:
    """Return how many times the risk of a mean commune each commune's residents bear: geometric in the percentile.

    ``c x ratio^((q - 0.1) / 0.8)``, where ``q`` is the percentile of the score among all communes given, (mean rank
    from below - 0.5) / number, and ``c`` makes the mean of all communes 1. The middles of the bottom and the top
    fifth are 0.8 apart, so the mean of the top fifth is exactly ``ratio`` times that of the bottom fifth if the
    communes divide by five and no scores tie; otherwise the fifths are not equal themselves, and it is nearly so.

    Parameters
    ----------
    score
        Risk of all communes of the nation, in any unit: only the order counts. Missing stays missing.
    ratio
        Top fifth to bottom fifth, see :class:`Assumptions`.

    Examples
    --------
    >>> found = relative_risk(pd.Series([10.0, 20.0, 30.0, 40.0, 90.0]))
    >>> found.round(2).tolist(), round(float(found[4] / found[0]), 6), round(float(found.mean()), 6)
    ([0.38, 0.57, 0.86, 1.28, 1.91], 5.0, 1.0)
    """
    order = even(score.astype(float)).rank(method="average")
    percentile = (order - 0.5) / order.count()
    raw = ratio ** ((percentile - 0.1) / FIFTHS_APART)
    return (raw / raw.mean()).rename("relative_risk")


def remaining(score: pd.Series, covered: pd.Series, most: float = Assumptions.most) -> pd.Series:
    """Return the risk that is left after outreach: ``score x (1 - most x coverage)``.

    Bounded and continuous: who reaches one person in a hundred takes away a hundredth of what can be taken away.
    Where the coverage is unknown the score stays as it is.

    Parameters
    ----------
    score
        Inherent risk, 0-100.
    covered
        Share of people reached, 0-1.
    most
        The part outreach takes away at full coverage, see :class:`Assumptions`.

    Examples
    --------
    >>> remaining(pd.Series([50.0, 50.0, 50.0]), pd.Series([0.0, 0.5, None])).tolist()
    [50.0, 42.5, 50.0]
    """
    return (score * (1 - most * covered.astype(float).fillna(0.0).clip(0, 1))).rename("remaining")


def classes_within(score: pd.Series, groups: pd.Series, classes: int = 5) -> pd.Series:
    """Return the class of each commune within its group, 1 (lowest) up: equal numbers in each class.

    The edges are the quantiles of the group's scores and a score on an edge belongs to the class above it, as in
    :func:`models.index.assessment.classify`. So the highest score of a group is always in the highest class; a group
    with fewer communes than classes leaves classes in between empty, and one whose scores are all alike is all
    highest.

    Examples
    --------
    >>> score = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 9.0, 4.0, None])
    >>> classes_within(score, pd.Series([*"aaaaabbcc"])).tolist()
    [1, 2, 3, 4, 5, 1, 5, 5, <NA>]
    """
    values, codes = score.to_numpy(float), pd.factorize(groups)[0]
    scored = np.flatnonzero(~np.isnan(values) & (codes >= 0))
    members = np.split(scored[np.argsort(codes[scored], kind="stable")], np.cumsum(np.bincount(codes[scored]))[:-1])
    steps = np.arange(1, classes) / classes
    class_numbers = np.zeros(len(values), int)
    for rows in members:
        if len(rows):
            class_numbers[rows] = np.searchsorted(np.quantile(values[rows], steps), values[rows], side="right") + 1
    return pd.Series(class_numbers, score.index, dtype="Int64", name="class").where(class_numbers > 0)


def sessions_needed(people: pd.Series, reach: float) -> pd.Series:
    """Return the sessions it takes at least to reach people once, if each session meets nobody met before.

    A lower bound, and no more is claimed: in truth sessions meet some people twice, ever more the fewer are left.

    Parameters
    ----------
    people
        Persons not yet reached.
    reach
        Contacts of one session, weighted by its strength; missing everywhere if it reaches nobody.

    Examples
    --------
    >>> sessions_needed(pd.Series([0.0, 90.0, 91.0, None]), 90.0).tolist()
    [0.0, 1.0, 2.0, nan]
    """
    return np.ceil((people / (reach if reach > 0 else np.nan)).round(9)).rename("sessions_needed")


def session_reach(parameters: pd.DataFrame) -> float:
    """Return the contacts of one direct session, weighted by its strength, from the parameters of the types."""
    return float(parameters.loc[SESSION, "reach_per_event"] * parameters.loc[SESSION, "strength"])


def rank_first(classes: pd.Series, people: pd.Series, score: pd.Series, groups: pd.Series) -> pd.Series:
    """Return the place of each commune in the first list of its group, 1 first, no two alike.

    The highest class first, in it most people not yet reached (unknown last), then the higher score. What lies below
    the highest class follows by risk: there people decide nothing, or the populous would come in by the back door.
    Ties keep the order of the communes. Without a class there is no place.

    Examples
    --------
    >>> people, one = pd.Series([900.0, 50.0, 70.0, 80.0, 10.0]), pd.Series(["x"] * 5)
    >>> rank_first(pd.Series([4, 5, 5, None, 4]), people, pd.Series([8.0, 9.0, 9.5, 1.0, 8.5]), one).tolist()
    [4, 2, 1, <NA>, 3]
    """
    level = classes.to_numpy(float, na_value=np.nan)
    codes = pd.factorize(groups)[0]
    classed = np.flatnonzero(~np.isnan(level) & (codes >= 0))
    top = np.full(codes.max(initial=0) + 1, -np.inf)
    np.maximum.at(top, codes[classed], level[classed])
    counted = people.to_numpy(float).copy()
    counted[classed[level[classed] < top[codes[classed]]]] = np.nan
    keys = [-np.nan_to_num(column, nan=-np.inf)[classed] for column in (score.to_numpy(float), counted)]
    order = classed[np.lexsort((*keys, -level[classed], codes[classed]))]
    counts = np.bincount(codes[classed])
    ranks = np.zeros(len(classes), int)
    ranks[order] = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return pd.Series(ranks, classes.index, dtype="Int64", name="rank_first").where(ranks > 0)


def priorities(
    communes: pd.DataFrame, reach: float, assumptions: Assumptions | None = None, classes: int = 5
) -> pd.DataFrame:
    """Return what follows from risk, people and coverage for every commune: both lists and what they rest on.

    Parameters
    ----------
    communes
        All communes of the nation, indexed by ``commune_code``: ``province_code, score`` (inherent risk, 0-100) ``,
        class`` (national), ``population`` (persons), ``covered`` (0-1, from logs that are no demonstration; missing
        where no such log speaks of the commune: then nobody counts as reached).
    reach
        Contacts of one session, see :func:`session_reach`.
    assumptions
        The usual ones by default.
    classes
        How many classes a province is divided into.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``communes``: ``coverage_known, people_unreached`` (persons) ``, sessions_needed, remaining``
        (0-100) ``, relative_risk`` (1 for the mean commune) ``, burden`` (persons x relative risk)
        ``, class_province, rank_first`` and ``rank_burden`` in the province ``, rank_first_national``.

    Examples
    --------
    >>> table = pd.DataFrame({"province_code": "22", "score": [60.0, 50.0, 40.0, 30.0, 20.0],
    ...                       "class": [5, 4, 3, 2, 1], "population": [1000.0, 9000.0, 500.0, 500.0, 500.0],
    ...                       "covered": [0.2, None, None, None, None]}, index=[*"abcde"])
    >>> found = priorities(table, 90.0)
    >>> found.loc["a", ["people_unreached", "sessions_needed", "remaining"]].tolist()
    [800.0, 9.0, 56.4]
    >>> found["rank_first"].idxmin(), found["rank_burden"].idxmin()
    ('a', 'b')
    """
    assumed = (Assumptions() if assumptions is None else assumptions).checked()
    score, province = communes["score"].astype(float), communes["province_code"]
    covered = communes["covered"].astype(float)
    unreached = communes["population"].astype(float) * (1 - covered.fillna(0.0))
    risk = relative_risk(score, assumed.ratio)
    burden = unreached * risk
    within = classes_within(score, province, classes)
    nation = pd.Series("", communes.index)
    return pd.DataFrame(
        {
            "coverage_known": covered.notna(),
            "people_unreached": unreached,
            "sessions_needed": sessions_needed(unreached, reach),
            "remaining": remaining(score, covered, assumed.most),
            "relative_risk": risk,
            "burden": burden,
            "class_province": within,
            "rank_first": rank_first(within, unreached, score, province),
            "rank_first_national": rank_first(communes["class"], unreached, score, nation),
            "rank_burden": burden.groupby(province).rank(ascending=False, method="min").astype("Int64"),
        }
    )
