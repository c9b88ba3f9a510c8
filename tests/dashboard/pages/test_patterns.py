"""The page of patterns, without a browser: hot spots, types, pathways, incidents; links; a run that is cancelled."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from dashboard.locale import texts
from dashboard.pages.analyst import downloads, influence, running
from dashboard.scenario.analysis import Settings
from dashboard.session import workbench
from geo import units
from models.incidents.validation import FLOOR
from tests.dashboard.pages.test_analyst import charts, html, now, page, run

VI = texts("vi")
SECRET = "Nguyễn Thị Bí Mật"


def address(app: AppTest) -> dict[str, str]:
    return {
        name: value[0] if isinstance(value, list) else value
        for name, value in ((name, app.query_params[name]) for name in app.query_params)
    }


def opened(**query: str) -> AppTest:
    """Run the page as somebody who opens a link."""
    app = AppTest.from_function(_analyst, default_timeout=240)
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def _analyst() -> None:
    from dashboard.pages import analyst

    analyst.render()


def message(app: AppTest) -> str:
    return next(one.proto.json_args for one in app.get("component_instance") if "labels" in one.proto.json_args)


@pytest.mark.parametrize("place", ["VN", "the hottest"])
def test_hot_spots_are_a_map_a_table_and_a_sentence(place: str) -> None:
    cached.warm()
    found = cached.spots(Settings(), False, "risk")
    if place != "VN":
        hot_here = found.units["hot"].isin(("hot_99", "hot_95"))
        place = str(units.communes()["province_code"].reindex(hot_here.index[hot_here]).value_counts().idxmax())
    app = page(view="patterns", place=place)
    told = html(app)
    here = found.units if place == "VN" else found.units.loc[units.communes_of(place).index]
    hot = int(here["hot"].isin(("hot_99", "hot_95")).sum())
    assert f"{VI.number(hot)} trên {VI.number(len(here))} xã" in told
    assert "Moran I" in told and "FDR" in told
    assert "patterns" not in message(app)
    clusters, communes = app.dataframe[0].value, app.dataframe[1].value
    assert clusters["units"].is_monotonic_decreasing
    assert communes["z"].is_monotonic_decreasing
    app.segmented_control(key="bench.spot_way").set_value("moran")
    app.selectbox(key="bench.spot_node").set_value("border")
    run(app)
    assert cached.spots(Settings(), False, "border").units["score"].notna().all()
    assert "Qua biên giới đất liền" in html(app)


def test_a_province_without_hot_spots_says_what_that_means() -> None:
    app = page(view="patterns", place="01")
    assert VI("patterns.hot_none", number="126", place="Hà Nội") in html(app)


def test_types_are_named_in_words_and_shown_with_their_stability() -> None:
    app = page(view="patterns", pattern="types", place="22")
    assert app.info and not charts(app)
    app.button(key="bench.run_types").click()
    run(app)
    run(app)
    table = app.dataframe[0].value
    complete = cached.assessed(Settings(), False).missing.eq(False).all(axis=1)
    assert table["units"].sum() == complete.sum() > 3300
    assert table["here"].sum() == complete[units.communes_of("22").index].sum()
    assert set(table["stability"]) <= {VI(f"patterns.{word}") for word in ("stable", "doubtful", "unstable")}
    assert table["name"].str.contains("[↑↓≈]").all() and not table["name"].str.contains("[{}_]").any()
    assert charts(app) == 1
    app.segmented_control(key="language").set_value("en")
    run(app)
    english = app.dataframe[0].value["name"]
    assert not set(english) & set(table["name"])
    app.segmented_control(key="bench.basis").set_value("pathways")
    run(app)
    assert texts("en")("analyst.outdated") in app.warning[0].value


def preset_key(app: AppTest) -> str:
    turns = app.session_state["bench.turns"]
    return f"{workbench.PRESET}.{turns.get(workbench.PRESET, 0)}"


def test_pathways_say_which_leads_and_how_rankings_agree() -> None:
    app = page(view="patterns", pattern="pathways", place="22")
    leading = cached.pathways(False).leading.loc[units.communes_of("22").index].value_counts()
    first = VI(f"patterns.pathway_{leading.drop('none').index[0]}")
    assert first in html(app)
    assert charts(app) == 1
    ranks = app.dataframe[0].value
    assert len(ranks) == len(units.communes_of("22"))
    assert set(ranks) >= set(cached.pathway_scores(False).columns)


def test_the_patterns_can_be_taken_away() -> None:
    settings = Settings()
    spots, pathways = cached.spots(settings, False, "risk"), cached.pathways(False)
    written = downloads.pattern_frame(spots, pathways, units.communes_of("22").index)
    assert {"gi_class", "moran_class", "cluster", "leading", "rank_arriving"} <= set(written)
    assert written.index.tolist() == units.communes_of("22").index.tolist()
    assert not [name for name in written if "ethnic" in name]


def incidents(number: int = 260) -> bytes:
    generator = np.random.default_rng(3)
    communes = units.communes_of("22")
    towns = communes[communes["type"] == "Phường"]
    places = towns[["lat", "lon"]].to_numpy()[generator.integers(len(towns), size=number)]
    places = places + generator.normal(0, 0.015, (number, 2))
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(generator.integers(0, 900, number), "D")
    table = pd.DataFrame({"ngày": days.strftime("%d/%m/%Y"), "vĩ độ": places[:, 0], "kinh độ": places[:, 1]})
    return table.assign(tên=SECRET).to_csv(index=False).encode()


def uploaded(name: str, content: bytes) -> AppTest:
    app = page(view="patterns", pattern="terrain", place="22")
    assert app.button(key="bench.run_terrain").disabled
    app.file_uploader(key="bench.incidents").set_value((name, content, "text/csv"))
    app.selectbox(key="bench.cell").set_value(5000.0)
    run(app)
    app.button(key="bench.run_terrain").click()
    run(app)
    return run(app)


def test_incidents_question_the_index_and_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMAP_HOME", str(tmp_path / "home"))
    app = uploaded("vu_viec.csv", incidents())
    told = html(app)
    assert VI("terrain.promise") in told
    factors, hits = app.dataframe[0].value, app.dataframe[-2].value
    assert factors["where"].str.contains("Trung tâm phường").any()
    assert set(factors["strength"]) <= {
        VI(f"terrain.strength_{word}") for word in ("very_high", "high", "raised", "slight", "unclear")
    }
    assert any(set(frame.value.columns) >= {"pai", "pei", "rri"} for frame in app.dataframe), hits.columns
    held = app.session_state["bench.results"]["terrain"][1]
    assert held.k == FLOOR
    everything = told + "".join(frame.value.to_string() for frame in app.dataframe) + repr(held)
    assert SECRET not in everything
    assert not list((tmp_path / "home").rglob("*.csv")) if (tmp_path / "home").exists() else True
    assert now(app) == Settings(), "the index is not fed"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"\x80\x04\x95pickle\x00"),
        ("a.csv", f"{SECRET},x\n1,2\n".encode()),
        ("a.csv", f"lat,lon\n{SECRET},107\n".encode()),
        ("a.xlsx", b"PK\x03\x04 not really"),
        ("a.csv", b"lat,lon\n" + b"21,107\n" * 30),
    ],
)
def test_a_file_that_cannot_be_used_is_a_message_and_no_harm(name: str, content: bytes) -> None:
    app = uploaded(name, content)
    assert not app.exception
    assert "terrain" not in app.session_state["bench.results"]
    app.button(key="bench.run_terrain").click()
    run(app)
    assert VI("analyst.problem") in app.error[0].value
    assert SECRET not in app.error[0].value
    app.segmented_control(key=workbench.PATTERN).set_value("spots")
    run(app)
    assert not app.error


def test_a_link_reproduces_the_settings() -> None:
    app = opened(
        province="22",
        section="coherence",
        preset="equal",
        weights="border:40,leaving:20",
        methods="root:arithmetic",
        lang="en",
    )
    expected = Settings("equal", (("border", 40.0), ("leaving", 20.0)), (("root", "arithmetic"),))
    assert now(app) == expected
    assert address(app)["weights"] == "border:40,leaving:20"
    assert "Quảng Ninh" in html(app) and "Nominal" not in html(app)
    again = opened(**address(app))
    assert now(again) == expected
    assert not again.warning or texts("en")("app.ignored", names="") not in again.warning[0].value


def test_settings_go_into_the_address() -> None:
    app = page(view="quality", place="51")
    assert address(app) == {"province": "51", "section": "quality"}
    app.selectbox(key=preset_key(app)).set_value("arriving")
    run(app)
    assert address(app)["preset"] == "arriving"
    app.segmented_control(key=workbench.VIEW).set_value("compare")
    run(app)
    assert "section" not in address(app)


def test_a_hostile_link_is_survived_and_named() -> None:
    app = opened(
        province="'; DROP", section="<script>", preset="../../etc", weights="border:1e999,x:1", methods="root:exec"
    )
    assert not app.exception
    assert now(app) == Settings()
    names = app.warning[0].value
    for name in ("province", "section", "preset", "weights", "methods"):
        assert name in names
    assert "DROP" not in names


def test_an_address_of_a_moment_ago_takes_nothing_back() -> None:
    app = page(view="quality", place="22")
    before = address(app)
    app.selectbox(key=preset_key(app)).set_value("equal")
    run(app)
    for name in address(app):
        del app.query_params[name]
    for name, value in before.items():
        app.query_params[name] = value
    run(app)
    assert now(app).preset == "equal"


def test_a_long_run_can_be_cancelled_and_the_page_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A click on "cancel" asks the running script for another run: it ends at the next step of the bar."""
    reached: list[int] = []

    def endless(*_: object, progress: running.Told, **__: object) -> None:
        for step in range(1_000_000):
            reached.append(step)
            if step == 3:
                context = get_script_run_ctx()
                assert context is not None and context.script_requests is not None
                context.script_requests.request_rerun(RerunData(widget_states=WidgetStates()))
            progress(step, 1_000_000)

    monkeypatch.setattr("dashboard.pages.analyst.doubt.uncertainty", endless)
    app = page(view="doubt", place="22")
    app.button(key="bench.run").click()
    app.run()
    assert not app.exception
    assert len(reached) < 50, "the run went on after the click"
    assert "uncertainty" not in app.session_state["bench.results"]
    assert VI("analyst.doubt_none") in app.info[0].value
    app.segmented_control(key=workbench.VIEW).set_value("quality")
    run(app)
    assert app.dataframe


