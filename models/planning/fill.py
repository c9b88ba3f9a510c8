"""Building a plan session by session: the greedy baseline, filling up rounded plans, a planner's hand rules."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from models.planning.problem import Array, Floor, Problem

TINY = 1e-9


class _Ledger:
    """What is left of every resource while a plan is built; plain lists, since it is read one number at a time."""

    def __init__(self, problem: Problem, start: Array | None = None) -> None:
        arcs, limits = problem.arcs, problem.limits
        self.problem = problem
        self.sessions = np.zeros(len(arcs)) if start is None else start.copy()
        self.team, self.commune = arcs.team.tolist(), arcs.commune.tolist()
        self.money, self.days, self.volunteers = arcs.money.tolist(), arcs.days.tolist(), arcs.volunteers.tolist()
        self.reach = arcs.reach.tolist()
        held = self.sessions
        self.money_left = limits.money - float(held @ arcs.money)
        self.volunteers_left = (
            limits.volunteer_days - float(held @ arcs.volunteers) if np.isfinite(limits.volunteer_days) else np.inf
        )
        teams, communes = len(problem.teams), len(problem.communes)
        self.days_left = (
            problem.teams["days"].to_numpy(float) - np.bincount(arcs.team, held * arcs.days, teams)
        ).tolist()
        self.team_left = (
            np.floor(problem.teams["sessions"].to_numpy(float) + TINY) - np.bincount(arcs.team, held, teams)
        ).tolist()
        self.commune_left = (limits.cap - np.bincount(arcs.commune, held, communes)).tolist()
        self.held = np.bincount(arcs.commune, held, communes).tolist()
        self.contacts = problem.reach(held).tolist()
        self.people = problem.communes["population"].tolist()
        self.worth = problem.communes["worth"].tolist()
        self.shares = [
            (problem.members(floor.communes).tolist(), floor.least)
            for floor in limits.floors
            if floor.measure == "share"
        ]
        self.inside = [
            sum(n for n, member in zip(self.held, flags, strict=True) if member) for flags, _ in self.shares
        ]
        self.total = float(sum(self.held))

    def room(self, arc: int) -> bool:
        """Return whether one more session of this arc is within every limit on what is used up."""
        return bool(
            self.money[arc] <= self.money_left + TINY
            and self.days[arc] <= self.days_left[self.team[arc]] + TINY
            and self.team_left[self.team[arc]] >= 1 - TINY
            and self.commune_left[self.commune[arc]] >= 1 - TINY
            and self.volunteers[arc] <= self.volunteers_left + TINY
        )

    def gain(self, arc: int) -> float:
        """Return what one more session of this arc adds to the plan's value."""
        commune = self.commune[arc]
        people = self.people[commune]
        if people <= 0:
            return 0.0
        before = math.exp(-self.contacts[commune] / people)
        return self.worth[commune] * before * -math.expm1(-self.reach[arc] / people)

    def add(self, arc: int) -> None:
        """Hold one more session of this arc."""
        team, commune = self.team[arc], self.commune[arc]
        self.sessions[arc] += 1
        self.money_left -= self.money[arc]
        self.volunteers_left -= self.volunteers[arc]
        self.days_left[team] -= self.days[arc]
        self.team_left[team] -= 1
        self.commune_left[commune] -= 1
        self.held[commune] += 1
        self.contacts[commune] += self.reach[arc]
        self.total += 1
        for position, (flags, _) in enumerate(self.shares):
            self.inside[position] += flags[commune]

    def class_of(self, commune: int) -> tuple[bool, ...]:
        """Return which share floors count this commune: communes of one class are allowed or blocked together."""
        return tuple(flags[commune] for flags, _ in self.shares)

    def keeps_shares(self, members: tuple[bool, ...]) -> bool:
        """Return whether one more session in a commune of this class leaves every share floor kept."""
        return all(
            member or self.inside[position] + TINY >= least * (self.total + 1)
            for position, (member, (_, least)) in enumerate(zip(members, self.shares, strict=True))
        )


