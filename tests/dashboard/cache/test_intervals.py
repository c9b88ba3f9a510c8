"""Rank intervals are made once, kept, read again, and made anew when anything they follow from changes."""

import threading
import time
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.cache import cached, intervals
from geo.base import paths
from models.index.assessment import Assessment
from models.robustness.reliability import undrawn


@pytest.fixture
def frame() -> pd.DataFrame:
    made = undrawn().reindex(pd.Index(["00004", "00008"], name="commune_code"))
    made.loc["00004", ["rank_low", "rank_high", "top_probability", "robust"]] = [3, 17, 0.25, True]
    made.attrs = {"draws": 500, "seed": 0, "factors": "0.5|1|2"}
    return made


def test_what_is_kept_is_read_as_it_was(frame: pd.DataFrame) -> None:
    assert intervals.read("a") is None
    before = paths.imported()
    intervals.write("a", frame)
    read = intervals.read("a")
    assert read is not None
    pd.testing.assert_frame_equal(read, frame)
    assert read.attrs == frame.attrs
    assert paths.imported() == before  # else every page would read its data anew


def test_the_number_of_files_is_bounded_and_the_last_used_stay(frame: pd.DataFrame) -> None:
    for number in range(intervals.KEPT + 3):
        intervals.write(f"k{number}", frame)
        time.sleep(0.01)
        assert intervals.read("k0") is not None
    folder = paths.home() / "cache"
    assert len(list(folder.iterdir())) == intervals.KEPT
    assert intervals.read("k1") is None and intervals.read(f"k{intervals.KEPT + 2}") is not None


def test_a_file_that_cannot_be_read_is_as_good_as_none(frame: pd.DataFrame) -> None:
    intervals.write("a", frame)
    path = next((paths.home() / "cache").iterdir())
    path.write_bytes(path.read_bytes()[:400])
    assert intervals.read("a") is None
    intervals.write("a", frame)
    assert intervals.read("a") is not None


def test_where_nothing_can_be_written_nothing_breaks(frame: pd.DataFrame) -> None:
    (paths.home() / "cache").write_text("a file where the folder should be")
    intervals.write("a", frame)
    assert intervals.read("a") is None


def test_the_key_changes_with_settings_and_data() -> None:
    table = cached.table()
    given = cached.briefed(()).assessment
    key = intervals.key_of(given, table)
    assert key == intervals.key_of(given, table)
    other = Assessment(
        given.prepared, given.framework.with_weights({given.framework.dimensions[0].code: 9.0}), given.values
    )
    moved = replace(table, values=table.values * 1.01)
    graded = replace(table, quality=table.quality.mask(table.quality == "reported", "modelled"))
    keys = [intervals.key_of(other, table), intervals.key_of(given, moved), intervals.key_of(given, graded)]
    keys += [intervals.key_of(given, table, draws=100), intervals.key_of(given, table, seed=1)]
    assert len({key, *keys}) == 6


def test_one_thread_makes_what_was_asked_for_last_first(frame: pd.DataFrame) -> None:
    reckoner, go, made, threads = intervals.Reckoner(), threading.Event(), [], set()

    def make(name: str) -> pd.DataFrame:
        go.wait(10)
        made.append(name)
        threads.add(threading.get_ident())
        return frame

    assert reckoner.get("first", lambda: make("first")) is None
    while reckoner._busy is None:
        time.sleep(0.005)
    for name in ("a", "b", "c", "d", "e", "f", "c", "first"):
        assert reckoner.get(name, lambda name=name: make(name)) is None
    go.set()
    assert reckoner.wait(10)
    assert made == ["first", "c", "f", "e", "d"] and len(threads) == 1
    assert reckoner.get("c", lambda: make("again")) is not None
    assert intervals.Reckoner().get("c", lambda: make("again")) is not None  # another start reads it
    assert "again" not in made


def test_a_failure_is_logged_and_nothing_is_known(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> pd.DataFrame:
        raise RuntimeError("no such luck")

    reckoner = intervals.Reckoner()
    assert reckoner.get("bad", fail) is None and reckoner.wait(10)
    found = reckoner.get("bad", fail)
    assert found is not None and found.empty and "no such luck" in caplog.text
    assert intervals.read("bad") is None


def test_pages_get_intervals_and_grades_once_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RECKONER", intervals.Reckoner())
    weights = ((cached.framework().dimensions[0].code, 2.5),)
    assert cached.doubted(weights) is None
    assert intervals.RECKONER.wait(120)
    found = cached.doubted(weights)
    assert found is not None and found.attrs["draws"] == 500 and found.attrs["seed"] == 0
    communes = cached.briefed(weights).communes
    scored = communes["score"].notna()
    assert found.index.equals(communes.index) and found.loc[scored, "grade"].isin(list("ABCD")).all()
    inside = communes["rank_national"].between(found["rank_low"], found["rank_high"])
    assert inside[scored].mean() > 0.8
    monkeypatch.setattr(intervals, "RECKONER", intervals.Reckoner())
    start = time.perf_counter()
    again = cached.doubted(weights)
    assert again is not None and time.perf_counter() - start < 2
    pd.testing.assert_frame_equal(again, found)
