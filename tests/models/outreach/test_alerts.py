import numpy as np
import pandas as pd

from models.outreach.alerts import alerts, at_high_risk

DAY = pd.Timestamp("2026-01-01")
COMMUNES = pd.DataFrame(
    {
        "score": [50.0, 90.0, 70.0, 60.0, 95.0, np.nan],
        "class": [4, 5, 4, 4, 2, np.nan],
        "rank_first": [4, 1, 3, 2, 5, np.nan],
    },
    index=list("abcdef"),
)
LOG = pd.DataFrame(
    {"date": ["2024-01-01", "2025-11-01", "2025-01-15", "2026-02-01"], "commune_code": ["a", "c", None, "d"]}
)


def found(months, **more):
    logged = pd.Series({"a": True, "b": False, "c": True, "d": True, "e": True, "f": True})
    return alerts(COMMUNES, LOG, DAY, months, logged, **more)


def test_never_quiet_and_unknown_are_told_apart_and_sorted_as_the_list():
    listed = found(6)
    assert listed["state"].to_dict() == {"b": "unknown", "d": "never", "a": "quiet"}
    assert listed.index.tolist() == ["b", "d", "a"]
    assert round(listed.loc["a", "months_since"]) == 24
    assert listed.loc["d", ["last_date", "months_since"]].isna().all()


def test_the_order_is_that_of_the_list_not_of_the_score():
    other = COMMUNES.assign(rank_first=[1, 4, 3, 2, 5, np.nan])
    logged = pd.Series(True, COMMUNES.index)
    assert alerts(other, LOG, DAY, 6, logged).index.tolist() == ["a", "d", "b"]


def test_after_the_end_of_a_log_nobody_knows_and_it_is_not_quiet():
    logged = pd.Series(False, COMMUNES.index)
    ended = alerts(COMMUNES, LOG, DAY, 6, logged)
    assert set(ended["state"]) == {"unknown"} and ended.index.tolist() == ["b", "d", "c", "a"]
    assert round(ended.loc["c", "months_since"]) == 2, "the last activity is still named"


def test_months_are_the_threshold_and_low_risk_is_not_listed():
    assert "c" in found(1).index and "c" not in found(3).index
    assert "a" not in found(30).index
    assert {"e", "f"}.isdisjoint(found(0).index)
    assert found(0, least_class=2).index[-1] == "e"


def test_nobody_at_high_risk_is_not_the_same_as_everybody_visited():
    low = COMMUNES.assign(**{"class": 3})
    busy = pd.DataFrame({"date": "2025-12-30", "commune_code": list("abcdef")})
    logged = pd.Series(True, COMMUNES.index)
    assert alerts(low, LOG, DAY, 6, logged).empty and not at_high_risk(low).any()
    assert alerts(COMMUNES, busy, DAY, 6, logged).empty and at_high_risk(COMMUNES).sum() == 4


def test_whether_the_class_holds_is_said_where_it_is_known():
    assert found(6)["class_held"].isna().all()
    assert found(6, robust=pd.Series({"b": True, "d": False}))["class_held"].tolist() == [True, False, pd.NA]
