import numpy as np
import pandas as pd

from models.alerts import alerts

DAY = pd.Timestamp("2026-01-01")
COMMUNES = pd.DataFrame(
    {"score": [50.0, 90.0, 70.0, 60.0, 95.0, np.nan], "class": [4, 5, 4, 4, 2, np.nan]}, index=list("abcdef")
)
LOG = pd.DataFrame(
    {"date": ["2024-01-01", "2025-11-01", "2025-01-15", "2026-02-01"], "commune_code": ["a", "c", None, "d"]}
)


def found(months, **more):
    logged = pd.Series({"a": True, "b": False, "c": True, "d": True, "e": True, "f": True})
    return alerts(COMMUNES, LOG, DAY, months, logged, **more)


def test_never_quiet_and_unknown_are_told_apart_and_sorted_by_risk():
    listed = found(6)
    assert listed["state"].to_dict() == {"b": "unknown", "d": "never", "a": "quiet"}
    assert listed.index.tolist() == ["b", "d", "a"]
    assert round(listed.loc["a", "months_since"]) == 24
    assert listed.loc["d", ["last_date", "months_since"]].isna().all()


def test_after_the_end_of_a_log_nobody_knows_and_it_is_not_quiet():
    logged = pd.Series(False, COMMUNES.index)
    ended = alerts(COMMUNES, LOG, DAY, 6, logged)
    assert set(ended["state"]) == {"unknown"} and ended.index.tolist() == ["b", "c", "d", "a"]
    assert round(ended.loc["c", "months_since"]) == 2, "the last activity is still named"


def test_months_are_the_threshold_and_low_risk_is_not_listed():
    assert "c" in found(1).index and "c" not in found(3).index
    assert "a" not in found(30).index
    assert {"e", "f"}.isdisjoint(found(0).index)
    assert found(0, least_class=2).index[0] == "e"


def test_whether_the_class_holds_is_said_where_it_is_known():
    assert found(6)["class_held"].isna().all()
    assert found(6, robust=pd.Series({"b": True, "d": False}))["class_held"].tolist() == [True, False, pd.NA]
