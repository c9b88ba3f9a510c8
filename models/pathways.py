"""Which way into trafficking weighs most in a commune: several assessments side by side.

Each pathway (across a border, brokered abroad, around industrial zones) has a framework and so an assessment of its
own. Scores of different frameworks have no common scale; ranks do. What leads is therefore the pathway in which the
unit stands highest among all units, not the one with the largest score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import InputError
from models.assessment import even, ranks

NO_LEAD = "none"


@dataclass(frozen=True)
class Comparison:
    """Pathways side by side.

    Parameters
    ----------
    ranks
        Units x pathways, 1 for the highest score; missing where a pathway gives no score.
    shares
        Units x pathways: the share of the other units that score lower, 0-1 (ties count half).
    leading
        By unit: the pathway with the largest share; ``none`` if the next one is too close to tell, missing if fewer
        than two pathways give a score.
    lead
        By unit: by how much (0-1) the largest share exceeds the next.
    correlations
        Pathways x pathways: Spearman's correlation of the scores, over units that have both.
    overlap
        Pathways x pathways: the share of units in the top ``top`` of both among those in the top of either (Jaccard).
    """

    ranks: pd.DataFrame
    shares: pd.DataFrame
    leading: pd.Series
    lead: pd.Series
    correlations: pd.DataFrame
    overlap: pd.DataFrame


def compare(scores: Mapping[str, pd.Series], *, clear: float = 0.05, top: float = 0.1) -> Comparison:
    """Compare pathways unit by unit.

    Parameters
    ----------
    scores
        By pathway, one score per unit (:attr:`models.assessment.Assessment.score`), NaN where not scored. Units that
        only some pathways know are kept.
    clear
        A pathway leads if its share exceeds the next by at least this much, 0-1.
    top
        The share of units that counts as the top for ``overlap``.

    Raises
    ------
    InputError
        ``pathways.too_few`` for fewer than two pathways, ``patterns.setting``.

    Examples
    --------
    >>> units = ["a", "b", "c", "d", "e"]
    >>> found = compare({
    ...     "china": pd.Series([9.0, 5.0, 4.0, 3.0, 1.0], units),
    ...     "zones": pd.Series([10.0, 20.0, 30.0, 40.0, 50.0], units),
    ... })
    >>> found.leading.tolist(), found.lead.tolist()
    (['china', 'china', 'none', 'zones', 'zones'], [1.0, 0.5, 0.0, 0.5, 1.0])
    >>> found.ranks.loc["d"].to_dict(), float(found.correlations.loc["china", "zones"])
    ({'china': 4, 'zones': 2}, -1.0)
    """
    if len(scores) < 2:
        raise InputError("pathways.too_few", given=len(scores))
    for name, value in (("clear", clear), ("top", top)):
        if not 0 <= value <= 1:
            raise InputError("patterns.setting", setting=name, given=value)
    table = pd.DataFrame({name: even(column.astype(float)) for name, column in scores.items()})
    units = next(iter(scores.values())).index
    table = table.reindex(units.append(table.index.difference(units, sort=True)))
    shares = table.apply(share_below)
    best = np.sort(shares.fillna(-1.0).to_numpy(), axis=1)[:, ::-1]
    comparable = shares.notna().sum(axis=1) >= 2
    lead = pd.Series(best[:, 0] - best[:, 1], table.index, name="lead").where(comparable)
    first = pd.Series(shares.columns[shares.fillna(-np.inf).to_numpy().argmax(axis=1)], table.index, dtype=object)
    leading = first.mask((lead < clear - 1e-12) | (lead == 0), NO_LEAD).where(comparable).rename("leading")
    return Comparison(
        ranks=table.apply(ranks),
        shares=shares,
        leading=leading,
        lead=lead,
        correlations=table.corr(method="spearman"),
        overlap=_overlap(table, top),
    )


def share_below(scores: pd.Series) -> pd.Series:
    """Return the share of the other units that score lower, 0-1; equal scores count half.

    Examples
    --------
    >>> share_below(pd.Series([1.0, 2.0, 2.0, np.nan])).tolist()
    [0.0, 0.75, 0.75, nan]
    """
    others = scores.notna().sum() - 1
    if others < 1:
        return pd.Series(np.nan, scores.index, name=scores.name)
    return (scores.rank(method="average") - 1) / others


def _overlap(table: pd.DataFrame, top: float) -> pd.DataFrame:
    counts = np.ceil(top * table.notna().sum())
    members = {
        name: set(table.index[table[name].rank(ascending=False, method="min") <= counts[name]]) for name in table
    }
    return pd.DataFrame(
        {
            one: {
                other: len(members[one] & members[other]) / max(len(members[one] | members[other]), 1)
                for other in table
            }
            for one in table
        }
    )
