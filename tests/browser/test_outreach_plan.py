"""The way of a planner through the section "plan", in a real browser."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from tests.browser.conftest import PATIENCE_MS, Page

WAIT = PATIENCE_MS


def opened(page: Page, **query: str) -> Any:
    """Open the section and wait until it can be used."""
    address = "&".join(f"{name}={value}" for name, value in {"section": "plan", "province": "22", **query}.items())
    page.page.goto(f"{page.address}/outreach?{address}")
    page.page.locator(".st-key-planner-make button").wait_for(timeout=WAIT)
    idle(page)
    return page.page


def idle(page: Page) -> None:
    """Wait until the app has nothing left to do."""
    page.page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')",
        timeout=WAIT,
    )


def make(page: Page) -> str:
    """Ask for the plan and return its sentence."""
    page.page.locator(".st-key-planner-make button").click()
    page.page.locator(".rk-verdict").first.wait_for(timeout=WAIT)
    page.page.get_by_text("Điều kiện ở cột bên trái đã đổi").wait_for(state="hidden", timeout=WAIT)
    idle(page)
    return (
        page.page.locator(".rk-verdict .rk-conclusion").inner_text()
        if page.page.locator(".rk-verdict").count()
        else ""
    )


def set_number(page: Page, key: str, value: str) -> None:
    box = page.page.locator(f".st-key-planner-{key} input")
    box.fill(value)
    box.press("Enter")
    idle(page)


def test_a_plan_is_made_changed_exported_and_saved(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    browser = opened(page)
    page.picture("40-plan-first")
    first = make(page)
    assert re.search(r"\d+ buổi ở \d+ xã", first)
    page.painted()
    assert "plan" in page.told()["overlays"]
    assert browser.locator(".rk-badge", has_text="đội giả định").count() == 1
    page.picture("41-plan-where")

    browser.locator(".st-key-planner_form summary", has_text="Mức tối thiểu theo nhóm xã").click()
    floor = browser.locator("[class*='st-key-planner-floor-'] input").first
    floor.fill("85")
    floor.press("Enter")
    browser.get_by_text("Điều kiện ở cột bên trái đã đổi").wait_for(timeout=WAIT)
    idle(page)
    second = make(page)
    assert second and second != first
    assert browser.get_by_text("Điều kiện ở cột bên trái đã đổi").count() == 0

    for number, name in (
        (42, "Lịch tuần"),
        (43, "Hiệu quả của kinh phí bổ sung"),
        (44, "So với cách thông thường"),
        (45, "Đánh đổi của mức tối thiểu"),
    ):
        browser.get_by_role("radio", name=name).click()
        browser.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").first.wait_for(
            timeout=WAIT
        )
        idle(page)
        page.picture(f"{number}-plan")

    files = {}
    browser.get_by_role("button", name="Tải về").click()
    for ending in ("xlsx", "ics", "geojson", "csv"):
        with browser.expect_download(timeout=WAIT) as waiting:
            browser.locator(f".st-key-planner-download-{ending} button").click()
        files[ending] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(files[ending])
        assert files[ending].name.startswith("ke_hoach_22_")
    book = openpyxl.load_workbook(files["xlsx"])
    assert len(book.sheetnames) > 6
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
    sessions = sum(int(row["sessions"]) for row in rows)
    assert f"{sessions} buổi" in second
    assert files["ics"].read_bytes().count(b"BEGIN:VEVENT") == len(rows)
    assert b"FeatureCollection" in files["geojson"].read_bytes()
    browser.keyboard.press("Escape")

    name = browser.locator("[class*='st-key-planner-name-'] input")
    name.fill("Quý tới, bản một")
    name.press("Tab")
    browser.get_by_role("button", name="Lưu kế hoạch").click()
    browser.get_by_text("Đã lưu: Quý tới, bản một").wait_for(timeout=WAIT)
    idle(page)
    browser.locator("summary", has_text="Kế hoạch đã lưu (1)").click()
    browser.get_by_role("button", name="Mở").click()
    browser.get_by_text("Đang xem kế hoạch đã lưu").wait_for(timeout=WAIT)
    idle(page)
    assert browser.locator(".rk-verdict .rk-conclusion").inner_text() == second
    page.picture("46-plan-opened")
    assert not page.problems
    assert not page.foreign()


def test_what_cannot_be_is_named_and_nothing_is_lost(visit: Callable[..., Page]) -> None:
    page = visit()
    browser = opened(page)
    set_number(page, "money", "6")
    browser.locator(".st-key-planner_form summary", has_text="Mức tối thiểu theo nhóm xã").click()
    browser.get_by_role("button", name="Thêm mức tối thiểu").click()
    browser.get_by_role("button", name="Thêm", exact=True).wait_for(timeout=WAIT)
    box = browser.locator(".st-key-planner-floor_group input")
    box.click()
    browser.get_by_role("option", name="Xã gần biên giới đất liền").click()
    browser.get_by_role("button", name="Thêm", exact=True).click()
    browser.get_by_text("Mức tối thiểu theo nhóm xã (2)").wait_for(timeout=WAIT)
    idle(page)
    browser.locator(".st-key-planner-make button").click()
    browser.get_by_text("Không có kế hoạch nào giữ được cùng lúc").wait_for(timeout=WAIT)
    idle(page)
    told = browser.locator("[data-testid=stAlert]").first.inner_text()
    assert "Xã gần biên giới đất liền" in told
    assert "6 triệu đồng" in told
    assert "Có thể làm" in told
    assert browser.locator(".st-key-planner-money input").input_value() == "6"
    page.picture("47-plan-infeasible")
    set_number(page, "money", "120")
    assert make(page)
    assert not page.problems


def test_the_section_on_a_projector_in_english(visit: Callable[..., Page]) -> None:
    page = visit(width=1920, height=1080)
    opened(page, lang="en")
    assert "for the first time" in make(page)
    page.painted()
    page.picture("48-plan-english")
    assert not page.problems
