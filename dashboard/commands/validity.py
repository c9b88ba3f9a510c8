"""``riskmap validity``: the score against what is known from outside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.progress import working
from geo.base.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".md",)
EXAMPLES = """
Ví dụ / Examples:

  riskmap validity

  riskmap validity --out docs/validity.md

  riskmap validity --json

Danh sách bên ngoài chỉ để kiểm tra, không bao giờ vào điểm / lists from outside only check and never enter a score.

Mã thoát / exit codes: 0 xong, dù mức sàn đạt hay không / done, whether floors are reached or not; 2 tệp hoặc tùy chọn
không dùng được (không ghi gì) / the file or an option cannot be used (nothing is written).
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("validity", epilog=EXAMPLES)(validity_command)


def validity_command(
    out: Annotated[Path | None, typer.Option(help="Viết toàn bộ trang: .md. Write the whole page.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON. Print the result as JSON.")] = False,
) -> None:
    """So điểm số với những gì đã biết từ bên ngoài. Hold the score against what is known from outside."""
    from dashboard.export.geodata import check_ending

    if out is not None:
        check_ending(out, ENDINGS)
    with working("Đang đo / Measuring"):
        from dashboard.export.validity import document
        from geo.base import paths
        from geo.files.write import replace_file
        from geo.layers.indicators import load_sources
        from models.briefing import brief
        from models.index.framework import read_framework
        from models.validity.yardsticks import Case, validity

        sources = load_sources()
        case = Case(brief(read_framework(paths.FRAMEWORK), sources), sources)
        table = validity(case)
        if out is not None:
            page = document(case, table)
            try:
                with replace_file(out) as temporary:
                    temporary.write_text(page, encoding="utf-8")
            except OSError as error:
                raise InputError("export.not_written", path=out, reason=error.strerror or error) from error
    _tell(table, out, as_json=json_)


def _tell(table: pd.DataFrame, out: Path | None, *, as_json: bool) -> None:
    from dashboard.export.validity import shown
    from dashboard.locale import texts

    if as_json:
        rows = json.loads(table.to_json(orient="index", double_precision=6))
        typer.echo(json.dumps({"yardsticks": rows, "out": None if out is None else str(out)}, ensure_ascii=False))
        return
    vi, en = (shown(table, texts(language)) for language in ("vi", "en"))
    for code, row in vi.iterrows():
        known = " ".join(
            part for part in (row["value"], row["interval"] and f"({row['interval']})", row["floor"]) if part
        )
        typer.echo(f"{row['name']} / {en.loc[code, 'name']}: {known} – {row['verdict']} / {en.loc[code, 'verdict']}")
    if out is not None:
        typer.echo(str(out))
