"""Gives communes their official areas, and finds centres, points and areas that the source took from a namesake.

Areas are the official ones of ``commune_areas.csv``. Where these contradict every map (old Bạc Liêu), the figure of
``vietnamadminunits`` stands if it is not the same one; that package looked areas up by name, so that some three
hundred communes share both name and area with another, of which only one can be right. The others are estimated from
where the parts of a commune are, and marked ``modelled``. Centres and points that lie with a namesake show in the
same way; single cases that no rule finds are listed with their reason in ``centre_corrections.csv``.
"""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

ASTRAY_KM = (40.0, 15.0)
"""A centre so far from every box of the commune's parts is wrong: with one part, with several."""

NAMESAKE_AREA = 0.4
"""How far the log of an area that namesakes share may be from the log of its estimate."""

ISLANDS = ("06757", "06967")
"""Vĩnh Thực and Cái Chiên, islands only: their boxes are mostly sea, so no estimate beats the area they have."""

REPEATED = 0.1
"""How near the log of an area must be to that of a refused official figure to count as the same figure."""

POINT_ASTRAY_KM = (40.0, 15.0, 100.0)
"""An old commune's point so far from every commune it became part of is not its own: where it has the point for
itself, where old communes share one, where it is an island of a special zone."""

SOURCE = "vietnamadminunits 1.0.4 (MIT)"
SOURCE_DAY = "2025-07-01"
ESTIMATE = "Ước tính từ khung bao và mật độ của các xã cũ hợp thành (geo/build/areas.py)"

KM = 111.2
NEAREST = (4, 8)
DEFAULT_BOX = 0.0026979
"""Height in degrees of the box that the source gives where it knows a point only."""


def corrected(
    communes: pd.DataFrame,
    old: pd.DataFrame,
    links: pd.DataFrame,
    official: pd.DataFrame,
    centres: pd.DataFrame,
) -> pd.DataFrame:
    """Return the communes with centres and areas of their own, and columns that say where these are from.

    Parameters
    ----------
    communes, old, links
        The unit tables and the crosswalk as :mod:`geo.build.units` makes them.
    official
        ``commune_areas.csv``: area (km2) and confidence by ``commune_code``.
    centres
        ``centre_corrections.csv``: centres to move or to doubt.

    Returns
    -------
    pandas.DataFrame
        With ``area_quality, area_source, area_as_of, area_confidence, centre_confidence`` beside the columns given.
    """
    placed = with_listed_centres(with_true_centres(communes, old, links), communes, centres)
    moved = set(communes["commune_code"][communes["lat"].ne(placed["lat"])])
    return with_official_areas(with_checked_areas(placed, old, links, moved), old, links, official)


def with_listed_centres(communes: pd.DataFrame, given: pd.DataFrame, centres: pd.DataFrame) -> pd.DataFrame:
    """Move the centres listed, and say in ``centre_confidence`` how far each can be trusted.

    ``high``: as the source ``given`` has it; ``medium``: put elsewhere, or as listed; ``low``: known to lie outside.
    """
    listed = centres.set_index("commune_code")
    code = communes["commune_code"]
    frame = communes.assign(**{axis: code.map(listed[axis]).fillna(communes[axis]) for axis in ("lat", "lon")})
    sure = np.where(communes["lat"].ne(given["lat"]) | communes["lon"].ne(given["lon"]), "medium", "high")
    return frame.assign(centre_confidence=code.map(listed["confidence"]).fillna(pd.Series(sure, index=code.index)))


