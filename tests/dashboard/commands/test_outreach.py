"""``riskmap outreach``: import, undo, list, export, check, template."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard.app.cli import main
from dashboard.export.outreach_log import COLUMNS, TEMPLATE_COLUMNS, log_bytes, template
from dashboard.locale import texts
from dashboard.store import open_store
from geo import layers, units
from geo.base.periods import by_province
from geo.intake.outreach import read_log
from geo.intake.outreach.check import lacks
from geo.intake.teams import measured_hours
from geo.layers.indicators import load_sources
from tests.dashboard.store.contract import activities

GOOD = "Ngày,Xã,Loại,Số người\n30/07/2025,06712,Tuyên truyền trực tiếp,500\n1/8/2025,Phường Hồng Gai,Tờ rơi,\n"
MIXED = GOOD + "31/2/2025,06712,Tờ rơi,5\n30/07/2025,06712,Tuyên truyền trực tiếp,500\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["riskmap", "outreach", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    path = tmp_path / "mixed.csv"
    path.write_text(MIXED, encoding="utf-8")
    return path


def test_import_and_undo(good: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "import", good, "--dry-run") == 0
    assert "Chưa ghi gì" in capsys.readouterr().out
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    assert run(monkeypatch, "import", good) == 0
    assert "riskmap outreach undo 1" in capsys.readouterr().out
    assert layers.outreach_activities()["people_reached"].sum() == 500
    assert run(monkeypatch, "list", "--json") == 0
    (batch,) = json.loads(capsys.readouterr().out)
    assert (batch["rows"], batch["name"], batch["undone_at"]) == (2, "good.csv", None)
    assert run(monkeypatch, "undo") == 0
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    assert run(monkeypatch, "undo") == 2
    assert run(monkeypatch, "undo", 77) == 2
    capsys.readouterr()
    assert run(monkeypatch, "list") == 0
    assert "đã hoàn tác" in capsys.readouterr().out


def test_faulty_rows_stop_an_import_unless_they_are_left_out(
    mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    faults = tmp_path / "faults.xlsx"
    assert run(monkeypatch, "import", mixed) == 2
    shown = capsys.readouterr()
    assert "31/2/2025" in shown.out and "--skip-faulty" in shown.err and "Traceback" not in shown.err
    assert open_store().batches() == ()
    assert run(monkeypatch, "import", mixed, "--skip-faulty", "--faults", faults, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["imported"], told["faulty"], told["duplicates"]) == (2, 1, 1)
    sheet = openpyxl.load_workbook(faults).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2 and "31/2/2025" in rows[1]
    corrected = openpyxl.load_workbook(faults)
    assert corrected.active is not None
    corrected.active.cell(2, 3).value = "28/2/2025"
    corrected.save(faults)
    assert run(monkeypatch, "import", faults) == 0
    assert len(layers.outreach_activities()) == 3


def test_what_is_in_the_log_already_is_left_out_unless_asked_for(
    good: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert run(monkeypatch, "import", good) == 0
    assert run(monkeypatch, "import", good) == 2
    assert "2 dòng trùng" in capsys.readouterr().err
    assert run(monkeypatch, "import", good, "--keep-duplicates") == 0
    assert len(layers.outreach_activities()) == 4


def test_export_can_be_imported_again(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "import", good)
    for ending, language in ((".csv", "vi"), (".xlsx", "en")):
        out = tmp_path / f"out{ending}"
        assert run(monkeypatch, "export", out, "--language", language) == 0
        again = read_log(out, log=open_store().activities())
        assert not again.faults and not again.ignored
        assert len(again.rows) == len(again.duplicates) == 2
    assert run(monkeypatch, "export", tmp_path / "out.pdf") == 2
    assert run(monkeypatch, "export", tmp_path / "out.csv", "--language", "fr") == 2


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_nothing_in_an_export_is_run_as_a_formula_and_nothing_is_lost(ending: str, tmp_path: Path) -> None:
    store = open_store()
    store.add_activities(activities(note=["=1+1", "@x"], team=["+a", "-b"]), kind="file", name="a")
    path = tmp_path / f"out{ending}"
    path.write_bytes(log_bytes(store.activities(), ending, "vi"))
    if ending == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert sheet is not None
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    else:
        assert ",=" not in path.read_text(encoding="utf-8-sig")
    again = read_log(path)
    assert not again.faults
    assert sorted(again.rows["note"]) == ["=1+1", "@x"]
    assert sorted(again.rows["team"]) == ["+a", "-b"]
    assert sorted(again.rows["audience"]) == ["", "pupils;workers"] and sorted(again.rows["topic"]) == ["", "china"]


ONE = "Ngày,Xã,Loại,Số người,Đối tượng\n10/11/2025,06712,Tuyên truyền trong trường học,320,học sinh\n"


def test_one_activity_moves_one_commune_and_the_command_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    path = tmp_path / "one.csv"
    path.write_text(ONE, encoding="utf-8")
    assert run(monkeypatch, "import", path) == 0
    said = capsys.readouterr().out
    assert (
        "Độ phủ thay đổi ở 1 xã; 3320 xã khác không đổi" in said
        and "Phường Móng Cái 1 (Quảng Ninh): chưa biết" in said
    )
    assert "Quảng Ninh 2025-11-10 – 2025-11-10" in said, "the time covered is stated"
    assert run(monkeypatch, "undo") == 0
    capsys.readouterr()
    assert run(monkeypatch, "import", path, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (moved,) = told["coverage"]["communes"]
    assert moved["commune_code"] == "06712" and moved["before"] is None and 0 < moved["after"] < 0.02
    assert told["coverage"]["unmoved"] == 3320 and told["covered"][0]["stated"] is False


def test_a_period_is_stated_on_import_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    path = tmp_path / "one.csv"
    path.write_text(ONE, encoding="utf-8")
    said = ("--from", "2025-01-01", "--to", "2025-12-31", "--covers", "Quảng Ninh", "--covers", "Long An")
    assert run(monkeypatch, "import", path, *said) == 0
    assert "xã không có dòng nào là không có hoạt động" in capsys.readouterr().out
    kept = open_store().periods()
    assert by_province(kept).to_numpy().tolist() == [
        [code, True, "2025-01-01", "2025-12-31"] for code in ("22", "80")
    ]
    sources = load_sources()
    assert sources.as_of.date().isoformat() == "2025-12-31" and sources.logged.sum() > 100
    assert run(monkeypatch, "list") == 0
    assert "Quảng Ninh 2025-01-01 – 2025-12-31" in capsys.readouterr().out


def test_the_log_is_said_to_be_complete_for_a_quarter(good: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    quarter = ("--from", "2025-07-01", "--to", "2025-09-30")
    assert run(monkeypatch, "cover", "Quảng Ninh", *quarter) == 2
    assert "chưa có dòng nào" in capsys.readouterr().err
    run(monkeypatch, "import", good)
    assert load_sources().logged.sum() == 2
    assert run(monkeypatch, "cover", "Quảng Ninh", *quarter) == 0
    assert load_sources().logged.sum() == 54 and "Độ phủ thay đổi ở 52 xã" in capsys.readouterr().out
    assert run(monkeypatch, "undo") == 0
    assert load_sources().logged.sum() == 2
    assert run(monkeypatch, "cover", "Atlantis", *quarter) == 2
    assert run(monkeypatch, "cover", "Quảng Ninh", "--from", "hè", "--to", "2025-09-30") == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--to", "2999-12-31"), "chưa tới"),
        (("--from", "2025-12-01", "--to", "2025-12-31"), "nằm ngoài thời gian đã nêu"),
        (("--from", "hôm qua"), "hôm qua"),
        (("--covers", "Atlantis"), "Atlantis"),
        (("--from", "2025-12-01", "--to", "2025-01-01"), "ngược"),
    ],
)
def test_a_period_that_cannot_be_leaves_everything_as_it_was(
    options: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    path = tmp_path / "one.csv"
    path.write_text(ONE, encoding="utf-8")
    assert run(monkeypatch, "import", path, *options) == 2
    assert words in capsys.readouterr().err
    assert open_store().batches() == ()


def test_check_says_what_is_missing(good: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "check", "--json") == 0
    assert "synthetic" in {one["check"].rpartition(".")[2] for one in json.loads(capsys.readouterr().out)}
    run(monkeypatch, "import", good)
    capsys.readouterr()
    assert run(monkeypatch, "check", "--province", "Quảng Ninh") == 0
    shown = capsys.readouterr().out
    assert "chưa có hoạt động nào" in shown and "không có số cuộc" in shown
    assert run(monkeypatch, "check", "--province", "Atlantis") == 2


def test_check_finds_what_cannot_be() -> None:
    log = open_store().activities()
    rows = activities(date=["2999-01-01", "2025-01-01"], women=[200, 1], people_reached=[150, 1])
    rows = pd.concat([rows, rows.tail(1)], ignore_index=True).assign(activity_id=["A1", "A2", "A3"])
    found = {one.check: one for one in lacks(pd.concat([log, rows]) if len(log) else rows)}
    assert found["log_check.future"].severity == "error"
    assert found["log_check.parts"].rows == ("A1",)
    assert found["log_check.duplicates"].count == 1
    for one in found.values():
        for language in ("vi", "en"):
            assert "{" not in one.message(language)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_template_is_read_as_it_is_and_explains_every_column_and_type(language: str, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(language))
    book = openpyxl.load_workbook(path)
    sheet, guide, communes = book.worksheets
    text = texts(language)
    assert [cell.value for cell in sheet[1]] == [text(f"log_column.{name}") for name in TEMPLATE_COLUMNS]
    told = {str(cell.value) for row in guide.iter_rows() for cell in row}
    assert set(layers.outreach_types()[language]) <= told
    assert communes.max_row == 3322
    lists = {check.formula1 for check in sheet.data_validations.dataValidation if check.type == "list"}
    assert len(lists) == 4
    offered = {}
    for place in lists - {one for one in lists if "$E$" in one}:
        first, last = (int(row) for row in re.findall(r"\$A\$(\d+)", place))
        offered[guide.cell(first - 1, 1).value] = [guide.cell(row, 1).value for row in range(first, last + 1)]
    for column in ("audience", "topic"):
        assert offered[text(f"log_file.head_{column}")] == layers.outreach_words().loc[column][language].tolist()
    examples = [text(f"log_example.{name}") for name in TEMPLATE_COLUMNS]
    sheet.append(examples)
    book.save(path)
    found = read_log(path)
    assert not found.faults and not found.ignored
    assert found.rows[["commune_code", "people_reached", "children"]].to_numpy().tolist() == [["06712", 150, 25]]
    assert found.rows[["audience", "topic"]].to_numpy().tolist() == [["residents;pupils", "china"]]


def test_the_template_holds_no_row_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "mau.xlsx"
    assert run(monkeypatch, "template", out) == 0
    assert run(monkeypatch, "import", out) == 2
    assert run(monkeypatch, "template", tmp_path / "mau.csv") == 2
    assert set(TEMPLATE_COLUMNS) < set(COLUMNS)


@pytest.mark.parametrize("command", ["import", "cover", "undo", "list", "export", "check", "template"])
def test_every_command_has_help_with_an_example(command: str, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, command, "--help") == 0
    assert f"riskmap outreach {command}" in capsys.readouterr().out


def test_measured_hours_are_taken_over_and_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    table = tmp_path / "hours.csv"
    codes = units.communes_of("51").index[:2]
    table.write_text(f"team,commune_code,hours\nD1,{codes[0]},0.5\nD1,{codes[1]},1.25\n", encoding="utf-8")
    assert run(monkeypatch, "hours", table, "--dry-run") == 0
    assert measured_hours() is None
    capsys.readouterr()
    assert run(monkeypatch, "hours", table, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"teams": 1, "ways": 2}
    kept = measured_hours()
    assert kept is not None and kept.loc["D1", codes].tolist() == [0.5, 1.25]
    table.write_text(f"team,commune_code,hours\nD1,{codes[0]},-1\n", encoding="utf-8")
    assert run(monkeypatch, "hours", table) == 2
    assert measured_hours() is not None
    assert run(monkeypatch, "hours") == 2
    assert run(monkeypatch, "hours", "--forget") == 0
    assert measured_hours() is None
