"""The outlines of communes: official where the user imported them, our schematic reconstruction elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from geo import units
from geo.base import paths
from geo.base.crs import GEOGRAPHIC
from geo.base.errors import DataFault
from geo.boundaries import store
from geo.boundaries.take import ImportReport, import_boundaries
from geo.files import write

__all__ = ["Boundaries", "ImportReport", "import_boundaries", "load", "reset"]

Level = Literal["full", "50m", "200m"]
Kind = Literal["schematic", "official", "mixed"]
SCHEMATIC_SOURCE = "riskmap: reconstruction from old communes and public-domain outlines (Natural Earth)"


@dataclass(frozen=True)
class Boundaries:
    """Outlines of communes.

    ``frame`` is indexed by ``commune_code`` in the order of the list of communes: ``province_code``,
    ``geometry_kind`` (``schematic`` or ``official``) and ``geometry`` (WGS 84). ``digest`` changes when and only
    when an outline does, so it can stand for the frame in caches and exports.
    """

    frame: gpd.GeoDataFrame
    kind: Kind
    source: str
    as_of: str
    digest: str


def load(province: str | None = None, level: Level = "full") -> Boundaries:
    """Return the outlines that maps and measures use.

    Parameters
    ----------
    province
        Code or name of a province; the nation for ``None``.
    level
        ``full`` to measure with; ``50m`` or ``200m`` to draw, simplified with shared borders kept. The schematic
        geometry is coarse and the same at every level.

    Raises
    ------
    DataFault
        When the shipped or the imported geometry is missing or damaged.
    """
    code = None if province is None else units.find_province(province)
    expected = units.communes_of(code)
    official = store.read(level, code) if store.exists() else None
    if official is None or official.empty:
        return _schematic(expected)
    official = official[official.index.isin(expected.index)]
    missing = expected.index.difference(official.index)
    if len(missing):
        rest = _schematic(expected.loc[missing])
        parts = [official.assign(geometry_kind="official"), rest.frame]
        frame = gpd.GeoDataFrame(pd.concat(parts), geometry="geometry", crs=GEOGRAPHIC)
        marks = [*sorted(set(official["digest"])), rest.digest]
    else:
        frame, marks = official.assign(geometry_kind="official"), sorted(set(official["digest"]))
    sources = "; ".join(dict.fromkeys(official["source"]))
    return Boundaries(
        _ordered(frame, expected),
        "mixed" if len(missing) else "official",
        f"{sources}; {SCHEMATIC_SOURCE}" if len(missing) else sources,
        max(official["as_of"]),
        hashlib.sha256("".join(marks).encode()).hexdigest(),
    )


def reset() -> bool:
    """Forget every imported outline, so that maps are schematic again; return whether there was any."""
    return store.remove()


def _schematic(expected: pd.DataFrame) -> Boundaries:
    path = paths.DEFAULT_GEOMETRY
    if not path.exists():
        raise DataFault("general.file_missing", path=path)
    try:
        shapes = gpd.read_parquet(path, columns=["commune_code", "geometry"]).set_index("commune_code")
    except (OSError, ValueError, KeyError) as error:
        raise DataFault("general.file_damaged", path=path, reason=str(error)[:120]) from error
    absent = expected.index.difference(shapes.index)
    if len(absent):
        raise DataFault("boundaries.schematic_incomplete", list(absent), path=path, count=len(absent))
    frame = shapes.loc[expected.index].assign(
        province_code=expected["province_code"], geometry_kind="schematic", digest=write.file_hash(path)
    )
    return Boundaries(_ordered(frame, expected), "schematic", SCHEMATIC_SOURCE, units.AS_OF, write.file_hash(path))


def _ordered(frame: gpd.GeoDataFrame, expected: pd.DataFrame) -> gpd.GeoDataFrame:
    ordered = frame.loc[expected.index, ["geometry_kind", "geometry"]]
    ordered.insert(0, "province_code", expected["province_code"])
    return gpd.GeoDataFrame(ordered, geometry="geometry", crs=GEOGRAPHIC)
