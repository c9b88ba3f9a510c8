"""The surroundings of one commune: the nearest crossing and the industrial zones near by, as straight lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.base.distance import nearest

ZONE_RADIUS_KM = 20.0


@dataclass(frozen=True)
class Place:
    """Something near a commune.

    Attributes
    ----------
    km
        Straight-line distance from the centre of the commune.
    derived
        Whether its point is only known to 1-10 km.
    """

    name_vi: str
    name_en: str
    type: str
    km: float
    derived: bool


def nearest_place(lat: float, lon: float, places: pd.DataFrame) -> Place | None:
    """Return the nearest of some places, or none when there are none.

    Parameters
    ----------
    lat, lon
        Centre of the commune, degrees WGS 84.
    places
        Rows with ``name_vi, name_en, type, lat, lon, coordinate_confidence``.
    """
    near = places_within(lat, lon, places, np.inf)
    return near[0] if near else None


def places_within(lat: float, lon: float, places: pd.DataFrame, radius_km: float) -> list[Place]:
    """Return the places within a radius, the nearest first.

    Examples
    --------
    >>> row = {"name_vi": "A", "name_en": "", "type": "main", "lon": 106.0, "coordinate_confidence": "low"}
    >>> places = pd.DataFrame([row | {"lat": 21.0}, row | {"lat": 22.0}])
    >>> [place.derived for place in places_within(21.1, 106.0, places, 20)]
    [True]
    """
    if places.empty or not np.isfinite([lat, lon]).all():
        return []
    points = places[["lon", "lat"]].to_numpy(float)
    km, _ = nearest(points, np.array([[lon, lat]]))
    surroundings = [
        Place(
            str(row["name_vi"]),
            str(row["name_en"]) if isinstance(row["name_en"], str) and row["name_en"] else str(row["name_vi"]),
            str(row["type"]),
            float(away),
            row["coordinate_confidence"] == "low",
        )
        for away, row in zip(km, places.to_dict("records"), strict=True)
        if away <= radius_km
    ]
    return sorted(surroundings, key=lambda surrounding: surrounding.km)
