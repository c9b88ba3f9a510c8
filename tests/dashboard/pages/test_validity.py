"""The page on validity: docs/validity.md is what the command writes; the analyst's page says the same."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.app.cli import app as command_line
from dashboard.cache import cached
from dashboard.export import validity as words
from dashboard.locale import texts
from dashboard.scenario.analysis import Settings
from geo import units
from geo.base.paths import ROOT
from geo.layers import yardsticks
from tests.dashboard.pages.test_analyst import html, page, run

VI, EN = texts("vi"), texts("en")
PAGE = ROOT / "docs" / "validity.md"


def test_the_committed_page_is_what_the_command_writes(tmp_path: Path) -> None:
    out = tmp_path / "validity.md"
    result = CliRunner().invoke(command_line, ["validity", "--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert out.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), (
        "run: riskmap validity --out docs/validity.md"
    )


def test_the_page_has_everything_in_both_languages() -> None:
    vi, en = PAGE.read_text(encoding="utf-8").split(words.RULE)
    for text, part in ((VI, vi), (EN, en)):
        for code, facts in yardsticks.yardsticks().iterrows():
            assert facts[f"name_{text.language}"] in part, code
            assert facts[f"caution_{text.language}"] in part, code
        for name in units.provinces()["short_name"]:
            assert f"| {name} |" in part, name
        for code in yardsticks.province_notes().index:
            assert f"**{units.provinces()['short_name'][code]}** – *" in part, code
    assert "260" in vi and "260" in en
    assert vi.count("\n## ") == en.count("\n## ")
    assert vi.count("\n| ") == en.count("\n| ")


def test_the_command_prints_and_knows_json(tmp_path: Path) -> None:
    result = CliRunner().invoke(command_line, ["validity", "--json"], catch_exceptions=False)
    told = json.loads(result.stdout)["yardsticks"]
    assert told["h14"]["met"] is True and told["first_population"]["missed_in"] == []
    assert told["h14_distance"]["met"] is None
    refused = CliRunner().invoke(command_line, ["validity", "--out", str(tmp_path / "page.pdf")])
    assert refused.exit_code != 0 and not list(tmp_path.iterdir())


def yardstick_rows(app: AppTest) -> str:
    return next(element.proto.body for element in app.get("html") if "rk-yardsticks wide" in element.proto.body)


def test_the_analyst_sees_yardsticks_cautions_and_the_note() -> None:
    app = page(view="validity", place="22")
    told = html(app)
    case, table = cached.validity(Settings(), False)
    assert VI("validity.lead") in app.warning[0].value
    shown = words.shown(table, VI)
    for code, row in shown.iterrows():
        assert row["name"] in told and row["caution"] in told, code
    assert shown.loc["h14", "value"] in yardstick_rows(app)
    assert yardstick_rows(app).count('class="met"') == int(table["met"].fillna(False).sum())
    assert yardstick_rows(app).count('class="missed"') == int(table["met"].eq(False).sum()) == 0
    assert case.draws == cached.DRAWS < 500
    verdict, note = words.note_of(cached.province_picture("22"), "22", VI) or ("", "")
    assert verdict in told and note in told
    assert "Móng Cái" in note and "{" not in note


def test_it_follows_the_settings_and_says_what_floors_are_for() -> None:
    app = page(view="validity", place="VN")
    assert VI("validity.note_choose") in app.info[0].value
    before = yardstick_rows(app)
    app.session_state["bench.now"] = Settings("china")
    run(app)
    after = yardstick_rows(app)
    assert after != before
    assert VI("validity.not_here") in after
    assert VI("validity.floors_general") in [one.value for one in app.caption]


def test_a_province_without_a_note_shows_its_figures_in_english() -> None:
    code = next(code for code in units.provinces().index if code not in yardsticks.province_notes().index)
    app = page(view="validity", place=code)
    app.session_state["language"] = "en"
    run(app)
    told = html(app)
    assert EN("validity.note_none") in told
    assert words.picture_sentence(cached.province_picture(code), EN) in told


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (0.3171, "share", "31,7%"),
        (0.075, "points", "7,5 điểm %"),
        (-0.11, "ratio", "−0,11"),
        (77.0, "communes", "77"),
    ],
)
def test_figures_follow_their_unit(value: float, unit: str, written: str) -> None:
    assert words.figure(value, unit, VI) == written
    assert words.figure(float("nan"), unit, VI) == "–"
