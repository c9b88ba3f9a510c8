"""The plan beside what a planner would do by hand, what more money buys, and what every floor costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from models.planning.calendar import outcome
from models.planning.fill import by_shares, greedy
from models.planning.optimum import Infeasible, Optimum, keeps_everything, relaxation
from models.planning.problem import Array, Problem
from models.planning.program import build

CURVE = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


def hand_plans(
    problem: Problem, score: pd.Series, last: pd.Series | None = None, top: int | None = None
) -> dict[str, Array]:
    """Return the plans of rules that need no computer, each within the same limits and with the floors first.

    Parameters
    ----------
    problem
        The problem.
    score
        Risk by commune, 0-100.
    last
        Sessions of last year by commune; without it that rule is left out.
    top
        How many communes the first rule looks at; by default as many as it takes to use up what there is.

    Returns
    -------
    dict
        ``top_risk`` (the ``top`` communes of the highest risk in turn), ``equal`` (all communes in turn) and
        ``last_year`` (in proportion to last year's sessions) -> sessions of each arc.
    """
    codes = problem.communes.index
    risk = score.reindex(codes)
    equal = by_shares(problem, pd.Series(1.0, codes))
    enough = max(int(np.ceil(equal.sum() / max(problem.limits.cap, 1))), 1)
    highest = risk.nlargest(enough if top is None else top).index
    shares = {
        "top_risk": pd.Series(codes.isin(highest).astype(float), codes) * (1 + 1e-9 * risk.fillna(0)),
    }
    if last is not None and last.reindex(codes).fillna(0).gt(0).any():
        shares["last_year"] = last.reindex(codes).fillna(0.0).clip(lower=0)
    plans = {name: by_shares(problem, share, risk.clip(lower=0)) for name, share in shares.items()}
    return {"top_risk": plans.pop("top_risk"), "equal": equal, **plans}


def compare(
    problem: Problem, best: Optimum, score: pd.Series, last: pd.Series | None = None, top: int | None = None
) -> pd.DataFrame:
    """Return the plan, the greedy one and those of the hand rules side by side.

    Returns
    -------
    pandas.DataFrame
        Indexed by rule (``optimum, greedy, top_risk, equal, last_year``): ``value`` (people newly reached x
        relative risk) ``, people_newly_reached, sessions, communes, money`` (million VND) ``, team_days,
        keeps_everything, share_of_best`` (value relative to the optimum's, 0-1).
    """
    plans = {"optimum": best.sessions, "greedy": greedy(problem), **hand_plans(problem, score, last, top)}
    posed = build(problem)
    rows = {}
    for name, sessions in plans.items():
        told = outcome(problem, sessions)
        rows[name] = {
            "value": problem.value(sessions),
            "people_newly_reached": told["people_newly_reached"].sum(),
            "sessions": int(told["sessions"].sum()),
            "communes": int((told["sessions"] > 0).sum()),
            "money": told["cost"].sum(),
            "team_days": float(sessions @ problem.arcs.days),
            "keeps_everything": keeps_everything(problem, sessions, posed),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rule")
    return table.assign(share_of_best=table["value"] / max(best.value, 1e-12))


def marginal_curve(problem: Problem, budgets: Sequence[float] | None = None) -> pd.DataFrame:
    """Return what more or less money would buy at best, everything else staying as it is.

    Reckoned with sessions in parts, so that the curve is free of the solver's tolerance: it rises and flattens.

    Parameters
    ----------
    budgets
        Million VND; by default a quarter to twice the budget.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``money`` (million VND): ``value`` (people newly reached x relative risk at best) and
        ``per_million`` (what the next million adds there); missing where the floors cannot be kept with so little.
    """
    wanted = [share * problem.limits.money for share in CURVE] if budgets is None else list(budgets)
    rows = []
    for money in sorted(wanted):
        tried = replace(problem, limits=replace(problem.limits, money=money))
        try:
            posed, relaxed = relaxation(tried)
        except Infeasible:
            rows.append((money, np.nan, np.nan))
            continue
        place = next(position for position, row in enumerate(posed.rows) if row.kind == "money")
        rows.append((money, relaxed.bound, max(float(relaxed.row_price[place]), 0.0)))
    return pd.DataFrame(rows, columns=["money", "value", "per_million"]).set_index("money")


def floor_prices(problem: Problem) -> pd.DataFrame:
    """Return what each floor costs: how much more could be reached at best without it.

    Reckoned with sessions in parts, like :func:`marginal_curve`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``floor``: ``price`` (people newly reached x relative risk, 0 or more) and ``price_share``
        (relative to the value at best with all floors).
    """
    value = relaxation(problem)[1].bound
    rows = {}
    for floor in problem.limits.floors:
        others = tuple(other for other in problem.limits.floors if other is not floor)
        freed = replace(problem, limits=replace(problem.limits, floors=others))
        price = max(relaxation(freed)[1].bound - value, 0.0)
        rows[floor.name] = {"price": price, "price_share": price / value if value > 0 else np.nan}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["price", "price_share"]).rename_axis("floor")
