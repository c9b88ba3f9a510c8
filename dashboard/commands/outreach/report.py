"""``riskmap outreach report``: reported and logged, coverage, plan and actual, alerts, in one file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.outreach.telling import Json, Language, Province, as_json, both, opened
from dashboard.commands.progress import working
from dashboard.locale import texts
from geo.base.errors import InputError

if TYPE_CHECKING:
    from dashboard.export.follow import Report

EXAMPLES = """
Ví dụ / Examples:

  riskmap outreach report --province 22 --out bao_cao.xlsx

  riskmap outreach report --province "Quảng Ngãi" --since 2024-01-01 --out bao_cao.csv

  riskmap outreach report --province 80 --plan 3 --until 2026-03-31 --months 6 --json

Mã thoát / exit codes: 0 xong / done; 2 tỉnh, kế hoạch, ngày hoặc tệp không dùng được (không ghi gì) / province, plan,
day or file cannot be used (nothing is written).
"""


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("report", epilog=EXAMPLES)(report_command)


def report_command(
    province: Province = None,
    nation: Annotated[bool, typer.Option("--nation", help="Cả nước. All provinces.")] = False,
    plan: Annotated[int | None, typer.Option(help="Số kế hoạch đã lưu. Number of a saved plan.")] = None,
    since: Annotated[
        str, typer.Option(help="Từ ngày, YYYY-MM-DD: nhật ký và báo cáo. First day of log and reports.")
    ] = "",
    until: Annotated[str, typer.Option(help="Xem kế hoạch đến ngày. Last day of the plan looked at.")] = "",
    months: Annotated[
        int, typer.Option(min=1, max=120, help="Cảnh báo sau bao nhiêu tháng. Months without activity.")
    ] = 6,
    out: Annotated[Path | None, typer.Option(help="Tệp kết quả: .xlsx, .csv, .json. Result file.")] = None,
    lang: Language = "vi",
    json_: Json = False,
) -> None:
    """Lập báo cáo: số đã báo cáo và nhật ký, độ phủ, kế hoạch và thực tế, cảnh báo. Report on outreach."""
    from dashboard.export.follow import as_json as whole
    from dashboard.export.follow import check_report_ending, facts, write_report
    from dashboard.locale import LANGUAGES
    from geo import units

    if nation == (province is not None):
        raise InputError("general.province_or_nation")
    if lang not in LANGUAGES:
        raise InputError("allocate.language", given=lang, known=", ".join(LANGUAGES))
    if out is None and not json_:
        raise InputError("report.nowhere")
    if out is not None:
        check_report_ending(out)
    code = None if province is None else units.find_province(province)
    first, last = _day(since), _day(until)
    with working("Đang lập báo cáo / Reporting"):
        made = _report(code, plan, first, last, months, lang)
        if out is not None:
            write_report(made, out)
    if json_:
        typer.echo(as_json(facts(made)) if out is not None else whole(made))
    else:
        _tell(facts(made), out)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError("allocate.day", given=text) from error


def _report(
    province: str | None, plan: int | None, since: dt.date | None, until: dt.date | None, months: int, language: str
) -> Report:
    from dashboard.export.follow import Report
    from dashboard.locale import texts
    from dashboard.services import follow
    from geo import units
    from geo.base import paths
    from geo.layers.indicators import load_sources
    from models.briefing import brief
    from models.index.framework import read_framework

    store, today = opened(), dt.date.today()
    chosen = None if plan is None else store.plan(plan)
    if chosen is not None and province is not None and chosen.province_code not in ("", province):
        raise InputError("report.plan_elsewhere", number=plan, province=chosen.province_code)
    places, sources = store.places(), load_sources()
    briefing = brief(read_framework(paths.FRAMEWORK), sources)
    known = follow.field(briefing, sources, province, near=follow.access_of(places, sources))
    day = follow.alerts_day(known, today)
    beside = None
    if chosen is not None:
        where = follow.province_of(chosen)
        field = known if where == province else follow.field(briefing, sources, where)
        beside = follow.followed(field, chosen, until or follow.usual_day(chosen, today))
    name = texts(language)("place.nation") if province is None else units.provinces()["short_name"][province]
    return Report(
        place=str(name),
        known=known,
        reported=follow.reported(province, known.log, places, since),
        followed=beside,
        alerts=follow.quiet(known, day, months),
        months=months,
        alerts_day=day,
        made=today,
        digest=briefing.framework.digest,
        language=language,
        since=since,
        statements=follow.statements_of(province),
    )


def _tell(told: dict[str, Any], out: Path | None) -> None:
    vi, en = (texts(one).percent(told["coverage"], 1) for one in ("vi", "en"))
    alerts = ", ".join(f"{state} {count}" for state, count in told["alerts"].items()) or "0"
    unknown, figures = told["communes_without_log"], told["reported_figures"]
    both(
        f"{out}: {figures} chỉ tiêu đã báo cáo; độ phủ {vi}, chưa có thông tin tuyên truyền của {unknown} xã; "
        f"cảnh báo: {alerts}",
        f"{out}: {figures} reported figures; coverage {en}, no outreach information on {unknown} communes; "
        f"alerts: {alerts}",
    )
    if "plan" in told:
        plan = told["plan"]
        held, planned = plan["held"], plan["planned"]
        held = "–" if held is None else f"{held:g}"
        both(
            f"Kế hoạch {plan['number']} ({plan['name']}) đến {plan['until']}: {held} / {planned:g} buổi",
            f"Plan {plan['number']} until {plan['until']}: {held} of {planned:g} sessions",
        )
    if told["log_synthetic"]:
        both("! Nhật ký đang dùng là số liệu minh họa.", "  The log in use is a demonstration.")
