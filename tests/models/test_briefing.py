"""The briefing on the data that ship: complete, consistent, and honest about what is not known."""

import numpy as np
import pandas as pd
import pytest

from geo import paths, units
from geo.indicators import QUALITIES, load_sources
from models.briefing import Briefing, brief, indicator_table, tuned, worst_quality
from models.framework import read_framework
from models.prepared import prepare

FRAMEWORK = read_framework(paths.FRAMEWORK)


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(FRAMEWORK, load_sources())


def test_every_commune_is_scored_in_the_order_of_the_units(briefing: Briefing) -> None:
    assert briefing.communes.index.equals(units.communes().index)
    assert briefing.communes["score"].between(1, 100).all()
    assert set(briefing.communes["class"]) == {1, 2, 3, 4, 5}


def test_the_default_is_the_cube_root_of_three_means(briefing: Briefing) -> None:
    parts = briefing.communes[["exposure", "vulnerability", "lack_of_response"]]
    known = parts.notna().all(axis=1)
    assert known.sum() > 100
    assert np.allclose(briefing.communes["score"][known], np.cbrt(parts[known].prod(axis=1)))


def test_no_log_is_unknown_and_said_so_never_zero(briefing: Briefing) -> None:
    cao_bang = briefing.of("04")
    assert cao_bang["people_reached"].isna().all() and cao_bang["coverage"].isna().all()
    assert not cao_bang["coverage_known"].any()
    assert (cao_bang["indicators_missing"] == 2).all()
    assert (cao_bang["people_unreached"] == cao_bang["population"]).all()
    assert briefing.table.values.loc[cao_bang.index, "outreach_reach"].isna().all()


def test_a_commune_without_a_log_is_taken_for_a_typical_one_with_a_log(briefing: Briefing) -> None:
    logged = briefing.table.values["outreach_reach"].dropna()
    assert briefing.assessment.imputed.loc["01648", ["outreach_reach", "outreach_recency"]].all()
    response = briefing.communes["lack_of_response"]
    known, unknown = response[logged.index], response.drop(logged.index)
    assert abs(known.median() - unknown.median()) < 10


def test_ranks_follow_scores_in_the_nation_and_in_each_province(briefing: Briefing) -> None:
    frame = briefing.communes
    top = frame.sort_values("rank_national").iloc[0]
    assert top["score"] == pytest.approx(frame["score"].max())
    for _, group in frame.groupby("province_code"):
        assert group["rank_province"].min() == 1
        assert group["rank_province"].astype(float).corr(group["rank_national"].astype(float), "spearman") > 0.999


def test_synthetic_activities_show_in_the_quality_of_the_score(briefing: Briefing) -> None:
    logged = briefing.communes["coverage"].notna()
    assert (briefing.of("80").loc[logged, "score_quality"] == "synthetic").all()
    assert (briefing.of("04")["score_quality"] == "modelled").all()
    without = brief(tuned(FRAMEWORK, {"outreach": 0.0}), load_sources())
    assert set(without.of("80")["score_quality"]) == {"modelled"}


def test_a_log_that_has_ended_says_nothing_of_the_day(briefing: Briefing) -> None:
    """The demonstration log covers Quảng Ninh until August 2022, Thái Nguyên's part of its province until 2023."""
    assert briefing.of("22")[["coverage", "months_since_activity"]].isna().all(axis=None)
    assert briefing.of("19")["coverage"].isna().all()
    assert briefing.of("80")["coverage"].notna().sum() == 60


def test_weighing_again_equals_starting_again(briefing: Briefing) -> None:
    sources = load_sources()
    table = indicator_table(FRAMEWORK, sources)
    heavier = tuned(FRAMEWORK, {"border": 6.0, "income": 0.0})
    prepared = prepare(table.values, FRAMEWORK, sources.communes["province_code"])
    again = brief(heavier, sources, table, prepared)
    fresh = brief(heavier, sources)
    pd.testing.assert_frame_equal(again.communes, fresh.communes)
    assert again.framework.digest == fresh.framework.digest != briefing.framework.digest


def test_a_shorter_half_distance_lowers_nearness(briefing: Briefing) -> None:
    nearer = indicator_table(tuned(FRAMEWORK, {"land_border.half_distance_km": 5.0}), load_sources())
    assert (nearer.values["land_border"] <= briefing.table.values["land_border"]).all()


def test_the_list_to_visit_is_the_highest_priority_of_the_province(briefing: Briefing) -> None:
    listed = briefing.to_visit("22", 10)
    rest = briefing.of("22").drop(listed.index)
    assert len(listed) == 10 and listed["priority"].min() >= rest["priority"].max()


def test_sensitive_shares_are_off_by_default() -> None:
    assert "ethnic_minority" not in FRAMEWORK.active
    assert FRAMEWORK.node("ethnic_minority").facts["public"] == "no"


def test_contributions_add_up_to_the_distance_from_the_median_commune(briefing: Briefing) -> None:
    parts = briefing.assessment.contributions()
    score = briefing.communes["score"]
    for province, group in briefing.communes.groupby("province_code"):
        gap = score[group.index] - parts.loc[group.index].sum(axis=1)
        assert np.allclose(gap, gap.iloc[0], atol=1e-9), province
        assert abs(gap.iloc[0] - group["score"].median()) < 3


def test_worst_quality_orders_from_observed_to_synthetic() -> None:
    for position, name in enumerate(QUALITIES):
        frame = pd.DataFrame({"a": [QUALITIES[0]], "b": [name], "c": [QUALITIES[max(0, position - 1)]]})
        assert worst_quality(frame).tolist() == [name]
