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
    from geo import units
    from geo.base.periods import by_province

    store = opened()
    batches, periods = store.batches("activities"), store.periods()
    names = units.old_provinces()["short_name"]
    covered = {
        number: [
            f"{names[row.old_province_code]} {row.first_day} – {row.last_day}"
            for row in by_province(rows).itertuples()
        ]
        for number, rows in periods.groupby("batch")
    }
    if json_:
        kept = {number: by_province(rows).to_dict("records") for number, rows in periods.groupby("batch")}
        typer.echo(as_json([vars(batch) | {"covered": kept.get(batch.number, [])} for batch in batches]))
        return
    if not batches:
        both("Chưa có lần nhập nào.", "Nothing has been imported.")
    for batch in batches:
        undone = "  (đã hoàn tác / taken back)" if batch.undone_at else ""
        at = batch.at.astimezone().strftime("%d/%m/%Y %H:%M")
        shown = f"  ({'; '.join(covered[batch.number])})" if batch.number in covered else ""
        who = f"  [{batch.actor}]" if batch.actor else ""
        typer.echo(f"{batch.number:>5}  {at}  {batch.rows:>7}  {batch.name}{who}{shown}{undone}")
