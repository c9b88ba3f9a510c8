"""The indicator table: one value, quality and resolution for every commune and indicator of a framework.

A framework says, in its column ``operation``, how an indicator becomes a number; the operations are here. Those that
look at places use the official centre of the commune; those that take a province's, region's or district's figure
carry it to the communes that lay in that old province or district, so that merged provinces keep their inner
differences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo import layers, units
from geo.base import paths, periods
from geo.base.distance import Points, nearest
from geo.base.errors import InputError
from geo.datasets import spec
from geo.layers import borders, districts, features
from geo.layers.population import population
from geo.units import crosswalk

QUALITIES = ("observed", "reported", "modelled", "synthetic")
DAYS_A_MONTH = 30.44
WITHIN = "within_km"
"""The parameter that holds an indicator to a distance from a border."""
DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Sources:
    """What the operations draw on; frames as :mod:`geo.layers` and :mod:`geo.layers.population` return them.

    ``communes`` fixes the rows and their order (index ``commune_code``; ``lat``, ``lon`` in degrees); ``periods``
    says what the log covers, as :func:`geo.layers.outreach_periods` does.
    """

    communes: pd.DataFrame
    old_province: pd.Series
    crossings: pd.DataFrame
    zones: pd.DataFrame
    land_border: shapely.Geometry
    statistics: pd.DataFrame
    flows: pd.DataFrame
    regions: pd.DataFrame
    activities: pd.DataFrame
    activity_types: pd.DataFrame
    population: pd.DataFrame
    border_with: Mapping[str, shapely.Geometry] = field(default_factory=dict)
    old_districts: pd.DataFrame = field(default_factory=pd.DataFrame)
    district_shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    commune_facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    neighbour_towns: pd.DataFrame = field(default_factory=pd.DataFrame)
    periods: pd.DataFrame | None = None

    @cached_property
    def points(self) -> Points:
        """Longitude and latitude of the communes, shape (n, 2)."""
        return self.communes[["lon", "lat"]].to_numpy(float)

    @cached_property
    def as_of(self) -> pd.Timestamp:
        """The last day the activity log speaks of: of an activity, or of a period it covers."""
        days = [*self.activities["date"], *self.covered["last_day"]]
        return pd.Timestamp(max(days, default=units.AS_OF))

    @cached_property
    def covered(self) -> pd.DataFrame:
        """The periods the log covers: as given, else the days of its activities; see :mod:`geo.base.periods`."""
        stated = self.periods
        return periods.periods_of(self.activities, self.old_province) if stated is None else stated

    @cached_property
    def spans(self) -> pd.DataFrame:
        """From when to when the coverage of each commune is known, as :func:`geo.base.periods.spans` returns it."""
        return periods.spans(self.covered, self.old_province)

    @cached_property
    def logged(self) -> pd.Series:
        """Whether the log speaks of each commune on that last day: elsewhere nothing is known, not nothing held."""
        return periods.known_on(self.spans, self.as_of, self.communes.index)


@dataclass(frozen=True)
class IndicatorTable:
    """Values and their quality, communes x indicators, and the facts about each indicator.

    ``values`` holds numbers, missing where unknown; ``quality`` one of :data:`QUALITIES` or missing; ``facts`` the
    rows of the framework (unit, source, year, resolution, evidence, …) indexed by indicator.
    """

    values: pd.DataFrame
    quality: pd.DataFrame
    facts: pd.DataFrame

    @cached_property
    def applies(self) -> pd.DataFrame:
        """Communes x indicators: false where an indicator held to a distance (``within_km``) is 0, being beyond it.

        Such a 0 is known, not missing: no way across that border leads through the commune.
        """
        bounded = [WITHIN in spec.parse(str(text))[1] for text in self.facts["operation"]]
        return ~(self.values.eq(0) & bounded)


Column = tuple[np.ndarray, np.ndarray | str]
"""Values and quality of one indicator: both of shape (communes,), or one quality for all."""


def load_sources() -> Sources:
    """Read everything the operations need, once for each state of what the user imported."""
    return _load(paths.imported())


@lru_cache(maxsize=2)
def _load(imported: object) -> Sources:
    return Sources(
        communes=units.communes(),
        old_province=crosswalk.main_old_province(),
        crossings=layers.border_crossings(),
        zones=layers.industrial_zones(),
        land_border=borders.land_border(),
        border_with=borders.land_border_lines().dissolve("neighbour").geometry.to_dict(),
        statistics=layers.province_statistics(),
        flows=layers.migration_flows(),
        regions=layers.regions(),
        activities=layers.outreach_activities(),
        activity_types=layers.outreach_types(),
        population=population(),
        old_districts=layers.old_districts(),
        district_shares=districts.shares(),
        commune_facts=layers.commune_facts(),
        neighbour_towns=layers.neighbour_towns(),
        periods=layers.outreach_periods(),
    )


def build(framework: pd.DataFrame, sources: Sources) -> IndicatorTable:
    """Compute every indicator of a framework.

    Parameters
    ----------
    framework
        The framework's rows indexed by ``code``; those with an ``operation`` are indicators.
    sources
        What to compute them from.

    Raises
    ------
    InputError
        For an operation or a parameter that does not exist.
    """
    facts = framework[framework["operation"].fillna("") != ""]
    index = sources.communes.index
    values, quality = {}, {}
    for code, text in facts["operation"].items():
        numbers, grade = _operate(str(code), str(text), sources)
        values[code] = numbers
        finite = np.isfinite(numbers)
        quality[code] = np.where(finite, grade, None)  # type: ignore[call-overload]
    dtype = pd.CategoricalDtype(QUALITIES, ordered=True)
    return IndicatorTable(
        pd.DataFrame(values, index=index), pd.DataFrame(quality, index=index).astype(dtype), facts.copy()
    )


def _operate(code: str, text: str, sources: Sources) -> Column:
    name, parameters = spec.parse(text)
    if name not in OPERATIONS:
        raise InputError("spec.unknown_operation", indicator=code, given=name, known=", ".join(OPERATIONS))
    try:
        return OPERATIONS[name](sources, **parameters)
    except (TypeError, KeyError, AttributeError) as error:
        raise InputError("spec.bad_parameters", indicator=code, given=text, reason=error) from error


def selected(frame: pd.DataFrame, types: Any = None, neighbour: Any = None) -> pd.DataFrame:
    """Return the places of the given types and neighbours that have coordinates."""
    chosen = frame["lat"].notna() & frame["lon"].notna()
    for column, allowed in (("type", types), ("neighbour", neighbour)):
        names = spec.listed(allowed)
        if names is not None:
            chosen &= frame[column].isin(names)
    return frame[chosen]


def _crossing_proximity(
    sources: Sources,
    types: Any = None,
    neighbour: Any = None,
    half_distance_km: float = 20.0,
    within_km: float | None = None,
) -> Column:
    places = selected(sources.crossings, types, neighbour)
    targets = places[["lon", "lat"]].to_numpy(float)
    distance, which = nearest(sources.points, targets)
    derived = (places["coordinate_confidence"] == "low").to_numpy()
    grade = np.where(derived[which], "modelled", "reported") if len(places) else "reported"
    return _applicable(sources, features.decay(distance, half_distance_km), neighbour, within_km), grade


def _crossing_density(
    sources: Sources,
    types: Any = None,
    neighbour: Any = None,
    radius_km: float = 50.0,
    within_km: float | None = None,
) -> Column:
    places = layers.counted_once(selected(sources.crossings, types, neighbour), "crossing_id")
    counted = features.density(sources.points, places[["lon", "lat"]].to_numpy(float), radius_km)
    return _applicable(sources, counted, neighbour, within_km), "reported"


def _border_proximity(
    sources: Sources, neighbour: Any = None, half_distance_km: float = 15.0, within_km: float | None = None
) -> Column:
    distance = border_distance(sources, neighbour)
    return _applicable(sources, features.decay(distance, half_distance_km), neighbour, within_km), "modelled"


def border_distance(sources: Sources, neighbour: Any = None) -> np.ndarray:
    """Return the distance in km from each commune's centre to the land border, or to that with the neighbours named.

    Parameters
    ----------
    neighbour
        One name or several (``China``, ``Laos``, ``Cambodia``); ``None`` for the nearest land border of all.

    Returns
    -------
    numpy.ndarray
        Kilometres, shape (communes,); missing where the centre is.

    Raises
    ------
    KeyError
        For a neighbour with whom the sources hold no border.
    """
    names = spec.listed(neighbour)
    line = sources.land_border if names is None else shapely.union_all([sources.border_with[name] for name in names])
    return features.line_distance(sources.points, line)


def _applicable(sources: Sources, values: np.ndarray, neighbour: Any, within_km: float | None) -> np.ndarray:
    """Keep the values of communes within ``within_km`` of the neighbour's border; beyond it they are 0.

    0, not missing: this way is known not to lead through the commune, and a geometric mean of exposure and people
    then is 0 as well. The distance that decides is the one to the border line even for crossings, so
    that every indicator of one pathway applies to the same communes. A commune without a centre stays missing.
    """
    if within_km is None:
        return values
    distance = border_distance(sources, neighbour)
    return np.where(distance <= within_km, values, np.where(np.isnan(distance), np.nan, 0.0))


def _road_proximity(sources: Sources, road: str = "national_highway", half_distance_km: float = 10.0) -> Column:
    distance = sources.commune_facts[f"{road}_km"].reindex(sources.communes.index)
    return features.decay(distance.to_numpy(float), half_distance_km), "reported"


def town_people(towns: pd.DataFrame) -> pd.Series:
    """Return the people of each town: as known, else the median of its country's towns.

    A town without a figure is not one without people: GeoNames lists places of over 500 people and seats of districts
    and counties, so that it is such a seat. Leaving it out would take it for empty; the median is a cautious guess.

    Examples
    --------
    >>> towns = pd.DataFrame({"neighbour": ["Laos", "Laos", "Laos"], "population": [500.0, 1500.0, None]})
    >>> town_people(towns).tolist()
    [500.0, 1500.0, 1000.0]
    """
    people = towns["population"].astype(float)
    return people.fillna(people.groupby(towns["neighbour"]).transform("median"))


def _neighbour_town_pull(sources: Sources, neighbour: Any = None, half_distance_km: float = 20.0) -> Column:
    """People in towns across the border, each town decayed by its distance, as log10(1 + people)."""
    people = town_people(sources.neighbour_towns)
    places = selected(sources.neighbour_towns, neighbour=neighbour)
    if places.empty:
        raise KeyError(neighbour)
    pulled = features.gravity(
        sources.points, places[["lon", "lat"]].to_numpy(float), people[places.index], half_distance_km
    )
    return np.log10(1 + pulled), "modelled"


def zone_area(zones: pd.DataFrame) -> pd.Series:
    """Return the area of each zone in ha: that of :func:`geo.layers.zone_hectares`, else the median of its type.

    Examples
    --------
    >>> areas = {"area_ha_official": [10, None, None], "area_ha_mapped": [9, 30, None], "area_basis": ""}
    >>> zone_area(pd.DataFrame({"type": ["park"] * 3} | areas)).tolist()
    [10.0, 30.0, 20.0]
    """
    area = layers.zone_hectares(zones)
    return area.fillna(area.groupby(zones["type"]).transform("median")).fillna(area.median())


def _zone_gravity(
    sources: Sources, types: Any = None, without: Any = "planned", half_distance_km: float = 10.0
) -> Column:
    areas = zone_area(sources.zones)
    places = selected(sources.zones, types)
    places = places[~places["status"].fillna("").str.startswith(spec.listed(without) or ())]
    places = layers.counted_once(places, "zone_id")
    pulled = features.gravity(
        sources.points, places[["lon", "lat"]].to_numpy(float), areas[places.index], half_distance_km
    )
    return pulled, "modelled"


def province_value(statistics: pd.DataFrame, indicator: str, since: float, until: float) -> pd.Series:
    """Return the mean over the years of an official statistic, by old province; missing where no year is known."""
    chosen = (
        (statistics["indicator"] == indicator)
        & (statistics["level"] == "old_province")
        & statistics["year"].astype(int).between(since, until)
    )
    return statistics[chosen].groupby("old_province_code")["value"].mean()


def _province(sources: Sources, indicator: str, since: float = 2022, until: float = 2024) -> Column:
    by_province = province_value(sources.statistics, indicator, since, until)
    if by_province.empty:
        raise KeyError(indicator)
    return sources.old_province.map(by_province).to_numpy(float), "reported"


def _old_district(sources: Sources, indicator: str) -> Column:
    """The mean of the old districts that the commune's people lived in; gridded figures are modelled."""
    if indicator not in districts.COUNTED + districts.GRIDDED:
        raise KeyError(indicator)
    carried = districts.to_communes(sources.old_districts[indicator], sources.district_shares, sources.communes.index)
    return carried.to_numpy(float), "modelled" if indicator in districts.GRIDDED else "reported"


