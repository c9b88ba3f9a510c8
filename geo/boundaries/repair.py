"""Repair of outlines: from those of a file to valid areas that meet without gaps and overlaps, and simpler ones."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.base.crs import EQUAL_AREA, GEOGRAPHIC
from geo.base.errors import InputError
from geo.base.findings import Finding
from geo.boundaries.store import LEVELS

GAP = 10.0
"""Gaps narrower than this many metres are slivers and go to the neighbour with the longest border."""

MOVED = 0.01
"""Share of its area above which a commune that the repair changed is named."""

METRES_PER_DEGREE = 108_800.0
"""Side of a square as large as one degree by one degree at 16° N; 107,000 in the far north, 110,000 in the south."""

FLAT = 1e-9
"""Area over squared circumference below which a polygon is a line drawn forth and back; a square has 0.06."""

ROUNDS = 3

POLYGONS = (3, 6)
COLLECTION = 7
Stage = Callable[[str, int, int], None]


def areas(frame: gpd.GeoDataFrame, labels: pd.Series, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the rows that have an area, each a valid polygon or multipolygon.

    Collections keep their polygons; polygons that cross themselves (bow-ties) are repaired.

    Raises
    ------
    InputError
        When rows are points or lines, or nothing is left of one.
    """
    findings: list[Finding] = []
    shapes = frame.geometry.to_numpy().copy()
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if missing.any():
        findings.append(Finding("boundaries.geometry_missing", "warning", int(missing.sum()), tuple(labels[missing])))
    kinds = shapely.get_type_id(shapes)
    collections = np.flatnonzero(kinds == COLLECTION)
    for row in collections:
        shapes[row] = _polygons_of(shapes[row])
    if len(collections):
        findings.append(Finding("boundaries.collections", "info", len(collections), tuple(labels.iloc[collections])))
    wrong = ~missing & (~np.isin(shapely.get_type_id(shapes), POLYGONS) | shapely.is_empty(shapes))
    if wrong.any():
        raise InputError("boundaries.not_areas", labels[wrong], file=file, count=int(wrong.sum()))
    broken = ~missing & ~shapely.is_valid(shapes)
    if broken.any():
        mended = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
        shapes[broken] = [_polygons_of(shape) for shape in mended]
        findings.append(Finding("boundaries.repaired", "info", int(broken.sum()), tuple(labels[broken])))
    lost = ~missing & (shapely.area(shapes) <= FLAT * shapely.length(shapes) ** 2)
    if lost.any():
        raise InputError("boundaries.collapsed", labels[lost], file=file, count=int(lost.sum()))
    outlines = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))[~missing]
    return outlines, findings


def _polygons_of(shape: shapely.Geometry) -> shapely.Geometry:
    if shapely.get_type_id(shape) in POLYGONS:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape) if shapely.get_type_id(shape) == COLLECTION else shape)
    return shapely.union_all(parts[shapely.get_type_id(parts) == POLYGONS[0]])


