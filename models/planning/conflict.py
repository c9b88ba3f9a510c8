"""Why no plan keeps every limit: the smallest set of limits that cannot hold together, in words.

The set is found by deletion (Chinneck, Feasibility and Infeasibility in Optimization, 2008): limits are left out,
many at once or one by one; where the rest still cannot hold, they stay out. The search has a time budget of its own;
where it runs out, the set may hold more than it must, and the message says so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from geo import units
from geo.base.errors import LANGUAGES, SHOWN_ROWS, InputError, topic
from models.planning.problem import Array, Problem
from models.planning.program import Posed, Row, build
from models.solver import Program, solve

SECONDS = 60.0
"""The search's own time budget; what each floor could be at most may take half as much again."""
ONE_TRY = 15.0
TOGETHER = ("commune", "sessions", "days", "volunteers", "money")


@dataclass(frozen=True)
class Conflict:
    """Limits that cannot hold together; without any one of them the others can.

    ``limits`` are kinds of limits (all of a kind together) or single floors and communes; ``possible`` is, for each
    floor among them, the most that the other limits allow (missing where time did not suffice). ``complete`` is false
    where the search ended early: then not every one of the limits need be to blame.
    """

    limits: tuple[Row, ...]
    possible: dict[str, float]
    complete: bool = True


@dataclass
class _Clock:
    """What is left of a time budget, and whether it was ever too short for an answer."""

    until: float
    short: bool = field(default=False)

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    def up(self) -> bool:
        if self.left <= 0:
            self.short = True
        return self.left <= 0


def find_conflict(problem: Problem, seconds: float = SECONDS) -> Conflict:
    """Return the limits that break the problem; none if there is no conflict.

    Parameters
    ----------
    problem
        A problem without any plan that keeps every limit.
    seconds
        Time for the search; half as much again may go into what each floor could be.
    """
    clock = _Clock(time.monotonic() + seconds)
    problem = _cheapest(problem)
    posed = build(problem)
    kinds = [Row(kind) for kind in TOGETHER if any(row.kind == kind for row in posed.rows)]
    single = [row for row in posed.rows if row.kind in ("include", "floor")]
    held: set[Row] = {*kinds, *single}
    parts = not _holds(posed, held, True, clock)
    if not parts and _holds(posed, held, False, clock):
        return Conflict((), {}, not clock.short)
    order = [
        *kinds[:-1],
        *(row for row in single if row.kind == "include"),
        *(r for r in single if r.kind == "floor"),
    ]
    held = _smallest(posed, held, [order, kinds[-1:]], parts, clock)
    named = [row for row in [*kinds, *single] if row in held]
    more = _Clock(time.monotonic() + seconds / 2)
    possible = {row.about: _most(posed, problem, row, held, more) for row in named if row.kind == "floor"}
    return Conflict(tuple(named), possible, not clock.short)


class ConflictError(InputError):
    """No plan keeps every limit; the message names those that cannot hold together, in its own language."""

    def __init__(self, limits: Mapping[str, str], steps: Mapping[str, str], complete: bool = True) -> None:
        super().__init__(
            "allocate.conflict" if complete else "allocate.conflict_unfinished", limits=limits, steps=steps
        )

    def _in(self, language: str) -> InputError:
        words = {name: texts[language] for name, texts in self.values.items()}
        return InputError(self.code, **words)

    def message(self, language: str = "vi") -> str:
        """Say which limits cannot hold together."""
        return self._in(language).message(language)

    def remedy(self, language: str = "vi") -> str:
        """Say which of them to relax, and how far."""
        return self._in(language).remedy(language)


def conflict_error(problem: Problem, seconds: float = SECONDS) -> InputError:
    """Return the error that names the limits which cannot hold together and the ways out, in both languages."""
    found = find_conflict(problem, seconds)
    if not found.limits:
        return InputError("allocate.no_time", seconds=f"{seconds:g}")
    texts = topic("allocate")
    words, steps = {}, {}
    for language in LANGUAGES:
        values = [_values(problem, row, found, language) for row in found.limits]
        pairs = list(zip((f"limit_{row.kind}" for row in found.limits), values, strict=True))
        words[language] = _shown([texts[name][language].format(**value) for name, value in pairs], "; ")
        ways = dict.fromkeys(texts[name][f"{language}_do"].format(**value) for name, value in pairs)
        steps[language] = _shown([*reversed(ways)], " ")
    return ConflictError(words, steps, found.complete)


