"""Taking over your own log of outreach activities in the place of the demonstration log."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo import crosswalk, layers, paths, tables, units
from geo.columns import commune_codes, day, named
from geo.datasets import check_table
from geo.errors import InputError
from geo.files import replace_file
from geo.names import fold

HEADERS = {
    "date": ("date", "ngay", "thoi gian"),
    "commune": ("commune", "commune_code", "commune_name", "xa", "ma xa", "ten xa", "xa/phuong", "phuong/xa"),
    "province": ("province", "province_code", "tinh", "tinh/thanh", "ma tinh"),
    "type": ("type", "loai", "loai hoat dong", "hinh thuc"),
    "events": ("events", "so cuoc", "so buoi", "so lan"),
    "people_reached": ("people_reached", "people", "so nguoi", "so luot", "so luot nguoi", "luot nguoi"),
    "items": ("items", "so luong", "so san pham", "so to"),
    "team": ("team", "doi", "don vi", "don vi thuc hien"),
}
REQUIRED = ("date", "commune", "type")
FIGURES = ("events", "people_reached", "items")
WHOLE = re.compile(r"\d+(\.0+)?")


@dataclass(frozen=True)
class OutreachImport:
    """What an import found: activities, communes, first and last day, what was counted, where it was written."""

    activities: int
    communes: int
    first: str
    last: str
    events: float
    people_reached: float
    path: Path | None


def import_outreach(path: str | Path, *, dry_run: bool = False) -> OutreachImport:
    """Take over a log of activities; it replaces the demonstration log everywhere.

    Parameters
    ----------
    path
        CSV or XLSX, one activity per row. Columns, in English or Vietnamese: ``date`` (2025-07-30 or 30/07/2025),
        ``commune`` (code or name, in force or of before July 2025), ``type`` (an identifier or a name of
        ``outreach_types.csv``), and if known ``province`` (helps with names that several provinces have), ``events``,
        ``people_reached``, ``items``, ``team``. An empty figure means that nobody counted.
    dry_run
        Check and report, write nothing.

    Raises
    ------
    InputError
        When columns are missing, or with every row that cannot be used (the header is row 1) and why.

    Examples
    --------
    >>> import tempfile
    >>> log = Path(tempfile.mkdtemp()) / "log.csv"
    >>> _ = log.write_text("Ngày,Xã,Loại,Số người\\n30/07/2025,Móng Cái 1,Tờ rơi,\\n", encoding="utf-8")
    >>> found = import_outreach(log, dry_run=True)
    >>> found.activities, found.first, found.people_reached
    (1, '2025-07-30', nan)
    """
    table = named(tables.read_table(path), HEADERS, REQUIRED, path)
    faults: list[str] = []
    columns = {
        "date": _each(table, "date", lambda text: day(text).isoformat(), faults),
        "commune_code": commune_codes(table, faults),
        "type": _each(table, "type", _type, faults),
        **{
            name: _each(table, name, _whole, faults) if name in table else pd.Series("", table.index)
            for name in FIGURES
        },
    }
    if faults:
        faults.sort(key=lambda fault: int(fault.partition(":")[0]))
        raise InputError("outreach.rows", faults, path=path, count=len(faults))
    log = pd.DataFrame(columns).assign(
        activity_id=[f"A{number:06d}" for number in range(1, len(table) + 1)],
        team=table.get("team", ""),
        quality="reported",
        source=Path(path).name,
    )
    area = units.communes()["province_code"], crosswalk.main_old_province()
    log["province_code"], log["old_province_code"] = (log["commune_code"].map(of) for of in area)
    log = log.reindex(columns=list(layers.outreach_columns()), fill_value="")
    target = None if dry_run else paths.home() / layers.OUTREACH_FILE
    checked = check_table(log.astype(str), "outreach_activities", target or path)
    if target is not None:
        with replace_file(target) as temporary:
            log.to_csv(temporary, index=False, lineterminator="\n")
    return OutreachImport(
        activities=len(checked),
        communes=checked["commune_code"].nunique(),
        first=str(checked["date"].min()),
        last=str(checked["date"].max()),
        events=float(checked["events"].sum(min_count=1)),
        people_reached=float(checked["people_reached"].sum(min_count=1)),
        path=target,
    )


def forget_outreach() -> bool:
    """Go back to the demonstration log; true if there was another."""
    own = paths.home() / layers.OUTREACH_FILE
    found = own.exists()
    own.unlink(missing_ok=True)
    return found


def _each(table: pd.DataFrame, name: str, read: Callable[[str], str], faults: list[str]) -> pd.Series:
    values = []
    for row, text in zip(table.index, table[name], strict=True):
        try:
            values.append(read(text))
        except ValueError:
            faults.append(f"{row + 2}: {name} = {text or '∅'}")
            values.append("")
    return pd.Series(values, index=table.index)


def _type(text: str) -> str:
    known = layers.outreach_types()
    wanted = fold(text).replace("_", " ")
    for code, row in known.iterrows():
        if wanted and wanted in (str(code).replace("_", " "), fold(row["vi"]), fold(row["en"])):
            return str(code)
    raise ValueError(text)


def _whole(text: str) -> str:
    if text == "" or WHOLE.fullmatch(text):
        return text.partition(".")[0]
    raise ValueError(text)
