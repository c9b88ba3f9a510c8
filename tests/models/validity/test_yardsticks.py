"""The floors on the shipped data, one test each; what is said in words about them is true."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import units
from geo.base import paths
from geo.base.errors import DataFault
from geo.layers import indicators, yardsticks
from geo.units import crosswalk
from models.briefing import Briefing, brief
from models.index.framework import read_framework
from models.validity.agreement import weight_influence
from models.validity.province_picture import Picture, filled, picture
from models.validity.yardsticks import MEASURES, Case, reached, validity

NONE_IN_TOP = ("01", "24", "31", "33", "37", "56", "79")
ALL_TOP_IN_ONE = {"19": "06", "22": "22", "48": "49", "75": "70", "82": "87"}
LIST_IN_ONE = {"08": "02", "33": "33", "56": "58"}


@pytest.fixture(scope="module")
def sources() -> indicators.Sources:
    return indicators.load_sources()


@pytest.fixture(scope="module")
def briefing(sources: indicators.Sources) -> Briefing:
    return brief(read_framework(paths.FRAMEWORK), sources)


@pytest.fixture(scope="module")
def case(briefing: Briefing, sources: indicators.Sources) -> Case:
    return Case(briefing, sources, draws=200)


@pytest.fixture(scope="module")
def table(case: Case) -> pd.DataFrame:
    return validity(case)


@pytest.fixture(scope="module")
def pictures(briefing: Briefing, sources: indicators.Sources) -> dict[str, Picture]:
    return {str(code): picture(briefing, sources, str(code)) for code in units.provinces().index}


def test_every_yardstick_is_reckoned_and_none_beside() -> None:
    assert set(MEASURES) == set(yardsticks.yardsticks().index)


@pytest.mark.parametrize("code", [str(code) for code in yardsticks.yardsticks().query("floor.notna()").index])
def test_the_shipped_framework_reaches_every_floor(code: str, table: pd.DataFrame) -> None:
    row = table.loc[code]
    assert row["missed_in"] == () and bool(row["met"]), row.to_dict()


def test_values_are_those_that_were_measured_another_way(case: Case, table: pd.DataFrame) -> None:
    scores, listed = case.score, yardsticks.commune_list("origin_transit").members.astype(bool)
    rank = scores.rank()
    number = listed.sum()
    chance = (rank[listed].sum() - number * (number + 1) / 2) / (number * (~listed).sum())
    assert table.loc["h14", "value"] == pytest.approx(chance)
    assert table.loc["h14", ["count", "total"]].tolist() == [933, 3321]
    assert table.loc["r3", ["count", "total"]].tolist() == [51, 130]
    bounded = table.dropna(subset=["low"])
    assert ((bounded["low"] <= bounded["value"]) & (bounded["value"] <= bounded["high"])).all()


def test_what_is_said_plainly_is_so(table: pd.DataFrame) -> None:
    value, low, high = table["value"], table["low"], table["high"]
    past = yardsticks.history().set_index("yardstick")["value"]
    assert value["h14_distance"] > value["h14"], "the border alone does better on this list"
    assert low["h14_without_border"] < 0.5 < high["h14_without_border"]
    assert low["h14_at_border"] < 0.5 and value["h14_at_border"] < past["h14_at_border"]
    assert value["h14_in_province"] < past["h14_in_province"] < high["h14_in_province"]
    assert value["r3"] - value["r3_distance"] < 0.1 and value["r3_without_border"] > 0.8
    assert low["leaving_abroad"] < 0.5 < high["leaving_abroad"]
    assert value["inside_old"] < 0.5


def test_a_score_that_says_nothing_reaches_nothing(briefing: Briefing, sources: indicators.Sources) -> None:
    generator = np.random.default_rng(3)
    lots = pd.Series(generator.random(len(briefing.communes)), briefing.communes.index)
    blind = replace(briefing, communes=briefing.communes.assign(score=lots))
    found = validity(Case(blind, sources, draws=100))
    assert found.loc["h14", "value"] == pytest.approx(0.5, abs=0.05)
    assert found.loc["inside_old", "value"] > 0.9, "much inside is not yet the right inside"
    assert not found.loc["h14", "met"] and not found.loc["r3", "met"] and not found.loc["first_percentile", "met"]


def test_the_framework_of_one_way_is_held_against_what_it_has(sources: indicators.Sources) -> None:
    path = paths.PATHWAYS / "china.csv"
    found = validity(Case(brief(read_framework(path), sources), sources, draws=50))
    assert found.loc["far_china", "met"]
    assert found.loc[["far_laos", "zones", "leaving_abroad", "h14_without_border"], "value"].isna().all()
    assert found.loc[["far_laos", "zones"], "met"].isna().all()


def test_weights_are_stated_by_framework_or_as_told(briefing: Briefing) -> None:
    done = weight_influence(briefing.assessment)
    assert done.loc["threat", "stated"] == 0.75 and done.loc["border", "stated"] == 0.4
    assert done.groupby("parent")["influence"].sum().tolist() == pytest.approx([1, 1])
    other = {str(code): 0.5 for code in done.index}
    assert (weight_influence(briefing.assessment, other)["stated"] == 0.5).all()


def test_a_floor_is_met_from_the_right_side() -> None:
    assert reached(0.75, 0.75, "more") and reached(0.0, 0.0, "less")
    assert reached(0.6, 0.5, "less") is False
    assert reached(0.9, 0.5, "neither") is None and reached(np.nan, 0.5, "more") is None


def test_every_note_is_filled_in(pictures: dict[str, Picture]) -> None:
    for code, row in yardsticks.province_notes().iterrows():
        for language in ("vi", "en"):
            text = filled(row[f"note_{language}"], pictures[str(code)], lambda value, digits: f"{value:.{digits}f}")
            assert "{" not in text and "nan" not in text, code


def test_what_notes_say_in_words_is_so(pictures: dict[str, Picture]) -> None:
    none = [code for code, one in pictures.items() if one.figure("top") == 0]
    assert tuple(none) == NONE_IN_TOP
    for code, old in ALL_TOP_IN_ONE.items():
        assert pictures[code].figure("top") == pictures[code].figure(f"top_old_{old}") > 0, code
    for code, old in LIST_IN_ONE.items():
        assert set(pictures[code].first["old_province"]) == {old}, code
    quang_ninh = pictures["22"]
    in_top = quang_ninh.communes[quang_ninh.in_top].index
    assert set(crosswalk_district(in_top)) == {"Huyện Bình Liêu"}
    assert len({quang_ninh.figure(f"class_{ward}") for ward in ("06709", "06712", "06736")}) == 1
    people = {code: one.figure("mid_border_people") for code, one in pictures.items()}
    assert max(people, key=people.__getitem__) == "11"
    vinh_long = pictures["86"]
    assert min(vinh_long.figure(f"mid_leaving_old_{code}") for code in ("83", "84", "86")) > 60
    assert max(vinh_long.figure("mid_border"), vinh_long.figure("mid_arriving")) < 60
    gia_lai = pictures["52"]
    assert {"23872", "23884", "23938"} <= set(gia_lai.communes.index[gia_lai.in_top])
    for code, way in (
        ("24", "arriving"),
        ("31", "arriving"),
        ("79", "arriving"),
        ("86", "leaving"),
        ("92", "leaving"),
    ):
        assert pictures[code].leads.index[0] == way, code


def crosswalk_district(codes: pd.Index) -> list[str]:
    links, old = crosswalk.links(), units.old_communes()
    main = links[links["new_code"].isin(codes) & links["kind"].eq("whole")]
    return list(old.loc[main["old_code"].unique(), "old_district"])


def test_figures_have_names_and_unknown_names_are_errors(pictures: dict[str, Picture]) -> None:
    one = pictures["15"]
    assert one.figure("top_old_10") + one.figure("top_old_15") == one.figure("top")
    assert one.figure("communes_old_10") + one.figure("communes_old_15") == one.figure("communes")
    assert one.figure("rank_02647") == one.communes.loc["02647", "rank_province"]
    assert one.figure("points_border_02647") == one.scores.loc["02647", "border"]
    assert one.figure("mid_leaving_old_10") == one.scores["leaving"][one.communes["old_province"] == "10"].median()
    assert sum(one.leads) == len(one.communes) and one.leads.index[-1] == "none"
    for wrong in ("surprise", "top_old_79", "mid_nothing", "rank_00004", "mid_old_10"):
        with pytest.raises(DataFault, match=wrong):
            filled(f"{{{wrong}}}", one, lambda value, digits: str(value))
