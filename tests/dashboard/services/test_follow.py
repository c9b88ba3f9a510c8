"""What pages, files and commands say alike about a place, its plan and its reports."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from dashboard.export.follow import WRITERS, Report, as_json, facts, write_report
from dashboard.services import follow
from dashboard.store import Plan
from geo import layers
from geo.base import paths
from geo.base.errors import InputError
from geo.intake.places import reported_places
from geo.layers.indicators import load_sources
from models.briefing import brief
from models.index.framework import read_framework

MONDAY = dt.date(2024, 9, 30)


@pytest.fixture(scope="module")
def sources():
    return load_sources()


@pytest.fixture(scope="module")
def known(sources):
    briefing = brief(read_framework(paths.FRAMEWORK), sources)
    return follow.field(briefing, sources, "80", near=follow.access_of(reported_places(), sources))


@pytest.fixture(scope="module")
def plan(known):
    held = known.log[(known.log["type"] == "direct_session") & (known.log["date"] >= MONDAY.isoformat())]
    codes = held["commune_code"].dropna().unique()[:3]
    rows = [
        {"team": f"t{place % 2}", "commune_code": code, "week": week, "type": "direct_session", "sessions": 1,
         "people_expected": 90.0, "cost": 4.0}
        for place, code in enumerate(codes) for week in (1, 5, 9)
    ]  # fmt: skip
    crews = [{"team": "t0", "name": "=Đội một"}, {"team": "t1", "name": "Đội hai"}]
    now = dt.datetime(2024, 9, 1, tzinfo=dt.UTC)
    return Plan(7, now, "80", "Quý IV", MONDAY, 12, {"plan": {"crews": crews}}, pd.DataFrame(rows))


def report(known, plan, **more):
    beside = follow.followed(known, plan, dt.date(2024, 12, 22), teams_matter=False) if plan else None
    day = follow.alerts_day(known, dt.date(2026, 1, 1))
    given = {
        "place": "Tây Ninh", "known": known, "reported": follow.reported("80", known.log, reported_places()),
        "followed": beside, "alerts": follow.quiet(known, day, 6), "months": 6, "alerts_day": day,
        "made": dt.date(2026, 1, 1), "digest": "abc", "language": "vi",
    }  # fmt: skip
    return Report(**(given | more))


def test_a_field_knows_half_the_province_and_says_so(known):
    assert len(known.communes) == 96 and int(known.communes["coverage"].isna().sum()) == 36
    assert known.synthetic and set(known.communes["coverage_quality"].dropna()) == {"synthetic"}
    assert not known.communes["coverage_known"].any() and known.real_log.empty
    assert follow.alerts_day(known, dt.date(2026, 1, 1)) == dt.date(2026, 1, 1)
    assert follow.alerts_day(known, dt.date(2020, 1, 1)) == known.as_of.date()
    past = follow.history(known, 6)
    assert past.shape == (7, 96)
    assert past.iloc[-1].dropna().to_dict() == pytest.approx(known.communes["coverage"].dropna().to_dict())


def test_a_plan_is_followed_whoever_held_the_session_or_by_its_own_team_only(known, plan):
    strict = follow.followed(known, plan, dt.date(2024, 12, 22))
    anyone = follow.followed(known, plan, dt.date(2024, 12, 22), teams_matter=False)
    assert strict.actual.by().loc["all", "held"] == 0
    assert anyone.actual.by().loc["all", "held"] == len(plan.items)
    assert set(strict.actual.unplanned["reason"]) > {"other_team"}
    assert follow.team_names(plan) == {"t0": "=Đội một", "t1": "Đội hai"}
    assert anyone.weeks["actual"].notna().all() and anyone.drift["drift"].notna().any()


def test_reports_of_a_province_come_by_role_and_the_unnamed_last():
    rows = follow.reports_of("51")
    assert rows["role"].iloc[0] == "activity" and rows["report_id"].iloc[-1] == "RO01"
    assert set(rows["province_code"].dropna()) == {"51"}
    assert len(follow.reports_of(None)) == len(layers.outreach_reported())
    told = follow.reported("51", layers.outreach_activities(), reported_places())
    assert told.loc[["RO33", "RO34"], "logged"].tolist() == [168, 1239] and told.loc["RO33", "merged"]
    assert follow.reported("51", layers.outreach_activities(), reported_places(), dt.date(2025, 1, 1)).empty


def test_every_format_holds_the_same_figures(known, plan, tmp_path: Path):
    made = report(known, plan)
    for ending in WRITERS:
        write_report(made, tmp_path / f"r{ending}")
    read = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert read["plan"]["held"] == 9 and read["coverage"] == pytest.approx(0.11, abs=0.01)
    rows = {row["report_id"]: row for row in read["tables"]["reported"]}
    assert rows["RO36"]["value"] == rows["RO36"]["logged"] == 1920 and rows["RO36"]["reason"] == "same"
    book = load_workbook(tmp_path / "r.xlsx")
    assert len(book.sheetnames) == 1 + len(read["tables"])
    cells = [cell.value for row in book["Theo đội"].iter_rows() for cell in row]
    assert "'=Đội một" in cells and 6 in cells
    assert not any(str(cell.value).startswith("=") for sheet in book for row in sheet for cell in row)
    text = (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["section"] for line in lines} == set(read["tables"])
    assert {"column": "value", "value": "172830.0"}.items() <= next(
        line for line in lines if line["value"] == "172830.0"
    ).items()


def test_small_counts_of_victims_are_in_no_file(known, sources):
    briefing = brief(read_framework(paths.FRAMEWORK), sources)
    here = follow.field(briefing, sources, "22")
    reported = follow.reported("22", here.log, reported_places())
    made = report(here, None, place="Quảng Ninh", reported=reported, alerts=follow.quiet(here, here.as_of, 6))
    rows = {row["report_id"]: row for row in json.loads(as_json(made))["tables"]["reported"]}
    assert [rows[name]["value"] for name in ("RO23", "RO24", "RO57")] == [None] * 3
    assert facts(made)["log_synthetic"] is True and "plan" not in facts(made)


def test_since_cuts_the_log(known):
    every = json.loads(as_json(report(known, None)))["tables"]["logged"]
    late = json.loads(as_json(report(known, None, since=dt.date(2024, 12, 1))))["tables"]["logged"]
    assert sum(row["activities"] for row in late) < sum(row["activities"] for row in every)
    assert all(row["first_date"] >= "2024-12-01" for row in late)


def test_an_unknown_ending_is_refused_before_any_work(known, tmp_path: Path):
    with pytest.raises(InputError, match="pdf"):
        write_report(report(known, None), tmp_path / "r.pdf")
    assert not list(tmp_path.iterdir())


def test_the_checklist_of_a_year_in_both_languages():
    vi, en = (follow.checklist("30/7", "22", 2027, language) for language in ("vi", "en"))
    assert [task.position for task in vi] == list(range(1, 8)) == [task.position for task in en]
    assert vi[0].due == dt.date(2027, 7, 16) and vi[0].text != en[0].text
    late = follow.overdue(vi[0], dt.date(2027, 7, 17))
    assert late and not follow.overdue(vi[0], dt.date(2027, 7, 16))


def test_usual_day_stays_inside_the_plan(plan):
    assert follow.usual_day(plan, dt.date(2020, 1, 1)) == MONDAY
    assert follow.usual_day(plan, dt.date(2024, 10, 9)) == dt.date(2024, 10, 9)
    assert follow.usual_day(plan, dt.date(2030, 1, 1)) == dt.date(2024, 12, 22)


def test_missing_stays_missing(known):
    told = known.communes[known.communes["coverage"].isna()]
    assert told[["contacts", "per_10000", "estimated_share"]].isna().all(axis=None)
    assert told["burden"].notna().any() and np.isnan(told["coverage"]).all()


def test_alerts_are_the_highest_fifths_of_the_place_in_the_order_of_the_list(known, sources):
    found = follow.quiet(known, dt.date(2026, 1, 1), 6)
    assert set(found["state"]) == {"unknown"}  # the demonstration log tells nothing
    assert set(found["class"]) == {4, 5} and len(found) == known.communes["class_province"].ge(4).sum()
    assert found["rank_first"].is_monotonic_increasing
    nation = follow.field(brief(read_framework(paths.FRAMEWORK), sources), sources, None)
    listed = follow.quiet(nation, dt.date(2026, 1, 1), 6)
    assert len(listed) == nation.communes["class"].ge(4).sum()
    assert listed["rank_first"].tolist() == list(range(1, len(listed) + 1))


def test_a_real_log_tells_never_quiet_and_unknown_apart(sources):
    real = replace(sources, activities=sources.activities.assign(quality="reported"))
    here = follow.field(brief(read_framework(paths.FRAMEWORK), real), real, "80")
    found = follow.quiet(here, dt.date(2025, 3, 15), 2)
    assert {"quiet", "unknown"} <= set(found["state"]) and here.communes["coverage_known"].sum() == 60
    late = follow.quiet(here, dt.date(2026, 1, 1), 1)
    assert set(late["state"]) == {"unknown"}, "the log has ended"
    assert found["rank_first"].is_monotonic_increasing


def test_tables_of_a_report_follow_the_list(known, plan):
    made = json.loads(as_json(report(known, plan)))
    listed = [row["commune_code"] for row in made["tables"]["coverage"]]
    assert listed == known.listed.index.tolist() and made["communes_without_log"] == 96
    assert [row["rank_first"] for row in made["tables"]["coverage"]] == list(range(1, 97))
    alarmed = [row["commune_code"] for row in made["tables"]["alerts"]]
    assert alarmed == [code for code in listed if code in set(alarmed)]
    assert made["communes_at_high_risk"] == len(alarmed)
