"""``riskmap outreach import``: take a file into the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.outreach.telling import CODES, Json, as_json, both, opened, warn_unpublished
from dashboard.commands.progress import working
from geo.errors import InputError

if TYPE_CHECKING:
    from dashboard.store import Batch
    from geo.outreach import LogReading

SHOWN = 15
EXAMPLES = """
Ví dụ / Examples:

  riskmap outreach import nhat_ky.xlsx --dry-run

  riskmap outreach import nhat_ky.csv --province 22

  riskmap outreach import nhat_ky.xlsx --skip-faulty --faults loi.xlsx

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
) -> None:
    """Nhập nhật ký hoạt động vào kho. Import activities into the log."""
    from dashboard.export.geodata import check_ending
    from dashboard.export.outreach_log import WRITERS, write_table
    from dashboard.intake import take
    from dashboard.locale import texts
    from geo import units
    from geo.outreach import read_log

    if faults is not None:
        check_ending(faults, WRITERS)
    home = units.find_province(province) if province else None
    store = opened()
    with working("outreach"):
        reading = read_log(path, log=store.activities(), province=home)
    if faults is not None and reading.faults:
        write_table(reading.to_correct("vi"), faults, texts("vi")("log_file.sheet_faults"))
    refused = bool(reading.faults) and not skip_faulty
    batch = None
    if not refused and not dry_run:
        with working("outreach"):
            batch = take(store, reading, keep_duplicates=keep_duplicates)
        warn_unpublished(store)
    _tell(reading, batch, json_)
    if refused:
        shown = [f"{fault.row}: {fault.message('vi')}" for fault in reading.faults]
        raise InputError("log.faulty", shown, path=path.name, count=len(reading.faulty_rows))


def _tell(reading: LogReading, batch: Batch | None, json_: bool) -> None:
    kept = batch.rows if batch else 0
    if json_:
        told: dict[str, Any] = reading.summary() | {"imported": kept}
        typer.echo(as_json(told | {"batch": batch.number if batch else None}))
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
    for fault in reading.faults[:SHOWN]:
        typer.secho(f"✗ {fault.row} · {fault.column}: {fault.message('vi')} {fault.remedy('vi')}", fg="red")
    if len(reading.faults) > SHOWN:
        typer.secho(f"… +{len(reading.faults) - SHOWN} (--faults, --json)", fg="red")
    if batch is not None:
        both(
            f"Đã nhập {kept} hoạt động (lần nhập số {batch.number}). Hoàn tác: riskmap outreach undo {batch.number}",
            f"{kept} activities imported (import number {batch.number}).",
        )
    else:
        both("Chưa ghi gì.", "Nothing was written.")


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
