"""What follows from the log, the register of places and a plan: what pages, files and commands say alike.

Nothing here draws; every function takes what it needs and returns frames.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from geo import layers, units
from geo.base.periods import kept_between, known_on
from geo.intake.places import with_points
from geo.intake.teams import measured_hours
from geo.layers.groups import town_distance
from geo.layers.indicators import Sources
from geo.units import crosswalk
from models.briefing import Briefing, covered_communes, without_demonstration
from models.outreach.access import remote_share
from models.outreach.alerts import alerts
from models.outreach.coverage import coverage_history
from models.outreach.drift import coverage_drift, weekly_drift
from models.outreach.monitoring import PlanActual, plan_actual
from models.outreach.outlook import access, months_before, outlook
from models.outreach.reported import ROLES, reported_beside_logged
from models.planning.records import Plan, Task

PLAIN = "count"
"""A unit that needs no name."""
MONTHS = 24
"""Months of history shown."""
ALERTED = (
    "name", "province_code", "rank_first", "class", "score", "population", "people_unreached", "sessions_needed",
    "coverage_known",
)  # fmt: skip
"""What alerts say of a commune; class and place in the list are those of the area."""


@dataclass(frozen=True)
class Field:
    """The outreach of one place, as known on a day.

    Parameters
    ----------
    communes
        As :func:`models.outreach.outlook.outlook` returns it, the communes of the place.
    log
        The activities of the place.
    parameters
        The parameters of types in use.
    logged
        Whether the log speaks of a commune on the last day, by commune.
    periods, spans
        What the whole log covers, and from when to when it speaks of each commune; see :mod:`geo.base.periods`.
    as_of
        The last day the whole log speaks of.
    synthetic
        Whether the log is the demonstration log.
    real_log, real_spans
        The same log without what is made up, and from when to when that speaks of each commune: what alerts go by.
    """

    communes: pd.DataFrame
    log: pd.DataFrame
    parameters: pd.DataFrame
    logged: pd.Series
    periods: pd.DataFrame
    spans: pd.DataFrame
    as_of: pd.Timestamp
    synthetic: bool
    real_log: pd.DataFrame
    real_spans: pd.DataFrame

    @property
    def national(self) -> bool:
        """Whether the place is more than one province."""
        return bool(self.communes["province_code"].ne(self.communes["province_code"].iloc[0]).any())

    @property
    def listed(self) -> pd.DataFrame:
        """The communes in the order of the list to visit first; ``class`` and ``rank_first`` as of the place."""
        names = ("class", "rank_first_national") if self.national else ("class_province", "rank_first")
        own = {"class": self.communes[names[0]], "rank_first": self.communes[names[1]]}
        return self.communes.assign(**own).sort_values("rank_first", na_position="last", kind="stable")

    @property
    def population(self) -> pd.Series:
        """People by commune."""
        return self.communes["population"].astype(float)


@dataclass(frozen=True)
class Followed:
    """A plan beside what was held, and what that did to coverage.

    Parameters
    ----------
    plan
        The plan.
    actual
        Plan against actual.
    drift
        By commune of the plan's province, see :func:`models.outreach.drift.coverage_drift`.
    weeks
        By week, weighted by population, see :func:`models.outreach.drift.weekly_drift`.
    """

    plan: Plan
    actual: PlanActual
    drift: pd.DataFrame
    weeks: pd.DataFrame


def field(
    briefing: Briefing,
    sources: Sources,
    province: str | None,
    *,
    covered: pd.DataFrame | None = None,
    near: pd.DataFrame | None = None,
) -> Field:
    """Return the outreach of a province, or of the nation for ``None``.

    Parameters
    ----------
    covered, near
        Coverage and access of all communes if already known; without ``near`` no place is registered.
    """
    communes = briefing.of(province)
    told = covered_communes(sources) if covered is None else covered
    reach = pd.DataFrame({"access": float("nan"), "access_quality": None}, communes.index) if near is None else near
    log, real = sources.activities, without_demonstration(sources)
    mine = real.activities
    return Field(
        communes=outlook(communes, told, reach),
        log=log if province is None else log[log["province_code"] == province],
        parameters=layers.outreach_parameters(),
        logged=sources.logged.reindex(communes.index),
        periods=sources.covered,
        spans=sources.spans,
        as_of=sources.as_of,
        synthetic=bool(log["quality"].eq("synthetic").any()),
        real_log=mine if province is None else mine[mine["province_code"] == province],
        real_spans=real.spans,
    )


def access_of(places: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Return the access of every commune to the teams and clubs of a register, see
    :func:`models.outreach.outlook.access`.

    Measured travel times count where there are any, by identifier or name of the place.
    """
    communes = sources.communes[["lat", "lon"]]
    communes = communes.assign(remote=remote_share(town_distance(communes)))
    located = with_points(places)
    located = located.assign(remote=communes["remote"].reindex(located["commune_code"].to_numpy()).to_numpy())
    people = sources.population["population"].reindex(communes.index)
    return access(located, communes, people, measured_hours=_measured(located))


