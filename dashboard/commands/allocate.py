"""``riskmap allocate``: from risk to a work plan that teams can follow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.assess import Ratio, parse_settings
from dashboard.commands.progress import working
from dashboard.export import plan_words
from dashboard.locale import LANGUAGES, texts
from geo import units
from geo.base import paths
from geo.base.errors import InputError
from geo.base.numerals import amount

if TYPE_CHECKING:
    import pandas as pd

    from models.planning.allocate import Allocation
    from models.planning.plan import Given

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
            help="Mức tối thiểu NHÓM:CÁCH_ĐẾM:SỐ. Floor GROUP:MEASURE:NUMBER; GROUP is remote, border, mountain, "
            "island, minority, old_province, old_district or a file; MEASURE sessions, communes or share."
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
    ratio: Ratio = None,
    framework: Annotated[Path | None, typer.Option(help="Khung chỉ báo. Framework file.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="NODE=WEIGHT, lặp lại được. Repeatable.")] = None,
    gap: Annotated[float, typer.Option(help="Độ chắc chắn cần đạt. Wanted proof, 0.01 = 1 %.")] = 0.01,
    seconds: Annotated[float, typer.Option(help="Giới hạn thời gian giải. Time limit of the solver.")] = 20.0,
    lang: Annotated[str, typer.Option(help="vi | en")] = "vi",
    json_: Annotated[bool, typer.Option("--json", help="In tóm tắt dạng JSON. Print a summary as JSON.")] = False,
) -> None:
    """Lập kế hoạch tuyên truyền: đội nào, đi đâu, tuần nào, làm gì. Plan who goes where, when, with what."""
    from dashboard.export.workplan import check_plan_ending, write_plan

    if nation == (province is not None):
        raise InputError("general.province_or_nation")
    check_plan_ending(out)
    if lang not in LANGUAGES:
        raise InputError("allocate.language", given=lang, known=", ".join(LANGUAGES))
    code = None if province is None else units.find_province(province)
    weights = parse_settings(set_ or [])
    with working("Đang lập kế hoạch / Planning"):
        from models.planning import assumptions
        from models.planning import plan as planning
        from models.planning.allocate import Limits

        first = assumptions.monday(start)
        given = _given(code, teams, type_, hours, parameters, most_hours, framework, weights, ratio)
        limits = Limits(
            money=budget, weeks=weeks, most_per_commune=most_per_commune, most_hours=most_hours,
            volunteer_days=float("inf") if volunteer_days is None else volunteer_days, travel_cost=travel_cost,
            include=_codes(include, code), exclude=_codes(exclude, code),
            floors=tuple(one for text in floor or [] for one in planning.read_floor(text, given.communes)),
        )  # fmt: skip
        made = planning.make(given, limits, robust=robust, gap=gap, seconds=seconds)
        ending = out.suffix.lower()
        further = plan_words.tables(made, given, lang) if ending == ".xlsx" else None
        plan = plan_words.work_plan(made, given, first, lang, robust, further=further)
        write_plan(plan, out, plan_words.shapes(code) if ending == ".geojson" else None)
        first = planning.agreed(made, given)
        why = plan_words.reasons(first, made, given, texts(lang))
    _tell(made, given.briefing.framework.digest, out, first.assign(why=why), as_json=json_)


def _given(
    province: str | None,
    teams: Path,
    types: list[str] | None,
    hours: Path | None,
    parameters: Path | None,
    most_hours: float,
    framework: Path | None,
    weights: dict[str, float],
    ratio: float | None,
) -> Given:
    from geo.intake.teams import read_hours, read_teams
    from geo.layers.indicators import load_sources
    from models.briefing import brief, tuned
    from models.index.framework import read_framework
    from models.planning import plan as planning

    crews = read_teams(teams)
    kinds = planning.chosen_types(planning.known_types(parameters), types or ())
    sources = load_sources()
    briefing = brief(tuned(read_framework(framework or paths.FRAMEWORK), weights), sources)
    measured = None if hours is None else read_hours(hours)
    return planning.gather(
        briefing, sources, province, crews, kinds, measured=measured, most_hours=most_hours, ratio=ratio
    )


def _codes(given: list[str] | None, province: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units.commune_code(text, province) for text in given or []))


def _tell(made: Allocation, digest: str, out: Path, first: pd.DataFrame, *, as_json: bool) -> None:
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
        "first": {code: row["state"] for code, row in first.iterrows()},
    }
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    vi, en = ((amount(figures["cost"], one), amount(100 * best.gap, one)) for one in ("vi", "en"))
    typer.echo(
        f"{out}: {figures['sessions']} buổi ở {figures['communes']} xã, {figures['teams']} đội, "
        f"{vi[0]} triệu đồng; kém cách tốt nhất không quá {vi[1]}% / "
        f"{figures['sessions']} sessions in {figures['communes']} communes, {figures['teams']} teams, "
        f"{en[0]} million VND; within {en[1]}% of the best"
    )
    visited = first["state"].eq("planned")
    typer.echo(
        f"Danh sách cần đến trước: {visited.sum()} / {len(first)} xã có trong kế hoạch / "
        f"list to visit first: {visited.sum()} of {len(first)} in the plan"
    )
    for _, row in first[~visited].iterrows():
        typer.echo(f"  {row['name']}: {row['why']}")
