"""Plan against actual: every activity of the log stands for a line of the plan, or is listed as unplanned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from geo.units.names import fold

DAYS_A_WEEK = 7
KEYS = ("team", "commune_code", "week", "type")
NOTHING = 1e-9


class Reason(StrEnum):
    """Why a part of an activity stands where it stands.

    For a line of the plan; or unplanned, since the lines were full, another team's, of another type, in other
    communes, or the log names no commune.
    """

    PLANNED = "planned"
    SURPLUS = "surplus"
    OTHER_TEAM = "other_team"
    OTHER_TYPE = "other_type"
    ELSEWHERE = "elsewhere"
    NO_COMMUNE = "no_commune"


@dataclass(frozen=True)
class PlanActual:
    """A plan and what was held of it.

    Parameters
    ----------
    lines
        The items of the plan in their order: ``team, commune_code, week, type, sessions, people_expected, cost`` and
        ``last_day`` (of the week) ``, due`` (whether the week is over) ``, held`` (sessions, at most those planned;
        missing where no log is kept) ``, people_reached`` (missing where nobody counted) ``, cost_held`` (million VND
        of the plan for what was held) ``, cost_actual`` (million VND as logged; missing where the log has none).
    portions
        Every activity of the period, in one or several parts: ``activity`` (its label in the log) ``, line`` (missing
        if unplanned) ``, date, week, commune_code, type, team, unit`` (what it is counted by) ``, sessions`` (so many
        units) ``, people, cost, assumed`` (nobody counted: one is taken) ``, reason`` (:class:`Reason`). The parts of
        an activity sum to all of it.
    first_day, weeks
        The period.
    until
        The last day looked at.
    """

    lines: pd.DataFrame
    portions: pd.DataFrame
    first_day: pd.Timestamp
    weeks: int
    until: pd.Timestamp

    @property
    def unplanned(self) -> pd.DataFrame:
        """The parts of activities that stand for no line of the plan."""
        return self.portions[self.portions["line"].isna()]

    @property
    def by_other_teams(self) -> float:
        """How many sessions the plan foresaw for a team and another one held."""
        others = self.unplanned
        return float(others["sessions"][(others["reason"] == Reason.OTHER_TEAM) & (others["unit"] == "events")].sum())

    def by(self, *columns: str) -> pd.DataFrame:
        """Sum by some of :data:`KEYS`; with none, one row ``all``.

        Returns
        -------
        pandas.DataFrame
            ``planned, due`` (sessions of weeks that are over) ``, held, share_done`` (held / planned)
            ``, share_due`` (held of due lines / due) ``, people_expected, people_reached, cost_planned, cost_held,
            cost_actual, unplanned`` (sessions held outside the plan, without what is counted by items or people)
            ``, activities_unplanned, people_unplanned``. Nothing planned: the shares are missing. Weeks are those of
            the plan for what was planned, of the log for what was not.
        """
        keys = list(columns) or ["all"]
        lines, other = self.lines.assign(all="all"), self.unplanned.assign(all="all")
        other = other.assign(**{key: other[key].fillna("") for key in keys if key != "week"})
        on_time = lines[lines["due"]]
        planned = lines.groupby(keys)
        table = pd.DataFrame(
            {
                "planned": planned["sessions"].sum(),
                "due": on_time.groupby(keys)["sessions"].sum(),
                "held": planned["held"].sum(min_count=1),
                "held_due": on_time.groupby(keys)["held"].sum(min_count=1),
                "people_expected": planned["people_expected"].sum(),
                "people_reached": planned["people_reached"].sum(min_count=1),
                "cost_planned": planned["cost"].sum(),
                "cost_held": planned["cost_held"].sum(min_count=1),
                "cost_actual": planned["cost_actual"].sum(min_count=1),
                "unplanned": other[other["unit"] == "events"].groupby(keys)["sessions"].sum(),
                "activities_unplanned": other.groupby(keys)["activity"].nunique(),
                "people_unplanned": other.groupby(keys)["people"].sum(min_count=1),
            }
        )
        zero = ["planned", "due", "unplanned", "activities_unplanned"]
        table[zero] = table[zero].fillna(0.0)
        table.insert(3, "share_done", table["held"] / table["planned"].where(table["planned"] > 0))
        table.insert(4, "share_due", table["held_due"] / table["due"].where(table["due"] > 0))
        return table.drop(columns="held_due")

    def weekly(self) -> pd.DataFrame:
        """Return what was planned and held in every week, by the week it was held in, and the sums up to it.

        Returns
        -------
        pandas.DataFrame
            Indexed by week from 1: ``planned, held, unplanned, planned_sum, held_sum``; ``held`` and ``unplanned``
            are missing for weeks that have not begun by :attr:`until`, and everywhere if no log is kept.
        """
        weeks = pd.RangeIndex(1, self.weeks + 1, name="week")
        done = self.portions[self.portions["line"].notna()]
        begun = self.first_day + pd.to_timedelta((weeks - 1) * DAYS_A_WEEK, unit="D") <= self.until
        countable = begun & bool(self.lines["held"].notna().any() or len(self.portions) or not len(self.lines))
        table = pd.DataFrame({"planned": self.lines.groupby("week")["sessions"].sum()}, weeks).fillna(0.0)
        other = self.unplanned
        for name, part in (("held", done), ("unplanned", other[other["unit"] == "events"])):
            table[name] = part.groupby("week")["sessions"].sum().reindex(weeks).fillna(0.0).where(countable)
        return table.assign(planned_sum=table["planned"].cumsum(), held_sum=table["held"].cumsum())


def plan_actual(
    items: pd.DataFrame,
    activities: pd.DataFrame,
    first_day: dt.date,
    weeks: int,
    *,
    until: dt.date | None = None,
    counted_by: Mapping[str, str] | None = None,
    team_names: Mapping[str, str] | None = None,
    teams_matter: bool = True,
    logged: pd.Series | None = None,
) -> PlanActual:
    """Set the activities of a period against the lines of a plan.

    An activity stands for a line of the same commune and the same type, of the same team if the log names one. Lines
    of the week in which it was held are filled first, then the nearest weeks, earlier before later; activities that
    name no team come last and fill what is open. What finds no open line is unplanned, with the reason. Nothing is
    lost: the parts of every activity of the period sum to it.

    Parameters
    ----------
    items
        As :func:`models.planning.calendar.schedule` returns them: ``team, commune_code, week`` (1 is the first)
        ``, type, sessions, people_expected, cost`` (million VND).
    activities
        The log: ``date, commune_code, type, events, items, people_reached, team``, optionally ``cost`` (million VND).
    first_day, weeks
        The Monday of the first week, and how many weeks.
    until
        The last day looked at; the end of the plan by default. Later weeks are not due, later activities not counted.
    counted_by
        What a session of each type is counted by: ``events`` (also by default), ``items`` or ``people``. Where that
        was not counted, events are taken, and one where these were not counted either.
    team_names
        Names of the plan's teams by their code: the log may use either, in any spelling of case and diacritics.
    teams_matter
        Whether an activity of another team stands for nothing; else whoever held it, it was held.
    logged
        Whether a log is kept for each commune; where it is not and nothing is known, ``held`` is missing, not 0.

    Examples
    --------
    >>> items = pd.DataFrame({"team": ["T1", "T1"], "commune_code": ["a", "a"], "week": [1, 2], "type": "talk",
    ...                       "sessions": [1, 2], "people_expected": [90.0, 180.0], "cost": [4.0, 8.0]})
    >>> log = pd.DataFrame({"date": ["2026-01-06", "2026-01-07"], "commune_code": ["a", "b"], "type": "talk",
    ...                     "events": [2.0, 1.0], "items": None, "people_reached": [150.0, 40.0], "team": ["t1", ""]})
    >>> found = plan_actual(items, log, dt.date(2026, 1, 5), 2)
    >>> found.lines["held"].tolist(), found.unplanned[["commune_code", "reason"]].to_numpy().tolist()
    ([1.0, 1.0], [['b', 'elsewhere']])
    """
    start = pd.Timestamp(first_day)
    last = start + pd.Timedelta(days=weeks * DAYS_A_WEEK - 1)
    end = min(last, last if until is None else pd.Timestamp(until))
    lines = items.reset_index(drop=True)
    log = _activities_between(activities, start, end, counted_by or {}, _team_codes(lines, team_names or {}))
    portions = _portions(lines, log, teams_matter)
    lines = lines.assign(last_day=start + pd.to_timedelta(lines["week"] * DAYS_A_WEEK - 1, unit="D"))
    lines["due"] = lines["last_day"] <= (end if until is None else pd.Timestamp(until))
    return PlanActual(_done(lines, portions, logged), portions, start, weeks, end)


def _team_codes(lines: pd.DataFrame, team_names: Mapping[str, str]) -> dict[str, str]:
    """Return the codes of the plan's teams by every word for them, folded: the name, and the code itself."""
    codes = {fold(str(word)): str(team) for team, name in team_names.items() for word in (name, team)}
    return codes | {fold(str(team)): str(team) for team in lines["team"].unique()}