def _measured(places: pd.DataFrame) -> pd.DataFrame | None:
    """Return the measured travel times, places x communes."""
    found = measured_hours()
    if found is None:
        return None
    names = places["name"][~places["name"].duplicated(keep=False)]
    return found.rename(index=dict(zip(names, names.index, strict=True)))


def history(known: Field, months: int = MONTHS) -> pd.DataFrame:
    """Return the coverage of every commune at the end of each of the last months, days x communes, 0-1."""
    days = months_before(known.as_of, months)
    return coverage_history(known.log, known.parameters, known.population, days, known.spans)


def followed(
    known: Field, plan: Plan, until: dt.date, log: pd.DataFrame | None = None, *, teams_matter: bool = True
) -> Followed:
    """Return a plan beside what was held of it until a day.

    Parameters
    ----------
    known
        The place the plan is for, or the nation.
    until
        The last day looked at.
    log
        The activities to count; those of the place by default.
    teams_matter
        See :func:`models.outreach.monitoring.plan_actual`.
    """
    held = known.log if log is None else log
    items = plan.items
    area = crosswalk.main_old_province().reindex(known.communes.index)
    kept = kept_between(known.periods, area, pd.Timestamp(plan.first_day), pd.Timestamp(until))
    actual = plan_actual(
        items, held, plan.first_day, plan.weeks, until=until, team_names=team_names(plan), logged=kept,
        counted_by=known.parameters["counted_by"].to_dict(), teams_matter=teams_matter,
    )  # fmt: skip
    given = (items, held, known.parameters, known.population, plan.first_day)
    return Followed(
        plan,
        actual,
        coverage_drift(*given, until, known.spans),
        weekly_drift(*given, plan.weeks, until, known.spans),
    )


def team_names(plan: Plan) -> dict[str, str]:
    """Return what the teams of a plan are called, by their code; without a name, the code.

    Examples
    --------
    >>> items = pd.DataFrame({"team": ["t1", "t2"]})
    >>> settings = {"plan": {"crews": [{"team": "t1", "name": "Đội Hồng Gai"}]}}
    >>> team_names(Plan(1, dt.datetime.now(), "22", "", dt.date(2026, 1, 5), 12, settings, items))
    {'t1': 'Đội Hồng Gai', 't2': 't2'}
    """
    made_from: Mapping[str, Any] = plan.settings.get("plan", {})
    known = {str(crew["team"]): str(crew["name"]) for crew in made_from.get("crews", ())}
    return {str(team): known.get(str(team), str(team)) for team in plan.items["team"].unique()}


def province_of(plan: Plan) -> str | None:
    """Return the province a plan is for, or nothing if it is for the nation."""
    return plan.province_code if plan.province_code in units.provinces().index else None


def usual_day(plan: Plan, today: dt.date) -> dt.date:
    """Return the day a plan is looked at unless somebody says otherwise: today, but no day outside the plan."""
    last = plan.first_day + dt.timedelta(weeks=plan.weeks, days=-1)
    return min(max(today, plan.first_day), last)


