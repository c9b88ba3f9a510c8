"""The schematic geometry that ships, and its measure against official polygons."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import units
from geo.base import paths
from geo.base.crs import EQUAL_AREA, METRIC
from geo.boundaries.check import compare, coverage_faults
from geo.build.geometry_figures import read_official
from geo.files.write import file_hash


@pytest.fixture(scope="module")
def schematic() -> gpd.GeoDataFrame:
    return gpd.read_parquet(paths.DEFAULT_GEOMETRY)


def test_every_commune_once_and_in_its_province(schematic: gpd.GeoDataFrame) -> None:
    communes = units.communes()
    assert schematic["commune_code"].tolist() == communes.index.tolist()
    assert schematic["province_code"].tolist() == communes["province_code"].tolist()
    assert schematic.crs == "EPSG:4326"


def test_valid_coverage(schematic: gpd.GeoDataFrame) -> None:
    assert coverage_faults(schematic) == []


def test_figures_are_of_this_geometry() -> None:
    kept = json.loads(paths.GEOMETRY_FIGURES.read_text(encoding="utf-8"))
    assert kept["geometry_sha256"] == file_hash(paths.DEFAULT_GEOMETRY)


@pytest.mark.reference
def test_official_polygons(schematic: gpd.GeoDataFrame, shared: Path) -> None:
    official = read_official(shared / "boundaries" / "communes_2025_20m.parquet")
    result = compare(schematic.set_index("commune_code").geometry, official)
    assert result.mean_iou >= 0.735
    assert result.neighbours_kept >= 0.94
    kept = json.loads(paths.GEOMETRY_FIGURES.read_text(encoding="utf-8"))
    assert {name: kept[name] for name in result.figures()} == pytest.approx(result.figures(), abs=2e-4)


def test_centres_near_and_areas_plausible(schematic: gpd.GeoDataFrame) -> None:
    communes = units.communes()
    metric = schematic.set_index("commune_code").to_crs(METRIC)
    points = gpd.GeoSeries(gpd.points_from_xy(communes["lon"], communes["lat"]), communes.index, 4326).to_crs(METRIC)
    distance = metric.distance(points)[~communes["name"].isin(["Đặc khu Hoàng Sa", "Đặc khu Trường Sa"])]
    assert (distance < 10_000).mean() > 0.99
    ratio = schematic.set_index("commune_code").to_crs(EQUAL_AREA).area / 1e6 / communes["area_km2"]
    assert ratio.between(0.5, 2).mean() > 0.98


def test_islands_are_there(schematic: gpd.GeoDataFrame) -> None:
    communes = units.communes()
    shapes = schematic.set_index("commune_code").geometry
    places = {
        "Hoàng Sa": (111.6, 16.5), "Trường Sa": (111.9, 8.65), "Phú Quý": (108.94, 10.53), "Lý Sơn": (109.12, 15.38),
        "Bạch Long Vĩ": (107.73, 20.13), "Cồn Cỏ": (107.34, 17.16), "Côn Đảo": (106.6, 8.7),
        "Phú Quốc": (104.0, 10.2), "Thổ Châu": (103.48, 9.3), "Cô Tô": (107.77, 20.98), "Vân Đồn": (107.4, 21.05),
        "Kiên Hải": (104.63, 9.8),
    }  # fmt: skip
    for name, (lon, lat) in places.items():
        code = communes.index[(communes["short_name"] == name) & (communes["type"] == "Đặc khu")]
        assert len(code) == 1, name
        assert shapes[code[0]].distance(shapely.Point(lon, lat)) < 0.1, name
        assert not shapes[code[0]].is_empty


def test_no_staircases(schematic: gpd.GeoDataFrame) -> None:
    rings = shapely.get_rings(schematic.to_crs(METRIC).geometry.to_numpy())
    steps = np.concatenate([np.diff(shapely.get_coordinates(ring), axis=0) for ring in rings])
    length = np.hypot(*steps.T)
    angle = np.degrees(np.arctan2(np.abs(steps[:, 1]), np.abs(steps[:, 0])))
    along_axis = length[(angle < 2) | (angle > 88)].sum() / length.sum()
    assert along_axis < 0.2


def test_size_for_display(schematic: gpd.GeoDataFrame) -> None:
    assert paths.DEFAULT_GEOMETRY.stat().st_size < 4_000_000
    sizes = schematic.groupby("province_code").apply(lambda rows: len(rows.to_json()))
    assert sizes.max() < 300_000


def test_border_and_background() -> None:
    border = gpd.read_file(paths.LAND_BORDER)
    assert set(border["neighbour"]) == {"China", "Laos", "Cambodia"}
    kilometres = border.set_index("neighbour").to_crs(METRIC).length / 1000
    assert kilometres.between(900, 2200).all()
    background = gpd.read_file(paths.NEIGHBOURS)
    assert {"China", "Laos", "Cambodia", "Thailand"} <= set(background["name"])
    assert background.is_valid.all()
