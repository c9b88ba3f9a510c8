"""From what a planner asks for to a work plan; shared by the command line and the page, without either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo import layers
from geo.base.errors import InputError
from geo.datasets import read_table
from geo.files.tables import NUMBER
from geo.layers.groups import commune_groups, town_distance
from geo.layers.indicators import Sources
from models.briefing import Briefing, listed, without_demonstration
from models.outreach.access import remote_share, travel_hours
from models.outreach.priority import Assumptions, relative_risk
from models.planning.agreement import agreement
from models.planning.allocate import Allocation, Limits, allocate, relative_draws, robust_score, score_draws
from models.planning.compare import compare
from models.planning.conflict import SECONDS
from models.planning.problem import Floor, Measure

MEASURES: tuple[Measure, ...] = ("sessions", "communes", "share")


@dataclass(frozen=True)
class Given:
    """What a plan starts from.

    Parameters
    ----------
    briefing
        Risk, people and coverage, with the settings that made them.
    sources
        The layers and the activity log.
    communes
        The communes of the area, as ``briefing.communes`` with ``lat, lon, type, remote``.
    teams
        As :func:`geo.intake.teams.read_teams` returns them.
    types
        The activity types that may be planned, as ``outreach_parameters`` has them.
    hours
        Travel time one way, teams x communes.
    ratio
        What relative risk rests on, see :class:`models.outreach.priority.Assumptions`.
    """

    briefing: Briefing
    sources: Sources
    communes: pd.DataFrame
    teams: pd.DataFrame
    types: pd.DataFrame
    hours: pd.DataFrame
    ratio: float = Assumptions.ratio

    @property
    def national(self) -> bool:
        """Whether the area is more than one province."""
        return bool(self.communes["province_code"].ne(self.communes["province_code"].iloc[0]).any())

    @property
    def classes(self) -> str:
        """The column that holds the class of risk within the area."""
        return "class" if self.national else "class_province"

    @property
    def logged(self) -> bool:
        """Whether a log that is no demonstration speaks of some commune."""
        return bool(self.communes["coverage_known"].any())


def gather(
    briefing: Briefing,
    sources: Sources,
    province: str | None,
    teams: pd.DataFrame,
    types: pd.DataFrame,
    *,
    measured: pd.DataFrame | None = None,
    most_hours: float = 2.5,
    ratio: float | None = None,
) -> Given:
    """Put together what a plan for a province (a code), or for the nation, starts from.

    Parameters
    ----------
    briefing, sources, teams, types
        See :class:`Given`.
    province
        Where; teams from elsewhere may work there.
    measured
        Hours somebody measured, teams x communes; they take the place of the speed model's.
    most_hours
        Longest way, hours in one direction.
    ratio
        Risk of the top fifth of communes to the bottom fifth, see :class:`models.outreach.priority.Assumptions`;
        that of the briefing without one.
    """
    communes = placed(briefing, sources, province)
    if ratio is not None:
        risk = relative_risk(briefing.communes["score"], Assumptions(ratio=ratio).checked().ratio)
        communes = communes.assign(relative_risk=risk.reindex(communes.index))
        communes = communes.assign(burden=communes["people_unreached"] * communes["relative_risk"])
    bases = teams if province is None else teams.drop(columns="province_code")
    hours = travel_hours(bases, communes, most=most_hours, measured_hours=measured)
    return Given(briefing, sources, communes, teams, types, hours, Assumptions.ratio if ratio is None else ratio)


def placed(briefing: Briefing, sources: Sources, province: str | None) -> pd.DataFrame:
    """Return the communes of an area with their place and how remote they are."""
    communes = briefing.of(province).join(sources.communes[["lat", "lon", "type"]])
    return communes.assign(remote=remote_share(town_distance(communes)))


def known_types(path: Path | None = None) -> pd.DataFrame:
    """Return the parameters of all activity types, the product's or those of a file, indexed by ``type``."""
    if path is None:
        return layers.outreach_parameters()
    return read_table("outreach_parameters", path).set_index("type")


