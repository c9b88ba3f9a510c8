"""The page, without a browser: every widget by its key."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from dashboard.locale import catalogue, texts
from dashboard.maps import escape, palette
from dashboard.pages.risk_map import lists, scene, session
from dashboard.scenario.area import Area, pathway_name
from dashboard.store import open_store
from geo import layers, units
from geo.base import paths
from geo.base.errors import InputError
from geo.intake.outreach import read_log
from geo.layers import population
from models.outreach.priority import By

SECONDS = 120


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for rank intervals, nor for the thread that draws them; those that need some make them up."""
    monkeypatch.setattr(cached, "doubted", lambda weights: None)


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
    assert told["title"] == "Mức nguy cơ"
    assert "Quảng Ninh" in html(app)
    assert "Nơi cần đến trước" in html(app)
    assert "không có giá trị pháp lý" in html(app)
    assert "Không phải thống kê vụ việc" in html(app)


def test_the_first_list_is_the_highest_class_of_the_province_most_people_first() -> None:
    app = page()
    expected = cached.briefed(()).to_visit("22", 10)
    assert table(app)["commune"].tolist() == expected["name"].tolist()
    assert table(app)["people"].is_monotonic_decreasing
    assert table(app)["sessions"].tolist() == expected["sessions_needed"].tolist()
    widget(app, "selectbox", "count").set_value(5)
    assert table(run(app))["commune"].tolist() == expected["name"].tolist()[:5]


@pytest.mark.parametrize(("province", "column"), [("22", "class_province"), ("VN", "class")])
def test_the_first_list_never_reaches_below_the_highest_class(province: str, column: str) -> None:
    app = page(province=province)
    widget(app, "selectbox", "count").set_value(50)
    run(app)
    communes = cached.briefed(()).of(None if province == "VN" else province)
    highest = communes[communes[column] == 5]
    assert len(table(app)) == min(50, len(highest))
    assert set(table(app)["commune"]) <= set(highest["name"])


def test_the_second_list_shares_out_by_people_at_risk() -> None:
    app = page()
    widget(app, "segmented_control", "tab").set_value("burden")
    run(app)
    expected = cached.briefed(()).to_visit("22", 10, By.BURDEN)
    assert table(app)["commune"].tolist() == expected["name"].tolist()
    burden = cached.briefed(()).of("22")["burden"]
    assert table(app)["share"].tolist() == (100 * expected["burden"] / burden.sum()).round(1).tolist()
    assert texts("vi")("area.how_burden", area="tỉnh") in html(app)


def test_what_nobody_told_us_about_outreach_is_no_verdict() -> None:
    body = html(page())
    assert "Chưa có thông tin tuyên truyền của 54 xã" in body
    assert "chưa được truyền thông" not in body


def test_map_legend_list_and_panel_name_the_same_scale() -> None:
    told = update(page())
    assert told["legend"][0]["title"] == "Mức nguy cơ trong tỉnh"
    classes = cached.briefed(()).of("22")["class_province"].loc[cached.geometry("22")["codes"]]
    assert [int(digit) + 1 for digit in told["classes"]] == classes.tolist()
    assert told["labels"][4] == "Rất cao trong tỉnh"
    nation = update(page(province="VN"))
    assert nation["legend"][0]["title"] == "Mức nguy cơ so với cả nước"
    assert nation["labels"][0] == "Rất thấp so với cả nước"
    assert update(page(province="01"))["legend"][0]["title"] == "Mức nguy cơ trong thành phố"


@pytest.mark.parametrize("query", [{"scheme": "equal_interval"}, {"classes": "4"}])
def test_a_division_of_the_analyst_has_no_names_of_classes(query: dict[str, str]) -> None:
    told = update(page(**query))
    assert told["legend"][0]["title"] == texts("vi")("layer.risk")
    assert not any("cao" in row["label"] for row in told["legend"][0]["rows"])


def test_both_scales_stand_beside_each_other_in_the_panel() -> None:
    body = html(page(commune="06712"))
    row = cached.briefed(()).communes.loc["06712"]
    for area in (Area("22", texts("vi")), Area(None, texts("vi"))):
        level = area.level(row["class" if area.national else "class_province"])
        assert level[:1].upper() + level[1:] in body


def test_pathways_have_a_layer_a_column_and_messages() -> None:
    leading = cached.briefed(()).of("22")["leading"]
    told = update(page(layer="leading"))
    names = {pathway_name(code, texts("vi")) for code in leading.unique()}
    assert {row["label"] for row in told["legend"][0]["rows"]} == names
    code = leading[leading == "china"].index[0]
    app = page(commune=code)
    assert "Sang Trung Quốc" in html(app)
    for message in session.messages_for("china")["message_vi"]:
        assert escape.html(message) in html(app)
    assert "18001769" in html(app) and "138" in html(app)
    chips = table(page())["pathway"]
    assert {name for chip in chips for name in chip} <= {
        pathway_name(code, texts("vi"), short=True) for code in leading
    }


