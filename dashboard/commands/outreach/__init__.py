"""``riskmap outreach``: the log of activities, one command per module."""

from __future__ import annotations

import typer

from dashboard.commands.outreach import check, cover, export, hours, imports, listing, report, template, undo

group = typer.Typer(
    no_args_is_help=True,
    help="Nhật ký tuyên truyền: nhập, kiểm tra, hoàn tác, xuất. The log of outreach activities.",
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (imports, cover, undo, listing, export, check, report, template, hours):
        command.register(group)
    app.add_typer(group, name="outreach")
