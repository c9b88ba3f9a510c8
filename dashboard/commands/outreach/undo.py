"""``riskmap outreach undo``: take an import back."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.commands.outreach.telling import CODES, Json, as_json, both, opened, warn_unpublished
from geo.base.errors import InputError


def register(group: typer.Typer) -> None:
    """Add the command."""
    examples = "Ví dụ / examples: riskmap outreach undo; riskmap outreach undo 3\n\n"
    group.command("undo", epilog=examples + CODES)(undo_command)


def undo_command(
    number: Annotated[
        int | None, typer.Argument(help="Số của lần nhập, mặc định lần gần nhất. Number of the import.")
    ] = None,
    json_: Json = False,
) -> None:
    """Hoàn tác một lần nhập. Take an import back, the latest by default."""
    store = opened()
    if number is None:
        held = [batch.number for batch in store.batches("activities") if batch.undone_at is None]
        if not held:
            raise InputError("log.nothing_to_undo")
        number = held[0]
    elif number not in {batch.number for batch in store.batches("activities")}:
        raise InputError("store.batch_unknown", number=number)
    batch = store.undo(number)
    warn_unpublished(store)
    if json_:
        typer.echo(as_json(vars(batch)))
        return
    both(
        f"Đã hoàn tác lần nhập số {batch.number} ({batch.name}): {batch.rows} hoạt động rời nhật ký.",
        f"Import number {batch.number} ({batch.name}) is taken back: {batch.rows} activities left the log.",
    )