def with_official_areas(
    communes: pd.DataFrame, old: pd.DataFrame, links: pd.DataFrame, official: pd.DataFrame
) -> pd.DataFrame:
    """Put the official area where it can be used; where it cannot, keep the source's or estimate.

    An official area of confidence ``low`` contradicts the map and is not used. The source's figure then stands unless
    it repeats the refused one or was itself a namesake's. Special zones are never estimated.
    """
    frame = communes.set_index("commune_code")
    table = official.set_index("commune_code").reindex(frame.index)
    usable = table["confidence"].isin(["high", "medium"]) & table["area_km2"].gt(0)
    special = (frame["type"] == "Đặc khu") | frame.index.isin(ISLANDS)
    estimate = estimated_areas(table["area_km2"].where(usable & ~special), old, links)
    given = frame["area_km2"].where(frame["area_km2"] > 0)
    repeated = np.log(given / table["area_km2"]).abs() < REPEATED
    modelled = ~usable & ~special & (repeated | frame["area_quality"].eq("modelled")) & estimate.notna()
    choice = [usable, modelled]
    return frame.assign(
        area_km2=np.select(choice, [table["area_km2"], estimate.round(1)], frame["area_km2"]),
        area_quality=np.select(choice, ["reported", "modelled"], frame["area_quality"]),
        area_source=np.select(choice, [table["source"], ESTIMATE], SOURCE),
        area_as_of=np.where(usable, table["as_of"], SOURCE_DAY),
        area_confidence=np.where(usable, table["confidence"], "low"),
    ).reset_index()