def alerts_day(known: Field, today: dt.date) -> dt.date:
    """Return the day from which months without activity are counted: today, or a later day the log speaks of."""
    return max(today, known.as_of.date())


def quiet(known: Field, as_of: dt.date, months: float, robust: pd.Series | None = None) -> pd.DataFrame:
    """Return the communes at high risk without any activity for so many months, see
    :func:`models.outreach.alerts.alerts`.

    High are the two highest fifths of the place, a province or the nation. A demonstration log tells nothing.
    """
    communes, day = known.listed[list(ALERTED)], pd.Timestamp(as_of)
    logged = known_on(known.real_spans, day, communes.index)
    return alerts(communes, known.real_log, day, months, logged, robust=robust)


def reports_of(province: str | None) -> pd.DataFrame:
    """Return what was reported of a province in force, or of all; what no province is named for always comes last."""
    reported = layers.outreach_reported()
    here = reported["province_code"].isna() | (province is None) | (reported["province_code"] == province)
    found = reported[here]
    place = found["role"].map({role: place for place, role in enumerate(ROLES)})
    unnamed = found["province_code"].isna()
    return found.assign(_place=place, _unnamed=unnamed).sort_values(
        ["_unnamed", "province_code", "_place", "report_id"], kind="stable"
    ).drop(columns=["_place", "_unnamed"])  # fmt: skip


def statements_of(province: str | None) -> pd.DataFrame:
    """Return what the reports of a province in force, or of all, say in words; what no province is named for too."""
    table = layers.outreach_statements()
    return table[table["province_code"].isna() | (province is None) | (table["province_code"] == province)]


def reported(
    province: str | None, log: pd.DataFrame, places: pd.DataFrame, since: dt.date | None = None
) -> pd.DataFrame:
    """Return the reported figures of a province beside what log and register hold; only periods that end after a day.

    Returns
    -------
    pandas.DataFrame
        The rows of :func:`reports_of` by ``report_id`` with the columns of
        :func:`models.outreach.reported.reported_beside_logged` and ``merged`` (whether the province in force is
        larger than the one that reported).
    """
    rows = reports_of(province)
    if since is not None:
        rows = rows[rows["period_end"] >= since.isoformat()]
    told = reported_beside_logged(rows, log, places, layers.outreach_periods()).drop(columns="value")
    parts = units.old_provinces()["province_code"].value_counts()
    joined = rows.drop(columns=["quality"]).set_index("report_id").join(told)
    return joined.assign(merged=joined["province_code"].map(parts).fillna(0).gt(1))


def unit_name(unit: str, text: Texts) -> str:
    """Return what a figure is counted in; nothing for a plain count."""
    key = f"province.unit_{unit.replace('-', '_').replace(' ', '_')}"
    return "" if unit == PLAIN else text.either(key, unit)


def checklist(occasion: str, province: str, year: int, language: str) -> tuple[Task, ...]:
    """Return the items of a checklist as tasks of a province and a year, with the suggested due days.

    Examples
    --------
    >>> tasks = checklist("30/7", "22", 2027, "vi")
    >>> len(tasks), tasks[1].due, tasks[0].occasion
    (7, datetime.date(2027, 7, 30), '30/7/2027')
    """
    table = layers.outreach_checklists()
    rows = table[table["occasion"] == occasion].sort_values("position")
    made = []
    for row in rows.to_dict("records"):
        day = dt.date.fromisoformat(f"{year}-{row['month_day']}")
        due = day + dt.timedelta(days=int(row["days_after"]))
        words = str(row[f"text_{language}"])
        made.append(Task(0, province, f"{occasion}/{year}", int(row["position"]), words, due=due))
    return tuple(made)


def overdue(task: Task, today: dt.date) -> bool:
    """Say whether an item should have been done by now.

    Examples
    --------
    >>> overdue(Task(1, "22", "30/7/2026", 1, "a", due=dt.date(2026, 7, 1)), dt.date(2026, 7, 2))
    True
    """
    return task.due is not None and task.due < today and task.state in ("todo", "doing")
