"""Measures the default geometry on official polygons and keeps the figures for ``riskmap data check``.

The official polygons do not ship; without them the figures that were measured last remain.

    python -m geo.build.geometry_figures OFFICIAL   # any file of polygons with the codes in `code` or `commune_code`
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo import units
from geo.base import paths
from geo.base.errors import InputError
from geo.boundaries.check import compare
from geo.files.write import file_hash, replace_file

METHOD = (
    "Intersection over union per commune in an equal-area projection, mean over all 3,321; neighbours share at least "
    "200 m of border, official pieces within 60 m counting as touching; area error is the median absolute one."
)


def measure(official: gpd.GeoSeries) -> dict[str, Any]:
    """Return the figures of the default geometry against official polygons indexed by ``commune_code``."""
    ours = gpd.read_parquet(paths.DEFAULT_GEOMETRY).set_index("commune_code").geometry
    result = compare(ours, official)
    kinds = units.communes()["type"].reindex(ours.index)
    by_type = result.iou.groupby(kinds).mean().round(3).to_dict()
    return {
        **result.figures(),
        "mean_iou_by_type": by_type,
        "measured_on": datetime.now(UTC).date().isoformat(),
        "method": METHOD,
        "geometry_sha256": file_hash(paths.DEFAULT_GEOMETRY),
    }


def read_official(path: Path) -> gpd.GeoSeries:
    """Read polygons by commune code, other codes of the same commune replaced by the one in force.

    Raises
    ------
    InputError
        The file is missing or has no column of codes.
    """
    if not path.exists():
        raise InputError("general.file_missing", path=path)
    frame = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    column = next((name for name in ("commune_code", "code") if name in frame), None)
    if column is None:
        raise InputError("geometry.no_codes", path=path)
    aliases = units.communes()["alias_code"]
    current = {alias: code for code, alias in aliases.items() if alias}
    codes = frame[column].astype(str).replace(current)
    return frame.set_geometry("geometry").geometry.set_axis(codes)


def main(arguments: list[str]) -> None:
    """Measure on the file named first and write the figures."""
    figures = measure(read_official(Path(arguments[0])))
    with replace_file(paths.GEOMETRY_FIGURES) as temporary:
        temporary.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
