"""Lists, yardsticks and notes from outside the score: what they hold, and that no score can reach them."""

import re

import pandas as pd
import pytest

from geo import units
from geo.base import paths
from geo.base.errors import InputError
from geo.layers import indicators, yardsticks
from geo.units import crosswalk

H14 = {"10", "02", "20", "22", "04", "11", "14", "12", "40", "38", "72", "89", "87", "91"}


def test_lists_hold_what_was_named() -> None:
    table = yardsticks.validation_lists()
    assert set(table["role"]) == {"validation"}
    assert set(table.loc[table["list"] == "origin_transit", "old_province_code"]) == H14
    assert set(table["old_province_code"]) <= set(units.old_provinces().index)
    assert (table["old_province_code"].notna() ^ table["commune_code"].notna()).all()


def test_a_list_of_provinces_speaks_of_every_commune() -> None:
    found = yardsticks.commune_list("origin_transit")
    old = crosswalk.main_old_province()
    assert found.members.index.equals(units.communes().index)
    assert found.members.notna().all()
    assert (found.members == old.isin(H14).reindex(found.members.index)).all()
    assert set(found.clusters[found.members.to_numpy(bool)]) == H14


def test_a_list_of_communes_says_nothing_of_provinces_nobody_looked_at() -> None:
    found = yardsticks.commune_list(yardsticks.REGION_III)
    province = units.communes()["province_code"]
    assert set(province[found.members.notna()]) == {"40"}
    assert int(found.members.sum()) == 51
    assert found.clusters.is_unique


def test_a_list_of_communes_may_ship_too(monkeypatch: pytest.MonkeyPatch) -> None:
    code = units.communes_of("22").index[0]
    table = pd.DataFrame({"list": ["mine"], "old_province_code": [None], "commune_code": [code]})
    monkeypatch.setattr(yardsticks, "validation_lists", lambda: table)
    found = yardsticks.commune_list("mine")
    assert found.members.index[found.members.fillna(False)].tolist() == [code]
    assert int(found.members.notna().sum()) == len(units.communes_of("22"))


def test_an_unknown_list_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(InputError, match="origin_transit"):
        yardsticks.commune_list("victims")


def test_no_operation_reads_what_validates() -> None:
    tables = ("validation_lists", "yardstick", "province_notes", "trafficking_evidence", "region_iii")
    for path in (paths.FRAMEWORK, *paths.PATHWAYS.glob("*.csv")):
        operations = " ".join(pd.read_csv(path, dtype=str, keep_default_na=False)["operation"])
        assert not [name for name in tables if name in operations], path.stem
    assert not [name for name in indicators.OPERATIONS if re.search("valid|yardstick|listed|region_iii", name)]
    held = set(indicators.Sources.__dataclass_fields__)
    assert not [name for name in held if re.search("valid|yardstick|evidence|notes", name)]


def test_every_yardstick_says_what_it_flatters_in_both_languages() -> None:
    table = yardsticks.yardsticks()
    for column in ("name", "caution"):
        assert (table[f"{column}_vi"] != table[f"{column}_en"]).all()
    assert table["name_vi"].is_unique and table["name_en"].is_unique
    asked = table["floor"].notna()
    assert (table.loc[asked, "better"] != "neither").all()
    assert asked.sum() == 10


def test_history_is_of_yardsticks_there_are() -> None:
    table = yardsticks.history()
    assert set(table["yardstick"]) <= set(yardsticks.yardsticks().index)
    past = table.set_index("yardstick")
    assert past.loc[["far_china", "far_laos", "far_cambodia"], "value"].tolist() == [77, 132, 91]
    assert past.loc["h14", "value"] == pytest.approx(0.69, abs=0.005)
    assert past.loc["r3", "value"] == pytest.approx(0.20, abs=0.005)
    inside = past["low"].isna() | ((past["low"] <= past["value"]) & (past["value"] <= past["high"]))
    assert inside.all()


def test_notes_have_no_figures_of_their_own_and_the_same_placeholders() -> None:
    notes = yardsticks.province_notes()
    assert {"04", "11", "15", "22", "24", "38", "75", "79", "80", "86", "91"} <= set(notes.index)
    constants = {"0", "0.1", "4", "5", "14", "25", "100", "2015", "2019"}
    for code, row in notes.iterrows():
        named = [sorted(re.findall(r"{(\w+)}", row[f"note_{language}"])) for language in ("vi", "en")]
        assert named[0] == named[1], code
        for language in ("vi", "en"):
            plain = re.sub(r"{\w+}", "", row[f"note_{language}"])
            assert set(re.findall(r"\d+(?:\.\d+)?", plain)) <= constants, (code, language)
