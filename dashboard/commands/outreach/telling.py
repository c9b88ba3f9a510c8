"""What the commands of the log have in common: their options and how they say things."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dashboard.store.database import SqlStore
    from geo.base.findings import Finding

Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON. Print the result as JSON.")]
Province = Annotated[str | None, typer.Option(help="Chỉ một tỉnh: mã hoặc tên. One province, code or name.")]
Language = Annotated[str, typer.Option(help="vi | en")]
CODES = "Mã thoát / exit codes: 0 xong / done; 2 tệp hoặc tùy chọn không dùng được / the input cannot be used."
COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW}
MARKS = {"error": "✗", "warning": "!", "info": "·"}


def as_json(value: Any) -> str:
    """Return plain values as JSON that people can read."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str, allow_nan=False)


def both(vi: str, en: str) -> None:
    """Say something in Vietnamese and, dimmed, in English."""
    typer.echo(vi)
    typer.secho(en, dim=True)


def findings(found: Iterable[Finding]) -> None:
    """Say what a check found, errors and warnings in colour."""
    for one in found:
        vi, en = (f"{one.message(language)} {one.remedy(language)}".strip() for language in ("vi", "en"))
        typer.secho(f"{MARKS[one.severity]} {vi}", fg=COLOURS.get(one.severity))
        typer.secho(f"  {en}", dim=True)


def opened() -> SqlStore:
    """Open the store, and say so if what it holds could not be published."""
    from dashboard.store import open_store

    store = open_store()
    warn_unpublished(store)
    return store


def warn_unpublished(store: SqlStore) -> None:
    """Say that the rows are safe but the map does not show them yet, if so."""
    if store.unpublished is not None:
        typer.secho(str(store.unpublished), err=True, fg=typer.colors.YELLOW)
