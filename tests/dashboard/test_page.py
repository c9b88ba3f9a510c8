"""The page, without a browser: every widget by its key."""

import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import cached
from dashboard.locale import catalogue, texts
from dashboard.store import open_store
from geo import paths, units
from geo.errors import InputError
from geo.outreach import read_log

SECONDS = 120


def page(**query: str) -> AppTest:
    """Run the page as somebody who opens an address."""
    app = AppTest.from_file(str(paths.ROOT / "app.py"), default_timeout=SECONDS)
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> str:
    """Return all HTML, captions and messages of the page as one text."""
    return "\n".join(str(element.proto) for element in app.main) + "\n".join(str(box.proto) for box in app.sidebar)


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def update(app: AppTest) -> dict:
    """Return what the page tells the map."""
    component = next(
        element for element in app.get("component_instance") if "riskmap.update" in element.proto.json_args
    )
    script = json.loads(component.proto.json_args)["feature_group"]
    begin = script.index("riskmap.update(map_div, ") + len("riskmap.update(map_div, ")
    return json.JSONDecoder().raw_decode(script[begin:])[0]


def asked(app: AppTest, name: str) -> str:
    """Return a parameter of the address of the page."""
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def widget(app: AppTest, kind: str, key: str):  # type: ignore[no-untyped-def]
    return getattr(app, kind)(key=key)


