import numpy as np
import pandas as pd

from models.index.assessment import assess
from models.index.framework import Framework, Node
from models.planning.robust import robust_score, score_draws

TREE = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
TABLE = pd.DataFrame({"a": [0.0, 9.0, 5.0, 9.0], "b": [0.0, 0.0, 5.0, 9.0]}, index=list("wxyz"))


def test_draws_lie_around_the_score():
    made = assess(TABLE, TREE)
    draws = score_draws(made, 400)
    assert draws.shape == (400, 4)
    assert np.abs(draws.mean() - made.score).max() < 1.5
    pd.testing.assert_frame_equal(draws, score_draws(made, 400))


def test_one_sided_risk_holds_less():
    """x rests on one indicator alone, y on both alike: weights move only x."""
    draws = score_draws(assess(TABLE, TREE), 200)
    held = robust_score(draws, 0.9)
    assert held["x"] < draws["x"].mean() - 2
    assert abs(held["y"] - draws["y"].mean()) < 1e-9
    assert (robust_score(draws, 0.5) >= held).all()
