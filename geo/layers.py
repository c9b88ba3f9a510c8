"""What lies over the map of risk: border crossings, industrial zones, migration flows, outreach and its messages.

Frames are cached and shared: copy before you change one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import crosswalk, paths, units
from geo import periods as covered
from geo.crs import GEOGRAPHIC
from geo.datasets import read_cached, read_table
from geo.errors import InputError
from geo.schemas import SCHEMAS
from geo.vocabulary import Topic

OUTREACH_FILE = "outreach_activities.csv"
PERIODS_FILE = "outreach_periods.csv"
PARAMETERS_FILE = "outreach_parameters.csv"
MESSAGES_FILE = "pathway_messages.csv"


@cache
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


@cache
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


@cache
def regions() -> pd.DataFrame:
    """Return the socio-economic region of each old province: ``region_code, region_vi, region_en``."""
    return read_table("regions").set_index("old_province_code")


@cache
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
    place = communes[["lat", "lon"]].assign(region_code=region, area=communes["area_km2"].fillna(0))
    place = place[(place["lon"] < 110) & place["region_code"].notna()]
    rows = {}
    for code, group in place.groupby("region_code"):
        middle = np.average(group[["lat", "lon"]], axis=0, weights=group["area"])
        nearest = ((group["lat"] - middle[0]) ** 2 + (group["lon"] - middle[1]) ** 2).idxmin()
        rows[code] = group.loc[nearest, ["lat", "lon"]]
    names = regions().drop_duplicates("region_code").set_index("region_code")[["region_vi", "region_en"]]
    return names.join(pd.DataFrame(rows).T.astype(float)).rename_axis("region_code")


@cache
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


@cache
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
        known = sorted(table.loc[table["level"] == "old_province", "indicator"].unique())
        raise InputError("layers.statistic_unknown", given=indicator, known=", ".join(known))
    wanted = (rows["year"].max(),) if years is None else years
    values = rows[rows["year"].isin(wanted)].groupby("old_province_code")["value"].mean()
    return values.reindex(units.old_provinces().index).rename(indicator)


@cache
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


@cache
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


@cache
def neighbour_towns() -> gpd.GeoDataFrame:
    """Return the towns of China, Laos and Cambodia within 60 km of the border as points, WGS 84.

    ``population`` is missing where GeoNames has none (seats of districts and counties).

    Examples
    --------
    >>> neighbour_towns()["neighbour"].value_counts().to_dict()
    {'Cambodia': 145, 'Laos': 38, 'China': 28}
    """
    return _points(read_table("neighbour_towns"), located=True)


@cache
def outreach_reported() -> pd.DataFrame:
    """Return what provinces reported about prevention work, one figure per row, as totals of their province.

    ``role`` tells activities from capacity, context, plans and outcomes; only activities are spread over communes.

    Examples
    --------
    >>> table = outreach_reported()
    >>> long_an = table[(table["old_province_code"] == "80") & (table["type"] == "direct_session")]
    >>> long_an.set_index("measure")["value"].to_dict()
    {'events': 1920.0, 'people_reached': 172830.0}
    """
    return read_table("outreach_reported")


@cache
def outreach_documents() -> pd.DataFrame:
    """Return the documents that the reports rest on, in the order of the reports.

    Examples
    --------
    >>> outreach_documents()["number"].iloc[0]
    '521/QĐ-UBND'
    """
    return read_table("outreach_documents")


@cache
def outreach_statements() -> pd.DataFrame:
    """Return what the reports say in words: whom clubs are for, slogans, work that nobody counted, intentions.

    Examples
    --------
    >>> table = outreach_statements()
    >>> len(table[(table["kind"] == "target_group") & (table["old_province_code"] == "22")])
    6
    """
    return read_table("outreach_statements")


@cache
def outreach_words() -> pd.DataFrame:
    """Return the closed lists of audiences and topics: the column they stand in, code, names and synonyms.

    Examples
    --------
    >>> outreach_words().loc[("audience", "pupils"), "vi"]
    'Học sinh'
    """
    return read_table("outreach_words").set_index(["column", "code"])


@cache
def outreach_checklists() -> pd.DataFrame:
    """Return the items of checklists for days of action, with suggested due days.

    Examples
    --------
    >>> len(outreach_checklists())
    7
    """
    return read_table("outreach_checklists")


def pathway_messages() -> pd.DataFrame:
    """Return what to say in a session about each way into trafficking, and whom to invite.

    What ships are drafts. Rows of ``pathway_messages.csv`` in ``geo.paths.home()``, with the wording the province
    approved, take the place of all messages about the same pathway.

    Returns
    -------
    pandas.DataFrame
        In the order of the pathways (``geo.vocabulary.Topic``) and of ``position``: ``pathway, audience_vi,
        audience_en, message_vi, message_en, status, evidence_grade, source, as_of, confidence, note``.

    Examples
    --------
    >>> messages = pathway_messages()
    >>> set(messages["pathway"]) == set(Topic), set(messages["status"])
    (True, {'draft'})
    """
    rows = _shipped_messages()
    own = paths.home() / MESSAGES_FILE
    if own.exists():
        theirs = read_cached("pathway_messages", own)
        rows = pd.concat([rows[~rows["pathway"].isin(theirs["pathway"])], theirs])
    order = rows["pathway"].map({pathway: place for place, pathway in enumerate(Topic)})
    return rows.assign(order=order).sort_values(["order", "position"]).drop(columns="order").reset_index(drop=True)


@cache
def _shipped_messages() -> pd.DataFrame:
    return read_table("pathway_messages")


@cache
def outreach_types() -> pd.DataFrame:
    """Return the types of outreach activity: names in both languages and the group they belong to.

    Examples
    --------
    >>> outreach_types().loc["leaflet", ["en", "group"]].tolist()
    ['Leaflet', 'material']
    """
    return read_table("outreach_types").set_index("type")


def outreach_parameters() -> pd.DataFrame:
    """Return what one activity of each type reaches, costs and takes.

    The shipped figures are assumptions of grade D to be replaced; rows of ``outreach_parameters.csv`` in
    ``geo.paths.home()`` take the place of those of the same type.

    Examples
    --------
    >>> float(outreach_parameters().loc["direct_session", "reach_per_event"])
    90.0
    """
    shipped = _shipped_parameters()
    own = paths.home() / PARAMETERS_FILE
    if not own.exists():
        return shipped
    rows = read_cached("outreach_parameters", own).set_index("type")
    rows = rows[rows.index.isin(shipped.index)]
    return pd.concat([rows, shipped.drop(rows.index)]).loc[shipped.index, shipped.columns]


@cache
def _shipped_parameters() -> pd.DataFrame:
    return read_table("outreach_parameters").set_index("type")


def outreach_columns() -> tuple[str, ...]:
    """Return the columns of the log."""
    return tuple(SCHEMAS["outreach_activities"].columns)


def outreach_file() -> Path:
    """Return the log in use: the user's own if one was imported, else the demonstration log."""
    own = paths.home() / OUTREACH_FILE
    return own if own.exists() else paths.OUTREACH_ACTIVITIES


