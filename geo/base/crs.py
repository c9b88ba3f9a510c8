"""The coordinate systems the product works in: WGS 84 for files and maps, metres and equal areas for measuring."""

from __future__ import annotations

GEOGRAPHIC = "EPSG:4326"
"""Longitude and latitude, WGS 84: what files and maps hold."""

METRIC = "+proj=tmerc +lat_0=0 +lon_0=106 +k=0.9996 +x_0=500000 +y_0=0 +datum=WGS84 +units=m +no_defs"
"""Metres, one transverse Mercator zone on 106°E for the whole country: distances are off by at most 0.25 % on the
mainland (102-109.5°E) and 0.9 % at Trường Sa."""

EQUAL_AREA = "+proj=laea +lat_0=16 +lon_0=106 +datum=WGS84 +units=m +no_defs"
"""Metres with true areas, for square kilometres."""
