"""``riskmap outreach check``: what the log lacks."""

from __future__ import annotations

import typer

from dashboard.commands.outreach.telling import Json, Province, as_json, findings, opened


def register(group: typer.Typer) -> None:
    """Add the command."""
    examples = "Ví dụ / examples: riskmap outreach check; riskmap outreach check --province 22 --json\n\n"
    codes = "Mã thoát / exit codes: 0 không có lỗi / no error; 1 có lỗi / an error was found."
    group.command("check", epilog=examples + codes)(check_command)


def check_command(province: Province = None, json_: Json = False) -> None:
    """Kiểm tra nhật ký còn thiếu hoặc sai gì. Say what the log in use lacks."""
    from geo import layers, units
    from geo.intake.outreach.check import lacks

    opened()
    code = units.find_province(province) if province else None
    found = lacks(layers.outreach_activities(), code)
    if json_:
        typer.echo(as_json([one.to_dict() for one in found]))
    else:
        findings(found)
    raise typer.Exit(1 if any(one.severity == "error" for one in found) else 0)
