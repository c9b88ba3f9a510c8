"""Patterns of the shipped communes: the same figures for page and command."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy import sparse

from geo import boundaries
from geo.base import paths
from geo.layers import indicators
from models.briefing import indicator_table
from models.index.assessment import Assessment, assess
from models.index.framework import read_framework
from models.patterns.communes import HOT, Neighbours, neighbours, pathway_scores, short_names, spots, types_of
from models.patterns.typology import Settings


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    sources, framework = indicators.load_sources(), read_framework(paths.FRAMEWORK)
    return assess(indicator_table(framework, sources).values, framework, sources.communes["province_code"])


def test_every_commune_has_neighbours_and_a_class(assessment: Assessment) -> None:
    beside = neighbours(boundaries.load(None, "200m").frame.geometry)
    found = spots(assessment.score, beside, permutations=199)
    assert beside.islands > 0
    assert (found.units["neighbours"] > 0).all()
    assert found.global_i > 0.5 and found.p < 0.02
    hot = found.units["hot"].isin(HOT)
    assert found.units.loc[hot, "score"].mean() > found.units.loc[~hot, "score"].mean()
    assert found.units["cluster"].notna().equals(hot)
    assert found.clusters["units"].sum() == hot.sum()
    assert found.clusters["units"].is_monotonic_decreasing
    for cluster, row in found.clusters.iterrows():
        inside = found.units[found.units["cluster"] == cluster]
        assert row["score"] == inside["score"].max() == found.units.loc[row["first"], "score"]


def test_clusters_are_what_hangs_together() -> None:
    squares = gpd.GeoSeries([shapely.box(x, 0, x + 1, 1) for x in range(60)], crs="EPSG:32648")
    squares = squares.scale(1000, 1000, origin=(0, 0))
    values = pd.Series(0.0, squares.index)
    values[5:11], values[40:44] = 9.0, 9.0
    found = spots(values, neighbours(squares), permutations=99)
    assert found.units.loc[6, "cluster"] == found.units.loc[9, "cluster"] == 1
    assert found.units.loc[42, "cluster"] == 2


def test_nothing_hot_is_no_cluster() -> None:
    row = sparse.csr_array(sparse.diags_array([np.ones(29), np.ones(29)], offsets=[-1, 1]))
    values = pd.Series(np.tile([0.0, 1.0], 15))
    found = spots(values, Neighbours(row, values.index, 0), permutations=99)
    assert len(found.clusters) == 0 and found.units["cluster"].isna().all()


@pytest.mark.parametrize(
    ("language", "word"), [("vi", "Điều kiện sống thiếu thốn"), ("en", "Poor living conditions")]
)
def test_types_are_named_in_both_languages_by_what_is_high(assessment: Assessment, language: str, word: str) -> None:
    told: list[tuple[int, int]] = []
    fast = Settings(types=(3, 4), resamples=3)
    found = types_of(
        assessment,
        short_names(assessment.framework, language),
        fast,
        lambda done, wanted: told.append((done, wanted)),
    )
    assert told == [(0, 3), (1, 3), (2, 3)]
    assert "ethnic_minority" not in found.profile.columns, "an indicator with weight 0 does not count"
    names = " ".join(found.table["name"])
    assert word in names
    for kind, row in found.table.iterrows():
        for part in row["name"].split(" · "):
            if part.startswith(word):
                assert (found.profile.loc[kind, "sanitation"] > 0) == part.endswith("↑"), "scores: more is worse"


def test_a_pathway_scores_every_commune_it_leads_through() -> None:
    scores = pathway_scores(indicators.load_sources())
    assert sorted(scores) == sorted(path.stem for path in paths.PATHWAYS.glob("*.csv"))
    assert all(len(score) == 3321 for score in scores.values())
    assert scores["leaving"].notna().all() and scores["arriving"].notna().all()
    assert all(300 < scores[code].notna().sum() < 1200 for code in ("china", "laos", "cambodia")), "not beyond 100 km"
