"""Builds the schematic geometry of the 3,321 communes, the land border and the background of the maps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import units
from geo.base import paths
from geo.base.crs import GEOGRAPHIC, METRIC
from geo.base.errors import DataFault
from geo.boundaries.check import coverage_faults
from geo.build import border, coverage, outlines
from geo.build.allocation import CostSettings, FitSettings, allocate, ellipse, evidence, fit, land
from geo.build.grid import OUTSIDE, Grid, draw
from geo.build.sites import SiteSettings, commune_centres, parts, trusted_centres
from geo.files.write import replace_file

ARCHIPELAGOS = {
    "Đặc khu Hoàng Sa": (
        (111.61, 16.54), (112.34, 16.83), (111.71, 16.45), (111.51, 16.45), (112.73, 16.67), (111.20, 15.78),
        (112.33, 16.97), (111.60, 16.51),
    ),
    "Đặc khu Trường Sa": (
        (111.92, 8.65), (114.33, 11.43), (114.33, 9.89), (114.37, 10.18), (114.48, 10.38), (113.69, 8.97),
        (112.92, 7.89), (114.56, 9.90), (112.35, 8.93), (113.84, 8.85), (115.80, 9.72), (114.36, 10.73),
    ),
}  # fmt: skip
"""Longitude and latitude of the larger islands, rounded to a kilometre: no outline and no box draws them."""

ARCHIPELAGO_RADIUS = 2500.0
"""Metres: the islands are drawn larger than they are, so that they can be seen."""

SMALLEST_ISLAND = 2e6
"""Square metres of the disc that stands for an island whose area is not known or smaller."""

NATION = Grid(west=90_000, south=900_000, columns=6400, rows=13_600, cell=125)
"""Mainland and coastal islands; the two archipelagos lie outside."""


@dataclass(frozen=True)
class Settings:
    """Everything the reconstruction depends on besides the facts."""

    grid: Grid = NATION
    fit_cell: float = 250.0
    """Metres: the corrections are found on a coarser grid than the borders."""
    tolerance: float = 90.0
    """Metres by which simplified borders may leave the cell edges."""
    decimals: int = 5
    """Of degrees in the file: a metre."""
    sites: SiteSettings = field(default_factory=SiteSettings)
    costs: CostSettings = field(default_factory=CostSettings)
    steps: FitSettings = field(default_factory=FitSettings)


def label_cells(settings: Settings) -> np.ndarray:
    """Return for each cell the position of its commune in ``units.communes()``, or ``OUTSIDE``."""
    rows = parts(settings.sites)
    centres = trusted_centres(rows, settings.sites)
    known = evidence(rows, centres, settings.costs)
    outline = gpd.GeoSeries([outlines.country()], crs=GEOGRAPHIC).to_crs(METRIC).iloc[0]
    outline = border.country_within(outline, border.moved(outlines.land_border()))
    coarse = settings.grid.with_cell(settings.fit_cell)
    mask = land(coarse, outline, rows, centres["area"], settings.costs)
    found = fit(coarse, known, mask, settings.costs, settings.steps)
    mask = land(settings.grid, outline, rows, centres["area"], settings.costs)
    owner = allocate(settings.grid, known, found, mask, settings.costs)
    labels = np.append(known.commune, OUTSIDE).astype(np.int16)[owner]
    labels[np.isin(labels, _archipelagos().index)] = OUTSIDE
    empty = (labels == OUTSIDE) & mask
    labels = coverage.fill(labels, empty | coverage.inland_holes(labels))
    labels = coverage.main_parts(labels)
    _draw_missing_islands(settings.grid, labels, commune_centres())
    return labels


def _archipelagos() -> pd.Series:
    """The names of ``ARCHIPELAGOS`` by position in ``units.communes()``."""
    names = units.communes()["name"].reset_index(drop=True)
    return names[names.isin(list(ARCHIPELAGOS))]


def _draw_missing_islands(grid: Grid, labels: np.ndarray, centres: pd.DataFrame) -> None:
    """Give communes that no outline and no box shows a disc of their area, on the sea and in place."""
    counts = np.bincount(labels[labels != OUTSIDE], minlength=len(centres))
    missing = np.flatnonzero(counts == 0)
    for position in np.setdiff1d(missing, _archipelagos().index):
        x, y, area = centres.iloc[position][["x", "y", "area"]]
        radius = np.sqrt(np.nanmax([area, SMALLEST_ISLAND]) / np.pi)
        disc = np.zeros_like(labels, dtype=bool)
        draw(grid, ellipse(x, y, radius, radius), disc, True)
        labels[disc & (labels == OUTSIDE)] = position


def _sketch(name: str) -> shapely.Geometry:
    points = gpd.GeoSeries(gpd.points_from_xy(*np.transpose(ARCHIPELAGOS[name])), crs=GEOGRAPHIC).to_crs(METRIC)
    return shapely.union_all([ellipse(p.x, p.y, ARCHIPELAGO_RADIUS, ARCHIPELAGO_RADIUS) for p in points])


def schematic(settings: Settings | None = None) -> gpd.GeoDataFrame:
    """Return the schematic geometry: ``commune_code, province_code, geometry``, WGS 84, sorted by code.

    Raises
    ------
    DataFault
        Something is missing, invalid, overlaps or leaves gaps.
    """
    settings = settings or Settings()
    communes = units.communes()
    shapes = coverage.polygons(label_cells(settings), settings.grid, len(communes), settings.tolerance)
    for position, name in _archipelagos().items():
        shapes[position] = _sketch(str(name))
    frame = gpd.GeoDataFrame(
        {"commune_code": communes.index, "province_code": communes["province_code"].to_numpy()},
        geometry=shapes,
        crs=METRIC,
    ).to_crs(GEOGRAPHIC)
    frame["geometry"] = shapely.normalize(_rounded(frame.geometry.to_numpy(), settings.decimals))
    faults = coverage_faults(frame)
    if faults:
        raise DataFault("geometry.not_a_coverage", rows=faults, count=len(faults))
    return frame


def _rounded(shapes: np.ndarray, decimals: int) -> np.ndarray:
    """Coordinates rounded alike in every polygon; rings that rounding made touch themselves are resolved together."""
    return shapely.transform(shapes, lambda points: points.round(decimals))


def build() -> dict[str, int]:
    """Write the default geometry, the land border and the background countries; return how many rows each has."""
    communes = schematic()
    together = shapely.union_all(communes.to_crs(METRIC).geometry.to_numpy())
    rough = border.moved(outlines.land_border())
    frames = {
        paths.DEFAULT_GEOMETRY: communes,
        paths.LAND_BORDER: border.outer_edge(together, rough).to_crs(GEOGRAPHIC),
        paths.NEIGHBOURS: border.backgrounds(outlines.neighbour_countries(), rough, together),
    }
    for path, frame in frames.items():
        with replace_file(path) as temporary:
            if path.suffix == ".parquet":
                frame.to_parquet(temporary, index=False, compression="zstd", write_covering_bbox=False)
            else:
                temporary.write_text(json.dumps(_geojson(frame), ensure_ascii=False) + "\n", encoding="utf-8")
    return {path.name: len(frame) for path, frame in frames.items()}


def _geojson(frame: gpd.GeoDataFrame) -> dict[str, object]:
    shapes = _rounded(frame.geometry.to_numpy(), 4)
    flat = shapely.get_dimensions(shapes) == 2
    shapes[flat] = shapely.buffer(shapes[flat], 0)
    return dict(frame.set_geometry(shapes).to_geo_dict(drop_id=True))
