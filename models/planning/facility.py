"""Where to put teams, clubs or shelters: the classical siting models, solved exactly with a proven bound.

Every model takes a cost matrix (demand x sites: metres, minutes, …; missing where a site cannot serve) and returns a
:class:`Siting`. Sources: set covering, Toregas et al., Operations Research 19 (1971); maximal covering, Church and
ReVelle, Papers of the Regional Science Association 32 (1974), with capacities Current and Storbeck, Environment and
Planning B 15 (1988); p-median and p-center, Hakimi, Operations Research 12 (1964).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from geo.base.errors import InputError
from models.solver import Array, Program, relative_gap, solve


@dataclass(frozen=True)
class Siting:
    """Chosen sites and whom each serves.

    Parameters
    ----------
    sites
        Labels of the chosen sites, in the order of the matrix.
    served_by
        For each demand the chosen site that serves it: the nearest one; missing where none does.
    objective
        In the model's own unit: sites, people, people x cost, or cost.
    bound
        What no solution can better.
    share
        For every demand the share served, 0-1.
    """

    sites: tuple[object, ...]
    served_by: pd.Series
    objective: float
    bound: float
    share: pd.Series

    @property
    def gap(self) -> float:
        """How far the objective may be from the best, relative."""
        high, low = max(self.objective, self.bound), min(self.objective, self.bound)
        return relative_gap(low, high)


def set_covering(cost: pd.DataFrame, radius: float, seconds: float = 60.0) -> Siting:
    """Return the fewest sites that have every demand within ``radius``.

    Raises
    ------
    InputError
        If a demand has no site within the radius; the demands are named.

    Examples
    --------
    >>> cost = pd.DataFrame({"x": [1.0, 9.0], "y": [2.0, 1.0]}, index=["a", "b"])
    >>> set_covering(cost, 5).sites
    ('y',)
    """
    near = _near(cost, radius)
    lonely = cost.index[~near.any(axis=1)]
    if len(lonely):
        raise InputError("facility.nobody_near", rows=lonely, radius=f"{radius:g}")
    count = near.shape[1]
    program = Program(
        -np.ones(count), np.zeros(count), np.ones(count), np.ones(count, bool),
        sparse.csr_matrix(near.astype(float)), np.ones(len(near)), np.full(len(near), np.inf),
    )  # fmt: skip
    found = _found(program, seconds)
    return _siting(cost, found[0], near, -found[1], -found[2])


def maximal_covering(
    cost: pd.DataFrame, people: pd.Series, radius: float, sites: int, seconds: float = 60.0
) -> Siting:
    """Return the ``sites`` sites that have the most people within ``radius``.

    Parameters
    ----------
    cost
        Demand x sites.
    people
        People (any weight, not negative) by demand.
    radius
        In the unit of the costs.
    sites
        How many sites may be chosen.

    Examples
    --------
    >>> cost = pd.DataFrame({"x": [1.0, 1.0, 9.0], "y": [9.0, 9.0, 1.0]}, index=list("abc"))
    >>> maximal_covering(cost, pd.Series([5.0, 4.0, 8.0], list("abc")), radius=2, sites=1).objective
    9.0
    """
    _check(cost, people, sites)
    near = _near(cost, radius)
    demands, places = near.shape
    rows = sparse.vstack(
        [
            sparse.hstack([sparse.csr_matrix(-near.astype(float)), sparse.identity(demands)]),
            sparse.csr_matrix(np.concatenate([np.ones(places), np.zeros(demands)])),
        ]
    ).tocsr()
    program = Program(
        np.concatenate([np.zeros(places), _weights(cost, people)]),
        np.zeros(places + demands), np.ones(places + demands),
        np.arange(places + demands) < places,
        rows, np.full(demands + 1, -np.inf), np.append(np.zeros(demands), float(sites)),
    )  # fmt: skip
    x, value, bound = _found(program, seconds)
    return _siting(cost, x[:places], near, value, bound)


def greedy_covering(cost: pd.DataFrame, people: pd.Series, radius: float, sites: int) -> Siting:
    """Choose sites one after another, each time the one that adds most people; the baseline of maximal covering.

    At least 1 - 1/e of the best is sure (Nemhauser, Wolsey and Fisher 1978), which the bound uses.
    """
    _check(cost, people, sites)
    near = _near(cost, radius)
    open_people = _weights(cost, people).copy()
    chosen = np.zeros(near.shape[1])
    for _ in range(min(sites, near.shape[1])):
        added = np.where(chosen > 0, -1.0, open_people @ near)
        best = int(added.argmax())
        chosen[best] = 1
        open_people[near[:, best]] = 0
    value = float(_weights(cost, people).sum() - open_people.sum())
    return _siting(cost, chosen, near, value, min(value / (1 - np.exp(-1)), float(people.sum())))


def capacitated_covering(
    cost: pd.DataFrame, people: pd.Series, radius: float, sites: int, capacity: pd.Series, seconds: float = 60.0
) -> Siting:
    """Return the sites that serve the most people within ``radius`` when each site can serve only so many.

    A demand may be served in part and by several sites; ``served_by`` names the one that serves most of it.

    Parameters
    ----------
    capacity
        People each site can serve, by site.
    """
    _check(cost, people, sites)
    near, weights = _near(cost, radius), _weights(cost, people)
    room = capacity.reindex(cost.columns).to_numpy(float)
    if np.isnan(room).any():
        raise InputError("facility.no_capacity", rows=cost.columns[np.isnan(room)])
    demand, place = np.nonzero(near)
    demands, places, pairs = len(cost), cost.shape[1], len(demand)
    pair = np.arange(pairs)
    share = sparse.csr_matrix((np.ones(pairs), (demand, pair)), (demands, pairs))
    load = sparse.csr_matrix((weights[demand], (place, pair)), (places, pairs))
    opened = sparse.csr_matrix((-np.ones(pairs), (pair, place)), (pairs, places))
    rows = sparse.vstack(
        [
            sparse.hstack([sparse.csr_matrix((demands, places)), share]),
            sparse.hstack([sparse.diags(-room), load]),
            sparse.hstack([opened, sparse.identity(pairs)]),
            sparse.csr_matrix(np.append(np.ones(places), np.zeros(pairs))),
        ]
    ).tocsr()
    size = places + pairs
    program = Program(
        np.append(np.zeros(places), weights[demand]), np.zeros(size), np.ones(size), np.arange(size) < places,
        rows, np.full(rows.shape[0], -np.inf),
        np.concatenate([np.ones(demands), np.zeros(places + pairs), [float(sites)]]),
    )  # fmt: skip
    x, value, bound = _found(program, seconds)
    parts = np.zeros(near.shape)
    parts[demand, place] = x[places:]
    served = pd.Series(cost.columns.to_numpy(object)[parts.argmax(axis=1)], cost.index, dtype=object)
    labels = tuple(cost.columns[x[:places] > 0.5])
    total = pd.Series(parts.sum(axis=1).clip(0, 1), cost.index)
    return Siting(labels, served.where(total > 1e-9), value, bound, total)


def p_median(cost: pd.DataFrame, people: pd.Series, sites: int, seconds: float = 60.0) -> Siting:
    """Return the ``sites`` sites with the least sum of people x cost to the nearest chosen site.

    Examples
    --------
    >>> cost = pd.DataFrame({"x": [0.0, 4.0], "y": [3.0, 0.0]}, index=["a", "b"])
    >>> p_median(cost, pd.Series([1.0, 1.0], ["a", "b"]), sites=1).objective
    3.0
    """
    _check(cost, people, sites)
    values = cost.to_numpy(float)
    usable = np.isfinite(values)
    _all_reachable(cost, usable)
    demand, place = np.nonzero(usable)
    demands, places, pairs = len(cost), cost.shape[1], len(demand)
    pair = np.arange(pairs)
    assigned = sparse.csr_matrix((np.ones(pairs), (demand, pair)), (demands, pairs))
    opened = sparse.csr_matrix((-np.ones(pairs), (pair, place)), (pairs, places))
    rows = sparse.vstack(
        [
            sparse.hstack([sparse.csr_matrix((demands, places)), assigned]),
            sparse.hstack([opened, sparse.identity(pairs)]),
            sparse.csr_matrix(np.append(np.ones(places), np.zeros(pairs))),
        ]
    ).tocsr()
    size = places + pairs
    program = Program(
        np.append(np.zeros(places), -(_weights(cost, people)[demand] * values[demand, place])),
        np.zeros(size), np.ones(size), np.arange(size) < places, rows,
        np.concatenate([np.ones(demands), np.full(pairs + 1, -np.inf)]),
        np.concatenate([np.ones(demands), np.zeros(pairs), [float(sites)]]),
    )  # fmt: skip
    x, value, bound = _found(program, seconds)
    return _siting(cost, x[:places], usable, -value, -bound)


def p_center(cost: pd.DataFrame, sites: int, seconds: float = 60.0) -> Siting:
    """Return the ``sites`` sites with the least greatest cost from any demand to its nearest chosen site.

    The answer is one of the costs in the matrix: the smallest radius at which ``sites`` sites cover everybody,
    found by bisection over set covering (Minieka, SIAM Review 12, 1970).
    """
    _check(cost, pd.Series(1.0, cost.index), sites)
    values = cost.to_numpy(float)
    _all_reachable(cost, np.isfinite(values))
    radii = np.unique(values[np.isfinite(values)])
    radii = radii[radii >= np.nanmin(values, axis=1).max()]
    low, high, best = 0, len(radii) - 1, None
    while low <= high:
        middle = (low + high) // 2
        found = set_covering(cost, float(radii[middle]), seconds)
        if len(found.sites) <= sites:
            best, high = found, middle - 1
        elif found.bound <= sites:
            raise InputError("facility.no_time", seconds=f"{seconds:g}")
        else:
            low = middle + 1
    if best is None:
        raise InputError("facility.too_few_sites", sites=sites)
    radius = float(radii[low])
    return Siting(best.sites, best.served_by, radius, radius, best.share)


def _near(cost: pd.DataFrame, radius: float) -> np.ndarray:
    values = cost.to_numpy(float)
    return np.asarray(np.nan_to_num(values, nan=np.inf) <= radius)


def _weights(cost: pd.DataFrame, people: pd.Series) -> Array:
    return people.reindex(cost.index).to_numpy(float)


def _check(cost: pd.DataFrame, people: pd.Series, sites: int) -> None:
    weights = people.reindex(cost.index)
    wrong = weights.index[weights.isna() | (weights < 0)]
    if len(wrong):
        raise InputError("facility.people_unknown", rows=wrong)
    if not 1 <= sites <= cost.shape[1]:
        raise InputError("facility.site_count", given=sites, most=cost.shape[1])


def _all_reachable(cost: pd.DataFrame, usable: np.ndarray) -> None:
    lonely = cost.index[~usable.any(axis=1)]
    if len(lonely):
        raise InputError("facility.nobody_near", rows=lonely, radius="∞")


def _found(program: Program, seconds: float) -> tuple[Array, float, float]:
    solved = solve(program, seconds=seconds)
    if solved.status == "infeasible":
        raise InputError("facility.too_few_sites", sites=int(program.row_upper[-1]))
    if not len(solved.x):
        raise InputError("facility.no_time", seconds=f"{seconds:g}")
    return solved.x, solved.value, solved.bound


def _siting(cost: pd.DataFrame, chosen: Array, near: np.ndarray, value: float, bound: float) -> Siting:
    open_sites = chosen > 0.5
    values = np.where(near & open_sites, cost.to_numpy(float), np.inf)
    reached = np.isfinite(values).any(axis=1)
    served = pd.Series(cost.columns.to_numpy(object)[values.argmin(axis=1)], cost.index, dtype=object)
    return Siting(
        tuple(cost.columns[open_sites]), served.where(reached), value, bound,
        pd.Series(reached.astype(float), cost.index),
    )  # fmt: skip
