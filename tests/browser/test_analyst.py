"""The way of an analyst through the page, in a real browser."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.index.framework import read_framework
from tests.browser.conftest import Page

SECONDS = 90


def maps(page: Page) -> list[Any]:
    """Return the frames of both maps, once they are painted."""
    for _ in range(SECONDS * 5):
        frames = [frame for frame in page.page.frames if "streamlit_folium" in frame.url and not frame.is_detached()]
        if len(frames) == 2 and all(frame.evaluate("document.body.dataset.painted || ''") for frame in frames):
            return frames
        page.page.wait_for_timeout(200)
    raise AssertionError(f"two maps were not painted: {page.problems}")


def choose(page: Page, key: str, name: str) -> None:
    """Choose an option of a select box."""
    page.page.locator(f"[class*=st-key-{key}] input").first.click()
    page.page.get_by_role("option", name=name, exact=True).click()


def centre(frame: Any) -> tuple[float, float, float]:
    seen = frame.evaluate(
        "(() => {const m = riskmap.state.map, c = m.getCenter(); return [c.lat, c.lng, m.getZoom()];})()"
    )
    return tuple(round(value, 4) for value in seen)  # type: ignore[return-value]


def test_an_analyst_compares_doubts_and_takes_the_framework_away(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit().open(province="51")
    page.page.get_by_role("link", name="Phân tích").click()
    maps(page)
    assert page.page.locator("h1").inner_text().startswith("Khung chỉ báo chung")
    assert "Quảng Ngãi" in page.page.locator("h1").inner_text()
    choose(page, "bench-preset", "Tuyến sang Lào và qua Lào")
    page.page.get_by_text("B: Tuyến sang Lào và qua Lào").wait_for()
    first, second = maps(page)
    page.page.wait_for_timeout(1500)
    first.evaluate("void riskmap.state.map.setView([15.1, 108.2], 9.5, {animate: false})")
    assert centre(first) == centre(second)
    second.evaluate("void riskmap.state.map.panBy([60, 40], {animate: false})")
    assert centre(first) == centre(second)
    classes = [frame.evaluate("document.body.dataset.classes") for frame in (first, second)]
    assert classes[0] != classes[1]
    page.picture("10-analyst-compare")

    before = page.page.locator(".st-key-bench_node_0_border_people .rk-node b").inner_text()
    handle = page.page.locator(".st-key-bench_node_0_laos input[type=range]").first
    handle.focus()
    handle.press("ArrowRight")
    page.page.wait_for_function(
        "was => document.querySelector('.st-key-bench_node_0_border_people .rk-node b').innerText !== was", arg=before
    )
    page.page.get_by_role("button", name="Hoàn tác").click()
    page.page.wait_for_function(
        "was => document.querySelector('.st-key-bench_node_0_border_people .rk-node b').innerText === was", arg=before
    )

    with page.page.expect_download() as waiting:
        page.page.get_by_role("button", name="Tải khung").click()
    target = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(target)
    assert read_framework(target).digest in target.name
    assert read_framework(target).digest in page.page.locator(".rk-badges").inner_text()

    page.page.get_by_role("radio", name="Độ chắc chắn của thứ hạng").click()
    page.page.get_by_role("button", name="Chạy").click()
    page.page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for(
        timeout=SECONDS * 1000
    )
    page.picture("11-analyst-doubt")
    with page.page.expect_download() as waiting:
        page.page.get_by_role("button", name="Tải bảng khoảng hạng").click()
    target = tmp_path / "intervals.csv"
    waiting.value.save_as(target)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert rows and {row["draws"] for row in rows} == {"1000"}
    assert all(float(row["low"]) <= float(row["median"]) <= float(row["high"]) for row in rows)

    for number, name in ((12, "Yếu tố chi phối"), (13, "Tính gắn kết"), (14, "Chất lượng chỉ báo")):
        page.page.get_by_role("radio", name=name).click()
        page.page.wait_for_timeout(2500)
        page.picture(f"{number}-analyst")
    page.page.get_by_role("link", name="Bản đồ").click()
    page.painted()
    assert "province=51" in page.page.url
    assert not page.problems
    assert not page.foreign()
