"""The follow-up of a place as a file: reported and logged, coverage, plan and actual, alerts; XLSX, CSV or JSON."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.export.geodata import check_ending, guarded
from dashboard.export.outreach_log import LISTS
from dashboard.export.outreach_log import in_words as in_language
from dashboard.export.sheet import put_rows
from dashboard.export.workplan import sheet_title
from dashboard.locale import Texts, texts
from dashboard.services.follow import Field, Followed, team_names, unit_name
from geo import layers, units
from geo.base.errors import InputError
from geo.files.write import replace_file
from models.outreach.alerts import at_high_risk
from models.outreach.drift import weighted

WIDEST = 60
REPORTED = (
    "period_start", "period_end", "figure", "role", "value", "unit", "logged", "difference", "reason", "log_quality",
    "audience", "topic", "note", "source", "as_of",
)  # fmt: skip
STATED = ("statement_id", "period_start", "period_end", "kind", "text", "audience", "topic", "source", "as_of")
COUNTED = ("events", "people_reached", "women", "men", "children", "items")
COVERAGE = (
    "name", "rank_first", "class", "score", "remaining", "population", "population_quality", "people_unreached",
    "sessions_needed", "relative_risk", "burden", "rank_burden", "gap_quality", "coverage_known", "coverage",
    "estimated_share", "coverage_quality", "access", "access_quality",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """Everything a report says.

    Parameters
    ----------
    place
        What the place is called.
    known
        Its outreach.
    reported
        As :func:`dashboard.services.follow.reported` returns it.
    followed
        A plan beside what was held, if there is one.
    alerts
        As :func:`dashboard.services.follow.quiet` returns it.
    months, alerts_day
        What the alerts were asked for.
    made
        The day of the report.
    digest
        Names the settings of the assessment.
    language
        ``vi`` or ``en``.
    since
        The first day of the activities summed and of the reports shown; all by default.
    statements
        As :func:`dashboard.services.follow.statements_of` returns it; none by default.
    """

    place: str
    known: Field
    reported: pd.DataFrame
    followed: Followed | None
    alerts: pd.DataFrame
    months: float
    alerts_day: dt.date
    made: dt.date
    digest: str
    language: str
    since: dt.date | None = None
    statements: pd.DataFrame | None = None

    @property
    def text(self) -> Texts:
        """The texts of its language."""
        return texts(self.language)


def write_report(report: Report, path: str | Path) -> None:
    """Write a report in the format the ending names: .xlsx, .csv or .json; the whole file or nothing.

    Raises
    ------
    InputError
        For another ending, or when the file cannot be written.
    """
    target = check_report_ending(path)
    try:
        with replace_file(target) as temporary:
            temporary.write_bytes(WRITERS[target.suffix.lower()](report))
    except OSError as error:
        raise InputError("export.not_written", path=target, reason=error.strerror or error) from error


def check_report_ending(path: str | Path) -> Path:
    """Return the path if its ending names a format a report can be written in."""
    return check_ending(path, WRITERS)


def tables(report: Report) -> dict[str, pd.DataFrame]:
    """Return the tables of a report by key, with the columns' own names."""
    found = {"reported": _reported(report)}
    if report.statements is not None:
        found["statements"] = _statements(report, report.statements)
    found |= {"logged": _logged(report), "audiences": _audiences(report), "coverage": _coverage(report)}
    if report.followed is not None:
        found |= _plan(report, report.followed)
    alerts = report.alerts.assign(last_date=pd.to_datetime(report.alerts["last_date"]).dt.strftime("%Y-%m-%d"))
    found["alerts"] = alerts.drop(columns="class_held").reset_index()
    return found


def facts(report: Report) -> dict[str, Any]:
    """Return the figures of a report in one line each; missing is ``None``."""
    known = report.known
    told: dict[str, Any] = {
        "place": report.place,
        "made": report.made.isoformat(),
        "log_until": known.as_of.date().isoformat(),
        "log_synthetic": known.synthetic,
        "settings_hash": report.digest,
        "communes": len(known.communes),
        "communes_without_log": int((~known.communes["coverage_known"]).sum()),
        "communes_at_high_risk": int(at_high_risk(known.listed).sum()),
        "coverage": _plain(weighted(known.communes[["coverage"]], known.population)["coverage"]),
        "since": report.since.isoformat() if report.since else None,
        "reported_figures": len(report.reported),
        "alerts_months": report.months,
        "alerts_day": report.alerts_day.isoformat(),
        "alerts": {state: int(count) for state, count in report.alerts["state"].value_counts().items()},
    }
    if report.followed is not None:
        total = report.followed.actual.by().loc["all"]
        told["plan"] = {
            "number": report.followed.plan.number,
            "name": report.followed.plan.name,
            "until": report.followed.actual.until.date().isoformat(),
            **{str(name): _plain(value) for name, value in total.items()},
            "coverage_drift": _plain(weighted(report.followed.drift, known.population)["drift"]),
        }
    return told


