"""The commune of each outline of a file, from a column of codes or from names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import assert_never

import pandas as pd

from geo import units
from geo.base.errors import InputError
from geo.base.findings import Finding
from geo.files.readers.rows import PART
from geo.units import crosswalk
from geo.units.crosswalk import Vintage
from geo.units.names import accented, fold, short_name

CODE_NAMES = (
    "communecode", "maxa", "maxaphuong", "maphuongxa", "maphuong", "maxamoi", "wardcode", "madvhc", "madvhccapxa",
    "mahc", "mahanhchinh", "madonvi", "xaid", "code", "ma", "id",
)  # fmt: skip
NAME_NAMES = (
    "fullname", "tendaydu", "tenxa", "tenphuongxa", "tenxaphuong", "tenphuong", "communename", "wardname",
    "ten", "tendvhc", "tenhc", "tendonvi", "commune", "ward", "xa", "name",
)  # fmt: skip
PROVINCE_NAMES = (
    "provincecode", "matinh", "matinhtp", "province", "provincename", "tentinh", "tentinhtp", "tinh", "tinhthanh",
    "tinhtp", "thanhpho",
)  # fmt: skip
SURE = 0.9
"""Share of codes in force above which a column is one of codes, whatever it is called."""


@dataclass(frozen=True)
class Naming:
    """What the rows of a file are called.

    ``codes`` holds a code in force, or None where ``choices`` lists several communes of that name; ``written`` is
    what the file wrote; ``column`` where it stood. Rows that are not communes are left out of all three.
    """

    codes: pd.Series
    written: pd.Series
    column: str
    choices: dict[int, tuple[str, ...]]
    findings: tuple[Finding, ...]


def name_rows(table: pd.DataFrame, file: str, *, skip_unknown: bool = False) -> Naming:
    """Find the code of every row.

    Parameters
    ----------
    table
        The attributes, one row per outline, with a plain index.
    file
        What to call the file in messages.
    skip_unknown
        Whether rows with an unknown code or name are left out and reported; else they are an error.

    Raises
    ------
    InputError
        When no column tells the communes, when codes are of before July 2025, or unknown.
    """
    column = _code_column(table)
    if column is not None:
        return _by_code(table[column], column, file, skip_unknown)
    column = _named(table, NAME_NAMES)
    if column is None:
        raise InputError("boundaries.no_code_column", list(_columns(table)), file=file)
    return _by_name(table, column, file, skip_unknown)


def _columns(table: pd.DataFrame) -> list[str]:
    return [str(column) for column in table.columns if column not in (PART, "geometry")]


def _named(table: pd.DataFrame, names: tuple[str, ...]) -> str | None:
    keys = {fold(column).replace(" ", ""): column for column in reversed(_columns(table))}
    return next((keys[name] for name in names if name in keys and table[keys[name]].notna().any()), None)


def _code_column(table: pd.DataFrame) -> str | None:
    best, share = None, 0.0
    for column in _columns(table):
        values = table[column].dropna()
        if values.empty:
            continue
        codes = _clean(values)
        recognised = codes.isin(units.communes().index) | codes.isin(units.old_communes().index)
        listed = fold(column).replace(" ", "") in CODE_NAMES
        fits = recognised.mean() if listed else float(codes.isin(units.communes().index).mean())
        if fits > share and (fits >= 0.5 if listed else fits >= SURE and codes.is_unique):
            best, share = column, float(fits)
    return best or _digits(table)


def _digits(table: pd.DataFrame) -> str | None:
    """Return the column that is called a code and holds numbers, though none is known: the rows become the error."""
    for name in CODE_NAMES[:-3]:
        column = _named(table, (name,))
        if column is not None and _clean(table[column].dropna()).str.fullmatch(r"\d+").mean() > 0.5:
            return column
    return None


def _clean(values: pd.Series) -> pd.Series:
    return pd.Series(units.check_codes(values).to_numpy(), index=values.index, dtype=object)


def _by_code(written: pd.Series, column: str, file: str, skip_unknown: bool) -> Naming:
    text = written.map(lambda value: "" if pd.isna(value) else str(value).strip().removesuffix(".0"))
    blank = text[text == ""]
    if len(blank):
        raise InputError("boundaries.code_missing", [f"#{row + 1}" for row in blank.index], file=file, column=column)
    provinces = text.str.zfill(2).isin(units.provinces().index) & (text.str.len() <= 2)
    communes = text[~provinces] if (~provinces).any() else text
    findings = [Finding("boundaries.province_rows", "info", int(provinces.sum()))] if provinces.any() else []
    codes = _clean(communes)
    _refuse_old(codes, file, column)
    in_force = codes.isin(units.communes().index)
    if not in_force.all():
        findings.append(_unknown(communes[~in_force], codes[~in_force], file, skip_unknown, bool(in_force.any())))
    short = communes[in_force & (communes.str.len() < 5)]
    if len(short):
        findings.append(Finding("boundaries.zeros_restored", "info", len(short), tuple(short)))
    padded = communes.str.zfill(5)
    alias = padded[in_force & (padded != codes)]
    if len(alias):
        rows = tuple(f"{old} → {codes[row]}" for row, old in alias.items())
        findings.append(Finding("boundaries.alias_used", "info", len(alias), rows))
    return Naming(codes[in_force], padded[in_force], column, {}, tuple(findings))


def _refuse_old(codes: pd.Series, file: str, column: str) -> None:
    match crosswalk.vintage(codes):
        case Vintage.CURRENT:
            return
        case Vintage.OLD:
            code = "boundaries.codes_old"
        case Vintage.MIXED:
            code = "boundaries.codes_mixed"
        case _ as never:
            assert_never(never)
    current = int(codes.isin(units.communes().index).sum())
    old = codes[codes.isin(units.old_communes().index) & ~codes.isin(units.communes().index)]
    rows = [f"{one} {units.old_communes().loc[one, 'name']}" for one in old]
    raise InputError(code, rows, file=file, column=column, count=len(old), total=len(codes), current=current)


def _unknown(written: pd.Series, codes: pd.Series, file: str, skip: bool, some_known: bool) -> Finding:
    old = int(codes.isin(units.old_communes().index).sum())
    rows = tuple(written.astype(str))
    if not skip or not some_known:
        raise InputError("boundaries.codes_unknown", rows, file=file, count=len(rows), old=old)
    return Finding("boundaries.rows_skipped", "warning", len(rows), rows)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Return codes by name, by full and short name with and without diacritics; keys with ``~`` are without."""
    codes_by_name: dict[str, list[str]] = defaultdict(list)
    for code, row in units.communes().iterrows():
        for name in {row["name"], row["short_name"]}:
            codes_by_name[accented(name)].append(str(code))
            codes_by_name["~" + fold(name)].append(str(code))
    return {name: tuple(dict.fromkeys(codes)) for name, codes in codes_by_name.items()}


