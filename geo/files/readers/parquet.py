"""GeoParquet through Arrow, after its footer has been weighed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from geo.files.readers.rows import MAX_COLUMNS, Refused, checked_wkb, write


def read_parquet(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read a GeoParquet file after its footer has been weighed: rows and bytes claimed, kind of geometry."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(job["file"], memory_map=False)
        footer = file.metadata
        size = sum(footer.row_group(number).total_byte_size for number in range(footer.num_row_groups))
        if footer.num_rows > job["features"] or size > job["memory"] // 2 or size < 0:
            raise Refused("readers.parquet_claims", rows_claimed=f"{footer.num_rows:,}", limit=f"{job['features']:,}")
        column, crs, stated = _parquet_geometry(file)
        plain = [
            field.name
            for field in file.schema_arrow
            if field.name != column and not pyarrow.types.is_nested(field.type) and not _binary(pyarrow, field.type)
        ]
        table = file.read(columns=[column, *plain[:MAX_COLUMNS]])
    except MemoryError:
        raise
    except (pyarrow.ArrowException, OSError, OverflowError) as error:
        raise Refused("readers.damaged", reason=str(error)[:200]) from error
    columns = {name: table.column(name).to_pylist() for name in plain[:MAX_COLUMNS]}
    shapes = table.column(column).to_pylist()
    return write(folder, columns, checked_wkb(job, shapes, columns), {"crs": crs, "crs_stated": stated})


def _binary(pyarrow: Any, kind: Any) -> bool:
    types = pyarrow.types
    return types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind)


def _parquet_geometry(file: Any) -> tuple[str, Any, bool]:
    import pyarrow

    metadata = file.schema_arrow.metadata or {}
    try:
        geo = json.loads(metadata.get(b"geo", b"null"))
    except ValueError:
        geo = None
    if isinstance(geo, dict) and isinstance(geo.get("columns"), dict):
        column = geo.get("primary_column", "geometry")
        about = geo["columns"].get(column)
        if not isinstance(about, dict) or column not in file.schema_arrow.names:
            raise Refused("readers.no_geometry")
        if str(about.get("encoding", "WKB")).upper() != "WKB":
            raise Refused("readers.parquet_encoding", encoding=about.get("encoding"))
        if "crs" not in about:
            return column, "EPSG:4326", False
        return column, about["crs"] and json.dumps(about["crs"]), True
    for name in ("geometry", "geom", "wkb", "wkb_geometry"):
        if name in file.schema_arrow.names and _binary(pyarrow, file.schema_arrow.field(name).type):
            return name, None, False
    raise Refused("readers.no_geometry")
