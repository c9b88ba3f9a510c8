"""The two lists and what they rest on: calibration, classes inside provinces, what outreach changes and what not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import layers
from geo.base import paths
from geo.base.errors import InputError
from geo.base.periods import Statement, periods_of
from geo.layers.indicators import load_sources
from models.briefing import Briefing, brief, indicator_table
from models.index.assessment import classify
from models.index.framework import Framework, read_framework
from models.index.prepared import prepare
from models.outreach.priority import (
    MOST,
    RATIOS,
    Assumptions,
    By,
    classes_within,
    priorities,
    rank_first,
    relative_risk,
    remaining,
    sessions_needed,
)

REACHED = ["coverage_known", "people_unreached", "sessions_needed", "remaining"]
LISTED = ["rank_first", "rank_first_national", "rank_burden", "burden", "relative_risk", "class_province", "class"]


def mean_ratio(risk: pd.Series, score: pd.Series) -> float:
    fifth = len(score) // 5
    order = score.sort_values().index
    return float(risk[order[-fifth:]].mean() / risk[order[:fifth]].mean())


@given(st.integers(1, 60), st.floats(*RATIOS), st.integers(0, 2**31))
def test_the_top_fifth_bears_exactly_the_ratio_of_the_bottom_fifth(fifth: int, ratio: float, seed: int) -> None:
    score = pd.Series(np.random.default_rng(seed).permutation(5 * fifth) * 0.37)
    risk = relative_risk(score, ratio)
    assert mean_ratio(risk, score) == pytest.approx(ratio, rel=1e-9)
    assert risk.mean() == pytest.approx(1.0)
    assert risk.rank().equals(score.rank())


@given(st.integers(40, 400), st.floats(*RATIOS))
def test_it_is_nearly_so_where_communes_do_not_divide_by_five(number: int, ratio: float) -> None:
    score = pd.Series(np.arange(float(number)))
    assert mean_ratio(relative_risk(score, ratio), score) == pytest.approx(ratio, rel=0.1)


def test_relative_risk_is_geometric_in_the_percentile_and_knows_only_the_order() -> None:
    score = pd.Series(np.arange(1000.0))
    risk = relative_risk(score, 5.0)
    steps = (risk / risk.shift()).dropna()
    assert np.allclose(steps, 5 ** (1 / 1000 / 0.8))
    assert relative_risk(np.exp(score / 100), 5.0).equals(risk)
    tied = relative_risk(pd.Series([3.0, 3.0 + 1e-14, 9.0, np.nan]))
    assert tied[0] == tied[1] < tied[2] and np.isnan(tied[3])
    assert relative_risk(pd.Series([4.0, 4.0])).tolist() == [1.0, 1.0]


def test_assumptions_have_ranges() -> None:
    assert Assumptions(*map(min, (RATIOS, MOST))).checked() and Assumptions(*map(max, (RATIOS, MOST))).checked()
    with pytest.raises(InputError, match="3 to 9"):
        Assumptions(ratio=12.0).checked()
    with pytest.raises(InputError, match=r"0\.1 to 0\.5"):
        Assumptions(most=0.9).checked()


@given(st.floats(1, 100), st.floats(0, 1), st.floats(0, 1), st.floats(*MOST))
def test_remaining_is_bounded_and_proportional_to_people_reached(
    score: float, one: float, two: float, most: float
) -> None:
    before, after = remaining(pd.Series([score, score]), pd.Series([one, two]), most)
    assert score * (1 - most) - 1e-9 <= min(before, after) <= max(before, after) <= score
    assert after - before == pytest.approx(-most * score * (two - one), abs=1e-9)


def test_one_person_in_a_hundred_is_a_hundredth_of_what_can_change() -> None:
    told = remaining(pd.Series([60.0, 60.0, 60.0]), pd.Series([0.01, 1.0, np.nan]), 0.3)
    assert 60 - told[0] == pytest.approx((60 - told[1]) / 100)
    assert told[2] == 60


@given(st.lists(st.floats(0, 100), min_size=1, max_size=80), st.integers(1, 6))
def test_classes_within_follow_the_rule_of_the_nation(scores: list[float], groups: int) -> None:
    score = pd.Series(scores)
    group = pd.Series(np.arange(len(score)) % groups)
    found = classes_within(score, group)
    for _, members in score.groupby(group):
        edges = tuple(np.quantile(members, [0.2, 0.4, 0.6, 0.8]))
        assert found[members.index].tolist() == classify(members, edges).tolist()
        assert found[members.idxmax()] == 5
        assert found[members.sort_values(kind="stable").index].is_monotonic_increasing


@pytest.mark.parametrize(("number", "classes"), [(1, [5]), (2, [1, 5]), (3, [1, 3, 5]), (4, [1, 2, 4, 5])])
def test_a_province_of_few_communes_still_has_a_highest_class(number: int, classes: list[int]) -> None:
    assert classes_within(pd.Series(np.arange(float(number))), pd.Series("22", range(number))).tolist() == classes


def test_sessions_needed_are_a_lower_bound_in_whole_sessions() -> None:
    assert sessions_needed(pd.Series([0.0, 0.1, 180.0, np.nan]), 90.0).tolist()[:3] == [0, 1, 2]
    assert sessions_needed(pd.Series([180.0]), 0.0).isna().all()


def test_the_first_list_is_class_then_people_and_has_no_ties() -> None:
    classes = pd.Series([5, 5, 4, 5, pd.NA, 5], dtype="Int64")
    people, score = pd.Series([10.0, 90.0, 999.0, np.nan, 5.0, 10.0]), pd.Series([70.0, 60, 50, 80, np.nan, 75])
    ranks = rank_first(classes, people, score, pd.Series(["x"] * 6))
    assert ranks.dropna().sort_values().index.tolist() == [1, 5, 0, 3, 2]
    assert ranks.isna().tolist() == [False, False, False, False, True, False]


def test_unknown_people_are_listed_by_risk_but_not_counted() -> None:
    table = pd.DataFrame(
        {"province_code": "22", "score": [60.0, 50.0, np.nan], "class": pd.Series([5, 1, pd.NA], dtype="Int64"),
         "population": [np.nan, 100.0, 100.0], "covered": [0.5, 0.0, 0.0]}
    )  # fmt: skip
    found = priorities(table, 90.0)
    assert found["rank_first"].tolist() == [1, 2, pd.NA] and found["rank_burden"].tolist() == [pd.NA, 1, pd.NA]
    assert np.isnan(found["burden"][0]) and np.isnan(found["remaining"][2])


# What outreach changes.

SOURCES = load_sources()
DAY = SOURCES.as_of


def inherent() -> Framework:
    """The default framework without any indicator that reads the log: risk before outreach."""
    framework = read_framework(paths.FRAMEWORK)
    operations = {node.code: str(node.facts.get("operation", "")) for node in framework.indicators}
    return framework.without(*(code for code, text in operations.items() if text.startswith("outreach")))


FRAMEWORK = inherent()
TABLE = indicator_table(FRAMEWORK, SOURCES)
PREPARED = prepare(TABLE.values, FRAMEWORK, SOURCES.communes["province_code"])


def log(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """A log that is no demonstration."""
    frame = pd.DataFrame(rows, columns=["date", "commune_code", "type", "people_reached"])
    like = SOURCES.activities.head(1).reindex(range(len(frame)))
    return like.assign(**frame, events=1.0, quality="reported")


EVERYTHING = Statement("2022-01-01", DAY.date().isoformat(), tuple(sorted({"01", "04", "10", "22", "80"})))
"""The log is said to hold all that was done in these old provinces, so that nothing fades when rows are added."""


def after(activities: pd.DataFrame) -> Briefing:
    told = periods_of(activities.head(0), SOURCES.old_province, statement=EVERYTHING)
    return brief(FRAMEWORK, replace(SOURCES, activities=activities, periods=told), TABLE, PREPARED)


def test_a_framework_without_the_log_reads_none_of_it() -> None:
    other = replace(SOURCES, activities=log(("2024-01-01", "06712", "direct_session", 5000.0)))
    active = [code for code in TABLE.values.columns if code in FRAMEWORK.active]
    pd.testing.assert_frame_equal(indicator_table(FRAMEWORK, other).values[active], TABLE.values[active])


ACTIVITY = st.tuples(
    st.dates(pd.Timestamp("2022-01-01").date(), DAY.date()).map(str),
    st.sampled_from(["06712", "06709", "06922", "01648", "00004", "25459"]),
    st.sampled_from(["direct_session", "school_session", "leaflet", "seminar", "media_programme"]),
    st.floats(0, 30_000),
)


@given(st.lists(ACTIVITY, max_size=6), ACTIVITY)
@settings(max_examples=25)
def test_one_more_activity_lowers_its_commune_in_proportion_and_no_other(rows: list, new: tuple) -> None:
    before, later = after(log(*rows)), after(log(*rows, new))
    code, others = new[1], before.communes.index != new[1]
    was, is_ = before.communes, later.communes
    assert (is_["remaining"] <= was["remaining"] + 1e-9).all()
    assert np.abs(is_["remaining"] - was["remaining"])[others].max() <= 1e-9
    assert np.abs(is_["people_unreached"] - was["people_unreached"])[others].max() <= 1e-9
    pd.testing.assert_series_equal(is_["score"], was["score"])
    covered = [frame.loc[code, "coverage"] if frame.loc[code, "coverage_known"] else 0.0 for frame in (was, is_)]
    moved = was.loc[code, "remaining"] - is_.loc[code, "remaining"]
    assert moved == pytest.approx(0.3 * was.loc[code, "score"] * (covered[1] - covered[0]), abs=1e-9)
    parameters = layers.outreach_parameters().loc[new[2]]
    contacts = new[3] * parameters["strength"] * (parameters["reach_per_event"] > 0)
    share = contacts / was.loc[code, "population"]
    assert 0 <= moved <= 0.3 * was.loc[code, "score"] * share + 1e-9


def test_a_session_for_one_in_a_hundred_moves_a_hundredth_of_what_can_move() -> None:
    people = SOURCES.population["population"]["06712"]
    told = after(log((DAY.date().isoformat(), "06712", "direct_session", people / 100))).communes.loc["06712"]
    assert (told["score"] - told["remaining"]) / (0.3 * told["score"]) == pytest.approx(0.01, rel=0.01)
    assert told["rank_first"] == after(log()).communes.loc["06712", "rank_first"]


def demonstrations() -> dict[str, pd.DataFrame]:
    made_up = SOURCES.activities
    assert set(made_up["quality"]) == {"synthetic"}
    rng = np.random.default_rng(3)
    elsewhere = made_up.assign(commune_code=rng.permutation(made_up["commune_code"].to_numpy()))
    return {"as it ships": made_up, "none": made_up.head(0), "elsewhere": elsewhere, "much": pd.concat([made_up] * 9)}


@pytest.mark.parametrize("which", ["as it ships", "elsewhere", "much"])
def test_a_demonstration_log_moves_no_score_no_rank_and_no_list(which: str) -> None:
    logs = demonstrations()
    found, none = (brief(FRAMEWORK, replace(SOURCES, activities=logs[one])) for one in (which, "none"))
    columns = ["score", "rank_national", "rank_province", *REACHED, *LISTED]
    pd.testing.assert_frame_equal(found.communes[columns], none.communes[columns])
    for by in By:
        assert found.to_visit("80", 20, by).index.equals(none.to_visit("80", 20, by).index)
    assert not found.communes["coverage_known"].any()
    assert found.communes["coverage"].notna().any() or which == "none"


def test_a_real_log_counts_beside_a_demonstration_as_it_would_alone() -> None:
    real = log(("2024-10-01", "06712", "direct_session", 9000.0))
    mixed = pd.concat([SOURCES.activities, real], ignore_index=True)
    alone, beside = (
        brief(FRAMEWORK, replace(SOURCES, activities=rows, periods=None), TABLE, PREPARED).communes
        for rows in (real, mixed)
    )
    known = alone["coverage_known"]
    assert known.any() and not known.all()
    pd.testing.assert_frame_equal(beside[[*REACHED, *LISTED]], alone[[*REACHED, *LISTED]])
    pd.testing.assert_series_equal(beside["coverage"][known], alone["coverage"][known])
    assert set(beside["coverage_quality"][~known].dropna()) == {"synthetic"}
    assert not set(beside["coverage_quality"][known]) & {"synthetic"}


def test_reaching_everybody_moves_a_commune_down_the_list_within_its_class_only() -> None:
    nothing = after(log())
    first = nothing.to_visit("22", 3).index[0]
    told = after(log((DAY.date().isoformat(), first, "direct_session", 2e6)))
    listed = told.communes.loc[first]
    highest = told.of("22")["class_province"].eq(5).sum()
    assert listed["rank_first"] == highest and listed["people_unreached"] < 1
    assert listed["class_province"] == 5 and listed["remaining"] == pytest.approx(0.7 * listed["score"])


def test_the_assumptions_reach_the_briefing() -> None:
    steeper = brief(FRAMEWORK, SOURCES, TABLE, PREPARED, assumptions=Assumptions(ratio=9.0, most=0.5)).communes
    usual = brief(FRAMEWORK, SOURCES, TABLE, PREPARED).communes
    for frame, ratio in ((steeper, 9.0), (usual, 5.0)):
        means = frame.groupby("class")["relative_risk"].mean()
        assert means[5] / means[1] == pytest.approx(ratio, rel=0.01)
    assert steeper["rank_first"].equals(usual["rank_first"])
