"""A plan on the desk: its settings, what it was made from, what came out; to and from the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from dashboard.locale import Texts
from geo.base.errors import InputError
from geo.layers.groups import MOUNTAINS
from geo.layers.indicators import Sources
from models.briefing import Briefing
from models.planning import plan as planning
from models.planning.allocate import Allocation, Floor, Limits
from models.planning.calendar import outcome
from models.planning.optimum import Optimum
from models.planning.plan import Given
from models.planning.problem import Problem, pose
from models.planning.records import Plan
from models.planning.settings import FloorWish, PlanSettings, from_json, to_json

OWN = "own"


@dataclass(frozen=True)
class Proposal:
    """A plan with everything it rests on; ``number`` and ``name`` are those of the store, if it is kept there."""

    settings: PlanSettings
    given: Given
    made: Allocation
    number: int = 0
    name: str = ""

    @property
    def problem(self) -> Problem:
        """What was to be decided."""
        return self.made.problem

    @property
    def cost(self) -> float:
        """Million VND."""
        return float(self.made.plan["cost"].sum())

    @property
    def people(self) -> float:
        """Persons reached for the first time."""
        return float(self.made.communes["people_newly_reached"].sum())

    @property
    def modelled_ways(self) -> bool:
        """Whether the hours of some session that is possible come from the speed model."""
        arcs, measured = self.problem.arcs, {(team, code) for team, code, _ in self.settings.measured}
        teams, codes = self.problem.teams.index.to_numpy()[arcs.team], self.problem.communes.index.to_numpy()
        return not {*zip(teams.tolist(), codes[arcs.commune].tolist(), strict=True)} <= measured

    def mean_coverage(self) -> tuple[float, float]:
        """Return the share of people covered before and after, 0-1, where it is known."""
        told, people = self.made.communes, self.problem.communes["population"]
        known = told["coverage_before"].notna() & people.gt(0)
        if not known.any():
            return float("nan"), float("nan")
        weight = people[known] / people[known].sum()
        return float(told["coverage_before"][known] @ weight), float(told["coverage_after"][known] @ weight)


def floors(wishes: tuple[FloorWish, ...], communes: pd.DataFrame, text: Texts) -> tuple[Floor, ...]:
    """Return the floors wished for, named in the language."""
    words = {f"{name}": text(f"planner.measure_{name}") for name in planning.MEASURES}
    words |= {group: text(f"planner.group_{group}") for group in ("remote", "border", "island", "minority")}
    words |= {part: text(f"planner.part_{part}") for part in MOUNTAINS}
    found: list[Floor] = []
    for wish in wishes:
        if wish.group == OWN:
            found.append(Floor(f"{wish.part} ({words[wish.measure]})", wish.communes, wish.least, wish.measure))
        else:
            found += planning.floors_of(wish.group, wish.measure, wish.least, communes, words, wish.part)
    return tuple({floor.name: floor for floor in found}.values())


def limits(settings: PlanSettings, communes: pd.DataFrame, text: Texts) -> Limits:
    """Return the limits of the settings."""
    return Limits(
        money=settings.money, weeks=settings.weeks,
        volunteer_days=np.inf if settings.volunteer_days is None else settings.volunteer_days,
        most_per_commune=settings.most_per_commune, most_hours=settings.most_hours,
        travel_cost=settings.travel_cost, include=settings.include, exclude=settings.exclude,
        floors=floors(settings.floors, communes, text),
    )  # fmt: skip


def given(settings: PlanSettings, briefing: Briefing, sources: Sources) -> Given:
    """Return what a plan of these settings starts from.

    Raises
    ------
    InputError
        If there is no team or no activity.
    """
    for name, listed in (("teams", settings.crews), ("types", settings.kinds)):
        if not listed:
            raise InputError(f"planner.no_{name}")
    return planning.gather(
        briefing, sources, settings.province, settings.teams(), settings.types(),
        measured=settings.hours(), most_hours=settings.most_hours, ratio=settings.ratio,
    )  # fmt: skip


def propose(settings: PlanSettings, briefing: Briefing, sources: Sources, text: Texts) -> Proposal:
    """Make the plan of these settings.

    Raises
    ------
    InputError
        For settings that cannot be used; and where no plan keeps every limit, naming those that break it.
    """
    known = given(settings, briefing, sources)
    bounds = limits(settings, known.communes, text)
    made = planning.make(
        known, bounds, robust=settings.robust, gap=settings.gap, seconds=settings.seconds, patience=settings.seconds
    )
    return Proposal(settings, known, made)


def to_plan(proposal: Proposal, name: str) -> Plan:
    """Return the plan as the store keeps it."""
    best, settings = proposal.made.optimum, proposal.settings
    about = {
        "plan": to_json(settings), "digest": settings.digest, "framework": proposal.given.briefing.framework.digest,
        "value": best.value, "bound": best.bound, "method": best.method, "seconds": best.seconds,
        "cost": proposal.cost, "people": proposal.people,
    }  # fmt: skip
    now = dt.datetime.now(dt.UTC)
    items = proposal.made.plan
    return Plan(0, now, settings.province, name, settings.start, settings.weeks, about, items)


def reopen(plan: Plan, briefing: Briefing, sources: Sources, text: Texts) -> Proposal:
    """Return a plan of the store as it was; what it reaches is reckoned with today's data.

    Raises
    ------
    InputError
        If the plan was not made here, or if its sessions are no longer possible with today's data.
    """
    about: Mapping[str, Any] = plan.settings
    try:
        settings = from_json(about["plan"])
        bound, method, seconds = float(about["bound"]), about["method"], float(about["seconds"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("planner.foreign_plan", name=plan.name) from error
    known = given(settings, briefing, sources)
    risk = planning.robust_communes(known, settings.robust)
    problem = pose(risk, known.teams, known.types, known.hours, limits(settings, known.communes, text))
    sessions = _sessions(problem, plan.items)
    if sessions is None:
        raise InputError("planner.outdated_plan", name=plan.name)
    value = problem.value(sessions)
    best = Optimum(sessions, value, max(bound, value), method, seconds)
    made = Allocation(problem, best, plan.items, outcome(problem, sessions))
    return Proposal(settings, known, made, plan.number, plan.name)


def _sessions(problem: Problem, items: pd.DataFrame) -> np.ndarray | None:
    """Return the sessions of each arc, none if some item is not among the arcs."""
    arcs = problem.arcs
    keys = pd.MultiIndex.from_arrays(
        [
            problem.teams.index.astype(str).to_numpy()[arcs.team],
            problem.communes.index.to_numpy()[arcs.commune],
            problem.types.index.to_numpy()[arcs.type],
        ]
    )
    wanted = items.groupby(["team", "commune_code", "type"])["sessions"].sum()
    place = keys.get_indexer(wanted.index)
    if (place < 0).any():
        return None
    sessions = np.zeros(len(arcs))
    sessions[place] = wanted.to_numpy(float)
    return sessions


def renamed(proposal: Proposal, plan: Plan) -> Proposal:
    """Return the proposal as the one the store keeps under a number and a name."""
    return replace(proposal, number=plan.number, name=plan.name)
