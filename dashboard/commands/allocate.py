"""``riskmap allocate``: from risk to a work plan that teams can follow."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from dashboard.commands.assess import parse_settings
from dashboard.commands.progress import working
from dashboard.locale import LANGUAGES
from geo import paths, units
from geo.errors import InputError
from geo.tables import NUMBER

if TYPE_CHECKING:
    import geopandas as gpd

    from dashboard.export.workplan import WorkPlan
    from geo.indicators import Sources
    from models.allocate import Allocation
    from models.allocation.problem import Floor
    from models.briefing import Briefing

MEASURES = ("sessions", "communes", "share")
EXAMPLES = """
Ví dụ / Examples:

  riskmap allocate --province 22 --budget 900 --teams doi.csv --out ke_hoach.xlsx

  riskmap allocate --province "Thái Nguyên" --budget 1200 --teams doi.xlsx --weeks 12
  --floor old_province:sessions:40 --floor remote:share:0.25 --include 02008 --out ke_hoach.ics

Bảng đội / table of teams: team, commune (xã nơi đóng / base), days_per_week; name, province, lat, lon,
sessions_per_week nếu có / if known.

Mã thoát / exit codes: 0 xong / done; 2 dữ liệu vào không dùng được hoặc các điều kiện mâu thuẫn nhau (không ghi gì) /
the input cannot be used or the conditions contradict each other (nothing is written).
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("allocate", epilog=EXAMPLES)(allocate_command)


@dataclass(frozen=True)
class Given:
    """What the plan starts from: the assessment, the communes of the area with their place, teams and types."""

    briefing: Briefing
    sources: Sources
    communes: pd.DataFrame
    teams: pd.DataFrame
    types: pd.DataFrame
    hours: pd.DataFrame


