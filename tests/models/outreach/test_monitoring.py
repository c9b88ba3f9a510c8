import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.outreach.monitoring import Reason, plan_actual

MONDAY = dt.date(2026, 1, 5)
COLUMNS = ["date", "commune_code", "type", "events", "items", "people_reached", "team"]


def plan(*rows):
    items = pd.DataFrame(rows, columns=["team", "commune_code", "week", "type", "sessions"])
    return items.assign(people_expected=90.0 * items["sessions"], cost=4.0 * items["sessions"])


def log(*rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(("events", "items", "people_reached"), float))


def day(week, weekday=0):
    return (MONDAY + dt.timedelta(days=7 * (week - 1) + weekday)).isoformat()


def test_by_hand():
    items = plan(
        ("T1", "a", 1, "talk", 2), ("T1", "a", 3, "talk", 1), ("T2", "a", 1, "talk", 1), ("T2", "b", 2, "talk", 2)
    )
    table = log(
        (day(1), "a", "talk", 3, np.nan, 300, "T1"),  # two in week 1, one for week 3
        (day(2), "a", "talk", 2, np.nan, np.nan, ""),  # one for T2, one too many
        (day(2), "b", "film", 1, np.nan, 50, "T2"),  # another type
        (day(2), "b", "talk", 1, np.nan, 70, "T9"),  # another team
        (day(2), "c", "talk", 1, np.nan, 20, "T1"),  # another commune
        (day(2), np.nan, "talk", 1, np.nan, 10, "T1"),  # nowhere in particular
        (day(9), "a", "talk", 5, np.nan, 500, "T1"),  # after the end
    )  # fmt: skip
    found = plan_actual(items, table, MONDAY, 4)
    assert found.lines["held"].tolist() == [2, 1, 1, 0]
    assert found.lines["people_reached"].tolist()[:2] == [200, 100]
    assert found.lines["people_reached"].isna().tolist() == [False, False, True, True]
    told = found.unplanned.set_index("reason")["sessions"].to_dict()
    assert told == {"surplus": 1, "other_type": 1, "other_team": 1, "elsewhere": 1, "no_commune": 1}
    assert found.by_other_teams == 1
    teams = found.by("team")
    assert teams.loc["T1", ["planned", "held", "share_done"]].tolist() == [3, 3, 1.0]
    assert teams.loc["T2", ["planned", "held", "share_done"]].tolist() == [3, 1, pytest.approx(1 / 3)]
    assert teams.loc["T9", ["planned", "unplanned"]].tolist() == [0, 1] and np.isnan(teams.loc["T9", "held"])
    assert found.by("commune_code").loc["", "people_unplanned"] == 10
    assert found.by().loc["all", ["planned", "held", "unplanned", "cost_planned", "cost_held"]].tolist() == [
        6,
        4,
        5,
        24,
        16,
    ]


def test_what_is_not_yet_due_and_what_lies_ahead():
    items = plan(("T1", "a", 1, "talk", 1), ("T1", "a", 2, "talk", 1))
    table = log((day(1, 2), "a", "talk", 1, np.nan, 90, "T1"), (day(2, 2), "a", "talk", 1, np.nan, 90, "T1"))
    early = plan_actual(items, table, MONDAY, 2, until=MONDAY + dt.timedelta(days=6))
    assert early.lines["due"].tolist() == [True, False]
    assert early.lines["held"].tolist() == [1, 0]
    told = early.by().loc["all"]
    assert (told["share_done"], told["share_due"]) == (0.5, 1.0)
    weekly = early.weekly()
    assert weekly["planned_sum"].tolist() == [1, 2]
    assert weekly["held_sum"].iloc[0] == 1 and np.isnan(weekly["held_sum"].iloc[1])


def test_teams_are_known_by_code_or_name_in_any_spelling():
    items = plan(("T1", "a", 1, "talk", 1), ("T2", "a", 1, "talk", 1))
    table = log((day(1), "a", "talk", 1, np.nan, 90, "doi tinh nguyen so hai"))
    found = plan_actual(items, table, MONDAY, 1, team_names={"T2": "Đội tình nguyện số Hai"})
    assert found.lines["held"].tolist() == [0, 1]
    assert found.portions["team"].tolist() == ["T2"]


def test_a_session_is_counted_by_what_its_type_is_counted_by():
    items = plan(("T1", "a", 1, "leaflet", 500))
    table = log(
        (day(1), "a", "leaflet", np.nan, 300, np.nan, ""), (day(1), "a", "leaflet", np.nan, np.nan, np.nan, "")
    )
    found = plan_actual(items, table, MONDAY, 1, counted_by={"leaflet": "items"})
    assert found.lines["held"].tolist() == [301]
    assert found.portions["assumed"].tolist() == [False, True]


