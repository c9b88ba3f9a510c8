"""What a written file says of itself."""

import json
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely import Point

from dashboard.export.geodata import WRITERS, write_frame

FRAME = gpd.GeoDataFrame({"commune_code": ["06649"]}, geometry=[Point(107.0, 20.9)], crs=4326)


def test_a_geojson_is_named_after_its_file(tmp_path: Path) -> None:
    write_frame(FRAME, tmp_path / "quang_ninh.geojson")
    assert json.loads((tmp_path / "quang_ninh.geojson").read_text(encoding="utf-8"))["name"] == "quang_ninh"


@pytest.mark.parametrize("ending", WRITERS)
def test_no_file_holds_the_name_it_was_written_under(tmp_path: Path, ending: str) -> None:
    write_frame(FRAME, tmp_path / f"quang_ninh{ending}")
    assert [path.name for path in tmp_path.iterdir()] == [f"quang_ninh{ending}"]
    assert b".quang_ninh." not in (tmp_path / f"quang_ninh{ending}").read_bytes()


def test_a_geopackage_has_one_layer_of_communes(tmp_path: Path) -> None:
    write_frame(FRAME, tmp_path / "quang_ninh.gpkg")
    assert pyogrio.list_layers(tmp_path / "quang_ninh.gpkg").tolist() == [["communes", "Point"]]