def table(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value


def test_it_opens_on_quang_ninh_in_vietnamese() -> None:
    app = page()
    told = update(app)
    assert len(told["classes"]) == len(units.communes_of("22"))
    assert told["title"] == "Nguy cơ cần hỗ trợ"
    assert "Quảng Ninh" in html(app)
    assert "Nơi nên đến trước" in html(app)
    assert "không phải ranh giới pháp lý" in html(app)
    assert "Không phải thống kê vụ việc" in html(app)


def test_the_first_answer_are_the_highest_priorities() -> None:
    app = page()
    expected = cached.briefed(()).to_visit("22", 10)["name"].tolist()
    assert table(app)["commune"].tolist() == expected
    widget(app, "selectbox", "count").set_value(5)
    assert table(run(app))["commune"].tolist() == expected[:5]


@pytest.mark.parametrize("province", ["51", "19", "80", "VN"])
def test_a_quick_link_shows_its_province(province: str) -> None:
    app = page()
    widget(app, "button", f"quick.{province}").click()
    run(app)
    assert len(update(app)["classes"]) == len(units.communes_of(None if province == "VN" else province))
    assert asked(app, "province") == province


def test_a_weight_changes_scores_colours_and_the_address() -> None:
    app = page(layer="exposure")
    before, scores = update(app), table(app)
    widget(app, "slider", "weight.border").set_value(0.0)
    run(app)
    assert update(app)["classes"] != before["classes"]
    assert update(app)["version"] != before["version"]
    assert not table(app).equals(scores)
    assert asked(app, "weights") == "border:0"
    assert texts("vi")("badge.weights") in html(app)


def test_a_run_never_takes_back_what_a_slider_was_set_to_meanwhile() -> None:
    app = page()
    widget(app, "slider", "weight.exposure").set_value(3.0)
    run(app)
    sent = [slider for slider in app.slider if slider.proto.set_value]
    assert sent == []


def test_an_address_of_a_moment_ago_does_not_take_a_slider_back() -> None:
    app = page()
    widget(app, "slider", "weight.exposure").set_value(2.0)
    run(app)
    before = asked(app, "weights")
    widget(app, "slider", "weight.exposure").set_value(3.0)
    run(app)
    widget(app, "slider", "weight.exposure").set_value(4.0)
    app.query_params["weights"] = before
    run(app)
    assert widget(app, "slider", "weight.exposure").value == 4.0
    assert asked(app, "weights") == "exposure:4"


def test_an_address_somebody_typed_is_followed() -> None:
    app = page()
    app.query_params["province"] = "80"
    run(app)
    assert len(update(app)["classes"]) == len(units.communes_of("80"))


def test_undo_and_reset_bring_weights_back() -> None:
    app = page()
    before = update(app)["classes"]
    assert widget(app, "button", "undo_weights").disabled
    widget(app, "slider", "weight.exposure").set_value(4.0)
    run(app)
    widget(app, "slider", "weight.vulnerability").set_value(0.0)
    run(app)
    widget(app, "button", "undo_weights").click()
    run(app)
    assert widget(app, "slider", "weight.vulnerability").value == 1.0
    assert widget(app, "slider", "weight.exposure").value == 4.0
    widget(app, "button", "reset_weights").click()
    run(app)
    assert widget(app, "slider", "weight.exposure").value == 1.0
    assert update(app)["classes"] == before
    assert "weights" not in app.query_params
    widget(app, "button", "undo_weights").click()
    run(app)
    assert widget(app, "slider", "weight.exposure").value == 4.0


def test_all_weights_zero_is_said_and_can_be_undone() -> None:
    app = page(weights="exposure:0,vulnerability:0,lack_of_response:0")
    assert app.error
    assert "component_instance" not in {element.type for element in app.main}
    widget(app, "button", "reset_weights").click()
    run(app)
    assert not app.error
    assert update(app)["classes"]


def test_the_language_is_one_click_away() -> None:
    app = page()
    widget(app, "segmented_control", "language").set_value("en")
    run(app)
    assert "Go here first" in html(app)
    assert update(app)["title"] == catalogue("en")["layer.risk"]
    assert asked(app, "lang") == "en"
    assert "Nơi nên đến trước" not in html(app)


def test_an_address_opens_the_view_it_names() -> None:
    app = page(
        province="51", layer="priority", overlays="zones,flows,outreach,crossings", commune="21211", lang="en",
        weights="exposure:2", scheme="equal_interval", classes="4",
    )  # fmt: skip
    told = update(app)
    assert set(told["overlays"]) == {"zones", "flows", "outreach", "crossings"}
    assert [section["key"] for section in told["legend"]] == ["choropleth", "crossings", "zones", "flows", "outreach"]
    assert len(told["palette"]) <= 5
    assert widget(app, "slider", "weight.exposure").value == 2.0
    assert told["selected"] == "21211"


def test_an_address_full_of_nonsense_is_survived_and_named() -> None:
    app = page(province="'; DROP", layer="ethnic_minority", weights="<img onerror>:1", commune="99999", classes="-1")
    assert app.warning
    assert widget(app, "selectbox", "province").value == "22"
    assert update(app)["selected"] is None


def test_a_commune_of_another_province_is_let_go() -> None:
    app = page(province="51", commune="06712")
    assert update(app)["selected"] is None
    assert "commune" not in app.query_params


def test_the_panel_says_why_and_how_good_each_figure_is() -> None:
    app = page(commune="06712")
    assert update(app)["selected"] == "06712"
    body = html(app)
    for words in ("Phường Móng Cái 1", "Hạng trong tỉnh", "Vì sao", "Cửa khẩu gần nhất", "minh hoạ", "tỉnh cũ"):
        assert words in body
    widget(app, "button", "close_commune").click()
    run(app)
    assert update(app)["selected"] is None


def test_the_bars_add_up_to_the_difference_from_the_median_commune() -> None:
    split = cached.contributions(()).loc["06712"]
    score = cached.briefed(()).communes["score"]
    of_22 = score[units.communes()["province_code"] == "22"].sort_values()
    assert split.sum() == pytest.approx(score["06712"] - of_22.iloc[(len(of_22) - 1) // 2])


def test_search_needs_no_diacritics_and_goes_there() -> None:
    app = page()
    widget(app, "text_input", "search").set_value("mong cai 1")
    run(app)
    found = [button for button in app.button if str(button.key).startswith("found.06712")]
    assert found
    found[0].click()
    run(app)
    assert update(app)["selected"] == "06712"
    widget(app, "text_input", "search").set_value("son my tay")
    run(app)


def test_search_that_finds_nothing_says_so() -> None:
    app = page()
    widget(app, "text_input", "search").set_value("zzzzqq <b>")
    run(app)
    assert any("zzzzqq" in caption.value for caption in app.caption)


def test_no_ethnic_share_anywhere_in_public() -> None:
    app = page(commune="06712", lang="en")
    secret = cached.framework().node("ethnic_minority")
    assert secret.weight == 0
    everything = shown(app) + html(app)
    for words in ("ethnic_minority", "Ethnic-minority share", "dân tộc thiểu số"):
        assert words not in everything
    assert "ethnic_minority" not in cached.choices().layers
    assert "ethnic_minority" not in cached.usual_weights()


def test_no_victim_figures_anywhere() -> None:
    layers = cached.choices().layers
    assert not [layer for layer in layers if "victim" in layer or "case" in layer]


@pytest.mark.parametrize("layer", ["priority", "vulnerability", "poverty", "zone_gravity", "outreach_reach"])
def test_every_kind_of_layer_is_drawn(layer: str) -> None:
    told = update(page(layer=layer, province="80"))
    assert len(told["values"]) == len(units.communes_of("80"))
    assert told["legend"][0]["rows"]


@pytest.mark.parametrize("scheme", ["natural_breaks", "equal_interval", "std_mean", "pretty"])
def test_every_scheme_is_drawn(scheme: str) -> None:
    assert update(page(scheme=scheme))["classes"]


def test_an_update_is_small() -> None:
    app = page(province="VN", layer="risk")
    component = next(
        element for element in app.get("component_instance") if "riskmap.update" in element.proto.json_args
    )
    assert len(component.proto.json_args) < 50_000


def test_damaged_data_are_a_message_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise InputError("general.file_damaged", path="x.csv", reason="<b>")

    app = page()
    monkeypatch.setattr(cached, "briefed", broken)
    app.run()
    assert not app.exception
    assert "git checkout x" in app.error[0].value


def test_an_imported_log_is_used_at_the_next_click_without_a_restart(tmp_path: Path) -> None:
    app = page()
    badge = catalogue("vi")["badge.synthetic"]
    assert badge in shown(app)
    log = tmp_path / "log.csv"
    log.write_text("Ngày,Xã,Loại,Số người\n30/07/2025,06712,Tuyên truyền trực tiếp,500\n", encoding="utf-8")
    open_store().add_activities(read_log(log).rows, kind="file", name="log.csv")
    assert badge not in shown(run(app))
    logged = cached.sources().logged
    assert logged.index[logged].tolist() == ["06712"], "the log speaks of the commune it names"