def test_no_log_is_not_nothing_held():
    items = plan(("T1", "a", 1, "talk", 1), ("T1", "b", 1, "talk", 1))
    kept = pd.Series({"a": False, "b": False})
    found = plan_actual(items, log(), MONDAY, 1, logged=kept)
    assert found.lines["held"].isna().all()
    assert np.isnan(found.by().loc["all", "share_done"])
    assert found.weekly()["held"].isna().all()
    some = plan_actual(items, log((day(1), "a", "talk", 1, np.nan, 9, "")), MONDAY, 1, logged=kept)
    assert some.lines["held"].iloc[0] == 1 and np.isnan(some.lines["held"].iloc[1])


def test_costs_of_the_log_are_carried_and_never_made_up():
    items = plan(("T1", "a", 1, "talk", 1), ("T1", "b", 1, "talk", 1))
    table = log((day(1), "a", "talk", 2, np.nan, 90, ""), (day(1), "b", "talk", 1, np.nan, 90, ""))
    assert plan_actual(items, table, MONDAY, 1).lines["cost_actual"].isna().all()
    found = plan_actual(items, table.assign(cost=[10.0, np.nan]), MONDAY, 1)
    assert found.lines["cost_actual"].iloc[0] == 5 and np.isnan(found.lines["cost_actual"].iloc[1])


activities = st.lists(
    st.tuples(
        st.integers(1, 5), st.integers(0, 6), st.sampled_from(["a", "b", None]), st.sampled_from(["talk", "film"]),
        st.sampled_from([0.0, 1.0, 2.0, 5.0, np.nan]), st.sampled_from([10.0, 90.0, np.nan]),
        st.sampled_from(["T1", "T2", "T3", ""]),
    ),
    max_size=12,
)  # fmt: skip
lines = st.lists(
    st.tuples(
        st.sampled_from(["T1", "T2"]), st.sampled_from(["a", "b"]), st.integers(1, 4),
        st.sampled_from(["talk", "film"]), st.integers(1, 4),
    ),
    min_size=1, max_size=8, unique_by=lambda row: row[:4],
)  # fmt: skip


def table_of(rows):
    return log(*((day(week, at), where, kind, events, np.nan, people, team)
                 for week, at, where, kind, events, people, team in rows))  # fmt: skip


@given(lines, activities)
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_no_line_is_overfull(items, rows):
    items, table = plan(*items), table_of(rows)
    given_items, given_log = items.copy(), table.copy()
    found = plan_actual(items, table, MONDAY, 4)
    pd.testing.assert_frame_equal(items, given_items)
    pd.testing.assert_frame_equal(table, given_log)
    inside = table[pd.to_datetime(table["date"]) < pd.Timestamp(MONDAY) + pd.Timedelta(weeks=4)]
    assert set(found.portions["activity"]) == set(inside.index)
    parts = found.portions.groupby("activity")
    assert parts["sessions"].sum().to_dict() == pytest.approx(inside["events"].fillna(1.0).to_dict())
    counted = inside["people_reached"].dropna()
    assert parts["people"].sum().reindex(counted.index).to_dict() == pytest.approx(counted.to_dict())
    assert (found.lines["held"] <= found.lines["sessions"] + 1e-9).all()
    assert set(found.portions["reason"]) <= set(Reason)
    total = found.by().loc["all"]
    assert total["held"] + total["unplanned"] == pytest.approx(found.portions["sessions"].sum())
    for key in ("team", "commune_code", "type", "week"):
        table = found.by(key)
        assert table[["planned", "unplanned"]].sum().tolist() == pytest.approx(
            total[["planned", "unplanned"]].tolist()
        )
        assert table["held"].sum() == pytest.approx(total["held"])
    assert found.weekly()["held"].sum() == pytest.approx(total["held"])


@given(lines, activities, activities, st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_log_changes_no_total_and_more_activities_never_less(items, rows, more, random):
    items, table = plan(*items), table_of(rows)
    total = plan_actual(items, table, MONDAY, 4).by("commune_code", "type")["held"]
    shuffled = random.sample(rows, len(rows))
    again = plan_actual(items, table_of(shuffled), MONDAY, 4).by("commune_code", "type")["held"]
    assert again.dropna().to_dict() == pytest.approx(total.dropna().to_dict())
    grown = plan_actual(items, table_of([*rows, *more]), MONDAY, 4).by("commune_code", "type")["held"]
    assert (grown.reindex(total.index).fillna(0) >= total.fillna(0) - 1e-9).all()
