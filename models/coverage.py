"""How well communes are covered by outreach: contacts that fade with time and saturate."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.errors import InputError
from models.priority import coverage

DAYS_A_MONTH = 30.44
PEOPLE = 10_000


def contacts(activities: pd.DataFrame, parameters: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return what each activity is still worth on a day, in contacts face to face.

    People counted in the log are taken as counted; where nobody counted them, units x reach of the type stand in, and
    ``estimated`` says so. A contact counts ``strength`` of one face to face, and half of that after the half-life of
    its type. Activities after the day count nothing yet.

    Parameters
    ----------
    activities
        As :func:`geo.layers.outreach_activities` returns them: ``date, type, commune_code, events, items,
        people_reached`` and any other column.
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
    people = units["people"].where(units["people"].notna(), assumed).where(facts["strength"] > 0, 0.0)
    age = (as_of - pd.to_datetime(activities["date"])).dt.days / DAYS_A_MONTH
    fading = np.power(0.5, age / facts["half_life_months"]).where(age >= 0, 0.0)
    return pd.DataFrame(
        {
            "commune_code": activities["commune_code"],
            "type": activities["type"],
            "contacts": people * facts["strength"] * fading,
            "estimated": units["people"].isna() & (facts["strength"] > 0),
        }
    )


def commune_coverage(
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    as_of: pd.Timestamp,
    logged: pd.Series | None = None,
) -> pd.DataFrame:
    """Return how well every commune is covered on a day.

    Parameters
    ----------
    activities, parameters, as_of
        See :func:`contacts`. Activities without a commune count nowhere.
    population
        People by commune; fixes the rows.
    logged
        Whether a log is kept for each commune; where it is not, no activity is known, not none held. All by default.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``population``: ``contacts`` (face to face, faded) ``, per_10000, coverage`` (0-1, saturating: see
        :func:`models.priority.coverage`) ``, estimated_share`` (share of the contacts that nobody counted). Missing
        where no log is kept or no people are known.
    """
    each = contacts(activities, parameters, as_of)
    known = pd.Series(True, population.index) if logged is None else logged.reindex(population.index).fillna(False)
    total = each.groupby("commune_code")["contacts"].sum(min_count=1).reindex(population.index)
    named = population.index.isin(each["commune_code"].dropna().unique())
    total = total.mask(known.astype(bool) & ~named, 0.0).where(known.astype(bool))
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


def coverage_history(
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.Series,
    days: pd.DatetimeIndex,
    logged: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the coverage of every commune on each of several days, days x communes, 0-1.

    See :func:`commune_coverage`; without new activities coverage fades.
    """
    rows = [commune_coverage(activities, parameters, population, day, logged)["coverage"] for day in days]
    return pd.DataFrame(np.array(rows).reshape(len(days), len(population)), days, population.index)
