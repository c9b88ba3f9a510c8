"""Strangers' files: what can be read is read alike in every format, what cannot is refused in plain words."""

import json
import os
import stat
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import joblib
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.base.errors import InputError
from geo.files import archives, geodata

SQUARES = gpd.GeoDataFrame(
    {"code": ["00004", "00008"], "name": ["Ba Đình", "Ngọc Hà"]},
    geometry=[shapely.box(105.8, 21.0, 105.9, 21.1), shapely.box(105.9, 21.0, 106.0, 21.1)],
    crs="EPSG:4326",
)


def geojson(frame: gpd.GeoDataFrame = SQUARES, **extra: object) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": row["code"], "name": row["name"]},
            "geometry": row.geometry.__geo_interface__,
        }
        for _, row in frame.iterrows()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | extra).encode()


def zipped(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def shapefile(folder: Path, frame: gpd.GeoDataFrame = SQUARES) -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    frame.to_file(folder / "xa.shp", encoding="utf-8")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def refused(source: Path | bytes, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        geodata.read(source, name=None if isinstance(source, Path) else "upload", **options)
    text = str(caught.value)
    assert "Traceback" not in text and "{name}" not in text
    assert caught.value.exit_code == 2
    return caught.value


def test_every_format_gives_the_same_table(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "a.gpkg")
    SQUARES.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.geojson").write_bytes(geojson())
    zipped(tmp_path / "shape.zip", shapefile(tmp_path / "shape"))
    zipped(tmp_path / "inner.zip", {"a.gpkg": (tmp_path / "a.gpkg").read_bytes(), "readme.txt": b"hello"})
    pieces = {
        f"01_ha_noi/wards/{row['code']}_x.geojson": geojson(SQUARES.iloc[[number]])
        for number, (_, row) in enumerate(SQUARES.iterrows())
    }
    zipped(tmp_path / "layout.zip", pieces | {"01_ha_noi/01_ha_noi.geojson": geojson(), "__MACOSX/x.geojson": b"?"})
    for name in ("a.gpkg", "a.parquet", "a.geojson", "shape.zip", "inner.zip", "layout.zip"):
        data = geodata.read(tmp_path / name)
        assert data.frame["code"].tolist() == ["00004", "00008"], name
        assert data.frame["name"].tolist() == ["Ba Đình", "Ngọc Hà"], name
        assert data.frame.crs.to_epsg() == 4326
        assert data.frame.geometry.geom_equals(SQUARES.geometry).all(), name
    assert [note.check for note in data.notes] == ["readers.province_files"]


def test_bytes_of_an_upload_are_read_like_a_file() -> None:
    assert len(geodata.read(geojson(), name="tải lên.geojson").frame) == 2


VRT = "<OGRVRTDataSource><OGRVRTLayer><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
KML = '<?xml version="1.0"?><kml><NetworkLink><Link><href>http://127.0.0.1/x</href></Link></NetworkLink></kml>'
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'
GDALG = '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (VRT.encode(), "readers.xml"),
        (b"\xef\xbb\xbf\n " + VRT.encode(), "readers.xml"),
        (GDALG.encode(), "readers.json_no_map"),
        (b'<?xml version="1.0"?><WFS:WFS_Capabilities/>', "readers.xml"),
        (KML.encode(), "readers.xml"),
        (BOMB.encode(), "readers.xml"),
        (b"", "readers.empty_file"),
        (b"ma_xa;ten_xa\n1;2\n", "readers.not_a_map"),
        (b"%PDF-1.7", "readers.not_a_map"),
        (b"\x1f\x8b\x08\x00", "readers.packed"),
        (b"\xff\xfe{\x00", "readers.utf16"),
        (b'{"a": "\xe9"}', "readers.not_utf8"),
        (b'{"type": "Topology", "arcs": []}', "readers.topojson"),
        (b"[1, 2, 3]", "readers.json_no_map"),
        (b'{"type": "FeatureCollection", "features": 7}', "readers.json_no_map"),
        (b'{"type": "FeatureCollection", "features": []}', "readers.empty_layer"),
        (
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": null}]}',
            "readers.no_geometry",
        ),
        (b"[" * 100_000, "readers.nested_json"),
        (b'{"type": "GeometryCollection", "geometries": ' * 9 + b"[]" + b"}" * 9, "readers.bad_geometry"),
        (b"\x00\x00\x27\x0a" + bytes(96), "readers.bare_shapefile"),
        (joblib.numpy_pickle_utils._ZFILE_PREFIX + b"x", "readers.pickle"),
    ],
)
def test_what_is_not_a_map_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "communes.geojson"
    path.write_bytes(content)
    assert refused(path).code == code
    if content:
        archive = zipped(tmp_path / "a.zip", {"communes.geojson": content})
        assert refused(archive).code in (code, "readers.json_damaged", "readers.not_utf8", "readers.nested_json")


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str, ...]]:
            return os.mkdir, (str(mark),)

    for number, path in enumerate((tmp_path / "a.parquet", tmp_path / "b.geojson")):
        (joblib.dump if number else pd.to_pickle)(Evil(), path)
        assert refused(path).code == "readers.pickle"
    assert not mark.exists()