def with_true_points(old: pd.DataFrame, communes: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Put points of old communes that are a namesake's or their district's at the centre of what they became.

    See :data:`POINT_ASTRAY_KM`. The new column ``point_quality`` says which points are ``modelled``; boxes stay as
    the source has them.
    """
    frame, ends = old.set_index("old_commune_code"), communes.set_index("commune_code")
    pairs = links[links["old_code"].isin(frame.index)].reset_index(drop=True)
    here = frame.loc[pairs["old_code"], ["lat", "lon"]].reset_index(drop=True)
    there = ends.loc[pairs["new_code"], ["lat", "lon"]].reset_index(drop=True)
    apart = pairs.assign(km=KM * np.hypot(*_planar(here - there, here["lat"]))).join(there)
    apart["zone"] = ends.loc[apart["new_code"], "type"].eq("Đặc khu").to_numpy()
    nearest = apart.groupby("old_code")[["km", "zone"]].min()
    shared = frame.duplicated(["lat", "lon"], keep=False).reindex(nearest.index)
    alone, together, island = POINT_ASTRAY_KM
    astray = nearest["km"] > np.where(nearest["zone"], island, np.where(shared, together, alone))
    main = apart.sort_values("share").drop_duplicates("old_code", keep="last").set_index("old_code")[["lat", "lon"]]
    chosen = astray.reindex(frame.index, fill_value=False)
    frame.loc[chosen, ["lat", "lon"]] = main.reindex(frame.index[chosen])
    return frame.assign(point_quality=np.where(chosen, "modelled", "reported")).reset_index()


def with_true_centres(communes: pd.DataFrame, old: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Put centres that belong to a namesake elsewhere back among the parts of their commune.

    Where a centre is ``ASTRAY_KM`` from every box of the old communes that made up the commune, their median point
    takes its place. Special zones keep theirs: the points of their parts are less certain than their own.
    """
    parts = links.merge(old, left_on="old_code", right_on="old_commune_code")
    here = communes.set_index("commune_code").loc[parts["new_code"], ["type", "lat", "lon"]].reset_index(drop=True)
    north = np.maximum(0, np.maximum(parts["south"] - here["lat"], here["lat"] - parts["north"]))
    east = np.maximum(0, np.maximum(parts["west"] - here["lon"], here["lon"] - parts["east"]))
    gap = KM * np.hypot(north, east * np.cos(np.radians(here["lat"])))
    found = parts.assign(gap=gap)[here["type"] != "Đặc khu"].groupby("new_code")
    limit = np.where(found.size() > 1, ASTRAY_KM[1], ASTRAY_KM[0])
    astray = found[["lat", "lon"]].median()[found["gap"].min() > limit].round(4)
    code = communes["commune_code"]
    return communes.assign(**{axis: code.map(astray[axis]).fillna(communes[axis]) for axis in ("lat", "lon")})


def with_checked_areas(
    communes: pd.DataFrame, old: pd.DataFrame, links: pd.DataFrame, doubted: Set[str] = frozenset()
) -> pd.DataFrame:
    """Replace areas of a namesake by an estimate, and say so in the new column ``area_quality``.

    An area that namesakes share is kept by the one whose estimate is nearest to it, if that is near; the area of a
    ``doubted`` commune if its estimate is near. Special zones and :data:`ISLANDS` keep theirs.
    """
    frame = communes.set_index("commune_code")
    area = frame["area_km2"].where(frame["area_km2"] > 0)
    shared = area.notna() & frame.assign(area=area).duplicated(["short_name", "area"], keep=False)
    estimate = estimated_areas(
        area.mask(shared | frame.index.isin(ISLANDS) | (frame["type"] == "Đặc khu")), old, links
    )
    off = np.log(area / estimate).abs()
    nearest = off == off.groupby([frame["short_name"], area]).transform("min")
    near = off < NAMESAKE_AREA
    wrong = (shared & ~(nearest & near)) | (frame.index.isin(doubted) & ~near) | area.isna()
    wrong &= estimate.notna() & (frame["type"] != "Đặc khu") & ~frame.index.isin(ISLANDS)
    return frame.assign(
        area_km2=area.mask(wrong, estimate.round(1)), area_quality=np.where(wrong, "modelled", "reported")
    ).reset_index()


def estimated_areas(area: pd.Series, old: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Estimate the area of every commune (km2) from the boxes of its parts and how close together old communes lie.

    Fitted by least squares on logs to the areas given (missing ones are left out), three times, each time without
    those more than a factor of e off.
    """
    parts = links.merge(old, left_on="old_code", right_on="old_commune_code")
    near, wide = (_crowding(parts, old, count) for count in NEAREST)
    box = _boxes(parts, old)
    box = box.where(box.between(wide / 8, wide * 8), wide)
    sums = pd.DataFrame({"box": box, "near": near, "wide": wide}).mul(parts["share"], axis=0)
    x = np.log(sums.groupby(parts["new_code"]).sum().reindex(area.index)).assign(one=1.0)
    y = np.log(area)
    usable = y.notna() & x.notna().all(axis=1)
    chosen = usable
    for _ in range(3):
        effects = np.linalg.lstsq(x[chosen].to_numpy(), y[chosen].to_numpy(), rcond=None)[0]
        chosen = usable & ((y - x @ effects).abs() < 1)
    return np.exp(x @ effects)


def _boxes(parts: pd.DataFrame, old: pd.DataFrame) -> pd.Series:
    """Return the size of each part's bounding box in km2; missing where the box is not its own."""
    sides = ["south", "west", "north", "east"]
    shared = old.loc[old.duplicated(sides, keep=False), "old_commune_code"]
    height, width = parts["north"] - parts["south"], parts["east"] - parts["west"]
    size = height * width * KM**2 * np.cos(np.radians(parts["lat"]))
    return size.mask(parts["old_code"].isin(shared) | ((height - DEFAULT_BOX).abs() < 1e-4))


def _crowding(parts: pd.DataFrame, old: pd.DataFrame, count: int) -> pd.Series:
    """Return the km2 that one old commune has around each part: the circle to the ``count``-th nearest, divided."""
    place = old.drop_duplicates(["lat", "lon"])
    distance = cKDTree(_plane(place)).query(_plane(parts), k=count + 1)[0][:, -1]
    return pd.Series(np.pi * distance.clip(0.1) ** 2 / (count + 1), index=parts.index)


def _planar(apart: pd.DataFrame, latitude: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Differences in degrees as north and east in degrees of latitude."""
    return apart["lat"].to_numpy(), (apart["lon"] * np.cos(np.radians(latitude))).to_numpy()


def _plane(place: pd.DataFrame) -> np.ndarray:
    return np.column_stack([place["lat"], place["lon"] * np.cos(np.radians(16))]) * KM
