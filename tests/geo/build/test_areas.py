"""Centres and areas that a source took from a namesake are found and replaced; the others are left alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import units
from geo.build import areas
from geo.build import units as units_build
from geo.datasets import read_table
from geo.units import crosswalk


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    communes = units_build.communes_table(units_build.read_package("admin_units"))
    old = units_build.old_communes_table(units_build.read_package("admin_units_legacy"))
    return communes, old, crosswalk.links()


def test_swapped_centres_go_home_and_no_other_moves(tables: tuple[pd.DataFrame, ...]) -> None:
    given, old, links = tables
    placed = areas.with_true_centres(given, old, links).set_index("commune_code")
    moved = placed.index[placed["lat"].to_numpy() != given["lat"].to_numpy()]
    assert {"06757", "06967", "04924", "08296"} <= set(moved)
    assert len(moved) < 12
    assert placed.loc["06757", "lon"] == pytest.approx(107.93, abs=0.05), "Vĩnh Thực lies off Móng Cái"


def test_namesakes_do_not_share_an_area_even_without_the_official_ones(tables: tuple[pd.DataFrame, ...]) -> None:
    fixed = areas.with_checked_areas(areas.with_true_centres(*tables), *tables[1:])
    reported = fixed[fixed["area_quality"] == "reported"]
    shared = reported.duplicated(["short_name", "area_km2"], keep=False)
    assert shared.sum() < 5
    assert fixed["area_km2"].gt(0).all()
    assert 100 < (fixed["area_quality"] == "modelled").sum() < 250


def test_what_ships_is_what_the_build_makes(tables: tuple[pd.DataFrame, ...]) -> None:
    made = areas.corrected(*tables, read_table("commune_areas"), read_table("centre_corrections"))
    made = made.set_index("commune_code")
    columns = ["lat", "lon", "area_km2", "area_quality", "area_source", "area_as_of", "area_confidence"]
    for name in [*columns, "centre_confidence"]:
        pd.testing.assert_series_equal(made[name], units.communes()[name], check_dtype=False)


def test_areas_are_official_but_where_these_contradict_the_map() -> None:
    communes, official = units.communes(), read_table("commune_areas").set_index("commune_code")
    usable = official["confidence"] != "low"
    assert (~usable).sum() == 30
    assert communes.loc[usable, "area_km2"].equals(official.loc[usable, "area_km2"].rename_axis("commune_code"))
    assert set(communes.loc[~usable, "area_confidence"]) == {"low"}
    refused = communes[~usable]
    bac_lieu = refused[crosswalk.main_old_province().reindex(refused.index) == "95"]
    assert len(bac_lieu) == 25 and set(bac_lieu["area_quality"]) == {"modelled"}
    assert bac_lieu["area_km2"].sum() == pytest.approx(2460, rel=0.03), "old Bạc Liêu, not the 1,036 of the letter"


def test_a_refused_official_area_leaves_the_source_s_own_or_an_estimate(tables: tuple[pd.DataFrame, ...]) -> None:
    given, old, links = tables
    checked = given.assign(area_quality="reported")
    official = read_table("commune_areas")
    one = official["commune_code"] == "00004"
    refused = official.assign(
        confidence=official["confidence"].mask(one, "low"), area_km2=official["area_km2"].mask(one, 900.0)
    )
    kept = areas.with_official_areas(checked, old, links, refused).set_index("commune_code").loc["00004"]
    assert (kept["area_quality"], kept["area_confidence"], kept["area_source"]) == ("reported", "low", areas.SOURCE)
    assert kept["area_km2"] == given.set_index("commune_code").loc["00004", "area_km2"]
    same = checked.assign(area_km2=checked["area_km2"].mask(checked["commune_code"] == "00004", 905.0))
    estimate = areas.with_official_areas(same, old, links, refused).set_index("commune_code").loc["00004"]
    assert (estimate["area_quality"], estimate["area_source"]) == ("modelled", areas.ESTIMATE)
    assert 1 < estimate["area_km2"] < 20


def test_centres_move_or_are_doubted_as_listed(tables: tuple[pd.DataFrame, ...]) -> None:
    given = tables[0]
    listed = pd.DataFrame(
        {
            "commune_code": ["00004", "00008"],
            "lat": [21.5, np.nan],
            "lon": [105.5, np.nan],
            "confidence": ["medium", "low"],
        }
    )
    moved = areas.with_listed_centres(given, given, listed).set_index("commune_code")
    assert moved.loc["00004", ["lat", "lon", "centre_confidence"]].tolist() == [21.5, 105.5, "medium"]
    assert moved.loc["00008", "centre_confidence"] == "low"
    assert moved.loc["00008", "lat"] == given.set_index("commune_code").loc["00008", "lat"]
    assert set(moved.drop(index=["00004", "00008"])["centre_confidence"]) == {"high"}


def test_a_namesake_s_point_goes_to_what_the_commune_became(tables: tuple[pd.DataFrame, ...]) -> None:
    _, old, links = tables
    communes = units.communes().reset_index()
    row = old["old_commune_code"] == "00001"
    planted = old.assign(lat=old["lat"].mask(row, 10.5), lon=old["lon"].mask(row, 106.5))
    fixed = areas.with_true_points(planted, communes, links).set_index("old_commune_code")
    centre = units.communes().loc[links.set_index("old_code").loc["00001", "new_code"]]
    assert fixed.loc["00001", ["lat", "lon", "point_quality"]].tolist() == [centre["lat"], centre["lon"], "modelled"]
    shipped = units.old_communes()
    others = fixed.drop(index="00001")
    pd.testing.assert_frame_equal(others, shipped.loc[others.index, others.columns], check_dtype=False)
    assert (shipped["point_quality"] == "modelled").sum() == 68
    assert fixed.loc["00001", "north"] == shipped.loc["00001", "north"]


def test_a_planted_error_is_found_and_mended(tables: tuple[pd.DataFrame, ...]) -> None:
    given, old, links = tables
    communes = units.communes().reset_index()
    right = communes[communes["area_quality"] == "reported"].set_index("commune_code")["area_km2"]
    doubled = communes["short_name"].duplicated(keep=False) & communes["area_km2"].between(30, 60)
    chosen = communes[doubled & communes["commune_code"].isin(right.index)]
    planted = given.assign(area_km2=given["commune_code"].map(right).fillna(given["area_km2"]))
    first = chosen["commune_code"].iloc[0]
    name = given.set_index("commune_code").loc[first, "short_name"]
    others = planted["short_name"] == name
    planted.loc[others, "area_km2"] = 900.0
    fixed = areas.with_checked_areas(planted, old, links).set_index("commune_code")
    assert fixed.loc[first, "area_quality"] == "modelled"
    assert abs(np.log(fixed.loc[first, "area_km2"] / right[first])) < np.log(2)


@pytest.mark.reference
def test_areas_are_nearer_to_the_official_ones_than_the_source_is(
    shared: Path, tables: tuple[pd.DataFrame, ...]
) -> None:
    table = pd.read_csv(shared / "reference" / "communes_2025_reference.csv", dtype=str)
    official = table.set_index(units.check_codes(table["commune_code"]).to_numpy())["area_km2_gis"].astype(float)

    def wrong(area: pd.Series) -> int:
        return int((np.log(area.where(area > 0) / official.reindex(area.index)).abs().fillna(9) > 0.3).sum())

    before = wrong(tables[0].set_index("commune_code")["area_km2"])
    after = wrong(units.communes()["area_km2"])
    assert (before, after) == (pytest.approx(148, abs=5), pytest.approx(23, abs=6))
