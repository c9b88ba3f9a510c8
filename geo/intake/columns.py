"""What the columns of a stranger's table mean: headers in two languages, days, communes by any name or code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

import pandas as pd

from geo import units
from geo.base.errors import UnitNotFound
from geo.files import tables
from geo.units import crosswalk
from geo.units.names import fold

DATES = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"), (3, 2, 1)),
)
YEARS = (2000, 2100)


def named(
    table: pd.DataFrame, headers: Mapping[str, Sequence[str]], required: Iterable[str], path: object
) -> pd.DataFrame:
    """Return the columns that are known, under our names; the case, diacritics and underscores of headers are free.

    Parameters
    ----------
    table
        Of text.
    headers
        By our name, what a column may be called; the first that is there is taken.
    required
        Our names that must be there.
    path
        What to call the file in messages.

    Raises
    ------
    InputError
        ``tables.column_missing``.

    Examples
    --------
    >>> named(pd.DataFrame({"Vĩ độ": ["21"]}), {"lat": ("lat", "vi do")}, ["lat"], "t.csv").columns.tolist()
    ['lat']
    """
    plain = {re.sub(r"\s+", " ", fold(str(column)).replace("_", " ")).strip(): column for column in table.columns}
    found: dict[str, str] = {}
    for name, known in headers.items():
        for header in known:
            if header.replace("_", " ") in plain and name not in found.values():
                found[plain[header.replace("_", " ")]] = name
                break
    lacking = [name for name in required if name not in found.values()]
    if lacking:
        tables.require_columns(table, lacking, path=path)
    return table.rename(columns=found)[list(found.values())]


def day(text: str) -> date:
    """Read a day as 2025-07-30 or 30/07/2025.

    Raises
    ------
    ValueError
        For anything else, and for years outside :data:`YEARS`.

    Examples
    --------
    >>> day("30.7.2025").isoformat()
    '2025-07-30'
    """
    for pattern, order in DATES:
        found = pattern.fullmatch(text)
        if found:
            year, month, number = (int(found.group(place)) for place in order)
            if YEARS[0] <= year < YEARS[1]:
                return date(year, month, number)
    raise ValueError(text)


def commune_codes(table: pd.DataFrame, faults: list[str]) -> pd.Series:
    """Return the codes in force of a column ``commune``: codes or names, of now or of before July 2025.

    Parameters
    ----------
    table
        ``commune`` and, if known, ``province``, which tells communes of one name apart.
    faults
        Gets a line for each row whose commune is unknown (the header is row 1); the code is then empty.
    """
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