def test_where_no_pathway_leads_the_messages_are_for_everybody() -> None:
    leading = cached.briefed(()).communes["leading"]
    code = str(leading[leading == "none"].index[0])
    body = html(page(province=str(units.communes().loc[code, "province_code"]), commune=code))
    for message in session.messages_for("none")["message_vi"]:
        assert escape.html(message) in body


def test_without_pathways_nothing_is_said_about_them(monkeypatch: pytest.MonkeyPatch) -> None:
    known = cached.briefed(())
    unknown = replace(
        known, communes=known.communes.assign(leading=pd.Series(None, known.communes.index, dtype=object))
    )
    monkeypatch.setattr(cached, "briefed", lambda weights: unknown)
    monkeypatch.setattr(cached, "pathways_told_apart", lambda: False)
    app = page(commune="06712")
    assert texts("vi")("pathway.title") not in html(app)
    assert "pathway" not in table(page())
    assert escape.html(session.messages_for(None)["message_vi"].iloc[0]) in html(app)


def test_what_sets_a_commune_apart_is_said_in_words() -> None:
    first = cached.briefed(()).to_visit("22", 1).index[0]
    body = html(page(commune=first))
    assert "đứng thứ 1 trong danh sách" in body and "chủ yếu do" in body
    last = cached.briefed(()).of("22")["score"].idxmin()
    assert "Không nằm trong danh sách nơi cần đến trước" in html(page(commune=last))


