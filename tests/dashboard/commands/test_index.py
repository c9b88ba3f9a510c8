"""``riskmap index``: a table and a tree in, a table out; every fault one message, exit code 2, nothing written."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dashboard.app.cli import main
from geo.base.paths import ROOT
from models.index.framework import FAMILIES

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


def test_a_table_with_decimal_commas(files, monkeypatch, capsys) -> None:
    table, tree, out = files
    table.write_text("iso;a;b\nA;1,5;0\nB;2,5;0,5\nC;3,5;1\n", encoding="utf-8")
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out) == 2
    assert "--decimal" in capsys.readouterr().err
    assert run(monkeypatch, table, tree, "--unit", "iso", "--out", out, "--decimal", ",") == 0
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
    command = [sys.executable, "-m", "dashboard.app.cli", "index", table, tree, "--unit", "iso", "--out", out]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert np.isclose(pd.read_csv(out)["i"].max(), 100)


EVERY = {
    "impute": [
        "none",
        "constant:value=3",
        "mean",
        "median",
        "group_mean:by=region",
        "group_median:by=region",
        "neighbours:k=2",
        "spatial:k=2",
        "parent:by=region",
    ],
    "treat": ["none", "skew_gate:max_points=5", "winsorise:lower=10,upper=90", "log", "boxcox", "yeojohnson"],
    "normalise": [
        "none",
        "minmax:low=0,high=100",
        "zscore:mean=100,sd=10,ddof=0",
        "rank",
        "percentile",
        "distance_to_best",
        "distance_to_reference:unit=u3",
        "distance_to_target:target=60",
        "fraction_of_max",
        "goalposts:low=0,high=80",
        "borda",
        "robust",
        "quantile:bins=4",
        "exponential",
        "bands:edges=10|20|30",
    ],
    "weights": ["given", "equal", "evidence", "pca", "ahp:limit=0.2", "entropy", "critic", "optimised"],
    "aggregate": [
        "arithmetic",
        "geometric",
        "inverted_geometric",
        "harmonic",
        "generalised:p=2",
        "maximum",
        "minimum",
        "mazziotta_pareto:penalty=positive",
        "owa:orness=0.6",
        "copeland",
    ],
}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide")
    generator = np.random.default_rng(0)
    common = generator.gamma(3, 8, (40, 1))
    data = pd.DataFrame(common + generator.gamma(2, 3, (40, 4)), columns=list("abcd"))
    data.insert(0, "unit", [f"u{place}" for place in range(40)])
    data["region"] = ["n", "s"] * 20
    data["lat"], data["lon"] = generator.uniform(8, 23, 40), generator.uniform(102, 109, 40)
    data.loc[[4, 9], "a"] = np.nan
    data.to_csv(folder / "table.csv", index=False)
    tree = "code,parent,direction,weight,evidence_grade\ni,,,,\np,i,1,2,\nq,i,1,1,\n"
    tree += "a,p,1,2,A\nb,p,1,1,B\nc,q,1,1,C\nd,q,1,2,D\n"
    (folder / "tree.csv").write_text(tree, encoding="utf-8")
    (folder / "regions.csv").write_text("region,a\nn,20\ns,30\n", encoding="utf-8")
    (folder / "pairs.csv").write_text("first,second,value\np,q,2\na,b,3\nc,d,0.5\n", encoding="utf-8")
    return folder


def test_every_name_is_tried() -> None:
    names = {kind: {text.partition(":")[0] for text in texts} for kind, texts in EVERY.items()}
    assert names == {"weights" if kind == "weight" else kind: set(family) for kind, family in FAMILIES.items()}


@pytest.mark.parametrize(("kind", "method"), [(kind, text) for kind, texts in EVERY.items() for text in texts])
def test_every_method_scores_every_unit(wide: Path, tmp_path: Path, monkeypatch, kind: str, method: str) -> None:
    options = {"impute": "median", "aggregate": "arithmetic"} | {kind: method}
    files = ["--parents", wide / "regions.csv", "--comparisons", wide / "pairs.csv", "--availability", 0.3]
    given = [f"--{name}={text}" for name, text in options.items()]
    arguments = [
        wide / "table.csv",
        wide / "tree.csv",
        "--unit",
        "unit",
        "--out",
        tmp_path / "out.csv",
        *given,
        *files,
    ]
    assert run(monkeypatch, *arguments) == 0
    result = pd.read_csv(tmp_path / "out.csv")
    assert result[["i", "p", "q"]].notna().all().all()
    assert result["a"].isna().sum() == (2 if method == "none" and kind == "impute" else 0)
    assert (result["rank"] == result["i"].round(9).rank(method="min", ascending=False)).all()
    assert result["i"].nunique() > 3
