"""riskmap site: where teams should be based."""

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.app.cli import app
from geo.base.errors import InputError
from geo.units import communes_of


def run(*arguments: str):
    return CliRunner().invoke(app, ["site", "--province", "22", *arguments], catch_exceptions=False)


@pytest.mark.parametrize("model", ["p_median", "covering", "set_covering", "capacitated", "p_center"])
def test_every_model_answers(model):
    result = run("--model", model, "--count", "5", "--hours", "1.2", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert set(told["bases"]) <= set(communes_of("22").index)
    assert told["gap"] <= 1e-3
    assert 0 < told["share_served"] <= 1 + 1e-9
    if model != "set_covering":
        assert len(told["bases"]) <= 5
    if model in ("p_median", "set_covering", "p_center"):
        assert told["share_served"] == pytest.approx(1)


def test_the_table_names_who_serves_whom(tmp_path):
    out = tmp_path / "sites.csv"
    assert run("--model", "covering", "--count", "3", "--weight", "burden", "--out", str(out)).exit_code == 0
    table = pd.read_csv(out, dtype={"commune_code": str, "base": str})
    assert len(table) == len(communes_of("22"))
    assert table["is_base"].sum() == 3
    assert set(table["base"].dropna()) == set(table.loc[table["is_base"], "commune_code"])
    assert (table["hours"].dropna() <= 1).all()


def test_the_map_has_every_commune(tmp_path):
    out = tmp_path / "sites.geojson"
    assert run("--count", "2", "--out", str(out)).exit_code == 0
    found = json.loads(out.read_text(encoding="utf-8"))
    assert len(found["features"]) == len(communes_of("22"))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--model", "magic"], "magic"),
        (["--weight", "gold"], "gold"),
        (["--out", "sites.docx"], "sites.docx"),
        (["--count", "999"], "999"),
    ],
)
def test_bad_input_is_named(arguments, named):
    with pytest.raises(InputError, match=named):
        run(*arguments)
