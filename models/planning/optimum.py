"""The best plan with a proof of how good it is: relaxation, rounding, branch and bound where that is not enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geo.base.errors import InputError
from models.planning.fill import fill, greedy
from models.planning.problem import Array, Problem
from models.planning.program import Posed, build
from models.planning.relaxation import Relaxed, relax
from models.solver import relative_gap, solve

CORE_ARCS = 10
MOST_MIXED = 100_000
"""Arcs beyond which schedules of teams are not mixed: a round would take too long."""
MIXING = 0.75
"""Share of the time left that goes into mixing schedules."""
Method = Literal["rounded relaxation", "mixed schedules", "branch and bound", "greedy"]


@dataclass(frozen=True)
class Optimum:
    """A plan and how good it is at least.

    Parameters
    ----------
    sessions
        Whole sessions of each arc, shape (a,).
    value
        What the plan is worth: people newly reached x relative risk.
    bound
        What no plan within the limits can exceed.
    method
        What found the plan.
    seconds
        How long it took.
    """

    sessions: Array
    value: float
    bound: float
    method: Method
    seconds: float

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, relative to its value."""
        return relative_gap(self.value, self.bound)


class Infeasible(Exception):
    """No plan keeps every limit; :mod:`models.planning.conflict` says which ones break it."""


def optimise(problem: Problem, *, gap: float = 0.01, seconds: float = 30.0) -> Optimum:
    """Find a plan that is proven to lie within ``gap`` of the best, or the best found in ``seconds``.

    The relaxation (sessions in parts) gives the bound and the prices of money and team-days; its whole part, filled
    up by gain per price, is nearly always within one percent where money is short; where the greedy plan is better,
    it is taken. Where team-days are short, whole schedules of teams are mixed (:mod:`models.planning.patterns`):
    that gives a tighter bound and better plans. Only then branch and bound goes on from there: first among the few
    best choices of each team, then among all but those which the prices prove useless (reduced-cost fixing).

    Parameters
    ----------
    problem
        What to decide.
    gap
        The wanted proof, relative: 0.01 is one percent.
    seconds
        Time limit for everything; the gap reached by then is reported.

    Raises
    ------
    Infeasible
        If no plan keeps every limit.
    """
    begun = time.perf_counter()
    posed = build(problem)
    relaxed = relax(posed, seconds, max(min(gap / 10, 1e-3), 1e-9))
    if not relaxed.feasible:
        raise Infeasible
    if not len(relaxed.x):
        return _fallback(problem, posed, begun)
    rounded = _better(problem, posed, None, _rounded(problem, posed, relaxed))
    best = _better(problem, posed, rounded, greedy(problem))
    method: Method = "greedy" if best is not rounded else "rounded relaxation"
    bound = relaxed.bound
    if best is not None and relative_gap(problem.value(best), bound) > gap and posed.arcs <= MOST_MIXED:
        from models.planning.patterns import mix_schedules

        left = MIXING * max(seconds - (time.perf_counter() - begun), 0.0)
        mixed = mix_schedules(problem, posed, relaxed.row_price, (best,), left, gap / 4)
        bound = min(bound, mixed.bound)
        price = posed.price(relaxed.row_price)
        for plan in mixed.plans:
            found = _better(problem, posed, best, fill(problem, price, plan))
            if found is not best:
                best, method = found, "mixed schedules"
    for part, share in ((CORE_ARCS, 0.5), (None, 1.0)):
        if best is not None and relative_gap(problem.value(best), bound) <= gap:
            break
        left = max(share * (seconds - (time.perf_counter() - begun)), 0.05)
        found, proven = _branch_and_bound(problem, posed, relaxed, best, part, left, gap)
        if found is not best:
            best, method = found, "branch and bound"
        bound = min(bound, proven)
        if proven == -np.inf and best is None:
            raise Infeasible
    if best is None:
        raise InputError("allocate.no_time", seconds=f"{seconds:g}")
    return _optimum(problem, best, bound, method, begun)


