"""``riskmap outreach list``: what came into the log."""

from __future__ import annotations

import typer

from dashboard.commands.outreach.telling import Json, as_json, both, opened


def register(group: typer.Typer) -> None:
    """Add the command."""
    group.command("list", epilog="Ví dụ / examples: riskmap outreach list; riskmap outreach list --json")(
        list_command
    )


def list_command(json_: Json = False) -> None:
    """Liệt kê các lần nhập. List the imports, newest first."""
    batches = opened().batches("activities")
    if json_:
        typer.echo(as_json([vars(batch) for batch in batches]))
        return
    if not batches:
        both("Chưa có lần nhập nào.", "Nothing has been imported.")
    for batch in batches:
        undone = "  (đã hoàn tác / taken back)" if batch.undone_at else ""
        at = batch.at.astimezone().strftime("%d/%m/%Y %H:%M")
        typer.echo(f"{batch.number:>5}  {at}  {batch.rows:>7}  {batch.name}{undone}")
