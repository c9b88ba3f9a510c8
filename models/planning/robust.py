"""What stays good: the risk that a commune keeps when weights and values are drawn again and again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.base.errors import InputError
from models.index.assessment import Assessment
from models.outreach.priority import Assumptions, relative_risk
from models.robustness.draws import Choices, Draws


def score_draws(
    assessment: Assessment,
    draws: int = 200,
    *,
    concentration: float = 50.0,
    choices: Choices | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the risk of every unit in many draws of weights and methods, draws x units, 0-100.

    Parameters
    ----------
    assessment
        Whose scores are in question.
    draws
        How many.
    concentration, choices, seed
        As in :func:`models.robustness.uncertainty.uncertainty`; by default only weights vary. Errors of values are
        not drawn.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 9.0], "b": [0.0, 9.0]}, index=["x", "y"])
    >>> score_draws(assess(table, tree), 3)["y"].tolist()
    [100.0, 100.0, 100.0]
    """
    if draws < 1:
        raise InputError("uncertainty.draws", value=draws)
    plan = Draws(assessment, choices or Choices(), concentration).plan(draws, np.random.default_rng(seed))
    scores = [run.prepared.score(weights) for run in plan for weights in run.weights]
    return pd.DataFrame(np.array(scores), columns=assessment.units)


def relative_draws(draws: pd.DataFrame, ratio: float = Assumptions.ratio) -> pd.DataFrame:
    """Return the relative risk of every unit in each draw, in the shape of the draws.

    Parameters
    ----------
    draws
        Risk of all communes of the nation, draws x communes, as :func:`score_draws` returns it.
    ratio
        See :func:`models.outreach.priority.relative_risk`.

    Examples
    --------
    >>> relative_draws(pd.DataFrame({"a": [10.0, 90.0], "b": [20.0, 80.0]})).round(2).to_dict("list")
    {'a': [0.54, 1.46], 'b': [1.46, 0.54]}
    """
    return draws.apply(relative_risk, axis=1, ratio=ratio)


def robust_score(draws: pd.DataFrame, held_in: float) -> pd.Series:
    """Return the risk that each commune has at least in a share of the draws.

    Parameters
    ----------
    draws
        Risk, relative or 0-100, draws x communes; a commune with a missing draw has no robust risk.
    held_in
        Share of the draws, 0-1: 0.9 takes the risk that is reached or exceeded in nine of ten.

    Examples
    --------
    >>> draws = pd.DataFrame({"steady": [50.0, 52.0, 51.0, 50.0], "shaky": [90.0, 20.0, 95.0, 30.0]})
    >>> robust_score(draws, 1.0).tolist()
    [50.0, 20.0]
    """
    if not 0 <= held_in <= 1:
        raise InputError("allocate.share", given=held_in)
    return draws.quantile(1 - held_in, interpolation="lower").where(draws.notna().all())
