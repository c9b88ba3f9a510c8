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

from geo import units
from geo.base.crs import GEOGRAPHIC, METRIC
from geo.build.units import read_package
from geo.units import crosswalk
from geo.units.names import fold

GEOCODER_DEFAULT_HEIGHT = 0.002698
"""Degrees of latitude: the height of the box that the geocoder gives to a place of which it knows only the point."""

UNKNOWN_AREA = 5e7
"""Square metres assumed for a commune of which neither an area nor a believable box is known."""


@dataclass(frozen=True)
class SiteSettings:
    """When a box is doubted; lengths in radii of the commune in force as a circle, areas in its area."""

    box_fill: float = 0.55
    """Share of its bounding box that a commune covers."""
    inside_district: float = 0.9
    largest_of_district: float = 0.7
    """A box that is named in its address, unshared, inside its district by the first share and below the second share
    of the district's box is believed even against the centre and the area of the commune in force."""
    largest_box: float = 6.0
    farthest_certain: float = 12.0
    """A box so far from the centre, in radii, is doubted whatever its address says: the box of an island commune that
    lies on the mainland."""
    farthest_gap: float = 2.0
    farthest_centre: float = 3.0
    too_little: float = 0.9
    """Boxes are doubted as too small where all boxes together fill less than this share of the commune in force."""
    too_small: float = 0.5
    """A box is too small below this share of an equal part of the commune in force."""
    farthest_point: float = 1.5
    wrong_area: float = 2.5
    """An area is wrong where the believed boxes show more than this many times as much."""
    doubted_centre: float = 1.0
    """Distance between centre and parts at which the centre counts half as a pull."""
    doubted_centroid: float = 0.2
    """Distance between centre and parts at which the centre counts half as the centroid."""
    plausible_fill: tuple[float, float] = (0.6, 1.6)
    """Range of the boxes' fill in which the area is trusted."""


@cache
def _project() -> Transformer:
    return Transformer.from_crs(GEOGRAPHIC, METRIC, always_xy=True)


def commune_centres() -> pd.DataFrame:
    """Return per commune in force its centre ``x, y`` (metres), ``area`` (m2, missing for two) and ``radius`` (m)."""
    frame = units.communes()
    x, y = _project().transform(frame["lon"].to_numpy(), frame["lat"].to_numpy())
    area = frame["area_km2"].to_numpy() * 1e6
    centres = pd.DataFrame({"x": x, "y": y, "area": area}, index=frame.index)
    centres["reported"] = frame["area_confidence"].eq("high")
    return centres.assign(radius=_radius(centres["area"]))


def _radius(area: pd.Series) -> pd.Series:
    return np.sqrt(area.fillna(0).clip(lower=2e5) / np.pi)


def _metres(bounds: pd.DataFrame) -> pd.DataFrame:
    middle = (bounds["west"] + bounds["east"]) / 2, (bounds["south"] + bounds["north"]) / 2
    west, _ = _project().transform(bounds["west"].to_numpy(), middle[1].to_numpy())
    east, _ = _project().transform(bounds["east"].to_numpy(), middle[1].to_numpy())
    _, south = _project().transform(middle[0].to_numpy(), bounds["south"].to_numpy())
    _, north = _project().transform(middle[0].to_numpy(), bounds["north"].to_numpy())
    return pd.DataFrame({"west": west, "east": east, "south": south, "north": north}, index=bounds.index)


def _size(box: pd.DataFrame) -> pd.Series:
    return (box["east"] - box["west"]) * (box["north"] - box["south"])


