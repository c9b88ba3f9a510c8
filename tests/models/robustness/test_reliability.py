"""What a score rests on, and the grade that follows: shares sum to one, less is never better."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.base import paths
from geo.layers.indicators import QUALITIES, IndicatorTable, load_sources
from models.briefing import brief
from models.index.assessment import Assessment, assess
from models.index.framework import Framework, Node, read_framework
from models.robustness.reliability import (
    GRADES,
    ages,
    drawn,
    effective_parts,
    graded,
    grades,
    rank_intervals,
    reliability,
    rests_on,
    undrawn,
)
from models.robustness.uncertainty import uncertainty

DAY = dt.date(2026, 7, 2)
FINE = ["share_commune", "share_old_district", "share_province", "share_region"]
GOOD = ["share_observed", "share_reported", "share_modelled", "share_synthetic", "share_imputed"]
BETTER = {"resolution": ["commune", "old_district", "province", "region"], "quality": list(QUALITIES)}


def ways() -> Framework:
    nodes = [Node("i", aggregate="generalised:p=3"), Node("way", parent="i", aggregate="geometric")]
    nodes += [Node("other", parent="i"), Node("a", parent="way"), Node("b", parent="way", weight=3.0)]
    return Framework((*nodes, Node("c", parent="other"), Node("d", parent="other")), normalise="none")


def table_of(values: pd.DataFrame, **facts: object) -> IndicatorTable:
    quality = pd.DataFrame("reported", index=values.index, columns=values.columns).where(values.notna())
    stated = {"resolution": "commune", "year": "2026", **facts}
    kinds = quality.astype(pd.CategoricalDtype(QUALITIES, ordered=True))
    return IndicatorTable(values, kinds, pd.DataFrame(stated, index=values.columns))


def simple(units: int = 30, **facts: object) -> tuple[Assessment, IndicatorTable]:
    values = pd.DataFrame(np.random.default_rng(0).uniform(1, 9, (units, 4)), columns=list("abcd"))
    groups = pd.Series(np.arange(units) % 3, index=values.index).astype(str)
    return assess(values, ways(), groups), table_of(values, **facts)


def ranks_of(assessment: Assessment, width: int = 3) -> pd.DataFrame:
    ranks = pd.DataFrame(index=assessment.units)
    for name, given_ in (("rank", assessment.rank), ("rank_province", assessment.rank_in_group)):
        ranks[f"{name}_low"], ranks[f"{name}_high"] = given_, given_ + width
    return ranks


def test_parts_follow_weights_where_a_node_averages_and_scores_where_it_lets_the_highest_lead() -> None:
    values = pd.DataFrame({"a": [2.0, 5.0], "b": [2.0, 5.0], "c": [4.0, np.nan], "d": [4.0, np.nan]})
    parts = effective_parts(assess(values, ways()))
    assert np.allclose(parts.sum(axis=1), 1)
    assert parts.loc[0, ["a", "b"]].tolist() == pytest.approx([0.25 / 9, 0.75 / 9])  # 2 ^ 3 beside 4 ^ 3
    assert parts.loc[0, ["c", "d"]].tolist() == pytest.approx([4 / 9, 4 / 9])
    assert parts.loc[1].tolist() == pytest.approx([0.25, 0.75, 0.0, 0.0])
    highest = effective_parts(assess(values, ways().with_node("i", aggregate="maximum")))
    assert highest.loc[0].tolist() == pytest.approx([0.0, 0.0, 0.5, 0.5])
    lowest = effective_parts(assess(values, ways().with_node("i", aggregate="minimum")))
    assert lowest.loc[0].tolist() == pytest.approx([0.25, 0.75, 0.0, 0.0])
    even = effective_parts(assess(values, ways().with_node("i", aggregate="arithmetic")))
    assert even.loc[0].tolist() == pytest.approx([0.125, 0.375, 0.25, 0.25])


@given(st.sampled_from(["generalised:p=3", "harmonic", "owa:orness=0.7", "minimum"]), st.integers(0, 2**32 - 1))
def test_parts_sum_to_one_whatever_is_missing_or_zero(method: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = pd.DataFrame(generator.uniform(0, 9, (20, 4)).round(), columns=list("abcd"))
    result = assess(values.mask(generator.random(values.shape) < 0.3), ways().with_node("i", aggregate=method))
    parts = effective_parts(result)
    assert (parts.notna().all(axis=1) == result.score.notna()).all()
    assert np.allclose(parts.sum(axis=1)[result.score.notna()], 1) and (parts.fillna(0) >= 0).all().all()
    assert not parts.to_numpy()[(result.normalised.isna() & parts.notna()).to_numpy()].any()


def test_the_two_splits_sum_to_one_and_say_what_is_filled_in_or_missing() -> None:
    values = pd.DataFrame(
        {"a": [2.0, 5.0, np.nan], "b": [2.0, 5.0, 1.0], "c": [4.0, np.nan, 4.0], "d": [4.0, np.nan, np.nan]}
    )
    tree = ways().with_node("a", impute="mean")
    result = assess(values, tree)
    table = table_of(values, resolution=["province", "commune", "region", "old district"])
    shares = rests_on(result, table, effective_parts(result))
    assert np.allclose(shares[FINE].sum(axis=1), 1) and np.allclose(shares[GOOD].sum(axis=1), 1)
    assert (
        shares.loc[2, "share_imputed"] == pytest.approx(effective_parts(result).loc[2, "a"])
        and shares.loc[2, "share_imputed"] > 0
    )
    assert (shares["share_imputed"][:2] == 0).all()
    # In the last commune the other way lacks half; in the second it does not apply at all.
    rests = effective_parts(result).loc[2, ["c", "d"]].sum()
    assert shares["share_missing"].tolist() == pytest.approx([0.0, 0.0, rests / 2])
    assert shares.loc[0, "share_old_district"] == pytest.approx(4 / 9)


def test_the_age_of_a_figure_is_counted_from_the_middle_of_its_time() -> None:
    values = pd.DataFrame(1.0, index=[0], columns=list("abc"))
    table = table_of(values, year=["2013-2024", "", "census of 2019, published in 2020"])
    found = ages(table, DAY)
    assert (
        found["a"] == pytest.approx(7.5, abs=0.01)
        and np.isnan(found["b"])
        and found["c"] == pytest.approx(6.5, abs=0.01)
    )
    assert ages(table_of(values, year="2027"), DAY).tolist() == [0.0] * 3


@given(st.data())
def test_a_worse_figure_never_makes_the_grade_better(data: st.DataObject) -> None:
    assessment, table = simple()
    kind = data.draw(st.sampled_from(["resolution", "quality", "year", "width"]))
    codes = list("abcd")
    start = {code: data.draw(st.integers(0, 3)) for code in codes}
    worse = start | {code: min(start[code] + 1, 3) for code in data.draw(st.lists(st.sampled_from(codes)))}
    lacks = []
    for level in (start, worse):
        facts, quality, width = table.facts.copy(), table.quality.copy(), 3
        if kind == "resolution":
            facts["resolution"] = [BETTER[kind][level[code]] for code in codes]
        elif kind == "quality":
            for code in codes:
                quality[code] = pd.Categorical([BETTER[kind][level[code]]] * 30, QUALITIES, ordered=True)
        elif kind == "year":
            facts["year"] = [str(2026 - 5 * level[code]) for code in codes]
        else:
            width = sum(level.values())
        lacks.append(
            graded(assessment, IndicatorTable(table.values, quality, facts), ranks_of(assessment, width), DAY)
        )
    assert (lacks[1]["lack"] >= lacks[0]["lack"] - 1e-12).all()
    assert (lacks[1]["grade"] >= lacks[0]["grade"]).all()
    for column in ("lack", "lack_quality", "lack_resolution", "lack_age"):
        assert lacks[0][column].between(0, 1).all()


def test_the_best_and_the_worst_there_can_be() -> None:
    assessment, table = simple()
    best = graded(assessment, table, ranks_of(assessment, 0), DAY)
    assert best["lack"].tolist() == pytest.approx([0.1 / 6] * 30, abs=1e-3)  # reported, of this year
    assert (best["grade"] == "A").all()
    quality = table.quality.apply(lambda column: pd.Categorical(["synthetic"] * len(column), QUALITIES, ordered=True))
    poor = table.facts.assign(resolution="region", year="1999")
    worst = graded(assessment, IndicatorTable(table.values, quality, poor), ranks_of(assessment, 29), DAY)
    assert (worst["grade"] == "D").all() and worst["lack"].tolist() == pytest.approx([1.0] * 30)


def test_what_is_filled_in_counts_as_what_is_made_up() -> None:
    values = pd.DataFrame({"a": [2.0, 5.0, 3.0], "b": [2.0, 5.0, 1.0], "c": [4.0, 3.0, 4.0], "d": [4.0, 1.0, 2.0]})
    gone = values.assign(a=[np.nan, 5.0, 3.0])
    tree = ways().with_node("a", impute="mean")
    results = [assess(one, tree) for one in (values, gone)]
    lacks = [
        graded(one, table_of(data), ranks_of(one), DAY)["lack"]
        for one, data in zip(results, (values, gone), strict=True)
    ]
    assert lacks[1][0] > lacks[0][0]


def test_grades_have_the_limits_that_are_documented() -> None:
    assert grades(pd.Series([0.0, *GRADES.values(), np.nan])).tolist()[:5] == ["A", "B", "C", "D", "D"]
    page = (paths.ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    for grade, most in list(GRADES.items())[:-1]:
        assert f"{grade} below {most:g}" in page


def test_without_draws_there_is_no_grade_and_shares_are_still_there() -> None:
    assessment, table = simple()
    found = graded(assessment, table, undrawn(), DAY)
    assert found["grade"].isna().all() and found["robust"].isna().all() and found["lack_rank"].isna().all()
    assert np.allclose(found[FINE].sum(axis=1), 1)
    with pytest.raises(ValueError, match="within groups"):
        rank_intervals(uncertainty(assessment, 5))


def test_the_columns_of_ranks_say_what_the_draws_say() -> None:
    values = pd.DataFrame(np.random.default_rng(0).random((60, 4)), columns=list("abcd"))
    values.iloc[0] = np.nan
    groups = pd.Series(np.arange(60) % 3, index=values.index).astype(str)
    found = uncertainty(assess(values, ways(), groups), 300, concentration=5, in_groups=True, top_in_group=5)
    ranks = rank_intervals(found)
    assert ranks.loc[0].isna().all() and ranks[1:].notna().all().all()
    assert ranks["rank_high"].max() <= 59 and ranks["rank_province_high"].max() <= 20
    assert (ranks["rank_low"] <= ranks["rank_high"])[1:].all()
    by_group = ranks["top_probability"].groupby(groups).sum()
    assert by_group.tolist() == pytest.approx([5.0, 5.0, 5.0])
    assert ranks["highest_probability"].groupby(groups).sum().tolist() == pytest.approx([4.0, 4.0, 4.0], abs=0.3)
    both = (ranks["class_held"] >= 0.8) & (ranks["class_province_held"] >= 0.8)
    assert (ranks["robust"][1:] == both[1:]).all() and 0 < both.sum() < 59


def test_the_shipped_framework_gets_intervals_shares_and_grades() -> None:
    sources = load_sources()
    briefing = brief(read_framework(paths.FRAMEWORK), sources)
    found = reliability(briefing.assessment, briefing.table, sources, draws=20, seed=3, day=DAY)
    assert found.attrs["draws"] == 20 and found.attrs["seed"] == 3 and "spreads" in found.attrs
    scored = briefing.communes["score"].notna()
    assert set(found.loc[scored, "grade"]) <= set(GRADES) and found.loc[scored, "grade"].notna().all()
    assert np.allclose(found.loc[scored, FINE].sum(axis=1), 1) and np.allclose(found.loc[scored, GOOD].sum(axis=1), 1)
    again = drawn(briefing.assessment, briefing.table, sources, 20, 3, threads=1)
    pd.testing.assert_frame_equal(found[list(again.columns)], again)
    sizes = briefing.communes.groupby("province_code")["score"].transform("count")
    assert (found["rank_province_high"] <= sizes).all()
