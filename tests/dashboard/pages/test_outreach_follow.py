"""The sections of coverage, monitoring and the province's report, without a browser."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from dashboard.locale import texts
from dashboard.pages.outreach.parameters import changed
from dashboard.session import fieldwork
from dashboard.store import Plan, open_store
from geo import layers
from geo.datasets.schemas import SCHEMAS
from geo.intake.places import reported_places
from tests.dashboard.pages.test_outreach import html, page, run

vi = texts("vi")
MONDAY = dt.date(2024, 9, 30)


def plan_of(province: str, code: str) -> Plan:
    rows = [
        {"team": "t1", "commune_code": code, "week": week, "type": "direct_session", "sessions": 1,
         "people_expected": 90.0, "cost": 4.0, "team_days": 1.0, "volunteer_days": 4.0, "travel_hours": 1.0}
        for week in (1, 2)
    ]  # fmt: skip
    now = dt.datetime(2024, 9, 1, tzinfo=dt.UTC)
    return Plan(0, now, province, "Kế hoạch thử", MONDAY, 2, {"plan": {"crews": []}}, pd.DataFrame(rows))


def activity(code: str, day: str, people: str) -> pd.DataFrame:
    row = dict.fromkeys(SCHEMAS["outreach_activities"].columns, "")
    known = {
        "date": day, "commune_code": code, "province_code": "22", "type": "direct_session", "events": "1",
        "old_province_code": "22", "people_reached": people, "team": "t1", "quality": "reported", "source": "thử",
        "activity_id": "A1",
    }  # fmt: skip
    return pd.DataFrame([row | known])


def test_coverage_says_what_is_reached_and_where_the_gap_is() -> None:
    app = page(section="coverage", province="80")
    assert vi("coverage.gaps") in html(app) and "Phường Long An" in html(app)
    assert vi("coverage.told_missing", communes="36") in html(app)
    chosen = app.selectbox(key="field.commune")
    assert chosen.value in layers.outreach_activities()["commune_code"].to_numpy()
    before = html(app)
    chosen.set_value("27694")
    assert html(run(app)) != before


def test_a_province_without_a_log_is_unknown_not_untouched() -> None:
    app = page(section="coverage", province="01")
    assert vi("coverage.told_unknown", place="Hà Nội", communes="126") in html(app)


def test_places_are_registered_and_taken_back() -> None:
    app = page(section="coverage", province="22")
    assert vi("places.none", place="Quảng Ninh") in html(app)
    app.button(key="field.places.reported").click()
    run(app)
    assert "5 câu lạc bộ, 1 nơi tạm lánh, 2 tổng đài, 10 phòng tạm lánh" in html(app)
    assert len(open_store().places()) == len(reported_places())
    assert cached.access()["access"].loc["06685"] > 0
    app.button(key="field.places.undo").click()
    assert vi("places.none", place="Quảng Ninh") in html(run(app))


def test_faults_of_a_table_of_places_are_listed(tmp_path: Path) -> None:
    app = page(section="coverage", province="22")
    uploader = app.get("file_uploader")[0]
    uploader.set_value([("noi.csv", "Loại,Tên,Tỉnh\nphi thuyền,A,22\nđội,,22\n".encode(), "text/csv")])
    run(app)
    app.button(key="field.places.take").click()
    run(app)
    assert any("2" in error.value and "phi thuyền" in error.value for error in app.error)
    assert open_store().places().empty


def test_a_file_that_is_no_table_is_named_without_its_place_on_the_server() -> None:
    app = page(section="coverage", province="22")
    app.get("file_uploader")[0].set_value([("noi.xlsx", b"PK nonsense", "application/octet-stream")])
    run(app)
    app.button(key="field.places.take").click()
    run(app)
    assert any("noi" in error.value and "tmp" not in error.value for error in app.error)


def test_a_changed_rate_is_the_users_and_says_so() -> None:
    now = layers.outreach_parameters()
    edited = now.copy()
    edited.loc["leaflet", "reach_per_event"] = 3.0
    edited.loc["panel", ["unit_cost", "source", "evidence_grade"]] = [9.0, "Quyết định 12", "C"]
    rows = changed(now, edited, dt.date(2026, 1, 2), "Đơn vị nhập ngày").set_index("type")
    assert rows.index.tolist() == ["panel", "leaflet"]
    assert rows.loc["leaflet", ["reach_per_event", "source", "quality"]].tolist() == [
        3.0,
        "Đơn vị nhập ngày 02/01/2026",
        "reported",
    ]
    assert rows.loc["panel", ["source", "evidence_grade", "as_of"]].tolist() == ["Quyết định 12", "C", "2026-01-02"]
    assert changed(now, now.copy(), dt.date(2026, 1, 2), "x").empty
    open_store().put_type_parameters(rows.reset_index())
    assert float(layers.outreach_parameters().loc["leaflet", "reach_per_event"]) == 3.0


def test_monitoring_without_a_plan_leads_to_one_and_lists_alerts() -> None:
    app = page(section="monitoring", province="80")
    assert vi("monitoring.none", place="Tây Ninh") in html(app)
    communes = cached.briefed(()).of("80")
    high = int(communes["class_province"].ge(4).sum())
    assert vi("monitoring.alerts_unknown", count=high) in html(app)
    assert "xã nguy cơ cao không có hoạt động nào" not in html(app)  # the demonstration log tells nothing
    assert vi("monitoring.alerts_synthetic") in {one.value for one in app.caption}
    first = communes["rank_first"].idxmin()
    recent = (dt.date.today() - dt.timedelta(days=60)).isoformat()
    held = activity(first, recent, "120").assign(province_code="80", old_province_code="80")
    open_store().add_activities(held, kind="file", name="ket_qua.csv")
    app.slider(key="field.monitoring.months").set_value(1)
    assert "xã nguy cơ cao không có hoạt động nào trong 1 tháng" in html(run(app))
    assert f"đứng đầu danh sách là {communes.loc[first, 'name']}" in html(app)
    app.button(key="field.monitoring.to_plan").click()
    app.run()
    assert app.session_state[fieldwork.SECTION] == "plan"


def test_what_was_held_changes_plan_against_actual() -> None:
    store = open_store()
    store.add_plan(plan_of("22", "06685"))
    app = page(section="monitoring", province="22")
    assert vi("monitoring.told_unknown", day="13/10/2024", due="2") in html(app), "no log covers that time"
    store.add_activities(activity("06685", "2024-10-01", "120"), kind="file", name="ket_qua.csv")
    run(app)
    assert "làm 1 trên 2 buổi đến hạn (50%)" in html(app)
    assert "120 / 180" in html(app)
    app.button(key="field.monitoring.to_log").click()
    assert run(app).session_state[fieldwork.SECTION] == "log"


def test_a_plan_of_a_province_is_followed_there_also_from_the_nation() -> None:
    open_store().add_plan(plan_of("80", "27694"))
    here = html(page(section="monitoring", province="80"))
    nation = page(section="monitoring", province="VN")
    sentence = here.partition("trên 2 buổi")[2].partition("</p>")[0]
    assert sentence and sentence in html(nation)
    assert nation.selectbox(key="field.monitoring.plan").options[0].startswith("Tây Ninh · ")


@pytest.mark.parametrize(
    ("province", "figures"),
    [("51", ("168", "1.239")), ("80", ("1.920", "172.830")), ("22", ("10", "2.700")), ("19", ("69", "1.100"))],
)
def test_reported_figures_stand_beside_the_log(province: str, figures: tuple[str, ...]) -> None:
    app = page(section="province", province=province)
    for figure in figures:
        assert f"<b>{figure}</b>" in html(app)
    assert vi("province.synthetic") in html(app)
    groups = [frame.value for frame in app.dataframe]
    assert len(groups) >= 3 and all("source" in frame for frame in groups)


def test_counts_of_victims_below_ten_are_not_shown() -> None:
    app = page(section="province", province="22")
    outcomes = next(frame.value for frame in app.dataframe if "RO23" in frame.value.index)
    assert set(outcomes["value"]) == {vi("province.hidden")}


def to_checklist(app: AppTest) -> AppTest:
    app.segmented_control(key="field.province.view").set_value("checklist")
    return run(app)


def test_the_list_of_the_30_7_day_is_kept_at_every_change() -> None:
    app = to_checklist(page(section="province", province="19"))
    app.number_input(key="field.checklist.year").set_value(2030)
    run(app)
    assert vi("checklist.none", place="Thái Nguyên", occasion="30/7/2030") in html(app)
    app.button(key="field.checklist.make").click()
    run(app)
    tasks = open_store().tasks("19", "30/7/2030")
    assert len(tasks) == 7 and "xong 0 trên 7 việc" in html(app)
    first = tasks[0]
    app.selectbox(key=f"field.task.{first.number}.state").set_value("done")
    run(app)
    app.text_input(key=f"field.task.{first.number}.owner").set_value("Sở Nội vụ")
    run(app)
    assert "xong 1 trên 7 việc" in html(app)
    kept = open_store().tasks("19", "30/7/2030")[0]
    assert (kept.state, kept.owner) == ("done", "Sở Nội vụ")
    second = tasks[1]
    app.date_input(key=f"field.task.{second.number}.due").set_value(dt.date(2024, 1, 1))
    run(app)
    assert vi("checklist.overdue") in html(app) and "Quá hạn 1 việc" in html(app)


def test_a_province_without_a_report_has_the_list_all_the_same() -> None:
    app = page(section="province", province="01", lang="en")
    assert texts("en")("province.none", place="Hà Nội") in html(app)
    assert to_checklist(app).button(key="field.checklist.make").label.startswith("Make the list")


def test_the_map_of_risk_offers_coverage_and_access() -> None:
    assert {"coverage", "teams", "burden"} <= set(cached.choices().layers)


def risk_map() -> None:
    from dashboard.pages import risk_map as shown

    shown.render()


@pytest.mark.parametrize("layer", ["coverage", "teams"])
def test_the_map_of_risk_shows_them(layer: str) -> None:
    app = AppTest.from_function(risk_map, default_timeout=240)
    app.query_params["layer"], app.query_params["province"] = layer, "80"
    run(app)
    assert app.selectbox(key="layer").value == layer
    assert not app.error