def one_per_commune(
    frame: gpd.GeoDataFrame, codes: pd.Series, written: pd.Series, file: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return one row per commune, indexed by code, from rows that may be parts of one.

    Parts that do not overlap are joined. A commune that comes twice under two codes of its own is taken once.

    Raises
    ------
    InputError
        When several rows of one code overlap.
    """
    shapes: dict[str, shapely.Geometry] = {}
    joined, twice, clash = [], [], []
    for code, rows in codes.groupby(codes, sort=False):
        parts = frame.geometry.loc[rows.index].to_numpy()
        whole = shapely.union_all(parts) if len(parts) > 1 else parts[0]
        overlap = 1 - shapely.area(whole) / shapely.area(parts).sum()
        if len(parts) > 1 and overlap <= MOVED:
            joined.append(str(code))
        elif len(parts) > 1 and written[rows.index].nunique() == len(parts):
            own = rows.index[written[rows.index] == code]
            whole = frame.geometry.loc[own[0] if len(own) else rows.index[0]]
            twice.append(f"{' + '.join(written[rows.index])} → {code}")
        elif len(parts) > 1:
            clash.append(str(code))
        shapes[str(code)] = whole
    if clash:
        raise InputError("boundaries.codes_twice", clash, file=file, count=len(clash))
    findings = [Finding("boundaries.parts_joined", "info", len(joined), tuple(joined))] if joined else []
    if twice:
        findings.append(Finding("boundaries.alias_twice", "warning", len(twice), tuple(twice)))
    index = pd.Index(list(shapes), name="commune_code")
    return gpd.GeoDataFrame(geometry=list(shapes.values()), index=index, crs=frame.crs), findings


def coverage(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Finding], pd.Series]:
    """Return the communes as an exact coverage, what changed, and the share of its area each moved by.

    Vertices that already fit stay where they are: the work is done in degrees, without a projection and back.

    Parameters
    ----------
    frame
        Indexed by commune, valid areas in WGS 84.
    """
    shapes = frame.geometry.to_numpy()
    edges = shapely.coverage_invalid_edges(shapes, gap_width=GAP / METRES_PER_DEGREE)
    uneven = ~shapely.is_empty(edges)
    cleaned = _fitted(shapes, uneven)
    empty = shapely.is_empty(cleaned)
    if empty.any():
        raise InputError("boundaries.swallowed", frame.index[empty], count=int(empty.sum()))
    after = frame.set_geometry(gpd.GeoSeries(cleaned, index=frame.index, crs=GEOGRAPHIC))
    before_area = frame.geometry.to_crs(EQUAL_AREA).area
    moved = ((after.geometry.to_crs(EQUAL_AREA).area - before_area) / before_area).abs()
    findings = []
    if uneven.any():
        length = float(shapely.length(edges).sum() * METRES_PER_DEGREE / 1000)
        rows = tuple(frame.index[uneven])
        findings.append(Finding("boundaries.uneven_borders", "info", int(uneven.sum()), rows, {"km": length}))
    large = moved[moved > MOVED].sort_values(ascending=False)
    if len(large):
        rows = tuple(f"{code} {share:.1%}" for code, share in large.items())
        findings.append(Finding("boundaries.area_moved", "warning", len(large), rows))
    return after, findings, moved


def _fitted(shapes: np.ndarray, uneven: np.ndarray) -> np.ndarray:
    """Return the shapes as an exact coverage: those that do not fit are fitted, with their neighbours if need be."""
    chosen = uneven.copy()
    for _ in range(ROUNDS):
        if not chosen.any():
            return shapes
        fitted = shapes.copy()
        fitted[chosen] = shapely.coverage_clean(shapes[chosen], gap_width=GAP / METRES_PER_DEGREE)
        left = ~shapely.is_empty(shapely.coverage_invalid_edges(fitted))
        if not left.any():
            return fitted
        near = shapely.STRtree(fitted).query(fitted[left], predicate="intersects")[1]
        chosen[near] = True
    return shapely.coverage_clean(shapes, gap_width=GAP / METRES_PER_DEGREE)


def levels(whole: gpd.GeoSeries, stage: Stage) -> gpd.GeoDataFrame:
    """Return the geometry columns of every level of detail from a coverage in WGS 84.

    Shared borders are simplified once and stay shared; no part, however small, is dropped.
    """
    shapes = whole.to_numpy()
    columns = {}
    for number, (name, column) in enumerate(LEVELS.items()):
        stage("simplify", number, len(LEVELS))
        if name != "full":
            shapes = shapely.coverage_simplify(shapes, float(name.removesuffix("m")) / METRES_PER_DEGREE)
        columns[column] = gpd.GeoSeries(shapes, index=whole.index, crs=GEOGRAPHIC)
    stage("simplify", len(LEVELS), len(LEVELS))
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=GEOGRAPHIC)
