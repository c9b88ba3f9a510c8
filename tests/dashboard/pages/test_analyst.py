"""The analyst's page, without a browser."""

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.app.cli import app as command_line
from dashboard.cache import cached
from dashboard.cache.cached import doubted_with
from dashboard.locale import texts
from dashboard.pages.analyst import compare, downloads
from dashboard.scenario import analysis
from dashboard.scenario.analysis import Settings
from dashboard.scenario.area import Area
from dashboard.session import workbench
from dashboard.ui import charts as charts_of
from geo.base import paths
from models.index.framework import framework_of

SECONDS = 240


def analyst() -> None:
    from dashboard.pages import analyst as page

    page.render()


def page(**held: object) -> AppTest:
    """Run the page as somebody who comes from the map, with something held in the session."""
    app = AppTest.from_function(analyst, default_timeout=SECONDS)
    for name, value in held.items():
        app.session_state[f"bench.{name}"] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def preset(app: AppTest) -> Any:
    return app.selectbox(key=f"{workbench.PRESET}.{app.session_state['bench.turns'][workbench.PRESET]}")


def method(app: AppTest, kind: str) -> Any:
    name = workbench.method_name(kind)
    return app.selectbox(key=f"{name}.{app.session_state['bench.turns'][name]}")


def share(app: AppTest, code: str) -> Any:
    name = workbench.share_name(code)
    return app.slider(key=f"{name}.{app.session_state['bench.turns'][name]}")


def now(app: AppTest) -> Settings:
    return app.session_state["bench.now"]


def digest(settings: Settings) -> str:
    return settings.applied(cached.preset_framework(settings.preset, False)).digest


def charts(app: AppTest) -> int:
    return len(app.get("vega_lite_chart"))


def test_it_opens_with_the_general_framework_beside_itself() -> None:
    app = page()
    assert texts("vi")("analyst.compare_same") in html(app)
    assert digest(Settings()) in html(app)
    assert sum("riskmap.update" in one.proto.json_args for one in app.get("component_instance")) == 2


def test_every_preset_gives_settings_of_its_own() -> None:
    app = page()
    for name in ("equal", "china", "arriving"):
        preset(app).set_value(name)
        run(app)
        assert now(app).preset == name
        assert digest(Settings(name)) in html(app)
    assert len({digest(Settings(name)) for name in analysis.presets()}) == len(analysis.presets())
    assert len(app.session_state["bench.undo"]) == 3


def test_a_slider_moves_its_siblings_and_everything_below() -> None:
    app = page()
    before = share(app, "border_exposure").value
    share(app, "border").set_value(60.0)
    run(app)
    values = [share(app, code).value for code in ("border", "leaving", "arriving")]
    assert values == [60, pytest.approx(80 / 3, abs=0.01), pytest.approx(40 / 3, abs=0.01)]
    assert share(app, "border_exposure").value == before
    assert "Qua biên giới đất liền → 60%" in html(app)
    tree = now(app).applied(cached.preset_framework("general", False))
    assert tree.shares()["border"] == pytest.approx(0.6 * 0.75)
    assert "45,0%" in html(app)


def test_a_slider_that_others_moved_is_a_new_widget_that_knows_no_old_value() -> None:
    app = page()
    before = {code: share(app, code).key for code in ("border", "leaving", "border_exposure")}
    share(app, "border").set_value(60.0)
    run(app)
    after = {code: share(app, code).key for code in before}
    assert (after["border"], after["border_exposure"]) == (before["border"], before["border_exposure"])
    assert after["leaving"] != before["leaving"]
    app.button(key="bench.do_undo").click()
    run(app)
    assert share(app, "border").key != after["border"]
    assert not now(app).weights


