import numpy as np
import pandas as pd
import pytest

from geo.base.errors import InputError
from models.planning.example import frames, small
from models.planning.problem import Floor, Limits, pose


def posed(limits=None, **changed):
    return pose(**{**frames(), **changed}, limits=limits or Limits(money=40, weeks=4))


def test_arcs_by_hand():
    problem = posed()
    arcs = problem.arcs
    one = (arcs.team == 0) & (arcs.commune == 1) & (arcs.type == 0)
    assert one.sum() == 1
    assert arcs.days[one] == pytest.approx(1 + 2 * 1.0 / 8)
    assert arcs.money[one] == pytest.approx(4 + 2 * 1.0 * 0.15)
    assert arcs.reach[one] == 90
    assert arcs.reach[(arcs.type == 1)].tolist() == [40.0] * 6
    assert not ((arcs.team == 1) & (arcs.commune == 0)).any()


def test_value_by_hand():
    problem = posed()
    plan = np.zeros(len(problem.arcs))
    plan[(problem.arcs.team == 0) & (problem.arcs.commune == 1) & (problem.arcs.type == 0)] = 2
    unreached = 9000 * np.exp(-900 / 9000)
    assert problem.value(plan) == pytest.approx(1.2 * unreached * (1 - np.exp(-180 / 9000)))


def test_unknown_risk_or_people_is_not_zero_risk():
    communes = frames()["communes"]
    communes.loc["a", "relative_risk"] = np.nan
    communes.loc["b", "population"] = np.nan
    problem = posed(communes=communes)
    assert problem.unvalued == ("a", "b")
    assert set(problem.arcs.commune) == {2, 3}
    included = posed(Limits(money=40, weeks=4, include=("a",)), communes=communes)
    assert set(included.arcs.commune) == {0, 2, 3}


def test_unknown_reach_counts_as_nobody_reached():
    communes = frames()["communes"]
    communes["people_reached"] = np.nan
    problem = posed(communes=communes)
    assert problem.communes["coverage"].isna().all()
    assert problem.communes["worth"]["a"] == 4000 * 2.0


def test_coverage_that_only_a_demonstration_tells_counts_as_nobody_reached():
    known = [True, False, True, True]
    problem = posed(communes=frames()["communes"].assign(coverage_known=known))
    assert problem.communes["coverage"].notna().tolist() == known
    assert problem.communes["unreached"]["b"] == 9000 and problem.communes["worth"]["b"] == 9000 * 1.2
    assert problem.communes["unreached"]["c"] < 6000


def test_the_score_itself_plays_no_part():
    communes = frames()["communes"]
    other = posed(communes=communes.assign(score=communes["score"].iloc[::-1].to_numpy()))
    pd.testing.assert_frame_equal(other.communes, posed(communes=communes).communes)


def test_inputs_stay_as_they_were():
    tables = frames()
    before = {name: table.copy() for name, table in tables.items()}
    posed(**tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(money=-1), "not possible"),
        (Limits(money=40, include=("a",), exclude=("a",)), r"\[a\]"),
        (Limits(money=40, include=("zz",)), r"\[zz\]"),
        (Limits(money=40, floors=(Floor("f", ("a",), 2.0, "share"),)), r"\[f\]"),
        (Limits(money=40, most_hours=0.1), "No team reaches"),
        (Limits(money=40, most_hours=0.5, floors=(Floor("f", ("d",), 0.2, "share"),)), r"\[f\]"),
    ],
)
def test_limits_that_cannot_be_used(limits, text):
    with pytest.raises(InputError, match=text):
        posed(limits)


def test_tables_that_cannot_be_used():
    tables = frames()
    with pytest.raises(InputError, match=r"\[t2\]"):
        posed(teams=tables["teams"].assign(days_per_week=[1.0, np.nan]))
    with pytest.raises(InputError, match=r"\[unit_cost\]"):
        posed(types=tables["types"].drop(columns="unit_cost"))
    with pytest.raises(InputError, match="twice"):
        posed(communes=pd.concat([tables["communes"], tables["communes"].iloc[:1]]))


def test_more_hours_more_arcs():
    assert len(small(most_hours=2.0).arcs) > len(small(most_hours=0.6).arcs)
