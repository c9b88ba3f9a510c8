"""Crossings, industrial zones, migration flows and statistics, as they ship.

Frames are kept until their file is replaced, and shared: copy before you change one.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import units
from geo.base.crs import GEOGRAPHIC
from geo.base.errors import InputError
from geo.datasets import read_table, renewed
from geo.units import crosswalk


@renewed("border_crossings")
def border_crossings(*, located: bool = True) -> gpd.GeoDataFrame:
    """Return crossings, openings, international airports and seaports as points, WGS 84.

    Parameters
    ----------
    located
        Only rows with a point (the default); without it rows of unknown place have an empty geometry.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns as in ``data/indicators/border_crossings.csv``: among them ``type`` (``CrossingType``), ``neighbour``
        and ``coordinate_confidence`` (``low``: the point is derived and 1-10 km off).

    Examples
    --------
    >>> border_crossings()["type"].value_counts()["international"]
    np.int64(32)
    """
    return _points(read_table("border_crossings"), located)


@renewed("industrial_zones")
def industrial_zones(*, located: bool = True) -> gpd.GeoDataFrame:
    """Return industrial and economic zones as points, WGS 84, with ``type``, ``status`` and ``area_ha`` (hectares).

    ``area_ha`` is the area that counts, see :func:`zone_hectares`; a zone ``part_of`` another is in that one's area.

    Examples
    --------
    >>> bool(industrial_zones()["area_ha"].gt(0).any())
    True
    """
    table = read_table("industrial_zones")
    return _points(table.assign(area_ha=zone_hectares(table)), located)


def zone_hectares(zones: pd.DataFrame) -> pd.Series:
    """Return the area of each zone in ha: the legal one, else as mapped, unless ``area_basis`` says ``mapped``.

    Examples
    --------
    >>> zones = {"area_ha_official": [10, 10, None], "area_ha_mapped": [9, 4, 30], "area_basis": ["", "mapped", ""]}
    >>> zone_hectares(pd.DataFrame(zones)).tolist()
    [10.0, 4.0, 30.0]
    """
    official, mapped = zones["area_ha_official"].astype(float), zones["area_ha_mapped"].astype(float)
    return official.fillna(mapped).where(zones["area_basis"] != "mapped", mapped.fillna(official))


def counted_once(places: pd.DataFrame, identifier: str) -> pd.DataFrame:
    """Leave out crossings or zones that are part of another one among them, so that sums count them once.

    Parameters
    ----------
    identifier
        The column of the places' names, which ``part_of`` refers to.

    Examples
    --------
    >>> places = pd.DataFrame({"crossing_id": ["BC001", "BC119"], "part_of": [None, "BC001"]})
    >>> counted_once(places, "crossing_id")["crossing_id"].tolist()
    ['BC001']
    >>> len(counted_once(places[1:], "crossing_id"))
    1
    """
    return places[~places["part_of"].isin(places[identifier])]


@renewed("regions")
def regions() -> pd.DataFrame:
    """Return the socio-economic region of each old province: ``region_code, region_vi, region_en``."""
    return read_table("regions").set_index("old_province_code")


@renewed("regions")
def region_points() -> pd.DataFrame:
    """Return one point per region for drawing arrows: the commune nearest to the middle of the region.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``region_code``: ``region_vi, region_en, lat, lon`` (degrees).

    Examples
    --------
    >>> len(region_points())
    6
    """
    communes = units.communes()
    region = crosswalk.main_old_province().reindex(communes.index).map(regions()["region_code"])
    centres = communes[["lat", "lon"]].assign(region_code=region, area=communes["area_km2"].fillna(0))
    centres = centres[(centres["lon"] < 110) & centres["region_code"].notna()]
    rows = {}
    for code, group in centres.groupby("region_code"):
        middle = np.average(group[["lat", "lon"]], axis=0, weights=group["area"])
        nearest = ((group["lat"] - middle[0]) ** 2 + (group["lon"] - middle[1]) ** 2).idxmin()
        rows[code] = group.loc[nearest, ["lat", "lon"]]
    names = regions().drop_duplicates("region_code").set_index("region_code")[["region_vi", "region_en"]]
    return names.join(pd.DataFrame(rows).T.astype(float)).rename_axis("region_code")


@renewed("migration_flows", "regions")
def migration_flows(kind: str | None = None) -> pd.DataFrame:
    """Return migration between regions, with a point at both ends.

    Parameters
    ----------
    kind
        ``matrix`` (twelve months to 1 April 2013, complete), ``headline`` (five years to 1 April 2019, single
        figures; one end may be all other regions and then has no point), or both. The two must not be added.

    Examples
    --------
    >>> flows = migration_flows("matrix")
    >>> len(flows), int(flows["migrants"].max())
    (30, 113420)
    """
    table = read_table("migration_flows")
    table = table if kind is None else table[table["kind"] == kind].reset_index(drop=True)
    places = region_points()
    for end in ("origin", "destination"):
        ends = places.add_prefix(f"{end}_")
        table = table.join(ends, on=f"{end}_region")
    return table


@renewed("province_statistics")
def province_statistics() -> pd.DataFrame:
    """Return official statistics, one row per unit, indicator and year.

    Examples
    --------
    >>> table = province_statistics()
    >>> table[table["level"] == "old_province"]["old_province_code"].nunique()
    63
    """
    return read_table("province_statistics")


def province_values(indicator: str, years: tuple[int, ...] | None = None) -> pd.Series:
    """Return one statistic by old province, the mean of ``years`` (by default the latest year there is).

    Examples
    --------
    >>> province_values("multidimensional_poverty_rate_nso", (2022, 2023, 2024)).shape
    (63,)
    """
    table = province_statistics()
    rows = table[(table["indicator"] == indicator) & (table["level"] == "old_province")]
    if rows.empty:
        indicators = sorted(table.loc[table["level"] == "old_province", "indicator"].unique())
        raise InputError("layers.statistic_unknown", given=indicator, known=", ".join(indicators))
    chosen_years = (rows["year"].max(),) if years is None else years
    values = rows[rows["year"].isin(chosen_years)].groupby("old_province_code")["value"].mean()
    return values.reindex(units.old_provinces().index).rename(indicator)


@renewed("old_districts")
def old_districts() -> pd.DataFrame:
    """Return the districts of before 1 July 2025 with what the census of 2019 and maps say of them.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``old_district_code``: columns as in ``data/indicators/old_districts.csv``, among them
        ``net_migration_rate_5yr`` (per 1,000 people in five years), ``urban_population_share`` (per cent) and
        ``travel_time_to_city`` (minutes). Where ``socioeconomic_values_shared_by_a_group`` is 1, several districts
        carry one census value. The five island districts without communes are not in it.

    Examples
    --------
    >>> table = old_districts()
    >>> len(table), float(table.loc["001", "net_migration_rate_5yr"])
    (691, -98.4)
    """
    return read_table("old_districts").set_index("old_district_code")


@renewed("commune_facts")
def commune_facts() -> pd.DataFrame:
    """Return what is known of single communes: mountains, islands, distances to roads and railway lines.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``commune_code``: ``mountain_class`` (0 none, 1 mountainous, 2 highland) ``, island`` (1, 0, or
        missing where open) ``, national_highway_km, expressway_km, railway_km`` (straight, from the commune's point)
        and where they come from.

    Examples
    --------
    >>> float(commune_facts().loc["00004", "national_highway_km"])
    5.24
    """
    return read_table("commune_facts").set_index("commune_code")


@renewed("neighbour_towns")
def neighbour_towns() -> gpd.GeoDataFrame:
    """Return the towns of China, Laos and Cambodia within 60 km of the border as points, WGS 84.

    ``population`` is missing where GeoNames has none (seats of districts and counties).

    Examples
    --------
    >>> neighbour_towns()["neighbour"].value_counts().to_dict()
    {'Cambodia': 145, 'Laos': 38, 'China': 28}
    """
    return _points(read_table("neighbour_towns"), located=True)


def _points(table: pd.DataFrame, located: bool) -> gpd.GeoDataFrame:
    has_point = table["lat"].notna() & table["lon"].notna()
    points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=GEOGRAPHIC)
    frame = gpd.GeoDataFrame(table, geometry=points.where(has_point), crs=GEOGRAPHIC)
    return frame[has_point].reset_index(drop=True) if located else frame
