"""A stronger bound where team-days are short: whole schedules of teams instead of sessions in parts.

What fits into a team's days in whole sessions is a knapsack. Teams are taken apart from the limits they share: at
prices of those limits every team's best schedule is found alone, and a small program mixes the schedules until the
prices fit (column generation: Dantzig and Wolfe, Operations Research 8, 1960; Gilmore and Gomory, Operations
Research 9, 1961). Every round gives a bound that no plan exceeds, and a plan is put together from the schedules.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.planning.problem import Array, Problem
from models.planning.program import Posed
from models.solver import Program, load, relative_gap, solve

UNITS = 2000
"""Parts into which a team's days are cut; weights are rounded down for the bound and up for schedules."""
ROUNDS = 200
SMOOTH = 0.5


@dataclass(frozen=True)
class Mixed:
    """What the schedules say.

    ``bound`` is what no plan exceeds; ``plans`` are whole sessions of each arc put together from schedules, best
    first, each within team-days but not yet checked against the other limits.
    """

    bound: float
    plans: tuple[Array, ...]


@numba.njit(cache=True, nogil=True)
def knapsack(profit: Array, weight: NDArray[np.int64], most: NDArray[np.int64], room: int) -> NDArray[np.int64]:
    """Return how often to take each item so that the profit is highest and the weight at most ``room``.

    Dynamic programming over the weight; many of one item are taken as lots of 1, 2, 4, ….

    Parameters
    ----------
    profit, weight, most
        Of each item, shape (n,): profit of one, whole weight of one (0 or more), how many there are.
    room
        Weight that fits.

    Examples
    --------
    >>> knapsack(np.array([6.0, 10.0, 12.0]), np.array([1, 2, 3]), np.array([1, 1, 1]), 5).tolist()
    [0, 1, 1]
    """
    lot_item = np.empty(64 * len(profit), np.int64)
    lot_size = np.empty(64 * len(profit), np.int64)
    count = 0
    for item in range(len(profit)):
        left, size = most[item], 1
        while left > 0:
            size = min(size, left)
            lot_item[count], lot_size[count] = item, size
            left -= size
            size *= 2
            count += 1
    best, before = np.zeros(room + 1), np.zeros(room + 1)
    taken = np.zeros((count, room + 1), np.bool_)
    for lot in range(count):
        heavy = lot_size[lot] * weight[lot_item[lot]]
        gain = lot_size[lot] * profit[lot_item[lot]]
        if heavy > room or heavy == 0:
            continue
        before[:] = best
        for size in range(heavy, room + 1):
            value = before[size - heavy] + gain
            better = value > before[size] + 1e-12
            best[size] = value if better else before[size]
            taken[lot, size] = better
    chosen = np.zeros(len(profit), np.int64)
    size = room
    for lot in range(count - 1, -1, -1):
        if weight[lot_item[lot]] == 0:
            chosen[lot_item[lot]] = most[lot_item[lot]]
        elif taken[lot, size]:
            chosen[lot_item[lot]] += lot_size[lot]
            size -= lot_size[lot] * weight[lot_item[lot]]
    return chosen


class _Crew:
    """One team's knapsack at changing prices."""

    def __init__(self, problem: Problem, team: int) -> None:
        arcs = problem.arcs
        self.arcs = np.flatnonzero(arcs.team == team)
        self.days = float(problem.teams["days"].iloc[team])
        held = float(problem.teams["sessions"].iloc[team])
        self.sessions = int(held + 1e-9) if np.isfinite(held) else 10**9
        self.weight = arcs.days[self.arcs]
        fits = np.where(self.weight > 0, self.days / np.maximum(self.weight, 1e-12) + 1e-9, np.inf)
        self.most = np.minimum(fits, min(problem.limits.cap, self.sessions)).astype(np.int64)
        self.known: list[Array] = []

    def best(self, profit: Array) -> tuple[float, Array]:
        """Return what no schedule exceeds at these profits of the arcs, and a good schedule (sessions by arc)."""
        mine = profit[self.arcs]
        possible = np.flatnonzero((mine > 1e-12) & (self.most > 0))
        sessions = np.zeros(len(self.arcs))
        if not len(possible):
            return 0.0, sessions
        unit = self.days / UNITS
        low = np.floor(self.weight[possible] / unit + 1e-9).astype(np.int64)
        known = max((float(mine @ schedule) for schedule in self.known), default=0.0)
        needed = _needed(mine[possible], low, self.most[possible], known)
        possible, low = possible[needed], low[needed]
        high = np.minimum(np.ceil(self.weight[possible] / unit - 1e-9).astype(np.int64), UNITS)
        gain, most = mine[possible], self.most[possible]
        chosen = knapsack(gain, low, most, UNITS)
        above = float(gain @ chosen)
        if self.weight[possible] @ chosen > self.days * (1 + 1e-9):
            chosen = knapsack(gain, high, most, UNITS)
        if chosen.sum() > self.sessions:
            order = np.repeat(np.arange(len(chosen)), chosen)
            order = order[np.argsort(-gain[order], kind="stable")][: self.sessions]
            chosen = np.bincount(order, minlength=len(chosen))
        sessions[possible] = chosen
        self.known.append(sessions)
        return above, sessions


