"""The coordinate system of a file of outlines, tested against the known places of the communes it names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from geo import units
from geo.base.crs import GEOGRAPHIC
from geo.base.errors import InputError
from geo.base.findings import Finding
from geo.boundaries.codes import Naming
from geo.files import vn2000

VIETNAM = (102.0, 6.0, 118.0, 24.0)
"""West, south, east, north in degrees, with Hoàng Sa and Trường Sa."""

FITS = 0.6
"""Largest median distance from the known places, in units of what one expects of a commune of that size. Official
outlines measure 0.08 in the median and at most 0.14 in any province; the next meridian zone measures over 1."""

FAR = 3.0


@dataclass(frozen=True)
class _Fit:
    """How well outlines meet the known places under one reading of their coordinates."""

    epsg: int
    swapped: bool
    misfit: float
    offset_km: float


def locate(frame: gpd.GeoDataFrame, naming: Naming, file: str) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the outlines in WGS 84, or say what is wrong with their coordinate system.

    Parameters
    ----------
    frame
        The named rows of the file; ``crs`` is None when the file does not say.

    Raises
    ------
    InputError
        When the file does not state its system, or the outlines do not lie where these communes are: metres called
        degrees, another meridian zone, another region, outside Vietnam. Where one system does fit, it is named.
    """
    centres, expected, scale = _centres(frame), *_known(naming)
    if frame.crs is None:
        raise _no_crs(centres, expected, scale, file)
    stated = _fit(centres, expected, scale, frame.crs, False)
    if stated.misfit <= FITS:
        return _settled(frame.to_crs(GEOGRAPHIC), expected, scale, naming, [])
    swapped = _fit(centres, expected, scale, frame.crs, True)
    if swapped.misfit <= FITS:
        turned = frame.set_geometry(_turned(frame.geometry)).to_crs(GEOGRAPHIC)
        return _settled(turned, expected, scale, naming, [Finding("boundaries.axes_swapped", "warning", len(frame))])
    raise _misplaced(frame, centres, expected, scale, file)


def _misplaced(
    frame: gpd.GeoDataFrame, centres: np.ndarray, expected: np.ndarray, scale: np.ndarray, file: str
) -> InputError:
    best = _best(centres, expected, scale)
    metres = frame.crs.is_geographic and bool((np.abs(centres) > 360).any())
    stated = frame.crs.name
    if best is not None:
        code = "boundaries.metres_as_degrees" if metres else "boundaries.wrong_crs"
        return InputError(code, file=file, stated=stated, fits=_described(best))
    if metres:
        return InputError("boundaries.metres_unknown", file=file, stated=stated)
    places = _degrees(centres, frame.crs, False)
    west, south, east, north = VIETNAM
    inside = (places[:, 0] >= west) & (places[:, 0] <= east) & (places[:, 1] >= south) & (places[:, 1] <= north)
    if np.nanmean(inside) < 0.5:
        middle = np.nanmedian(np.where(np.isfinite(places), places, np.nan), axis=0)
        return InputError("boundaries.outside_vietnam", file=file, lon=f"{middle[0]:.2f}", lat=f"{middle[1]:.2f}")
    return InputError(
        "boundaries.wrong_region", file=file, distance=f"{np.nanmedian(_distance(places, expected)):,.0f}"
    )


def _no_crs(centres: np.ndarray, expected: np.ndarray, scale: np.ndarray, file: str) -> InputError:
    best = _best(centres, expected, scale)
    if best is None:
        return InputError("readers.no_crs", name=file)
    return InputError("boundaries.no_crs_fits", file=file, fits=_described(best), option=f"--crs EPSG:{best.epsg}")


def _best(centres: np.ndarray, expected: np.ndarray, scale: np.ndarray) -> _Fit | None:
    """Return the reading of the coordinates that meets the known places best, if any does."""
    tried = [
        _fit(centres, expected, scale, pyproj.CRS.from_epsg(epsg), swapped)
        for epsg in vn2000.ACCEPTED
        for swapped in (False, True)
    ]
    fitting = [fit for fit in tried if fit.misfit <= FITS]
    return min(fitting, key=lambda fit: fit.offset_km) if fitting else None


