"""Patterns, incidents, links and a cancelled run, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from geo import units
from tests.browser.conftest import PATIENCE_MS, Page

IDLE = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"


def idle(page: Page) -> None:
    """Wait until the app has nothing left to do."""
    page.page.wait_for_timeout(300)
    page.page.wait_for_function(IDLE, timeout=PATIENCE_MS)


def analyst(page: Page, **query: str) -> Page:
    """Open the analyst's page by a link."""
    page.page.goto(f"{page.address}/analyst?{urlencode(query)}")
    page.page.locator(".rk-badges").first.wait_for(timeout=PATIENCE_MS)
    idle(page)
    return page


def choose(page: Page, name: str) -> None:
    """Choose one of several options that are seen at once."""
    page.page.get_by_role("radio", name=name, exact=True).click()
    idle(page)


def badge(page: Page) -> str:
    return page.page.locator(".rk-badges").first.inner_text()


def conclusion(page: Page, words: str) -> Any:
    return page.page.locator(".rk-conclusion", has_text=words).first


def test_patterns_are_seen_and_a_link_brings_them_back(visit: Callable[..., Page]) -> None:
    page = analyst(visit(), province="VN", section="patterns", preset="leaving", weights="leaving_exposure:60")
    hot = page.painted()
    conclusion(page, "vùng điểm cao").wait_for(timeout=PATIENCE_MS)
    assert "5" in hot["classes"] or "6" in hot["classes"], "there are cold spots"
    page.picture("15-patterns-spots")
    choose(page, "Moran cục bộ (cụm, ngoại lệ)")
    page.painted(unlike=hot["version"])
    choose(page, "Các tuyến, phương thức")
    conclusion(page, "cần lưu ý nhất ở").wait_for(timeout=PATIENCE_MS)
    page.painted()
    page.picture("16-patterns-pathways")
    choose(page, "Kiểu xã")
    page.page.get_by_role("button", name="Chạy").click()
    conclusion(page, "kiểu xã").wait_for(timeout=PATIENCE_MS)
    idle(page)
    page.painted()
    page.picture("17-patterns-types")
    address = page.page.url
    assert "pattern=types" in address and "preset=leaving" in address
    other = visit()
    other.page.goto(address)
    other.page.locator(".rk-badges").first.wait_for(timeout=PATIENCE_MS)
    idle(other)
    assert badge(other) == badge(page)
    assert other.page.get_by_role("radio", name="Kiểu xã", exact=True).is_checked()
    assert not page.problems and not page.foreign() and not other.problems


def incidents(path: Path) -> Path:
    generator = np.random.default_rng(3)
    communes = units.communes_of("22")
    towns = communes[communes["type"] == "Phường"]
    places = towns[["lat", "lon"]].to_numpy()[generator.integers(len(towns), size=200)]
    places = places + generator.normal(0, 0.015, (200, 2))
    table = pd.DataFrame({"ngày": "30/07/2025", "vĩ độ": places[:, 0], "kinh độ": places[:, 1]})
    table.to_excel(path, index=False)
    return path


def test_incidents_question_the_index_and_hostile_files_are_a_message(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = analyst(visit(), province="22", section="patterns", pattern="terrain")
    upload = page.page.locator("input[type=file]")
    run = page.page.locator(".st-key-bench-run_terrain button")
    hostile = tmp_path / "a.xlsx"
    hostile.write_bytes(b"PK\x03\x04 <img src=x onerror=alert(1)>")
    upload.set_input_files(hostile)
    page.page.get_by_text("a.xlsx").first.wait_for(timeout=PATIENCE_MS)
    idle(page)
    run.click()
    page.page.locator("[data-testid=stAlert]", has_text="Không đọc được").first.wait_for(timeout=PATIENCE_MS)
    idle(page)
    page.page.get_by_role("button", name="Xóa a.xlsx").or_(
        page.page.locator("[data-testid=stFileUploaderDeleteBtn] button")
    ).first.click()
    idle(page)
    upload.set_input_files(incidents(tmp_path / "vu_viec.xlsx"))
    page.page.get_by_text("vu_viec.xlsx").first.wait_for(timeout=PATIENCE_MS)
    idle(page)
    run.click()
    conclusion(page, "Trung tâm phường").wait_for(timeout=PATIENCE_MS)
    idle(page)
    page.picture("18-patterns-terrain")
    assert "pattern=terrain" in page.page.url and "vu_viec" not in page.page.url
    assert not page.problems and not page.foreign()


def test_widgets_whose_scripts_come_late_change_nothing(visit: Callable[..., Page]) -> None:
    page, late = visit(), []
    for name in ("ButtonGroup", "Slider"):
        page.page.route(f"**/{name}.*.js", lambda script: late.append(script))
    analyst(page, province="22", section="doubt")
    page.page.locator(".st-key-bench-draws input").first.click()
    page.page.get_by_role("option", name="10.000", exact=True).click()
    idle(page)
    assert late, "the page asked for them"
    for script in late:
        script.continue_()
    for name in ("phương pháp", "khoảng cách"):
        page.page.get_by_role("button", name=name, exact=True).click()
        idle(page)
        assert "section=doubt" in page.page.url and "weights" not in page.page.url
    assert page.page.get_by_role("radio", name="Độ chắc chắn của thứ hạng", exact=True).is_checked()
    assert not page.problems


def test_a_long_run_is_cancelled_and_the_page_goes_on(visit: Callable[..., Page]) -> None:
    page = analyst(visit(), province="22", section="doubt")
    page.page.locator(".st-key-bench-draws input").first.click()
    page.page.get_by_role("option", name="10.000", exact=True).click()
    idle(page)
    for name in ("phương pháp", "khoảng cách", "số liệu"):
        page.page.get_by_role("button", name=name, exact=True).click()
        idle(page)
    page.page.get_by_role("button", name="Chạy").click()
    page.page.get_by_role("button", name="Dừng").click(timeout=PATIENCE_MS)
    idle(page)
    page.page.get_by_text("Chưa có kết quả trong phiên này").wait_for(timeout=PATIENCE_MS)
    assert not page.page.locator("[data-testid=stVegaLiteChart]").count()
    choose(page, "Chất lượng chỉ báo")
    page.page.locator("[data-testid=stDataFrame]").first.wait_for(timeout=PATIENCE_MS)
    assert not page.problems
