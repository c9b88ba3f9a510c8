"""A plan beside the list of communes to visit first: which of them it visits, and why not the others.

A list goes by risk and people; a plan also by what a session takes, by floors and by limits. Where they differ the
plan has to say why. The reason is found by trying: could one session in the commune take the place of one session of
the plan (or be added), and would that be better? If not, what would have to fall away for it to be so?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.planning.problem import Arcs, Array, Problem

STATES = (
    "planned", "excluded", "unknown", "far", "too_long", "reached", "close", "floor", "travel", "cost", "benefit",
)  # fmt: skip
"""What can be said of a commune of the list:

- ``planned``: it gets sessions;
- ``excluded``: left out by whoever asked for the plan;
- ``unknown``: its risk or its people are not known;
- ``far``: no team reaches it within the longest way;
- ``too_long``: a session with its way takes more than any team's days or all the money;
- ``reached``: nobody is left to reach;
- ``close``: one session of the plan could be exchanged for one here and gain ``better``: less than the plan's proof;
- ``floor``: such an exchange would be better, but a floor or a commune that must be visited stands against it;
- ``travel``: it would be better if the way took no time and no money;
- ``cost``: a session here takes more than any session of the plan would free;
- ``benefit``: every session it could take the place of reaches more people, counted by risk.
"""
TINY = 1e-9


def agreement(problem: Problem, sessions: Array, listed: Sequence[str]) -> pd.DataFrame:
    """Return for each commune of a list whether a plan visits it, and why not.

    Parameters
    ----------
    problem, sessions
        What was to be decided, and the sessions of each arc, shape (a,).
    listed
        Codes of the communes, in the order of the list.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``commune_code``: ``sessions`` (of the plan) ``, state`` (one of :data:`STATES`) ``, about`` (the
        floors or communes that stand against it, empty otherwise) ``, gain`` (what the best session here would reach:
        people newly reached x relative risk; missing where none is possible) ``, instead`` (the same for the session
        of the plan whose place it would take best; missing where there is none) ``, better`` (gain less instead).

    Examples
    --------
    >>> from models.planning.example import small
    >>> from models.planning.optimum import optimise
    >>> problem = small(money=9.0, exclude=("b",))
    >>> found = agreement(problem, optimise(problem, gap=0).sessions, ["a", "b", "c"])
    >>> found["state"].to_dict()
    {'a': 'planned', 'b': 'excluded', 'c': 'benefit'}
    """
    held = np.bincount(problem.arcs.commune, sessions, len(problem.communes))
    plan = _Plan.of(problem, sessions)
    rows = []
    for code in listed:
        place = int(problem.communes.index.get_loc(code))
        rows.append((round(held[place]), *_told(problem, plan, place, code, held[place])))
    columns = ["sessions", "state", "about", "gain", "instead", "better"]
    return pd.DataFrame(rows, index=pd.Index(listed, name="commune_code"), columns=columns)


Told = tuple[str, tuple[str, ...], float, float, float]
NOTHING = (np.nan, np.nan, np.nan)


def _told(problem: Problem, plan: _Plan, place: int, code: str, held: float) -> Told:
    """Return the state of one commune, what stands against it, and what a session would gain and cost."""
    limits, arcs = problem.limits, problem.arcs.only(np.flatnonzero(problem.arcs.commune == place))
    if held > 0:
        return "planned", (), *NOTHING
    for state, holds in (("excluded", code in limits.exclude), ("unknown", code in problem.unvalued)):
        if holds:
            return state, (), *NOTHING
    if not len(arcs):
        return ("too_long" if code in problem.reachable else "far"), (), *NOTHING
    people, worth = (float(problem.communes[name].iloc[place]) for name in ("population", "worth"))
    gain = worth * -np.expm1(-arcs.reach / people) if people > 0 else np.zeros(len(arcs))
    if gain.max() <= TINY * max(plan.value, 1.0):
        return "reached", (), float(gain.max()), np.nan, np.nan
    better: Array = gain[:, None] - plan.loss[None, :]
    room = plan.room(arcs, problem, travel=True)
    against = plan.against(place)
    kept = np.asarray(~against.any(axis=0)).reshape(-1)
    enough = TINY * max(plan.value, 1.0)
    for state, possible in (
        ("close", room & kept[None, :]),
        ("floor", room),
        ("travel", plan.room(arcs, problem, travel=False) & kept[None, :]),
    ):
        found = np.where(possible, better, -np.inf)
        arc, other = np.unravel_index(int(found.argmax()), found.shape)
        if found[arc, other] > enough:
            about = tuple(plan.names[row] for row in np.flatnonzero(against[:, other])) if state == "floor" else ()
            return state, about, float(gain[arc]), float(plan.loss[other]), float(found[arc, other])
    found = np.where(room, better, -np.inf)
    arc, other = np.unravel_index(int(found.argmax()), found.shape)
    if not room.any():
        return "cost", (), float(gain.max()), np.nan, np.nan
    return "benefit", (), float(gain[arc]), float(plan.loss[other]), float(found[arc, other])


@dataclass(frozen=True)
class _Plan:
    """A plan as something to exchange sessions of: one column for each arc in use, the last for taking none away.

    ``loss`` is what the plan loses without one session of the column, shape (c,); ``money``, ``days``, ``team``,
    ``volunteers`` what that session frees; the rest is what is left of every limit, and the floors.
    """

    value: float
    loss: Array
    money: Array
    days: Array
    team: NDArray[np.intp]
    volunteers: Array
    money_left: float
    volunteers_left: float
    days_left: Array
    sessions_left: Array
    commune: NDArray[np.intp]
    held: Array
    problem: Problem

    @classmethod
    def of(cls, problem: Problem, sessions: Array) -> _Plan:
        """Return a plan with what is left of every limit."""
        arcs, communes = problem.arcs, problem.communes
        used = np.flatnonzero(sessions > 0.5)
        own = arcs.only(used)
        people, worth = communes["population"].to_numpy(float), communes["worth"].to_numpy(float)
        count = np.maximum(people, TINY)[own.commune]
        after = (problem.reach(sessions)[own.commune] - own.reach) / count
        loss = worth[own.commune] * np.exp(-after) * -np.expm1(-own.reach / count) * (people[own.commune] > 0)
        teams, limits = problem.teams, problem.limits
        nothing, nobody = np.zeros(1), np.array([-1], np.intp)
        return cls(
            value=problem.value(sessions),
            loss=np.append(loss, nothing),
            money=np.append(own.money, nothing),
            days=np.append(own.days, nothing),
            team=np.append(own.team, nobody),
            volunteers=np.append(own.volunteers, nothing),
            money_left=limits.money - float(sessions @ arcs.money),
            volunteers_left=(
                limits.volunteer_days - float(sessions @ arcs.volunteers)
                if np.isfinite(limits.volunteer_days)
                else np.inf
            ),
            days_left=teams["days"].to_numpy(float) - np.bincount(arcs.team, sessions * arcs.days, len(teams)),
            sessions_left=teams["sessions"].to_numpy(float) - np.bincount(arcs.team, sessions, len(teams)),
            commune=np.append(own.commune, nobody),
            held=np.bincount(arcs.commune, sessions, len(communes)).astype(float),
            problem=problem,
        )

    def room(self, arcs: Arcs, problem: Problem, *, travel: bool) -> NDArray[np.bool_]:
        """Return whether a session of each arc fits in the place of each column, floors aside, shape (arcs, c).

        Without ``travel`` the way takes neither time nor money.
        """
        limits = problem.limits
        way = 0.0 if travel else 2 * arcs.hours
        money, days = arcs.money - way * limits.travel_cost, arcs.days - way / limits.hours_a_day
        same = arcs.team[:, None] == self.team[None, :]
        return (
            (money[:, None] <= self.money_left + self.money[None, :] + 1e-6)
            & (days[:, None] <= self.days_left[arcs.team][:, None] + same * self.days[None, :] + 1e-6)
            & (self.sessions_left[arcs.team][:, None] + same >= 1 - 1e-6)
            & (arcs.volunteers[:, None] <= self.volunteers_left + self.volunteers[None, :] + 1e-6)
            & (limits.cap >= 1)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The rows of :meth:`against`: floors, then the communes that must be visited."""
        limits = self.problem.limits
        return (*(floor.name for floor in limits.floors), *limits.include)

    def against(self, place: int) -> NDArray[np.bool_]:
        """Return which floors and musts forbid a session in a commune in the place of each column, (names, c)."""
        problem, limits = self.problem, self.problem.limits
        some = self.commune >= 0
        only = some & (self.held[self.commune] < 1.5)
        total = self.held.sum() + 1 - some
        rows = []
        for floor in limits.floors:
            inside = problem.members(floor.communes)
            lost, here = inside[self.commune] & some, float(inside[place])
            if floor.measure == "communes":
                have = float((self.held[inside] > 0.5).sum()) - (lost & only) + here
            else:
                have = float(self.held[inside].sum()) - lost + here
            least = floor.least * total if floor.measure == "share" else np.full(len(some), floor.least)
            rows.append(have < least - 1e-6)
        codes = problem.communes.index
        rows += [only & (self.commune == codes.get_loc(code)) for code in limits.include]
        return np.array(rows, bool).reshape(len(rows), len(some))
