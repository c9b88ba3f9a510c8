"""What every store has to keep; a test module makes it run against a store by subclassing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.store import Plan, Store, Task
from dashboard.store.protocol import local_actor
from geo import layers
from geo.base.errors import InputError
from geo.base.periods import Statement
from geo.datasets.schemas import SCHEMAS

LOG_COLUMNS = list(SCHEMAS["outreach_activities"].columns)


def activities(**changes: object) -> pd.DataFrame:
    """Two activities of one commune of Quảng Ninh."""
    rows = {
        "date": ["2025-07-30", "2025-06-01"],
        "commune_code": ["06712", "06712"],
        "province_code": "22",
        "old_province_code": "22",
        "type": ["direct_session", "leaflet"],
        "events": [2.0, np.nan],
        "people_reached": [150.0, np.nan],
        "women": [80.0, np.nan],
        "men": [70.0, np.nan],
        "children": [np.nan, np.nan],
        "items": [np.nan, 300.0],
        "team": ["Đội A", ""],
        "partner": "",
        "note": ["", "=1+1"],
        "audience": ["pupils;workers", ""],
        "topic": ["china", ""],
        "quality": "reported",
        "source": "nhật ký.xlsx",
    }
    return pd.DataFrame(rows | changes)


def places(**changes: object) -> pd.DataFrame:
    rows = {
        "place_id": ["T1", "S1"],
        "kind": ["team", "shelter"],
        "name": ["Các đội tình nguyện", "Nhà tạm lánh"],
        "province_code": ["51", "22"],
        "commune_code": ["", "06712"],
        "lat": np.nan,
        "lon": np.nan,
        "count": [168, 1],
        "people": [1239, np.nan],
        "capacity": [np.nan, 10],
        "days_per_week": np.nan,
        "sessions_per_week": np.nan,
        "phone": ["", "111"],
        "since": "",
        "note": "",
        "quality": "reported",
        "source": "báo cáo",
    }
    return pd.DataFrame(rows | changes)


def plan(**changes: object) -> Plan:
    items = pd.DataFrame(
        {
            "team": ["1", "2"],
            "commune_code": ["00004", "06712"],
            "week": [1, 2],
            "type": "direct_session",
            "sessions": [1, 3],
            "people_expected": [90.0, np.nan],
            "late": [False, True],
        }
    )
    monday = dt.date(2026, 10, 5)
    made = Plan(
        0, dt.datetime.now(dt.UTC), "22", "Quý IV", monday, 12, {"money": 40.5, "floors": {"a": [1, 2]}}, items
    )
    return replace(made, **changes)


def parameters(*types: str, cost: float = 7) -> pd.DataFrame:
    shipped = layers.outreach_parameters().reset_index()
    chosen = shipped[shipped["type"].isin(types)]
    return chosen.assign(unit_cost=float(cost), source="Định mức của tỉnh", evidence_grade="C")


class Contract:
    """Tests for any store; ``store`` is a fixture of the subclass and is empty."""

    def test_an_empty_store_has_frames_of_the_right_form(self, store: Store) -> None:
        assert list(store.activities().columns) == LOG_COLUMNS
        assert store.places().index.name == "place_id"
        assert "type" in store.type_parameters()
        assert not len(store.activities()) + len(store.places()) + len(store.type_parameters())
        assert store.batches() == store.plans() == store.tasks("22") == ()
        assert list(store.history().columns) == ["at", "actor", "action", "subject", "detail"]

    def test_rows_come_back_as_they_went_in_in_order(self, store: Store) -> None:
        given_rows = activities()
        before = given_rows.copy()
        batch = store.add_activities(given_rows, kind="file", name="a.csv", digest="0" * 64)
        pd.testing.assert_frame_equal(given_rows, before)
        log = store.activities()
        assert (batch.rows, batch.kind, batch.name, batch.digest) == (2, "file", "a.csv", "0" * 64)
        assert batch.at.tzinfo is not None and batch.undone_at is None
        assert log["date"].tolist() == ["2025-06-01", "2025-07-30"]
        assert log["activity_id"].is_unique
        assert log["people_reached"].isna().tolist() == [True, False]
        assert log["women"].tolist()[1] == 80
        assert log["note"].tolist() == ["=1+1", ""]
        assert log["audience"].tolist() == ["", "pupils;workers"] and log["topic"].tolist() == ["", "china"]
        assert log["commune_code"].tolist() == ["06712"] * 2
        expected = layers.outreach_activities()
        assert [log[name].dtype for name in LOG_COLUMNS if name != "note"] == [
            expected[name].dtype for name in LOG_COLUMNS if name != "note"
        ]

    def test_what_comes_back_is_the_callers_own(self, store: Store) -> None:
        store.add_activities(activities(), kind="form", name="An")
        log = store.activities()
        log["events"] = 99.0
        assert store.activities()["events"].max() == 2

    def test_columns_that_may_be_absent_may_be_absent(self, store: Store) -> None:
        store.add_activities(
            activities().drop(columns=["women", "men", "children", "partner", "note", "audience", "topic"]),
            kind="file",
            name="a",
        )
        assert store.activities()["women"].isna().all()
        assert set(store.activities()["audience"]) == {""}

    def test_a_row_for_a_whole_province_needs_no_commune(self, store: Store) -> None:
        store.add_activities(activities(commune_code=[np.nan, "06712"]), kind="file", name="a")
        assert store.activities()["commune_code"].isna().sum() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"date": ["2025-07-30", "30/07/2025"]},
            {"events": [1, -1]},
            {"people_reached": ["x", "1"]},
            {"commune_code": ["06712", "99999"]},
            {"province_code": ["22", "01"]},
            {"type": ["direct_session", "ca_nhac"]},
            {"quality": "guessed"},
            {"audience": ["người dân", ""]},
            {"topic": ["china;mars", ""]},
        ],
    )
    def test_one_bad_row_keeps_all_out(self, store: Store, wrong: dict) -> None:
        with pytest.raises(InputError):
            store.add_activities(activities(**wrong), kind="file", name="a")
        assert not len(store.activities()) and store.batches() == ()

    def test_nothing_is_no_batch(self, store: Store) -> None:
        with pytest.raises(InputError):
            store.add_activities(activities().head(0), kind="file", name="a")

    def test_a_batch_is_taken_back_whole_and_once(self, store: Store) -> None:
        first = store.add_activities(activities(), kind="file", name="a")
        second = store.add_activities(activities().head(1), kind="form", name="b")
        assert second.number > first.number
        undone = store.undo(first.number)
        assert undone.undone_at is not None
        assert len(store.activities()) == 1
        assert [(one.number, one.undone_at is not None) for one in store.batches()] == [
            (second.number, False),
            (first.number, True),
        ]
        with pytest.raises(InputError):
            store.undo(first.number)
        with pytest.raises(InputError):
            store.undo(10**6)

    def test_what_is_not_stated_covers_the_days_of_its_activities(self, store: Store) -> None:
        assert not len(store.periods()) and list(store.periods().columns)[:2] == ["batch", "old_province_code"]
        batch = store.add_activities(activities(), kind="file", name="a.csv")
        (row,) = store.periods().itertuples()
        assert (row.batch, row.old_province_code, row.commune_code) == (batch.number, "22", "06712")
        assert (row.first_day, row.last_day, row.source) == ("2025-06-01", "2025-07-30", "a.csv")

    def test_a_stated_period_is_kept_with_its_batch_and_leaves_with_it(self, store: Store) -> None:
        said = Statement("2025-01-01", "2025-12-31", ("22", "80"))
        stated = store.add_activities(activities(), kind="file", name="a", statement=said)
        store.add_activities(activities(), kind="form", name="b")
        found = store.periods()
        assert found["commune_code"].fillna("all").tolist() == ["all", "all", "06712"]
        assert found["old_province_code"].tolist() == ["22", "80", "22"]
        assert found["last_day"].tolist() == ["2025-12-31", "2025-12-31", "2025-07-30"]
        store.undo(stated.number)
        assert store.periods()["commune_code"].tolist() == ["06712"]

    def test_a_period_is_stated_of_the_log_without_rows_and_taken_back(self, store: Store) -> None:
        said = Statement("2025-07-01", "2025-09-30", ("22",))
        with pytest.raises(InputError):
            store.add_statement(said, name="An")
        assert store.batches() == ()
        store.add_activities(activities(), kind="form", name="a")
        batch = store.add_statement(said, name="An")
        assert (batch.rows, batch.kind, batch.table) == (0, "statement", "activities")
        assert store.periods()["commune_code"].isna().tolist() == [False, True]
        assert len(store.activities()) == 2 and len(store.batches("activities")) == 2
        store.undo(batch.number)
        assert not store.periods()["commune_code"].isna().any()

    def test_an_activity_outside_the_stated_period_keeps_all_out(self, store: Store) -> None:
        with pytest.raises(InputError) as caught:
            store.add_activities(
                activities(), kind="file", name="a", statement=Statement("2025-07-01", "2025-12-31", ("22",))
            )
        assert caught.value.code == "log.period_outside" and "2025-06-01" in caught.value.message("vi")
        assert store.batches() == () and not len(store.periods())

    def test_identifiers_are_never_given_twice(self, store: Store) -> None:
        first = store.add_activities(activities(), kind="file", name="a")
        seen = set(store.activities()["activity_id"])
        store.undo(first.number)
        store.add_activities(activities(), kind="file", name="a")
        assert not seen & set(store.activities()["activity_id"])

    def test_batches_by_table(self, store: Store) -> None:
        store.add_activities(activities(), kind="file", name="a")
        store.add_places(places(), kind="file", name="b")
        assert [one.table for one in store.batches()] == ["places", "activities"]
        assert [one.name for one in store.batches("places")] == ["b"]

    def test_places_are_replaced_and_come_back(self, store: Store) -> None:
        store.add_places(places(), kind="file", name="a")
        newer = store.add_places(places(people=[1500, 3]).head(1), kind="form", name="b")
        assert store.places().loc["T1", ["count", "people"]].tolist() == [168, 1500]
        assert store.places().index.tolist() == ["S1", "T1"]
        assert store.places("shelter").index.tolist() == ["S1"]
        assert not len(store.places("hotline"))
        store.undo(newer.number)
        assert store.places().loc["T1", "people"] == 1239

    def test_undoing_an_older_batch_leaves_the_newer_place(self, store: Store) -> None:
        older = store.add_places(places(), kind="file", name="a")
        store.add_places(places(people=[1500, 3]).head(1), kind="form", name="b")
        store.undo(older.number)
        assert store.places()["people"].to_dict() == {"T1": 1500}

    def test_a_plan_comes_back_whole(self, store: Store) -> None:
        made = store.add_plan(plan())
        assert made.number > 0
        found = store.plan(made.number)
        assert (found.name, found.first_day, found.weeks, found.province_code) == (
            "Quý IV",
            dt.date(2026, 10, 5),
            12,
            "22",
        )
        assert found.settings == {"money": 40.5, "floors": {"a": [1, 2]}}
        pd.testing.assert_frame_equal(found.items, plan().items, check_dtype=False)
        assert found.items["commune_code"].tolist() == ["00004", "06712"]
        assert found.items["sessions"].dtype.kind == "i"

    def test_plans_by_province_newest_first_and_gone(self, store: Store) -> None:
        first = store.add_plan(plan())
        second = store.add_plan(plan(province_code="51"))
        third = store.add_plan(plan())
        assert [one.number for one in store.plans()] == [third.number, second.number, first.number]
        assert [one.number for one in store.plans("22")] == [third.number, first.number]
        store.remove_plan(third.number)
        assert [one.number for one in store.plans("22")] == [first.number]
        for missing in (store.plan, store.remove_plan):
            with pytest.raises(InputError):
                missing(third.number)

    def test_a_plan_without_items(self, store: Store) -> None:
        made = store.add_plan(plan(items=plan().items.head(0)))
        assert list(store.plan(made.number).items.columns) == list(plan().items.columns)

    def test_tasks_keep_their_order_and_change(self, store: Store) -> None:
        later = store.put_task(Task(0, "22", "30/7/2026", 2, "Phát thanh"))
        first = store.put_task(Task(0, "22", "30/7/2026", 1, "Treo băng rôn", "Sở", dt.date(2026, 7, 20)))
        store.put_task(Task(0, "51", "30/7/2026", 1, "Khác tỉnh"))
        assert [task.text for task in store.tasks("22", "30/7/2026")] == ["Treo băng rôn", "Phát thanh"]
        assert store.tasks("22", "Tết") == ()
        changed = store.put_task(replace(first, state="done", due=None, note="xong"))
        assert store.tasks("22")[0] == changed == replace(first, state="done", due=None, note="xong", at=changed.at)
        store.remove_task(later.number)
        assert len(store.tasks("22")) == 1
        with pytest.raises(InputError):
            store.remove_task(later.number)
        with pytest.raises(InputError):
            store.put_task(replace(later, text="?"))
        with pytest.raises(InputError):
            store.put_task(replace(first, state="maybe"))

    def test_parameters_of_types_are_set_one_by_one_and_reset(self, store: Store) -> None:
        store.put_type_parameters(parameters("leaflet", "panel"))
        store.put_type_parameters(parameters("panel", cost=9))
        assert store.type_parameters().set_index("type")["unit_cost"].to_dict() == {"leaflet": 7, "panel": 9}
        with pytest.raises(InputError):
            store.put_type_parameters(parameters("panel", cost=-1))
        assert len(store.type_parameters()) == 2
        store.reset_type_parameters()
        assert not len(store.type_parameters())

    def test_history_says_what_was_done_newest_first(self, store: Store) -> None:
        batch = store.add_activities(activities(), kind="file", name="a.csv")
        store.undo(batch.number)
        store.add_plan(plan())
        assert store.history()["action"].tolist() == ["add_plan", "undo", "add"]
        assert len(store.history(1)) == 1

    @settings(
        max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
    )
    @given(
        people=st.lists(st.none() | st.integers(0, 10**7), min_size=1, max_size=6),
        note=st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Cf"]), max_size=8),
    )
    def test_any_figure_and_any_note_survives(self, store: Store, people: list[int | None], note: str) -> None:
        rows = pd.concat([activities().head(1)] * len(people), ignore_index=True)
        batch = store.add_activities(rows.assign(people_reached=people, note=note), kind="form", name="x")
        log = store.activities()
        kept = [None if pd.isna(value) else int(value) for value in log["people_reached"]]
        assert kept == people
        assert (log["note"] == note).all()
        store.undo(batch.number)

    def test_every_write_carries_who(self, store: Store) -> None:
        hoa = store.as_user("Hoa")
        batch = hoa.add_activities(activities(), kind="file", name="a")
        kept_plan, kept_task = hoa.add_plan(plan()), hoa.put_task(Task(0, "22", "30/7", 1, "Mở đầu"))
        hoa.put_type_parameters(parameters("leaflet", cost=0.5))
        assert {batch.actor, kept_plan.actor, kept_task.actor} == {"Hoa"}
        assert store.batches()[0].actor == store.plans()[0].actor == store.tasks("22")[0].actor == "Hoa"
        assert kept_task.at is not None
        assert set(store.history()["actor"]) == {"Hoa"}
        lan = store.as_user("Lan")
        assert (lan.undo(batch.number).actor, store.batches()[0].undone_by) == ("Hoa", "Lan")
        assert lan.put_task(kept_task).actor == store.tasks("22")[0].actor == "Lan"
        assert store.history()["actor"].iloc[0] == "Lan"

    def test_who_is_not_named_is_who_is_signed_in(self, store: Store) -> None:
        assert store.actor == store.as_user("").actor == local_actor()
        assert store.add_places(places(), kind="file", name="p").actor == local_actor() != ""
