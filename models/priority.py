"""From risk to a first answer: where is risk high and people not yet reached?"""

from __future__ import annotations

import numpy as np
import pandas as pd


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


def priority(score: pd.Series, covered: pd.Series, population: pd.Series) -> pd.DataFrame:
    """Return how many people are not yet reached and the priority: risk x people not yet reached.

    Parameters
    ----------
    score
        Risk, 0-100.
    covered
        Share of people reached, 0-1; where it is missing nobody counts as reached, and ``coverage_known`` is false.
    population
        People.

    Returns
    -------
    pandas.DataFrame
        ``coverage_known``, ``people_unreached`` (persons) and ``priority`` (persons x risk / 100), by commune.

    Examples
    --------
    >>> index = ["a", "b"]
    >>> score, people = pd.Series([50.0, 50.0], index), pd.Series([1000.0, 1000.0], index)
    >>> told = priority(score, pd.Series([0.2, None], index), people)
    >>> told["priority"].tolist(), told["coverage_known"].tolist()
    ([400.0, 500.0], [True, False])
    """
    unreached = population * (1 - covered.astype(float).fillna(0.0))
    return pd.DataFrame(
        {"coverage_known": covered.notna(), "people_unreached": unreached, "priority": unreached * score / 100}
    )
