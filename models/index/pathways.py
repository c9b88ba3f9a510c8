"""Leading pathways: which way into trafficking leads in a commune.

In the general framework the ways are parts of one node and share one scale, the percentile among all communes; which
of them leads is read off it (:func:`leading`). Assessments by frameworks of their own have no common scale; ranks do.
What leads there is the pathway in which the unit stands highest among all units, not the one with the largest score
(:func:`compare`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.index.assessment import Assessment, even, ranks
from models.index.framework import Framework, Node

NO_LEAD = "none"
WAY, VARIANT = "way", "variant"
"""What the column ``pathway`` of a framework says of a node: a way into trafficking; a way looked at by itself."""
CLEAR = 5.0
"""Points, of 100, by which a way must exceed the next to lead."""
LEAST = 50.0
"""Points a way needs to lead: more than the middle commune of the nation has."""


def ways(framework: Framework) -> tuple[Node, ...]:
    """Return the nodes that are ways into trafficking, in order; none in a framework that names none.

    Examples
    --------
    >>> tree = Framework((Node("i"), Node("a", parent="i", facts={"pathway": "way"}), Node("b", parent="i")))
    >>> [node.code for node in ways(tree)]
    ['a']
    """
    return tuple(node for node in framework.nodes if node.facts.get("pathway") == WAY)


def pathways(framework: Framework) -> dict[str, str]:
    """Return the pathways and the way each belongs to: a way's variants, or the way itself if it has none."""
    ways_by_pathway: dict[str, str] = {}
    for way in ways(framework):
        variants = [node.code for node in _below(framework, way.code) if node.facts.get("pathway") == VARIANT]
        ways_by_pathway |= dict.fromkeys(variants or [way.code], way.code)
    return ways_by_pathway


def leading(assessment: Assessment, *, clear: float = CLEAR, least: float = LEAST) -> pd.Series:
    """Return the pathway that leads in each unit; see :func:`leads`.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> tree = Framework((Node("i"), Node("a", parent="i", facts={"pathway": "way"})))
    >>> leading(assess(pd.DataFrame({"a": [1.0, 9.0]}, index=["x", "y"]), tree)).tolist()
    ['none', 'a']
    """
    return leads(assessment, clear=clear, least=least)["leading"]


def leads(assessment: Assessment, *, clear: float = CLEAR, least: float = LEAST) -> pd.DataFrame:
    """Return the pathway that leads in each unit and by how much.

    The way with the highest score leads if it has at least ``least`` points and ``clear`` more than the next; of a
    way with variants, the variant with the highest score is named. The scores of the ways must share a scale, as
    percentiles do.

    Returns
    -------
    pandas.DataFrame
        ``leading``: the code of a pathway, :data:`NO_LEAD` where none leads; missing where no way has a score, and
        everywhere in a framework that names no ways. ``lead``: by how much the highest way exceeds the next, 0-1.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> facts = {"pathway": "way"}
    >>> tree = Framework((Node("i"), Node("a", parent="i", facts=facts), Node("b", parent="i", facts=facts)))
    >>> table = pd.DataFrame({"a": [0.0, 9.0, 10.0], "b": [2.0, 1.0, 2.0]}, index=["x", "y", "z"])
    >>> leads(assess(table, tree))["leading"].tolist()
    ['b', 'a', 'none']
    """
    tree, active = assessment.framework, assessment.framework.active
    counting = [way.code for way in ways(tree) if way.code in active]
    if not counting:
        nobody = pd.Series(np.nan, assessment.units, dtype=object)
        return pd.DataFrame({"leading": nobody, "lead": np.nan})
    scores = assessment.scores[counting]
    ordered = np.sort(scores.fillna(-np.inf).to_numpy(), axis=1)[:, ::-1]
    ahead = ordered[:, 0] - ordered[:, 1] if len(counting) > 1 else ordered[:, 0]
    first = np.array(counting, dtype=object)[scores.fillna(-np.inf).to_numpy().argmax(axis=1)]
    named = pd.Series(first, assessment.units, dtype=object, name="leading")
    for way in counting:
        variants = [code for code, own in pathways(tree).items() if own == way and code != way and code in active]
        if variants:
            parts = assessment.scores[variants].fillna(-np.inf).to_numpy()
            named = named.mask(named == way, np.array(variants, dtype=object)[parts.argmax(axis=1)])
    clearly = (ahead >= clear - 1e-9) & (ordered[:, 0] >= least - 1e-9)
    scored = np.isfinite(ordered[:, 0])
    return pd.DataFrame({"leading": named.where(clearly, NO_LEAD).where(scored), "lead": ahead / 100}).where(
        pd.Series(scored, assessment.units), np.nan
    )


def _below(framework: Framework, code: str) -> list[Node]:
    nodes = list(framework.children(code))
    for node in nodes:
        nodes.extend(framework.children(node.code))
    return nodes


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
        By pathway, one score per unit (:attr:`models.index.assessment.Assessment.score`), NaN where not scored.
        Units that only some pathways know are kept.
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