def test_truncated_files_are_called_truncated(tmp_path: Path) -> None:
    SQUARES.to_file(tmp_path / "a.gpkg")
    SQUARES.to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.geojson").write_bytes(geojson())
    for name in ("a.gpkg", "a.parquet", "a.geojson"):
        content = (tmp_path / name).read_bytes()
        for share in (0.3, 0.8):
            assert refused(content[: int(len(content) * share)]).code in {
                "readers.truncated",
                "readers.json_damaged",
            }, name
    parts = shapefile(tmp_path / "shape")
    parts["xa.shp"] = parts["xa.shp"][:150]
    assert refused(zipped(tmp_path / "cut.zip", parts)).code == "readers.truncated"
    whole = zipped(tmp_path / "whole.zip", {"a.geojson": geojson()}).read_bytes()
    assert refused(whole[: len(whole) // 2]).code == "archives.damaged"


@given(cut=st.integers(0, 3000), flip=st.integers(0, 3000), bit=st.integers(0, 7))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_geopackage_is_read_or_refused_and_nothing_else(
    tmp_path: Path, cut: int, flip: int, bit: int
) -> None:
    path = tmp_path / "a.gpkg"
    if not path.exists():
        SQUARES.to_file(path)
    content = bytearray(path.read_bytes())
    content[flip * 29 % len(content)] ^= 1 << bit
    try:
        geodata.read(bytes(content[: len(content) - cut * 29 % len(content)]), name="a.gpkg")
    except InputError as error:
        assert error.message("vi") and error.remedy("en")


def test_layers(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    SQUARES.to_file(path, layer="xa")
    SQUARES.to_file(path, layer="huyen")
    error = refused(path)
    assert (error.code, sorted(error.rows)) == ("readers.layers_many", ["huyen", "xa"])
    assert len(geodata.read(path, layer="xa").frame) == 2
    assert refused(path, layer="tinh").code == "readers.layer_unknown"
    SQUARES.set_geometry(SQUARES.centroid).to_file(tmp_path / "points.gpkg", layer="diem")
    SQUARES.to_file(tmp_path / "points.gpkg", layer="xa")
    assert (geodata.read(tmp_path / "points.gpkg").frame.geom_type == "Polygon").all()
    parts = shapefile(tmp_path / "shape")
    many = {"a/" + name: data for name, data in parts.items()} | {"b/" + name: data for name, data in parts.items()}
    assert refused(zipped(tmp_path / "many.zip", many)).code == "readers.layers_many"
    assert len(geodata.read(zipped(tmp_path / "sub.zip", {"x/y/" + n: d for n, d in parts.items()})).frame) == 2


def test_views_and_virtual_tables_of_a_geopackage_are_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "a.gpkg"
    SQUARES.to_file(path, layer="xa")
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = 1")
        database.execute(
            "UPDATE sqlite_master SET type = 'view', sql = 'CREATE VIEW xa AS SELECT 1', rootpage = 0 "
            "WHERE name = 'xa'"
        )
    assert refused(path).code in {"readers.layer_is_view", "readers.damaged"}
    with sqlite3.connect(tmp_path / "plain.gpkg") as database:
        database.execute("CREATE TABLE t (x)")
    assert refused(tmp_path / "plain.gpkg").code == "readers.no_layer"


def test_a_shapefile_needs_its_parts(tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "shape")
    for ending in (".shx", ".dbf", ".shp"):
        error = refused(
            zipped(tmp_path / f"no{ending}.zip", {n: d for n, d in parts.items() if not n.endswith(ending)})
        )
        assert error.code == "readers.missing_parts" and ending in error.message("vi")
    bare = zipped(tmp_path / "noprj.zip", {n: d for n, d in parts.items() if not n.endswith(".prj")})
    error = refused(bare)
    assert error.code == "readers.no_crs" and "--crs" in error.remedy("vi")
    assert geodata.read(bare, crs="EPSG:4326").frame.crs.to_epsg() == 4326
    assert geodata.read(bare, need_crs=False).frame.crs is None
    assert refused(bare, crs="WGS 84").code == "readers.crs_option"
    upper = {name.upper(): data for name, data in parts.items()}
    assert len(geodata.read(zipped(tmp_path / "upper.zip", upper)).frame) == 2


def test_a_shapefile_without_cpg_keeps_vietnamese_names(tmp_path: Path) -> None:
    parts = {n: d for n, d in shapefile(tmp_path / "shape").items() if not n.endswith(".cpg")}
    data = geodata.read(zipped(tmp_path / "nocpg.zip", parts))
    assert data.frame["name"].tolist() == ["Ba Đình", "Ngọc Hà"]
    assert [note.check for note in data.notes] == ["readers.encoding_guessed"]


def test_archives_that_reach_out_of_their_folder(tmp_path: Path) -> None:
    for name in ("../x.geojson", "/etc/x.geojson", "a/../../x.geojson", "C:/x.geojson", "..\\x.geojson"):
        assert refused(zipped(tmp_path / "a.zip", {name: geojson()})).code == "archives.unsafe_path", name
    assert not (tmp_path.parent / "x.geojson").exists()
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        entry = zipfile.ZipInfo("x.geojson")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert refused(tmp_path / "link.zip").code == "archives.symlink"


def test_archives_that_unpack_to_more_than_they_say(tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {"x.geojson": bytes(60 << 20)})
    assert refused(bomb).code == "archives.bomb"
    liar = bytearray(zipped(tmp_path / "liar.zip", {"x.geojson": geojson()}).read_bytes())
    at = liar.rindex(b"PK\x01\x02")
    struct.pack_into("<I", liar, at + 24, 10)
    assert refused(bytes(liar)).code in {
        "archives.damaged",
        "archives.bomb",
        "readers.truncated",
        "readers.json_damaged",
    }
    nested = zipped(tmp_path / "n.zip", {"x.zip": zipped(tmp_path / "i.zip", {"a": b"b"}).read_bytes()})
    assert refused(nested).code == "archives.nested"
    hidden = zipped(tmp_path / "h.zip", {"x.gpkg": (tmp_path / "i.zip").read_bytes()})
    assert refused(hidden).code == "archives.nested"
    many = zipped(tmp_path / "many.zip", {f"{n}.txt": b"" for n in range(archives.ArchiveLimits().entries + 1)})
    assert refused(many).code == "archives.too_many"
    assert refused(zipped(tmp_path / "none.zip", {"__MACOSX/._x": b"x", ".DS_Store": b"y"})).code == "archives.empty"
    assert refused(zipped(tmp_path / "text.zip", {"readme.txt": b"x"})).code == "readers.zip_no_map"


def test_overlapping_entries_are_a_bomb(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "two.zip", {"a.geojson": geojson(), "b.geojson": geojson()}).read_bytes())
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)
    assert refused(bytes(content)).code in {"archives.bomb", "archives.damaged"}


def test_the_limit_admits_the_whole_nation(tmp_path: Path) -> None:
    one = geojson(SQUARES.iloc[[0]])
    entries = {f"{n // 100:02}_x/wards/{n:05}_y.geojson": one for n in range(3355)}
    assert len(archives.members(zipped(tmp_path / "nation.zip", entries), "nation.zip")) == 3355


def test_encrypted_archives(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", {"x.geojson": geojson()}).read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert refused(bytes(content)).code == "archives.encrypted"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", '"east"', "null"])
def test_coordinates_that_are_no_numbers_name_their_row(value: str) -> None:
    text = geojson().decode().replace("105.8", value, 1)
    error = refused(text.encode())
    assert (error.code, error.rows) == ("readers.bad_geometry", ["00004"]), value


