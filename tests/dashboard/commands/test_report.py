"""``riskmap outreach report``."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from dashboard.app.cli import app
from dashboard.store import open_store
from geo.base.errors import InputError
from geo.datasets.schemas import SCHEMAS
from geo.intake.places import reported_places
from tests.dashboard.pages.test_outreach_follow import plan_of


def report(*options: str) -> str:
    found = CliRunner().invoke(app, ["outreach", "report", *options], catch_exceptions=True)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0
    return found.stdout


def test_a_workbook_and_its_summary(tmp_path: Path) -> None:
    store = open_store()
    rows = reported_places().reset_index()[list(SCHEMAS["outreach_places"].columns)]
    store.add_places(rows, kind="file", name="báo cáo")
    number = store.add_plan(plan_of("22", "06685")).number
    target = tmp_path / "bao_cao.xlsx"
    told = json.loads(report("--province", "Quảng Ninh", "--plan", str(number), "--out", str(target), "--json"))
    assert told["plan"]["planned"] == 2 and told["log_synthetic"]
    assert told["plan"]["held"] is None, "the demonstration log ends long before the plan: nobody knows"
    book = load_workbook(target)
    assert book.sheetnames[0] == "Tóm tắt" and "Theo đội" in book.sheetnames
    reported = list(book["Báo cáo và nhật ký"].iter_rows(values_only=True))
    rooms = next(row for row in reported if row[0] == "RO25")
    assert rooms[5] == 10 and rooms[7] == 10 and rooms[9] == "khớp"
    hidden = next(row for row in reported if row[0] == "RO23")
    assert hidden[5] is None


def test_everything_as_json_without_a_file_and_since_a_day() -> None:
    told = json.loads(report("--province", "80", "--since", "2024-06-01", "--lang", "en", "--json"))
    assert told["since"] == "2024-06-01" and {"reported", "coverage", "logged", "alerts"} <= set(told["tables"])
    assert all(row["first_date"] >= "2024-06-01" for row in told["tables"]["logged"])


def test_words_for_people(tmp_path: Path) -> None:
    said = report("--province", "51", "--out", str(tmp_path / "r.csv"))
    assert "Nhật ký đang dùng là số liệu minh họa" in said and (tmp_path / "r.csv").stat().st_size > 1000


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--province", "22"], "report.nowhere"),
        (["--out", "a.xlsx"], "general.province_or_nation"),
        (["--province", "22", "--nation", "--json"], "general.province_or_nation"),
        (["--province", "22", "--json", "--since", "hôm qua"], "allocate.day"),
        (["--province", "22", "--json", "--plan", "99"], "store.plan_unknown"),
        (["--province", "22", "--out", "r.pdf"], "export.unknown_format"),
        (["--province", "Atlantis", "--json"], "units.province_not_found"),
    ],
)
def test_what_cannot_be_done_is_said(options: list[str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        report(*options)
    assert caught.value.code == code and caught.value.exit_code == 2


def test_a_plan_of_another_province_is_refused() -> None:
    number = open_store().add_plan(plan_of("22", "06685")).number
    with pytest.raises(InputError, match="22"):
        report("--province", "80", "--plan", str(number), "--json")
