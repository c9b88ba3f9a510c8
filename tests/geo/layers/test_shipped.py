"""Layers: points in the country, flows that add up, victims nowhere near a layer."""

import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo import datasets, layers, units
from geo.base import paths
from geo.base.crs import METRIC
from geo.base.errors import InputError
from geo.base.paths import ROOT
from geo.base.vocabulary import GATEWAYS, LAND_CROSSINGS, CrossingType, Neighbour, ZoneStatus, ZoneType
from geo.datasets import default_path
from geo.files.write import replace_file
from geo.layers.borders import land_border
from geo.units import crosswalk


def test_crossings_have_the_kinds_and_neighbours_they_should() -> None:
    crossings = layers.border_crossings(located=False)
    assert crossings["type"].value_counts().to_dict() == {
        CrossingType.INTERNATIONAL: 32,
        CrossingType.MAIN: 32,
        CrossingType.SECONDARY: 35,
        CrossingType.OPENING: 20,
        CrossingType.AIRPORT: 12,
        CrossingType.DOMESTIC_AIRPORT: 3,
        CrossingType.SEAPORT: 38,
    }
    land = crossings[crossings["type"].isin(LAND_CROSSINGS)]
    assert set(land["neighbour"]) == {str(country) for country in Neighbour}
    assert (crossings.loc[crossings["type"].isin(GATEWAYS), "neighbour"] == "").all()
    assert land.geometry.notna().all()
    assert land["border_km"].le(6).all()
    assert (crossings["coordinate_confidence"] != "")[crossings.geometry.notna()].all()


@pytest.mark.parametrize("layer", [layers.border_crossings, layers.industrial_zones])
def test_points_lie_near_the_commune_they_are_said_to_be_in(layer) -> None:  # type: ignore[no-untyped-def]
    points = layer()
    assert points.crs.to_epsg() == 4326
    known = points[points["commune_code"].notna()]
    communes = units.communes()
    assert known["commune_code"].isin(communes.index).all()
    assert (known["commune_code"].map(communes["province_code"]) == known["province_code"]).all()
    links = crosswalk.links()
    parts = links.merge(units.old_communes(), left_on="old_code", right_index=True).dropna(subset=["lat", "lon"])
    parts = gpd.GeoDataFrame(parts, geometry=gpd.points_from_xy(parts["lon"], parts["lat"]), crs=4326).to_crs(METRIC)
    here = known.to_crs(METRIC).geometry
    km = [
        parts.loc[parts["new_code"] == code].distance(point).min() / 1000
        for code, point in zip(known["commune_code"], here, strict=True)
    ]
    assert np.quantile(km, 0.9) < 8
    assert max(km) < 30


@pytest.mark.parametrize("name", ["border_crossings", "industrial_zones", "regions", "province_statistics"])
def test_old_provinces_lead_to_the_province_given(name: str) -> None:
    frame = datasets.read_table(name).dropna(subset=["old_province_code"])
    successor = units.old_provinces()["province_code"]
    assert (frame["old_province_code"].map(successor) == frame["province_code"]).all()


def test_zones_have_the_larger_of_nothing_but_known_areas() -> None:
    zones = layers.industrial_zones(located=False)
    assert set(zones["type"]) <= {str(kind) for kind in ZoneType}
    assert set(zones["status"]) <= {str(state) for state in ZoneStatus}
    legal = zones["area_ha_official"].notna() & (zones["area_basis"] != "mapped")
    assert (zones.loc[legal, "area_ha"] == zones.loc[legal, "area_ha_official"]).all()
    assert zones["area_ha"].isna().any()
    assert not zones.duplicated(["name_vi", "lat", "lon", "province_code"]).any()


@pytest.mark.parametrize(
    ("layer", "identifier"), [(layers.border_crossings, "crossing_id"), (layers.industrial_zones, "zone_id")]
)
def test_a_part_names_a_whole_that_is_there_near_by_and_no_part_itself(layer, identifier: str) -> None:  # type: ignore[no-untyped-def]
    table = layer(located=False).set_index(identifier)
    parts = table[table["part_of"].notna()]
    assert len(parts) >= 3
    wholes = table.loc[parts["part_of"]]
    assert wholes["part_of"].isna().all()
    assert (parts["note"] != "").all()
    apart = parts.geometry.to_crs(METRIC).distance(wholes.geometry.to_crs(METRIC), align=False)
    assert (apart < 3000).all()


def test_two_seaports_alone_have_no_point_and_derived_ones_say_so() -> None:
    ports = layers.border_crossings(located=False).query("type == 'seaport'").set_index("crossing_id")
    assert ports.index[ports["lat"].isna()].tolist() == ["BC163", "BC167"]
    assert (ports["coordinate_confidence"] == "low").sum() == 23
    assert ports.loc[ports["lat"].notna(), "commune_code"].notna().all()


def test_the_flow_matrix_is_complete_and_adds_up_to_the_published_totals() -> None:
    flows = layers.migration_flows("matrix")
    table = flows.pivot_table(index="origin_region", columns="destination_region", values="migrants")
    assert table.shape == (6, 6)
    assert np.isnan(np.diag(table)).all()
    assert table.notna().sum().sum() == 30
    assert flows["years"].eq(1).all()
    assert flows[["origin_lat", "origin_lon", "destination_lat", "destination_lon"]].notna().all(axis=None)


