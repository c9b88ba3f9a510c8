"""The allocation of sessions as a mixed-integer program.

Weeks are interchangeable as long as only totals over the period are limited, so the program counts sessions per
team, commune and type; :mod:`models.planning.calendar` spreads them over the weeks afterwards. A commune gains
``worth x (1 - exp(-contacts / people))``: this concave curve is replaced by an envelope of tangents that lies nowhere
below it and at most :data:`ENVELOPE_ERROR` above, so that the program's bound is a bound on the true gain too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.planning.problem import Array, Problem
from models.solver import Program

ENVELOPE_ERROR = 5e-4


@dataclass(frozen=True)
class Row:
    """Which limit a row of the program is.

    ``kind`` is money, days, sessions, commune, volunteers, include, floor or link; ``about`` the team, commune or
    floor.
    """

    kind: str
    about: str = ""


@dataclass(frozen=True)
class Posed:
    """The program, its rows by name, and how many of its first columns are arcs."""

    program: Program
    rows: tuple[Row, ...]
    arcs: int

    def price(self, row_price: Array) -> Array:
        """Return what the resources of one session of each arc are worth, shape (arcs,), at the prices of the rows.

        Only what is used up counts (money, days, sessions, volunteers), not what must be kept.
        """
        used = np.array([row.kind in ("money", "days", "sessions", "commune", "volunteers") for row in self.rows])
        matrix = self.program.matrix[:, : self.arcs]
        return np.asarray(matrix.T @ np.where(used, np.maximum(row_price, 0.0), 0.0))


def envelope(most: float, error: float = ENVELOPE_ERROR) -> tuple[Array, Array]:
    """Return where the tangents of ``1 - exp(-u)`` take over from each other (first 0) and their slopes.

    Up to ``most`` the envelope is at most ``error`` of the value above the curve.

    Examples
    --------
    >>> starts, slopes = envelope(0.5)
    >>> float(starts[0]), float(slopes[0]), len(starts) < 40
    (0.0, 1.0, True)
    """
    points, starts = [0.0], [0.0]
    while starts[-1] < most:
        here = points[-1]
        low, high = here, here + 5.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if _above(here, middle) <= error else (low, middle)
        points.append(low)
        starts.append(_crossing(here, low))
    return np.array(starts[:-1]), np.exp(-np.array(points[:-1]))


def _crossing(first: float, second: float) -> float:
    """Return where the tangents at two points meet."""
    one, two = np.exp(-first), np.exp(-second)
    return float((one * (1 + first) - two * (1 + second)) / (one - two)) if second > first else first


def _above(first: float, second: float) -> float:
    """Return how far, relative to the curve, two tangents meet above it."""
    meet = _crossing(first, second)
    if meet <= 0:
        return 0.0
    line = -np.expm1(-first) + np.exp(-first) * (meet - first)
    return float(line / -np.expm1(-meet) - 1)


def build(problem: Problem) -> Posed:
    """Write the problem as a program: columns are the arcs, then the pieces of the gain, then communes visited."""
    arcs, communes = problem.arcs, len(problem.communes)
    commune_of, slopes, widths, unit = _pieces(problem)
    pieces, visited = len(slopes), _visited(problem)
    columns = len(arcs) + pieces + len(visited)
    blocks = _Blocks(columns)
    arc = np.arange(len(arcs))
    per_commune = sparse.csr_matrix((arcs.reach / unit[arcs.commune], (arcs.commune, arc)), (communes, columns))
    taken = sparse.csr_matrix((np.ones(pieces), (commune_of, len(arcs) + np.arange(pieces))), (communes, columns))
    used = np.unique(commune_of)
    blocks.add((per_commune - taken)[used], 0.0, np.inf, [Row("link")] * len(used))
    _resources(problem, blocks)
    _kept(problem, blocks, visited)
    lower = np.zeros(columns)
    upper = np.concatenate([np.full(len(arcs), float(problem.limits.cap)), widths, np.ones(len(visited))])
    gain = np.concatenate([np.zeros(len(arcs)), slopes, np.zeros(len(visited))])
    matrix, row_lower, row_upper, rows = blocks.stacked()
    whole = np.arange(columns) < len(arcs)
    return Posed(Program(gain, lower, upper, whole, matrix, row_lower, row_upper), rows, len(arcs))


class _Blocks:
    """Rows of a program as they are collected."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.parts: list[tuple[sparse.csr_matrix, Array, Array]] = []
        self.rows: list[Row] = []

    def add(self, matrix: sparse.csr_matrix, lower: object, upper: object, rows: list[Row]) -> None:
        size = len(rows)
        shape = (size,)
        self.parts.append(
            (
                matrix,
                np.broadcast_to(np.asarray(lower, float), shape),
                np.broadcast_to(np.asarray(upper, float), shape),
            )
        )
        self.rows += rows

    def stacked(self) -> tuple[sparse.csr_matrix, Array, Array, tuple[Row, ...]]:
        matrices, lower, upper = zip(*self.parts, strict=True)
        return sparse.vstack(matrices).tocsr(), np.concatenate(lower), np.concatenate(upper), tuple(self.rows)


