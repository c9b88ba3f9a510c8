import numpy as np
import pandas as pd
import pytest

from geo.base.errors import InputError
from models.planning.allocate import Limits, allocate, robust_score
from models.planning.example import frames

LIMITS = Limits(money=40, weeks=4)


def test_plan_and_communes_agree():
    found = allocate(**frames(), limits=LIMITS)
    each = found.plan.groupby("commune_code")["sessions"].sum()
    assert found.communes["sessions"][each.index].tolist() == each.tolist()
    assert found.plan["cost"].sum() == pytest.approx(found.communes["cost"].sum())
    assert found.communes["gain"].sum() == pytest.approx(found.optimum.value)
    assert (found.communes["coverage_after"] >= found.communes["coverage_before"]).all()


def test_the_same_every_time():
    one, two = (allocate(**frames(), limits=LIMITS) for _ in range(2))
    pd.testing.assert_frame_equal(one.plan, two.plan)


def test_a_risk_that_does_not_hold_gets_no_sessions():
    draws = pd.DataFrame({"a": [2.0, 0.0] * 10, "b": [1.2] * 20, "c": [0.7] * 20, "d": [0.4] * 20})
    plain = allocate(**frames(), limits=LIMITS)
    robust = allocate(**frames(), limits=LIMITS, draws=draws, held_in=0.9)
    assert plain.communes.loc["a", "sessions"] > 0
    assert robust.communes.loc["a", "sessions"] == 0


def test_robust_score():
    draws = pd.DataFrame({"a": np.arange(11.0), "b": [np.nan] + [5.0] * 10})
    assert robust_score(draws, 0.5)["a"] == 5
    assert robust_score(draws, 1.0)["a"] == 0
    assert np.isnan(robust_score(draws, 0.9)["b"])
    with pytest.raises(InputError):
        robust_score(draws, 1.5)


def test_doubling_the_risk_of_all_changes_no_plan():
    tables = frames()
    half = tables | {"communes": tables["communes"].assign(relative_risk=tables["communes"]["relative_risk"] / 2)}
    one, two = allocate(**tables, limits=LIMITS, gap=0), allocate(**half, limits=LIMITS, gap=0)
    assert two.optimum.value == pytest.approx(one.optimum.value / 2, rel=2e-3)
