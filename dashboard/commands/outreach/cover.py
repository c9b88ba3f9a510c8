"""``riskmap outreach cover``: state that the log holds everything that was done in a province in some time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from dashboard.commands.outreach.telling import CODES, Json, as_json, both, opened, warn_unpublished
from geo.base.errors import InputError

EXAMPLES = """
Ví dụ / Examples:

  riskmap outreach cover "Quảng Ninh" --from 2026-07-01 --to 2026-09-30

  riskmap outreach cover "Long An" "Tây Ninh (cũ)" --from 2026-01-01 --to 2026-06-30

"""


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("cover", epilog=EXAMPLES + CODES)(cover_command)


def cover_command(
    provinces: Annotated[list[str], typer.Argument(help="Tỉnh, cũ hay mới. Provinces, old or in force.")],
    first: Annotated[str, typer.Option("--from", help="Từ ngày, YYYY-MM-DD. First day.")],
    last: Annotated[str, typer.Option("--to", help="Đến ngày, YYYY-MM-DD. Last day.")],
    json_: Json = False,
) -> None:
    """Nêu rằng nhật ký ghi đủ mọi hoạt động của tỉnh trong một thời gian. Say that the log is complete for a time."""
    from dashboard.commands.outreach.changes import as_values, tell
    from dashboard.services.log import measured, stated
    from geo.intake.outreach.places import covered_provinces

    start, end = _day(first), _day(last)
    areas = list(dict.fromkeys(area for name in provinces for area in covered_provinces(name)))
    store = opened()
    statement = stated(store.activities(), start, end, areas)
    if statement is None:
        raise InputError("log.period_no_log")
    batch, change = measured(lambda: store.add_statement(statement, name="riskmap outreach cover"))
    warn_unpublished(store)
    if json_:
        typer.echo(as_json({"batch": batch.number, "coverage": None if change is None else as_values(change)}))
        return
    both(
        f"Đã ghi nhận (số {batch.number}). Hoàn tác: riskmap outreach undo {batch.number}",
        f"Kept (number {batch.number}).",
    )
    if change is not None:
        tell(change)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError("allocate.day", given=text) from error
