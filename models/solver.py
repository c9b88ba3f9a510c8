"""The one door to the solver HiGHS: a linear or mixed-integer program in, a solution with its proven bound out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Status = Literal["optimal", "limit", "infeasible"]

FEASIBLE_BY = 1e-7


@dataclass(frozen=True)
class Program:
    """Maximise ``gain @ x`` with ``row_lower <= matrix @ x <= row_upper`` and ``lower <= x <= upper``.

    Parameters
    ----------
    gain, lower, upper
        One number per column, shape (n,); bounds may be infinite.
    whole
        Which columns must be whole numbers, shape (n,), bool.
    matrix
        Sparse, shape (m, n).
    row_lower, row_upper
        One number per row, shape (m,).
    """

    gain: Array
    lower: Array
    upper: Array
    whole: NDArray[np.bool_]
    matrix: sparse.csr_matrix
    row_lower: Array
    row_upper: Array

    def relaxed(self) -> Program:
        """Return the program without the demand for whole numbers."""
        return replace(self, whole=np.zeros_like(self.whole))

    def only(self, columns: NDArray[np.intp]) -> Program:
        """Return the program with only some columns; the others are 0."""
        return replace(
            self,
            gain=self.gain[columns], lower=self.lower[columns], upper=self.upper[columns], whole=self.whole[columns],
            matrix=self.matrix[:, columns].tocsr(),
        )  # fmt: skip

    def holds(self, x: Array, tolerance: float = 1e-6) -> bool:
        """Return whether ``x`` keeps every row and bound, to a tolerance relative to the size of the limits."""
        rows = self.matrix @ x
        return bool(
            (
                rows >= self.row_lower - tolerance * (1 + np.abs(np.nan_to_num(self.row_lower, posinf=0, neginf=0)))
            ).all()
            and (
                rows <= self.row_upper + tolerance * (1 + np.abs(np.nan_to_num(self.row_upper, posinf=0, neginf=0)))
            ).all()
            and (x >= self.lower - tolerance).all()
            and (x <= self.upper + tolerance).all()
        )


@dataclass(frozen=True)
class Solved:
    """What the solver found.

    ``value`` and ``bound`` are in the units of ``gain``: no solution is worth more than ``bound``. Where nothing was
    found, ``x`` is empty and ``value`` minus infinity. ``row_price`` is what one more unit of a row's limit is worth,
    ``column_price`` what one more unit of a column adds; both only for programs without whole numbers.
    """

    status: Status
    x: Array
    value: float
    bound: float
    row_price: Array
    column_price: Array
    seconds: float

    @property
    def gap(self) -> float:
        """How far the value may be from the best one, relative to the value, 0 or more."""
        return relative_gap(self.value, self.bound)


def relative_gap(value: float, bound: float) -> float:
    """Return ``(bound - value) / |value|``, never below 0; infinite where there is no value.

    Examples
    --------
    >>> relative_gap(100.0, 101.0)
    0.01
    """
    if not np.isfinite(value):
        return np.inf
    missing = max(bound - value, 0.0)
    return 0.0 if missing <= 1e-9 * max(abs(value), 1.0) else missing / max(abs(value), 1e-12)


def solve(
    program: Program, *, seconds: float = 60.0, gap: float = 0.0, start: Array | None = None, threads: int = 1
) -> Solved:
    """Solve a program with HiGHS.

    Parameters
    ----------
    program
        What to maximise.
    seconds
        Time limit; what was found until then is returned with status ``limit``.
    gap
        Stop as soon as the solution is proven to lie within this share of the best.
    start
        A solution to begin with, shape (n,).
    threads
        Threads the solver may use; one gives the same answer every time.
    """
    begun = time.perf_counter()
    solver = load(program, threads)
    solver.setOptionValue("time_limit", max(float(seconds), 0.01))
    solver.setOptionValue("mip_rel_gap", float(gap))
    solver.setOptionValue("mip_abs_gap", 1e-9 if gap == 0 else 1e-6)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solution.value_valid = True
        solver.setSolution(solution)
    solver.run()
    return _read(solver, program, time.perf_counter() - begun)


def load(program: Program, threads: int = 1) -> highspy.Highs:
    """Return a solver that holds the program, silent, with a fixed seed; for those who solve it again and again."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", threads)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("primal_feasibility_tolerance", FEASIBLE_BY)
    solver.passModel(_model(program))
    return solver


def _model(program: Program) -> highspy.HighsLp:
    rows, columns = program.matrix.shape
    matrix = program.matrix.tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.asarray(program.gain, float)
    model.col_lower_, model.col_upper_ = np.asarray(program.lower, float), np.asarray(program.upper, float)
    model.row_lower_, model.row_upper_ = np.asarray(program.row_lower, float), np.asarray(program.row_upper, float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data.astype(float)
    model.sense_ = highspy.ObjSense.kMaximize
    if program.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(flag)] for flag in program.whole]
    return model


def _read(solver: highspy.Highs, program: Program, seconds: float) -> Solved:
    status = solver.getModelStatus()
    info = solver.getInfo()
    nothing = np.empty(0)
    states = highspy.HighsModelStatus
    if status in (states.kInfeasible, states.kUnboundedOrInfeasible):
        return Solved("infeasible", nothing, -np.inf, -np.inf, nothing, nothing, seconds)
    solution = solver.getSolution()
    optimal = status in (states.kOptimal, states.kModelEmpty)
    feasible = optimal or info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solution.col_value) if feasible else nothing
    value = float(program.gain @ x) if feasible else -np.inf
    mixed = bool(program.whole.any())
    bound = float(info.mip_dual_bound) if mixed else (value if optimal else np.inf)
    row_price = nothing if mixed or not optimal else np.array(solution.row_dual)
    column_price = nothing if mixed or not optimal else np.array(solution.col_dual)
    return Solved("optimal" if optimal else "limit", x, value, bound, row_price, column_price, seconds)
