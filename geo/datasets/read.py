"""Reading the tables of ``data/`` and of the user, checked against ``geo.datasets.schemas``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa

from geo.base import paths
from geo.base.errors import DataFault, InputError, RiskmapError
from geo.datasets.schemas import SCHEMAS


def read_table(name: str, path: Path | None = None) -> pd.DataFrame:
    """Read one of the tables of ``SCHEMAS`` and check it.

    Codes and dates stay text, missing ones NaN; other text is "" where the file has none; numbers are floats.

    Parameters
    ----------
    name
        Name of the schema.
    path
        The file; by default ``<name>.csv`` in the folder of ``data/`` that has it.

    Raises
    ------
    DataFault
        When a file that ships with the product is damaged.
    InputError
        When a file of the user does not fit, with the rows (the header is row 1) and columns at fault.

    Examples
    --------
    >>> read_table("regions").shape
    (63, 9)
    """
    file = default_path(name) if path is None else Path(path)
    error = _error_for(file)
    try:
        raw = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError as missing:
        raise error("datasets.missing", path=file) from missing
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as broken:
        raise error("datasets.unreadable", path=file, reason=str(broken)) from broken
    return check_table(raw, name, file)


def default_path(name: str) -> Path:
    """Return where a table ships: in ``data/boundaries`` if it is there, else in ``data/indicators``."""
    unit_table = paths.BOUNDARIES / f"{name}.csv"
    return unit_table if unit_table.exists() else paths.INDICATORS / f"{name}.csv"


def check_table(raw: pd.DataFrame, name: str, path: str | Path = "") -> pd.DataFrame:
    """Turn a table of text into one with types, and check it against the schema ``name``; see :func:`read_table`."""
    schema, error = SCHEMAS[name], _error_for(Path(path))
    absent = [name for name in schema.columns if name not in raw.columns]
    if needed := [name for name in absent if schema.columns[name].required]:
        raise error("datasets.columns_missing", path=path, columns=", ".join(needed))
    raw = raw.assign(**dict.fromkeys(absent, ""))
    typed, faults = _typed(raw, schema)
    try:
        checked = schema.validate(typed, lazy=True)
    except pa.errors.SchemaErrors as found:
        faults = faults + [_where(case) for case in found.failure_cases.to_dict("records")]
    if faults:
        listed = list(dict.fromkeys(faults))
        raise error("datasets.invalid", listed, path=path, count=len(listed))
    return checked


def read_cached(name: str, path: Path) -> pd.DataFrame:
    """Read like :func:`read_table`, once per content: a file that changes on disk is read again."""
    if not path.exists():
        raise _error_for(path)("datasets.missing", path=path)
    state = path.stat()
    return _read_once(name, path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read_once(name: str, path: Path, time: int, size: int) -> pd.DataFrame:
    del time, size
    return read_table(name, path)


def _error_for(path: Path) -> type[RiskmapError]:
    return DataFault if path.is_relative_to(paths.DATA) else InputError


def _typed(raw: pd.DataFrame, schema: pa.DataFrameSchema) -> tuple[pd.DataFrame, list[str]]:
    columns: dict[str, pd.Series] = {name: raw[name] for name in raw.columns}
    faults: list[str] = []
    for name, column in schema.columns.items():
        text = raw[name].astype(str).str.strip()
        kind = (column.metadata or {}).get("kind")
        if kind == "number":
            numbers = pd.to_numeric(text.where(text != ""), errors="coerce").astype(float)
            wrong = numbers.isna() & (text != "")
            faults += [_cell(row, name, text.loc[row]) for row in text.index[wrong]]
            columns[name] = numbers
        else:
            columns[name] = text.where(text != "") if kind in ("code", "date") else text
    return pd.DataFrame(columns, index=raw.index), faults


def _where(case: dict[str, Any]) -> str:
    row = case.get("index")
    if row is None or pd.isna(row):
        return f"{case.get('column')}: {case.get('check')}"
    return _cell(row, str(case.get("column")), case.get("failure_case"))


def _cell(row: Any, column: str, value: Any) -> str:
    text = "∅" if value is None or (isinstance(value, float) and pd.isna(value)) else value
    return f"{int(row) + 2}: {column} = {text}"
