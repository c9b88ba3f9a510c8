"""A browser set to another language than the page: the page's decides, for Streamlit's own words too."""

from collections.abc import Callable
from typing import Any

from tests.browser.conftest import PATIENCE_MS, Page


def settled(page: Any) -> None:
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')",
        timeout=PATIENCE_MS,
    )


def weight(page: Any) -> str:
    """Return what the slider of a weight of one and a half is written as."""
    return str(page.locator(".st-key-weight-border [data-testid=stSliderThumbValue]").inner_text())


def test_a_vietnamese_page_in_an_english_browser(visit: Callable[..., Page]) -> None:
    page = visit(language="en-US").open(province="22", weights="border:1.5")
    browser = page.page
    settled(browser)
    assert browser.evaluate("document.documentElement.lang") == "vi"
    assert weight(browser) == "1,5"
    browser.get_by_placeholder("Tìm xã").fill("mong cai")
    browser.get_by_text("Nhấn Enter để áp dụng").wait_for()
    assert page.map.evaluate("document.documentElement.lang") == "vi"
    assert page.map.locator(".leaflet-control-zoom-in").get_attribute("title") == "Phóng to"
    browser.locator(".st-key-language button", has_text="EN").click()
    browser.get_by_text("Go here first").first.wait_for()
    settled(browser)
    assert browser.evaluate("document.documentElement.lang") == "en"
    assert weight(browser) == "1.5"
    browser.get_by_placeholder("Find a commune").fill("cam pha")
    browser.get_by_text("Press Enter to apply").wait_for()
    assert not page.problems


def test_an_english_page_in_a_vietnamese_browser(visit: Callable[..., Page]) -> None:
    page = visit(language="vi-VN").open(province="22", weights="border:1.5", lang="en")
    settled(page.page)
    assert page.page.evaluate("document.documentElement.lang") == "en"
    assert weight(page.page) == "1.5"


def test_files_and_pages_that_are_not_accepted_are_refused_in_vietnamese(visit: Callable[..., Page]) -> None:
    page = visit(language="en-US")
    browser = page.page
    browser.goto(f"{page.address}/outreach?section=log&province=22")
    browser.get_by_text("Nhập từ tệp").first.click()
    browser.get_by_text("Tối đa 50MB mỗi tệp").first.wait_for()
    browser.locator("input[type=file]").first.set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    browser.get_by_text("Không nhận loại tệp này").first.wait_for()
    browser.goto(f"{page.address}/nothing")
    browser.get_by_text("Không tìm thấy trang").wait_for()
    assert not browser.get_by_text("Page not found").count()
