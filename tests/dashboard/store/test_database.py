"""What only a store on disk can get wrong: killed processes, damaged files, full disks, files that follow."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, event

from dashboard.store import FILE, migrations, open_store, publish, schema
from dashboard.store.database import SCHEMA_OF, SqlStore
from dashboard.store.engines import open_database
from geo import layers
from geo.base import paths
from geo.base.errors import RiskmapError
from geo.base.paths import ROOT
from geo.base.periods import Statement
from geo.datasets.schemas import SCHEMAS
from tests.dashboard.store.contract import activities, parameters, places, plan

ROWS = 5
WRITER = """
import sys
from dashboard.store import open_store
from tests.dashboard.store.contract import activities
import pandas as pd
store = open_store(sys.argv[1])
rows = pd.concat([activities()] * 3, ignore_index=True).head(5)
print("ready", flush=True)
while True:
    print(store.add_activities(rows, kind="file", name="loop").number, flush=True)
"""


@pytest.fixture
def path(own_home: Path) -> Path:
    return own_home / FILE


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def code(path: Path, **options: float) -> str:
    """Return the code of the error that opening the store ends with."""
    with pytest.raises(RiskmapError) as caught:
        SqlStore(url(path), **options)
    for language in ("vi", "en"):
        assert str(path) in caught.value.message(language)
        assert caught.value.remedy(language)
    return caught.value.code


def test_it_is_as_safe_as_the_file_can_be(path: Path) -> None:
    store = open_store()
    with store._database.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
    assert path.exists()


def test_a_killed_process_loses_no_acknowledged_row_and_leaves_no_half_batch(path: Path) -> None:
    acknowledged: set[int] = set()
    for round_ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, url(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        acknowledged |= {int(writer.stdout.readline()) for _ in range(3)}
        threading.Timer(0.05 + 0.17 * round_, writer.send_signal, [signal.SIGKILL]).start()
        acknowledged |= {int(line) for line in writer.stdout if line.endswith("\n")}
        assert writer.wait() == -signal.SIGKILL
        store = open_store()
        kept = {batch.number: batch.rows for batch in store.batches()}
        assert acknowledged <= set(kept)
        assert set(kept.values()) == {ROWS}
        log = store.activities()
        assert len(log) == ROWS * len(kept)
        pd.testing.assert_frame_equal(layers.outreach_activities(), log, check_dtype=False)
        store.close()
    assert len(acknowledged) >= 9


def test_a_database_of_version_0_1_is_brought_forward_and_loses_nothing(path: Path) -> None:
    """``version_1.sql`` is what riskmap 0.1 wrote: three imports, one of them taken back, and places."""
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8"))
    before = old.execute("SELECT date, commune_code, people_reached, note FROM activities ORDER BY number").fetchall()
    old.close()
    store = open_store()
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT value FROM meta WHERE name = 'version'").fetchone() == ("3",)
    after = raw.execute("SELECT date, commune_code, people_reached, note FROM activities ORDER BY number").fetchall()
    raw.close()
    assert after == before and len(after) == 6
    assert len(store.activities()) == 4 and set(store.activities()["audience"]) == {""}
    periods = store.periods()
    kept = ["batch", "old_province_code", "commune_code", "first_day", "last_day"]
    assert periods[kept].to_numpy().tolist() == [
        [1, "22", "06712", "2025-06-01", "2025-07-30"],
        [2, "22", "06712", "2025-08-15", "2025-08-15"],
        [2, "80", "27694", "2025-03-01", "2025-03-01"],
    ]
    assert store.places().index.tolist() == ["S1", "T1"]
    assert store.unpublished is None
    assert "audience" in (paths.home() / layers.OUTREACH_FILE).read_text(encoding="utf-8").partition("\n")[0]
    assert len(layers.outreach_periods()) == 3 and len(layers.outreach_activities()) == 4
    store.add_activities(
        activities(), kind="file", name="neu", statement=Statement("2025-01-01", "2025-12-31", ("22",))
    )
    assert layers.outreach_periods()["commune_code"].isna().sum() == 1
    new = {table.name: {column.name for column in table.columns} for table in schema.METADATA.sorted_tables}
    raw = sqlite3.connect(path)
    for table, columns in new.items():
        assert {row[1] for row in raw.execute(f"PRAGMA table_info({table})")} == columns, table
    store.close()
    assert len(open_store().activities()) == 6, "and it opens again"


def test_what_a_log_covers_is_published_and_leaves_with_the_log(path: Path) -> None:
    store = open_store()
    file = paths.home() / layers.PERIODS_FILE
    assert not file.exists()
    batch = store.add_activities(activities(), kind="file", name="a")
    assert layers.outreach_periods()[["old_province_code", "commune_code"]].to_numpy().tolist() == [["22", "06712"]]
    store.undo(batch.number)
    assert not file.exists()
    assert set(layers.outreach_periods()["old_province_code"]) == {"19", "22", "51", "80"}, "of the demonstration log"


def test_two_processes_write_one_after_the_other(path: Path) -> None:
    first, second = open_store(), open_store()

    def write(store: SqlStore) -> None:
        for _ in range(8):
            store.add_activities(activities(), kind="file", name="x")

    threads = [threading.Thread(target=write, args=(store,)) for store in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(first.activities()) == 32
    assert len(layers.outreach_activities()) == 32


def test_a_locked_file_is_named(path: Path) -> None:
    open_store().close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    reader = SqlStore(url(path), busy_seconds=0.1)
    assert reader.batches() == (), "reading needs no lock"
    with pytest.raises(RiskmapError) as caught:
        reader.add_activities(activities(), kind="file", name="x")
    assert caught.value.code == "store.locked" and str(path) in caught.value.message("vi")
    holder.execute("ROLLBACK")
    SqlStore(url(path)).close()


def test_no_database(path: Path) -> None:
    path.write_bytes(b"date,commune\n" * 500)
    before = path.read_bytes()
    assert code(path) == "store.not_a_database"
    assert path.read_bytes() == before


def test_a_database_of_another_program(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE songs (name)")
    assert code(path) == "store.foreign"


def test_a_newer_version_is_left_alone(path: Path) -> None:
    open_store().close()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE meta SET value = '99' WHERE name = 'version'")
    assert code(path) == "store.newer"


def test_a_damaged_database(path: Path) -> None:
    store = open_store()
    store.add_activities(pd.concat([activities()] * 500, ignore_index=True), kind="file", name="x")
    store.close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[8192:] = os.urandom(len(data) - 8192)
    path.write_bytes(data)
    with pytest.raises(RiskmapError) as caught:
        open_store().activities()
    assert caught.value.code == "store.damaged"


def test_a_place_that_cannot_be_written(own_home: Path) -> None:
    (own_home / "file").write_text("")
    assert code(own_home / "file" / "a.db") == "store.read_only"


def test_a_full_disk_loses_nothing(path: Path) -> None:
    store = open_store()
    store.add_activities(activities(), kind="file", name="before")
    pages = {"limit": 0}

    @event.listens_for(store._database.engine, "begin")
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages['limit'] or 2**30}")

    pages["limit"] = 1
    with pytest.raises(RiskmapError) as caught:
        store.add_activities(pd.concat([activities()] * 2000, ignore_index=True), kind="file", name="too much")
    assert caught.value.code == "store.disk_full"
    pages["limit"] = 0
    assert len(store.activities()) == 2
    assert [batch.name for batch in store.batches()] == ["before"]


@pytest.mark.parametrize("address", ["postgresql://u:secret@host/db", "sqlite://", "nonsense", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used(address: str) -> None:
    with pytest.raises(RiskmapError) as caught:
        open_store(address)
    assert caught.value.code == "store.url"
    assert "secret" not in str(caught.value)


def test_the_address_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMAP_DATABASE_URL", url(tmp_path / "elsewhere.db"))
    open_store().close()
    assert (tmp_path / "elsewhere.db").exists()


def test_a_file_that_goes_away_while_it_is_used_is_noticed_before_anything_is_lost(path: Path) -> None:
    store = open_store()
    store.add_activities(activities(), kind="file", name="x")
    kept = path.read_bytes()
    for name in (path, *path.parent.glob(f"{FILE}-*")):
        name.unlink()
    with pytest.raises(RiskmapError) as caught:
        store.add_activities(activities(), kind="file", name="y")
    assert caught.value.code == "store.gone"
    again = open_store()
    assert len(again.activities()) == 2, "from the log that was published"
    assert len(store.add_activities(activities(), kind="file", name="z").name) == 1, "the former store finds it too"
    assert kept and len(again.activities()) == 4


def old_database(path: Path, version: int) -> None:
    """Make a database of an earlier version with the rows that riskmap 0.1 wrote."""
    old = sqlite3.connect(path)
    old.executescript((Path(__file__).parent / f"version_{version}.sql").read_text(encoding="utf-8"))
    old.close()


def described(path: Path) -> dict[str, list[tuple]]:
    """Return names, types, emptiness, defaults and keys of the columns of every table, and its indexes."""
    with contextlib.closing(sqlite3.connect(path)) as raw:
        tables = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")]
        return {name: sorted(row[1:] for row in raw.execute(f"PRAGMA table_info({name})")) for name in tables}


def contents(path: Path) -> dict[str, list[dict]]:
    """Return the rows of every table of the store but its own notes."""
    kept = {}
    with contextlib.closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        for name in ("activities", "periods", "batches", "places", "plans", "tasks", "type_parameters"):
            kept[name] = [dict(row) for row in raw.execute(f"SELECT * FROM {name}")]
    return kept


@pytest.mark.parametrize("version", [1, 2])
def test_a_database_brought_forward_has_the_tables_of_a_new_one(path: Path, tmp_path: Path, version: int) -> None:
    old_database(path, version)
    open_store().close()
    fresh = tmp_path / "fresh.db"
    open_store(url(fresh)).close()
    assert described(path) == described(fresh)


def test_the_steps_alone_make_the_tables_of_a_new_database(tmp_path: Path) -> None:
    stepped, fresh = tmp_path / "stepped.db", tmp_path / "fresh.db"
    stepped.touch()
    with open_database(url(stepped)).writing() as connection:
        migrations.upgrade(connection, 0)
    open_store(url(fresh)).close()
    assert described(stepped) == described(fresh)


def test_a_database_of_version_2_loses_nothing_and_is_copied_before(path: Path) -> None:
    """``version_2.sql`` holds imports, places, plans, tasks and parameters as version 2 wrote them."""
    old_database(path, 2)
    before = contents(path)
    assert all(before.values()), "every table has rows to lose"
    store = open_store()
    after = contents(path)
    for table, rows in before.items():
        assert len(after[table]) == len(rows)
        for old, new in zip(rows, after[table], strict=True):
            assert old == {name: new[name] for name in old}, table
    assert {batch.actor for batch in store.batches()} == {""}, "nobody is made up"
    (backup,) = path.parent.glob("*.bak")
    assert backup.name == f"{FILE}.version-2.bak"
    assert contents(backup) == before
    assert store.history().iloc[0][["action", "detail"]].tolist() == ["upgrade", backup.name]
    store.close()
    open_store().close()
    assert list(path.parent.glob("*.bak")) == [backup], "no copy where nothing changes"


def test_every_column_of_the_tables_that_enter_has_one_in_the_store() -> None:
    """A column added to a schema of geo needs one in ``schema.py`` and a migration; an old database has none."""
    for name, table in {**SCHEMA_OF, "type_parameters": "outreach_parameters", "periods": "outreach_periods"}.items():
        there = {column.name for column in schema.METADATA.tables[name].columns} | {"activity_id"}
        assert set(SCHEMAS[table].columns) <= there, f"{name}: write a migration"


def test_a_migration_happens_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old_database(path, 2)
    before = described(path), contents(path)

    def broken(connection: Connection, version: int) -> None:
        connection.exec_driver_sql("ALTER TABLE activities ADD COLUMN weather TEXT")
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "upgrade", broken)
        assert code(path) == "store.disk_full"
    assert (described(path), contents(path)) == before
    assert not list(path.parent.glob("*.bak")), "nothing changed, so no copy is needed"
    assert len(open_store().activities()) == len([row for row in before[1]["activities"] if row["batch"] != 3])


def test_two_programs_that_open_an_old_database_bring_it_forward_once(path: Path) -> None:
    old_database(path, 2)
    stores: list[SqlStore] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 4 and len(list(path.parent.glob("*.bak"))) == 1
    assert (stores[0].history()["action"] == "upgrade").sum() == 1


@pytest.mark.parametrize("make", [Path.touch, lambda path: sqlite3.connect(path).execute("PRAGMA user_version=1")])
def test_an_empty_file_is_not_taken_for_a_new_store(path: Path, make: Callable[[Path], object]) -> None:
    make(path)
    before = path.stat().st_size
    assert code(path) == "store.hollow"
    assert path.stat().st_size == before or not described(path)
    path.unlink()
    assert open_store().batches() == (), "a missing file makes a new store"


def test_programs_that_open_a_missing_file_at_once_share_one_store(path: Path) -> None:
    stores: list[SqlStore] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stores) == 6
    for store in stores:
        store.add_activities(activities(), kind="file", name="x")
    assert len(open_store().batches()) == 6
    assert not [one for one in path.parent.iterdir() if one.name.startswith(f".{FILE}")], "nothing is left lying"


def test_the_log_follows_every_change(own_home: Path) -> None:
    store = open_store()
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    before = paths.imported()
    batch = store.add_activities(activities(), kind="file", name="x")
    assert layers.outreach_activities()["people_reached"].sum() == 150
    assert paths.imported() != before
    store.undo(batch.number)
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    assert paths.imported() == before


def test_nothing_is_written_twice(own_home: Path) -> None:
    open_store().add_activities(activities(), kind="file", name="x")
    stamp = paths.imported()
    time.sleep(0.01)
    open_store()
    assert paths.imported() == stamp


def test_what_was_not_published_is_published_at_the_next_opening(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(publish, "replace_file", full)
        store.add_activities(activities(), kind="file", name="x")
        assert store.unpublished is not None
        assert store.unpublished.code == "store.unpublished"
        assert len(store.activities()) == 2, "acknowledged all the same"
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    assert open_store().unpublished is None
    assert len(layers.outreach_activities()) == 2


def test_a_file_that_was_removed_comes_back(own_home: Path) -> None:
    open_store().add_activities(activities(), kind="file", name="x")
    (own_home / layers.OUTREACH_FILE).unlink()
    open_store()
    assert len(layers.outreach_activities()) == 2


def test_a_log_imported_before_there_was_a_store_is_taken_in(own_home: Path) -> None:
    old = layers.outreach_activities().head(40).drop(columns=["women", "men", "children", "partner", "note"])
    old = old.assign(quality="reported", source="nhat_ky.xlsx")
    old.to_csv(own_home / layers.OUTREACH_FILE, index=False)
    assert len(layers.outreach_activities()) == 40, "read without a store too"
    store = open_store()
    (batch,) = store.batches()
    assert (batch.rows, batch.name, len(batch.digest)) == (40, layers.OUTREACH_FILE, 64)
    assert layers.outreach_activities()["people_reached"].sum() == old["people_reached"].sum()
    assert open_store().batches() == (batch,)


def test_a_file_that_somebody_put_there_later_is_set_aside_and_not_lost(own_home: Path) -> None:
    store = open_store()
    store.add_activities(activities(), kind="file", name="x")
    foreign = own_home / layers.OUTREACH_FILE
    foreign.write_text("mine\n")
    open_store()
    kept = list(own_home.glob("*.kept"))
    assert [one.read_text() for one in kept] == ["mine\n"]
    assert len(layers.outreach_activities()) == 2
    assert store.history()["action"].iloc[0] == "set_aside"


def test_an_old_log_that_cannot_be_read_is_left_where_it_is(own_home: Path) -> None:
    file = own_home / layers.OUTREACH_FILE
    file.write_text("activity_id,date\n1,2\n")
    with pytest.raises(RiskmapError):
        open_store()
    assert file.read_text().endswith("1,2\n")
    file.unlink()
    open_store()


def test_parameters_set_by_the_user_take_the_place_of_the_shipped_ones(own_home: Path) -> None:
    shipped = layers.outreach_parameters()
    store = open_store()
    store.put_type_parameters(parameters("leaflet", cost=0.5))
    own = layers.outreach_parameters()
    assert own.loc["leaflet", "unit_cost"] == 0.5
    pd.testing.assert_frame_equal(own.drop("leaflet"), shipped.drop("leaflet"))
    assert own.index.tolist() == shipped.index.tolist()
    store.reset_type_parameters()
    pd.testing.assert_frame_equal(layers.outreach_parameters(), shipped)


def test_everything_survives_being_closed(path: Path) -> None:
    store = open_store()
    store.add_places(places(), kind="file", name="p")
    number = store.add_plan(plan()).number
    store.close()
    again = open_store()
    assert len(again.places()) == 2
    assert again.plan(number).settings["money"] == 40.5


def test_twenty_thousand_rows_take_seconds(path: Path) -> None:
    store = open_store()
    begun = time.perf_counter()
    store.add_activities(pd.concat([activities()] * 10_000, ignore_index=True), kind="file", name="big")
    assert len(store.activities()) == 20_000
    assert time.perf_counter() - begun < 20