def allocate_command(
    budget: Annotated[float, typer.Option(help="Kinh phí, triệu đồng. Money, million VND.")],
    teams: Annotated[Path, typer.Option(help="Bảng đội, CSV/XLSX. Table of teams.")],
    out: Annotated[Path, typer.Option(help="Tệp kết quả: .xlsx, .csv, .ics, .geojson. Result file.")],
    province: Annotated[str | None, typer.Option(help="Mã hoặc tên tỉnh. Province, code or name.")] = None,
    nation: Annotated[bool, typer.Option("--nation", help="Cả nước. All provinces.")] = False,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="Số tuần. Weeks.")] = 12,
    start: Annotated[str, typer.Option(help="Ngày bắt đầu, YYYY-MM-DD. First day; its Monday is taken.")] = "",
    type_: Annotated[list[str] | None, typer.Option("--type", help="Loại hoạt động. Activity type; repeat.")] = None,
    volunteer_days: Annotated[float | None, typer.Option(help="Ngày công tình nguyện viên. Volunteer-days.")] = None,
    most_per_commune: Annotated[int | None, typer.Option(help="Số buổi tối đa một xã. Most per commune.")] = None,
    most_hours: Annotated[float, typer.Option(help="Giờ đi một chiều tối đa. Longest way, hours.")] = 2.5,
    travel_cost: Annotated[float, typer.Option(help="Triệu đồng một giờ xe. Million VND an hour.")] = 0.15,
    hours: Annotated[Path | None, typer.Option(help="Thời gian đo được: team, commune_code, hours.")] = None,
    parameters: Annotated[Path | None, typer.Option(help="Định mức của mình. Own outreach_parameters.csv.")] = None,
    include: Annotated[list[str] | None, typer.Option(help="Xã bắt buộc. Commune to include; repeat.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Xã loại ra. Commune to exclude; repeat.")] = None,
    floor: Annotated[
        list[str] | None,
        typer.Option(
            help="Mức sàn NHÓM:CÁCH_ĐẾM:SỐ. Floor GROUP:MEASURE:NUMBER; GROUP is remote, border, old_province, "
            "old_district or a file; MEASURE sessions, communes or share."
        ),
    ] = None,
    robust: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Chỉ tính nguy cơ còn giữ ở tỉ lệ này của 200 lần rút trọng số. Count only the "
            "risk that holds in this share of 200 draws of weights, such as 0.9.",
        ),
    ] = None,
    framework: Annotated[Path | None, typer.Option(help="Khung chỉ báo. Framework file.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="NODE=WEIGHT, lặp lại được. Repeatable.")] = None,
    gap: Annotated[float, typer.Option(help="Độ chắc chắn cần đạt. Wanted proof, 0.01 = 1 %.")] = 0.01,
    seconds: Annotated[float, typer.Option(help="Giới hạn thời gian giải. Time limit of the solver.")] = 30.0,
    lang: Annotated[str, typer.Option(help="vi | en")] = "vi",
    json_: Annotated[bool, typer.Option("--json", help="In tóm tắt dạng JSON. Print a summary as JSON.")] = False,
) -> None:
    """Lập kế hoạch truyền thông: đội nào, đi đâu, tuần nào, làm gì. Plan who goes where, when, with what."""
    from dashboard.export.workplan import check_plan_ending, write_plan

    if nation == (province is not None):
        raise InputError("general.province_or_nation")
    check_plan_ending(out)
    if lang not in LANGUAGES:
        raise InputError("allocate.language", given=lang, known=", ".join(LANGUAGES))
    first = _monday(start)
    code = None if province is None else units.find_province(province)
    with working("Đang lập kế hoạch / Planning"):
        from models.allocate import Limits, allocate, score_draws

        given = _given(code, teams, type_, hours, parameters, most_hours, framework, parse_settings(set_ or []))
        limits = Limits(
            money=budget, weeks=weeks, most_per_commune=most_per_commune, most_hours=most_hours,
            volunteer_days=float("inf") if volunteer_days is None else volunteer_days, travel_cost=travel_cost,
            include=_codes(include, code), exclude=_codes(exclude, code), floors=_floors(floor, given.communes),
        )  # fmt: skip
        made = allocate(
            given.communes, given.teams, given.types, given.hours, limits, gap=gap, seconds=seconds,
            draws=None if robust is None else score_draws(given.briefing.assessment), held_in=robust or 0.0,
        )  # fmt: skip
        plan = _work_plan(made, given, first, lang, robust, tables=out.suffix.lower() == ".xlsx")
        write_plan(plan, out, _shapes(code) if out.suffix.lower() == ".geojson" else None)
    _tell(made, given.briefing.framework.digest, out, as_json=json_)


def _given(
    province: str | None,
    teams: Path,
    types: list[str] | None,
    hours: Path | None,
    parameters: Path | None,
    most_hours: float,
    framework: Path | None,
    weights: dict[str, float],
) -> Given:
    from geo import layers
    from geo.datasets import read_table
    from geo.groups import town_distance
    from geo.indicators import load_sources
    from geo.teams import read_hours, read_teams
    from models.access import remote_share, travel_hours
    from models.briefing import brief, tuned
    from models.framework import read_framework

    crews = read_teams(teams)
    known = (
        layers.outreach_parameters()
        if parameters is None
        else read_table("outreach_parameters", parameters).set_index("type")
    )
    wanted = types or list(known.index[known["planned"] == "yes"])
    strangers = sorted(set(wanted) - set(known.index))
    if strangers:
        raise InputError("coverage.unknown_type", strangers)
    sources = load_sources()
    briefing = brief(tuned(read_framework(framework or paths.FRAMEWORK), weights), sources)
    communes = briefing.of(province).join(sources.communes[["lat", "lon", "type"]])
    communes = communes.assign(remote=remote_share(town_distance(communes)))
    measured = None if hours is None else read_hours(hours)
    bases = crews if province is None else crews.drop(columns="province_code")
    ways = travel_hours(bases, communes, most=most_hours, given=measured)
    return Given(briefing, sources, communes, crews, known.loc[wanted], ways)


def _codes(given: list[str] | None, province: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units.commune_code(text, province) for text in given or []))


