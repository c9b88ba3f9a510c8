"""Coverage of communes by outreach: contacts that fade with time and saturate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from geo.base.periods import known_on
from geo.base.vocabulary import Audience
from models.outreach.priority import coverage

DAYS_A_MONTH = 30.44
PEOPLE = 10_000


def contacts(activities: pd.DataFrame, parameters: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what each activity is still worth on a day, in contacts face to face.

    People counted in the log are taken as counted; where nobody counted them, units x reach of the type stand in, and
    ``estimated`` says so. A contact counts ``strength`` of one face to face, and half of that after the half-life of
    its type. Activities after the day count nothing yet; what is said to be for officials alone reaches no residents.

    Parameters
    ----------
    activities
        As :func:`geo.layers.outreach_activities` returns them: ``date, type, commune_code, events, items,
        people_reached``, where known ``audience``, and any other column.
    parameters
        As :func:`geo.layers.outreach_parameters` returns them, indexed by type.
    as_of
        The day.

    Returns
    -------
    pandas.DataFrame
        One row per activity, indexed as ``activities``: ``commune_code, type, contacts`` (missing where neither
        people nor units were counted, or the reach of the type is unknown) ``, estimated``.

    Raises
    ------
    InputError
        For types without parameters, by name.
    """
    unknown = sorted(set(activities["type"]) - set(parameters.index))
    if unknown:
        raise InputError("coverage.unknown_type", unknown)
    facts = parameters.reindex(activities["type"]).set_axis(activities.index)
    units = pd.DataFrame(
        {
            "events": activities["events"].astype(float),
            "items": activities["items"].astype(float),
            "people": activities["people_reached"].astype(float),
        }
    )
    position = units.columns.get_indexer(facts["counted_by"])
    counted = pd.Series(units.to_numpy()[np.arange(len(units)), position], activities.index)
    counted = counted.where(counted.notna(), units["events"])
    assumed = (counted * facts["reach_per_event"]).where(facts["reach_per_event"] > 0)
    counts = (facts["strength"] > 0) & ~for_officials(activities)
    people = units["people"].where(units["people"].notna(), assumed).where(counts, 0.0)
    age = (as_of - pd.to_datetime(activities["date"])).dt.days / DAYS_A_MONTH
    fading = np.power(0.5, age / facts["half_life_months"]).where(age >= 0, 0.0)
    return pd.DataFrame(
        {
            "commune_code": activities["commune_code"],
            "type": activities["type"],
            "contacts": people * facts["strength"] * fading,
            "estimated": units["people"].isna() & counts,
        }
    )


def for_officials(activities: pd.DataFrame) -> pd.Series:
    """Return whether each activity is said to be for officials alone, such as handbooks for those who do this work.

    Examples
    --------
    >>> for_officials(pd.DataFrame({"audience": ["officials", "residents;officials", ""]})).tolist()
    [True, False, False]
    """
    if "audience" not in activities:
        return pd.Series(False, activities.index)
    return activities["audience"].eq(str(Audience.OFFICIALS))


def commune_coverage(
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    as_of: pd.Timestamp,
    logged: pd.Series | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return how well every commune is covered on a day.

    Parameters
    ----------
    activities, parameters, as_of
        See :func:`contacts`. Activities without a commune count nowhere.
    population
        People by commune; fixes the rows.
    logged
        Whether the log speaks of each commune on the day, or the spans of days in which it does, as
        :func:`geo.base.periods.spans` returns them; elsewhere no activity is known, not none held. All by default.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``population``: ``contacts`` (face to face, faded) ``, per_10000, coverage`` (0-1, saturating: see
        :func:`models.outreach.priority.coverage`) ``, estimated_share`` (share of the contacts that nobody counted).
        Missing where the log does not speak of the commune on the day, or no people are known.
    """
    each = contacts(activities, parameters, as_of)
    has_log = _known(logged, as_of, population.index)
    total = each.groupby("commune_code")["contacts"].sum(min_count=1).reindex(population.index)
    named = population.index.isin(each["commune_code"].dropna().unique())
    total = total.mask(has_log & ~named, 0.0).where(has_log)
    guessed = each[each["estimated"]].groupby("commune_code")["contacts"].sum().reindex(population.index).fillna(0.0)
    people = population.astype(float).where(population > 0)
    return pd.DataFrame(
        {
            "contacts": total,
            "per_10000": PEOPLE * total / people,
            "coverage": coverage(total, people),
            "estimated_share": guessed / total.where(total > 0),
        }
    )


def _known(logged: pd.Series | pd.DataFrame | None, day: pd.Timestamp, communes: pd.Index) -> pd.Series:
    if logged is None:
        return pd.Series(True, communes)
    if isinstance(logged, pd.DataFrame):
        return known_on(logged, day, communes)
    return logged.reindex(communes).fillna(False).astype(bool)


def coverage_history(
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    days: pd.DatetimeIndex,
    logged: pd.Series | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the coverage of every commune on each of several days, days x communes, 0-1.

    See :func:`commune_coverage`; without new activities coverage fades, and where the log has ended it is missing.
    """
    rows = [commune_coverage(activities, parameters, population, day, logged)["coverage"] for day in days]
    return pd.DataFrame(np.array(rows).reshape(len(days), len(population)), days, population.index)
