"""``riskmap outreach export``: the log as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.outreach.telling import CODES, Language, Province, both, opened
from geo.base.errors import InputError


def register(group: typer.Typer) -> None:
    """Add the command."""
    examples = "Ví dụ / example: riskmap outreach export nhat_ky.xlsx --province 22\n\n"
    group.command("export", epilog=examples + CODES)(export_command)


def export_command(
    out: Annotated[Path, typer.Argument(help="Tệp kết quả: .csv, .xlsx. Result file.")],
    province: Province = None,
    language: Language = "vi",
) -> None:
    """Xuất nhật ký (của bạn, nếu chưa có thì bản minh họa). Write the log to a file."""
    from dashboard.export.geodata import check_ending
    from dashboard.export.outreach_log import WRITERS, write_log
    from dashboard.locale import LANGUAGES
    from geo import layers, units

    check_ending(out, WRITERS)
    if language not in LANGUAGES:
        raise InputError("log.language", given=language, known=", ".join(LANGUAGES))
    opened()
    log = layers.outreach_activities()
    if province is not None:
        log = log[log["province_code"] == units.find_province(province)]
    write_log(log, out, language)
    both(f"{out}: {len(log)} hoạt động", f"{out}: {len(log)} activities")
    if (log["quality"] == "synthetic").any():
        both("Đây là nhật ký minh họa, không phải hoạt động thật.", "This is the demonstration log.")