def as_json(report: Report) -> str:
    """Return a report as JSON: the facts, then every table as rows."""
    rows = {
        name: [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]
        for name, table in tables(report).items()
    }
    return json.dumps({**facts(report), "tables": rows}, ensure_ascii=False, indent=1, allow_nan=False)


def _reported(report: Report) -> pd.DataFrame:
    table = report.reported
    note = table["note_vi"] if report.language == "vi" else table["note"]
    words = {name: in_language(table[name], name, report.language) for name in LISTS}
    figure = table[f"figure_{report.language}"]
    return table.assign(figure=figure, log_quality=table["quality"], note=note, **words)[list(REPORTED)].reset_index()


def _statements(report: Report, table: pd.DataFrame) -> pd.DataFrame:
    words = {name: in_language(table[name], name, report.language) for name in LISTS}
    return table.assign(text=table[f"text_{report.language}"], **words)[list(STATED)].reset_index(drop=True)


def _log(report: Report) -> pd.DataFrame:
    log = report.known.log
    return log if report.since is None else log[log["date"] >= report.since.isoformat()]


def _audiences(report: Report) -> pd.DataFrame:
    """Return whom the log's activities spoke to and of what; one with several audiences counts for each of them."""
    log, parts = _log(report), []
    for column in LISTS:
        each = log.assign(code=log[column].str.split(";")).explode("code").groupby("code")
        table = each[["events", "people_reached"]].sum(min_count=1)
        table.insert(0, "activities", each.size())
        codes = [*layers.outreach_words().loc[column].index, ""]
        table = table.reindex([code for code in codes if code in table.index]).rename_axis("word").reset_index()
        parts.append(table.assign(list=column))
    found = pd.concat(parts, ignore_index=True)
    named = [
        str(layers.outreach_words().loc[(column, code), report.language]) if code else report.text("log.not_stated")
        for column, code in zip(found["list"], found["word"], strict=True)
    ]
    return found.assign(word_name=named)[["list", "word", "word_name", "activities", "events", "people_reached"]]


def _logged(report: Report) -> pd.DataFrame:
    """Return what the log holds by type: activities, and the sums of what was counted; missing where nothing was."""
    log = _log(report)
    by_type = log.groupby("type")
    table = by_type[list(COUNTED)].sum(min_count=1)
    table.insert(0, "activities", by_type.size())
    table = table.sort_values("activities", ascending=False, kind="stable").reset_index()
    table.insert(1, "type_name", table["type"].map(layers.outreach_types()[report.language]))
    return table.assign(
        first_date=table["type"].map(by_type["date"].min()), last_date=table["type"].map(by_type["date"].max())
    )


def _coverage(report: Report) -> pd.DataFrame:
    """Return what is known of the communes, in the order of the list to visit first."""
    return report.known.listed[list(COVERAGE)].reset_index()


def _plan(report: Report, found: Followed) -> dict[str, pd.DataFrame]:
    actual = found.actual
    names, communes = team_names(found.plan), units.communes()["name"]
    kinds = layers.outreach_types()[report.language]
    lines = actual.lines.assign(
        team_name=actual.lines["team"].map(names),
        commune_name=actual.lines["commune_code"].map(communes),
        type_name=actual.lines["type"].map(kinds),
        last_day=actual.lines["last_day"].dt.strftime("%Y-%m-%d"),
    )
    first = ["week", "team", "team_name", "commune_code", "commune_name", "type", "type_name"]
    teams = actual.by("team").reset_index()
    places = actual.by("commune_code").reset_index()
    drift = found.drift.reset_index()
    unplanned = actual.unplanned.drop(columns=["activity", "line", "assumed"])
    return {
        "plan_lines": lines[first + [name for name in lines.columns if name not in first]],
        "plan_teams": teams.assign(team_name=teams["team"].map(names).fillna(teams["team"])),
        "plan_communes": places.assign(commune_name=places["commune_code"].map(communes)),
        "plan_types": actual.by("type").reset_index(),
        "plan_weeks": actual.weekly().join(found.weeks[["expected", "actual"]]).reset_index(),
        "unplanned": unplanned.assign(
            date=unplanned["date"].dt.strftime("%Y-%m-%d"),
            commune_name=unplanned["commune_code"].map(communes),
        ),
        "drift": drift.assign(commune_name=drift["commune_code"].map(communes)).dropna(subset=["drift"]),
    }


