"""What a command says about coverage after the log has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from dashboard.commands.outreach.telling import both

if TYPE_CHECKING:
    from models.outreach.coverage_change import LogChange

SHOWN = 15


def as_values(change: LogChange) -> dict[str, Any]:
    """Return what a change did to coverage as plain values."""
    table = change.communes.reset_index(names="commune_code").astype(object)
    return {
        "communes": table.where(table.notna(), None).to_dict("records"),
        "moved_by_day": len(change.by_day),
        "unmoved": change.unmoved,
        "day_before": change.day_before.date().isoformat(),
        "day": change.day_after.date().isoformat(),
    }


def tell(change: LogChange) -> None:
    """Say which communes' coverage moved, from what to what, and that the others did not."""
    from geo import units

    communes, provinces = units.communes(), units.provinces()["short_name"]
    both(
        f"Độ phủ thay đổi ở {len(change.communes)} xã; {change.unmoved} xã khác không đổi.",
        f"Coverage moved in {len(change.communes)} communes; {change.unmoved} did not move.",
    )
    for code, row in change.communes.head(SHOWN).iterrows():
        name = f"{communes.loc[code, 'name']} ({provinces[communes.loc[code, 'province_code']]})"
        typer.echo(f"  {name}: {_share(row['before'])} → {_share(row['after'])}")
    if len(change.communes) > SHOWN:
        typer.echo(f"  … +{len(change.communes) - SHOWN} (--json)")
    if len(change.by_day):
        days = f"{change.day_before:%d/%m/%Y} → {change.day_after:%d/%m/%Y}"
        both(
            f"  {len(change.by_day)} xã khác thay đổi chỉ vì ngày xem xét chuyển: {days}.",
            f"  {len(change.by_day)} others moved only because another day is looked at: {days}.",
        )


def _share(value: float) -> str:
    return "chưa biết / unknown" if value != value else f"{100 * value:.2f} %"
