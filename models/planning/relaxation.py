"""The relaxation of an allocation: sessions in parts. Its value bounds every plan, its prices say what limits cost.

Teams and communes that no way connects meet only in a few common limits (money, volunteers, floors). Where they fall
into many regions, the regions are solved one by one at common prices, and a small program mixes their answers until
the prices fit: the decomposition of Dantzig and Wolfe, Operations Research 8 (1960). Every round gives a bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.planning.program import Posed
from models.solver import Array, Program, load, solve

FEW_ARCS = 40_000
ROUNDS = 60


@dataclass(frozen=True)
class Relaxed:
    """Value and solution of the relaxation.

    ``bound`` is what no plan can exceed; ``x`` the columns of the program, empty where nothing was found;
    ``row_price`` what one more unit of each row's limit is worth; ``feasible`` is false where no plan can keep every
    limit.
    """

    bound: float
    x: Array
    row_price: Array
    feasible: bool


def relax(posed: Posed, seconds: float = 60.0, close: float = 1e-3) -> Relaxed:
    """Solve the relaxation, region by region where that is quicker.

    Parameters
    ----------
    posed
        The program.
    seconds
        Time limit.
    close
        How close to the relaxation's value the bound must come, relative; only where regions are solved one by one.
    """
    if posed.arcs > FEW_ARCS:
        regions, common = split(posed)
        if len(regions) > 1:
            return _decomposed(posed, regions, common, seconds, close)
    return _whole(posed, seconds)


def _whole(posed: Posed, seconds: float) -> Relaxed:
    solved = solve(posed.program.relaxed(), seconds=seconds)
    if solved.status == "optimal":
        return Relaxed(solved.bound, solved.x, solved.row_price, True)
    return Relaxed(np.inf, np.empty(0), np.empty(0), solved.status != "infeasible")


def split(posed: Posed) -> tuple[list[NDArray[np.intp]], NDArray[np.intp]]:
    """Return the columns of each region and the rows that more than one region shares."""
    matrix = posed.program.matrix
    spread = np.array([row.kind in ("money", "volunteers", "floor") for row in posed.rows])
    local = np.flatnonzero(~spread)
    columns = matrix.shape[1]
    pattern = matrix[local].tocoo()
    graph = sparse.csr_matrix(
        (np.ones(pattern.nnz), (columns + pattern.row, pattern.col)), (columns + len(local), columns + len(local))
    )
    _, label = connected_components(graph, directed=False)
    labels = label[:columns]
    order = np.argsort(labels, kind="stable")
    regions = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    rows = matrix[np.flatnonzero(spread)].tocsr()
    shared = [
        row
        for position, row in enumerate(np.flatnonzero(spread))
        if len(np.unique(labels[rows.indices[rows.indptr[position] : rows.indptr[position + 1]]])) > 1
    ]
    return regions, np.array(shared, np.intp)


class _Region:
    """The program of one region at changing prices; the solver goes on from where it stood."""

    def __init__(self, program: Program, columns: NDArray[np.intp], common: NDArray[np.intp]) -> None:
        self.columns = columns
        part = program.matrix[:, columns]
        own = np.setdiff1d(np.unique(part.tocoo().row), common)
        self.rows = own
        self.shared = part[common]
        self.gain = program.gain[columns]
        self.solver = load(
            Program(
                self.gain, program.lower[columns], program.upper[columns], np.zeros(len(columns), bool),
                part[own].tocsr(), program.row_lower[own], program.row_upper[own],
            )
        )  # fmt: skip

    def best(self, price: Array) -> tuple[Array, Array, float]:
        """Return the best columns at these prices of the common rows, the prices of the own rows, and the profit."""
        profit = self.gain - self.shared.T @ price
        self.solver.changeColsCost(len(profit), np.arange(len(profit), dtype=np.int32), profit)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise _Stuck
        solution = self.solver.getSolution()
        x = np.array(solution.col_value)
        return x, np.array(solution.row_dual), float(profit @ x)


class _Stuck(Exception):
    """A region cannot be solved on its own."""


def _decomposed(
    posed: Posed, columns: list[NDArray[np.intp]], common: NDArray[np.intp], seconds: float, close: float
) -> Relaxed:
    begun = time.perf_counter()
    program = posed.program
    try:
        parts = [_Region(program, part, common) for part in columns]
        master = _Master(program.row_lower[common], program.row_upper[common], len(parts))
        price = np.zeros(len(common))
        bound, row_price = np.inf, np.zeros(len(posed.rows))
        for _ in range(ROUNDS):
            limit = np.where(price >= 0, program.row_upper[common], program.row_lower[common])
            total = float(price @ np.where(price == 0, 0.0, limit))
            answers = [part.best(price) for part in parts]
            total += sum(profit for _, _, profit in answers)
            if total < -1e-6:  # gains are never negative, so nothing keeps every limit
                return Relaxed(-np.inf, np.empty(0), np.empty(0), False)
            if total < bound:
                bound = total
                row_price[common] = price
                for part, (_, own, _) in zip(parts, answers, strict=True):
                    row_price[part.rows] = own
            for position, (part, (x, _, _)) in enumerate(zip(parts, answers, strict=True)):
                master.add(position, x, float(part.gain @ x), part.shared @ x)
            value, price, kept = master.solve()
            if kept and bound - value <= close * max(abs(value), 1.0):
                break
            if time.perf_counter() - begun > seconds:
                break
    except _Stuck:
        return _whole(posed, max(seconds - (time.perf_counter() - begun), 1.0))
    if not kept:
        return _whole(posed, max(seconds - (time.perf_counter() - begun), 1.0))
    x = np.zeros(program.matrix.shape[1])
    for position, part in enumerate(parts):
        x[part.columns] = master.mixed(position)
    return Relaxed(bound, x, row_price, True)


class _Master:
    """Mixes the regions' answers so that the common limits are kept; what cannot be kept costs a high penalty."""

    def __init__(self, lower: Array, upper: Array, regions: int) -> None:
        self.lower, self.upper, self.regions = lower, upper, regions
        self.answers: list[tuple[int, Array, float, Array]] = []
        self.weights = np.empty(0)

    def add(self, region: int, x: Array, value: float, used: Array) -> None:
        self.answers.append((region, x, value, used))

    def solve(self) -> tuple[float, Array, bool]:
        """Return value, prices of the common rows, and whether all of them are kept."""
        count, rows = len(self.answers), len(self.lower)
        values = np.array([value for _, _, value, _ in self.answers])
        used = np.array([use for _, _, _, use in self.answers]).T.reshape(rows, count)
        region = np.array([position for position, _, _, _ in self.answers])
        scale = np.maximum(np.abs(used).max(axis=1, initial=0.0), 1.0)
        penalty = 10 * max(float(np.abs(values).sum()), 1.0)
        own = sparse.csr_matrix((np.ones(count), (region, np.arange(count))), (self.regions, count))
        slack = sparse.hstack([sparse.identity(rows), -sparse.identity(rows)])
        matrix = sparse.vstack(
            [
                sparse.hstack([sparse.csr_matrix(used / scale[:, None]), slack]),
                sparse.hstack([own, sparse.csr_matrix((self.regions, 2 * rows))]),
            ]
        ).tocsr()
        solved = solve(
            Program(
                np.concatenate([values, np.full(2 * rows, -penalty)]),
                np.zeros(count + 2 * rows), np.full(count + 2 * rows, np.inf), np.zeros(count + 2 * rows, bool),
                matrix,
                np.concatenate([self.lower / scale, np.ones(self.regions)]),
                np.concatenate([self.upper / scale, np.ones(self.regions)]),
            )
        )  # fmt: skip
        self.weights = solved.x[:count]
        kept = bool(solved.x[count:].sum() <= 1e-7)
        return float(values @ self.weights), solved.row_price[:rows] / scale, kept

    def mixed(self, region: int) -> Array:
        """Return the mix of a region's answers."""
        mine = [
            (w, x) for w, (position, x, _, _) in zip(self.weights, self.answers, strict=True) if position == region
        ]
        return np.sum([weight * x for weight, x in mine], axis=0)
