"""What every reader shares: refusing, decoding geometry once, and writing plain WKB for the parent process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

GEOMETRY = "geometry"
PART = "__file"
LABELS = ("code", "ma_xa", "commune_code", "ward_code", "name", "ten_xa", "ten")
MAX_COLUMNS = 300
SHOWN = 50


class Refused(Exception):
    """The file cannot be used; the parent turns the code into a message."""

    def __init__(self, code: str, rows: list[str] | None = None, **values: Any) -> None:
        self.answer = {"error": code, "rows": rows or [], "values": {key: str(v) for key, v in values.items()}}
        super().__init__(code)


def label(properties: dict[str, Any], number: int) -> str:
    """Return what to call a row in a message: its code, its name, or its number."""
    folded = {str(key).lower(): value for key, value in properties.items()}
    for key in LABELS:
        if folded.get(key) not in (None, ""):
            return str(folded[key])[:60]
    return f"#{number + 1}"


def checked_wkb(job: dict[str, Any], shapes: Any, columns: dict[str, list[Any]]) -> Any:
    """Decode every geometry once, drop Z and M, refuse what is damaged or not finite, and give plain WKB back."""
    import numpy as np
    import shapely

    def labels(numbers: Any) -> list[str]:
        return [label({name: column[n] for name, column in columns.items()}, int(n)) for n in numbers[:SHOWN]]

    raw = np.array([bytes(shape) if shape is not None else None for shape in shapes] + [None], dtype=object)[:-1]
    geometries = shapely.from_wkb(raw, on_invalid="ignore")
    lost = np.flatnonzero(shapely.is_missing(geometries) & np.array([shape is not None for shape in raw], dtype=bool))
    if len(lost):
        raise Refused("readers.bad_geometry", labels(lost), count=len(lost))
    if int(shapely.get_num_coordinates(geometries).sum()) > job["vertices"]:
        raise Refused("readers.too_many_vertices", limit=job["vertices"])
    geometries = shapely.force_2d(geometries)
    coordinates, index = shapely.get_coordinates(geometries, return_index=True)
    endless = np.unique(index[~np.isfinite(coordinates).all(axis=1)])
    if len(endless):
        raise Refused("readers.bad_geometry", labels(endless), count=len(endless))
    return shapely.to_wkb(geometries)


def write(folder: Path, columns: dict[str, list[Any]], shapes: Any, about: dict[str, Any]) -> dict[str, Any]:
    """Write attributes and WKB for the parent process and return the answer that goes with them."""
    import pyarrow

    if len(shapes) == 0:
        raise Refused("readers.empty_layer")
    if all(shape is None for shape in shapes):
        raise Refused("readers.no_geometry")
    arrays = {name: _array(pyarrow, values) for name, values in columns.items() if name != GEOMETRY}
    arrays[GEOMETRY] = pyarrow.array(list(shapes), type=pyarrow.large_binary())
    table = pyarrow.table(arrays)
    with pyarrow.ipc.new_file(str(folder / "result.arrow"), table.schema) as writer:
        writer.write_table(table)
    return {"about": about}


def _array(pyarrow: Any, values: list[Any]) -> Any:
    plain = [value if isinstance(value, (str, int, float, bool)) else _text(value) for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if len(kinds) > 1 and not kinds <= {int, float}:
        plain = [None if value is None else str(value) for value in plain]
    try:
        return pyarrow.array(plain)
    except (pyarrow.ArrowException, OverflowError):
        return pyarrow.array([None if value is None else str(value) for value in plain])


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, (dict, list, bytes)) else str(value)
