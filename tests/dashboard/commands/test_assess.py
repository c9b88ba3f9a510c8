"""riskmap assess: what scripts rely on, and what happens with bad input."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.app import cli
from dashboard.app.cli import app
from geo.base import paths


def run(*arguments: str) -> None:
    """Run the command; what is not about draws leaves them out."""
    arguments = arguments if "--draws" in arguments else (*arguments, "--draws", "0")
    result = CliRunner().invoke(app, ["assess", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def quang_ninh(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    out = tmp_path_factory.mktemp("assess") / "22.csv"
    run("--province", "22", "--out", str(out), "--draws", "500")
    return pd.read_csv(out, dtype={"commune_code": str, "province_code": str})


def test_one_row_per_commune_with_score_ranks_and_qualities(quang_ninh: pd.DataFrame) -> None:
    assert len(quang_ninh) == 54
    assert quang_ninh["commune_code"].str.len().eq(5).all()
    assert quang_ninh["score"].between(0, 100).all()
    assert sorted(quang_ninh["rank_province"])[0] == 1
    assert quang_ninh["rank_national"].between(1, 3321).all()
    framework = pd.read_csv(paths.FRAMEWORK, dtype=str, keep_default_na=False)
    public = framework[(framework["operation"] != "") & (framework["public"] != "no")]["code"]
    assert set(public) <= set(quang_ninh.columns)
    assert {f"{code}_quality" for code in public} <= set(quang_ninh.columns)
    assert {"threat", "access", "border", "leaving", "arriving"} <= set(quang_ninh.columns)


def test_rows_come_in_the_order_of_the_list_with_what_it_rests_on(quang_ninh: pd.DataFrame) -> None:
    assert quang_ninh["rank_first"].tolist() == list(range(1, 55))
    assert quang_ninh["class_province"].is_monotonic_decreasing
    for number, fifth in quang_ninh.groupby("class_province"):
        assert fifth["people_unreached" if number == 5 else "score"].is_monotonic_decreasing
    assert not quang_ninh["coverage_known"].any() and set(quang_ninh["coverage_quality"].dropna()) <= {"synthetic"}
    assert (quang_ninh["people_unreached"] == quang_ninh["population"]).all()
    assert np.allclose(quang_ninh["remaining"], quang_ninh["score"])
    assert np.allclose(quang_ninh["burden"], quang_ninh["relative_risk"] * quang_ninh["population"], rtol=1e-4)
    assert (quang_ninh["sessions_needed"] >= quang_ninh["people_unreached"] / 90).all()
    assert quang_ninh["risk_ratio"].eq(5).all() and quang_ninh["outreach_most"].eq(0.3).all()
    assert {"leading", "rank_first_national", "rank_burden"} <= set(quang_ninh.columns)


def test_the_ratio_moves_the_second_list_not_the_first(tmp_path: Path, quang_ninh: pd.DataFrame) -> None:
    out = tmp_path / "steep.csv"
    run("--province", "22", "--ratio", "9", "--most", "0.5", "--out", str(out))
    steep = pd.read_csv(out, dtype={"commune_code": str})
    assert steep["commune_code"].tolist() == quang_ninh["commune_code"].tolist()
    assert steep["risk_ratio"].eq(9).all() and not np.allclose(steep["burden"], quang_ninh["burden"])


@pytest.mark.parametrize(("option", "value", "told"), [("--ratio", "12", "3 to 9"), ("--most", "0.9", "0.1 to 0.5")])
def test_assumptions_out_of_range_are_refused(
    option: str, value: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "a.csv"
    monkeypatch.setattr("sys.argv", ["riskmap", "assess", "--province", "22", option, value, "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2 and told in capsys.readouterr().err and not out.exists()


def test_a_table_for_programs_begins_with_its_first_column(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    run("--province", "22", "--out", str(out))
    assert out.read_bytes().startswith(b"commune_code,")


def test_what_is_not_public_is_not_written(quang_ninh: pd.DataFrame) -> None:
    assert not [column for column in quang_ninh.columns if "ethnic" in column]


def test_settings_and_days_travel_with_the_figures(quang_ninh: pd.DataFrame) -> None:
    assert quang_ninh["settings_hash"].str.fullmatch(r"[0-9a-f]{12}").all()
    assert quang_ninh["geometry_kind"].isin(["schematic", "official"]).all()
    assert quang_ninh["population_quality"].eq("reported").all()


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_geometry_by_the_ending(ending: str, tmp_path: Path, quang_ninh: pd.DataFrame) -> None:
    out = tmp_path / f"province.{ending}"
    run("--province", "Quảng Ninh", "--out", str(out))
    frame = gpd.read_parquet(out) if ending == "parquet" else gpd.read_file(out)
    assert frame["commune_code"].astype(str).tolist() == quang_ninh["commune_code"].tolist()
    assert np.allclose(frame["score"].astype(float), quang_ninh["score"], rtol=1e-4)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.notna().all() and frame.geometry.is_valid.all()
    assert list(tmp_path.iterdir()) == [out]


def test_the_nation_has_every_commune_and_a_province_agrees_with_it(tmp_path: Path, quang_ninh: pd.DataFrame) -> None:
    out = tmp_path / "nation.csv"
    run("--nation", "--out", str(out))
    nation = pd.read_csv(out, dtype={"commune_code": str}).set_index("commune_code")
    assert len(nation) == 3321
    assert nation["rank_first_national"].tolist() == list(range(1, 3322))
    assert nation["score"].notna().all()
    same = nation.loc[quang_ninh["commune_code"]]
    assert np.allclose(same["score"], quang_ninh["score"])
    assert (same["rank_national"].to_numpy() == quang_ninh["rank_national"].to_numpy()).all()


def test_doubling_a_weight_moves_scores_and_the_hash(tmp_path: Path, quang_ninh: pd.DataFrame) -> None:
    out = tmp_path / "a.csv"
    run("--province", "22", "--set", "border=6", "--out", str(out))
    other = pd.read_csv(out)
    assert not np.allclose(other["score"], quang_ninh["score"])
    assert other["settings_hash"].iloc[0] != quang_ninh["settings_hash"].iloc[0]


def test_weight_zero_removes_an_indicator_exactly(tmp_path: Path) -> None:
    table = pd.read_csv(paths.FRAMEWORK, dtype=str, keep_default_na=False)
    without = tmp_path / "framework.csv"
    table[table["code"] != "zone_gravity"].to_csv(without, index=False)
    run("--province", "22", "--framework", str(without), "--out", str(tmp_path / "dropped.csv"))
    run("--province", "22", "--set", "zone_gravity=0", "--out", str(tmp_path / "zero.csv"))
    dropped, zero = (pd.read_csv(tmp_path / f"{name}.csv")["score"] for name in ("dropped", "zero"))
    assert dropped.equals(zero)


def test_a_summary_for_programs(tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    result = CliRunner().invoke(app, ["assess", "--province", "22", "--out", str(out), "--json", "--draws", "20"])
    assert json.loads(result.stdout)["communes"] == 54


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--province", "Quảng Nin", "--out", "a.csv"], "Quảng Ninh"),
        (["--out", "a.csv"], "--nation"),
        (["--province", "22", "--nation", "--out", "a.csv"], "--nation"),
        (["--province", "22", "--out", "a.docx"], ".gpkg"),
        (["--province", "22", "--out", "nowhere/a.csv"], "nowhere"),
        (["--province", "22", "--set", "border=many", "--out", "a.csv"], "border=many"),
        (["--province", "22", "--set", "borders=1", "--out", "a.csv"], "border"),
        (["--province", "22", "--set", "border=-1", "--out", "a.csv"], "border"),
        (["--province", "22", "--set", "threat=0", "--set", "access=0", "--out", "a.csv"], "threat"),
        (["--province", "22", "--framework", "none.csv", "--out", "a.csv"], "none.csv"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_clear_message_and_leaves_nothing(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["riskmap", "assess", *arguments])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    errors = capsys.readouterr().err
    assert caught.value.code == 2
    assert told in errors and "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_intervals_and_grades_of_reliability_travel_with_the_scores(tmp_path: Path, quang_ninh: pd.DataFrame) -> None:
    sure = ["rank_low", "rank_high", "rank_province_low", "rank_province_high", "top_probability", "robust", "grade"]
    assert set(sure) <= set(quang_ninh.columns)
    assert quang_ninh["grade"].isin(list("ABCD")).all() and quang_ninh["rank_province_high"].le(54).all()
    assert (quang_ninh["rank_draws"] == 500).all() and (quang_ninh["rank_seed"] == 0).all()
    shares = [f"share_{name}" for name in ("commune", "old_district", "province", "region")]
    assert np.allclose(quang_ninh[shares].sum(axis=1), 1)
    out = tmp_path / "other.csv"
    run("--province", "22", "--out", str(out), "--draws", "20", "--seed", "4")
    other = pd.read_csv(out)
    assert (other["rank_draws"] == 20).all() and (other["rank_seed"] == 4).all()
    assert not other["rank_low"].equals(quang_ninh["rank_low"])
    run("--province", "22", "--out", str(out), "--draws", "0")
    assert not {*sure, *shares, "rank_draws"} & set(pd.read_csv(out).columns)
