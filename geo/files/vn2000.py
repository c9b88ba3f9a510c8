"""Coordinate systems of files from Vietnam: WGS 84, and VN-2000 in its zones, however a program wrote it down."""

from __future__ import annotations

import re
from functools import cache

import pyproj

from geo.base.errors import InputError

TM3 = (5896, 5897, 5898, 5899, *range(9205, 9219))
"""EPSG codes of VN-2000 in 3-degree zones, the systems of the provinces."""

UTM = (3405, 3406)
"""EPSG codes of VN-2000 in UTM zones 48 and 49."""

GEOGRAPHIC_VN2000 = 4756
WGS84_METRES = (32648, 32649, 3857)
ACCEPTED = (4326, GEOGRAPHIC_VN2000, *UTM, *TM3, *WGS84_METRES)

SHIFT = "-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278"
"""VN-2000 to WGS 84, the seven parameters in use since 2007 (EPSG operation 6960, rotations turned into a
position vector)."""

_OPTION = re.compile(r"^\s*(?:EPSG\s*:\s*)?(\d{4,5})\s*$", re.IGNORECASE)


def from_option(text: str) -> pyproj.CRS:
    """Return the coordinate system that ``--crs`` names: an EPSG number, with or without ``EPSG:``.

    Examples
    --------
    >>> from_option("epsg:9210").name
    'VN-2000 / TM-3 105-45'
    """
    match = _OPTION.match(text)
    if match:
        try:
            return pyproj.CRS.from_epsg(int(match.group(1)))
        except pyproj.exceptions.CRSError:
            pass
    raise InputError("readers.crs_option", given=text)


def recognise(text: str) -> pyproj.CRS | None:
    """Return the coordinate system a file states, with VN-2000 in its official form, or None when it is unclear.

    Programs write VN-2000 in many ways, often without the shift to WGS 84 or with one of their own; what counts is
    the projection (central meridian, scale) and that the name speaks of VN-2000.

    Parameters
    ----------
    text
        ``EPSG:…``, WKT, or PROJJSON as found in the file.

    Examples
    --------
    >>> recognise("EPSG:4326").to_epsg()
    4326
    """
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    if crs.is_bound:
        crs = crs.source_crs or crs
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if not (crs.is_geographic or crs.is_projected):
        return None
    if not _speaks_of_vn2000(crs):
        code = crs.to_epsg()
        return pyproj.CRS.from_epsg(code) if code is not None and code in ACCEPTED else crs
    if crs.is_geographic:
        return pyproj.CRS.from_epsg(GEOGRAPHIC_VN2000)
    zone = _zone(crs)
    if zone is None:
        return None
    return known_zones().get(zone) or _own_zone(*zone)


@cache
def known_zones() -> dict[tuple[float, float], pyproj.CRS]:
    """Return VN-2000 in its projected zones by (central meridian in degrees, scale)."""
    zones = {}
    for code in (*UTM, *TM3):
        crs = pyproj.CRS.from_epsg(code)
        zone = _zone(crs)
        if zone is not None:
            zones[zone] = crs
    return zones


def _speaks_of_vn2000(crs: pyproj.CRS) -> bool:
    names = [crs.name, crs.datum.name if crs.datum else "", crs.geodetic_crs.name if crs.geodetic_crs else ""]
    plain = re.sub(r"[^a-z0-9]", "", " ".join(names).lower())
    return "vn2000" in plain or "vietnam2000" in plain


def _zone(crs: pyproj.CRS) -> tuple[float, float] | None:
    operation = crs.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    values = {parameter.name.lower(): parameter.value for parameter in operation.params}
    meridian = values.get("longitude of natural origin")
    scale = values.get("scale factor at natural origin")
    if meridian is None or scale is None or values.get("false easting") != 500000:
        return None
    return round(float(meridian), 4), round(float(scale), 6)


def _own_zone(meridian: float, scale: float) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(
        f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84={SHIFT} "
        "+units=m +no_defs"
    )
