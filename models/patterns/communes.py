"""Patterns of an assessment on the map: where like scores lie together, in which groups, and which pathway leads.

What a page or a command says about patterns starts here, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from geo.base import paths
from geo.layers.indicators import Sources
from models.briefing import indicator_table
from models.index.assessment import Assessment, assess
from models.index.framework import Framework, read_framework
from models.index.pathways import Comparison, compare, leads
from models.patterns.hotspots import hot_spots, local_moran, moran
from models.patterns.neighbours import touching
from models.patterns.typology import Settings, Typology, typology

PERMUTATIONS = 9999
HOT = ("hot_99", "hot_95")
"""Classes that count as hot: at least 95 % sure."""
COLD = ("cold_99", "cold_95")


@dataclass(frozen=True)
class Spots:
    """Hot and cold spots of one score.

    Parameters
    ----------
    units
        By unit: ``score``, ``neighbours``, ``z``, ``p`` (adjusted for the number of units), ``hot`` (class of Gi*),
        ``moran`` (class of local Moran), ``cluster`` (1 for the largest cluster of hot units, missing elsewhere).
    clusters
        By cluster: ``units``, ``first`` (the unit with the highest score) and ``score`` (of it).
    global_i, p
        Moran's I over all units, and its p.
    islands
        Units that touch no other and look at the nearest one instead.
    """

    units: pd.DataFrame
    clusters: pd.DataFrame
    global_i: float
    p: float
    islands: int


@dataclass(frozen=True)
class Neighbours:
    """Which units lie side by side, and how many of them have only a nearest one.

    Parameters
    ----------
    index
        The units, in the order of the matrix.
    """

    matrix: Any
    index: pd.Index
    islands: int


def neighbours(shapes: gpd.GeoSeries) -> Neighbours:
    """Return the units that touch; an island gets the unit nearest to it.

    Examples
    --------
    >>> import shapely
    >>> squares = gpd.GeoSeries([shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 9000)], crs="EPSG:32648")
    >>> found = neighbours(squares)
    >>> found.islands, found.matrix.toarray()[2].tolist()
    (1, [0.0, 1.0, 0.0])
    """
    alone = int((touching(shapes).sum(axis=1) == 0).sum())
    return Neighbours(touching(shapes, islands="nearest"), shapes.index, alone)


def spots(score: pd.Series, beside: Neighbours, *, permutations: int = PERMUTATIONS, seed: int = 0) -> Spots:
    """Find hot and cold spots of a score, and the clusters the hot ones form.

    Raises
    ------
    InputError
        ``patterns.constant``, ``patterns.too_few``.

    Examples
    --------
    >>> import numpy as np
    >>> row = sparse.csr_array(sparse.diags_array([np.ones(19), np.ones(19)], offsets=[-1, 1]))
    >>> beside = Neighbours(row, pd.RangeIndex(20), 0)
    >>> found = spots(pd.Series([0.0] * 16 + [9.0] * 4), beside, permutations=99)
    >>> found.clusters[["units", "first"]].to_numpy().tolist()
    [[3, 17]]
    """
    values = score.reindex(beside.index)
    gi = hot_spots(values, beside.matrix)
    local = local_moran(values, beside.matrix, permutations=permutations, seed=seed)
    whole, p = moran(values, beside.matrix, permutations=min(permutations, 999), seed=seed)
    table = pd.DataFrame(
        {
            "score": values,
            "neighbours": gi["neighbours"],
            "z": gi["z"],
            "p": gi["p_adjusted"],
            "hot": gi["class"].astype(str),
            "moran": local["class"].astype(str),
        }
    )
    table["cluster"] = _clusters(table["hot"].isin(HOT), beside.matrix)
    return Spots(table, _summed_up(table), whole, p, beside.islands)


def _clusters(hot: pd.Series, matrix: Any) -> pd.Series:
    """Number the connected groups of hot units from the largest; missing elsewhere."""
    chosen = hot.to_numpy()
    labels = pd.Series(pd.NA, hot.index, dtype="Int64")
    if chosen.any():
        _, group = connected_components(sparse.csr_array(matrix)[chosen][:, chosen], directed=False)
        counts = pd.Series(group).value_counts(sort=False).sort_index()
        order = counts.rank(method="first", ascending=False).astype(int)
        labels[chosen] = order.loc[group].to_numpy()
    return labels


def _summed_up(table: pd.DataFrame) -> pd.DataFrame:
    inside = table[table["cluster"].notna()].sort_values("score", ascending=False, kind="stable")
    grouped = inside.groupby("cluster", sort=True)
    first = inside.groupby("cluster", sort=True).head(1)
    return pd.DataFrame(
        {
            "units": grouped.size(),
            "first": pd.Series(first.index, index=first["cluster"].astype(int)),
            "score": grouped["score"].max(),
        }
    ).rename_axis("cluster")


def types_of(
    assessment: Assessment,
    names: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Typology:
    """Group the units of an assessment by their indicators; indicators with weight 0 do not count.

    Short names (:func:`short_names`) say what is at risk ("low income"), so an arrow up always means more of it: the
    arrows are those of the scores.
    """
    codes = [node.code for node in assessment.framework.indicators if node.code in assessment.framework.active]
    return typology(assessment.normalised[codes], names, settings, progress=progress)


def short_names(framework: Framework, language: str = "vi") -> dict[str, str]:
    """Return what the indicators are called in few words: the facts ``short`` or ``short_en`` of the framework."""
    english = language == "en"
    return {
        node.code: node.facts.get("short_en" if english else "short")
        or (node.facts.get("name_en", "") if english else node.name)
        or node.code
        for node in framework.indicators
    }


def pathway_scores(
    sources: Sources,
    files: Mapping[str, Path] | None = None,
    changed: Callable[[Framework], Framework] = lambda framework: framework,
) -> dict[str, pd.Series]:
    """Assess all communes by each pathway framework; return the scores by pathway, missing where it does not apply.

    Parameters
    ----------
    files
        Names and files; the ones that ship if not given.
    changed
        What is done to each framework first, such as leaving out what may not be public.
    """
    files = files or {path.stem: path for path in sorted(paths.PATHWAYS.glob("*.csv"))}
    scores = {}
    for name, path in files.items():
        framework = changed(read_framework(path))
        table = indicator_table(framework, sources)
        score = assess(table.values, framework, sources.communes["province_code"]).score
        scores[name] = score.where(table.applies.all(axis=1))
    return scores


def side_by_side(scores: Mapping[str, pd.Series], general: Assessment) -> Comparison:
    """Compare the pathways; which one leads is read off the general framework, as on the map.

    Parameters
    ----------
    scores
        As :func:`pathway_scores` returns them.
    general
        The assessment by the general framework, whose ways share one scale.
    """
    lead = leads(general)
    return replace(compare(scores), leading=lead["leading"], lead=lead["lead"])
