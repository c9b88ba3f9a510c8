"""riskmap allocate: a plan for a real province, and what happens with bad input."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.app.cli import app
from geo.base.errors import InputError
from geo.layers.groups import commune_groups
from geo.units import communes_of

TEAMS = """team,name,commune,province,days_per_week,sessions_per_week
D1,Đội Móng Cái,Phường Móng Cái 1,22,2,3
D2,Đội Hạ Long,Phường Hồng Gai,22,2,3
D3,Đội Bình Liêu,Xã Bình Liêu,22,1.5,
"""


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    path = tmp_path / "teams.csv"
    path.write_text(TEAMS, encoding="utf-8")
    return path


def run(*arguments: str):
    return CliRunner().invoke(app, ["allocate", *arguments], catch_exceptions=False)


def test_a_plan_for_a_province(teams, tmp_path):
    out = tmp_path / "plan.csv"
    result = run(
        "--province", "Quảng Ninh", "--budget", "200", "--teams", str(teams), "--out", str(out), "--weeks", "8",
        "--start", "2026-10-07", "--floor", "remote:share:0.3", "--include", "Xã Ba Chẽ", "--exclude", "06685",
        "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    plan = pd.read_csv(out, dtype={"commune_code": str})
    assert told["cost"] <= 200
    assert told["gap"] <= 0.01
    assert plan["cost"].sum() == pytest.approx(told["cost"], abs=0.01)
    assert plan["week"].between(1, 8).all()
    assert plan["week_start"].min() >= "2026-10-05"
    assert plan["province_name"].eq("Tỉnh Quảng Ninh").all()
    assert "06685" not in set(plan["commune_code"])
    assert "Xã Ba Chẽ" in set(plan["commune_name"])
    remote = commune_groups("remote", communes_of("22"))["remote"]
    assert plan.loc[plan["commune_code"].isin(remote), "sessions"].sum() >= 0.3 * plan["sessions"].sum() - 1e-9
    visited = {code for code, state in told["first"].items() if state == "planned"}
    assert len(told["first"]) == 10 and visited == set(told["first"]) & set(plan["commune_code"])


def test_communes_of_the_list_that_get_no_session_are_named_with_the_reason(teams, tmp_path):
    out = tmp_path / "plan.csv"
    common = ["--province", "22", "--budget", "100", "--teams", str(teams), "--out", str(out), "--weeks", "4"]
    first = next(iter(json.loads(run(*common, "--json").stdout)["first"]))
    said = run(*common, "--exclude", first, "--lang", "en").output
    name = communes_of("22").loc[first, "name"]
    assert "of 10 in the plan" in said and f"{name}: Left out of the plan on purpose" in said


def test_a_ratio_out_of_range_is_refused(teams, tmp_path):
    out = tmp_path / "plan.csv"
    with pytest.raises(InputError, match="3 to 9"):
        run("--province", "22", "--budget", "100", "--teams", str(teams), "--out", str(out), "--ratio", "20")
    assert not out.exists()


def test_floors_for_islands_and_mountains(teams, tmp_path):
    out = tmp_path / "plan.csv"
    common = ["--province", "22", "--budget", "200", "--teams", str(teams), "--out", str(out)]
    assert run(*common, "--floor", "island:sessions:2", "--floor", "mountain:share:0.3").exit_code == 0
    plan = pd.read_csv(out, dtype={"commune_code": str})
    area = communes_of("22")
    islands, mountains = commune_groups("island", area)["island"], commune_groups("mountain", area)["mountainous"]
    assert plan.loc[plan["commune_code"].isin(islands), "sessions"].sum() >= 2
    assert plan.loc[plan["commune_code"].isin(mountains), "sessions"].sum() >= 0.3 * plan["sessions"].sum() - 1e-9


def test_the_workbook_compares_with_rules_made_by_hand(teams, tmp_path):
    out = tmp_path / "plan.xlsx"
    common = ["--province", "22", "--budget", "120", "--teams", str(teams), "--out", str(out), "--lang", "en"]
    assert run(*common, "--floor", "border:sessions:5").exit_code == 0
    book = openpyxl.load_workbook(out)
    assert {"Summary", "Plan", "Communes", "List to visit first", "Comparison", "More money"} <= set(book.sheetnames)
    assert "Trade-offs" in book.sheetnames
    rows = list(book["Comparison"].iter_rows(min_row=2, values_only=True))
    assert rows[0][0] == "This plan"
    assert all(row[1] <= rows[0][1] * 1.01 for row in rows)
    notes = " ".join(str(row[1]) for row in book["Summary"].iter_rows(min_row=2, values_only=True))
    assert "modelled" not in notes, "the people of Quảng Ninh are reported"
    assert "demonstration log is not used" in notes and "5.0 times the bottom fifth" in notes
    head, *listed = book["Communes"].iter_rows(values_only=True)
    places = [row[head.index("Place in the list")] for row in listed]
    assert places == sorted(places)


def test_conditions_that_contradict_each_other_are_named(teams, tmp_path):
    out = tmp_path / "plan.csv"
    with pytest.raises(InputError) as error:
        run(
            "--province",
            "22",
            "--budget",
            "10",
            "--teams",
            str(teams),
            "--out",
            str(out),
            "--floor",
            "border:sessions:50",
        )
    assert "border (sessions)" in error.value.message("vi")
    assert "10 triệu đồng" in error.value.message("vi")
    assert error.value.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--floor", "remote"], "remote"),
        (["--floor", "remote:people:3"], "remote:people:3"),
        (["--floor", "hills:share:0.1"], "hills"),
        (["--start", "5/10"], "5/10"),
        (["--type", "dance"], "dance"),
        (["--lang", "fr"], "fr"),
        (["--out", "plan.docx"], "plan.docx"),
        (["--nation"], ""),
    ],
)
def test_bad_input_is_named_and_nothing_written(teams, tmp_path, arguments, named):
    out = tmp_path / "plan.csv"
    with pytest.raises(InputError) as error:
        run("--province", "22", "--budget", "100", "--teams", str(teams), "--out", str(out), *arguments)
    assert named in str(error.value)
    assert not out.exists()


def test_help_has_examples_and_exit_codes():
    told = run("--help").output
    assert "old_province:sessions:40" in told
    assert "exit codes" in told
