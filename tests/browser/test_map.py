"""The way of a planner through the map, in a real browser."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.locale import texts
from geo import units
from tests.browser.conftest import Page


def slide(page: Page, node: str, presses: int) -> None:
    """Move the slider of a weight by the keyboard, half a point a press."""
    handle = page.page.locator(f".st-key-weight-{node} input[type=range]")
    handle.focus()
    for _ in range(abs(presses)):
        handle.press("ArrowRight" if presses > 0 else "ArrowLeft")


def names_listed(page: Page) -> str:
    """Return the text of the table beside the map."""
    return page.page.locator("[data-testid=stDataFrame] canvas[data-testid=data-grid-canvas]").first.text_content()


def click_commune(page: Page, code: str) -> None:
    """Click the middle of a commune on the map."""
    place = page.map.evaluate(
        """code => {
            const state = riskmap.state, index = state.codes.indexOf(code);
            const point = state.map.latLngToContainerPoint(state.layers[index].getCenter());
            return [point.x, point.y];
        }""",
        code,
    )
    box = page.page.locator("iframe[title*=st_folium]").bounding_box()
    page.page.mouse.click(box["x"] + place[0], box["y"] + place[1])


def test_a_planner_finds_out_where_to_go(visit: Callable[..., Page]) -> None:
    page = visit().open()
    body = page.page.locator("body")
    assert page.page.title() == "Bản đồ nguy cơ mua bán người cấp xã"
    assert "Nơi cần đến trước" in body.inner_text()
    first = page.told()
    assert int(first["shown"]) == len(units.communes_of("22"))
    page.picture("1-quang-ninh")

    page.page.get_by_role("button", name="Quảng Ngãi", exact=True).click()
    second = page.painted(unlike=first["version"])
    assert int(second["shown"]) == len(units.communes_of("51"))
    page.page.wait_for_url("**province=51**")
    page.picture("2-quang-ngai")

    before = names_listed(page)
    slide(page, "border", 6)
    page.page.wait_for_url("**border%3A5**")
    third = page.settled()
    assert third["classes"] != second["classes"]
    assert names_listed(page) != before
    page.picture("3-weight-moved")
    other = visit()
    other.page.goto(page.page.url)
    assert other.painted()["classes"] == third["classes"]

    click_commune(page, "21211")
    page.page.get_by_text("Vì sao", exact=True).wait_for()
    assert units.communes().loc["21211", "name"] in body.inner_text()
    page.page.wait_for_url("**commune=21211**")
    page.picture("4-commune")

    page.page.get_by_role("radio", name="EN").click()
    page.page.get_by_text("Go here first:").wait_for()
    page.page.wait_for_function(
        "wanted => document.querySelector('.st-key-layer input').value === wanted", arg=texts("en")("layer.risk")
    )
    assert texts("vi")("layer.risk") not in body.inner_text()
    page.page.get_by_text("Nearest crossing").wait_for()
    page.picture("5-english")
    assert not page.problems
    assert not page.foreign()


def test_a_row_of_the_list_is_a_commune_on_the_map(visit: Callable[..., Page]) -> None:
    page = visit().open()
    first = page.told()
    box = page.page.locator("[data-testid=stDataFrame]").first.bounding_box()
    page.page.mouse.click(box["x"] + 90, box["y"] + 50)
    page.page.wait_for_url("**commune=**")
    page.painted(unlike=first["version"])
    chosen = page.map.evaluate("riskmap.state.file.names[riskmap.state.codes.indexOf(riskmap.state.selected)]")
    answer = page.page.locator(".rk-answer").inner_text()
    assert answer.split(": ")[1].startswith(chosen)
    page.page.get_by_text("Vì sao", exact=True).wait_for()
    page.page.get_by_role("button", name="Về danh sách").click()
    page.page.get_by_role("button", name="Bản in").wait_for()


def test_every_way_to_look_at_a_province(visit: Callable[..., Page]) -> None:
    page = visit().open(layer="leading")
    assert page.map.locator(".rm-section summary").first.inner_text() in ("Tuyến cần lưu ý", "Cửa khẩu, lối mở")
    labels = page.map.locator(".rm-legend-choropleth .rm-name").all_inner_texts()
    assert "Sang Trung Quốc" in labels
    page.picture("6-pathways")
    page.page.get_by_role("radio", name="Vật tư, kinh phí").click()
    page.page.get_by_text("chia vật tư, kinh phí").first.wait_for()
    assert page.page.evaluate("document.querySelector('.st-key-panel_frame').scrollWidth") <= 520
    assert not page.problems


def test_what_is_beyond_a_border_is_named_in_the_tooltip(visit: Callable[..., Page]) -> None:
    page = visit().open(province="79", layer="cambodia_line")
    told = page.settled()
    last = max(told["classes"])
    over = """(index) => {
        const layer = riskmap.state.layers[index];
        layer.fire("mousemove", { latlng: layer.getCenter() });
    }"""
    for index, words in ((told["classes"].index(last), "Không áp dụng"), (told["classes"].index("4"), "0,")):
        page.map.evaluate(over, index)
        tip = page.map.locator(".rm-tip-line b")
        tip.wait_for()
        assert words in tip.inner_text()
    page.picture("19-not-applicable")
    assert not page.problems


def test_hatching_is_drawn_and_taken_away(visit: Callable[..., Page]) -> None:
    """What takes minutes to draw is made up here: the page's own update, with every second commune hatched."""
    page = visit().open()
    colours = """async (hatched) => {
        const update = { ...riskmap.state.update, hatched };
        await riskmap.update(riskmap.state.map, update);
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const canvas = document.querySelector(".leaflet-communes-pane canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let at = 0; at < pixels.length; at += 4) {
            seen.add(pixels[at] * 65536 + pixels[at + 1] * 256 + pixels[at + 2]);
        }
        return [Number(document.body.dataset.hatched), seen.size];
    }"""
    number = int(page.told()["shown"])
    none, plain = page.map.evaluate(colours, "0" * number)
    half, hatched = page.map.evaluate(colours, "10" * (number // 2))
    assert (none, half) == (0, number // 2)
    assert hatched > 1.1 * plain
    page.picture("9-hatched")
    none, again = page.map.evaluate(colours, "0" * number)
    assert none == 0 and again == pytest.approx(plain, rel=0.02)
    assert not page.problems


def test_the_nation_with_every_overlay(visit: Callable[..., Page]) -> None:
    page = visit(1920, 1080).open(province="VN", overlays="crossings,zones,flows,outreach", lang="en")
    told = page.told()
    assert int(told["shown"]) == 3321
    assert told["overlays"] == "crossings flows outreach zones"
    sections = page.map.locator(".rm-section summary").all_inner_texts()
    titles = ("area.levels_nation", "layer.crossings", "layer.zones", "layer.flows", "layer.outreach")
    assert sorted(sections) == sorted(texts("en")(title) for title in titles)
    assert page.map.locator(".rm-marker").count() > 400
    page.picture("7-nation-overlays")
    assert not page.problems


def test_downloads(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit().open()
    page.page.get_by_role("button", name="Tải về").click()
    files = {}
    for name in ("Bảng CSV", "GeoJSON", "GeoPackage"):
        with page.page.expect_download() as waiting:
            page.page.get_by_role("button", name=name).click()
        target = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(target)
        files[name] = target
        assert target.name.startswith("riskmap_22_20")
    assert files["Bảng CSV"].read_bytes().startswith(b"\xef\xbb\xbf"), "Excel would garble the names"
    rows = list(csv.DictReader(io.StringIO(files["Bảng CSV"].read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(units.communes_of("22"))
    assert rows[0]["settings_hash"] in files["Bảng CSV"].name
    assert "ethnic_minority" not in rows[0]
    features = json.loads(files["GeoJSON"].read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["commune_code"] for feature in features} == {row["commune_code"] for row in rows}
    assert files["GeoPackage"].read_bytes().startswith(b"SQLite format 3")
    assert not zipfile.is_zipfile(files["GeoPackage"])


def test_the_list_to_print(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit().open()
    with page.page.expect_download() as waiting:
        page.page.get_by_role("button", name="Bản in").click()
    target = tmp_path / "list.html"
    waiting.value.save_as(target)
    printed = visit(900, 1200)
    printed.page.goto(target.as_uri())
    assert "Danh sách xã cần đến trước" in printed.page.locator("h1").inner_text()
    assert printed.page.locator("tbody tr").count() == 10
    printed.picture("8-printed-list")
    assert [url for url in printed.requests if not url.startswith("file:")] == []


def test_it_works_with_the_network_cut(visit: Callable[..., Page]) -> None:
    page = visit()
    others: list[str] = []

    def only_this_machine(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        if request.url.startswith((page.address, "data:", "blob:")):
            route.continue_()  # type: ignore[attr-defined]
        else:
            others.append(request.url)
            route.abort()  # type: ignore[attr-defined]

    page.page.context.route("**/*", only_this_machine)
    page.open(overlays="crossings,zones,flows,outreach")
    page.page.get_by_role("button", name="Thái Nguyên", exact=True).click()
    page.painted(unlike=page.told()["version"])
    assert int(page.told()["shown"]) in (len(units.communes_of("19")), len(units.communes_of("22")))
    assert others == []
    assert page.foreign() == []
    assert page.map.evaluate("document.fonts.check('13px \"Be Vietnam Pro\"')")


HOSTILE = '<img src=x onerror="window.hit=1">`${window.hit=1}`'


def test_hostile_names_stay_text_on_the_map(visit: Callable[..., Page]) -> None:
    """Names come from files: here every file the map fetches is hostile."""
    page = visit()

    def poisoned(route: object) -> None:
        content = route.fetch().json()  # type: ignore[attr-defined]
        for key in ("names", "of"):
            if key in content:
                content[key] = [HOSTILE] * len(content[key])
        for listed in (*content.get("points", []), *content.get("places", [])):
            listed |= {"vi": HOSTILE, "en": HOSTILE, "words": [HOSTILE]}
        route.fulfill(json=content)  # type: ignore[attr-defined]

    page.page.context.route("**/static/geometry/**", poisoned)
    page.open()
    box = page.page.locator("iframe[title*=st_folium]").bounding_box()
    page.page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.45)
    page.map.locator(".rm-marker").first.hover(force=True)
    page.page.wait_for_timeout(300)
    assert page.map.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    assert page.map.evaluate("window.hit") is None
    assert not page.problems
