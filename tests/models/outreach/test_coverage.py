from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import layers
from geo.base.errors import InputError
from geo.layers import indicators
from models.outreach.coverage import commune_coverage, contacts, coverage_history
from models.outreach.priority import coverage

DAY = pd.Timestamp("2026-01-01")
PARAMETERS = pd.DataFrame(
    {
        "counted_by": ["events", "items", "events"],
        "reach_per_event": [90.0, 2.0, 40.0],
        "strength": [1.0, 0.5, 0.0],
        "half_life_months": [12.0, 6.0, 12.0],
    },
    index=["session", "leaflet", "staff"],
)


def log(*rows):
    columns = ["date", "commune_code", "type", "events", "items", "people_reached"]
    return pd.DataFrame(rows, columns=columns).assign(date=lambda frame: frame["date"].astype(str))


def months_before(months):
    return (DAY - pd.Timedelta(days=months * 30.44)).date()


def test_contacts_by_hand():
    table = log(
        (DAY.date(), "a", "session", 2, np.nan, 150),
        (DAY.date(), "a", "session", 2, np.nan, np.nan),
        (DAY.date(), "b", "leaflet", np.nan, 100, np.nan),
        (DAY.date(), "b", "staff", 1, np.nan, 80),
        (DAY.date(), "b", "session", np.nan, np.nan, np.nan),
    )
    found = contacts(table, PARAMETERS, DAY)
    assert found["contacts"].tolist()[:4] == [150, 180, 100, 0]
    assert np.isnan(found["contacts"].iloc[4])
    assert found["estimated"].tolist() == [False, True, True, False, True]


def test_a_contact_counts_half_after_its_half_life():
    table = log(
        (months_before(12), "a", "session", 1, np.nan, 100), (months_before(12), "a", "leaflet", np.nan, 50, np.nan)
    )
    found = contacts(table, PARAMETERS, DAY)["contacts"]
    assert found.tolist() == pytest.approx([50, 50 * 2 * 0.5 * 0.25], rel=5e-3)


def test_what_lies_ahead_counts_nothing_yet():
    assert contacts(log(("2026-02-01", "a", "session", 1, np.nan, 100)), PARAMETERS, DAY)["contacts"].tolist() == [0]


def test_coverage_by_hand_and_what_is_unknown():
    table = log((DAY.date(), "a", "session", 1, np.nan, 100), (DAY.date(), "b", "session", np.nan, np.nan, np.nan))
    people = pd.Series({"a": 1000.0, "b": 1000.0, "c": 1000.0, "d": 1000.0, "e": np.nan})
    logged = pd.Series({"a": True, "b": True, "c": True, "d": False, "e": True})
    found = commune_coverage(table, PARAMETERS, people, DAY, logged)
    assert found.loc["a", "per_10000"] == 1000
    assert found.loc["a", "coverage"] == pytest.approx(1 - np.exp(-0.1))
    assert np.isnan(found.loc["b", "contacts"])
    assert found.loc["c", "coverage"] == 0
    assert np.isnan(found.loc["d", "coverage"])
    assert np.isnan(found.loc["e", "coverage"])


def test_outside_the_covered_period_coverage_is_unknown_and_never_zero():
    table = log(("2025-03-01", "a", "session", 1, np.nan, 100))
    days = {"first_day": pd.Timestamp("2025-01-01"), "last_day": pd.Timestamp("2025-06-30")}
    span = pd.DataFrame([{"commune_code": code, **days} for code in "ab"])
    people = pd.Series({"a": 1000.0, "b": 1000.0, "c": 1000.0})
    asked = pd.DatetimeIndex(["2024-12-31", "2025-02-01", "2025-03-01", "2025-06-30", "2025-07-01"])
    found = coverage_history(table, PARAMETERS, people, asked, span)
    assert found["a"].isna().tolist() == [True, False, False, False, True]
    assert found["b"].dropna().tolist() == [0, 0, 0] and found["c"].isna().all()
    fades = 0.5 ** ((asked[3] - asked[2]).days / 30.44 / 12)
    assert found["a"].iloc[2:4].tolist() == pytest.approx([1 - np.exp(-0.1), 1 - np.exp(-0.1 * fades)])