def _needed(gain: Array, weight: NDArray[np.int64], most: NDArray[np.int64], known: float) -> NDArray[np.intp]:
    """Return which items a better choice than the one known can hold: those that lose little at the price of room."""
    heavy = np.maximum(weight, 1e-6)
    order = np.argsort(-gain / heavy, kind="stable")
    filled = np.cumsum(heavy[order] * most[order])
    full = int(np.searchsorted(filled, UNITS))
    if full >= len(order):
        return np.arange(len(gain))
    price = float(gain[order[full]] / heavy[order[full]])
    upper = price * UNITS + float((np.maximum(gain - price * heavy, 0) * most).sum())
    room, lower = float(UNITS), 0.0
    for item in order[: full + 200].tolist():
        times = min(int(most[item]), int(room / heavy[item] + 1e-9))
        lower += times * float(gain[item])
        room -= times * float(heavy[item])
    return np.flatnonzero(price * heavy - gain <= (upper - max(lower, known)) * (1 + 1e-9) + 1e-9)


class _Master:
    """Mixes schedules within the shared limits; its prices say what those limits are worth."""

    def __init__(self, posed: Posed, shared: NDArray[np.intp], teams: int) -> None:
        program = posed.program
        self.arcs = posed.arcs
        rest = program.matrix[shared][:, posed.arcs :]
        below = sparse.csr_matrix((teams, rest.shape[1]))
        self.rows = len(shared)
        penalty = 10 * max(float(program.gain @ np.where(np.isfinite(program.upper), program.upper, 0)), 1.0)
        slack = sparse.vstack([sparse.identity(self.rows), sparse.csr_matrix((teams, self.rows))])
        matrix = sparse.hstack([sparse.vstack([rest, below]), slack, -slack]).tocsr()
        columns = rest.shape[1]
        self.fixed = columns + 2 * self.rows
        self.program = Program(
            np.concatenate([program.gain[posed.arcs :], np.full(2 * self.rows, -penalty)]),
            np.zeros(self.fixed),
            np.concatenate([program.upper[posed.arcs :], np.full(2 * self.rows, np.inf)]),
            np.zeros(self.fixed, bool),
            matrix,
            np.concatenate([program.row_lower[shared], np.full(teams, -np.inf)]),
            np.concatenate([program.row_upper[shared], np.ones(teams)]),
        )
        self.solver = load(self.program)
        self.added: list[tuple[int, Array]] = []
        self.used: list[Array] = []

    def add(self, team: int, sessions: Array, used: Array) -> None:
        """Add a schedule of a team, with what it takes of the shared limits."""
        rows = np.flatnonzero(used)
        index = np.append(rows, self.rows + team).astype(np.int32)
        value = np.append(used[rows], 1.0)
        self.solver.addCol(0.0, 0.0, highspy.kHighsInf, len(index), index, value)
        self.added.append((team, sessions))
        self.used.append(used)

    def solve(self) -> tuple[Array, Array] | None:
        """Return the prices of the shared limits and how much of each schedule is used."""
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self.solver.getSolution()
        return np.array(solution.row_dual)[: self.rows], np.array(solution.col_value)[self.fixed :]

    def whole(self, seconds: float) -> NDArray[np.intp]:
        """Return the schedules chosen when each team follows at most one of them."""
        program, count = self.program, len(self.added)
        teams = np.array([team for team, _ in self.added])
        columns = sparse.vstack(
            [
                sparse.csr_matrix(np.array(self.used).T),
                sparse.csr_matrix(
                    (np.ones(count), (teams, np.arange(count))), (program.matrix.shape[0] - self.rows, count)
                ),
            ]
        )
        solved = solve(
            Program(
                np.concatenate([program.gain, np.zeros(count)]),
                np.zeros(self.fixed + count), np.concatenate([program.upper, np.ones(count)]),
                np.concatenate([program.whole, np.ones(count, bool)]),
                sparse.hstack([program.matrix, columns]).tocsr(), program.row_lower, program.row_upper,
            ),
            seconds=seconds, gap=1e-3,
        )  # fmt: skip
        return np.flatnonzero(solved.x[self.fixed :] > 0.5) if len(solved.x) else np.empty(0, np.intp)


