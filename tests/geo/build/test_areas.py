"""Centres and areas that a source took from a namesake are found and replaced; the others are left alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import crosswalk, units
from geo.build import areas
from geo.build import units as units_build


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    communes = units_build.communes_table(units_build.read_package("admin_units"))
    return communes, units.old_communes().reset_index(), crosswalk.links()


def test_swapped_centres_go_home_and_no_other_moves(tables: tuple[pd.DataFrame, ...]) -> None:
    given, old, links = tables
    placed = areas.with_true_centres(given, old, links).set_index("commune_code")
    moved = placed.index[placed["lat"].to_numpy() != given["lat"].to_numpy()]
    assert {"06757", "06967", "04924", "08296"} <= set(moved)
    assert len(moved) < 12
    assert placed.loc["06757", "lon"] == pytest.approx(107.93, abs=0.05), "Vĩnh Thực lies off Móng Cái"


def test_namesakes_do_not_share_an_area(tables: tuple[pd.DataFrame, ...]) -> None:
    fixed = areas.corrected(*tables)
    reported = fixed[fixed["area_quality"] == "reported"]
    shared = reported.duplicated(["short_name", "area_km2"], keep=False)
    assert shared.sum() < 5
    assert fixed["area_km2"].gt(0).all()
    assert 100 < (fixed["area_quality"] == "modelled").sum() < 250


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
    assert (before, after) == (pytest.approx(148, abs=5), pytest.approx(48, abs=6))
