"""The work plan as files: a workbook with a sheet per team, a calendar, a table, a map of the communes visited."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import icalendar
import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.export.geodata import COORDINATE_DIGITS, check_ending, guarded
from dashboard.export.sheet import put_rows, typed
from dashboard.locale import texts
from geo import layers, units
from geo.base.errors import InputError
from geo.files.write import replace_file
from models.planning.allocate import Allocation

COLUMNS = (
    "team", "team_name", "week", "week_start", "commune_code", "commune_name", "province_name", "type", "type_name",
    "sessions", "people_expected", "cost", "team_days", "volunteer_days", "travel_hours",
)  # fmt: skip
EVENT = ("team_name", "commune_name", "type_name", "sessions")
SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET = 31
WIDEST = 42


@dataclass(frozen=True)
class WorkPlan:
    """A plan with all that its files say.

    Parameters
    ----------
    allocation
        What was decided.
    start
        The Monday of the first week.
    language
        ``vi`` or ``en``.
    made
        The day the plan was made.
    digest
        Names the settings of the assessment.
    notes
        What a reader must know about the figures, in the language.
    tables
        Further sheets by key of their title (``plan.sheet_...``), such as the comparison with rules made by hand.
    known
        What is known of the communes, by ``commune_code``: ``rank_first`` (their place in the list to visit first)
        and what else sheets and maps say of them; nothing by default.
    """

    allocation: Allocation
    start: dt.date
    language: str
    made: dt.date
    digest: str
    notes: tuple[str, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    known: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def visited(self) -> pd.DataFrame:
        """The communes that get sessions, in the order of the list to visit first where it is known."""
        told = self.allocation.communes
        told = self.known.reindex(told.index).join(told)[told["sessions"] > 0]
        if "rank_first" in told:
            return told.sort_values("rank_first", na_position="last", kind="stable")
        return told.sort_values("gain", ascending=False)

    @property
    def rows(self) -> pd.DataFrame:
        """The plan with names and dates, one row per team, week, commune and type."""
        plan, communes = self.allocation.plan, units.communes()
        code = plan["commune_code"]
        named = plan.assign(
            team_name=plan["team"].map(self.allocation.problem.teams["name"]),
            week_start=[(self.start + dt.timedelta(weeks=int(week) - 1)).isoformat() for week in plan["week"]],
            commune_name=code.map(communes["name"]),
            province_name=code.map(communes["province_code"]).map(units.provinces()["name"]),
            type_name=plan["type"].map(layers.outreach_types()[self.language]),
        )
        return named[list(COLUMNS)]


def write_plan(plan: WorkPlan, path: str | Path, geometry: gpd.GeoSeries | None = None) -> None:
    """Write a plan in the format the ending names: .xlsx, .csv, .ics or .geojson.

    Parameters
    ----------
    plan
        The plan.
    path
        The whole file is written or, on any failure, nothing.
    geometry
        Shapes by ``commune_code``, WGS 84; needed for .geojson.
    """
    target = check_plan_ending(path)
    try:
        with replace_file(target) as temporary:
            WRITERS[target.suffix.lower()](plan, temporary, geometry)
    except OSError as error:
        raise InputError("export.not_written", path=target, reason=error.strerror or error) from error


def check_plan_ending(path: str | Path) -> Path:
    """Return the path if its ending names a format a plan can be written in, before any work is done."""
    return check_ending(path, WRITERS)


def summary(plan: WorkPlan) -> list[tuple[str, str]]:
    """Return what a director signs: labels and values in the plan's language."""
    text, made = texts(plan.language), plan.allocation
    limits, best, told = made.problem.limits, made.optimum, made.communes
    cost = float(made.plan["cost"].sum())
    before, after = _mean_coverage(plan, "coverage_before"), _mean_coverage(plan, "coverage_after")
    known = "value" if before == before else "unknown"
    lines = [
        ("period", text("plan.period_value", start=text.day(plan.start), weeks=limits.weeks)),
        ("budget", text("plan.million", value=text.number(limits.money, 1))),
        ("cost", text("plan.million", value=text.number(cost, 1))),
        ("teams", text.number(made.plan["team"].nunique())),
        ("sessions", text.number(float(made.plan["sessions"].sum()))),
        ("communes", text.number(float((told["sessions"] > 0).sum()))),
        ("people_expected", text.number(float(made.plan["people_expected"].sum()))),
        ("people_newly_reached", text.number(float(told["people_newly_reached"].sum()))),
        ("coverage", text(f"plan.coverage_{known}", before=text.number(before, 2), after=text.number(after, 2))),
        ("gap", text("plan.gap_value", gap=text.number(100 * best.gap, 2))),
        ("made", text("plan.made_value", day=text.day(plan.made), digest=plan.digest)),
    ]
    unvalued = len(made.problem.unvalued)
    extra = [text("plan.unvalued", count=unvalued)] if unvalued else []
    labelled = [(text(f"plan.{key}"), value) for key, value in lines]
    return labelled + [(text("plan.note"), note) for note in [text("plan.note_assumptions"), *plan.notes, *extra]]