def test_not_finite_in_a_geopackage(tmp_path: Path) -> None:
    ring = [(105.8, 21.0), (np.nan, 21.0), (105.9, 21.1), (105.8, 21.0)]
    SQUARES.assign(geometry=[shapely.Polygon(ring), SQUARES.geometry[1]]).to_parquet(tmp_path / "a.parquet")
    error = refused(tmp_path / "a.parquet")
    assert (error.code, error.rows) == ("readers.bad_geometry", ["00004"])


def test_parquet_that_claims_a_thousand_million_rows(tmp_path: Path) -> None:
    table = pa.table({"geometry": pa.DictionaryArray.from_arrays(np.zeros(3_000_000, dtype="int32"), [b"x"])})
    pq.write_table(table, tmp_path / "claims.parquet")
    assert (tmp_path / "claims.parquet").stat().st_size < 1 << 20
    assert refused(tmp_path / "claims.parquet").code == "readers.parquet_claims"


def test_parquet_without_geometry_or_crs(tmp_path: Path) -> None:
    pd.DataFrame({"code": ["1"]}).to_parquet(tmp_path / "t.parquet")
    assert refused(tmp_path / "t.parquet").code == "readers.no_geometry"
    SQUARES.set_crs(None, allow_override=True).to_parquet(tmp_path / "n.parquet")
    assert refused(tmp_path / "n.parquet").code == "readers.no_crs"
    SQUARES.to_parquet(tmp_path / "arrow.parquet", geometry_encoding="geoarrow", schema_version="1.1.0")
    assert refused(tmp_path / "arrow.parquet").code == "readers.parquet_encoding"


