from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import units
from geo.base.errors import InputError
from geo.intake.teams import read_hours, read_teams
from geo.layers.groups import GROUPS, commune_groups, town_distance


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_base_is_a_commune_or_a_point(tmp_path):
    table = written(
        tmp_path / "t.csv",
        "đội;tên;xã;tỉnh;ngày mỗi tuần;buổi mỗi tuần;vĩ độ;kinh độ\n"
        "D1;Đội một;Phường Hồng Gai;22;2;3;;\nD2;;;;1.5;;21.5;107.9\n",
    )
    found = read_teams(table)
    place = units.communes().loc["06685"]
    assert found.loc["D1", ["lat", "lon"]].tolist() == [place["lat"], place["lon"]]
    assert found.loc["D1", "province_code"] == "22"
    assert found.loc["D2", ["name", "lat", "lon"]].tolist() == ["D2", 21.5, 107.9]
    assert pd.isna(found.loc["D2", "province_code"])
    assert np.isnan(found.loc["D2", "sessions_per_week"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("team,commune,days_per_week\nD1,06685,9\n", "D1: days_per_week"),
        ("team,commune,days_per_week\nD1,06685,\n", "D1: days_per_week"),
        ("team,commune,days_per_week\nD1,,2\n", "D1: commune"),
        ("team,commune,days_per_week\nD1,Nowhere at all,2\n", "D1: commune = Nowhere at all"),
        ("team,lat,lon,days_per_week\nD1,51.0,107,2\n", "D1: lat"),
        ("team,commune\nD1,06685\n", "days_per_week"),
        ("team,days_per_week\nD1,1\n", "commune"),
        ("team,commune,days_per_week\nD1,06685,1\nD1,06685,1\n", "D1"),
    ],
)
def test_rows_that_cannot_be_used_are_named(tmp_path, text, named):
    with pytest.raises(InputError) as error:
        read_teams(written(tmp_path / "t.csv", text))
    assert named in str(error.value)


def test_measured_hours(tmp_path):
    found = read_hours(written(tmp_path / "h.csv", "team,commune_code,hours\nD1,4,0.5\nD2,00008,1\n"))
    assert found.loc["D1", "00004"] == 0.5
    assert np.isnan(found.loc["D2", "00004"])
    for bad in ("D1,4,-1", "D1,4,", "D1,4,1\nD1,4,2"):
        with pytest.raises(InputError, match=r"\["):
            read_hours(written(tmp_path / "h.csv", f"team,commune_code,hours\n{bad}\n"))


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_groups_lie_in_the_area(group):
    area = units.communes_of("40" if group == "minority" else "22")
    parts = commune_groups(group, area)
    assert parts
    assert all(set(codes) <= set(area.index) and codes for codes in parts.values())
    if group.startswith("old"):
        assert sum(map(len, parts.values())) == len(area)


def test_remote_is_far_from_towns():
    area = units.communes_of("22")
    distance = town_distance(area)
    remote = list(commune_groups("remote", area)["remote"])
    assert distance[remote].min() >= 15
    assert distance.drop(remote).max() < 15


def test_mountain_and_highland_communes_are_two_groups():
    parts = commune_groups("mountain", units.communes_of("15"))
    assert {name: len(codes) for name, codes in parts.items()} == {"mountainous": 91, "highland": 8}
    assert not set(parts["mountainous"]) & set(parts["highland"])
    assert commune_groups("mountain", units.communes_of("96")) == {}


def test_islands_are_special_zones_and_island_communes():
    islands = commune_groups("island", units.communes_of("91"))["island"]
    assert {"31078", "31105", "31108", "30781"} <= set(islands)
    assert "31834" not in commune_groups("island", units.communes_of("96")).get("island", ()), "inland on every side"


def test_region_iii_is_what_was_reported_and_unknown_elsewhere():
    assert len(commune_groups("minority", units.communes_of("40"))["minority"]) == 51
    with pytest.raises(InputError, match="Nghệ An"):
        commune_groups("minority", units.communes_of("22"))


def test_a_list_of_ones_own(tmp_path):
    path = written(tmp_path / "khu_vuc_iii.csv", "commune_code\n06685\n4\n")
    assert commune_groups(str(path), units.communes_of("22")) == {"khu_vuc_iii": ("06685",)}
    with pytest.raises(InputError, match="hills"):
        commune_groups("hills", units.communes_of("22"))