def _mean_coverage(plan: WorkPlan, column: str) -> float:
    """Return the coverage of all people whose coverage is known, percent."""
    told, people = plan.allocation.communes, plan.allocation.problem.communes["population"]
    known = told[column].notna()
    return float(100 * (told[column] * people)[known].sum() / people[known].sum()) if known.any() else float("nan")


def _xlsx(plan: WorkPlan, path: Path, geometry: gpd.GeoSeries | None) -> None:
    del geometry
    text, rows = texts(plan.language), plan.rows
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = text("plan.sheet_summary")
    sheet.append([text("plan.title")])
    sheet["A1"].font = Font(bold=True, size=14)
    for label, value in summary(plan):
        sheet.append([label, value])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
        sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 90
    _sheet(book, text("plan.sheet_plan"), rows, plan.language)
    visited = plan.visited.reset_index()
    visited.insert(1, "commune_name", visited["commune_code"].map(units.communes()["name"]).to_numpy())
    _sheet(book, text("plan.sheet_communes"), visited, plan.language)
    for key, table in plan.tables.items():
        _sheet(book, text(f"plan.sheet_{key}"), table.reset_index(), plan.language)
    for team, part in rows.groupby("team", sort=True):
        name = str(part["team_name"].iloc[0])
        title = name if str(team) == name else f"{team} {name}"
        _sheet(book, title, part.drop(columns=["team", "team_name"]), plan.language)
    book.save(path)


def _sheet(book: Workbook, title: str, table: pd.DataFrame, language: str) -> None:
    text = texts(language)
    sheet = book.create_sheet(sheet_title(title, [*book.sheetnames]))
    sheet.append([text.either(f"plan.column_{column}", str(column)) for column in table.columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    shown = guarded(table).astype(object)
    shown = shown.where(table.notna(), None)
    put_rows(sheet, shown.itertuples(index=False), language)
    sheet.freeze_panes = "A2"
    for position, column in enumerate(shown.columns, start=1):
        longest = max([len(str(typed(value))) for value in shown[column].head(200)], default=0)
        sheet.column_dimensions[get_column_letter(position)].width = min(max(longest + 2, 12), WIDEST)


def sheet_title(name: str, taken: list[str]) -> str:
    """Return a name that a sheet may have: 31 characters, none of ``[]:*?/\\'``, none given twice.

    Examples
    --------
    >>> sheet_title("Đội 1/2", []), sheet_title("a", ["A"])
    ('Đội 1-2', 'a (2)')
    """
    clean = SHEET_NAME.sub("-", name).strip() or "-"
    title, number = clean[:LONGEST_SHEET], 1
    while title.casefold() in {other.casefold() for other in taken}:
        number += 1
        title = f"{clean[: LONGEST_SHEET - len(f' ({number})')]} ({number})"
    return title


def _csv(plan: WorkPlan, path: Path, geometry: gpd.GeoSeries | None) -> None:
    del geometry
    rows = guarded(plan.rows)
    rows.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig", float_format="%.6g")


def _ics(plan: WorkPlan, path: Path, geometry: gpd.GeoSeries | None) -> None:
    del geometry
    text = texts(plan.language)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//riskmap//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", text("plan.title"))
    stamp = dt.datetime.combine(plan.made, dt.time(), dt.UTC)
    for row in plan.rows.to_dict("records"):
        first = dt.date.fromisoformat(row["week_start"])
        event = icalendar.Event()
        key = "|".join(str(row[name]) for name in ("team", "week_start", "commune_code", "type"))
        event.add("uid", f"{hashlib.sha256(key.encode()).hexdigest()[:32]}@riskmap")
        event.add("dtstamp", stamp)
        event.add("dtstart", first)
        event.add("dtend", first + dt.timedelta(days=5))
        event.add("summary", text("plan.event", **{name: row[name] for name in EVENT}))
        event.add("location", f"{row['commune_name']}, {row['province_name']}")
        people, cost = text.number(row["people_expected"]), text.number(row["cost"], 1)
        hours = text.number(row["travel_hours"], 1)
        event.add("description", text("plan.event_note", people=people, cost=cost, hours=hours))
        event.add("categories", [row["team_name"]])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    path.write_bytes(calendar.to_ical())


def _geojson(plan: WorkPlan, path: Path, geometry: gpd.GeoSeries | None) -> None:
    told = plan.visited
    rows = plan.rows
    teams = rows.groupby("commune_code")["team_name"].agg(lambda names: ", ".join(sorted(set(names))))
    weeks = rows.groupby("commune_code")["week"].agg(lambda found: ", ".join(map(str, sorted(set(found)))))
    facts = told.assign(
        commune_name=units.communes()["name"].reindex(told.index), teams=teams, weeks=weeks, settings_hash=plan.digest
    )
    shapes = None if geometry is None else geometry.reindex(told.index)
    frame = gpd.GeoDataFrame(facts.reset_index(), geometry=None if shapes is None else shapes.to_numpy(), crs=4326)
    frame.to_file(
        path, driver="GeoJSON", engine="pyogrio", layer="plan", COORDINATE_PRECISION=COORDINATE_DIGITS, RFC7946="YES"
    )


WRITERS: Mapping[str, Callable[[WorkPlan, Path, gpd.GeoSeries | None], None]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".ics": _ics,
    ".geojson": _geojson,
}