def _region_outflow(sources: Sources, period_end: str = "2013-04-01", people_year: float = 2019) -> Column:
    """People who left the region for another one within a year, per 1,000 people."""
    matrix = sources.flows[
        (sources.flows["kind"] == "matrix") & (sources.flows["period_end"].astype(str) == period_end)
    ]
    left = matrix.groupby("origin_region")["migrants"].sum()
    if left.empty:
        raise KeyError(period_end)
    region = sources.regions["region_code"]
    people = 1000 * province_value(sources.statistics, "average_population", people_year, people_year)
    total = people.groupby(region.reindex(people.index)).sum()
    return sources.old_province.map(region).map(1000 * left / total).to_numpy(float), "reported"


def _remoteness(sources: Sources, types: Any = "Phường") -> Column:
    """Kilometres to the nearest urban commune."""
    towns = sources.communes["type"].isin(spec.listed(types) or ())
    distance, _ = nearest(sources.points, sources.points[towns.to_numpy()])
    return distance, "modelled"


def outreach_reach(
    sources: Sources, half_life_years: float = 1.0, groups: Any = ("community", "service")
) -> pd.Series:
    """Return the people reached in person in each commune, older activities counting less.

    An activity counts half after ``half_life_years``; the training of staff does not count. Missing where the log
    does not speak of the commune on the last day, and where activities were held whose people nobody counted; 0 where
    it does and names no activity.
    """
    log = sources.activities
    counted = log["type"].map(sources.activity_types["group"]).isin(spec.listed(groups) or ())
    age = (sources.as_of - pd.to_datetime(log["date"])).dt.days / DAYS_A_YEAR
    decayed = log["people_reached"].astype(float) * np.power(0.5, age / half_life_years)
    reached = decayed[counted].groupby(log.loc[counted, "commune_code"]).sum(min_count=1)
    named = log["commune_code"][counted].unique()
    index = sources.communes.index
    return reached.reindex(index).mask(sources.logged & ~index.isin(named), 0.0).where(sources.logged)


