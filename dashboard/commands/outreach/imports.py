"""``riskmap outreach import``: take a file into the log."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.outreach.changes import as_values, tell
from dashboard.commands.outreach.telling import CODES, Json, as_json, both, opened, warn_unpublished
from dashboard.commands.progress import working
from geo.base.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.store import Batch
    from geo.base.periods import Statement
    from geo.intake.outreach import LogReading
    from models.outreach.coverage_change import LogChange

SHOWN = 15
EXAMPLES = """
Ví dụ / Examples:

  riskmap outreach import nhat_ky.xlsx --dry-run

  riskmap outreach import nhat_ky.csv --province 22

  riskmap outreach import nhat_ky.xlsx --skip-faulty --faults loi.xlsx

  riskmap outreach import nhat_ky_2025.xlsx --from 2025-01-01 --to 2025-12-31 --covers "Long An"

"""


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("import", epilog=EXAMPLES + CODES)(import_command)


def import_command(
    path: Annotated[Path, typer.Argument(help="CSV/XLSX, mỗi dòng một hoạt động. One activity per row.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi. Check only.")] = False,
    json_: Json = False,
    keep_duplicates: Annotated[
        bool, typer.Option("--keep-duplicates", help="Nhập cả dòng trùng. Import duplicates too.")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option(help="Ghi các dòng lỗi ra .csv/.xlsx để sửa. Write the faulty rows to a file.")
    ] = None,
    skip_faulty: Annotated[
        bool, typer.Option("--skip-faulty", help="Nhập các dòng đúng, bỏ các dòng lỗi. Import the good rows.")
    ] = False,
    province: Annotated[
        str | None, typer.Option(help="Tìm tên xã trong tỉnh này trước. Look for names in this province first.")
    ] = None,
    first: Annotated[
        str,
        typer.Option("--from", help="Tệp ghi đủ mọi hoạt động từ ngày này. First day the file covers completely."),
    ] = "",
    last: Annotated[str, typer.Option("--to", help="… đến ngày này. Last day the file covers completely.")] = "",
    covers: Annotated[
        list[str] | None,
        typer.Option(help="… của tỉnh này, cũ hay mới; lặp lại được. … of this province, old or in force."),
    ] = None,
) -> None:
    """Nhập nhật ký hoạt động vào kho. Import activities into the log."""
    from dashboard.export.geodata import check_ending
    from dashboard.export.outreach_log import WRITERS, write_table
    from dashboard.locale import texts
    from dashboard.services.log import measured, stated, take
    from geo import units
    from geo.intake.outreach import read_log
    from geo.intake.outreach.places import covered_provinces

    if faults is not None:
        check_ending(faults, WRITERS)
    home = units.find_province(province) if province else None
    areas = [area for name in covers or () for area in covered_provinces(name)]
    days = _day(first), _day(last)
    store = opened()
    with working("outreach"):
        reading = read_log(path, log=store.activities(), province=home)
    if faults is not None and reading.faults:
        write_table(reading.to_correct("vi"), faults, texts("vi")("log_file.sheet_faults"))
    refused = bool(reading.faults) and not skip_faulty
    statement = stated(reading.to_keep(keep_duplicates=keep_duplicates), *days, areas)
    batch, change = None, None
    if not refused and not dry_run:
        with working("outreach"):
            batch, change = measured(
                lambda: take(store, reading, keep_duplicates=keep_duplicates, statement=statement)
            )
        warn_unpublished(store)
    _tell(reading, batch, change, statement, json_)
    if refused:
        shown = [f"{fault.row}: {fault.message('vi')}" for fault in reading.faults]
        raise InputError("log.faulty", shown, path=path.name, count=len(reading.faulty_rows))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError("allocate.day", given=text) from error


def _tell(
    reading: LogReading, batch: Batch | None, change: LogChange | None, statement: Statement | None, json_: bool
) -> None:
    kept = batch.rows if batch else 0
    if json_:
        told: dict[str, Any] = reading.summary() | {"imported": kept, "batch": batch.number if batch else None}
        told["covered"] = _periods(reading, statement).to_dict("records")
        told["coverage"] = None if change is None else as_values(change)
        typer.echo(as_json(told))
        return
    found = reading.summary()
    communes, first, last = found["communes"], found["first"] or "–", found["last"] or "–"
    rows, usable = found["rows"], found["usable"]
    wrong, again = found["faulty"], found["duplicates"]
    both(
        f"{rows} dòng: {usable} dùng được, {wrong} lỗi, {again} trùng; {communes} xã, {first} – {last}",
        f"{rows} rows: {usable} usable, {wrong} faulty, {again} duplicates; {communes} communes",
    )
    _notes(reading)
    _covered(_periods(reading, statement))
    for fault in reading.faults[:SHOWN]:
        typer.secho(f"✗ {fault.row} · {fault.column}: {fault.message('vi')} {fault.remedy('vi')}", fg="red")
    if len(reading.faults) > SHOWN:
        typer.secho(f"… +{len(reading.faults) - SHOWN} (--faults, --json)", fg="red")
    if batch is not None:
        both(
            f"Đã nhập {kept} hoạt động (lần nhập số {batch.number}). Hoàn tác: riskmap outreach undo {batch.number}",
            f"{kept} activities imported (import number {batch.number}).",
        )
        if change is not None:
            tell(change)
    else:
        both("Chưa ghi gì.", "Nothing was written.")


def _periods(reading: LogReading, statement: Statement | None) -> pd.DataFrame:
    from geo.base.periods import by_province, periods_of
    from geo.units import crosswalk

    return by_province(periods_of(reading.rows, crosswalk.main_old_province(), reading.name, statement))


def _covered(periods: pd.DataFrame) -> None:
    """Say which time the file covers, and what that says of communes without a row."""
    from geo import units

    names = units.old_provinces()["short_name"]
    for stated, vi, en in (
        (
            True,
            "đã nêu: xã không có dòng nào là không có hoạt động",
            "stated: no row means nothing done",
        ),
        (
            False,
            "theo ngày đầu và ngày cuối trong tệp: xã không có tên trong tệp là chưa biết (--from, --to, --covers)",
            "from the days of the file: communes it does not name are unknown",
        ),
    ):
        rows = periods[periods["stated"] == stated]
        if len(rows):
            shown = ", ".join(
                f"{names[row.old_province_code]} {row.first_day} – {row.last_day}" for row in rows.itertuples()
            )
            both(f"· Thời gian bao trùm, {vi}: {shown}", f"  Time covered, {en}")


def _notes(reading: LogReading) -> None:
    """Say what one might not expect."""
    if reading.ignored:
        names = ", ".join(reading.ignored)
        both(f"! Cột không dùng đến: {names}", f"  Columns that are not used: {names}")
    if reading.font:
        both(f"· Tệp dùng phông {reading.font}, đã chuyển sang Unicode", f"  Written in {reading.font}, converted")
    for number, vi, en in (
        (len(reading.totals), "dòng tổng cộng, bỏ qua", "rows of totals, left out"),
        (
            len(reading.months),
            "dòng chỉ có tháng, ghi vào ngày đầu tháng",
            "rows with a month only, on its first day",
        ),
        (reading.converted, "dòng dùng mã hoặc tên xã cũ, đã quy đổi", "rows with old codes or names, converted"),
        (reading.hidden, "ô ghi “dưới…”, để trống", "cells that say “fewer than”, left empty"),
    ):
        if number:
            both(f"· {number} {vi}", f"  {number} {en}")
