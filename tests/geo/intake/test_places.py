from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import layers, units
from geo.base.errors import InputError
from geo.base.vocabulary import PlaceKind
from geo.datasets.schemas import SCHEMAS
from geo.intake.places import KINDS, read_places, reported_places, template, with_points


def table(tmp_path: Path, text: str, name: str = "noi.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_the_form_reads_back_with_every_kind(tmp_path: Path, language: str, ending: str) -> None:
    path = tmp_path / f"form{ending}"
    form = template(language)
    form.to_csv(path, index=False) if ending == ".csv" else form.to_excel(path, index=False)
    found = read_places(path)
    assert list(found) == list(SCHEMAS["outreach_places"].columns)
    assert set(found["kind"]) == set(PlaceKind) == set(KINDS)
    hotline = found[found["kind"] == "hotline"].iloc[0]
    assert hotline["phone"] == "111" and hotline["days_per_week"] == 7
    assert found["count"].tolist() == [1, 1, 1, 1]


def test_words_of_the_field_old_names_and_points(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Loại,Tên,Xã,Tỉnh,Vĩ độ,Lon,Số phòng,Ngày thành lập,Số điện thoại\n"
        "CLB,CLB Hùng Thắng,Hùng Thắng,Quảng Ninh,,,,04/05/2022,\n"
        "Nhà tạm lánh,Nhà A,,Quảng Ninh,,,10,,\n"
        "đội tình nguyện,Đội trên biển,,,20.95,107.1,,,\n"
        "Tổng đài,Số quốc gia,,,,,,,111\n",
    )
    found = read_places(path, source="Sở Y tế").set_index("kind")
    assert found.loc["club", ["commune_code", "province_code", "since"]].tolist() == ["06673", "22", "2022-05-04"]
    assert found.loc["shelter", "capacity"] == 10 and pd.isna(found.loc["shelter", "commune_code"])
    assert found.loc["team", "lat"] == 20.95 and pd.isna(found.loc["hotline", "province_code"])
    assert set(found["source"]) == {"Sở Y tế"} and found["place_id"].is_unique
    again = read_places(path, source="Sở Y tế")
    assert again["place_id"].tolist() == found["place_id"].tolist()


def test_every_faulty_cell_is_named_with_its_row(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "kind,name,commune,province,count,days_per_week,phone,lat,lon,place_id,since\n"
        "spaceship,A,06685,22,1,1,,,,a,\n"
        "team,,06685,22,0,8,,,,b,31/02/2024\n"
        "club,B,Nowhere at all,22,1,1,,,,c,\n"
        "hotline,C,,22,1,1,,,,d,\n"
        "team,D,,,1,1,abc,21.0,,d,\n",
    )
    with pytest.raises(InputError) as caught:
        read_places(path)
    rows = caught.value.rows
    for expected in (
        "2: kind = spaceship", "3: name = ∅", "3: count = 0", "3: days_per_week = 8", "3: since = 31/02/2024",
        "4: commune = Nowhere at all", "5: phone = ∅", "6: phone = abc", "6: lat, lon", "6: place_id = d",
    ):  # fmt: skip
        assert any(row.startswith(expected) for row in rows), (expected, rows)
    assert "10" in caught.value.message("vi") and str(tmp_path) not in caught.value.message("en")


def test_without_kind_or_name_the_form_is_offered(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="loại"):
        read_places(table(tmp_path, "name,commune\nA,06685\n"))


def test_a_place_without_a_point_stands_in_the_middle_of_its_commune() -> None:
    found = with_points(reported_places())
    club = found.loc["22-CLB-5"]
    assert club[["lat", "lon"]].tolist() == units.communes().loc["06706", ["lat", "lon"]].tolist()
    assert found["placed"].value_counts().to_dict() == {"commune": 5, "": 5}
    given = reported_places().assign(lat=21.0, lon=107.0)
    assert set(with_points(given)["placed"]) == {"given"}


def test_reported_places_agree_with_the_reports_they_name() -> None:
    reported = layers.outreach_reported().set_index("report_id")
    for _, row in reported_places().iterrows():
        named = reported.loc[row["reports"].split("; ")]
        assert set(named["province_code"].dropna()) <= {row["province_code"]}
        values = set(named["value"])
        for figure in ("people", "capacity"):
            assert np.isnan(row[figure]) or row[figure] in values, (row["name"], figure)
        assert row["count"] in values | {1.0}
