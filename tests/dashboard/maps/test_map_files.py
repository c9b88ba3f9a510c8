"""What the map fetches and what its layers say."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.locale import texts
from dashboard.maps import base, crossings, flows, outreach, shapes, zones
from geo import layers
from geo.base import paths

HOSTILE = '<img src=x onerror="alert(1)">`${alert(1)}`'


def decoded(shape: list[list[list[int]]]) -> shapely.MultiPolygon:
    """Undo the encoding as the script of the map does."""
    polygons = []
    for polygon in shape:
        rings = [np.cumsum(np.array(ring).reshape(-1, 2), axis=0) / shapes.SCALE for ring in polygon]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(polygons)


@given(
    st.lists(st.tuples(st.floats(102, 117), st.floats(7, 23)), min_size=3, max_size=9, unique=True).map(
        lambda points: shapely.convex_hull(shapely.MultiPoint(points))
    )
)
def test_a_shape_comes_back_on_the_grid(geometry: shapely.Geometry) -> None:
    if geometry.geom_type != "Polygon" or geometry.area < 1e-4:
        return
    back = decoded(shapes.encode(geometry))
    assert shapely.hausdorff_distance(back.boundary, geometry.boundary) <= 1.5 / shapes.SCALE


def test_an_islet_below_the_grid_stays_as_a_speck() -> None:
    islet = shapely.Point(111.9, 16.5).buffer(1e-6)
    sea = shapely.MultiPolygon([shapely.box(106, 16, 107, 17), islet])
    back = decoded(shapes.encode(sea))
    assert len(back.geoms) == 2
    assert back.geoms[1].area > 0


def test_neighbours_share_their_rounded_border() -> None:
    left, right = shapely.box(106, 20, 106.33333333, 21), shapely.box(106.33333333, 20, 107, 21)
    one, other = decoded(shapes.encode(left)), decoded(shapes.encode(right))
    assert one.intersection(other).area == 0
    assert one.intersection(other).length == pytest.approx(1, abs=1e-6)


def test_a_file_is_written_once_and_named_after_its_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "STATIC", tmp_path)
    address = shapes.publish("a/b.json", {"name": HOSTILE})
    assert address == "../../app/static/geometry/a/b.json"
    written = tmp_path / "geometry/a/b.json"
    assert json.loads(written.read_text(encoding="utf-8")) == {"name": HOSTILE}
    before = written.stat().st_mtime_ns
    shapes.publish("a/b.json", {"name": HOSTILE})
    assert written.stat().st_mtime_ns == before
    assert shapes.digest(1, "x") != shapes.digest(2, "x")


def test_the_commune_file_holds_names_in_the_order_of_the_shapes() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], index=["b", "a"], crs=4326)
    units = pd.DataFrame(
        {"name": ["A", HOSTILE], "province_code": ["22", "22"], "lat": [0.5, 0.5], "lon": [1.5, 0.5]},
        index=["a", "b"],
    )
    made = shapes.communes(frame, units, pd.Series({"22": "Q"}))
    assert made["codes"] == ["b", "a"]
    assert made["names"] == [HOSTILE, "A"]
    assert made["centres"] == [[0.5, 0.5], [0.5, 1.5]]


def test_the_first_view_leaves_far_islands_out() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(108, 12, 109, 13), shapely.box(114, 9, 115, 10)], index=["a", "b"])
    assert shapes.bounds(frame, ["b"]) == [[12.0, 108.0], [13.0, 109.0]]
    assert shapes.bounds(frame.loc[["b"]], ["b"]) == [[9.0, 114.0], [10.0, 115.0]]


def test_the_map_asks_nobody_else_and_never_changes() -> None:
    made = base.constant_map()
    addresses = [address for _, address in (*made.default_js, *made.default_css)]
    assert addresses
    assert all(address.startswith("../../app/static/") for address in addresses)
    assert [name for name, _ in made.default_js] == [name for name, _ in base.constant_map().default_js]


def test_an_update_is_harmless_and_its_version_follows_its_content() -> None:
    group = base.update_group({"title": HOSTILE})
    message = next(iter(group._children.values())).message
    assert not set("<>`$'") & set(message)
    assert json.loads(message)["title"] == HOSTILE
    same, other = (
        json.loads(next(iter(base.update_group({"title": title})._children.values())).message)["version"]
        for title in (HOSTILE, "x")
    )
    assert json.loads(message)["version"] == same != other


@pytest.mark.parametrize("language", ["vi", "en"])
def test_crossings_every_symbol_and_word_of_the_file_is_known(language: str) -> None:
    frame = layers.border_crossings()
    file = crossings.points(frame)
    told = crossings.overlay(frame, "x", texts(language))
    assert len(file["points"]) == len(frame)
    assert {point["symbol"] for point in file["points"]} <= set(told["symbols"])
    assert {word for point in file["points"] for word in point["words"]} <= set(told["words"])


def test_a_derived_crossing_is_hollow_and_dashed() -> None:
    known, derived = (crossings.symbol("main", "China", flag) for flag in (False, True))
    assert (known.dashed, derived.dashed) == (False, True)
    assert derived.fill == "#ffffff" != known.fill
    low = layers.border_crossings()["coordinate_confidence"].eq("low").sum()
    section = crossings.legend(layers.border_crossings(), texts("vi"))
    assert [row.count for row in section.rows if row.symbol.dashed] == [str(low)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_legend_says_how_many_are_not_on_the_map(language: str) -> None:
    gates, parks, text = layers.border_crossings(), layers.industrial_zones(), texts(language)
    assert crossings.legend(gates, text).note == ""
    assert crossings.legend(gates, text, 2).note == text("crossing.unplaced", count="2")
    assert zones.legend(parks, text).note == text("zone.note")
    assert zones.legend(parks, text, 75).note.endswith(text("zone.unplaced", count="75"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_zones_every_symbol_and_word_of_the_file_is_known(language: str) -> None:
    frame = layers.industrial_zones()
    file = zones.points(frame)
    told = zones.overlay(frame, "x", texts(language))
    assert {point["symbol"] for point in file["points"]} <= set(told["symbols"])
    assert {word for point in file["points"] for word in point["words"]} <= set(told["words"])
    shown = zones.legend(frame, texts(language)).rows
    by_type = sum(int(row.count) for row in shown[: len({zones._group(kind) for kind in frame["type"]})])
    assert by_type == len(frame)


def test_flows_are_as_wide_as_they_are_large() -> None:
    matrix = layers.migration_flows("matrix")
    arrows = flows.overlay(matrix, texts("vi"))["arrows"]
    assert len(arrows) == 30
    assert arrows[0]["width"] == flows.WIDEST
    assert [arrow["width"] for arrow in arrows] == sorted((arrow["width"] for arrow in arrows), reverse=True)
    assert "113.420 người/năm" in arrows[0]["lines"]
    faint = flows.overlay(matrix, texts("vi"), {"CHL"})["arrows"]
    assert sum(not arrow["muted"] for arrow in faint) == 10


def test_five_years_are_drawn_apart_from_one_and_as_wide_as_their_yearly_mean() -> None:
    arrows = flows.overlay(layers.migration_flows(), texts("vi"))["arrows"]
    dashed = [arrow for arrow in arrows if arrow["dashed"]]
    assert len(arrows) == 32
    assert [arrow["lines"][1] for arrow in dashed] == [
        "710.000 người trong 5 năm đến 1/4/2019",
        "209.300 người trong 5 năm đến 1/4/2019",
    ]
    assert dashed[0]["width"] == flows.width(142_000, 142_000)
    assert len(flows.legend(layers.migration_flows(), texts("vi")).rows) == len(flows.SAMPLES) + 1


def test_outreach_missing_is_not_none() -> None:
    reached = pd.DataFrame({"people_reached": [100.0, 0.0, np.nan, 25.0], "events": [2.0, 0.0, np.nan, 1.0]})
    told = outreach.overlay(reached, True, texts("vi"))
    assert [circle[0] for circle in told["communes"]] == [0, 3]
    assert told["communes"][1][1] == outreach.LARGEST / 2
    assert told["dashed"]
    assert "Minh họa" in told["communes"][0]
    counts = [row.count for row in outreach.legend(reached, True, texts("vi")).rows if row.count]
    assert counts == ["1", "1"]
