"""What a log lacks: communes nobody went to, rows nobody counted, rows that cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from geo import layers, units
from geo.base.findings import Finding
from geo.intake.outreach.duplicates import duplicates

STALE_MONTHS = 6
SHOWN = 20
DAYS_A_MONTH = 30.44


def lacks(log: pd.DataFrame, province: str | None = None, today: dt.date | None = None) -> list[Finding]:
    """Return what a log lacks, errors first.

    Parameters
    ----------
    log
        With the columns of ``outreach_activities``.
    province
        Look at one province only.
    today
        Later days are errors; today by default.

    Examples
    --------
    >>> [found.check for found in lacks(layers.outreach_activities().head(0))]
    ['log_check.empty']
    """
    today = today or dt.date.today()
    if province is not None:
        log = log[log["province_code"] == province]
    if log.empty:
        return [Finding("log_check.empty", "warning")]
    found = [*_wrong(log, today), *_missing(log, province), *_told(log, today)]
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda one: order[one.severity])


def _wrong(log: pd.DataFrame, today: dt.date) -> Iterator[Finding]:
    """What cannot be."""
    codes = log["commune_code"].dropna()
    yield from _if_any("codes", "error", codes[~codes.isin(units.communes().index)])
    yield from _if_any("future", "error", log.loc[log["date"] > today.isoformat(), "date"])
    yield from _if_any("types", "error", log.loc[~log["type"].isin(layers.outreach_types().index), "type"])
    parts = log[["women", "men"]].sum(axis=1)
    wrong = (parts > log["people_reached"]) | (log["children"] > log["people_reached"])
    yield from _if_any("parts", "error", log.loc[wrong, "activity_id"])
    again = duplicates(log.reset_index(drop=True))
    ids = log["activity_id"].reset_index(drop=True)
    yield from _if_any("duplicates", "warning", ids[again.index])


def _missing(log: pd.DataFrame, province: str | None) -> Iterator[Finding]:
    """What is not there."""
    communes = units.communes()
    seen = set(log["commune_code"].dropna())
    area = {province} if province else set(log["province_code"])
    of_area = communes[communes["province_code"].isin(area)]
    without = of_area[~of_area.index.isin(seen)]
    share = 100 * len(without) / max(len(of_area), 1)
    if len(without):
        shown = tuple(f"{code} {name}" for code, name in without["name"].head(SHOWN).items())
        values = {"communes": len(of_area), "share": share}
        yield Finding("log_check.no_activity", "warning", len(without), shown, values)
    uncounted = log[log[["events", "people_reached", "items"]].isna().all(axis=1)]
    yield from _if_any("uncounted", "warning", uncounted["activity_id"])


def _told(log: pd.DataFrame, today: dt.date) -> Iterator[Finding]:
    """What to know before one trusts the figures."""
    held = log[layers.outreach_types()["group"].reindex(log["type"]).isin(["community", "service"]).to_numpy()]
    estimated = held["people_reached"].isna()
    if estimated.any():
        values = {"share": 100 * float(estimated.mean())}
        yield Finding("log_check.estimated", "info", int(estimated.sum()), values=values)
    whole = int(log["commune_code"].isna().sum())
    if whole:
        yield Finding("log_check.whole_province", "info", whole)
    if synthetic := int((log["quality"] == "synthetic").sum()):
        yield Finding("log_check.synthetic", "warning", synthetic)
    last = dt.date.fromisoformat(str(log["date"].max()))
    months = (today - last).days / DAYS_A_MONTH
    if months > STALE_MONTHS:
        yield Finding("log_check.stale", "warning", int(months), values={"last": last.strftime("%d/%m/%Y")})


def _if_any(name: str, severity: str, rows: pd.Series) -> Iterator[Finding]:
    if len(rows):
        shown = tuple(map(str, rows.drop_duplicates().head(SHOWN)))
        yield Finding(f"log_check.{name}", severity, len(rows), shown)  # type: ignore[arg-type]