def _pieces(problem: Problem) -> tuple[NDArray[np.intp], Array, Array, Array]:
    """Return the commune of each piece of gain, its gain per unit and its width in units, and each commune's unit.

    A unit is the contacts of the largest session; a piece ends where the next tangent takes over.
    """
    arcs, people = problem.arcs, problem.communes["population"].to_numpy(float)
    worth = problem.communes["worth"].to_numpy(float)
    largest = np.zeros(len(people))
    np.maximum.at(largest, arcs.commune, arcs.reach)
    valued = (largest > 0) & (people > 0) & (worth > 0)
    unit = np.where(largest > 0, largest, 1.0)
    most = np.divide(problem.limits.cap * largest, people, out=np.zeros(len(people)), where=valued)
    starts, slopes = envelope(float(most.max(initial=0.0)))
    ends = np.append(starts[1:], np.inf) if len(starts) else starts
    commune, piece = np.nonzero(starts[None, :] < most[:, None])
    scale = people[commune] / unit[commune]
    widths = (np.minimum(ends[piece], most[commune]) - starts[piece]) * scale
    return commune, worth[commune] * slopes[piece] / scale, widths, unit


def _sum_over(positions: NDArray[np.intp], values: Array, count: int, columns: int) -> sparse.csr_matrix:
    return sparse.csr_matrix((values, (positions, np.arange(len(values)))), (count, columns))


def _resources(problem: Problem, blocks: _Blocks) -> None:
    arcs, limits, teams = problem.arcs, problem.limits, problem.teams
    size, columns = len(arcs), blocks.columns
    zero, one = np.zeros(size, np.intp), np.ones(size)
    blocks.add(_sum_over(zero, arcs.money, 1, columns), -np.inf, limits.money, [Row("money")])
    busy = np.unique(arcs.team)
    names = [str(team) for team in teams.index]
    days = _sum_over(arcs.team, arcs.days, len(teams), columns)[busy]
    blocks.add(days, -np.inf, teams["days"].to_numpy(float)[busy], [Row("days", names[t]) for t in busy])
    capped = np.array([t for t in busy if np.isfinite(teams["sessions"].iloc[t])], np.intp)
    if len(capped):
        held = _sum_over(arcs.team, one, len(teams), columns)[capped]
        most = np.floor(teams["sessions"].to_numpy(float)[capped] + 1e-9)
        blocks.add(held, -np.inf, most, [Row("sessions", names[t]) for t in capped])
    served = np.unique(arcs.commune)
    codes = problem.communes.index
    held = _sum_over(arcs.commune, one, len(codes), columns)[served]
    blocks.add(held, -np.inf, float(limits.cap), [Row("commune", str(codes[c])) for c in served])
    if np.isfinite(limits.volunteer_days):
        blocks.add(_sum_over(zero, arcs.volunteers, 1, columns), -np.inf, limits.volunteer_days, [Row("volunteers")])


def _visited(problem: Problem) -> NDArray[np.intp]:
    """Return the communes whose being visited is counted by some floor."""
    counted = [problem.members(floor.communes) for floor in problem.limits.floors if floor.measure == "communes"]
    return np.flatnonzero(np.any(counted, axis=0)) if counted else np.empty(0, np.intp)


def _kept(problem: Problem, blocks: _Blocks, visited: NDArray[np.intp]) -> None:
    arcs, columns = problem.arcs, blocks.columns
    size, codes = len(arcs), problem.communes.index
    per_commune = _sum_over(arcs.commune, np.ones(size), len(codes), columns)
    if problem.limits.include:
        wanted = codes.get_indexer(list(problem.limits.include))
        blocks.add(per_commune[wanted], 1.0, np.inf, [Row("include", code) for code in problem.limits.include])
    first = columns - len(visited)
    if len(visited):
        flag = sparse.csr_matrix((np.ones(len(visited)), (np.arange(len(visited)), first + np.arange(len(visited)))),
                                 (len(visited), columns))  # fmt: skip
        blocks.add(per_commune[visited] - flag, 0.0, np.inf, [Row("link")] * len(visited))
    for floor in problem.limits.floors:
        inside = problem.members(floor.communes)
        row, least = np.zeros(columns), floor.least
        if floor.measure == "communes":
            row[first:] = inside[visited]
        else:
            row[:size] = inside[arcs.commune]
        if floor.measure == "share":
            row[:size] -= floor.least
            least = 0.0
        blocks.add(sparse.csr_matrix(row), least, np.inf, [Row("floor", floor.name)])
