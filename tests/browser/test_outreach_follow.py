"""Following outreach in a real browser: results change plan against actual, reported beside logged, the 30/7 list."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import expect

from dashboard.store import FILE, Plan, open_store
from tests.browser.conftest import PATIENCE_MS, Page, started

MONDAY = dt.date(2024, 9, 30)
RESULTS = "Ngày,Xã,Tỉnh,Loại,Số cuộc,Số người,Đội\n01/10/2024,Hồng Gai,Quảng Ninh,Tuyên truyền trực tiếp,1,120,t1\n"


def plan() -> Plan:
    rows = [
        {"team": "t1", "commune_code": "06685", "week": week, "type": "direct_session", "sessions": 1,
         "people_expected": 90.0, "cost": 4.0, "team_days": 1.0, "volunteer_days": 4.0, "travel_hours": 1.0}
        for week in (1, 2)
    ]  # fmt: skip
    crews = [{"team": "t1", "name": "Đội Hồng Gai"}]
    now = dt.datetime(2024, 9, 1, tzinfo=dt.UTC)
    return Plan(0, now, "22", "Kế hoạch thử", MONDAY, 2, {"plan": {"crews": crews}}, pd.DataFrame(rows))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app of its own, with one saved plan: what is imported here is no other test's business."""
    home = tmp_path_factory.mktemp("follow")
    open_store(f"sqlite:///{home / FILE}").add_plan(plan())
    with started(home, tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def section(visit: Callable[..., Page], app: str, name: str, province: str) -> Any:
    """Open a section and wait until the app is idle."""
    page = visit(1366, 900)
    page.address = app
    page.page.set_default_timeout(PATIENCE_MS)
    page.page.goto(f"{app}/outreach?section={name}&province={province}")
    page.page.locator(".rk-conclusion >> visible=true").first.wait_for(timeout=PATIENCE_MS)
    idle(page)
    return page


def idle(page: Page) -> None:
    """Wait until the app has nothing left to do."""
    page.page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')",
        timeout=PATIENCE_MS,
    )


def told(page: Page, text: str | re.Pattern[str]) -> None:
    """Wait until a sentence of the section says something."""
    expect(page.page.locator(".rk-conclusion").filter(has_text=text).first).to_be_visible(timeout=PATIENCE_MS)


def test_results_change_plan_against_actual(visit: Callable[..., Page], app: str, tmp_path: Path) -> None:
    page = section(visit, app, "monitoring", "22")
    told(page, "2 buổi đến hạn nhưng không có nhật ký")
    page.picture("50-monitoring-before")
    results = tmp_path / "ket_qua.csv"
    results.write_text(RESULTS, encoding="utf-8")
    page.page.get_by_text("Nhập kết quả", exact=True).first.click()
    idle(page)
    page.page.locator("input[type=file]").first.set_input_files(results)
    take = page.page.locator(".st-key-field-log-import button").first
    expect(take).to_be_enabled(timeout=PATIENCE_MS)
    idle(page)
    take.click()
    told(page, "đã làm 1 trên 2 buổi đến hạn (50%)")
    idle(page)
    expect(page.page.locator(".rk-tile", has_text="120 / 180")).to_be_visible(timeout=PATIENCE_MS)
    page.picture("51-monitoring-after")
    with page.page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.page.get_by_role("button", name="Tải XLSX").click()
    target = tmp_path / "theo_doi.xlsx"
    waiting.value.save_as(target)
    lines = pd.read_excel(target, sheet_name="Từng dòng kế hoạch")
    assert lines["Đã làm"].sum() == 1 and set(lines["Đội"]) == {"Đội Hồng Gai"}
    assert not page.problems and not page.foreign()


def test_reported_figures_stand_beside_the_log(visit: Callable[..., Page], app: str) -> None:
    page = section(visit, app, "province", "51")
    tiles = page.page.locator(".rk-tile")
    expect(tiles.filter(has_text="168")).to_have_count(1, timeout=PATIENCE_MS)
    expect(tiles.filter(has_text="1.239")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.page.get_by_text("Năng lực", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    page.picture("52-province")
    assert not page.problems and not page.foreign()


def test_an_item_of_the_30_7_list_is_done(visit: Callable[..., Page], app: str) -> None:
    page = section(visit, app, "province", "19")
    page.page.get_by_role("radio", name="Danh mục việc ngày 30/7").click()
    page.page.locator(".st-key-field-checklist-make button").first.click()
    told(page, "xong 0 trên 7 việc")
    idle(page)
    item = page.page.locator("[class*=st-key-field_task_]").first
    item.locator("[data-baseweb=select], [data-testid=stSelectbox] input").first.click()
    page.page.get_by_role("option", name="đã xong").click()
    told(page, "xong 1 trên 7 việc")
    idle(page)
    page.page.reload()
    page.page.get_by_role("radio", name="Danh mục việc ngày 30/7").click()
    told(page, "xong 1 trên 7 việc")
    page.picture("53-checklist")
    assert not page.problems and not page.foreign()


def test_places_and_their_access_on_the_map(visit: Callable[..., Page], app: str) -> None:
    page = section(visit, app, "coverage", "22")
    first = page.painted()
    page.page.get_by_text("Đội, câu lạc bộ, nơi tạm lánh, tổng đài").click()
    page.page.locator(".st-key-field-places-reported button").first.click()
    told(page, "5 câu lạc bộ")
    idle(page)
    page.painted(unlike=first["version"])
    assert "places" in page.settled()["overlays"]
    page.page.get_by_text("Mức sẵn có của đội").first.click()
    idle(page)
    assert page.settled()["classes"] != first["classes"]
    page.picture("54-coverage-access")
    assert not page.problems and not page.foreign()