def test_what_a_replaced_widget_reports_is_not_taken_for_a_change() -> None:
    def late() -> None:
        import streamlit as st

        from dashboard.cache import cached
        from dashboard.session import workbench
        from models.index.tuning import moved

        workbench.begin(cached.known())
        framework = cached.preset_framework("general", False)
        workbench.show(framework)
        old = workbench.widget(workbench.share_name("border"))
        workbench.change(workbench.settings().weighing(moved(framework, "leaving", 0.5), framework))
        workbench.show(workbench.settings().applied(framework))
        st.session_state[old] = 90.0
        before = workbench.settings()
        workbench.share_moved("border", old, framework, framework)
        workbench.preset_chosen("bench.preset.0")
        workbench.method_chosen("root", "bench.method.root.0")
        st.session_state["same"] = workbench.settings() == before and len(workbench.held("undo")) == 1

    assert run(AppTest.from_function(late, default_timeout=SECONDS)).session_state["same"]


def test_a_locked_share_stays() -> None:
    app = page()
    app.button(key=f"{workbench.lock_key('leaving')}.button").click()
    run(app)
    assert share(app, "leaving").disabled
    share(app, "border").set_value(55.0)
    run(app)
    values = {code: share(app, code).value for code in ("leaving", "arriving")}
    assert values == {"leaving": pytest.approx(40, abs=0.01), "arriving": pytest.approx(5, abs=0.01)}


def test_methods_undo_and_reset() -> None:
    app = page()
    method(app, "root").set_value("arithmetic")
    run(app)
    assert digest(Settings(methods=(("root", "arithmetic"),))) in html(app)
    assert texts("vi")("analyst.compare_same") not in html(app)
    share(app, "sanitation").set_value(10.0)
    run(app)
    app.button(key="bench.do_undo").click()
    run(app)
    assert now(app) == Settings(methods=(("root", "arithmetic"),))
    app.button(key="bench.do_reset").click()
    run(app)
    assert now(app) == Settings()
    app.button(key="bench.do_undo").click()
    run(app)
    assert now(app).method("root") == "arithmetic"


def test_methods_that_do_not_go_together_are_a_message() -> None:
    app = page()
    method(app, "normalise").set_value("zscore")
    run(app)
    assert texts("vi")("analyst.problem") in app.error[0].value
    app.button(key="bench.do_undo").click()
    run(app)
    assert not app.error


def test_settings_are_kept_and_compared() -> None:
    app = page(top=10)
    preset(app).set_value("cambodia")
    run(app)
    moves = app.dataframe[0].value
    ways = moves["way"].value_counts().to_dict()
    assert (
        ways == {texts("vi")("analyst.enters"): 10, texts("vi")("analyst.leaves"): 10} or len(set(ways.values())) == 1
    )
    app.button(key="bench.do_keep").click()
    run(app)
    assert texts("vi")("analyst.compare_same") in html(app)


def intervals_of(settings: Settings) -> pd.DataFrame:
    """Return made-up intervals: two ranks to either side of each, in the nation as in the provinces."""
    assessment = cached.assessed(settings, False)
    inside = assessment.score.groupby(assessment.groups).rank(ascending=False)
    ranks = {"rank": assessment.rank, "rank_province": inside}
    ends = {"low": -2, "high": 2}
    return pd.DataFrame({f"{name}_{end}": rank + by for name, rank in ranks.items() for end, by in ends.items()})