def chosen_types(known: pd.DataFrame, wanted: Iterable[str] = ()) -> pd.DataFrame:
    """Return the types wanted; without any, those that are usually planned."""
    names = list(wanted) or list(known.index[known["planned"] == "yes"])
    strangers = sorted(set(names) - set(known.index))
    if strangers:
        raise InputError("coverage.unknown_type", strangers)
    return known.loc[names]


def read_floor(text: str, communes: pd.DataFrame) -> tuple[Floor, ...]:
    """Return the floors that ``GROUP:MEASURE:NUMBER`` stands for, one for each part of the group.

    Raises
    ------
    InputError
        If it cannot be read, or if no commune of the area is in the group.
    """
    head, _, number = text.rpartition(":")
    group, _, measure = head.rpartition(":")
    if not group or measure not in MEASURES or not NUMBER.fullmatch(number):
        raise InputError("teams.floor", given=text)
    return floors_of(group, measure, float(number), communes)


def floors_of(
    group: str,
    measure: Measure,
    least: float,
    communes: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    part: str = "",
) -> tuple[Floor, ...]:
    """Return a floor for each part of a group, or for one of its parts.

    Parameters
    ----------
    group
        As :func:`geo.layers.groups.commune_groups` takes it.
    measure, least
        See :class:`models.planning.problem.Floor`.
    communes
        The communes of the area.
    names
        What parts and measures are called where it is not what the group calls them.
    part
        Only this part.
    """
    parts = commune_groups(group, communes)
    if part:
        parts = {name: codes for name, codes in parts.items() if name == part}
    if not parts:
        raise InputError("teams.empty_group", given=part or (names or {}).get(group, group))
    told = names or {}
    counted = told.get(measure, measure)
    return tuple(Floor(f"{told.get(name, name)} ({counted})", codes, least, measure) for name, codes in parts.items())


def make(
    given: Given,
    limits: Limits,
    *,
    robust: float | None,
    gap: float = 0.01,
    seconds: float = 30.0,
    patience: float = SECONDS,
) -> Allocation:
    """Make the plan.

    Parameters
    ----------
    given, limits
        What it starts from and what it must keep.
    robust
        Share of 200 draws of weights in which a commune's risk must hold; none to take risk as it is.
    gap, seconds, patience
        See :func:`models.planning.allocate.allocate`.
    """
    communes = robust_communes(given, robust)
    return allocate(
        communes, given.teams, given.types, given.hours, limits, gap=gap, seconds=seconds, patience=patience
    )


def robust_communes(given: Given, held_in: float | None) -> pd.DataFrame:
    """Return the communes with the relative risk they keep in a share of 200 draws of weights, if one is given."""
    if held_in is None:
        return given.communes
    draws = relative_draws(score_draws(given.briefing.assessment), given.ratio)
    return given.communes.assign(relative_risk=robust_score(draws.reindex(columns=given.communes.index), held_in))


def last_year(given: Given) -> pd.Series:
    """Return the sessions each commune had in the last twelve months of the log, of the types planned.

    A demonstration log has none: nobody held them.
    """
    known = without_demonstration(given.sources)
    log = known.activities
    recent = pd.to_datetime(log["date"]) > known.as_of - pd.DateOffset(years=1)
    kept = log[recent & log["type"].isin(given.types.index)]
    return kept.groupby("commune_code")["events"].sum()


def beside(made: Allocation, given: Given) -> pd.DataFrame:
    """Return the plan beside the rules made by hand, as :func:`models.planning.compare.compare`."""
    return compare(made.problem, made.optimum, given.communes["score"], last_year(given))


FIRST = 10
"""Communes of the list that a plan is held against."""


def agreed(made: Allocation, given: Given, count: int = FIRST) -> pd.DataFrame:
    """Return the first communes of the list to visit first, whether the plan visits them, and why not.

    The list is the one of the map: it goes by risk and people not yet reached, not by what a session takes.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``commune_code`` in the order of the list: ``name, class`` (of the area: province or nation)
        ``, people_unreached`` (persons) ``, sessions_needed`` and the columns of
        :func:`models.planning.agreement.agreement`.
    """
    first = listed(given.communes, count, national=given.national)
    shown = first[["name", given.classes, "people_unreached", "sessions_needed"]]
    found = agreement(made.problem, made.optimum.sessions, list(first.index))
    return shown.rename(columns={given.classes: "class"}).join(found)