def _activities_between(
    activities: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    counted_by: Mapping[str, str],
    team_codes: Mapping[str, str],
) -> pd.DataFrame:
    """Return the activities of the period with their sessions, week and team, in the order they were held."""
    day = pd.to_datetime(activities["date"])
    log = activities[day.between(start, end)].copy()
    log["date"] = day[log.index]
    figures = {"events": "events", "items": "items", "people": "people_reached"}
    unit = log["type"].map(lambda kind: counted_by.get(kind, "events"))
    counted = pd.Series(np.nan, log.index)
    for name, column in figures.items():
        counted = counted.where(unit != name, log[column].astype(float))
    counted = counted.where(counted.notna(), log["events"].astype(float))
    team = log.get("team", pd.Series("", log.index)).fillna("").astype(str)
    rows = pd.DataFrame(
        {
            "activity": log.index,
            "date": log["date"],
            "week": (log["date"] - start).dt.days // DAYS_A_WEEK + 1,
            "commune_code": log["commune_code"],
            "type": log["type"],
            "team": team.map(lambda name: team_codes.get(fold(name), name)),
            "unit": unit,
            "sessions": counted.fillna(1.0),
            "people": log["people_reached"].astype(float),
            "cost": log["cost"].astype(float) if "cost" in log else np.nan,
            "assumed": counted.isna(),
        }
    )
    return rows.sort_values("date", kind="stable", ignore_index=True)


