"""``riskmap outreach hours``: measured travel times in the place of the speed model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.outreach.telling import CODES, Json, as_json, both
from geo.base.errors import InputError


def register(group: typer.Typer) -> None:
    """Add the command."""
    examples = "Ví dụ / examples: riskmap outreach hours gio_di.csv; riskmap outreach hours --forget\n\n"
    columns = (
        "Cột / columns: team (mã hoặc tên nơi trong danh bạ / identifier or name of the place), commune_code, "
        "hours.\n\n"
    )
    group.command("hours", epilog=examples + columns + CODES)(hours_command)


def hours_command(
    file: Annotated[Path | None, typer.Argument(help="Bảng giờ đi đo được, CSV/XLSX. Measured hours.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Bỏ giờ đo, dùng lại mô hình. Back to the model.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi. Check only.")] = False,
    json_: Json = False,
) -> None:
    """Dùng giờ đi đo được để tính mức sẵn có của đội. Use measured travel times for the access of communes."""
    from geo.intake.teams import forget_hours, import_hours, read_hours

    if forget == (file is not None):
        raise InputError("teams.hours_or_forget")
    if file is None:
        found = forget_hours()
        told: dict[str, int] = {"forgotten": int(found)}
        words = ("Đã dùng lại mô hình tốc độ.", "The speed model is used again.")
    else:
        hours = read_hours(file) if dry_run else import_hours(file)
        told = {"teams": len(hours), "ways": int(hours.notna().sum().sum())}
        words = (
            f"{told['ways']} quãng đường của {told['teams']} nơi có giờ đo; chỗ khác vẫn theo mô hình.",
            f"{told['ways']} ways of {told['teams']} places are measured; others follow the model.",
        )
    if json_:
        typer.echo(as_json(told))
        return
    both(*words)