def outreach_activities() -> pd.DataFrame:
    """Return the log of outreach activities in use, one row per activity or per commune, type and month.

    ``quality`` is ``synthetic`` for the demonstration log. ``commune_code`` is missing where something was done for
    a whole province; ``events``, ``people_reached`` and ``items`` are missing where nobody counted them.

    Examples
    --------
    >>> set(outreach_activities()["quality"])
    {'synthetic'}
    """
    return read_cached("outreach_activities", outreach_file())


def outreach_periods() -> pd.DataFrame:
    """Return from which day to which the log in use covers which old province, as :mod:`geo.periods` means it.

    Where a log was put into the user's folder without its periods, they are the days of its activities.

    Examples
    --------
    >>> table = outreach_periods().set_index("old_province_code")
    >>> table.loc["22", ["first_day", "last_day"]].tolist()
    ['2022-01-01', '2022-08-31']
    """
    if outreach_file() == paths.OUTREACH_ACTIVITIES:
        return read_cached("outreach_periods", paths.OUTREACH_PERIODS)
    own = paths.home() / PERIODS_FILE
    shown = covered.periods_of(outreach_activities(), crosswalk.main_old_province(), OUTREACH_FILE)
    if not own.exists():
        return shown
    kept = read_cached("outreach_periods", own)[list(covered.COLUMNS)]
    rest = shown[~shown["old_province_code"].isin(kept["old_province_code"])]
    return pd.concat([kept, rest], ignore_index=True) if len(rest) else kept


def outreach_by_commune(groups: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Sum the log by commune.

    Parameters
    ----------
    groups
        Groups of activity types to count (see ``OutreachGroup``), all by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by every commune in force: ``events, people_reached, items, last_date, covered, quality``. Where no
        period of the log speaks of a commune, ``covered`` is false and the figures are missing; where one does and
        no activity is named, they are 0; where activities are named whose people nobody counted,
        ``people_reached`` is missing.

    Examples
    --------
    >>> sums = outreach_by_commune(("community",))
    >>> bool(sums.loc["00004", "covered"]), sums.loc["00004", "people_reached"]
    (False, np.float64(nan))
    """
    log = outreach_activities()
    area = crosswalk.main_old_province().reindex(units.communes().index)
    named = covered.spans(outreach_periods(), area)["commune_code"]
    spoken_of = pd.Series(area.index.isin(named), area.index)
    if groups is not None:
        log = log[log["type"].map(outreach_types()["group"]).isin(groups)]
    local = log[log["commune_code"].notna()]
    figures = ["events", "people_reached", "items"]
    sums = local.groupby("commune_code")[figures].sum(min_count=1)
    seen = area.index.isin(sums.index)
    result = sums.reindex(area.index).mask(spoken_of & ~seen, 0.0)
    result["last_date"] = local.groupby("commune_code")["date"].max().reindex(area.index)
    result["covered"] = spoken_of | seen
    result["quality"] = log["quality"].iloc[0] if len(log) else "reported"
    return result.rename_axis("commune_code")


def _points(table: pd.DataFrame, located: bool) -> gpd.GeoDataFrame:
    known = table["lat"].notna() & table["lon"].notna()
    points = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=GEOGRAPHIC)
    frame = gpd.GeoDataFrame(table, geometry=points.where(known), crs=GEOGRAPHIC)
    return frame[known].reset_index(drop=True) if located else frame
