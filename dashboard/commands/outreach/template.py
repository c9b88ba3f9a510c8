"""``riskmap outreach template``: an empty log to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.commands.outreach.telling import CODES, Language, both
from geo.base.errors import InputError


def register(group: typer.Typer) -> None:
    """Add the command."""
    examples = "Ví dụ / example: riskmap outreach template mau_nhat_ky.xlsx\n\n"
    group.command("template", epilog=examples + CODES)(template_command)


def template_command(
    out: Annotated[Path, typer.Argument(help="Tệp .xlsx. The workbook to write.")], language: Language = "vi"
) -> None:
    """Ghi tệp mẫu để điền nhật ký. Write the template of the log."""
    from dashboard.export.outreach_log import write_template
    from dashboard.locale import LANGUAGES

    if language not in LANGUAGES:
        raise InputError("log.language", given=language, known=", ".join(LANGUAGES))
    write_template(out, language)
    both(
        f"{out}: điền trang đầu, rồi riskmap outreach import {out}",
        f"{out}: fill in the first sheet, then riskmap outreach import {out}",
    )
