"""Taking over your own log of outreach activities in the place of the demonstration log."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from geo import crosswalk, layers, paths, tables, units
from geo.datasets import check_table
from geo.errors import InputError, UnitNotFound
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
DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), (3, 2, 1)),
)
YEARS = (2000, 2100)


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
    table = _named_columns(tables.read_table(path), path)
    faults: list[str] = []
    columns = {
        "date": _each(table, "date", _date, faults),
        "commune_code": _communes(table, faults),
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


def _named_columns(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    folded = {re.sub(r"\s+", " ", fold(str(column)).replace("_", " ")).strip(): column for column in table.columns}
    found: dict[str, str] = {}
    for name, headers in HEADERS.items():
        for header in headers:
            if header.replace("_", " ") in folded and name not in found.values():
                found[folded[header.replace("_", " ")]] = name
                break
    lacking = [name for name in REQUIRED if name not in found.values()]
    if lacking:
        tables.require_columns(table, lacking, path=path)
    return table.rename(columns=found)[list(found.values())]


def _each(table: pd.DataFrame, name: str, read: Callable[[str], str], faults: list[str]) -> pd.Series:
    values = []
    for row, text in zip(table.index, table[name], strict=True):
        try:
            values.append(read(text))
        except ValueError:
            faults.append(f"{row + 2}: {name} = {text or '∅'}")
            values.append("")
    return pd.Series(values, index=table.index)


def _communes(table: pd.DataFrame, faults: list[str]) -> pd.Series:
    codes = table["commune"][table["commune"].str.fullmatch(r"\d{1,5}(\.0)?")]
    old_codes = len(codes) > 0 and crosswalk.vintage(codes) == "old"
    provinces = table["province"] if "province" in table else pd.Series("", index=table.index)
    values = []
    for row, text, province in zip(table.index, table["commune"], provinces, strict=True):
        try:
            values.append(_commune(text, province, old_codes))
        except UnitNotFound as error:
            near = f" ({'; '.join(error.rows[:3])})" if error.rows else ""
            faults.append(f"{row + 2}: commune = {text or '∅'}{near}")
            values.append("")
    return pd.Series(values, index=table.index)


@lru_cache(maxsize=20_000)
def _commune(text: str, province: str, old_codes: bool) -> str:
    code = units.check_codes([text]).iloc[0]
    if code in _main_successor() and (old_codes or code not in units.communes().index):
        return _main_successor()[code]
    return units.commune_code(text, units.find_province(province) if province else None)


@lru_cache(maxsize=1)
def _main_successor() -> dict[str, str]:
    links = crosswalk.links().sort_values("share").drop_duplicates("old_code", keep="last")
    return dict(zip(links["old_code"], links["new_code"], strict=True))


def _type(text: str) -> str:
    known = layers.outreach_types()
    wanted = fold(text).replace("_", " ")
    for code, row in known.iterrows():
        if wanted and wanted in (str(code).replace("_", " "), fold(row["vi"]), fold(row["en"])):
            return str(code)
    raise ValueError(text)


def _date(text: str) -> str:
    for pattern, order in DATES:
        found = pattern.fullmatch(text)
        if found:
            year, month, day = (int(found.group(place)) for place in order)
            if not YEARS[0] <= year < YEARS[1]:
                break
            return pd.Timestamp(year, month, day).date().isoformat()
    raise ValueError(text)


def _whole(text: str) -> str:
    if text == "" or WHOLE.fullmatch(text):
        return text.partition(".")[0]
    raise ValueError(text)