def old_boxes(settings: SiteSettings) -> pd.DataFrame:
    """Return per old commune its box and point (metres) and what the box is worth by itself.

    ``west, east, south, north, x, y``; ``useless`` (the geocoder's default box, or the box of the whole district, or
    of another place) and ``certain`` (named in its address, not shared, inside its district).
    """
    old = units.old_communes()
    box = _metres(old)
    box["x"], box["y"] = _project().transform(old["lon"].to_numpy(), old["lat"].to_numpy())
    legacy = read_package("admin_units_legacy").dropna(subset=["wardCode"]).set_index("wardCode").reindex(old.index)
    corners = legacy["districtBounds"].str.extractall(r"(-?\d+\.?\d*)")[0].astype(float).unstack()  # noqa: PD010
    district = _metres(corners.set_axis(["south", "west", "north", "east"], axis=1))
    share = _size(box) / _size(district)
    common_x = np.minimum(box["east"], district["east"]) - np.maximum(box["west"], district["west"])
    common_y = np.minimum(box["north"], district["north"]) - np.maximum(box["south"], district["south"])
    inside = common_x.clip(lower=0) * common_y.clip(lower=0) / _size(box)
    named = np.array(
        [_key(name) in _key(where) for name, where in zip(old["short_name"], legacy["wardGeoAddress"], strict=True)]
    )
    shared = old.duplicated(["south", "west", "north", "east"], keep=False)
    default = ((old["north"] - old["south"]) - GEOCODER_DEFAULT_HEIGHT).abs() < 1e-5
    box["useless"] = default | share.between(0.95, 1.05) | (~named & shared)
    fits = (inside > settings.inside_district) & (share < settings.largest_of_district)
    box["certain"] = ~box["useless"] & named & ~shared & fits
    return box


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


def parts(settings: SiteSettings) -> pd.DataFrame:
    """Return the parts that the communes in force are made of: the links of the crosswalk, and one for each of the
    few communes of whose old communes nothing can be believed.

    ``commune_code, old_code, whole``, middle ``x, y``, ``half_x, half_y`` and ``point_x, point_y`` (metres), ``area``
    (m2, expected) and ``doubted`` (no believable box).
    """
    links, centres = crosswalk.links(), commune_centres()
    rows = pd.DataFrame(
        {"commune_code": links["new_code"], "old_code": links["old_code"], "whole": links["kind"] == "whole"}
    ).reset_index(drop=True)
    box = old_boxes(settings).reindex(rows["old_code"]).reset_index(drop=True)
    certain = (settings.box_fill * _size(box) / _shares(rows)).where(box["certain"].eq(True))
    centres = _corrected(centres, certain.groupby(rows["commune_code"]).sum(), settings)
    new = centres.reindex(rows["commune_code"]).reset_index(drop=True)
    rows["doubted"] = _contradicted(rows, box, new, settings)
    rows["doubted"] |= _too_small(rows, box, new, settings)
    rows["doubted"] |= _too_small(rows, box, new, settings)
    rows["area"] = _expected_area(rows, box, new, settings)
    half = _half(rows["area"], settings)
    rows["x"] = box["x"].where(rows["doubted"], (box["west"] + box["east"]) / 2)
    rows["y"] = box["y"].where(rows["doubted"], (box["south"] + box["north"]) / 2)
    rows["half_x"] = half.where(rows["doubted"], (box["east"] - box["west"]) / 2)
    rows["half_y"] = half.where(rows["doubted"], (box["north"] - box["south"]) / 2)
    rows["point_x"], rows["point_y"] = box["x"], box["y"]
    distance = np.hypot(box["x"] - new["x"], box["y"] - new["y"])
    lost = rows["doubted"] & ~(distance <= settings.farthest_point * new["radius"])
    return _with_every_commune(rows[~lost], centres, settings)


def _half(area: pd.Series, settings: SiteSettings) -> pd.Series:
    return np.sqrt(area.fillna(0).clip(lower=1e5) / settings.box_fill) / 2


def _with_every_commune(rows: pd.DataFrame, centres: pd.DataFrame, settings: SiteSettings) -> pd.DataFrame:
    bare = centres[~centres.index.isin(rows["commune_code"])]
    half = _half(bare["area"], settings).to_numpy()
    guess = pd.DataFrame({"commune_code": bare.index, "old_code": "", "whole": False, "doubted": True})
    for name in ("x", "y"):
        guess[name] = guess[f"point_{name}"] = bare[name].to_numpy()
        guess[f"half_{name}"] = half
    guess["area"] = bare["area"].to_numpy()
    return pd.concat([rows, guess[rows.columns]], ignore_index=True)