def fill(problem: Problem, price: Array, start: Array | None = None) -> Array:
    """Add sessions while anything fits, each time the one with the highest gain per price.

    What must be kept comes first: included communes, then floors; then whatever gains most.

    Parameters
    ----------
    problem
        The problem.
    price
        What the resources of one session of each arc are worth, shape (a,).
    start
        Sessions already decided, shape (a,); never taken away.

    Returns
    -------
    numpy.ndarray
        Sessions of each arc, whole numbers, shape (a,); it keeps every limit on what is used up, and the floors as
        far as it found a way.
    """
    ledger = _Ledger(problem, start)
    floor_price = np.maximum(price, 1e-12 * max(float(price.max(initial=0.0)), 1.0)).tolist()
    _keep(ledger, lambda arc: ledger.gain(arc) / floor_price[arc])
    _greedy(ledger, range(len(ledger.team)), floor_price)
    return ledger.sessions


def greedy(problem: Problem) -> Array:
    """Return the plan of the greedy rule: gain per share of the budget and of the team's days it takes."""
    arcs = problem.arcs
    days = np.maximum(problem.teams["days"].to_numpy(float), TINY)[arcs.team]
    return fill(problem, arcs.money / max(problem.limits.money, TINY) + arcs.days / len(problem.teams) / days)


def by_shares(problem: Problem, shares: pd.Series, otherwise: pd.Series | None = None) -> Array:
    """Return the plan of a planner who deals sessions out to communes in proportion to ``shares``.

    The next session always goes to the commune with the fewest sessions for its share (D'Hondt), from the nearest
    team that still has days, of the type that reaches most people per million. What must be kept comes first.

    Parameters
    ----------
    shares
        By ``commune_code``; communes with 0 or nothing get no session, except as follows.
    otherwise
        Where a floor by share lets no commune with a share have the next session, one that the floor protects gets
        it, dealt out in the same way by these shares; by default the same for all.
    """
    ledger, arcs = _Ledger(problem), problem.arcs
    order = np.lexsort((-arcs.reach / np.maximum(arcs.money, TINY), arcs.hours, arcs.commune))
    options: dict[int, list[int]] = {}
    for arc in order.tolist():
        options.setdefault(ledger.commune[arc], []).append(arc)
    codes = problem.communes.index
    weight = shares.reindex(codes).fillna(0.0).to_numpy(float)
    second = np.ones(len(codes)) if otherwise is None else otherwise.reindex(codes).fillna(0.0).to_numpy(float)
    _keep(ledger, lambda arc: weight[ledger.commune[arc]] + 1e-6 / (1 + arcs.hours[arc]))
    wanted = _Queues(ledger, options, weight)
    spare = _Queues(ledger, options, np.where(weight > 0, 0.0, second))
    while wanted.any():
        arc = wanted.next()
        arc = spare.next() if arc is None else arc
        if arc is None:
            break
        ledger.add(arc)
    return ledger.sessions


class _Queues:
    """Communes waiting for their next session, those that the floors by share treat alike in one queue."""

    def __init__(self, ledger: _Ledger, options: dict[int, list[int]], weight: Array) -> None:
        self.ledger, self.options, self.weight = ledger, options, weight.tolist()
        self.queues: dict[tuple[bool, ...], list[tuple[float, float, int]]] = {}
        for commune in options:
            if self.weight[commune] > 0:
                self.queues.setdefault(ledger.class_of(commune), []).append(self._entry(commune))
        for queue in self.queues.values():
            heapq.heapify(queue)

    def _entry(self, commune: int) -> tuple[float, float, int]:
        weight = self.weight[commune]
        return ((self.ledger.held[commune] + 1) / weight, -weight, commune)

    def any(self) -> bool:
        """Return whether a commune is left that could still get a session, floors aside."""
        for queue in self.queues.values():
            while queue and self._possible(queue[0][2]) is None:
                heapq.heappop(queue)
        return any(self.queues.values())

    def next(self) -> int | None:
        """Return the session that is due among the communes that the floors allow, none if they allow none."""
        while True:
            allowed = [queue for members, queue in self.queues.items() if queue and self.ledger.keeps_shares(members)]
            if not allowed:
                return None
            queue = min(allowed, key=lambda one: one[0])
            commune = queue[0][2]
            arc = self._possible(commune)
            if arc is None:
                heapq.heappop(queue)
                continue
            first, tie, _ = queue[0]
            heapq.heapreplace(queue, (first + 1 / self.weight[commune], tie, commune))
            return arc

    def _possible(self, commune: int) -> int | None:
        return next((arc for arc in self.options[commune] if self.ledger.room(arc)), None)


