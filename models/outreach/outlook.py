"""Coverage, access and gap of every commune in one table, each figure with its quality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.outreach.access import Catchment, floating_catchment, travel_hours
from models.outreach.coverage import commune_coverage
from models.outreach.priority import coverage

ASSUMED_SESSIONS = 1.0
"""Sessions a week of a team of which neither sessions nor days are known: an assumption."""
WEEKS_A_MONTH = 4.35
SERVING = ("team", "club")
"""Kinds of places that hold sessions."""
GRADES = ("observed", "reported", "modelled", "synthetic")
BRIEFED = (
    "name", "province_code", "class", "class_province", "score", "remaining", "population", "population_quality",
    "coverage_known", "people_unreached", "sessions_needed", "relative_risk", "burden", "rank_first",
    "rank_first_national", "rank_burden",
)  # fmt: skip
"""What a briefing says of a commune that the outlook says too."""


def covered(
    activities: pd.DataFrame,
    parameters: pd.DataFrame,
    population: pd.DataFrame,
    as_of: pd.Timestamp,
    logged: pd.Series | pd.DataFrame,
) -> pd.DataFrame:
    """Return the coverage of every commune with its quality.

    Parameters
    ----------
    activities, parameters, as_of, logged
        See :func:`models.outreach.coverage.commune_coverage`.
    population
        Indexed by ``commune_code``: ``population`` (persons) and ``quality``.

    Returns
    -------
    pandas.DataFrame
        As :func:`models.outreach.coverage.commune_coverage`, and ``coverage_quality``: ``synthetic`` where any
        activity is, ``modelled`` where contacts were estimated or the population is, else as the log; missing with
        the coverage.
    """
    people = population["population"].astype(float)
    table = commune_coverage(activities, parameters, people, as_of, logged)
    synthetic = activities[activities["quality"] == "synthetic"]
    invented = table.index.isin(synthetic["commune_code"].dropna())
    if len(synthetic) == len(activities):
        invented = np.ones(len(table), bool)
    guessed = table["estimated_share"].gt(0) | population["quality"].isin(["modelled"]).reindex(table.index)
    quality = np.where(invented, "synthetic", np.where(guessed, "modelled", "reported"))
    return table.assign(coverage_quality=pd.Series(quality, table.index).where(table["coverage"].notna()))


def sessions_a_month(places: pd.DataFrame) -> pd.DataFrame:
    """Return what teams and clubs can hold, sessions a month, all that a row stands for.

    Sessions a week as registered; else one a day at work; else :data:`ASSUMED_SESSIONS` a week.

    Returns
    -------
    pandas.DataFrame
        The rows of :data:`SERVING`: ``sessions`` and ``assumed`` (whether the register does not say).

    Examples
    --------
    >>> places = pd.DataFrame({"kind": ["team", "club", "hotline"], "count": [2.0, 1.0, 1.0],
    ...                        "days_per_week": [3.0, None, 7.0], "sessions_per_week": [None, None, None]})
    >>> sessions_a_month(places).round(1).values.tolist()
    [[26.1, False], [4.4, True]]
    """
    serving = places[places["kind"].isin(SERVING)]
    days, weekly = serving["days_per_week"].astype(float), serving["sessions_per_week"].astype(float)
    a_week = weekly.where(weekly.notna(), days)
    return pd.DataFrame(
        {
            "sessions": WEEKS_A_MONTH * a_week.fillna(ASSUMED_SESSIONS) * serving["count"].astype(float),
            "assumed": a_week.isna(),
        }
    )


def access(
    places: pd.DataFrame,
    communes: pd.DataFrame,
    population: pd.Series,
    catchment: Catchment | None = None,
    measured_hours: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what teams and clubs around every commune can offer its people.

    Parameters
    ----------
    places
        As :func:`geo.intake.places.with_points` returns them: ``kind, lat, lon, count, days_per_week,
        sessions_per_week, quality``, optionally ``remote``. Without a point a place serves nobody, since nobody
        knows whom.
    communes
        Indexed by ``commune_code``: ``lat, lon``, optionally ``remote`` (0-1).
    population
        People by commune.
    catchment
        See :class:`models.outreach.access.Catchment`.
    measured_hours
        Measured hours, places x communes; where they are not missing they take the place of the model's.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``communes``: ``access`` (sessions a month per 10,000 people; missing if no place has a point)
        and ``access_quality`` (``modelled``: travel times are; ``synthetic`` if a place is).
    """
    catchment = Catchment() if catchment is None else catchment
    located = places[places["lat"].notna() & places["lon"].notna() & places["kind"].isin(SERVING)]
    if located.empty:
        return pd.DataFrame({"access": np.nan, "access_quality": None}, communes.index)
    bases = located.drop(columns="province_code", errors="ignore")
    hours = travel_hours(bases, communes, most=catchment.most, measured_hours=measured_hours)
    ratio = floating_catchment(hours, sessions_a_month(located)["sessions"], population, catchment)
    grade = "synthetic" if located["quality"].eq("synthetic").any() else "modelled"
    return pd.DataFrame({"access": ratio, "access_quality": grade}, communes.index)


def outlook(communes: pd.DataFrame, coverage_: pd.DataFrame, access_: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of the communes: risk, people, coverage, access, and the gap between them.

    Parameters
    ----------
    communes
        As ``models.briefing.Briefing.communes``, some of them.
    coverage_, access_
        As :func:`models.briefing.covered_communes` and :func:`access` return them, for these communes or more.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``communes``: the columns :data:`BRIEFED` of ``communes``, and ``contacts, per_10000, coverage,
        estimated_share, coverage_quality, access, access_quality, gap_quality``. The gap is ``burden`` (people not
        yet reached x relative risk); its quality is the worst of score, population and, where it counts, coverage.
    """
    reached = coverage_.reindex(communes.index)
    near = access_.reindex(communes.index)
    counting = reached["coverage_quality"].where(communes["coverage_known"])
    grades = pd.concat([communes["score_quality"], communes["population_quality"], counting], axis=1).apply(
        lambda column: column.map({grade: grade_number for grade_number, grade in enumerate(GRADES)}).astype(float)
    )
    worst = grades.max(axis=1).map(dict(enumerate(GRADES)))
    return communes[list(BRIEFED)].assign(
        **{
            name: reached[name]
            for name in ("contacts", "per_10000", "coverage", "estimated_share", "coverage_quality")
        },
        **{name: near[name] for name in ("access", "access_quality")},
        gap_quality=worst.where(communes["burden"].notna()),
    )


def mean_coverage(contacts: pd.Series, population: pd.Series) -> float:
    """Return the share of all people reached, 0-1, for communes whose contacts and population are known."""
    share = coverage(contacts, population)
    counted = share.notna()
    return float((share * population)[counted].sum() / population[counted].sum()) if counted.any() else float("nan")


def months_before(as_of: pd.Timestamp, months: int) -> pd.DatetimeIndex:
    """Return the last days of the months before a day and the day itself, ``months`` + 1 days.

    Examples
    --------
    >>> months_before(pd.Timestamp("2026-03-10"), 2).strftime("%Y-%m-%d").tolist()
    ['2026-01-31', '2026-02-28', '2026-03-10']
    """
    ends = pd.date_range(end=as_of - pd.Timedelta(days=1), periods=months, freq="ME")
    return ends.append(pd.DatetimeIndex([as_of]))
