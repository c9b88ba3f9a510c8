"""The one door for geodata that strangers give: files are known by their content and read in a child process."""

from __future__ import annotations

import json
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyproj
import shapely

from geo.base import paths
from geo.base.errors import InputError
from geo.base.findings import Finding
from geo.files import archives, vn2000

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
DATA_SUFFIXES = {".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".parquet": "parquet"}
HEAD = 512
START = "import sys; sys.path.insert(0, sys.argv[1]); from geo.files.readers.child import main; main(sys.argv[2])"


@dataclass(frozen=True)
class ReadLimits:
    """How much one file may cost: bytes on disk, memory and seconds of the child, features and vertices.

    All official communes at full resolution are 50 MB zipped, 3,321 features and 7.1 million vertices.
    """

    file_bytes: int = 1 << 30
    memory: int = 6 << 30
    seconds: int = 900
    features: int = 200_000
    vertices: int = 40_000_000


@dataclass(frozen=True)
class Geodata:
    """What a file held: attributes and geometry as they were, the format, and what is worth knowing about it.

    ``frame.crs`` is None when the file does not say; ``crs_stated`` is False when a rule of the format said it.
    """

    frame: gpd.GeoDataFrame
    name: str
    format: str
    crs_stated: bool
    notes: tuple[Finding, ...] = ()


def read(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    need_crs: bool = True,
    limits: ReadLimits | None = None,
    progress: Progress | None = None,
) -> Geodata:
    """Read vector geodata: GeoJSON, GeoPackage, GeoParquet, a zipped Shapefile, or a zip of GeoJSON files.

    The name of the file decides nothing: its first bytes do. Formats that can point to other files or addresses
    (VRT, GML, KML, WFS, …) are refused, whatever they are called.

    Parameters
    ----------
    source
        A path, or the bytes of an upload.
    name
        What to call the file in messages; for bytes, the name the user gave it.
    crs
        The coordinate system to use instead of the stated one, as ``EPSG:…``.
    layer
        Which layer, where a file has several.
    need_crs
        Whether a file without a coordinate system is refused; else ``frame.crs`` is None.
    limits
        How large the file and its content may be.
    progress
        Called while a zip of many files is read.

    Raises
    ------
    InputError
        Whatever is wrong with the file, with what to do next.
    """
    limits = limits or ReadLimits()
    option = vn2000.from_option(crs) if crs is not None else None
    try:
        with tempfile.TemporaryDirectory(prefix="riskmap-read-", ignore_cleanup_errors=True) as folder:
            path, label = _at_hand(source, name, Path(folder), limits)
            job, notes = _job(path, label, Path(folder), layer)
            about = _run(job, Path(folder), label, limits, progress)
            frame = _frame(Path(folder) / "result.arrow")
    except OSError as error:
        raise InputError("readers.cannot_open", name=name or error.filename or "", reason=error.strerror) from error
    stated = _stated_crs(about, label)
    if about.get("encoding_guessed"):
        notes.append(Finding("readers.encoding_guessed", "warning", 1, values={"encoding": about["encoding"]}))
    if option is not None and stated is not None and not stated.equals(option, ignore_axis_order=True):
        notes.append(Finding("readers.crs_replaced", "info", 1, values={"stated": stated.name, "used": option.name}))
    used = option or stated
    if used is None and need_crs:
        raise InputError("readers.no_crs", name=label)
    frame = frame.set_crs(used) if used is not None else frame
    return Geodata(frame, label, job["format"], bool(about.get("crs_stated")) or option is not None, tuple(notes))


def _at_hand(source: str | Path | bytes, name: str | None, folder: Path, limits: ReadLimits) -> tuple[Path, str]:
    if isinstance(source, bytes):
        path, size = folder / "upload", len(source)
        if size <= limits.file_bytes:
            path.write_bytes(source)
    else:
        path = Path(source).expanduser()
        if not path.exists():
            raise InputError("general.file_missing", path=path)
        if not path.is_file():
            raise InputError("readers.folder", name=path)
        size = path.stat().st_size
    label = name or path.name
    if size == 0:
        raise InputError("readers.empty_file", name=label)
    if size > limits.file_bytes:
        raise InputError(
            "readers.too_large", name=label, size=f"{size / 2**20:,.0f}", limit=f"{limits.file_bytes / 2**20:,.0f}"
        )
    return path, label


def _job(path: Path, label: str, folder: Path, layer: str | None) -> tuple[dict[str, Any], list[Finding]]:
    kind = sniff(path)
    if kind == "zip":
        return _zip_job(path, label, folder, layer)
    if kind not in ("geojson", "gpkg", "parquet"):
        raise InputError(f"readers.{kind}", name=label)
    copy = folder / f"input.{kind}"
    shutil.copyfile(path, copy)
    _check_whole(copy, kind, label)
    return {"format": kind, "file": str(copy), "layer": layer}, []


def sniff(path: Path) -> str:
    """Tell from its first bytes what a file is: a format that can be read, or the name of the reason it cannot."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "bare_shapefile"
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        return "packed"
    if head[:1] == b"\x80" or head.startswith((b"ZF", b"\x93NUMPY", b"(dp", b"cnumpy", b"cpandas")):
        return "pickle"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "xml"
    if text.startswith((b"{", b"[")):
        return "geojson"
    return "utf16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "not_a_map"


def _check_whole(path: Path, kind: str, label: str) -> None:
    """Refuse a file that stops in the middle, where the format lets us know at once."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(100)
        stream.seek(max(size - 4, 0))
        tail = stream.read(4)
    if kind == "parquet" and (tail != b"PAR1" or size < 12):
        raise InputError("readers.truncated", name=label)
    if kind == "gpkg":
        page = int.from_bytes(head[16:18], "big")
        page = 65536 if page == 1 else page
        if len(head) < 100 or size < page * int.from_bytes(head[28:32], "big"):
            raise InputError("readers.truncated", name=label)


def _zip_job(path: Path, label: str, folder: Path, layer: str | None) -> tuple[dict[str, Any], list[Finding]]:
    entries = archives.members(path, label)
    shapes = {archives.stem(entry): entry for entry in entries if archives.suffix(entry) == ".shp"}
    data = [entry for entry in entries if archives.suffix(entry) in DATA_SUFFIXES]
    parts = {archives.suffix(entry) for entry in entries} & {".shx", ".dbf"}
    if not shapes and not data:
        if parts:
            raise InputError("readers.missing_parts", [label], name=label, missing=".shp")
        raise InputError("readers.zip_no_map", [entry.filename for entry in entries], name=label)
    if layer is not None:
        chosen = {stem: entry for stem, entry in shapes.items() if PurePosixPath(stem).name == layer.casefold()}
        shapes, data = chosen or shapes, [] if chosen else data
    if (shapes and data) or len(shapes) > 1:
        raise InputError("readers.layers_many", [e.filename for e in (*shapes.values(), *data)], name=label)
    if shapes:
        return _shapefile_job(path, label, folder, entries, next(iter(shapes)))
    kinds = {DATA_SUFFIXES[archives.suffix(entry)] for entry in data}
    if kinds != {"geojson"}:
        if len(data) > 1:
            raise InputError("readers.layers_many", [entry.filename for entry in data], name=label)
        inner = folder / "inner"
        archives.extract(path, data[0], inner)
        if sniff(inner) == "zip":
            raise InputError("archives.nested", [data[0].filename], name=label)
        return _job(inner, f"{label}/{data[0].filename}", folder, layer)
    return _geojson_zip_job(path, folder, data)


def _geojson_zip_job(path: Path, folder: Path, data: list[Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Read every GeoJSON file of a zip; in the layout of the public download, the communes and not the provinces."""
    copy = folder / "input.zip"
    shutil.copyfile(path, copy)
    communes = [entry for entry in data if "wards" in PurePosixPath(entry.filename).parts[:-1]]
    left_out = len(data) - len(communes) if communes else 0
    chosen = communes or data
    notes = [Finding("readers.province_files", "info", left_out)] if left_out else []
    names = sorted(entry.filename for entry in chosen)
    largest = max(entry.file_size for entry in chosen)
    return {"format": "geojson", "file": str(copy), "members": names, "member_bytes": largest}, notes


def _shapefile_job(
    path: Path, label: str, folder: Path, entries: list[Any], stem: str
) -> tuple[dict[str, Any], list[Finding]]:
    parts = {archives.suffix(entry): entry for entry in entries if archives.stem(entry) == stem}
    missing = [part for part in (".shx", ".dbf") if part not in parts]
    if missing:
        raise InputError("readers.missing_parts", name=label, missing=", ".join(missing))
    for part in SHAPEFILE_PARTS:
        if part in parts:
            archives.extract(path, parts[part], folder / f"input{part}")
    shp = folder / "input.shp"
    head = shp.read_bytes()[:100]
    if head[:4] != b"\x00\x00\x27\x0a":
        raise InputError("readers.damaged", name=label, reason=parts[".shp"].filename)
    if len(head) < 100 or shp.stat().st_size < 2 * int.from_bytes(head[24:28], "big"):
        raise InputError("readers.truncated", [parts[".shp"].filename], name=label)
    return {"format": "shapefile", "file": str(shp)}, []


def _run(
    job: dict[str, Any], folder: Path, label: str, limits: ReadLimits, progress: Progress | None
) -> dict[str, Any]:
    job_file = folder / "job.json"
    job_file.write_text(json.dumps(job | asdict(limits) | {"packages": _packages()}), encoding="utf-8")
    command = [sys.executable, "-I", "-X", "utf8", "-c", START, str(paths.ROOT), str(job_file)]
    with (folder / "stderr").open("wb") as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=_environment(folder),
        )
    too_long = threading.Event()

    def stop() -> None:
        too_long.set()
        child.kill()

    timer = threading.Timer(limits.seconds, stop)
    timer.start()
    try:
        for line in child.stdout or ():
            numbers = line.split()
            if progress and len(numbers) == 2 and all(number.isdigit() for number in numbers):
                progress(int(numbers[0]), int(numbers[1]))
        code = child.wait()
    finally:
        timer.cancel()
        if child.poll() is None:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()
    return _answer(folder, label, code, too_long.is_set(), limits)


def _answer(folder: Path, label: str, code: int, too_long: bool, limits: ReadLimits) -> dict[str, Any]:
    result = folder / "result.json"
    if too_long or code == -24:  # SIGXCPU
        raise InputError("readers.too_long", name=label, seconds=limits.seconds)
    if not result.exists():
        last = (folder / "stderr").read_bytes()[-2000:]
        memory = b"MemoryError" in last or b"bad_alloc" in last or b"out of memory" in last.lower()
        raise InputError("readers.memory" if memory else "readers.crashed", name=label, status=code)
    answer = json.loads(result.read_text(encoding="utf-8"))
    if "error" in answer:
        values = {**answer["values"], "name": label}
        raise InputError(answer["error"], answer["rows"], **values)
    return dict(answer["about"])


def _frame(path: Path) -> gpd.GeoDataFrame:
    frame: pd.DataFrame = pa.ipc.open_file(pa.py_buffer(path.read_bytes())).read_all().to_pandas()
    geometry = shapely.from_wkb(frame.pop("geometry").to_numpy(object))
    return gpd.GeoDataFrame(frame, geometry=geometry)


def _stated_crs(about: dict[str, Any], label: str) -> pyproj.CRS | None:
    text = about.get("wkt") or about.get("crs")
    if not text:
        return None
    crs = vn2000.recognise(text)
    if crs is None:
        raise InputError("readers.crs_unknown", name=label, crs=str(text)[:120])
    return crs


def _packages() -> list[str]:
    """Where the libraries are; an isolated interpreter may not find those of an unusual installation."""
    folders = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    folders |= {path for path in sys.path if path.rstrip("/\\").endswith(("site-packages", "dist-packages"))}
    return sorted(path for path in folders if path and Path(path).is_dir())


def _environment(folder: Path) -> dict[str, str]:
    """Return the few variables the child gets: no proxies, no settings of GDAL but ours, one thread."""
    variables = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if key in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GDAL_NUM_THREADS"), "1")
    closed = {
        "PROJ_NETWORK": "OFF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
    return variables | threads | closed | {"TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