def _described(fit: _Fit) -> str:
    name = pyproj.CRS.from_epsg(fit.epsg).name
    return f"EPSG:{fit.epsg} ({name})" + (" – x↔y" if fit.swapped else "")


def _fit(centres: np.ndarray, expected: np.ndarray, scale: np.ndarray, crs: pyproj.CRS, swapped: bool) -> _Fit:
    places = _degrees(centres, crs, swapped)
    usable = np.isfinite(places).all(axis=1) & np.isfinite(expected).all(axis=1)
    if usable.mean() < 0.5:
        return _Fit(crs.to_epsg() or 0, swapped, np.inf, np.inf)
    misfit = float(np.median(_distance(places[usable], expected[usable]) / scale[usable]))
    shift = np.median(places[usable] - expected[usable], axis=0) * (111.3 * np.cos(np.radians(16)), 110.6)
    return _Fit(crs.to_epsg() or 0, swapped, misfit, float(np.hypot(*shift)))


def _degrees(centres: np.ndarray, crs: pyproj.CRS, swapped: bool) -> np.ndarray:
    """Return longitude and latitude of points; what cannot be a place on earth is not finite."""
    x, y = (centres[:, 1], centres[:, 0]) if swapped else (centres[:, 0], centres[:, 1])
    if crs.is_geographic:
        possible = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    else:
        possible = (np.abs(x) < 3e7) & (np.abs(y) < 2e7)
    x, y = np.where(possible, x, np.nan), np.where(possible, y, np.nan)
    places = np.column_stack(_to_degrees(crs).transform(x, y))
    return np.where(np.isfinite(places), places, np.nan)


@lru_cache(maxsize=64)
def _to_degrees(crs: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, GEOGRAPHIC, always_xy=True)


def _distance(places: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Return great-circle distances in km."""
    lon, lat, lon0, lat0 = (np.radians(column) for column in (*places.T, *expected.T))
    half = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    return 12742 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _centres(frame: gpd.GeoDataFrame) -> np.ndarray:
    bounds = frame.geometry.bounds.to_numpy()
    return (bounds[:, :2] + bounds[:, 2:]) / 2


def _known(naming: Naming) -> tuple[np.ndarray, np.ndarray]:
    """Return the known place of each row, not finite where its name is not settled, and the distance one expects."""
    rows = units.communes().reindex(naming.codes)
    scale = 4 + 0.6 * np.sqrt(rows["area_km2"].fillna(100).to_numpy())
    return rows[["lon", "lat"]].to_numpy(), scale


def _turned(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    import shapely

    return gpd.GeoSeries(
        shapely.transform(geometry.to_numpy(), lambda xy: xy[:, ::-1]), index=geometry.index, crs=geometry.crs
    )


def _settled(
    frame: gpd.GeoDataFrame, expected: np.ndarray, scale: np.ndarray, naming: Naming, findings: list[Finding]
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    codes = naming.codes.to_numpy()
    far = _distance(_centres(frame), expected) / scale > FAR
    if far.any():
        findings = [*findings, Finding("boundaries.far_from_known", "info", int(far.sum()), tuple(codes[far]))]
    return frame, findings


def settle_names(frame: gpd.GeoDataFrame, naming: Naming) -> pd.Series:
    """Return the code of every row; of several communes of one name, the one that lies nearest."""
    codes = naming.codes.copy()
    centres = dict(zip(frame.index, _centres(frame), strict=True))
    for row, choices in naming.choices.items():
        places = units.communes().loc[list(choices), ["lon", "lat"]].to_numpy()
        distance = _distance(np.repeat(centres[row][None], len(places), axis=0), places)
        codes[row] = choices[int(np.nanargmin(distance))]
    return codes