def test_one_commune_has_its_own_sobol_indices() -> None:
    app = page(view="influence", place="22", samples=64)
    code = app.selectbox(key="bench.unit").value
    assert code == cached.assessed(Settings(), False).score.loc[units.communes_of("22").index].idxmax()
    app.button(key="bench.run_sobol").click()
    run(app)
    run(app)
    assert charts(app) == 4
    found = app.session_state["bench.results"][influence.KIND][1]
    assert found.unit is not None
    assert (found.unit.indices["total_low"] <= found.unit.indices["total_high"]).all()
    assert units.communes().loc[code, "name"] in html(app)


def test_the_page_says_which_dimension_decides_and_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = page(view="coherence")
    assert charts(app) == 6
    assert not app.warning and app.success, "as it ships, the dimensions decide about what they were given"
    monkeypatch.setattr("dashboard.pages.analyst.coherence.PLAIN", 0.05)
    app = page(view="coherence")
    shares = cached.assessed(Settings(), False).effective_weights["influence"]
    told = app.warning[0].value
    assert f"{VI.number(100 * shares['threat'])}%" in told and f"{VI.number(100 * shares['access'])}%" in told
    app.button(key="bench.balance").click()
    run(app)
    assert not app.warning and app.success
    assert address(app)["balanced"] == "1" and now(app).weights == ()
    assert cached.assessed(now(app), False).framework.digest in html(app)
    after = cached.assessed(now(app), False).effective_weights.loc[["threat", "access"]]
    assert after["influence"].to_numpy() == pytest.approx([0.75, 0.25], abs=0.01)
    app.button(key="bench.do_undo").click()
    run(app)
    assert now(app) == Settings() and app.warning


def test_the_uploaded_bytes_are_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading goes through memory alone: a file that is opened for writing would be seen."""
    import builtins

    from geo.intake.incidents import read_incidents

    real = builtins.open

    def watched(file: object, mode: str = "r", *more: object, **options: object) -> object:
        assert not set(mode) & set("wax+"), file
        return real(file, mode, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(builtins, "open", watched)
    assert len(read_incidents("a.csv", incidents())) == 260
