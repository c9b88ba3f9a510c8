"""Checks of geography: whether units, points and areas agree. Long links, twins, odd centres and areas, gaps.

Every check takes the tables of the product as they are and yields what is odd in them; those that ship carry their
reasons (``crosswalk_corrections.csv``, ``centre_corrections.csv``, ``part_of``), and what has none is found.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo import boundaries, datasets, layers, units
from geo.base.crs import EQUAL_AREA, GEOGRAPHIC, METRIC
from geo.base.findings import Finding
from geo.base.vocabulary import LAND_CROSSINGS, ZoneStatus, ZoneType
from geo.layers import borders
from geo.units import crosswalk

LINK_KM = 40.0
"""Farther from the old commune's point to the centre of what it became, no commune reaches."""

TWIN_M = 700.0
"""Two crossings of one kind, or two zones, nearer than this are one or must say which is part of which."""

CENTRE_KM = 1.0
AREA_FACTOR = 1.5
BORDER_INSIDE_M = 500.0
BORDER_CUT_M = 1000.0
"""The border cuts a commune where more than this of it runs deeper than :data:`BORDER_INSIDE_M` inside."""

PARKS = (ZoneType.INDUSTRIAL_PARK, ZoneType.EXPORT_PROCESSING_ZONE, ZoneType.HIGH_TECH_PARK)
REPORTED_ZONES = {
    "industrial parks": PARKS,
    "industrial_parks": PARKS,
    "industrial_parks_operating": PARKS,
    "industrial clusters": (ZoneType.INDUSTRIAL_CLUSTER,),
    "industrial_clusters": (ZoneType.INDUSTRIAL_CLUSTER,),
    "industrial_clusters_operating": (ZoneType.INDUSTRIAL_CLUSTER,),
    "industrial_clusters_established": (ZoneType.INDUSTRIAL_CLUSTER,),
}
"""What provinces report as numbers of zones, and the types of the table that it counts."""


def check_links() -> Iterator[Finding]:
    """Find links of the crosswalk that are too long, or lead out of the old province the commune was made of."""
    links, old = crosswalk.links(), units.old_communes()
    links = links[links["old_code"].isin(old.index)]
    reasons = datasets.read_table("crosswalk_corrections").query("change == 'kept'")
    excused = pd.MultiIndex.from_frame(reasons[["old_code", "new_code"]])
    open_links = links[~pd.MultiIndex.from_frame(links[["old_code", "new_code"]]).isin(excused)]
    start, end = (
        _metric(table.loc[open_links[column]])
        for table, column in ((old, "old_code"), (units.communes(), "new_code"))
    )
    km = pd.Series(start.distance(end, align=False).to_numpy() / 1000, index=open_links.index)
    far = km[km > LINK_KM].sort_values(ascending=False)
    if len(far):
        rows = tuple(f"{_link(links, row)} ({value:.0f} km)" for row, value in far.items())
        yield Finding("check.links_long", "error", len(far), rows, {"km": int(LINK_KM)})
    origin = open_links["old_code"].map(old["old_province_code"])
    strays = open_links.index[origin != open_links["new_code"].map(crosswalk.main_old_province())]
    if len(strays):
        rows = tuple(f"{_link(links, row)} ({origin[row]})" for row in strays)
        yield Finding("check.links_province", "error", len(strays), rows)


def _link(links: pd.DataFrame, row: object) -> str:
    old_code, new_code = links.loc[row, ["old_code", "new_code"]]
    return f"{old_code} {units.old_communes()['name'][old_code]} → {new_code} {units.communes()['name'][new_code]}"


def _metric(table: pd.DataFrame) -> gpd.GeoSeries:
    points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=GEOGRAPHIC)
    return points.to_crs(METRIC)


def check_twins() -> Iterator[Finding]:
    """Find two crossings or two zones of one kind at one place that do not say which is part of which."""
    crossings, zones = layers.border_crossings(), layers.industrial_zones()
    land = crossings["type"].isin(LAND_CROSSINGS)
    for name, table, identifier, kind in (
        ("border_crossings", crossings, "crossing_id", crossings["type"].mask(land, "land")),
        ("industrial_zones", zones, "zone_id", zones["type"]),
    ):
        pairs = _twins(layers.counted_once(table, identifier), identifier, kind)
        if pairs:
            values = {"layer": name, "metres": int(TWIN_M)}
            yield Finding("check.twins", "warning", len(pairs), tuple(pairs), values)


def _twins(table: gpd.GeoDataFrame, identifier: str, kind: pd.Series) -> list[str]:
    apart = {(row[identifier], row.get("distinct_from")) for row in table.to_dict("records")}
    pairs = []
    for _, group in table.groupby(kind.reindex(table.index)):
        points = shapely.get_coordinates(group.geometry.to_crs(METRIC).to_numpy())
        names, labels = group[identifier].tolist(), group["name_vi"].tolist()
        for left, right in sorted(cKDTree(points).query_pairs(TWIN_M)):
            if {(names[left], names[right]), (names[right], names[left])} & apart:
                continue
            metres = float(np.hypot(*(points[left] - points[right])))
            pairs.append(f"{names[left]} {labels[left]} / {names[right]} {labels[right]} ({metres:.0f} m)")
    return pairs