def _portions(lines: pd.DataFrame, activities: pd.DataFrame, teams_matter: bool) -> pd.DataFrame:
    """Divide the activities among the lines: own team and week first, activities of no team last."""
    open_ = lines["sessions"].to_numpy(float).copy()
    left = activities["sessions"].to_numpy(float).copy()
    weeks, teams = lines["week"].to_numpy(int), lines["team"].to_numpy(object)
    places = {key: part.to_numpy() for key, part in lines.groupby(["commune_code", "type"]).groups.items()}
    keys = list(zip(activities["commune_code"], activities["type"], strict=True))
    named = activities["team"].to_numpy(object) != ""
    week, team = activities["week"].to_numpy(int), activities["team"].to_numpy(object)
    taken: list[tuple[int, float, float]] = []
    for with_team, same_week in ((True, True), (True, False), (False, True), (False, False)):
        for one in np.flatnonzero(named if with_team else ~named | (not teams_matter)):
            if left[one] <= NOTHING or keys[one] not in places:
                continue
            candidates = places[keys[one]]
            fits = (open_[candidates] > NOTHING) & ((teams[candidates] == team[one]) | (not with_team))
            if same_week:
                fits &= weeks[candidates] == week[one]
            candidates = candidates[fits]
            for line in candidates[np.lexsort((weeks[candidates], np.abs(weeks[candidates] - week[one])))]:
                part = min(left[one], open_[line])
                if part > NOTHING:
                    taken.append((int(one), float(line), part))
                    left[one] -= part
                    open_[line] -= part
    whole = activities["sessions"].to_numpy(float)
    rest = np.flatnonzero((left > NOTHING) | (whole <= NOTHING))
    rows = [*taken, *((int(one), np.nan, float(left[one])) for one in rest)]
    order = pd.DataFrame(rows, columns=["row", "line", "part"]).astype({"row": int, "line": float, "part": float})
    order = order.sort_values(["row", "line"], kind="stable", ignore_index=True)
    portions = activities.take(order["row"].to_numpy()).reset_index(drop=True)
    share = np.divide(
        order["part"], portions["sessions"], out=np.ones(len(portions)), where=portions["sessions"] > NOTHING
    )
    for column in ("people", "cost"):
        portions[column] = portions[column] * share
    portions["sessions"], portions["line"] = order["part"], order["line"]
    portions["reason"] = [
        (Reason.PLANNED if pd.notna(line) else _reason(row, lines, places)).value
        for line, row in zip(portions["line"], portions.itertuples(), strict=True)
    ]
    return portions


def _reason(row: object, lines: pd.DataFrame, places: Mapping[tuple[str, str], np.ndarray]) -> Reason:
    commune, kind, team = row.commune_code, row.type, row.team  # type: ignore[attr-defined]
    if pd.isna(commune):
        return Reason.NO_COMMUNE
    candidates = places.get((commune, kind))
    if candidates is None:
        return Reason.OTHER_TYPE if (lines["commune_code"] == commune).any() else Reason.ELSEWHERE
    named_there = (lines["team"].to_numpy()[candidates] == team).any()
    return Reason.OTHER_TEAM if team != "" and not named_there else Reason.SURPLUS


def _done(lines: pd.DataFrame, portions: pd.DataFrame, logged: pd.Series | None) -> pd.DataFrame:
    done = portions[portions["line"].notna()].groupby("line")
    has_log = pd.Series(True, lines.index)
    if logged is not None:
        has_log = lines["commune_code"].map(logged).fillna(False).astype(bool)
    sessions = done["sessions"].sum().reindex(lines.index)
    sessions = sessions.where(sessions.notna() | ~has_log, 0.0)
    planned = lines["sessions"].astype(float)
    return lines.assign(
        held=sessions,
        people_reached=done["people"].sum(min_count=1).reindex(lines.index),
        cost_held=lines["cost"] * sessions / planned.where(planned > 0),
        cost_actual=done["cost"].sum(min_count=1).reindex(lines.index),
    )
