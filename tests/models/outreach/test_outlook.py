import numpy as np
import pandas as pd
import pytest

from geo.intake.places import reported_places, with_points
from models.outreach.outlook import access, covered, mean_coverage, months_before, outlook, sessions_a_month
from models.outreach.priority import coverage, priorities

DAY = pd.Timestamp("2026-01-01")
PARAMETERS = pd.DataFrame(
    {"counted_by": ["events"], "reach_per_event": [90.0], "strength": [1.0], "half_life_months": [12.0]},
    index=["talk"],
)
PEOPLE = pd.DataFrame(
    {"population": [1000.0, 2000.0, 500.0, np.nan], "quality": ["reported", "modelled", "reported", "modelled"]},
    index=list("abcd"),
)


def log(*rows):
    frame = pd.DataFrame(rows, columns=["date", "commune_code", "type", "events", "people_reached", "quality"])
    return frame.assign(items=np.nan).astype({"events": float, "people_reached": float})


def test_every_coverage_says_how_good_it_is():
    logged = pd.Series([True, True, False, True], PEOPLE.index)
    held = log((DAY, "a", "talk", 1, 100, "reported"), (DAY, "b", "talk", 1, 80, "reported"))
    found = covered(held, PARAMETERS, PEOPLE, DAY, logged)
    assert found["coverage_quality"].tolist()[:2] == ["reported", "modelled"]
    assert found["coverage_quality"].isna().tolist() == [False, False, True, True]
    guessed = covered(log((DAY, "a", "talk", 1, np.nan, "reported")), PARAMETERS, PEOPLE, DAY, logged)
    assert guessed.loc["a", "coverage_quality"] == "modelled" and guessed.loc["a", "estimated_share"] == 1
    made_up = covered(log((DAY, "a", "talk", 1, 100, "synthetic")), PARAMETERS, PEOPLE, DAY, logged)
    assert set(made_up["coverage_quality"].dropna()) == {"synthetic"}


def test_access_needs_a_place_with_a_point():
    communes = pd.DataFrame({"lat": [21.0, 21.01], "lon": [107.0, 107.0]}, index=["a", "b"])
    places = with_points(reported_places())
    none = access(places[places["placed"] == ""], communes, PEOPLE["population"])
    assert none["access"].isna().all() and none["access_quality"].isna().all()
    team = pd.DataFrame(
        {"kind": ["team"], "lat": [21.0], "lon": [107.0], "count": [2.0], "days_per_week": [np.nan],
         "sessions_per_week": [3.0], "quality": ["reported"]}, index=["t"]
    )  # fmt: skip
    near = access(team, communes, PEOPLE["population"])
    people = PEOPLE["population"].loc[["a", "b"]]
    assert (near["access"] * people / 10_000).sum() == pytest.approx(sessions_a_month(team)["sessions"].sum())
    assert set(near["access_quality"]) == {"modelled"}
    assert set(access(team.assign(quality="synthetic"), communes, people)["access_quality"]) == {"synthetic"}


def test_measured_hours_take_the_place_of_the_model():
    communes = pd.DataFrame({"lat": [21.0, 21.01], "lon": [107.0, 107.0]}, index=["a", "b"])
    team = pd.DataFrame(
        {"kind": ["team"], "lat": [21.0], "lon": [107.0], "count": [2.0], "days_per_week": [np.nan],
         "sessions_per_week": [3.0], "quality": ["reported"]}, index=["t"]
    )  # fmt: skip
    people = PEOPLE["population"].loc[["a", "b"]]
    cut_off = pd.DataFrame({"b": [9.0]}, index=["t"])
    near, far = access(team, communes, people), access(team, communes, people, measured_hours=cut_off)
    assert near["access"]["b"] > 0 and far["access"]["b"] == 0
    assert far["access"]["a"] > near["access"]["a"]


def briefed(told: pd.DataFrame) -> pd.DataFrame:
    communes = pd.DataFrame(
        {"name": list("ABCD"), "province_code": "22", "class": [5, 4, 3, 2], "score": [80.0, 40.0, 20.0, 10.0],
         "score_quality": ["reported", "modelled", "reported", "reported"], "population": PEOPLE["population"],
         "population_quality": PEOPLE["quality"]}, index=list("abcd")
    )  # fmt: skip
    covered_ = told["coverage"].where(told["coverage_quality"].ne("synthetic"))
    return communes.join(priorities(communes.assign(covered=covered_), 90.0))


@pytest.mark.parametrize("quality", ["reported", "synthetic"])
def test_the_gap_is_as_good_as_the_worst_it_is_made_of(quality):
    logged = pd.Series([True, True, False, True], PEOPLE.index)
    told = covered(log((DAY, "a", "talk", 1, 100, quality)), PARAMETERS, PEOPLE, DAY, logged)
    empty = pd.DataFrame({"access": np.nan, "access_quality": None}, PEOPLE.index)
    communes = briefed(told)
    table = outlook(communes, told, empty)
    real = quality == "reported"
    assert table["gap_quality"].tolist()[:3] == ["reported", "modelled", "reported"]
    assert table.loc["a", "coverage"] == pytest.approx(1 - np.exp(-0.1))
    assert table.loc["a", "people_unreached"] == pytest.approx(1000 * np.exp(-0.1) if real else 1000)
    assert table.loc["a", "burden"] == communes.loc["a", "relative_risk"] * table.loc["a", "people_unreached"]
    assert table["coverage_known"].tolist() == ([True, True, False, False] if real else [False] * 4)
    assert table.loc["c", "people_unreached"] == 500 and np.isnan(table.loc["d", "burden"])


def test_the_mean_is_weighted_by_people_and_leaves_the_unknown_out():
    contacts = pd.Series({"a": 1000.0, "b": 0.0, "c": np.nan})
    people = pd.Series({"a": 1000.0, "b": 3000.0, "c": 9000.0})
    assert mean_coverage(contacts, people) == pytest.approx(float(coverage(contacts, people)["a"]) / 4)
    assert np.isnan(mean_coverage(contacts[["c"]], people[["c"]]))


def test_the_months_of_a_history_end_today():
    days = months_before(pd.Timestamp("2026-03-31"), 24)
    assert len(days) == 25 and days[-1] == pd.Timestamp("2026-03-31") and days.is_monotonic_increasing
    assert days.is_unique