def _values(problem: Problem, row: Row, found: Conflict, language: str) -> dict[str, str]:
    limits = problem.limits
    values = {
        "about": _named(row),
        "money": f"{limits.money:g}",
        "weeks": f"{limits.weeks}",
        "teams": f"{len(problem.teams)}",
        "days": f"{problem.teams['days'].sum():g}",
        "volunteer_days": f"{limits.volunteer_days:g}",
        "cap": f"{limits.cap}",
        "hours": f"{limits.most_hours:g}",
    }
    floor = next((floor for floor in limits.floors if floor.name == row.about), None)
    if floor is not None and row.kind == "floor":
        values["least"] = _amount(floor.least, floor.measure)
        values["possible"] = _amount(found.possible[row.about], floor.measure)
        values["measure"] = topic("allocate")[f"measure_{floor.measure}"][language]
    return values


def _named(row: Row) -> str:
    """Return what a limit is about, communes by name and code."""
    known = units.communes()["name"]
    return f"{known[row.about]} ({row.about})" if row.kind == "include" and row.about in known.index else row.about


def _shown(parts: list[str], between: str) -> str:
    more = len(parts) - SHOWN_ROWS
    return between.join(parts[:SHOWN_ROWS]) + (f"{between}(+{more})" if more > 0 else "")


def _amount(value: float, measure: str) -> str:
    if np.isnan(value):
        return "?"
    return f"{100 * value:.3g}" if measure == "share" else f"{np.floor(value + 1e-6):g}"


def _cheapest(problem: Problem) -> Problem:
    """Return the problem without types that take no less of anything than another: limits count sessions alike."""
    takes = problem.types[["unit_cost", "team_days", "volunteer_days"]].to_numpy(float)
    no_less = (takes[:, None, :] >= takes[None, :, :]).all(axis=2)
    more = (takes[:, None, :] > takes[None, :, :]).any(axis=2)
    earlier = np.arange(len(takes))[None, :] < np.arange(len(takes))[:, None]
    kept = ~(no_less & (more | earlier)).any(axis=1)
    return replace(problem, arcs=problem.arcs.only(np.flatnonzero(kept[problem.arcs.type])))


def _smallest(posed: Posed, held: set[Row], groups: list[list[Row]], parts: bool, clock: _Clock) -> set[Row]:
    """Leave out what the conflict does not need: whole groups at once, else their halves, until time is up."""
    waiting = [group for group in reversed(groups) if group]
    while waiting and not clock.up():
        group = waiting.pop()
        rest = held - set(group)
        if not _holds(posed, rest, parts, clock):
            held = rest
        elif len(group) > 1:
            middle = len(group) // 2
            waiting += [group[middle:], group[:middle]]
    return held


def _held(posed: Posed, held: set[Row], gain: Array, parts: bool) -> Program:
    """Return the program with only the held limits; ``parts`` lets sessions be held in parts."""
    program = posed.program
    upper = program.upper.copy()
    if Row("commune") not in held:
        upper[: posed.arcs] = np.inf
    kept = np.array([row.kind == "link" or row in held or Row(row.kind) in held for row in posed.rows])
    return replace(
        program,
        gain=gain, upper=upper, whole=program.whole & (not parts), matrix=program.matrix[kept],
        row_lower=program.row_lower[kept], row_upper=program.row_upper[kept],
    )  # fmt: skip


def _holds(posed: Posed, held: set[Row], parts: bool, clock: _Clock) -> bool:
    """Return whether limits can hold together; where time is too short to tell, they are taken to."""
    if clock.up():
        return True
    nothing = np.zeros(len(posed.program.gain))
    status = solve(_held(posed, held, nothing, parts), seconds=min(ONE_TRY, clock.left)).status
    clock.short |= status == "limit"
    return status != "infeasible"


def _most(posed: Posed, problem: Problem, row: Row, held: set[Row], clock: _Clock) -> float:
    """Return the most of a floor's measure that the other limits in the conflict allow, missing without time."""
    if clock.up():
        return np.nan
    floor = next(floor for floor in problem.limits.floors if floor.name == row.about)
    position, others = posed.rows.index(row), held - {row}
    if floor.measure != "share":
        gain = posed.program.matrix[position].toarray().ravel()
        solved = solve(_held(posed, others, gain, parts=False), seconds=min(ONE_TRY, clock.left))
        if len(solved.x):
            return max(solved.value, 0.0)
        return 0.0 if solved.status == "infeasible" else np.nan
    inside = problem.members(floor.communes)[problem.arcs.commune].astype(float)
    low, high = 0.0, floor.least
    for _ in range(12):
        middle = (low + high) / 2
        line = np.concatenate([inside - middle, np.zeros(len(posed.program.gain) - posed.arcs)])
        matrix = sparse.vstack(
            [posed.program.matrix[:position], sparse.csr_matrix(line), posed.program.matrix[position + 1 :]]
        ).tocsr()
        tried = replace(posed, program=replace(posed.program, matrix=matrix))
        low, high = (middle, high) if _holds(tried, held, True, clock) else (low, middle)
    return np.nan if clock.short else low