def test_region_points_are_communes_of_their_region() -> None:
    points = layers.region_points()
    region = crosswalk.main_old_province().map(layers.regions()["region_code"])
    communes = units.communes()
    for code, row in points.iterrows():
        here = communes[(communes["lat"] == row["lat"]) & (communes["lon"] == row["lon"])]
        assert region[here.index[0]] == code


def test_statistics_by_old_province() -> None:
    poverty = layers.province_values("multidimensional_poverty_rate_nso", (2022, 2023, 2024))
    assert poverty.notna().all()
    assert poverty["02"] > poverty["01"]
    with pytest.raises(InputError, match="poverty_of_mars"):
        layers.province_values("poverty_of_mars")


def test_every_commune_has_its_facts() -> None:
    facts = layers.commune_facts()
    assert facts.index.equals(units.communes().index)
    assert facts["mountain_class"].value_counts().to_dict() == {0: 1926, 1: 858, 2: 537}
    roads = facts[["national_highway_km", "expressway_km", "railway_km"]]
    assert roads.ge(0).all(axis=None)
    assert roads.drop(index=["20333", "22736"]).lt(450).all(axis=None), "Côn Đảo and Thổ Châu are farthest"
    special = units.communes()["type"] == "Đặc khu"
    assert (facts.loc[special, "island"] == 1).all()
    assert facts.index[facts["island"].isna()].tolist() == ["31834", "32137"]
    assert facts.loc[facts["island"].isna(), "note"].ne("").all()


def test_distance_to_a_highway_differs_most_inside_provinces() -> None:
    far = np.log(layers.commune_facts()["national_highway_km"].clip(lower=0.05))
    inside = far - far.groupby(units.communes()["province_code"]).transform("mean")
    assert (inside**2).sum() / ((far - far.mean()) ** 2).sum() == pytest.approx(0.91, abs=0.02)


def test_towns_across_the_border_lie_across_it_and_near() -> None:
    towns = layers.neighbour_towns()
    assert set(towns["neighbour"]) == {str(country) for country in Neighbour}
    line = gpd.GeoSeries([land_border()], crs=4326).to_crs(METRIC).iloc[0]
    km = towns.to_crs(METRIC).distance(line) / 1000
    assert km.max() < 65
    assert (km - towns["border_km"]).abs().max() < 6, "as compiled, against the line that ships"
    assert towns["population"].isna().sum() == 61
    assert towns["population"].max() == 450_000


@pytest.mark.parametrize(
    ("table", "file", "key", "names"),
    [
        (
            "commune_facts",
            "communes_2025.csv",
            "commune_code",
            ["mountain_class", "island", "national_highway_km", "expressway_km", "railway_km"],
        ),
        ("neighbour_towns", "neighbour_towns.csv", "geonameid", ["lat", "lon", "population", "border_km"]),
    ],
)
def test_facts_are_those_compiled(shared: Path, table: str, file: str, key: str, names: list[str]) -> None:
    compiled = pd.read_csv(shared / "facts" / file, dtype={key: str}).set_index(key)[names].sort_index()
    ours = datasets.read_table(table).set_index(key).sort_index()
    assert ours.index.equals(compiled.index)
    other = ours.index[(ours[names] != compiled).where(ours[names].notna() | compiled.notna(), False).any(axis=1)]
    assert (ours.loc[other, "note"] != "").all(), "what departs says why"
    assert len(other) <= 2


def test_small_counts_of_people_are_not_shipped() -> None:
    evidence = datasets.read_table("trafficking_evidence")
    assert set(evidence["role"]) == {"validation"}
    local = evidence[evidence["level"] != "nation"]
    numbers = pd.to_numeric(local["value"], errors="coerce").dropna()
    assert (numbers >= 10).all()
    outcomes = layers.outreach_reported().query("role == 'outcome'")
    assert (outcomes["value"].isna() | outcomes["value"].eq(0) | outcomes["value"].ge(10)).all()


def test_nothing_reads_the_evidence_into_a_score() -> None:
    """Only the room of the yardsticks may; that no score can reach it is held by import-linter (pyproject.toml)."""
    tables = ("trafficking_evidence", "validation_lists", "yardstick_history", "province_notes")
    for room in ("geo", "models", "dashboard"):
        for source in (ROOT / room).rglob("*.py"):
            if source.name not in ("schemas.py", "schemas_validity.py", "packages.py", "yardsticks.py"):
                text = source.read_text(encoding="utf-8")
                assert not [name for name in tables if f'"{name}"' in text], source


def test_a_shipped_table_that_is_replaced_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for table in ("border_crossings", "regions"):
        shutil.copy(default_path(table), tmp_path)
    monkeypatch.setattr(paths, "INDICATORS", tmp_path)
    monkeypatch.setattr(paths, "BOUNDARIES", tmp_path)
    before = layers.border_crossings()
    assert layers.border_crossings() is before, "kept while the file stays"
    file = tmp_path / "border_crossings.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    with replace_file(file) as temporary:
        temporary.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    assert len(layers.border_crossings()) == len(before) - 1