def _xlsx(report: Report) -> bytes:
    text, book = report.text, Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = text("report.sheet_summary")
    sheet.append([text("report.title", place=report.place)])
    sheet["A1"].font = Font(bold=True, size=14)
    for label, value in summary(report):
        sheet.append([label, value])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 36, 90
    for key, table in tables(report).items():
        _sheet(book, text(f"report.sheet_{key}"), in_words(table, key, text), text)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def in_words(table: pd.DataFrame, key: str, text: Texts) -> pd.DataFrame:
    """Return a table with words of the language in the place of the identifiers of states, reasons and qualities."""
    reasons = "monitoring.reason" if key == "unplanned" else "province.reason"
    words = {
        "role": "province.role", "reason": reasons, "state": "monitoring.alert", "kind": "province.kind",
        "list": "report.list",
    }  # fmt: skip
    graded = [column for column in table.columns if column.endswith("_quality")]
    named = {**words, **dict.fromkeys(graded, "quality")}
    made = table.assign(
        **{
            column: [
                text.either(f"{topic}_{value}".replace("quality_", "quality."), value) for value in table[column]
            ]
            for column, topic in named.items()
            if column in table
        }
    )
    if key != "reported":
        return made
    dated = [text.dated(str(told)) for told in made["as_of"]]
    return made.assign(unit=[unit_name(unit, text) for unit in made["unit"]], as_of=dated)


def summary(report: Report) -> list[tuple[str, str]]:
    """Return the first page of a report: labels and values in its language."""
    text, told = report.text, facts(report)
    share = told["coverage"]
    lines = [
        ("made", text("report.made_value", day=text.day(report.made), digest=report.digest)),
        ("log", text("report.log_value", day=text.day(report.known.as_of.date()))),
        ("coverage", text.percent(share, 1)),
        ("unknown", text.number(told["communes_without_log"])),
        ("reported", text.number(told["reported_figures"])),
    ]
    if report.followed is not None:
        plan = told["plan"]
        number = text.number
        lines += [
            ("plan", f"{plan['name']} · {text.day(report.followed.plan.first_day)}"),
            ("held", text("monitoring.of", value=number(plan["held"]), whole=number(plan["planned"]))),
            ("share_due", text.percent(plan["share_due"])),
            ("unplanned", number(plan["activities_unplanned"])),
            (
                "people",
                text("monitoring.of", value=number(plan["people_reached"]), whole=number(plan["people_expected"])),
            ),
        ]
    lines.append(
        (
            "alerts",
            text(
                "report.alerts_value",
                months=text.number(report.months),
                never=told["alerts"].get("never", 0),
                quiet=told["alerts"].get("quiet", 0),
                unknown=told["alerts"].get("unknown", 0),
            ),
        )
    )
    notes = ["assumptions", *(["synthetic"] if report.known.synthetic else [])]
    return [(text(f"report.{key}"), value) for key, value in lines] + [
        (text("plan.note"), text(f"report.note_{note}")) for note in notes
    ]


def _sheet(book: Workbook, title: str, table: pd.DataFrame, text: Texts) -> None:
    sheet = book.create_sheet(sheet_title(title, [*book.sheetnames]))
    sheet.append([text.either(f"report.column_{column}", str(column)) for column in table.columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    safe = guarded(table).astype(object)
    put_rows(sheet, safe.where(table.notna(), None).itertuples(index=False), text.language)
    sheet.freeze_panes = "A2"
    for position, column in enumerate(table.columns, start=1):
        longest = max([len(str(value)) for value in table[column].dropna().head(100)], default=0)
        sheet.column_dimensions[get_column_letter(position)].width = min(max(longest + 2, 12), WIDEST)


def _csv(report: Report) -> bytes:
    """One table for all: section, row, column, value."""
    parts = []
    for name, table in tables(report).items():
        written = guarded(table).map(lambda value: None if _plain(value) is None else str(_plain(value)))
        rows = enumerate(written.to_dict("records"), start=1)
        parts += [(name, row, column, value) for row, told in rows for column, value in told.items() if value]
    whole = pd.DataFrame(parts, columns=["section", "row", "column", "value"])
    return whole.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def _json(report: Report) -> bytes:
    return as_json(report).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return None if value != value else round(value, 6)
    return None if value is pd.NaT or value is pd.NA else value


WRITERS: Mapping[str, Callable[[Report], bytes]] = {".xlsx": _xlsx, ".csv": _csv, ".json": _json}
"""What writes each format, by ending."""