@pytest.mark.parametrize(("place", "prefix"), [("VN", "rank"), ("22", "rank_province")])
def test_intervals_stand_beside_both_ranks_once_they_are_there(
    place: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, waiting = texts("vi"), texts("vi")("chance.waiting")
    app = page(top=10, place=place, now=Settings("cambodia"))
    assert [caption.value for caption in app.caption].count(waiting) == 1
    assert list(app.dataframe[0].value) == ["way", "commune", "before", "after"]
    monkeypatch.setattr(
        cached, "doubted_with", lambda settings, _: intervals_of(settings) if settings.preset == "cambodia" else None
    )
    one = run(page(top=10, place=place, now=Settings("cambodia")))
    assert list(one.dataframe[0].value) == ["way", "commune", "before", "after", "interval_after"]
    assert waiting in [caption.value for caption in one.caption]
    monkeypatch.setattr(cached, "doubted_with", lambda settings, _: intervals_of(settings))
    both = page(top=10, place=place, now=Settings("cambodia"))
    moves = both.dataframe[0].value
    assert waiting not in [caption.value for caption in both.caption]
    assert text("analyst.interval_bars") in [caption.value for caption in both.caption]
    for side, settings in (("before", Settings()), ("after", Settings("cambodia"))):
        ends = intervals_of(settings).loc[moves.index, [f"{prefix}_low", f"{prefix}_high"]]
        assert moves[f"interval_{side}"].tolist() == [
            f"{text.number(a)}–{text.number(b)}" for a, b in ends.to_numpy()
        ]


def test_every_point_of_the_first_places_has_its_bar() -> None:
    text, order = texts("vi"), ["A", "B"]
    units = pd.DataFrame({"rank_before": [4, 9], "rank_after": [1, 2]}, index=["x", "y"])
    doubts = pd.DataFrame({"rank_low": [3, 6], "rank_high": [5, 11]}, index=["x", "z"], dtype="Int64")
    units = compare.with_intervals(units, (None, doubts), Area(None, text))
    points = compare.first_places(units, pd.Series({"x": "Xã X", "y": "Xã Y"}), order, text)
    assert points[["name", "kind", "value", "place"]].to_numpy().tolist() == [
        ["Xã X", "A", 4, 0], ["Xã X", "B", 1, 1], ["Xã Y", "A", 9, 0], ["Xã Y", "B", 2, 1],
    ]  # fmt: skip
    assert points["interval"].tolist() == ["–", "3–5", "–", "–"]
    assert points["low"].dropna().tolist() == [3] and points["high"].dropna().tolist() == [5]
    words = {"x": "x", "name": "name", "interval": "interval"}
    drawn = charts_of.pairs(points, words, order).to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in drawn] == ["line", "point", "rule", "rule"]
    assert [layer["encoding"]["color"]["field"] for layer in drawn[2:]] == ["kind", "kind"]
    bare = charts_of.pairs(points.assign(low=None), words, order).to_dict()["layer"]
    assert [layer["mark"]["type"] for layer in bare] == ["line", "point"]


def test_intervals_follow_the_settings_and_are_the_maps_where_only_weights_differ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = pd.DataFrame({"rank_low": [1]})
    asked: list[str] = []
    monkeypatch.setattr(cached, "doubted", lambda weights: drawn.assign(weights=str(weights)))
    monkeypatch.setattr(cached.intervals.RECKONER, "get", lambda key, make: asked.append(key))
    weights = (("border", 60.0),)
    assert doubted_with(Settings(weights=weights), False)["weights"].tolist() == [str(weights)]
    part = cached.preset_framework("china", False).dimensions[0].code
    ranked = Settings(methods=(("normalise", "rank"),))
    for settings in (Settings("china"), ranked, Settings("china", weights=((part, 9.0),))):
        assert doubted_with(settings, False) is None
        assert doubted_with(settings, False) is None
    assert len(asked) == 6 and len(set(asked)) == 3


@pytest.mark.parametrize("place", ["VN", "22"])
def test_a_simulation_shows_intervals_and_what_holds(place: str) -> None:
    app = page(
        view="doubt",
        place=place,
        draws=200,
        varied=("weights", "values") if place == "22" else ("weights", "methods", "distances"),
    )
    assert app.info
    app.button(key="bench.run").click()
    run(app)
    run(app)
    assert charts(app) == 2
    robust = app.dataframe[0].value
    assert len(robust) > 0
    assert set(robust["verdict"]) <= {texts("vi")(f"level.{level}") for level in (2, 5)} | {
        texts("vi")("analyst.unsure")
    }
    made_for, found = app.session_state["bench.results"]["uncertainty"]
    assert (found.draws, made_for[0]) == (200, digest(Settings()))
    share(app, "border").set_value(60.0)
    run(app)
    assert texts("vi")("analyst.outdated") in app.warning[0].value


