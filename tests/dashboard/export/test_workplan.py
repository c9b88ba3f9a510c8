"""The work plan as files, on a made-up plan for real communes."""

import datetime as dt
import json
from dataclasses import replace

import icalendar
import openpyxl
import pandas as pd
import pytest

from dashboard.export.workplan import WorkPlan, check_plan_ending, sheet_title, write_plan
from geo import boundaries, units
from geo.base.errors import InputError
from models.planning.allocate import Limits, allocate
from models.planning.example import frames

START = dt.date(2026, 10, 5)


@pytest.fixture(scope="module")
def plan() -> WorkPlan:
    tables = frames()
    codes = list(units.communes_of("22").index[:4])
    communes = tables["communes"].set_axis(pd.Index(codes, name="commune_code"))
    hours = tables["hours"].set_axis(codes, axis="columns")
    teams = tables["teams"].assign(name=["=HYPERLINK(1)", "Đội Hạ Long"])
    made = allocate(communes, teams, tables["types"], hours, Limits(money=40, weeks=4))
    table = pd.DataFrame({"value": [1.5]}, index=pd.Index(["x"], name="rule"))
    return WorkPlan(made, START, "vi", dt.date(2026, 9, 30), "0123456789ab", ("Ghi chú.",), {"compare": table})


def test_csv_has_every_session(plan, tmp_path):
    write_plan(plan, tmp_path / "p.csv")
    table = pd.read_csv(tmp_path / "p.csv", dtype={"commune_code": str})
    assert table["sessions"].sum() == plan.allocation.communes["sessions"].sum()
    assert table["commune_name"].notna().all()
    assert set(pd.to_datetime(table["week_start"]).dt.day_name()) == {"Monday"}
    assert pd.to_datetime(table["week_start"]).min() == pd.Timestamp(START)
    assert not table["team_name"].str.startswith("=").any()


def test_workbook_has_a_sheet_per_team(plan, tmp_path):
    write_plan(plan, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    teams = plan.allocation.plan["team"].unique()
    assert book.sheetnames[:4] == ["Tóm tắt", "Kế hoạch", "Các xã", "So sánh"]
    assert len(book.sheetnames) == 4 + len(teams)
    total = 0
    for name in book.sheetnames[4:]:
        header = [cell.value for cell in book[name][1]]
        total += sum(row[header.index("Số buổi")] for row in book[name].iter_rows(min_row=2, values_only=True))
    assert total == plan.allocation.plan["sessions"].sum()
    told = {row[0]: row[1] for row in book["Tóm tắt"].iter_rows(values_only=True) if len(row) > 1}
    assert told["Kinh phí"] == "40,0 triệu đồng"
    assert "0123456789ab" in told["Lập kế hoạch"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_communes_come_in_the_order_of_the_list_where_it_is_known(plan):
    told = plan.allocation.communes
    codes = told.index[told["sessions"] > 0]
    assert plan.visited["gain"].is_monotonic_decreasing
    ranks = pd.Series(range(len(told), 0, -1), told.index, name="rank_first")
    listed = replace(plan, known=ranks.to_frame()).visited
    assert listed.index.tolist() == codes[::-1].tolist()
    assert listed["gain"].to_dict() == told["gain"][codes].to_dict()


def test_calendar_reads_back(plan, tmp_path):
    write_plan(plan, tmp_path / "p.ics")
    calendar = icalendar.Calendar.from_ical((tmp_path / "p.ics").read_bytes())
    events = calendar.walk("VEVENT")
    assert len(events) == len(plan.allocation.plan)
    assert len({str(event["uid"]) for event in events}) == len(events)
    assert min(event["dtstart"].dt for event in events) == START
    assert all((event["dtend"].dt - event["dtstart"].dt).days == 5 for event in events)
    assert any("Đội Hạ Long" in str(event["summary"]) for event in events)
    before = (tmp_path / "p.ics").read_bytes()
    write_plan(plan, tmp_path / "p.ics")
    assert (tmp_path / "p.ics").read_bytes() == before


def test_map_has_the_communes_visited(plan, tmp_path):
    write_plan(plan, tmp_path / "p.geojson", boundaries.load("22").frame.geometry)
    found = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))
    told = plan.allocation.communes
    assert {one["properties"]["commune_code"] for one in found["features"]} == set(told.index[told["sessions"] > 0])
    assert all(one["geometry"] for one in found["features"])


def test_english(plan, tmp_path):
    english = WorkPlan(plan.allocation, START, "en", plan.made, plan.digest)
    write_plan(english, tmp_path / "p.xlsx")
    assert openpyxl.load_workbook(tmp_path / "p.xlsx").sheetnames[0] == "Summary"


def test_unknown_endings_and_folders(tmp_path):
    with pytest.raises(InputError, match="docx"):
        check_plan_ending(tmp_path / "p.docx")
    with pytest.raises(InputError, match="none"):
        check_plan_ending(tmp_path / "none" / "p.csv")


def test_sheet_names_are_possible_and_differ():
    taken: list[str] = []
    for name in [
        "Đội truyền thông lưu động số một của tỉnh",
        "Đội truyền thông lưu động số một của huyện",
        "a:b",
        "A-B",
    ]:
        taken.append(sheet_title(name, taken))
    assert len({title.casefold() for title in taken}) == 4
    assert all(len(title) <= 31 for title in taken)