def _outreach_reach(sources: Sources, half_life_years: float = 1.0, groups: Any = ("community", "service")) -> Column:
    people = sources.population["population"].reindex(sources.communes.index)
    reached = 10_000 * outreach_reach(sources, half_life_years, groups) / people.where(people > 0)
    return np.log10(1 + reached.to_numpy(float)), _log_quality(sources)


def months_since_activity(sources: Sources, cap_months: float = 36.0) -> pd.Series:
    """Return the months since the last activity of any type, at most ``cap_months``; missing without a log."""
    last = pd.to_datetime(sources.activities["date"]).groupby(sources.activities["commune_code"]).max()
    months = (sources.as_of - last.reindex(sources.communes.index)).dt.days / DAYS_A_MONTH
    return months.fillna(cap_months).clip(upper=cap_months).where(sources.logged)


def _outreach_recency(sources: Sources, cap_months: float = 36.0) -> Column:
    return months_since_activity(sources, cap_months).to_numpy(float), _log_quality(sources)


def _log_quality(sources: Sources) -> str:
    grades = sources.activities["quality"].dropna().unique()
    return max(grades, key=QUALITIES.index) if len(grades) else "reported"


OPERATIONS: Mapping[str, Callable[..., Column]] = {
    "crossing_proximity": _crossing_proximity,
    "crossing_density": _crossing_density,
    "border_proximity": _border_proximity,
    "zone_gravity": _zone_gravity,
    "road_proximity": _road_proximity,
    "neighbour_town_pull": _neighbour_town_pull,
    "province": _province,
    "old_district": _old_district,
    "region_outflow": _region_outflow,
    "remoteness": _remoteness,
    "outreach_reach": _outreach_reach,
    "outreach_recency": _outreach_recency,
}
"""The ways an indicator becomes a number, by the name frameworks use."""
