"""``riskmap patterns`` and ``riskmap terrain``: the same figures as the page, as files and JSON."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.app.cli import app
from dashboard.cache import cached
from dashboard.scenario.analysis import Settings
from geo import units
from geo.base.errors import InputError

SECRET = "Nguyễn Thị Bí Mật"


def invoke(*arguments: str) -> str:
    told = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.stdout


def incidents(path: Path, number: int = 200) -> Path:
    generator = np.random.default_rng(4)
    towns = units.communes_of("22").query("type == 'Phường'")[["lat", "lon"]].to_numpy()
    places = towns[generator.integers(len(towns), size=number)] + generator.normal(0, 0.015, (number, 2))
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(generator.integers(0, 900, number), "D")
    table = pd.DataFrame(
        {"date": days.strftime("%Y-%m-%d"), "lat": places[:, 0], "lon": places[:, 1], "name": SECRET}
    )
    table.to_csv(path, index=False)
    return path


def test_patterns_are_files_and_a_summary_that_agree_with_the_page(tmp_path: Path) -> None:
    told = json.loads(invoke("patterns", "--province", "Quảng Ninh", "--out", str(tmp_path / "p"), "--json"))
    here = units.communes_of("22").index
    names = {path.name for path in (tmp_path / "p").iterdir()}
    assert names == {"communes.csv", "clusters.csv", "types.csv", "type_profile.csv", "pathways.csv", "summary.json"}
    communes = pd.read_csv(tmp_path / "p" / "communes.csv", dtype={"commune_code": str}).set_index("commune_code")
    assert communes.index.tolist() == here.tolist()
    assert told["settings_hash"] == cached.assessed(Settings(), False).framework.digest
    spots = cached.spots(Settings(), False, "risk")
    assert communes["gi_class"].tolist() == spots.units.loc[here, "hot"].tolist()
    assert communes["leading"].tolist() == cached.pathways(False).leading.loc[here].tolist()
    types = pd.read_csv(tmp_path / "p" / "types.csv")
    complete = cached.assessed(Settings(), False).missing.eq(False).all(axis=1)
    assert types["units_here"].sum() == complete[here].sum() and types["units"].sum() == complete.sum() > 3300
    assert {"name", "name_en", "stability", "jaccard"} <= set(types)
    assert not types["name"].str.contains("[{}_]").any()
    assert not any("ethnic" in path.read_text(encoding="utf-8") for path in (tmp_path / "p").iterdir())
    assert json.loads((tmp_path / "p" / "summary.json").read_text(encoding="utf-8")) == told


def test_terrain_tells_relative_risks_and_writes_nothing_of_an_incident(tmp_path: Path) -> None:
    given = incidents(tmp_path / "incidents.csv")
    out = tmp_path / "t"
    printed = invoke("terrain", str(given), "--province", "22", "--cell-km", "5", "--out", str(out))
    assert "towns" in printed and "pai" in printed
    told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert told["k"] == 10 and told["verdict"] in ("better", "weaker", "chance", "hidden")
    assert told["factors"][0]["low"] > 1
    everything = printed + "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert SECRET not in everything
    first = pd.read_csv(given).iloc[0]
    assert f"{first['lat']:.4f}" not in everything and first["date"] not in everything
    assert invoke("terrain", str(given), "--province", "22", "--cell-km", "5") == printed, "the same seed"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--province", "22", "--k", "9"), "incidents.floor"),
        ((), "general.province_or_nation"),
        (("--province", "22", "--nation"), "general.province_or_nation"),
        (("--province", "96",), "terrain.too_few"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_an_error_and_no_file(tmp_path: Path, arguments: tuple[str, ...], code: str) -> None:
    given, out = incidents(tmp_path / "incidents.csv"), tmp_path / "out"
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(
            app, ["terrain", str(given), *arguments, "--out", str(out)], catch_exceptions=False, standalone_mode=False
        )
    assert caught.value.code == code and caught.value.exit_code == 2
    assert not out.exists()