def test_limits_of_size_memory_and_time(tmp_path: Path) -> None:
    assert refused(geojson(), limits=geodata.ReadLimits(file_bytes=100)).code == "readers.too_large"
    assert refused(geojson(), limits=geodata.ReadLimits(features=1)).code == "readers.too_many_features"
    assert refused(geojson(), limits=geodata.ReadLimits(vertices=6)).code == "readers.too_many_vertices"
    big = (
        b'{"type": "FeatureCollection", "features": [' + b'{"type": "Feature", "properties": {}},' * 400_000 + b"{}]}"
    )
    assert refused(big, limits=geodata.ReadLimits(seconds=1)).code in {
        "readers.too_long",
        "readers.too_many_features",
    }
    if sys.platform == "linux":
        code = refused(big, limits=geodata.ReadLimits(memory=150 << 20)).code
        assert code in {"readers.memory", "readers.crashed"}


def test_a_million_vertices(tmp_path: Path) -> None:
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    ring = np.c_[105.85 + 0.01 * np.cos(angle), 21.05 + 0.01 * np.sin(angle)]
    SQUARES.iloc[[0]].assign(geometry=[shapely.Polygon(ring)]).to_parquet(tmp_path / "a.parquet")
    assert shapely.get_num_coordinates(geodata.read(tmp_path / "a.parquet").frame.geometry[0]) == 1_000_001


def test_the_child_has_no_driver_that_could_follow_a_link() -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from geo.files.readers.gdal import _gdal; "
        "print(sorted(_gdal().list_drivers()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(geodata.paths.ROOT)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip().endswith("['ESRI Shapefile', 'GPKG', 'MEM']")


def test_old_geojson_may_state_its_crs() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    assert geodata.read(geojson(crs=crs), name="a").frame.crs.to_epsg() == 3405
    assert (
        refused(geojson(crs={"type": "link", "properties": {"href": "http://127.0.0.1/crs"}})).code
        == "readers.crs_unknown"
    )


def test_empty_shapefile_and_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "readers.folder"
    assert refused(tmp_path / "absent.gpkg").code == "general.file_missing"
    parts = shapefile(tmp_path / "shape", SQUARES.iloc[:0].astype({"code": str, "name": str}))
    assert refused(zipped(tmp_path / "empty.zip", parts)).code in {"readers.empty_layer", "readers.no_geometry"}


def test_zip_with_unknown_compression(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.geojson", geojson())
    assert refused(tmp_path / "b.zip").code == "archives.method"