def check_centres() -> Iterator[Finding]:
    """Find centres outside their commune's outline, and name those of which it is known."""
    communes = units.communes()
    outlines = boundaries.load(level="200m").frame.geometry.to_crs(METRIC)
    away = _metric(communes.loc[outlines.index]).distance(outlines) / 1000
    listed = datasets.read_table("centre_corrections").query("change != 'moved'")["commune_code"]
    doubted = away.index.isin(listed) | communes.loc[away.index, "centre_confidence"].eq("low").to_numpy()
    for code, severity, chosen in (
        ("check.centre_outside", "warning", (away > CENTRE_KM) & ~doubted),
        ("check.centre_doubted", "info", doubted),
    ):
        apart = away[chosen].sort_values(ascending=False)
        if len(apart):
            rows = tuple(f"{unit} {communes['name'][unit]} ({km:.1f} km)" for unit, km in apart.items())
            yield Finding(code, severity, len(apart), rows, {"km": int(CENTRE_KM)})  # type: ignore[arg-type]


def check_areas() -> Iterator[Finding]:
    """Compare the area of each commune with that of its outline, and count the areas that are no official ones."""
    communes = units.communes()
    outlines = boundaries.load().frame.geometry.to_crs(EQUAL_AREA)
    ratio = outlines.area / 1e6 / communes.loc[outlines.index, "area_km2"]
    odd = ratio[(ratio > AREA_FACTOR) | (ratio < 1 / AREA_FACTOR)].sort_values()
    if len(odd):
        rows = tuple(f"{code} {communes['name'][code]} (×{value:.2f})" for code, value in odd.items())
        yield Finding("check.area_outline", "info", len(odd), rows, {"factor": AREA_FACTOR})
    unofficial = communes.index[communes["area_confidence"] == "low"]
    if len(unofficial):
        rows = tuple(f"{code} {communes['name'][code]}" for code in unofficial)
        yield Finding("check.area_unofficial", "info", len(unofficial), rows)


def check_points() -> Iterator[Finding]:
    """Say which rows of a layer have no point, and so are on no map and in no distance."""
    for name, table in (
        ("border_crossings", layers.border_crossings(located=False)),
        ("industrial_zones", layers.industrial_zones(located=False)),
    ):
        lost = table[table["lat"].isna() | table["lon"].isna()]
        if len(lost):
            rows = tuple(lost.iloc[:, 0].astype(str) + " " + lost["name_vi"].astype(str))
            values = {"layer": name, "total": len(table)}
            yield Finding("check.layer_unplaced", "info", len(lost), rows, values)


def check_zone_counts() -> Iterator[Finding]:
    """Compare the zones of each province with the number that the province, or a statistic, reported last."""
    zones = layers.counted_once(layers.industrial_zones(located=False), "zone_id")
    zones = zones[zones["status"] != ZoneStatus.PLANNED]
    names = units.old_provinces()["short_name"]
    rows = []
    for (province, types), reported in _reported_zones().items():
        listed = int((zones["old_province_code"].eq(province) & zones["type"].isin(types)).sum())
        if listed < reported:
            rows.append(f"{province} {names[province]}: {types[0]} {listed} / {reported}")
    if rows:
        yield Finding("check.zone_counts", "warning", len(rows), tuple(rows))


def _reported_zones() -> dict[tuple[str, tuple[ZoneType, ...]], int]:
    """The numbers by old province and types; of several, the one with the last date."""
    reports = layers.outreach_reported().rename(columns={"reported_measure": "indicator"})
    statistics = layers.province_statistics()
    columns = ["old_province_code", "indicator", "value", "as_of"]
    numbers = pd.concat([statistics[statistics["unit"] == "count"][columns], reports[columns]])
    numbers = numbers[numbers["indicator"].isin(REPORTED_ZONES) & numbers["old_province_code"].notna()]
    return {
        (row.old_province_code, REPORTED_ZONES[row.indicator]): int(row.value)
        for row in numbers.sort_values("as_of").itertuples(index=False)
    }


def check_border() -> Iterator[Finding]:
    """Find communes that the land border cuts: it should run outside all of them."""
    outlines = boundaries.load(level="200m").frame.geometry.to_crs(METRIC)
    line = gpd.GeoSeries([borders.land_border()], crs=GEOGRAPHIC).to_crs(METRIC).iloc[0]
    pieces = shapely.get_parts(line)
    tree = shapely.STRtree(outlines.to_numpy())
    _, touched = tree.query(pieces, predicate="intersects")
    near = outlines.iloc[np.unique(touched)]
    inner = shapely.buffer(near.to_numpy(), -BORDER_INSIDE_M)
    cut = pd.Series(shapely.length(shapely.intersection(inner, line)), index=near.index)
    cut = cut[cut > BORDER_CUT_M].sort_values(ascending=False)
    if len(cut):
        names = units.communes()["name"]
        rows = tuple(f"{code} {names[code]} ({metres / 1000:.1f} km)" for code, metres in cut.items())
        yield Finding("check.border_inside", "warning", len(cut), rows)
