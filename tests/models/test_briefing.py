"""The briefing on the data that ship: complete, consistent, and honest about what is not known."""

import numpy as np
import pandas as pd
import pytest

from geo import units
from geo.base import paths
from geo.base.errors import InputError
from geo.layers.indicators import QUALITIES, load_sources
from models.briefing import Briefing, brief, indicator_table, tuned, worst_quality
from models.index.explain import contributions
from models.index.framework import read_framework
from models.index.prepared import prepare
from models.outreach.priority import By

FRAMEWORK = read_framework(paths.FRAMEWORK)


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(FRAMEWORK, load_sources())


def test_every_commune_is_scored_in_the_order_of_the_units(briefing: Briefing) -> None:
    assert briefing.communes.index.equals(units.communes().index)
    assert briefing.communes["score"].between(1, 100).all()
    assert set(briefing.communes["class"]) == {1, 2, 3, 4, 5}


def test_the_default_is_the_ways_and_the_distance_to_services_three_to_one(briefing: Briefing) -> None:
    frame = briefing.communes
    assert np.allclose(frame["score"], (frame["threat"] ** 3 * frame["access"]) ** 0.25)
    cubes = 2 * frame["border"] ** 3 + 2 * frame["leaving"] ** 3 + frame["arriving"] ** 3
    assert np.allclose(frame["threat"], np.cbrt(cubes / 5))
    assert frame["access"].between(40, 100).all()


def test_no_log_is_unknown_and_said_so_never_zero(briefing: Briefing) -> None:
    cao_bang = briefing.of("04")
    assert cao_bang["people_reached"].isna().all() and cao_bang["coverage"].isna().all()
    assert not cao_bang["coverage_known"].any()
    assert (cao_bang["indicators_missing"] == 0).all()
    assert (cao_bang["people_unreached"] == cao_bang["population"]).all()
    assert (cao_bang["remaining"] == cao_bang["score"]).all()


def test_what_is_not_applicable_is_not_missing(briefing: Briefing) -> None:
    hanoi = briefing.of("01").index
    assert (briefing.table.values.loc[hanoi, "cambodia_line"] == 0).all()
    assert not briefing.table.applies.loc[hanoi, "cambodia_line"].any()
    assert briefing.table.applies.loc[briefing.of("80").index, "cambodia_line"].any()
    assert briefing.table.applies["zone_gravity"].all()


def test_ranks_follow_scores_in_the_nation_and_in_each_province(briefing: Briefing) -> None:
    frame = briefing.communes
    top = frame.sort_values("rank_national").iloc[0]
    assert top["score"] == pytest.approx(frame["score"].max())
    for _, group in frame.groupby("province_code"):
        assert group["rank_province"].min() == 1
        assert group["rank_province"].astype(float).corr(group["rank_national"].astype(float), "spearman") > 0.999


def test_activities_have_no_part_in_the_quality_of_a_score(briefing: Briefing) -> None:
    assert set(briefing.communes["score_quality"]) == {"modelled"}
    assert (briefing.of("80")["coverage_quality"] == "synthetic").any()


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
    nearer = indicator_table(tuned(FRAMEWORK, {"china_line.half_distance_km": 5.0}), load_sources())
    assert (nearer.values["china_line"] <= briefing.table.values["china_line"]).all()


@pytest.mark.parametrize("province", ["22", "11", "96"])
def test_the_first_list_is_the_highest_fifth_of_the_province_most_people_first(
    briefing: Briefing, province: str
) -> None:
    communes = briefing.of(province)
    highest = communes[communes["class_province"] == 5]
    listed = briefing.to_visit(province, len(highest))
    assert set(listed.index) == set(highest.index) and listed["people_unreached"].is_monotonic_decreasing
    assert listed["score"].min() > communes.drop(listed.index)["score"].max()
    longer = briefing.to_visit(province, len(highest) + 3)
    assert longer.index[: len(highest)].equals(listed.index)
    assert (longer["class_province"].iloc[len(highest) :] == 4).all()


def test_the_list_of_the_nation_takes_national_fifths(briefing: Briefing) -> None:
    listed = briefing.to_visit(None, 50)
    assert (listed["class"] == 5).all() and listed["people_unreached"].is_monotonic_decreasing
    assert listed["rank_first_national"].tolist() == list(range(1, 51))


def test_the_second_list_counts_people_at_risk_not_reached(briefing: Briefing) -> None:
    listed = briefing.to_visit("22", 10, By.BURDEN)
    assert listed["burden"].min() >= briefing.of("22").drop(listed.index)["burden"].max()
    with pytest.raises(InputError, match="most_people"):
        briefing.to_visit("22", 10, "most_people")  # type: ignore[arg-type]


def test_no_province_has_an_empty_list(briefing: Briefing) -> None:
    for province, group in briefing.communes.groupby("province_code"):
        first = briefing.to_visit(str(province), 10)
        assert len(first) == min(10, len(group)) and first["class_province"].iloc[0] == 5
        fifths = group["class_province"].value_counts()
        assert fifths.max() - fifths.min() <= 1, province


def test_sensitive_shares_are_off_by_default() -> None:
    assert "ethnic_minority" not in FRAMEWORK.active
    assert FRAMEWORK.node("ethnic_minority").facts["public"] == "no"


def test_contributions_add_up_to_the_distance_from_the_median_commune(briefing: Briefing) -> None:
    parts = contributions(briefing.assessment)
    score = briefing.communes["score"]
    for province, group in briefing.communes.groupby("province_code"):
        gap = score[group.index] - parts.loc[group.index].sum(axis=1)
        assert np.allclose(gap, gap.iloc[0], atol=1e-9), province
        assert abs(gap.iloc[0] - group["score"].median()) < 3


def test_worst_quality_orders_from_observed_to_synthetic() -> None:
    for position, name in enumerate(QUALITIES):
        frame = pd.DataFrame({"a": [QUALITIES[0]], "b": [name], "c": [QUALITIES[max(0, position - 1)]]})
        assert worst_quality(frame).tolist() == [name]