def test_what_is_for_officials_alone_reaches_no_residents():
    rows = log(
        (DAY.date(), "a", "leaflet", np.nan, 100, np.nan),
        (DAY.date(), "b", "leaflet", np.nan, 100, np.nan),
        (DAY.date(), "c", "leaflet", np.nan, 100, np.nan),
    )
    found = contacts(rows.assign(audience=["officials", "residents;officials", ""]), PARAMETERS, DAY)
    assert found["contacts"].tolist() == [0, 100, 100]
    assert found["estimated"].tolist() == [False, True, True]


def test_advice_on_jobs_and_support_are_no_sessions():
    table = layers.outreach_parameters()
    support = layers.outreach_types()["group"] == "support"
    assert set(support.index[support]) == {"counselling", "vocational_support"}
    assert (table.loc[support.index[support], "strength"] == 0).all()
    sources = indicators.load_sources()
    log = sources.activities[sources.activities["type"] == "counselling"]
    assert log["people_reached"].sum() == 200_915, "it stays in the log"
    assert contacts(log, table, sources.as_of)["contacts"].sum() == 0
    handbooks = sources.activities[sources.activities["type"] == "handbook"]
    assert handbooks["items"].sum() == 2_800 and contacts(handbooks, table, sources.as_of)["contacts"].sum() == 0


def test_history_fades_and_rises():
    table = log(("2025-01-01", "a", "session", 1, np.nan, 200), ("2025-12-01", "a", "session", 1, np.nan, 200))
    days = pd.DatetimeIndex(["2024-12-01", "2025-01-02", "2025-06-01", "2025-12-02"])
    found = coverage_history(table, PARAMETERS, pd.Series({"a": 1000.0}), days)["a"]
    assert found.iloc[0] == 0
    assert found.iloc[1] > found.iloc[2] < found.iloc[3]
    assert found.iloc[3] < 1


def test_types_without_parameters_are_named():
    with pytest.raises(InputError, match=r"\[dance\]"):
        contacts(log(("2025-01-01", "a", "dance", 1, np.nan, 1)), PARAMETERS, DAY)


def test_every_type_has_parameters():
    table = layers.outreach_parameters()
    assert set(table.index) == set(layers.outreach_types().index)
    staff = layers.outreach_types()["group"] == "staff"
    assert (table.loc[staff.index[staff], "strength"] == 0).all()


def test_reported_reach_follows_from_the_reports():
    reported = layers.outreach_reported().set_index("report_id")["value"]
    reach = layers.outreach_parameters()["reach_per_event"]
    assert reach["direct_session"] == round(reported["RO37"] / reported["RO36"])
    assert reach["campaign"] == round(reported["RO28"] / reported["RO27"])
    assert reach["migration_training"] == pytest.approx(reported["RO30"] / reported["RO29"], abs=0.5)


def test_the_simple_form_is_a_special_case():
    """One half-life for all, contacts in person only, no estimates: what the briefing reckons."""
    sources = indicators.load_sources()
    kinds = sources.activity_types["group"].isin(["community", "service"])
    parameters = layers.outreach_parameters().assign(half_life_months=365.25 / 30.44, reach_per_event=0.0)
    parameters = parameters.assign(strength=kinds.reindex(parameters.index).astype(float))
    log = sources.activities[sources.activities["type"].map(kinds)]
    people = sources.population["population"]
    mine = commune_coverage(log, parameters, people, sources.as_of, sources.logged)
    theirs = indicators.outreach_reach(replace(sources))
    pd.testing.assert_series_equal(mine["contacts"], theirs, check_names=False)
    pd.testing.assert_series_equal(mine["coverage"], coverage(theirs, people), check_names=False)
