"""Units, names and the crosswalk."""

import json
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import units
from geo.base.errors import InputError, UnitNotFound
from geo.datasets import read_table
from geo.units import crosswalk
from geo.units.names import accented, fold, short_name

ALL = units.communes()


def test_the_units_in_force() -> None:
    assert (len(units.provinces()), len(ALL)) == (34, 3321)
    assert (len(units.old_provinces()), len(units.old_communes())) == (63, 10035)
    assert ALL["province_code"].isin(units.provinces().index).all()
    assert ALL["type"].value_counts().to_dict() == {"Xã": 2611, "Phường": 697, "Đặc khu": 13}
    assert ALL.index.str.fullmatch(r"\d{5}").all()


def test_dong_nai_is_a_city_with_ten_more_wards() -> None:
    assert units.provinces().loc["75", "name"] == "Thành phố Đồng Nai"
    assert ALL.loc["26368", "name"] == "Phường Long Thành"
    assert (ALL.query("province_code == '75'")["type"] == "Phường").sum() == 33


def test_both_codes_of_ba_che_lead_to_it() -> None:
    assert units.commune_code("06978") == units.commune_code("06970") == units.commune_code("Ba Chẽ") == "06970"


@given(st.sampled_from(list(zip(ALL.index, ALL["name"], ALL["province_code"], strict=True))), st.data())
def test_a_commune_is_found_however_its_name_is_written(unit: tuple[str, str, str], data: st.DataObject) -> None:
    code, name, province = unit
    written = data.draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]).map(lambda f: unicodedata.normalize(f, name)))
    written = data.draw(st.sampled_from([written, written.upper(), written.replace(" ", "  "), f" {written} "]))
    assert units.find_communes(written, province)[0].code == code
    assert code in [match.code for match in units.find_communes(fold(written), province, limit=50)]


@pytest.mark.parametrize(
    ("given_name", "code"),
    [("TP. Hồ Chí Minh", "79"), ("Thành phố Hồ Chí Minh", "79"), ("thanh pho hue", "46"), ("Thừa Thiên Huế", "46"),
     ("BẮC KẠN", "19"), ("Bà Rịa - Vũng Tàu", "79"), ("Kon Tum", "51"), ("Tỉnh Khánh Hoà", "56"), ("Ðắk Lắk", "66")],
)  # fmt: skip
def test_provinces_by_names_old_and_new(given_name: str, code: str) -> None:
    assert units.find_province(given_name) == code


def test_tone_marks_in_either_place_are_one_name_and_other_tones_are_not() -> None:
    assert accented("Hoà Xá") == accented("Hòa Xá") == accented(unicodedata.normalize("NFD", "HOÀ XÁ"))
    assert accented("Thuỷ") == accented("Thủy")
    assert accented("Tân Thành") != accented("Tân Thạnh")