def _contradicted(rows: pd.DataFrame, box: pd.DataFrame, new: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    """Boxes that are useless, or uncertain and too big or too far for every commune they should be part of."""
    gap_x = np.maximum(np.maximum(box["west"] - new["x"], new["x"] - box["east"]), 0)
    gap_y = np.maximum(np.maximum(box["south"] - new["y"], new["y"] - box["north"]), 0)
    away_x, away_y = (box["west"] + box["east"]) / 2 - new["x"], (box["south"] + box["north"]) / 2 - new["y"]
    old = rows["old_code"]
    gap = (np.hypot(gap_x, gap_y) / new["radius"]).groupby(old).transform("min")
    away = (np.hypot(away_x, away_y) / new["radius"]).groupby(old).transform("min")
    times = _size(box) / new["area"].fillna(0).clip(lower=1e5).groupby(old).transform("sum")
    unlikely = (gap > settings.farthest_gap) | (away > settings.farthest_centre) | (times > settings.largest_box)
    missing = box["west"].isna()
    impossible = gap > settings.farthest_certain
    return missing | box["useless"].eq(True) | impossible | (box["certain"].eq(False) & unlikely)


def _known_area(rows: pd.DataFrame, box: pd.DataFrame, settings: SiteSettings) -> pd.Series:
    return (settings.box_fill * _size(box) / _shares(rows)).where(~rows["doubted"])


def _shares(rows: pd.DataFrame) -> pd.Series:
    """Among how many communes in force the old one was divided."""
    return rows.groupby("old_code")["old_code"].transform("size")


def _corrected(centres: pd.DataFrame, shown: pd.Series, settings: SiteSettings) -> pd.DataFrame:
    """Centres whose area, where it is missing or far below what the believed boxes show, is what they show."""
    shown = shown.reindex(centres.index).fillna(0)
    given = centres["area"].fillna(0)
    wrong = (given <= 0) | (shown > settings.wrong_area * given.clip(lower=1e5))
    result = centres.assign(area=given.where(~wrong, shown.where(shown > 0, UNKNOWN_AREA)))
    return result.assign(radius=_radius(result["area"]))


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


def trusted_centres(rows: pd.DataFrame, settings: SiteSettings) -> pd.DataFrame:
    """Return the centres with how far they are trusted, 0 to 1, by where the parts of each commune are.

    Four fifths of the centres are the centroid to within a tenth of the radius; the others lie elsewhere in the
    commune, which shows in their distance from the parts' common middle. Columns of :func:`commune_centres`, where an
    area that is missing or contradicted is that of the parts, and ``trust`` (as a pull), ``centroid_trust`` and
    ``area_trust``.
    """
    centres = commune_centres()
    weight = rows["area"] * np.where(rows["doubted"], 0.3, 1) * np.where(rows["whole"], 1, 0.3)
    sums = pd.DataFrame({"x": weight * rows["x"], "y": weight * rows["y"], "w": weight}).groupby(rows["commune_code"])
    sums = sums.sum().reindex(centres.index)
    away = np.hypot(sums["x"] / sums["w"] - centres["x"], sums["y"] / sums["w"] - centres["y"]) / centres["radius"]
    by_parts = rows["area"].groupby(rows["commune_code"]).sum().reindex(centres.index)
    believed = rows["area"].where(~rows["doubted"]).groupby(rows["commune_code"]).sum().reindex(centres.index)
    given = centres["area"].fillna(0)
    fill = by_parts / given.clip(lower=1e5)
    certain = ~rows["doubted"].groupby(rows["commune_code"]).any().reindex(centres.index)
    result = _corrected(centres, believed, settings)
    away = away.fillna(np.inf)
    result["trust"] = 1 / (1 + (away / settings.doubted_centre) ** 4)
    result["centroid_trust"] = 1 / (1 + (away / settings.doubted_centroid) ** 4)
    plausible = fill.between(*settings.plausible_fill) & certain & centres["reported"]
    result["area_trust"] = result["centroid_trust"] * plausible
    return result