def _branch_and_bound(
    problem: Problem, posed: Posed, relaxed: Relaxed, best: Array | None, part: int | None, seconds: float, gap: float
) -> tuple[Array | None, float]:
    """Return a better plan if one is found, else ``best``, and a bound (infinite where only a part was searched).

    ``part`` limits the search to so many choices per team, those that lose least at the prices of the relaxation.
    """
    program = posed.program
    loss = program.matrix.T @ relaxed.row_price - program.gain
    upper = program.upper.copy()
    if best is not None:
        room = relaxed.bound - problem.value(best)
        useless = program.whole & (relaxed.x < 1e-9) & (loss > room + 1e-6 * max(1.0, abs(relaxed.bound)))
        useless[: posed.arcs] &= best < 0.5
        upper[useless] = 0.0
    if part is not None:
        size = min(part * len(problem.teams), posed.arcs)
        kept = relaxed.x[: posed.arcs] > 1e-9
        kept[np.argpartition(loss[: posed.arcs], size - 1)[:size]] = True
        kept |= False if best is None else best > 0.5
        upper[: posed.arcs][~kept] = 0.0
    columns = np.flatnonzero(upper > 0)
    start = None if best is None else _columns(problem, posed, best)[columns]
    solved = solve(program.only(columns), seconds=seconds, gap=gap / 2, start=start)
    proven = solved.bound if part is None else np.inf
    if not len(solved.x):
        nothing = solved.status == "infeasible" and part is None and best is None
        return best, (-np.inf if nothing else np.inf)
    sessions = np.zeros(posed.arcs)
    arcs = columns[columns < posed.arcs]
    sessions[arcs] = np.round(solved.x[: len(arcs)])
    found = _better(problem, posed, best, sessions)
    return found, max(proven, -np.inf if found is None else problem.value(found))


def relaxation(problem: Problem) -> tuple[Posed, Relaxed]:
    """Solve the problem with sessions in parts: what could be reached at best, and the prices of every limit."""
    posed = build(problem)
    relaxed = relax(posed)
    if not relaxed.feasible:
        raise Infeasible
    return posed, relaxed


def keeps_everything(problem: Problem, sessions: Array, posed: Posed | None = None) -> bool:
    """Return whether a plan keeps every limit, floors included."""
    posed = build(problem) if posed is None else posed
    return posed.program.holds(_columns(problem, posed, sessions))


def _optimum(problem: Problem, sessions: Array, bound: float, method: Method, begun: float) -> Optimum:
    value = problem.value(sessions)
    return Optimum(sessions, value, max(bound, value), method, time.perf_counter() - begun)


def _fallback(problem: Problem, posed: Posed, begun: float) -> Optimum:
    """Return the greedy plan when there was no time even for the relaxation; all that can be gained bounds it."""
    best = greedy(problem)
    if not keeps_everything(problem, best, posed):
        raise InputError("allocate.no_time", seconds=f"{time.perf_counter() - begun:.0f}")
    return _optimum(problem, best, float(problem.communes["worth"].sum()), "greedy", begun)


def _rounded(problem: Problem, posed: Posed, relaxed: Relaxed) -> Array:
    whole = np.floor(relaxed.x[: posed.arcs] + 1e-6)
    return fill(problem, posed.price(relaxed.row_price), whole)


def _better(problem: Problem, posed: Posed, best: Array | None, other: Array) -> Array | None:
    if not keeps_everything(problem, other, posed):
        return best
    return other if best is None or problem.value(other) > problem.value(best) else best


def _columns(problem: Problem, posed: Posed, sessions: Array) -> Array:
    """Return the values of all columns for a plan: pieces of gain filled from the first, communes visited or not."""
    program, arcs = posed.program, posed.arcs
    x = np.zeros(program.matrix.shape[1])
    x[:arcs] = sessions
    links = np.array([row.kind == "link" for row in posed.rows])
    linked = program.matrix[links]
    have = linked @ x
    rest = linked[:, arcs:].tocoo()
    left = have.copy()
    order = np.lexsort((rest.col, rest.row))
    for row, column in zip(rest.row[order].tolist(), rest.col[order].tolist(), strict=True):
        taken = min(program.upper[arcs + column], max(left[row], 0.0))
        x[arcs + column] = taken
        left[row] -= taken
    return x