def test_what_the_ranking_hangs_on() -> None:
    app = page(view="influence")
    assert charts(app) == 2
    app.selectbox(key="bench.samples").set_value(64)
    app.button(key="bench.run_sobol").click()
    run(app)
    run(app)
    assert charts(app) == 4
    assert "Sobol" in html(app)


def test_one_commune_tells_which_weight_would_change_the_verdict_and_who_is_like_it() -> None:
    app = page(view="influence", place="08")
    changes, alike = (frame.value for frame in app.dataframe[-2:])
    assert len(alike) == 5 and alike[texts("vi")("one.score")].notna().all()
    assert (changes[texts("vi")("one.share_before")] != changes[texts("vi")("one.share_after")]).all()
    assert "có nguy cơ cao nhất" in html(app) and "Giống" in html(app)


def test_coherence_and_quality_in_english() -> None:
    app = page(view="coherence")
    assert charts(app) == 6
    app.segmented_control(key="language").set_value("en")
    app.segmented_control(key=workbench.VIEW).set_value("quality")
    run(app)
    table = app.dataframe[0].value
    assert table["weight"].sum() == pytest.approx(100)
    assert set(table["grade"]) <= set("ABCD")
    assert "indicators;" in html(app)


@pytest.mark.parametrize("view", ["influence", "coherence", "quality"])
def test_the_ethnic_share_is_hidden_unless_asked_for(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(app: AppTest) -> str:
        tables = [frame.value.to_string() for frame in app.dataframe]
        return "\n".join(
            [html(app), *tables, *(str(box.proto) for box in app.slider), *(str(one.proto) for one in app.main)]
        )

    words = ("ethnic", "dân tộc thiểu số")
    told = everything(page(view=view)).lower()
    assert not [word for word in words if word in told]
    monkeypatch.setenv("RISKMAP_RESTRICTED", "1")
    app = page(view=view)
    assert "dân tộc thiểu số" in everything(app)
    assert texts("vi")("analyst.restricted") in html(app)
    assert now(app).applied(cached.preset_framework("general", True)).digest == cached.framework().digest


def test_the_framework_file_is_what_the_command_line_reads() -> None:
    settings = Settings(
        "equal", (("border", 40.0),), (("normalise", "percentile:low=1,high=100"), ("root", "arithmetic"))
    )
    tree = settings.applied(cached.preset_framework("equal", False))
    written = downloads.framework_csv(tree)
    read = framework_of(pd.read_csv(io.BytesIO(written), dtype=str))
    assert read.digest == tree.digest
    assert b"ethnic" not in written


def test_the_framework_file_goes_through_the_command_line(tmp_path: Path) -> None:
    tree = Settings("equal", methods=(("root", "arithmetic"),)).applied(cached.preset_framework("equal", False))
    (tmp_path / "framework.csv").write_bytes(downloads.framework_csv(tree))
    out = tmp_path / "out.csv"
    told = CliRunner().invoke(
        command_line,
        [
            "assess",
            "--province",
            "22",
            "--framework",
            str(tmp_path / "framework.csv"),
            "--out",
            str(out),
            "--draws",
            "0",
        ],
    )
    assert told.exit_code == 0, told.output
    assert set(pd.read_csv(out)["settings_hash"]) == {tree.digest}


@pytest.mark.parametrize("province", ["22", None])
def test_both_pages_speak_of_one_scale(province: str | None) -> None:
    area = Area(province, texts("vi"))
    here = cached.briefed(()).of(province)
    classes = compare.scale_classes(cached.assessed(Settings(), False), area).loc[here.index]
    assert classes.tolist() == area.levels(here).tolist()
    assert area.say("levels") in html(page(place=province or "VN"))


def test_both_trees_say_where_outreach_counts() -> None:
    told = texts("vi")("weights.outreach", share="30")
    assert told in [caption.value for caption in page().caption]
    assert told in [
        caption.value
        for caption in AppTest.from_file(str(paths.ROOT / "app.py"), default_timeout=SECONDS).run().caption
    ]
