"""GeoPackage and Shapefile through GDAL, with every other driver switched off before GDAL is imported."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from geo.files.readers.rows import MAX_COLUMNS, Refused, checked_wkb, write

ALLOWED = {"GPKG", "ESRI Shapefile", "MEM"}
SKIPPED = (
    "PCIDSK,PDS4,VICAR,PDF,MBTiles,EEDA,OGCAPI,GDALG,MapInfo File,LVBAG,S57,DGN,OGR_VRT,CSV,GML,GPX,LIBKML,KML,"
    "GeoJSON,GeoJSONSeq,ESRIJSON,TopoJSON,OGR_GMT,SQLite,WAsP,OpenFileGDB,DXF,FlatGeobuf,GeoRSS,VFK,PGDUMP,OSM,"
    "GPSBabel,OGR_PDS,WFS,OAPIF,EDIGEO,Idrisi,ODS,XLSX,Elasticsearch,Carto,AmigoCloud,SXF,Selafin,JML,PLSCENES,CSW,"
    "VDV,MVT,NGW,MapML,GTFS,PMTiles,JSONFG,MiraMonVector,ADBC,AVCBin,AVCE00,AIVector,HTTP"
)


def _gdal() -> Any:
    """Import GDAL with every driver switched off but the allowed ones, or not at all."""
    os.environ.setdefault("OGR_SKIP", SKIPPED)
    blocked = [name for name in ("geopandas", "pandas") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(blocked))  # type: ignore[arg-type]  # pyogrio does without; a second saved
    import pyogrio
    import pyogrio.raw

    for name in blocked:
        del sys.modules[name]

    extra = set(pyogrio.list_drivers()) - ALLOWED
    if extra:
        if os.environ.get("READER_AGAIN"):
            raise Refused("readers.not_isolated", sorted(extra))
        os.environ["OGR_SKIP"] = SKIPPED + "," + ",".join(sorted(extra))
        os.environ["READER_AGAIN"] = "1"
        os.execv(sys.executable, sys.orig_argv)
    return pyogrio


def read_gpkg(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read one layer of a GeoPackage, real tables only."""
    layers = _gpkg_layers(job["file"])
    layer = _choose(layers, job.get("layer"))
    return _read_gdal(job, folder, {"layer": layer}, {"layer": layer})


def _gpkg_layers(file: str) -> dict[str, str]:
    import sqlite3

    query = (
        "SELECT c.table_name, upper(coalesce(g.geometry_type_name, '')), coalesce(m.type, ''), coalesce(m.sql, '') "
        "FROM gpkg_contents c JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
        "LEFT JOIN sqlite_master m ON lower(m.name) = lower(c.table_name) WHERE c.data_type = 'features'"
    )
    try:
        database = sqlite3.connect(Path(file).absolute().as_uri() + "?mode=ro&immutable=1", uri=True)
        try:
            rows = database.execute(query).fetchall()
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        missing = "no such table" in str(error)
        raise Refused("readers.no_layer" if missing else "readers.damaged", reason=error) from error
    if not rows:
        raise Refused("readers.no_layer")
    unsafe = [name for name, _, kind, sql in rows if kind != "table" or "virtual" in sql[:30].lower()]
    if unsafe:
        raise Refused("readers.layer_is_view", unsafe)
    return {name: kind for name, kind, _, _ in rows}


def _choose(layers: dict[str, str], layer: str | None) -> str:
    if layer is not None:
        if layer not in layers:
            raise Refused("readers.layer_unknown", list(layers), layer=layer)
        return layer
    areas = [name for name, kind in layers.items() if "POLYGON" in kind or "SURFACE" in kind]
    candidates = areas or list(layers)
    if len(candidates) > 1:
        raise Refused("readers.layers_many", candidates)
    return candidates[0]


def read_shapefile(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Read a Shapefile whose parts lie beside each other under one fixed name."""
    base = Path(job["file"])
    prj, cpg = base.with_suffix(".prj"), base.with_suffix(".cpg")
    encoding, guessed = None, False
    if not cpg.exists():
        encoding, guessed = _dbf_encoding(base.with_suffix(".dbf")), True
    about = {"encoding": encoding, "encoding_guessed": guessed}
    if prj.exists():
        about["wkt"] = prj.read_bytes()[:65536].decode("utf-8", "replace")
    return _read_gdal(job, folder, {"encoding": encoding}, about)


def _dbf_encoding(path: Path) -> str:
    body = path.read_bytes()
    try:
        body[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1258"
    return "UTF-8"


def _read_gdal(job: dict[str, Any], folder: Path, options: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    gdal = _gdal()
    limit = job["features"]
    try:
        meta, _, shapes, values = gdal.raw.read(
            job["file"], max_features=limit + 1, force_2d=True, **{k: v for k, v in options.items() if v}
        )
    except (gdal.errors.DataSourceError, gdal.errors.DataLayerError, gdal.errors.FeatureError) as error:
        raise Refused("readers.damaged", reason=str(error)[:200]) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused("readers.damaged", reason=type(error).__name__) from error
    if shapes is None:
        raise Refused("readers.no_geometry")
    if len(shapes) > limit:
        raise Refused("readers.too_many_features", limit=limit)
    fields = list(meta["fields"])[:MAX_COLUMNS]
    columns = {str(name): column.tolist() for name, column in zip(fields, values, strict=False)}
    about = {"crs": meta.get("crs"), "crs_stated": True} | about
    return write(folder, columns, checked_wkb(job, shapes, columns), about)
