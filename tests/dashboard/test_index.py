"""``riskmap index``: a table and a tree in, a table out; every fault one message, exit code 2, nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dashboard.cli import main
from geo.paths import ROOT

TABLE = "iso,region,a,b\nA,n,1,4\nB,n,2,\nC,s,3,0\n"
TREE = "code,name,parent,direction,weight\ni,Index,,,\na,A,i,1,3\nb,B,i,-1,1\n"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["riskmap", "index", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture()
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "tree.csv").write_text(TREE, encoding="utf-8")
    return tmp_path / "table.csv", tmp_path / "tree.csv", tmp_path / "out.csv"


def test_the_result_has_the_unit_a_column_per_node_and_the_rank(files, monkeypatch) -> None:
    table, tree, out = files
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out) == 0
    result = pd.read_csv(out)
    assert list(result.columns) == ["iso", "i", "a", "b", "rank"]
    assert result["i"].tolist() == [0.0, 50.0, 100.0] and result["rank"].tolist() == [3, 2, 1]
    assert result["b"].isna().tolist() == [False, True, False]


def test_methods_for_all_and_groups(files, monkeypatch) -> None:
    table, tree, out = files
    options = [
        "--impute",
        "group_mean:by=region",
        "--normalise",
        "rank",
        "--aggregate",
        "geometric",
        "--group",
        "region",
    ]
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, *options) == 0
    result = pd.read_csv(out).set_index("iso")
    assert result.loc["B"].tolist() == pytest.approx([2**0.75, 2.0, 1.0, 2, 1])
    assert result["rank_in_group"].tolist() == [2, 1, 1]


def test_a_row_overrides_the_options(files, monkeypatch) -> None:
    table, tree, out = files
    tree.write_text('code,parent,normalise\ni,,\na,i,"goalposts:low=0,high=4"\n', encoding="utf-8")
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, "--normalise", "rank") == 0
    assert pd.read_csv(out)["i"].tolist() == [25.0, 50.0, 75.0]


def test_values_of_the_groups_fill_in(files, monkeypatch, tmp_path: Path) -> None:
    table, tree, out = files
    (tmp_path / "regions.csv").write_text("region,b\nn,2\ns,9\n", encoding="utf-8")
    options = ["--impute", "parent:by=region", "--parents", tmp_path / "regions.csv", "--normalise", "none"]
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, *options) == 0
    assert pd.read_csv(out)["b"].tolist() == [-4.0, -2.0, 0.0]


def test_spreadsheets_in_and_out(monkeypatch, tmp_path: Path) -> None:
    for name, text in (("table", TABLE), ("tree", TREE)):
        book = openpyxl.Workbook()
        for line in text.splitlines():
            book.active.append(
                [float(cell) if cell.lstrip("-").isdigit() else cell or None for cell in line.split(",")]
            )
        book.save(tmp_path / f"{name}.xlsx")
    out = tmp_path / "out.xlsx"
    assert run(monkeypatch, tmp_path / "table.xlsx", tmp_path / "tree.xlsx", "--unit", "iso", "--out", out) == 0
    assert pd.read_excel(out)["i"].tolist() == [0.0, 50.0, 100.0]


def test_a_summary_for_programs(files, monkeypatch, capsys) -> None:
    table, tree, out = files
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["units"], summary["scored"]) == (3, 3) and len(summary["settings"]) == 12
    assert [finding["check"] for finding in summary["findings"]] == ["assessment.partial"]


@pytest.mark.parametrize("mark", ["x", "..", "-", "NA", "#N/A"])
def test_marks_of_missing_values_count_only_when_declared(files, monkeypatch, capsys, mark: str) -> None:
    table, tree, out = files
    table.write_text(TABLE.replace("2,\n", f"2,{mark}\n"), encoding="utf-8")
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out) == 2
    message = capsys.readouterr().err
    assert f"B · b: {mark!r}" in message and "--missing" in message and not out.exists()
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, "--missing", mark) == 0
    assert pd.read_csv(out)["i"].tolist() == [0.0, 50.0, 100.0]


@pytest.mark.parametrize(
    ("table", "tree", "options", "says"),
    [
        (TABLE, TREE, ["--unit", "iso3"], "iso, region, a, b"),
        (TABLE.replace("B,n", "A,n"), TREE, [], "[A]"),
        (TABLE.replace("2,", "two,"), TREE, [], "B · a: 'two'"),
        (TABLE, TREE.replace("b,B", "c,C"), [], "[c]"),
        (TABLE, TREE.replace(",1,3", ",1,-3"), [], "[a]"),
        (TABLE, TREE.replace(",1,3", ",1,0").replace(",-1,1", ",-1,0"), [], "[a; b]"),
        (TABLE, TREE.replace(",1,3", ",5,3"), [], "[a]"),
        (TABLE, TREE, ["--normalise", "minmx"], "minmax"),
        (TABLE, TREE, ["--aggregate", "geometrc"], "geometric"),
        (TABLE, TREE, ["--normalise", "zscore", "--aggregate", "geometric"], "geometric"),
        (TABLE, TREE, ["--impute", "group_mean"], "--group"),
        (TABLE, TREE, ["--group", "province"], "province"),
        (TABLE, TREE.replace("i,Index,,", "rank,Index,,").replace(",i,", ",rank,"), [], "[rank]"),
        (TABLE, TREE, ["--out", "scores.json"], ".csv, .xlsx"),
        ("", TREE, [], "table.csv"),
        (TABLE, "code,parent\n", [], "tree.csv"),
    ],
)
def test_faults_are_one_message_and_nothing_is_written(
    tmp_path: Path, monkeypatch, capsys, table: str, tree: str, options: list[str], says: str
) -> None:
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    (tmp_path / "tree.csv").write_text(tree, encoding="utf-8")
    out = tmp_path / "out.csv"
    out.write_text("before", encoding="utf-8")
    given = [tmp_path / "table.csv", tmp_path / "tree.csv", "--unit", "iso", "--out", out, *options]
    assert run(monkeypatch, *given) == 2
    message = capsys.readouterr().err
    assert says in message and len(message.strip().splitlines()) == 2 and "Traceback" not in message
    assert out.read_text(encoding="utf-8") == "before" and len(list(tmp_path.iterdir())) == 3


def test_the_tables_behind_an_index(files, monkeypatch, tmp_path: Path) -> None:
    table, tree, out = files
    table.write_text(TABLE + "D,s,9,9\nE,n,4,1\n", encoding="utf-8")
    options = ["--impute", "mean", "--group", "region", "--details", tmp_path / "why", "--draws", "50"]
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, *options) == 0
    names = {path.stem for path in (tmp_path / "why").iterdir()}
    tables = {"weights", "contributions", "imputed", "treated", "removal", "correlations", "flags", "ranks"}
    assert names == tables | {"framework", "settings"}
    read = {name: pd.read_csv(tmp_path / "why" / f"{name}.csv") for name in names - {"settings"}}
    assert read["imputed"].to_dict("records") == [{"iso": "B", "code": "b"}]
    assert (read["ranks"]["low"] <= read["ranks"]["rank"]).all() and {"certain", "class_held"} <= set(read["ranks"])
    result = pd.read_csv(out).set_index("iso")["i"]
    apart = read["contributions"].set_index("iso").sum(axis=1)
    # The region n has three units, and its median is one of them.
    middle = result[["A", "B", "E"]].median()
    assert (result[["A", "B", "E"]] - middle).tolist() == pytest.approx(apart[["A", "B", "E"]].tolist())
    settings = json.loads((tmp_path / "why" / "settings.json").read_text(encoding="utf-8"))
    assert settings["uncertainty"]["draws"] == 50


def test_methods_are_listed_with_their_parameters(monkeypatch, capsys) -> None:
    for arguments, code in ((["--json"], 0), (["normalise"], 0), (["normalize"], 2)):
        monkeypatch.setattr(sys, "argv", ["riskmap", "methods", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0) == code
        shown = capsys.readouterr()
        if arguments == ["--json"]:
            table = {(row["family"], row["method"]): row for row in json.loads(shown.out)}
            assert table["normalise", "minmax"]["parameters"] == "low=0.0,high=100.0,lower=…,upper=…"
            assert all(row["what"].endswith(".") for row in table.values())
        elif code:
            assert "normalise" in shown.err
        else:
            assert "goalposts:low=…,high=…,scale=100.0" in shown.out


def test_the_command_runs_as_a_program(files) -> None:
    table, tree, out = files
    command = [sys.executable, "-m", "dashboard.cli", "index", table, tree, "--unit", "iso", "--out", out]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert np.isclose(pd.read_csv(out)["i"].max(), 100)
