"""Activities that were entered twice."""

from __future__ import annotations

import pandas as pd

from geo.units.names import fold

SAME = ("date", "province_code", "commune_code", "type", "events", "people_reached", "team")
"""Two activities that agree in all of these are taken for one that was entered twice."""


def duplicates(rows: pd.DataFrame, log: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return which rows repeat an earlier one, or one of the log: see :data:`SAME`.

    Parameters
    ----------
    rows
        Indexed by number.
    log
        With ``activity_id``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``row``: ``of_row`` (Int64, missing if it repeats the log) and ``of_activity`` (empty else).
    """
    keys = _same(rows)
    known = {} if log is None or log.empty else dict(zip(_same(log)[::-1], log["activity_id"][::-1], strict=True))
    seen: dict[tuple, int] = {}
    found: dict[int, tuple[int | None, str]] = {}
    for row, key in zip(rows.index, keys, strict=True):
        if key in known:
            found[row] = (None, str(known[key]))
        elif key in seen:
            found[row] = (seen[key], "")
        seen.setdefault(key, row)
    frame = pd.DataFrame(list(found.values()), columns=["of_row", "of_activity"], index=list(found))
    return frame.astype({"of_row": "Int64"}).rename_axis("row")


def _same(rows: pd.DataFrame) -> list[tuple]:
    columns = [rows[name].map(fold) if name == "team" else rows[name] for name in SAME]
    plain = [column.astype(object).where(column.notna(), None).tolist() for column in columns]
    return list(zip(*plain, strict=True))
