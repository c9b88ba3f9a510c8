"""District figures of before 1 July 2025, carried to the communes in force: which districts, in what parts.

A figure of an old district says nothing about differences inside it: every commune that lay in one district carries
the same value. Where a commune was put together from several districts, it takes their mean, weighted by people. How
many people an old commune had is not known; each is taken to hold an equal part of its district's people, and where
it was split, the part that the crosswalk assumes.
"""

from __future__ import annotations

from functools import cache

import pandas as pd

from geo import layers, units
from geo.units import crosswalk

COUNTED = (
    "net_migration_rate_5yr",
    "urban_population_share",
    "population_growth_2009_2019",
    "households_piped_or_drilled_well_water",
    "households_flush_toilet",
    "households_flush_toilet_indoor",
)
"""Rates and shares that the census of 2019 counted."""

GRIDDED = ("travel_time_to_city", "travel_time_to_airport", "mean_elevation", "forest_share", "cropland_share")
"""Means over the district of grids that others modelled."""


@cache
def shares() -> pd.DataFrame:
    """Return, for each commune in force, the assumed share of its people who lived in each old district.

    Returns
    -------
    pandas.DataFrame
        ``commune_code, old_district_code, share``; the shares of a commune sum to 1. The five island communes whose
        district had no communes are not in it.

    Examples
    --------
    >>> table = shares()
    >>> table[table["commune_code"] == "06712"][["old_district_code", "share"]].values.tolist()
    [['194', 1.0]]
    """
    links = crosswalk.links()
    district = links["old_code"].map(units.old_communes()["old_district_code"])
    people = links["share"] * district.map(people_per_commune())
    parts = links.assign(old_district_code=district, people=people).dropna(subset=["old_district_code"])
    sums = parts.groupby(["new_code", "old_district_code"])["people"].sum()
    share = sums / sums.groupby(level="new_code").transform("sum")
    return share.rename("share").rename_axis(["commune_code", "old_district_code"]).reset_index()


@cache
def province_shares() -> pd.DataFrame:
    """Return, for each commune in force, the assumed share of its people who lived in each old province.

    Returns
    -------
    pandas.DataFrame
        ``commune_code, old_province_code, share``: 1 but for communes put together across an old border, if any.

    Examples
    --------
    >>> table = province_shares()
    >>> len(table), table[table["share"] < 1]["commune_code"].nunique()
    (3321, 0)
    """
    province = shares()["old_district_code"].map(layers.old_districts()["old_province_code"])
    share = shares()["share"].groupby([shares()["commune_code"], province]).sum().round(9)
    islands = crosswalk.main_old_province().drop(share.index.get_level_values("commune_code"))
    whole = pd.DataFrame({"commune_code": islands.index, "old_province_code": islands.to_numpy(), "share": 1.0})
    split = share.rename("share").rename_axis(["commune_code", "old_province_code"]).reset_index()
    return pd.concat([split, whole]).sort_values("commune_code", ignore_index=True)


@cache
def people_per_commune() -> pd.Series:
    """Return the mean number of people in a commune of each old district, census of 2019.

    Where the district's own count is not known, it is the mean of the districts of its province.

    Examples
    --------
    >>> bool(people_per_commune()["001"] > people_per_commune()["047"])
    True
    """
    old = units.old_communes()
    district = layers.old_districts()
    count = old["old_district_code"].value_counts().reindex(district.index)
    people = district["population_census"]
    counted = pd.DataFrame({"people": people, "communes": count.where(people.notna())})
    province = counted.groupby(district["old_province_code"]).transform("sum")
    return (people / count).fillna(province["people"] / province["communes"]).rename("people_per_commune")


def to_communes(figure: pd.Series, parts: pd.DataFrame, communes: pd.Index) -> pd.Series:
    """Carry a figure of the old districts to the communes in force.

    Parameters
    ----------
    figure
        By old district, in any unit that may be averaged over people: a rate, a share, minutes.
    parts
        As :func:`shares` returns them.
    communes
        The communes wanted, in this order.

    Returns
    -------
    pandas.Series
        The weighted mean of the districts whose figure is known; missing where they hold under half of the people.

    Examples
    --------
    >>> parts = pd.DataFrame({"commune_code": ["a", "a"], "old_district_code": ["1", "2"], "share": [0.75, 0.25]})
    >>> to_communes(pd.Series({"1": 4.0, "2": 8.0}), parts, pd.Index(["a", "b"])).tolist()
    [5.0, nan]
    """
    value = parts["old_district_code"].map(figure)
    weight = parts["share"].where(value.notna(), 0.0)
    sums = pd.DataFrame({"value": value * weight, "weight": weight}).groupby(parts["commune_code"]).sum()
    mean = sums["value"] / sums["weight"].where(sums["weight"] >= 0.5)
    return mean.reindex(communes).rename(figure.name)
