"""The import of official outlines: from a stranger's file to what the maps use, with a report of what was changed."""

from __future__ import annotations

import datetime
import time
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import units
from geo.base.errors import InputError
from geo.base.findings import Finding
from geo.boundaries import codes, position, repair, store
from geo.boundaries.repair import Stage
from geo.files import geodata


@dataclass(frozen=True)
class ImportReport:
    """What an import took in and what it changed.

    ``communes`` counts the communes of the file, ``in_force`` all that are official afterwards; ``provinces`` holds
    per province code how many of its communes are official and how many it has; ``largest_change`` is the largest
    change of area by the repair, in percent, and ``largest_change_code`` the commune it happened to.
    """

    file: str
    format: str
    crs: str
    source: str
    as_of: str
    communes: int
    in_force: int
    provinces: dict[str, tuple[int, int]]
    vertices: int
    largest_change: float
    largest_change_code: str
    seconds: float
    written: bool
    findings: tuple[Finding, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        plain = {name: value for name, value in vars(self).items() if name not in ("findings", "provinces")}
        provinces = {code: {"official": have, "communes": all_} for code, (have, all_) in self.provinces.items()}
        return plain | {"provinces": provinces, "findings": [finding.to_dict() for finding in self.findings]}


def import_boundaries(
    path: str | Path | bytes,
    *,
    name: str | None = None,
    crs: str | None = None,
    layer: str | None = None,
    source: str | None = None,
    as_of: str | None = None,
    skip_unknown: bool = False,
    dry_run: bool = False,
    limits: geodata.ReadLimits | None = None,
    stage: Stage | None = None,
) -> ImportReport:
    """Read, check, repair and simplify outlines of communes, and put them in the place of the schematic ones.

    Communes imported before stay, unless the file brings them again; communes never imported keep the schematic
    outline. Either all of it is written, or nothing.

    Parameters
    ----------
    path
        A file as :func:`geo.files.geodata.read` takes it, or the bytes of an upload.
    crs
        The coordinate system to use instead of the stated one: ``EPSG:…``, WGS 84 or VN-2000.
    source, as_of
        Where the outlines come from and of which day they are; else the name and the date of the file.
    skip_unknown
        Whether rows of no known commune are left out and reported instead of refused.
    dry_run
        Whether only to report.
    stage
        Called with the name of the stage, how much is done and how much there is.

    Raises
    ------
    InputError
        Whatever is wrong with the file, with the rows and what to do next.

    Examples
    --------
    >>> import_boundaries("no_such_file.zip")
    Traceback (most recent call last):
    geo.base.errors.InputError: Không tìm thấy tệp: no_such_file.zip. Kiểm tra lại đường dẫn và tên tệp.
    File not found: no_such_file.zip. Check the path and the file name.
    """
    began = time.monotonic()
    tell = stage or (lambda *_: None)
    reading = partial(tell, "read")
    data = geodata.read(path, name=name, crs=crs, layer=layer, need_crs=False, limits=limits, progress=reading)
    tell("check", 0, 1)
    imported, findings = _understood(data, skip_unknown)
    fresh = imported.assign(source=source or data.name, as_of=as_of or _day_of(path))
    tell("repair", 0, 1)
    coverage = _joined(fresh, tell)
    if not dry_run:
        tell("write", 0, 1)
        store.write(coverage.to_store())
    return _report(data, coverage, findings, written=not dry_run, began=began)


@dataclass(frozen=True)
class _Coverage:
    """The official outlines with those of one import among them, as they will be in force.

    Parameters
    ----------
    fresh
        What the import brought, one row per commune.
    everything
        The same and what was imported before, before the repair.
    shapes
        All of it, repaired, by level of detail.
    changes
        By commune of the import: the share of its area (0-1) that the repair moved.
    repairs
        What the repair has to say.
    """

    fresh: gpd.GeoDataFrame
    everything: gpd.GeoDataFrame
    shapes: gpd.GeoDataFrame
    changes: pd.Series
    repairs: list[Finding]

    def to_store(self) -> gpd.GeoDataFrame:
        """Return what the store keeps: shapes, facts and their digest."""
        facts = self.everything.drop(columns="geometry")
        return self.shapes.join(facts).assign(digest=store.digest(self.shapes))


def _joined(fresh: gpd.GeoDataFrame, tell: Stage) -> _Coverage:
    """Put an import among the outlines of before, repair where they meet, and simplify."""
    everything = _with_earlier(fresh)
    whole, repairs, moved = repair.coverage(everything)
    shapes = repair.levels(whole.geometry, tell)
    return _Coverage(fresh, everything, shapes, moved[moved.index.isin(fresh.index)], repairs)


def _report(
    data: geodata.Geodata, coverage: _Coverage, findings: list[Finding], *, written: bool, began: float
) -> ImportReport:
    fresh, changes = coverage.fresh, coverage.changes
    counts = coverage.everything["province_code"].value_counts()
    totals = units.communes()["province_code"].value_counts()
    return ImportReport(
        file=data.name,
        format=data.format,
        crs=data.frame.crs.name if data.frame.crs is not None else "",
        source=fresh["source"].iloc[0],
        as_of=fresh["as_of"].iloc[0],
        communes=len(fresh),
        in_force=len(coverage.everything),
        provinces={str(code): (int(counts[code]), int(totals[code])) for code in sorted(counts.index)},
        vertices=int(shapely.get_num_coordinates(coverage.shapes.geometry.to_numpy()).sum()),
        largest_change=round(float(changes.max()) * 100, 4),
        largest_change_code=str(changes.idxmax()),
        seconds=round(time.monotonic() - began, 1),
        written=written,
        findings=(*data.notes, *findings, *coverage.repairs),
    )


def _understood(data: geodata.Geodata, skip_unknown: bool) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return one valid outline per commune in WGS 84 with its province, and what was found on the way."""
    frame = data.frame.reset_index(drop=True)
    naming = codes.name_rows(pd.DataFrame(frame.drop(columns="geometry")), data.name, skip_unknown=skip_unknown)
    named = frame.loc[naming.codes.index, ["geometry"]].set_crs(frame.crs)
    areas, shape_findings = repair.areas(named, naming.written, data.name)
    if areas.empty:
        raise InputError("readers.no_geometry", name=data.name)
    naming = _only(naming, areas.index)
    placed, position_findings = position.locate(areas, naming, data.name)
    commune_codes = position.settle_names(placed, naming)
    single, double_findings = repair.one_per_commune(placed, commune_codes, naming.written, data.name)
    single["province_code"] = units.communes()["province_code"].reindex(single.index)
    absent = _absent(single)
    findings = [*naming.findings, *shape_findings, *position_findings, *double_findings, *absent]
    return single, findings


def _only(naming: codes.Naming, rows: pd.Index) -> codes.Naming:
    choices = {row: candidates for row, candidates in naming.choices.items() if row in rows}
    return codes.Naming(naming.codes[rows], naming.written[rows], naming.column, choices, naming.findings)


def _absent(single: gpd.GeoDataFrame) -> list[Finding]:
    """Say which communes of the provinces that the file is about it lacks."""
    about = single["province_code"].value_counts()
    totals = units.communes()["province_code"].value_counts()
    meant = [code for code, count in about.items() if count > totals[code] / 2]
    expected = units.communes().index[units.communes()["province_code"].isin(meant)]
    lacking = expected.difference(single.index)
    if not len(lacking):
        return []
    rows = tuple(f"{code} {units.communes().loc[code, 'name']}" for code in lacking)
    return [Finding("boundaries.communes_absent", "warning", len(lacking), rows)]


def _with_earlier(fresh: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if not store.exists():
        return fresh
    earlier = store.read().drop(columns="digest")
    others = earlier[~earlier.index.isin(fresh.index)]
    return fresh if others.empty else gpd.GeoDataFrame(pd.concat([others, fresh]), geometry="geometry", crs=fresh.crs)


def _day_of(path: str | Path | bytes) -> str:
    """Return the day of the newest entry of a zip, or of the file itself; today for bytes that are no file."""
    if isinstance(path, bytes):
        return datetime.date.today().isoformat()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            year, month, day = max((entry.date_time for entry in archive.infolist()), default=(1980, 1, 1, 0, 0, 0))[
                :3
            ]
        if year > 1980:
            return f"{year:04}-{month:02}-{day:02}"
    return datetime.date.fromtimestamp(Path(path).stat().st_mtime).isoformat()
