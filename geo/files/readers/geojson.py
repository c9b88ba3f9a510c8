"""GeoJSON as plain JSON: nothing in it can lead to another file."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

from geo.files.readers.rows import MAX_COLUMNS, PART, SHOWN, Refused, label, write

MAX_DEPTH = 4
EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d{4,6})$", re.IGNORECASE)


def read_geojson(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read one GeoJSON file, or every one of a zip that the parent has checked."""
    rows = _Rows(job)
    crs: set[str] = set()
    if job.get("members"):
        with zipfile.ZipFile(job["file"]) as archive:
            total = len(job["members"])
            for number, member in enumerate(job["members"], 1):
                crs.add(_geojson_text(_member(archive, member, job["member_bytes"]), rows, member))
                if number % 50 == 0 or number == total:
                    print(number, total, flush=True)
    else:
        crs.add(_geojson_text(Path(job["file"]).read_bytes(), rows, None))
    if len(crs) > 1:
        raise Refused("readers.crs_mixed", crs=", ".join(sorted(crs)))
    return rows.write(folder, {"crs": crs.pop(), "crs_stated": False})


def _member(archive: zipfile.ZipFile, member: str, limit: int) -> bytes:
    try:
        with archive.open(member) as stream:
            data = stream.read(limit + 1)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise Refused("archives.damaged", [member], name="", reason=error) from error
    if len(data) > limit:
        raise Refused("archives.bomb", [member], name="", size="")
    return data


def _geojson_text(data: bytes, rows: _Rows, member: str | None) -> str:
    where = [member] if member else []
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused("readers.not_utf8", where) from error
    except json.JSONDecodeError as error:
        left = data[len(error.doc[: error.pos].encode("utf-8")) :].strip()
        code = "readers.truncated" if len(left) < 2 or "Unterminated" in error.msg else "readers.json_damaged"
        raise Refused(code, where, line=error.lineno, reason=error.msg) from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features = document.get("features")
    elif kind == "Feature":
        features = [document]
    elif kind in BUILDERS or kind == "GeometryCollection":
        features = [{"type": "Feature", "properties": {}, "geometry": document}]
    else:
        raise Refused("readers.topojson" if kind == "Topology" else "readers.json_no_map", where)
    if not isinstance(features, list):
        raise Refused("readers.json_no_map", where)
    for feature in features:
        if not isinstance(feature, dict):
            raise Refused("readers.json_no_map", where)
        properties = feature.get("properties")
        properties = dict(properties) if isinstance(properties, dict) else {}
        if "id" in feature and "id" not in properties and not isinstance(feature["id"], (dict, list)):
            properties["id"] = feature["id"]
        if member:
            properties[PART] = member
        rows.add(properties, feature.get("geometry"))
    return _geojson_crs(document)


def _geojson_crs(document: dict[str, Any]) -> str:
    stated = document.get("crs")
    if not isinstance(stated, dict):
        return "EPSG:4326"
    properties = stated.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if "CRS84" in name.upper():
        return "EPSG:4326"
    match = EPSG.search(name.strip())
    return f"EPSG:{match.group(1)}" if match else f"?{name[:80]}"


class _Rows:
    """Collects attributes and geometries of GeoJSON features and counts what they cost."""

    def __init__(self, job: dict[str, Any]) -> None:
        import numpy
        import shapely

        self.np, self.shapely, self.job = numpy, shapely, job
        self.properties: list[dict[str, Any]] = []
        self.geometries: list[Any] = []
        self.bad: list[str] = []
        self.vertices = 0

    def add(self, properties: dict[str, Any], geometry: Any) -> None:
        if len(self.properties) >= self.job["features"]:
            raise Refused("readers.too_many_features", limit=self.job["features"])
        built = None
        try:
            built = None if geometry is None else self.build(geometry, 0)
        except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
            self.bad.append(label(properties, len(self.properties)))
        except self.shapely.errors.ShapelyError:
            self.bad.append(label(properties, len(self.properties)))
        self.properties.append(properties)
        self.geometries.append(built)

    def build(self, geometry: dict[str, Any], depth: int) -> Any:
        kind = geometry["type"]
        if kind == "GeometryCollection":
            if depth >= MAX_DEPTH:
                raise Refused("readers.nested_json")
            parts = [self.build(part, depth + 1) for part in geometry["geometries"]]
            return self.shapely.geometrycollections(parts)
        return BUILDERS[kind](self, geometry["coordinates"])

    def points(self, values: Any) -> Any:
        array = self.np.asarray(values, dtype=float)
        if array.ndim != 2 or array.shape[1] < 2:
            raise ValueError("not a list of positions")
        self.vertices += len(array)
        if self.vertices > self.job["vertices"]:
            raise Refused("readers.too_many_vertices", limit=self.job["vertices"])
        if not self.np.isfinite(array).all():
            raise ValueError("not finite")
        return array[:, :2]

    def polygon(self, rings: Any) -> Any:
        outer, *holes = [self.points(ring) for ring in rings]
        return self.shapely.Polygon(outer, holes)

    def write(self, folder: Path, about: dict[str, Any]) -> dict[str, Any]:
        if self.bad:
            raise Refused("readers.bad_geometry", self.bad[:SHOWN], count=len(self.bad))
        names = dict.fromkeys(name for row in self.properties for name in row)
        columns = {name: [row.get(name) for row in self.properties] for name in list(names)[:MAX_COLUMNS]}
        return write(folder, columns, self.shapely.to_wkb(self.np.array(self.geometries, dtype=object)), about)


BUILDERS: dict[str, Any] = {
    "Point": lambda rows, xy: rows.shapely.Point(rows.points([xy])[0]),
    "MultiPoint": lambda rows, xys: rows.shapely.MultiPoint(rows.points(xys)),
    "LineString": lambda rows, xys: rows.shapely.LineString(rows.points(xys)),
    "MultiLineString": lambda rows, lines: rows.shapely.MultiLineString([rows.points(line) for line in lines]),
    "Polygon": lambda rows, rings: rows.polygon(rings),
    "MultiPolygon": lambda rows, parts: rows.shapely.MultiPolygon([rows.polygon(rings) for rings in parts]),
}
