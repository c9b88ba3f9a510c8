"""The child process that reads one file of a stranger, with little memory, little time and no way to other files.

Started by :mod:`geo.files.geodata` as an isolated interpreter with a job file; never imported by the product. GDAL
opens GeoPackage and Shapefile only; GeoJSON is parsed as plain JSON and GeoParquet by Arrow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geo.files.readers.rows import Refused


def main(job_file: str) -> None:
    """Read the job, do it, and write ``result.json`` and, on success, ``result.arrow`` beside it."""
    folder = Path(job_file).parent
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    _limit(job["memory"], job["seconds"])
    sys.path.extend(path for path in job["packages"] if path not in sys.path)
    try:
        answer = _reader(job["format"])(job, folder)
    except Refused as refused:
        answer = refused.answer
    except RecursionError:
        answer = Refused("readers.nested_json").answer
    except MemoryError:
        answer = Refused("readers.memory").answer
    (folder / "result.json").write_text(json.dumps(answer), encoding="utf-8")


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent still limits the time
        return
    for kind, value in (("RLIMIT_AS", memory), ("RLIMIT_CPU", seconds), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", 256)):
        hard = resource.getrlimit(getattr(resource, kind))[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(getattr(resource, kind), (value, hard))
        except (ValueError, OSError):
            continue


def _reader(name: str) -> Callable[[dict[str, Any], Path], dict[str, Any]]:
    if name == "geojson":
        from geo.files.readers.geojson import read_geojson

        return read_geojson
    if name == "parquet":
        from geo.files.readers.parquet import read_parquet

        return read_parquet
    from geo.files.readers.gdal import read_gpkg, read_shapefile

    return {"gpkg": read_gpkg, "shapefile": read_shapefile}[name]