def mix_schedules(
    problem: Problem, posed: Posed, row_price: Array, start: tuple[Array, ...], seconds: float, gap: float
) -> Mixed:
    """Mix schedules of teams until the bound is close to what they are worth, or time is up.

    Parameters
    ----------
    problem, posed
        The problem and its program.
    row_price
        Prices of the program's rows to begin with, those of the relaxation.
    start
        Plans already known (sessions of each arc); they are the first schedules.
    seconds
        Time limit; a quarter of it is kept for putting a plan together.
    gap
        Stop when the bound is within this share of the mix.
    """
    begun = time.perf_counter()
    program = posed.program
    shared = np.flatnonzero([row.kind not in ("days", "sessions") for row in posed.rows])
    matrix = program.matrix[shared]
    ours, rest = matrix[:, : posed.arcs].tocsc(), matrix[:, posed.arcs :].tocsc()
    crews = [_Crew(problem, team) for team in range(len(problem.teams))]
    master = _Master(posed, shared, len(crews))
    for plan in start:
        for team, crew in enumerate(crews):
            if plan[crew.arcs].any():
                crew.known.append(plan[crew.arcs])
                master.add(team, plan[crew.arcs], ours[:, crew.arcs] @ plan[crew.arcs])
    lower, upper = program.row_lower[shared], program.row_upper[shared]
    gain, most = program.gain[posed.arcs :], program.upper[posed.arcs :]
    centre, bound, value, mixed = row_price[shared].copy(), np.inf, -np.inf, np.empty(0)
    price = centre
    for _ in range(ROUNDS):
        profit = -(ours.T @ price)
        answers = [crew.best(profit) for crew in crews]
        total = sum(above for above, _ in answers) + float(np.maximum(gain - rest.T @ price, 0) @ most)
        limit = np.where(price >= 0, upper, lower)
        total += float(price @ np.where(np.abs(price) < 1e-12, 0.0, np.where(np.isfinite(limit), limit, 0.0)))
        usable = bool(np.isfinite(limit[np.abs(price) >= 1e-12]).all())
        if usable and total < bound:
            bound, centre = total, price
        for team, (crew, (_, sessions)) in enumerate(zip(crews, answers, strict=True)):
            if sessions.any():
                master.add(team, sessions, ours[:, crew.arcs] @ sessions)
        found = master.solve()
        if found is None:
            break
        asked, mixed = found
        value = float(master.solver.getInfo().objective_function_value)
        if relative_gap(value, bound) <= gap or time.perf_counter() - begun > 0.7 * seconds:
            break
        price = _kept(SMOOTH * centre + (1 - SMOOTH) * asked, lower, upper)
    left = max(seconds - (time.perf_counter() - begun), 0.2)
    return Mixed(bound, _plans(problem, crews, master, mixed, left))


def _kept(price: Array, lower: Array, upper: Array) -> Array:
    """Return prices without those that no limit stands behind."""
    wrong = ((price > 0) & ~np.isfinite(upper)) | ((price < 0) & ~np.isfinite(lower))
    return np.where(wrong, 0.0, price)


def _plans(problem: Problem, crews: list[_Crew], master: _Master, mixed: Array, seconds: float) -> tuple[Array, ...]:
    """Return plans of whole schedules: the best choice of one for each team, and the one most used of each team."""
    chosen = [master.whole(seconds)]
    if len(mixed):
        most: dict[int, int] = {}
        for position in np.argsort(mixed, kind="stable").tolist():
            most[master.added[position][0]] = position
        chosen.append(np.array([*most.values()], np.intp))
    plans = []
    for positions in chosen:
        plan = np.zeros(len(problem.arcs))
        for position in positions.tolist():
            team, sessions = master.added[position]
            plan[crews[team].arcs] = sessions
        plans.append(plan)
    return tuple(sorted(plans, key=problem.value, reverse=True))
