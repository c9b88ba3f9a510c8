"""Outreach teams: where they are based and how much they can do; read from a table of the user's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo import units
from geo.base import paths
from geo.base.errors import InputError, UnitNotFound
from geo.files import tables
from geo.files.write import replace_file
from geo.units.names import fold

HOURS_FILE = "travel_hours.csv"
HEADERS = {
    "team": ("team", "đội", "mã đội", "tên đội", "team_id"),
    "name": ("name", "tên", "team_name"),
    "commune": ("commune", "commune_code", "xã", "mã xã", "nơi đóng"),
    "province": ("province", "province_code", "tỉnh", "mã tỉnh"),
    "lat": ("lat", "latitude", "vĩ độ"),
    "lon": ("lon", "lng", "longitude", "kinh độ"),
    "days_per_week": ("days_per_week", "ngày mỗi tuần", "ngày một tuần"),
    "sessions_per_week": ("sessions_per_week", "buổi mỗi tuần", "buổi một tuần"),
}


def read_teams(path: str | Path) -> pd.DataFrame:
    """Read a table of teams.

    Parameters
    ----------
    path
        CSV or XLSX with one row per team. Columns, in English or Vietnamese: ``team``, ``days_per_week``; and where
        the team is based, as ``commune`` (code or name; ``province`` helps with doubled names) or as ``lat`` and
        ``lon`` (degrees). If known, ``name`` and ``sessions_per_week`` (at most).

    Returns
    -------
    pandas.DataFrame
        Indexed by ``team``: ``name, lat, lon, province_code`` (missing where only a point is given)
        ``, days_per_week, sessions_per_week`` (missing where there is no limit).

    Raises
    ------
    InputError
        When a column is missing, or with every row that cannot be used and why.
    """
    table = tables.read_table(path)
    known = {fold(header).replace("_", " "): name for name, headers in HEADERS.items() for header in headers}
    table = table.rename(columns={column: known.get(fold(str(column)).replace("_", " "), column) for column in table})
    if "commune" not in table and not {"lat", "lon"} <= set(table):
        tables.require_columns(table, ["commune"], path=path)
    table = tables.index_by(table, "team", path=path)
    wanted = [name for name in ("days_per_week", "sessions_per_week", "lat", "lon") if name in table]
    figures = tables.numbers(table, sorted({*wanted, "days_per_week"}), path=path)
    figures = figures.reindex(columns=["days_per_week", "sessions_per_week", "lat", "lon"])
    faults = [
        f"{team}: {column}"
        for column, low, high, needed in (
            ("days_per_week", 0, 7, True), ("sessions_per_week", 0, 100, False), ("lat", 7, 24, False),
            ("lon", 102, 118, False),
        )
        for team in figures.index[~_within(figures[column], low, high, needed)]
    ]  # fmt: skip
    codes = _bases(table, figures, faults)
    if faults:
        raise InputError("teams.rows", faults, path=path, count=len(faults))
    places = units.communes().reindex(codes.to_numpy()).set_axis(table.index)
    return pd.DataFrame(
        {
            "name": table["name"].where(table["name"] != "", table.index) if "name" in table else table.index,
            "lat": figures["lat"].fillna(places["lat"]),
            "lon": figures["lon"].fillna(places["lon"]),
            "province_code": places["province_code"],
            "days_per_week": figures["days_per_week"],
            "sessions_per_week": figures["sessions_per_week"],
        },
        index=table.index,
    )


def read_hours(path: str | Path) -> pd.DataFrame:
    """Read measured travel times: columns ``team, commune_code, hours``; returned as teams x communes."""
    table = tables.read_table(path)
    tables.require_columns(table, ["team", "commune_code", "hours"], path=path)
    figures = tables.numbers(table, ["hours"], path=path)["hours"]
    codes = units.require_known(table["commune_code"])
    frame = pd.DataFrame({"team": table["team"], "commune": codes.to_numpy(), "hours": figures})
    wrong = frame.index[(frame["hours"] < 0) | frame["hours"].isna() | frame.duplicated(["team", "commune"])]
    if len(wrong):
        raise InputError("teams.hours", [row + 2 for row in wrong], path=path)
    return frame.pivot_table(index="team", columns="commune", values="hours")


def import_hours(path: str | Path) -> pd.DataFrame:
    """Take over measured travel times, see :func:`read_hours`, in the place of earlier ones."""
    found = read_hours(path)
    rows = found.reset_index().melt("team", var_name="commune_code", value_name="hours").dropna()
    with replace_file(paths.home() / HOURS_FILE) as temporary:
        rows.to_csv(temporary, index=False, lineterminator="\n")
    return found


def measured_hours() -> pd.DataFrame | None:
    """Return the travel times taken over, teams x communes; none without any."""
    own = paths.home() / HOURS_FILE
    return read_hours(own) if own.exists() else None


def forget_hours() -> bool:
    """Go back to the speed model; true if there were measured times."""
    own = paths.home() / HOURS_FILE
    found = own.exists()
    own.unlink(missing_ok=True)
    return found


def _within(values: pd.Series, low: float, high: float, needed: bool) -> pd.Series:
    return values.between(low, high) | (values.isna() & (not needed))


def _bases(table: pd.DataFrame, figures: pd.DataFrame, faults: list[str]) -> pd.Series:
    """Return the commune each team is based in, missing where only a point is given."""
    codes = pd.Series(np.nan, table.index, dtype=object)
    located = figures["lat"].notna() & figures["lon"].notna()
    for team, row in table.iterrows():
        text = str(row.get("commune", ""))
        if text == "":
            if not located[team]:
                faults.append(f"{team}: commune")
            continue
        try:
            codes[team] = _commune(text, str(row.get("province", "")))
        except UnitNotFound as error:
            near = f" ({'; '.join(error.rows[:3])})" if error.rows else ""
            faults.append(f"{team}: commune = {text}{near}")
    return codes


@cache
def _commune(text: str, province: str) -> str:
    return units.commune_code(text, units.find_province(province) if province else None)
