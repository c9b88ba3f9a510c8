"""Where each old commune lies: its bounding box if believable, else a guess from its point and the area left.

The boxes and points of the 10,035 old communes are geocoded; about one in ten is a hamlet, a district or another
place of the same name. A box is doubted when it contradicts what is known of the commune in force that the old one
became part of: its centre and area.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from pyproj import Transformer

from geo import crosswalk, units
from geo.build.units import read_package
from geo.crs import GEOGRAPHIC, METRIC
from geo.names import fold

GEOCODER_DEFAULT_HEIGHT = 0.002698
"""Degrees of latitude: the height of the box that the geocoder gives to a place of which it knows only the point."""


@dataclass(frozen=True)
class SiteSettings:
    """When a box is doubted; lengths in radii of the commune in force as a circle, areas in its area."""

    box_fill: float = 0.55
    """Share of its bounding box that a commune covers."""
    largest_box: float = 6.0
    farthest_gap: float = 2.0
    farthest_centre: float = 3.0
    too_little: float = 0.9
    """Boxes are doubted as too small where all boxes together fill less than this share of the commune in force."""
    too_small: float = 0.5
    """A box is too small below this share of an equal part of the commune in force."""
    farthest_point: float = 1.5
    doubted_centre: float = 1.0
    """Distance between centre and boxes at which the centre of the commune in force counts half."""


@cache
def _project() -> Transformer:
    return Transformer.from_crs(GEOGRAPHIC, METRIC, always_xy=True)


def commune_centres() -> pd.DataFrame:
    """Return per commune in force its centre ``x, y`` (metres), ``area`` (m2, missing for two) and ``radius`` (m)."""
    frame = units.communes()
    x, y = _project().transform(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    area = frame["area_km2"].to_numpy() * 1e6
    radius = np.sqrt(np.maximum(np.nan_to_num(area), 2e5) / np.pi)
    return pd.DataFrame({"x": x, "y": y, "area": area, "radius": radius}, index=frame.index)


def _metres(bounds: pd.DataFrame) -> pd.DataFrame:
    middle = (bounds["west"] + bounds["east"]) / 2, (bounds["south"] + bounds["north"]) / 2
    west, _ = _project().transform(bounds["west"].to_numpy(), middle[1].to_numpy())
    east, _ = _project().transform(bounds["east"].to_numpy(), middle[1].to_numpy())
    _, south = _project().transform(middle[0].to_numpy(), bounds["south"].to_numpy())
    _, north = _project().transform(middle[0].to_numpy(), bounds["north"].to_numpy())
    return pd.DataFrame({"west": west, "east": east, "south": south, "north": north}, index=bounds.index)


def _size(box: pd.DataFrame) -> pd.Series:
    return (box["east"] - box["west"]) * (box["north"] - box["south"])


def old_boxes() -> pd.DataFrame:
    """Return per old commune its box and point (metres) and what speaks against the box by itself.

    ``west, east, south, north, x, y``; ``point_only`` (the geocoder's default box), ``district`` (the box of its
    whole district), ``elsewhere`` (the address does not name it, and others have the same box).
    """
    old = units.old_communes()
    box = _metres(old)
    box["x"], box["y"] = _project().transform(old["lon"].to_numpy(), old["lat"].to_numpy())
    legacy = read_package("admin_units_legacy").dropna(subset=["wardCode"]).set_index("wardCode").reindex(old.index)
    corners = legacy["districtBounds"].str.extractall(r"(-?\d+\.?\d*)")[0].astype(float).unstack()  # noqa: PD010
    district = _metres(corners.set_axis(["south", "west", "north", "east"], axis=1))
    share = _size(box) / _size(district)
    named = [
        fold(name) in fold(address) for name, address in zip(old["short_name"], legacy["wardGeoAddress"], strict=True)
    ]
    shared = old.duplicated(["south", "west", "north", "east"], keep=False)
    box["point_only"] = ((old["north"] - old["south"]) - GEOCODER_DEFAULT_HEIGHT).abs() < 1e-5
    box["district"] = share.between(0.95, 1.05)
    box["elsewhere"] = ~np.array(named) & shared
    return box


def parts(settings: SiteSettings) -> pd.DataFrame:
    """Return the parts that the communes in force are made of, one row per link of the crosswalk.

    ``commune_code, old_code, whole``, centre ``x, y`` and half-extents ``half_x, half_y`` (metres), ``area`` (m2,
    expected), ``doubted`` (no believable box) and ``lost`` (no believable point either: nothing is known of it).
    """
    links, boxes, centres = crosswalk.links(), old_boxes(), commune_centres()
    rows = pd.DataFrame(
        {
            "commune_code": links["new_code"],
            "old_code": links["old_code"],
            "whole": links["kind"] == "whole",
        }
    ).reset_index(drop=True)
    box = boxes.reindex(rows["old_code"]).reset_index(drop=True)
    new = centres.reindex(rows["commune_code"]).reset_index(drop=True)
    rows["doubted"] = _contradicted(rows, box, new, settings)
    rows["doubted"] |= _too_small(rows, box, new, settings)
    rows["doubted"] |= _too_small(rows, box, new, settings)
    rows["area"] = _expected_area(rows, box, new, settings)
    half = np.sqrt(rows["area"].clip(lower=1e5) / settings.box_fill) / 2
    rows["x"] = box["x"].where(rows["doubted"], (box["west"] + box["east"]) / 2)
    rows["y"] = box["y"].where(rows["doubted"], (box["south"] + box["north"]) / 2)
    rows["half_x"] = half.where(rows["doubted"], (box["east"] - box["west"]) / 2)
    rows["half_y"] = half.where(rows["doubted"], (box["north"] - box["south"]) / 2)
    distance = np.hypot(box["x"] - new["x"], box["y"] - new["y"])
    rows["lost"] = rows["doubted"] & ~(distance <= settings.farthest_point * new["radius"])
    return rows


def _contradicted(rows: pd.DataFrame, box: pd.DataFrame, new: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    """Boxes that are wrong by themselves, or too big or too far for every commune in force they should be part of."""
    gap_x = np.maximum(np.maximum(box["west"] - new["x"], new["x"] - box["east"]), 0)
    gap_y = np.maximum(np.maximum(box["south"] - new["y"], new["y"] - box["north"]), 0)
    away_x, away_y = (box["west"] + box["east"]) / 2 - new["x"], (box["south"] + box["north"]) / 2 - new["y"]
    gap = np.hypot(gap_x, gap_y) / new["radius"]
    away = np.hypot(away_x, away_y) / new["radius"]
    old = rows["old_code"]
    nearest_gap, nearest = gap.groupby(old).transform("min"), away.groupby(old).transform("min")
    times = _size(box) / new["area"].fillna(0).clip(lower=1e5).groupby(old).transform("sum")
    alone = box["west"].isna() | box["point_only"].eq(True) | box["district"].eq(True) | box["elsewhere"].eq(True)
    return (
        alone
        | (nearest_gap > settings.farthest_gap)
        | (nearest > settings.farthest_centre)
        | (times > settings.largest_box)
    )


def _known_area(rows: pd.DataFrame, box: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    shares = rows.groupby("old_code")["old_code"].transform("size")
    return (settings.box_fill * _size(box) / shares).where(~rows["doubted"])


def _too_small(rows: pd.DataFrame, box: pd.DataFrame, new: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    """Boxes of hamlets: small ones in communes whose boxes together fall short of the area."""
    known, code = _known_area(rows, box, settings), rows["commune_code"]
    area = new["area"].fillna(0).clip(lower=1e5)
    filled = known.groupby(code).transform("sum") / area
    equal_part = area / code.groupby(code).transform("size")
    small = (filled < settings.too_little) & (known / equal_part < settings.too_small)
    return small.groupby(rows["old_code"]).transform("all")


def _expected_area(rows: pd.DataFrame, box: pd.DataFrame, new: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    """The box's area times the fill; where the box is doubted an equal part of what the other boxes leave."""
    known, code = _known_area(rows, box, settings), rows["commune_code"]
    area = new["area"].fillna(0)
    left = (area - known.groupby(code).transform("sum")).clip(lower=0)
    left = left / rows["doubted"].groupby(code).transform("sum").clip(lower=1)
    least = 0.25 * area / code.groupby(code).transform("size")
    return known.fillna(np.maximum(left, least))


def centre_trust(rows: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    """Return per commune in force how far its centre is trusted, 0 to 1, by where its parts are.

    Four fifths of the centres are the centroid to within a tenth of the radius; the others lie elsewhere in the
    commune, which shows in their distance from the parts' common centre.
    """
    centres = commune_centres()
    seen = rows[~rows["lost"]]
    weight = seen["area"] * np.where(seen["doubted"], 0.3, 1) * np.where(seen["whole"], 1, 0.3)
    sums = (
        pd.DataFrame({"x": weight * seen["x"], "y": weight * seen["y"], "w": weight})
        .groupby(seen["commune_code"])
        .sum()
    )
    sums = sums.reindex(centres.index)
    away = np.hypot(sums["x"] / sums["w"] - centres["x"], sums["y"] / sums["w"] - centres["y"]) / centres["radius"]
    return 1 / (1 + (away.fillna(0.2) / settings.doubted_centre) ** 4)
