"""The way of an activity into the log and out of it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from tests.browser.conftest import Page

MILLISECONDS = 90_000
LOG = """Ngày,Xã,Tỉnh,Loại hoạt động,Số cuộc,Số người,Nữ,Nam,Đơn vị,Dịp
30/07/2025,06712,,Tuyên truyền trực tiếp,2,150,90,60,Đội A,hè
tháng 8/2025,Phường Hồng Gai,Quảng Ninh,Tờ rơi,,,,,Đội B,hè
31/02/2025,Bạch Đằng,Quảng Ninh,Tờ rơi,,500,,,Đội B,hè
30/07/2025,06712,,Tuyên truyền trực tiếp,2,150,90,60,Đội A,hè
"""


def opened(page: Page) -> Any:
    """Open the log of Quảng Ninh and wait until it is there."""
    page.page.set_default_timeout(MILLISECONDS)
    page.page.goto(f"{page.address}/outreach?section=log&province=22")
    page.page.locator("[data-testid=stDataFrame]").wait_for()
    idle(page)
    return page.page


def idle(page: Page) -> None:
    """Wait until the app has nothing to do: a click during a run may be lost."""
    page.page.wait_for_timeout(150)
    page.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def view(page: Page, name: str) -> None:
    idle(page)
    page.page.get_by_role("radio", name=name).click()
    idle(page)


def tiles(page: Page) -> list[str]:
    return page.page.locator(".rk-tiles").last.locator(".rk-tile b").all_inner_texts()


def upload(page: Page, path: Path) -> None:
    page.page.locator("input[type=file]").wait_for(state="attached")
    page.page.locator("input[type=file]").set_input_files(path)
    page.page.locator(".st-key-field-log-import button").wait_for()
    idle(page)


def press_import(page: Page) -> str:
    page.page.locator(".st-key-field-log-import button").click()
    told = page.page.get_by_text("hoạt động (lần nhập số").first
    told.wait_for()
    idle(page)
    return told.inner_text()


def test_a_file_with_errors_is_corrected_and_both_parts_are_in_the_log(
    visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit()
    browser = opened(page)
    badge = browser.locator(".rk-badge", has_text="số liệu minh họa")
    badge.wait_for()
    view(page, "Nhập từ tệp")
    path = tmp_path / "nhat_ky.csv"
    path.write_text(LOG, encoding="utf-8-sig")
    upload(page, path)
    assert tiles(page) == ["4", "2", "1", "1"]
    assert "“31/02/2025” không phải là ngày" in browser.locator(".rk-sheet").inner_text()
    assert "Dịp" in browser.locator(".rk-notes").first.inner_text()
    page.picture("20-outreach-import")
    with browser.expect_download() as waiting:
        browser.get_by_role("button", name="Tải dòng cần sửa (XLSX)").click()
    faults = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(faults)
    assert "Đã nhập 2 hoạt động" in press_import(page)
    badge.wait_for(state="detached")
    moved = browser.locator(".st-key-field_log_change")
    moved.get_by_text("Độ phủ thay đổi ở 1 xã").wait_for()
    assert "Phường Móng Cái 1 (Quảng Ninh) từ chưa biết thành" in moved.inner_text()
    assert "3.320 xã khác không đổi" in moved.inner_text()
    page.picture("23-outreach-change")

    book = openpyxl.load_workbook(faults)
    sheet = book.active
    assert sheet is not None
    header = [cell.value for cell in sheet[1]]
    assert header[:3] == ["Dòng", "Lỗi cần sửa", "Ngày"]
    sheet.cell(2, 3).value = "28/02/2025"
    book.save(faults)
    view(page, "Nhập từ tệp")
    upload(page, faults)
    assert tiles(page) == ["1", "1", "0", "0"]
    assert "Đã nhập 1 hoạt động" in press_import(page)
    assert tiles(page)[2:4] == ["650", "3"]
    page.picture("21-outreach-log")

    view(page, "Các lần nhập, hoàn tác")
    for left in ("2", "0"):
        undo(page)
        if left == "2":
            assert tiles(page)[3] == left
    badge.wait_for()
    assert not page.problems
    assert not page.foreign()


def undo(page: Page) -> None:
    """Take the newest import back."""
    idle(page)
    before = page.page.locator(".rk-batch .rk-badge").count()
    page.page.locator("[class*=st-key-field-log-ask] button").first.click()
    page.page.get_by_role("button", name="Có, hoàn tác").click()
    page.page.wait_for_function(
        "was => document.querySelectorAll('.rk-batch .rk-badge').length > was", arg=before, timeout=MILLISECONDS
    )
    idle(page)


def test_an_activity_is_entered_by_form_and_found_in_the_log(visit: Callable[..., Page], tmp_path: Path) -> None:
    from playwright.sync_api import expect

    page = visit(1920, 1080)
    browser = opened(page)
    view(page, "Ghi một hoạt động")
    found = browser.locator(".st-key-field-form-find input")
    found.fill("bach dang")
    found.press("Enter")
    chosen = browser.locator(".st-key-field-form-commune input").first
    expect(chosen).to_have_value(re.compile("trước đây: Phường Bạch Đằng"), timeout=MILLISECONDS)
    idle(page)
    for place, part in enumerate(("30", "07", "2025")):
        browser.locator(".st-key-field-form-date [role=spinbutton]").nth(place).press_sequentially(part)
    browser.locator(".st-key-field-form-date").press("Tab")
    idle(page)
    browser.locator(".st-key-field-form-type input").first.click()
    browser.get_by_role("option", name="Sinh hoạt câu lạc bộ", exact=True).click()
    idle(page)
    people = browser.locator(".st-key-field-form-people_reached input")
    people.fill("45")
    people.press("Enter")
    enter = browser.locator(".st-key-field-form-enter button:not([disabled])")
    enter.wait_for()
    idle(page)
    page.picture("22-outreach-form")
    enter.click()
    browser.get_by_text("Đã ghi hoạt động vào nhật ký").wait_for()
    idle(page)
    assert tiles(page)[2:4] == ["45", "1"]
    assert "section=log" in browser.url and "province=22" in browser.url
    view(page, "Các lần nhập, hoàn tác")
    undo(page)
    browser.locator(".rk-badge", has_text="số liệu minh họa").wait_for()
    assert not page.problems


def test_the_template_can_be_downloaded_and_read(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit()
    opened(page)
    view(page, "Nhập từ tệp")
    with page.page.expect_download() as waiting:
        page.page.get_by_role("button", name="Tải tệp mẫu").click()
    target = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(target)
    assert openpyxl.load_workbook(target).sheetnames == ["Nhật ký", "Hướng dẫn", "Danh mục xã"]
