"""Frames on their way into a store and out of it: checked, typed, missing as missing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geo import layers, units
from geo.base.errors import InputError
from geo.datasets import check_table
from geo.datasets.schemas import SCHEMAS
from models.planning.records import TASK_STATES, Plan, Task

GIVEN_BY_STORE = {"outreach_activities": "activity_id"}
"""Identifiers that rows need not have."""


def checked(rows: pd.DataFrame, schema: str) -> pd.DataFrame:
    """Return rows with all columns of a schema of ``geo.datasets.schemas``, typed and valid.

    Raises
    ------
    InputError
        ``datasets.*`` for cells that do not fit, ``store.rows`` for communes, provinces and types that do not exist
        or do not belong together; ``store.empty`` for no rows at all.
    """
    if not len(rows):
        raise InputError("store.empty")
    table = rows.reset_index() if rows.index.name in SCHEMAS[schema].columns else rows.reset_index(drop=True)
    if identifier := GIVEN_BY_STORE.get(schema):
        table = table.assign(**{identifier: [f"new{row}" for row in range(len(table))]})
    typed = check_table(as_text(table), schema)[list(SCHEMAS[schema].columns)]
    _require_sense(typed)
    return typed


def _require_sense(rows: pd.DataFrame) -> None:
    """Raise where a commune, its province or a type does not exist."""
    faults = []
    for column, known in (
        ("commune_code", units.communes().index),
        ("province_code", units.provinces().index),
        ("type", layers.outreach_types().index),
    ):
        if column in rows:
            values = rows[column]
            wrong = values.notna() & ~values.isin(known)
            if column == "commune_code":
                wrong |= values.notna() & (values.map(units.communes()["province_code"]) != rows["province_code"])
            faults += [f"{row + 1}: {column} = {value}" for row, value in values[wrong].items()]
    if faults:
        raise InputError("store.rows", faults, count=len(faults))


def as_text(table: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of text, a missing cell as an empty one."""
    columns = {str(name): _text(table[name]) for name in table.columns}
    return pd.DataFrame(columns, index=table.index, dtype=object)


def _text(values: pd.Series) -> np.ndarray:
    missing = values.isna().to_numpy()
    if pd.api.types.is_float_dtype(values) or pd.api.types.is_integer_dtype(values):
        figures = values.to_numpy(dtype=float, na_value=np.nan)
        whole = np.isfinite(figures) & (figures == np.floor(figures)) & (np.abs(figures) < 2**53)
        text = np.where(whole, figures, 0).astype(np.int64).astype(str).astype(object)
        text[~whole & ~missing] = [str(value) for value in figures[~whole & ~missing]]
    else:
        text = np.array([value if type(value) is str else _plain(value) for value in values], dtype=object)
    text[missing] = ""
    return text


def _plain(value: object) -> str:
    if isinstance(value, (float, np.floating)) and np.isfinite(value) and value == int(value):
        return str(int(value))
    return value.isoformat()[:10] if isinstance(value, (dt.date, dt.datetime)) else str(value)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as the database takes them: missing as ``None``."""
    plain = rows.astype(object)
    return plain.where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def frame(rows: Iterable[Sequence[Any]], schema: str) -> pd.DataFrame:
    """Return what came out of a store with the types that ``geo.datasets.read_table`` gives the same table."""
    about = SCHEMAS[schema].columns
    raw = pd.DataFrame([tuple(row) for row in rows], columns=list(about), dtype=object)
    columns: dict[str, pd.Series] = {}
    for name, column in about.items():
        kind = (column.metadata or {}).get("kind")
        if kind == "number":
            columns[name] = pd.to_numeric(raw[name]).astype(float)
        else:
            text = raw[name].where(raw[name].notna(), "").astype(str)
            columns[name] = text.where(text != "") if kind in ("code", "date") else text
    return pd.DataFrame(columns)


def ordered(log: pd.DataFrame) -> pd.DataFrame:
    """Return a log by date and identifier."""
    return log.sort_values(["date", "activity_id"], kind="stable", ignore_index=True)


def items_to_json(items: pd.DataFrame) -> str:
    """Write the items of a plan so that codes stay text and numbers numbers."""
    kinds = {str(name): _kind(items[name]) for name in items.columns}
    data = [[None if pd.isna(value) else _scalar(value) for value in row] for row in items.itertuples(index=False)]
    return json.dumps({"kinds": kinds, "data": data}, ensure_ascii=False, allow_nan=False)


def items_from_json(text: str) -> pd.DataFrame:
    """Read what :func:`items_to_json` wrote.

    Examples
    --------
    >>> items_from_json(items_to_json(pd.DataFrame({"commune_code": ["00004"], "sessions": [2]}))).to_dict("list")
    {'commune_code': ['00004'], 'sessions': [2]}
    """
    read = json.loads(text)
    table = pd.DataFrame(read["data"], columns=list(read["kinds"]), dtype=object)
    for name, kind in read["kinds"].items():
        if kind != "text":
            table[name] = table[name].astype(kind)
        else:
            table[name] = table[name].where(table[name].notna(), np.nan)
    return table


def _kind(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "bool"
    if pd.api.types.is_integer_dtype(values):
        return "Int64" if values.isna().any() else "int64"
    return "float64" if pd.api.types.is_float_dtype(values) else "text"


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return value.isoformat()[:10] if isinstance(value, (dt.date, dt.datetime)) else value


def settings_to_json(settings: Mapping[str, Any]) -> str:
    """Write the settings of a plan."""
    return json.dumps(dict(settings), ensure_ascii=False, default=_scalar, sort_keys=True)


def plan_row(plan: Plan) -> dict[str, Any]:
    """Return a plan as a row of the database, without its number and time."""
    return {
        "province_code": plan.province_code,
        "name": plan.name,
        "first_day": plan.first_day.isoformat(),
        "weeks": plan.weeks,
        "settings": settings_to_json(plan.settings),
        "items": items_to_json(plan.items),
    }


def task_row(task: Task) -> dict[str, Any]:
    """Return a task as a row of the database, without its number.

    Raises
    ------
    InputError
        ``store.task_state`` for a state that does not exist.
    """
    if task.state not in TASK_STATES:
        raise InputError("store.task_state", given=task.state, known=", ".join(TASK_STATES))
    row = {**vars(task), "due": task.due.isoformat() if task.due else None}
    for name in ("number", "actor", "at"):
        row.pop(name)
    return row


def now() -> dt.datetime:
    """Return the time, UTC."""
    return dt.datetime.now(dt.UTC)