@given(st.text(max_size=30))
def test_folding_is_stable_and_never_fails(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    short_name(text)


def test_an_unknown_province_names_the_nearest() -> None:
    with pytest.raises(UnitNotFound, match="Quảng Ninh") as caught:
        units.find_province("Quảng Nin")
    assert caught.value.exit_code == 2


def test_an_ambiguous_commune_lists_the_candidates() -> None:
    with pytest.raises(UnitNotFound) as caught:
        units.commune_code("Tân Thành")
    assert len(caught.value.rows) > 5


def test_zeros_lost_by_a_spreadsheet_come_back() -> None:
    assert units.require_known([4, "8", 25.0]).tolist() == ["00004", "00008", "00025"]
    with pytest.raises(InputError) as caught:
        units.require_known(["00001", "99999"])
    assert caught.value.rows == ["00001", "99999"]


def test_every_old_commune_went_somewhere_and_every_new_one_has_a_past() -> None:
    links = crosswalk.links()
    assert set(units.old_communes().index) <= set(links["old_code"])
    assert set(links["new_code"]) == set(ALL.index)
    assert np.allclose(links.groupby("old_code")["share"].sum(), 1, atol=1e-5)
    assert (links.groupby("old_code").size().gt(1) == links.groupby("old_code")["kind"].first().eq("partial")).all()
    assert crosswalk.main_old_province().isin(units.old_provinces().index).all()


def test_every_old_commune_has_one_main_successor_and_it_takes_most() -> None:
    links = crosswalk.links()
    main = links[links["main"] == "yes"]
    assert main["old_code"].is_unique and set(main["old_code"]) == set(links["old_code"])
    most = links.groupby("old_code")["share"].max()
    assert (main.set_index("old_code")["share"] >= most.reindex(main["old_code"]) - 1e-6).all()
    assert (links.loc[links["kind"] == "whole", "main"] == "yes").all()


def test_links_are_as_the_resolutions_have_them() -> None:
    """Res. 1663 cl. 99, 14-15; 1668 cl. 18, 57, 80, 85; 1682 cl. 20, 52; 1676 cl. 116, 118; 1686 cl. 60."""
    links = crosswalk.links().groupby("old_code")["new_code"].agg(set)
    assert links["28437"] == {"28435"} and links["28036"] == {"28036"}
    assert (links["31474"], links["31744"]) == ({"31473"}, {"31741"})
    assert (links["31379"], links["31582"]) == ({"31378"}, {"31582"})
    assert links["04957"] == {"04960", "04924"} and links["30157"] == {"30157", "30130"}
    assert links["15598"] == {"15592"}


def test_corrections_change_the_links_they_name_and_document_the_others() -> None:
    pairs = set(zip(crosswalk.links()["old_code"], crosswalk.links()["new_code"], strict=True))
    table = read_table("crosswalk_corrections")
    for change, there in (("removed", False), ("added", True), ("refused", False), ("kept", True)):
        listed = table[table["change"] == change]
        assert len(listed), change
        assert all((pair in pairs) is there for pair in zip(listed["old_code"], listed["new_code"], strict=True))


def test_counts_are_kept_and_missing_stays_missing() -> None:
    old = units.old_communes().index
    people = pd.DataFrame({"people": np.arange(len(old), dtype=float)}, index=old)
    assert crosswalk.counts_to_current(people)["people"].sum() == pytest.approx(people["people"].sum(), rel=1e-6)
    people.loc["06970", "people"] = np.nan
    assert np.isnan(crosswalk.counts_to_current(people).loc["06970", "people"])


def test_a_constant_rate_stays_constant() -> None:
    old = units.old_communes().index
    weights = pd.Series(np.linspace(1, 9, len(old)), index=old)
    moved = crosswalk.rates_to_current(pd.DataFrame({"rate": 7.0}, index=old), weights)
    assert np.allclose(moved["rate"], 7.0)


def test_the_vintage_of_a_table_is_told_by_its_codes() -> None:
    assert crosswalk.vintage(ALL.query("province_code == '22'").index) == "current"
    old = units.old_communes().query("old_province_code == '22'").index
    assert crosswalk.vintage(old) == "old"


@pytest.mark.reference
def test_the_crosswalk_agrees_with_the_resolutions_of_2025(shared: Path) -> None:
    merges = json.loads((shared / "crosswalk" / "merges.json").read_text(encoding="utf-8"))["data"]
    pairs = [
        (old["old_id"], new["level2_id"])
        for province in merges for new in province["level2s"] for old in new["merges"]
    ]  # fmt: skip
    told = set(zip([old for old, _ in pairs], units.check_codes([new for _, new in pairs]), strict=True))
    ours = {
        link
        for link in zip(crosswalk.links()["old_code"], crosswalk.links()["new_code"], strict=True)
        if link[0][0] != "D"
    }
    assert len(ours & told) / len(ours | told) > 0.995
    assert len(ours - told) <= 7
    refused = read_table("crosswalk_corrections").query("change == 'refused'")
    assert set(zip(refused["old_code"], refused["new_code"], strict=True)) <= told - ours, "each differs on purpose"