@pytest.fixture
def doubts(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Made-up draws: the rank is three off at most, the highest class holds for half of its communes."""
    communes = cached.briefed(()).communes
    rank, size = communes["rank_province"].astype(float), communes.groupby("province_code")["score"].transform("size")
    inside = communes["class_province"].eq(5).fillna(False).astype(bool)
    chance = pd.Series(0.0, communes.index).mask(inside, 0.6).mask(inside & rank.le(3), 0.95)
    found = pd.DataFrame(
        {
            "rank_low": communes["rank_national"], "rank_high": communes["rank_national"],
            "rank_province_low": (rank - 2).clip(lower=1), "rank_province_high": (rank + 3).clip(upper=size),
            "top_probability": chance, "highest_probability": chance,
            "class_held": 0.5, "class_province_held": chance.where(inside, 0.9), "grade": "B",
            "share_commune": 0.25, "share_old_district": 0.5, "share_province": 0.25, "share_region": 0.0,
            "share_imputed": 0.1,
        }
    )  # fmt: skip
    monkeypatch.setattr(cached, "doubted", lambda weights: found)
    return found


def test_intervals_and_marks_stand_in_the_list(doubts: pd.DataFrame) -> None:
    first = cached.briefed(()).to_visit("22", 10)
    ranks = table(page())["rank"].tolist()
    marked = [rank.endswith("✓") for rank in ranks]
    assert marked == [value >= 0.8 for value in doubts.loc[first.index, "class_province_held"]]
    top = first.index.get_loc(first["rank_province"].idxmin())
    assert ranks[top] == "1–4 ✓"


def test_doubt_is_hatched_and_explained(doubts: pd.DataFrame) -> None:
    told = update(page())
    codes = cached.geometry("22")["codes"]
    assert told["hatched"] == "".join(
        "1" if value == 0.6 else "0" for value in doubts.loc[codes, "highest_probability"]
    )
    row = told["legend"][0]["rows"][-1]
    assert row["symbol"]["hatched"] and row["count"] == str(told["hatched"].count("1"))
    assert "hatched" not in update(page(overlays="crossings"))
    assert "hatched" not in update(page(province="VN"))


def test_the_chance_of_the_highest_class_is_a_layer(doubts: pd.DataFrame) -> None:
    told = update(page(layer="highest"))
    counts = {row["label"].split(":")[0]: int(row["count"]) for row in told["legend"][0]["rows"]}
    chance = doubts.loc[cached.geometry("22")["codes"], "highest_probability"]
    assert counts["Gần như chắc"] == int((chance >= 0.8).sum())
    assert counts["Nhiều khả năng"] == int(chance.between(0.5, 0.8, inclusive="left").sum())


def test_the_panel_says_how_sure_it_is(doubts: pd.DataFrame) -> None:
    first = cached.briefed(()).of("22")["rank_province"].idxmin()
    body = html(page(commune=first))
    for words in (
        "khoảng 1–4, trên 54",
        "95%",
        texts("vi")("reliability.grade_B"),
        "của huyện cũ 50%",
        "giả định 10%",
    ):
        assert words in body, words


def test_while_ranks_are_drawn_the_page_says_so() -> None:
    app = page()
    assert any(caption.value == texts("vi")("chance.waiting") for caption in app.caption)
    assert "hatched" not in update(app)
    assert texts("vi")("reliability.title") not in html(page(commune="06712"))


def test_what_is_left_after_outreach_stands_beside_the_score_once_it_is_known(tmp_path: Path) -> None:
    assert "sau tuyên truyền" not in html(page(commune="06712"))
    log = tmp_path / "log.csv"
    log.write_text("Ngày,Xã,Loại,Số người\n30/07/2025,06712,Tuyên truyền trực tiếp,9000\n", encoding="utf-8")
    open_store().add_activities(read_log(log).rows, kind="file", name="log.csv")
    app = page(commune="06712")
    row = cached.briefed(()).communes.loc["06712"]
    assert row["remaining"] < row["score"]
    assert texts("vi")("commune.remaining", score=texts("vi").number(row["remaining"], 1)) in html(app)
    assert "Có thông tin tuyên truyền của" in html(app)


def test_links_to_the_former_layer_are_followed() -> None:
    app = page(layer="priority")
    assert not app.warning
    assert asked(app, "layer") == "burden"


@pytest.mark.parametrize("province", ["51", "19", "80", "VN"])
def test_a_quick_link_shows_its_province(province: str) -> None:
    app = page()
    widget(app, "button", f"quick.{province}").click()
    run(app)
    assert len(update(app)["classes"]) == len(units.communes_of(None if province == "VN" else province))
    assert asked(app, "province") == province


def test_a_weight_changes_scores_colours_and_the_address() -> None:
    app = page()
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
    widget(app, "slider", "weight.border").set_value(3.0)
    run(app)
    sent = [slider for slider in app.slider if slider.proto.set_value]
    assert sent == []


def test_an_address_of_a_moment_ago_does_not_take_a_slider_back() -> None:
    app = page()
    widget(app, "slider", "weight.border").set_value(1.0)
    run(app)
    before = asked(app, "weights")
    widget(app, "slider", "weight.border").set_value(3.0)
    run(app)
    widget(app, "slider", "weight.border").set_value(4.0)
    app.query_params["weights"] = before
    run(app)
    assert widget(app, "slider", "weight.border").value == 4.0
    assert asked(app, "weights") == "border:4"


def test_an_address_somebody_typed_is_followed() -> None:
    app = page()
    app.query_params["province"] = "80"
    run(app)
    assert len(update(app)["classes"]) == len(units.communes_of("80"))


def test_undo_and_reset_bring_weights_back() -> None:
    app = page()
    before = update(app)["classes"]
    assert widget(app, "button", "undo_weights").disabled
    widget(app, "slider", "weight.border").set_value(4.0)
    run(app)
    widget(app, "slider", "weight.leaving").set_value(0.0)
    run(app)
    widget(app, "button", "undo_weights").click()
    run(app)
    assert widget(app, "slider", "weight.leaving").value == 2.0
    assert widget(app, "slider", "weight.border").value == 4.0
    widget(app, "button", "reset_weights").click()
    run(app)
    assert widget(app, "slider", "weight.border").value == 2.0
    assert update(app)["classes"] == before
    assert "weights" not in app.query_params
    widget(app, "button", "undo_weights").click()
    run(app)
    assert widget(app, "slider", "weight.border").value == 4.0


def test_all_weights_zero_is_said_and_can_be_undone() -> None:
    app = page(weights="border:0,leaving:0,arriving:0,access:0")
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
    assert "Nơi cần đến trước" not in html(app)


def test_an_address_opens_the_view_it_names() -> None:
    app = page(
        province="51", layer="priority", overlays="zones,flows,outreach,crossings", commune="21211", lang="en",
        weights="border:3", scheme="equal_interval", classes="4",
    )  # fmt: skip
    told = update(app)
    assert set(told["overlays"]) == {"zones", "flows", "outreach", "crossings"}
    assert [section["key"] for section in told["legend"]] == ["choropleth", "crossings", "zones", "flows", "outreach"]
    assert len(told["palette"]) <= 5
    assert widget(app, "slider", "weight.border").value == 3.0
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
    for words in ("Phường Móng Cái 1", "Hạng trong tỉnh", "Vì sao", "Cửa khẩu gần nhất", "minh họa", "tỉnh cũ"):
        assert words in body
    widget(app, "button", "close_commune").click()
    run(app)
    assert update(app)["selected"] is None


def test_the_panel_shows_both_figures_of_people_and_which_total_it_uses(own_home: Path) -> None:
    body = html(page(commune="06712"))
    row = population.population().loc["06712"]
    vi = texts("vi")
    for words in (
        f"{vi.number(row['population'])} người",
        f"{vi.number(row['registered'])} người thường trú và tạm trú",
    ):
        assert words in body
    assert "cả nước 101,3 triệu" in body and "113,1 triệu" in body
    left_out = html(page(province="96", commune="31825"))
    assert "Số trong hồ sơ không dùng được" in left_out
    table = own_home / "people.csv"
    table.write_text("commune_code,population\n06712,31000\n", encoding="utf-8")
    population.import_population(table, source="Niên giám Móng Cái")
    own = html(page(commune="06712"))
    assert "31.000 người" in own and "Niên giám Móng Cái" in own and "cả nước 101,3 triệu" not in own


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


@pytest.mark.parametrize(
    "layer", ["burden", "leading", "highest", "teams", "threat", "access", "zone_gravity", "income"]
)
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
    assert "Lấy lại tệp gốc" in app.error[0].value
    assert "git checkout" not in app.error[0].value


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


def test_the_ranking_can_be_narrowed_down_to_mountain_and_island_communes() -> None:
    app = page(province="22", tab="ranking")
    app.segmented_control(key="tab").set_value("ranking")
    run(app)
    every = len(app.dataframe[0].value)
    kind = app.selectbox(key="ranking.kind.22")
    assert every == 54 and kind.value == ""
    kind.set_value("island")
    run(app)
    islands = layers.commune_facts()["island"].loc[units.communes_of("22").index].sum()
    assert 0 < len(app.dataframe[0].value) == islands < every
    assert texts("vi")("lists.kind_mountainous") in app.selectbox(key="ranking.kind.22").options


@pytest.mark.parametrize(("language", "words"), [("vi", "không áp dụng"), ("en", "not applicable")])
def test_a_way_beyond_a_border_is_not_applicable_not_zero(language: str, words: str) -> None:
    app = page(province="22", commune="06712", lang=language)
    table = cached.briefed(()).table
    beyond = int((~table.applies.loc["06712"]).sum())
    assert beyond == 4, "to Laos and to Cambodia"
    assert html(app).count(f"{words}:") == beyond


@pytest.mark.parametrize("layer", ["china_line", "china", "china_crossing", "border_exposure"])
def test_far_from_a_border_its_layers_do_not_apply(layer: str) -> None:
    app = page(province="79", layer=layer, tab="ranking")
    shown, communes = update(app), len(units.communes_of("79"))
    applies = scene.applicable(layer, cached.briefed(())).loc[cached.geometry("79")["codes"]]
    beyond = int((~applies).sum())
    assert beyond == communes if layer.startswith("china") else 0 < beyond < communes
    last = str(len(shown["palette"]) - 1)
    assert [digit != last for digit in shown["classes"]] == applies.tolist()
    assert [value is None for value in shown["values"]] == (~applies).tolist()
    row = shown["legend"][0]["rows"][-1]
    assert row["label"] == shown["beyond"] and row["label"].startswith("Không áp dụng: cách")
    assert (row["count"], row["symbol"]["fill"]) == (str(beyond), palette.NOT_APPLICABLE)
    app.segmented_control(key="tab").set_value("ranking")
    run(app)
    assert any(f"Không xếp {beyond} xã (không áp dụng" in caption.value for caption in app.caption)
    assert sum(len(table.value) for table in app.dataframe) == min(communes - beyond, lists.LONGEST)


def test_only_communes_near_a_border_are_in_its_classes() -> None:
    assert "beyond" not in update(page(province="40", layer="laos_line")), "all of Nghệ An is near"
    shown, codes = update(page(province="38", layer="laos_line", lang="en")), cached.geometry("38")["codes"]
    table = cached.briefed(()).table
    applies = table.applies.loc[codes, "laos_line"]
    assert 0 < applies.sum() < len(codes)
    assert [value is None for value in shown["values"]] == (~applies).tolist()
    assert min(value for value in shown["values"] if value is not None) > 0
    rows = shown["legend"][0]["rows"]
    assert rows[-1]["label"] == "Not applicable: more than 100 km from this border"
    assert sum(int(row["count"]) for row in rows[:-1]) == applies.sum()


@pytest.mark.parametrize("layer", ["risk", "burden", "border", "threat", "zone_gravity", "leading"])
def test_what_says_something_of_every_commune_is_drawn_as_before(layer: str) -> None:
    assert scene.applicable(layer, cached.briefed(())).all()
    assert "beyond" not in update(page(province="79", layer=layer))
