import numpy as np
import pandas as pd
import pytest

from geo import layers
from models.outreach.reported import CAPACITIES, REASONS, ROLES, reported_beside_logged


def report(**more):
    row = {
        "report_id": "RO99", "old_province_code": "80", "province_code": "80", "period_start": "2024-01-01",
        "period_end": "2024-12-31", "type": "talk", "measure": "events", "reported_measure": "events",
        "value": 10.0, "role": "activity",
    }  # fmt: skip
    return pd.DataFrame([row | more])


def log(*rows, old="80", quality="reported"):
    frame = pd.DataFrame(rows, columns=["date", "type", "events", "people_reached"])
    return frame.assign(items=np.nan, old_province_code=old, quality=quality)


WHOLE = (("2024-01-03", "talk", 4.0, np.nan), ("2024-12-28", "talk", 6.0, np.nan))


@pytest.mark.parametrize(
    ("table", "logged", "reason"),
    [
        (log(*WHOLE), 10, "same"),
        (log(*WHOLE[:1], ("2024-12-28", "talk", 1.0, np.nan)), 5, "less"),
        (log(*WHOLE, ("2024-06-01", "talk", 1.0, np.nan)), 11, "more"),
        (log(("2024-07-01", "talk", 4.0, np.nan), ("2024-12-28", "film", 1.0, np.nan)), 4, "partial_period"),
        (log(("2025-07-01", "talk", 4.0, np.nan)), np.nan, "outside_period"),
        (log(*WHOLE, old="51"), np.nan, "no_log"),
        (log(("2024-01-03", "talk", np.nan, 5.0), ("2024-12-28", "film", 1.0, np.nan)), np.nan, "not_counted"),
        (log(("2024-01-03", "film", 1.0, 5.0), ("2024-12-28", "film", 1.0, np.nan)), 0, "less"),
    ],
)
def test_the_reason_of_a_difference(table, logged, reason):
    found = reported_beside_logged(report(), table).loc["RO99"]
    assert found["logged"] == pytest.approx(logged, nan_ok=True)
    assert found["reason"] == reason
    assert found["difference"] == pytest.approx(logged - 10, nan_ok=True)


def test_a_stated_period_says_that_the_log_holds_all_of_it():
    july = log(("2024-07-01", "talk", 4.0, np.nan))
    stated = pd.DataFrame({"old_province_code": ["80"], "first_day": ["2024-01-01"], "last_day": ["2024-12-31"]})
    assert reported_beside_logged(report(), july).loc["RO99", "reason"] == "partial_period"
    assert reported_beside_logged(report(), july, periods=stated).loc["RO99", "reason"] == "less"
    nothing = reported_beside_logged(report(), log(), periods=stated).loc["RO99"]
    assert (nothing["logged"], nothing["reason"]) == (0, "less"), "nothing was held, and the log says so"
    elsewhere = stated.assign(old_province_code="51")
    assert reported_beside_logged(report(), log(), periods=elsewhere).loc["RO99", "reason"] == "no_log"


def test_work_without_a_figure_is_no_difference():
    found = reported_beside_logged(report(value=np.nan), log(*WHOLE)).loc["RO99"]
    assert (found["reason"], found["logged"]) == ("not_reported", 10) and np.isnan(found["difference"])


def test_capacity_is_set_beside_the_places_registered():
    places = pd.DataFrame(
        {"kind": ["team", "team", "club"], "province_code": ["51", "51", "51"], "count": [100.0, 60.0, 3.0],
         "people": [1000.0, np.nan, np.nan], "capacity": np.nan, "quality": ["reported", "modelled", "reported"]}
    )  # fmt: skip
    teams = report(role="capacity", reported_measure="teams", measure=np.nan, value=168.0, province_code="51")
    found = reported_beside_logged(teams, log(), places).loc["RO99"]
    assert (found["logged"], found["rows"], found["reason"], found["quality"]) == (160, 2, "less", "modelled")
    assert reported_beside_logged(teams, log()).loc["RO99", "reason"] == "no_places"
    elsewhere = teams.assign(province_code="22")
    assert reported_beside_logged(elsewhere, log(), places).loc["RO99", "reason"] == "no_places"


def test_the_demonstration_log_holds_every_reported_activity():
    reported, table = layers.outreach_reported(), layers.outreach_activities()
    found = reported_beside_logged(reported, table)
    assert len(found) == len(reported)
    assert set(found["reason"]) <= set(REASONS) and set(reported["role"]) <= set(ROLES)
    assert found.loc["RO36", ["value", "logged", "reason", "quality"]].tolist() == [1920, 1920, "same", "synthetic"]
    assert found.loc["RO37", ["value", "logged"]].tolist() == [172830, 172830]
    kept = reported.set_index("report_id").query("role == 'activity' and value.notna() and part_of.isna()").index
    assert found.loc[kept, "logged"].ge(found.loc[kept, "value"]).all()
    assert found.loc[["RO23", "RO24", "RO57"], ["value", "logged", "difference"]].isna().all(axis=None)
    assert {"teams", "volunteers", "rooms"} <= set(CAPACITIES) & set(reported["reported_measure"])