def _keep(ledger: _Ledger, liking: Callable[[int], float]) -> None:
    """Add what must be kept, each time the most liked session that helps."""
    problem = ledger.problem
    codes = problem.communes.index
    for commune in codes.get_indexer(list(problem.limits.include)).tolist():
        if ledger.held[commune] < 1:
            _first(ledger, np.flatnonzero(problem.arcs.commune == commune).tolist(), liking)
    for floor in sorted((f for f in problem.limits.floors if f.measure != "share"), key=lambda f: len(f.communes)):
        _reach_floor(ledger, floor, liking)


def _reach_floor(ledger: _Ledger, floor: Floor, liking: Callable[[int], float]) -> None:
    inside = ledger.problem.members(floor.communes)
    options = np.flatnonzero(inside[ledger.problem.arcs.commune]).tolist()
    places = np.flatnonzero(inside).tolist()
    queue = [(-liking(arc), arc) for arc in options]
    heapq.heapify(queue)
    count = (lambda c: ledger.held[c]) if floor.measure == "sessions" else (lambda c: float(ledger.held[c] > 0))
    reached = sum(count(commune) for commune in places)
    while queue and reached < floor.least - TINY:
        stale, arc = heapq.heappop(queue)
        commune = ledger.commune[arc]
        if not ledger.room(arc) or (floor.measure == "communes" and ledger.held[commune] > 0):
            continue
        now = -liking(arc)
        if queue and now > queue[0][0] + TINY * abs(now) and now > stale:
            heapq.heappush(queue, (now, arc))
            continue
        ledger.add(arc)
        reached += 1
        heapq.heappush(queue, (-liking(arc), arc))


def _first(ledger: _Ledger, options: list[int], liking: Callable[[int], float]) -> None:
    possible = [arc for arc in options if ledger.room(arc)]
    if possible:
        ledger.add(max(possible, key=lambda arc: (liking(arc), -ledger.days[arc])))


def _greedy(ledger: _Ledger, options: Iterable[int], price: list[float]) -> None:
    """Add sessions by gain per price; gains only fall, so a stale entry of the queue is renewed when met."""
    queues: dict[tuple[bool, ...], list[tuple[float, int]]] = {}
    for arc in options:
        if ledger.room(arc):
            ratio = ledger.gain(arc) / price[arc]
            if ratio > 0:
                queues.setdefault(ledger.class_of(ledger.commune[arc]), []).append((-ratio, arc))
    for queue in queues.values():
        heapq.heapify(queue)
    while True:
        allowed = [queue for members, queue in queues.items() if queue and ledger.keeps_shares(members)]
        if not allowed:
            return
        queue = min(allowed, key=lambda one: one[0])
        stale, arc = heapq.heappop(queue)
        if not ledger.room(arc):
            continue
        now = -ledger.gain(arc) / price[arc]
        if now > stale * (1 - TINY) and queue and now > queue[0][0]:
            heapq.heappush(queue, (now, arc))
            continue
        ledger.add(arc)
        heapq.heappush(queue, (-ledger.gain(arc) / price[arc], arc))