def _floors(given: list[str] | None, communes: pd.DataFrame) -> tuple[Floor, ...]:
    from geo.groups import commune_groups
    from models.allocation.problem import Floor

    floors = []
    for text in given or []:
        head, _, number = text.rpartition(":")
        group, _, measure = head.rpartition(":")
        if not group or measure not in MEASURES or not NUMBER.fullmatch(number):
            raise InputError("teams.floor", given=text)
        least = float(number)
        parts = commune_groups(group, communes)
        floors += [Floor(f"{name} ({measure})", codes, least, measure) for name, codes in parts.items()]  # type: ignore[arg-type]
    return tuple(floors)


def _monday(text: str) -> dt.date:
    """Return the Monday of the week of a day; next week's without one."""
    today = dt.date.today()
    try:
        day = dt.date.fromisoformat(text) if text else today + dt.timedelta(days=7)
    except ValueError as error:
        raise InputError("allocate.day", given=text) from error
    return day - dt.timedelta(days=day.weekday())


def _shapes(province: str | None) -> gpd.GeoSeries:
    from geo import boundaries

    return boundaries.load(province).frame.geometry


def _work_plan(
    made: Allocation, given: Given, start: dt.date, language: str, robust: float | None, *, tables: bool
) -> WorkPlan:
    from dashboard.export.workplan import WorkPlan
    from dashboard.locale import texts
    from models.allocation.compare import compare, floor_prices, marginal_curve

    text = texts(language)
    notes = []
    if given.communes["population_quality"].eq("modelled").any():
        notes.append(text("plan.note_population"))
    if given.sources.activities["quality"].eq("synthetic").any():
        notes.append(text("plan.note_log"))
    if robust is not None:
        notes.append(text("plan.note_robust", share=text.number(100 * robust)))
    sheets: dict[str, pd.DataFrame] = {}
    if tables:
        beside = compare(made.problem, made.optimum, given.communes["score"], _last_year(given))
        sheets["compare"] = beside.rename(index={rule: text(f"plan.rule_{rule}") for rule in beside.index})
        sheets["curve"] = marginal_curve(made.problem)
        if made.problem.limits.floors:
            sheets["floors"] = floor_prices(made.problem)
    return WorkPlan(made, start, language, dt.date.today(), given.briefing.framework.digest, tuple(notes), sheets)


def _last_year(given: Given) -> pd.Series:
    """Return the sessions each commune had in the last twelve months of the log."""
    log = given.sources.activities
    recent = pd.to_datetime(log["date"]) > given.sources.as_of - pd.DateOffset(years=1)
    kept = log[recent & log["type"].isin(given.types.index)]
    return kept.groupby("commune_code")["events"].sum()


def _tell(made: Allocation, digest: str, out: Path, *, as_json: bool) -> None:
    best, told = made.optimum, made.communes
    figures = {
        "out": str(out),
        "sessions": int(told["sessions"].sum()),
        "communes": int((told["sessions"] > 0).sum()),
        "teams": int(made.plan["team"].nunique()),
        "cost": round(float(told["cost"].sum()), 3),
        "people_newly_reached": round(float(told["people_newly_reached"].sum())),
        "value": round(best.value, 3),
        "gap": round(best.gap, 6),
        "method": best.method,
        "communes_without_known_risk": len(made.problem.unvalued),
        "settings_hash": digest,
    }
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    typer.echo(
        f"{out}: {figures['sessions']} buổi ở {figures['communes']} xã, {figures['teams']} đội, "
        f"{figures['cost']:g} triệu đồng; cách tốt nhất ≤ {100 * best.gap:.2f} % / "
        f"{figures['sessions']} sessions in {figures['communes']} communes, {figures['teams']} teams, "
        f"{figures['cost']:g} million VND; within {100 * best.gap:.2f} % of the best"
    )
