import datetime as dt

import numpy as np
import pandas as pd
import pytest

from models.outreach.coverage import commune_coverage
from models.outreach.drift import coverage_drift, weekly_drift, weighted

MONDAY = dt.date(2026, 1, 5)
PARAMETERS = pd.DataFrame(
    {"counted_by": ["events"], "reach_per_event": [90.0], "strength": [1.0], "half_life_months": [12.0]},
    index=["talk"],
)
PEOPLE = pd.Series({"a": 1000.0, "b": 3000.0, "c": 500.0})
PLAN = pd.DataFrame(
    {"commune_code": ["a", "b"], "week": [1, 3], "type": "talk", "sessions": [2, 1], "people_expected": [180.0, 90.0]}
)


def log(*rows):
    frame = pd.DataFrame(rows, columns=["date", "commune_code", "type", "events", "people_reached"])
    return frame.assign(items=np.nan).astype({"events": float, "people_reached": float})


BEFORE = ("2025-06-02", "a", "talk", 1, 100)


def test_as_planned_there_is_no_drift_and_nothing_is_expected_before_a_week_is_over():
    held = log(BEFORE, ("2026-01-11", "a", "talk", 2, 180))
    found = coverage_drift(PLAN, held, PARAMETERS, PEOPLE, MONDAY, MONDAY + dt.timedelta(days=6))
    assert found["drift"].abs().max() == pytest.approx(0, abs=1e-12)
    assert found.loc["a", "coverage_actual"] > found.loc["a", "coverage_start"]
    assert found.loc["b", "coverage_expected"] == 0
    early = coverage_drift(PLAN, log(BEFORE), PARAMETERS, PEOPLE, MONDAY, MONDAY + dt.timedelta(days=5))
    assert early["drift"].abs().max() == pytest.approx(0, abs=1e-12)


def test_a_log_that_ends_before_the_day_gives_no_drift_and_what_was_expected_stays():
    span = {"commune_code": "a", "first_day": pd.Timestamp("2025-01-01"), "last_day": pd.Timestamp("2026-01-15")}
    until = MONDAY + dt.timedelta(days=27)
    found = coverage_drift(PLAN, log(BEFORE), PARAMETERS, PEOPLE, MONDAY, until, pd.DataFrame([span]))
    assert found.loc["a", ["coverage_start", "coverage_expected"]].notna().all()
    assert found.loc["a", ["coverage_actual", "drift"]].isna().all()
    assert found.loc["b"].isna().all(), "the log does not speak of it"
    weeks = weekly_drift(PLAN, log(BEFORE), PARAMETERS, PEOPLE, MONDAY, 4, until, pd.DataFrame([span]))
    assert weeks["expected"].notna().all() and weeks["actual"].notna().tolist() == [True, True, False, False, False]


def test_what_was_not_held_is_behind_and_what_came_on_top_ahead():
    until = MONDAY + dt.timedelta(days=27)
    found = coverage_drift(PLAN, log(BEFORE, ("2026-01-20", "b", "talk", 3, 400)), PARAMETERS, PEOPLE, MONDAY, until)
    assert found.loc["a", "drift"] < 0 < found.loc["b", "drift"]
    start = commune_coverage(log(BEFORE), PARAMETERS, PEOPLE, pd.Timestamp(MONDAY))["coverage"]
    assert found["coverage_start"].tolist() == pytest.approx(start.tolist())


def test_where_no_log_is_kept_nothing_is_known():
    kept = pd.Series({"a": True, "b": False, "c": True})
    found = coverage_drift(PLAN, log(BEFORE), PARAMETERS, PEOPLE, MONDAY, MONDAY, kept)
    assert found.loc["b"].isna().all() and found.loc[["a", "c"]].notna().all(axis=None)
    assert np.isfinite(weighted(found, PEOPLE)["drift"])
    assert weighted(found.loc[["b"]], PEOPLE).isna().all()


def test_the_weeks_of_the_plan():
    held = log(BEFORE, ("2026-01-07", "a", "talk", 2, 180))
    weeks = weekly_drift(PLAN, held, PARAMETERS, PEOPLE, MONDAY, 4, MONDAY + dt.timedelta(days=13))
    assert weeks.index.tolist() == [0, 1, 2, 3, 4]
    assert weeks["expected"].iloc[0] == pytest.approx(weeks["actual"].iloc[0])
    assert weeks["expected"].iloc[1] > weeks["expected"].iloc[0]
    assert weeks["actual"].notna().tolist() == [True, True, True, False, False]
    end = coverage_drift(PLAN, held, PARAMETERS, PEOPLE, MONDAY, MONDAY + dt.timedelta(days=13))
    assert weeks["actual"].iloc[2] == pytest.approx(weighted(end, PEOPLE)["coverage_actual"])