def _by_name(table: pd.DataFrame, column: str, file: str, skip_unknown: bool) -> Naming:
    province_column = _named(table, PROVINCE_NAMES)
    codes: dict[int, str | None] = {}
    choices: dict[int, tuple[str, ...]] = {}
    unknown: list[int] = []
    for row in table.index:
        name = table.loc[row, column]
        province = table.loc[row, province_column] if province_column else None
        candidates = () if pd.isna(name) else _candidates(str(name), None if pd.isna(province) else str(province))
        if not candidates:
            unknown.append(row)
        elif len(candidates) == 1:
            codes[row] = candidates[0]
        else:
            codes[row], choices[row] = None, candidates
    written = table[column].astype(str)
    findings = [Finding("boundaries.named", "info", len(codes), values={"column": column})]
    if unknown:
        rows = tuple(written[unknown])
        if not skip_unknown or not codes:
            raise InputError("boundaries.names_unknown", rows, file=file, column=column, count=len(rows))
        findings.append(Finding("boundaries.rows_skipped", "warning", len(rows), rows))
    commune_codes = pd.Series(codes, dtype=object)
    return Naming(commune_codes, written[commune_codes.index], column, choices, tuple(findings))


def _candidates(name: str, province: str | None) -> tuple[str, ...]:
    keys = (accented(name), accented(short_name(name)), "~" + fold(name), "~" + fold(short_name(name)))
    candidates = next((_names()[key] for key in keys if key in _names()), ())
    if province is None or len(candidates) < 2:
        return candidates
    try:
        code = units.find_province(province)
    except InputError:
        return candidates
    inside = tuple(one for one in candidates if units.communes().loc[one, "province_code"] == code)
    return inside or candidates
