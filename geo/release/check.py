"""The checks of the shipped data, each of which says what it found, and the figures of what was modelled."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import boundaries, layers, units
from geo.base import paths
from geo.base.crs import METRIC
from geo.base.errors import DataFault, RiskmapError
from geo.base.findings import Finding
from geo.boundaries import store
from geo.files import write
from geo.layers import districts, population
from geo.release import geography
from geo.units import crosswalk

Check = Callable[[], Iterable[Finding]]
EXPECTED = {"provinces": 34, "communes": 3321, "old_provinces": 63, "old_communes": 10035}
OFF_COMMUNE_KM = 10.0
"""Points taken from descriptions are 1-10 km off; farther from their commune they are named."""

OFF_PLACE_KM = 40.0
"""A commune in force lies among the communes it was made of; the largest are 40 km across."""

OFF_COUNTRY_KM = 25.0
PEOPLE = (90e6, 110e6)


def check_files() -> Iterator[Finding]:
    """Compare every file of ``data/`` with the hash its data package states."""
    total = 0
    changed = []
    for folder in (paths.BOUNDARIES, paths.INDICATORS):
        path = folder / "datapackage.json"
        if not path.exists():
            raise DataFault("general.file_missing", path=path)
        for resource in json.loads(path.read_text(encoding="utf-8"))["resources"]:
            total += 1
            file = folder / resource["path"]
            if not file.exists() or f"sha256:{write.file_hash(file)}" != resource["hash"]:
                changed.append(f"{folder.name}/{resource['path']}")
    if changed:
        yield Finding("check.files_changed", "error", len(changed), tuple(changed))
    yield Finding("check.files", "info", total - len(changed))


def check_units() -> Iterator[Finding]:
    """Count the units and look at their codes and names."""
    frames = {
        "provinces": units.provinces(),
        "communes": units.communes(),
        "old_provinces": units.old_provinces(),
        "old_communes": units.old_communes(),
    }
    wrong = [
        f"{name}: {len(frame)} ≠ {EXPECTED[name]}" for name, frame in frames.items() if len(frame) != EXPECTED[name]
    ]
    if wrong:
        yield Finding("check.units_count", "error", len(wrong), tuple(wrong))
    for name, frame in frames.items():
        digits = 2 if "provinces" in name else 5
        codes = frame.index.to_series()
        bad = codes[~codes.str.fullmatch(rf"\d{{{digits}}}") | codes.duplicated(keep=False)]
        if len(bad):
            yield Finding("check.units_codes", "error", len(bad), tuple(bad), {"table": name})
        loose = frame.index[frame["name"].map(lambda text: text != unicodedata.normalize("NFC", text.strip()))]
        if len(loose):
            yield Finding("check.units_names", "warning", len(loose), tuple(loose), {"table": name})
    strays = frames["communes"].index[~frames["communes"]["province_code"].isin(frames["provinces"].index)]
    if len(strays):
        yield Finding("check.units_codes", "error", len(strays), tuple(strays), {"table": "communes"})
    yield Finding("check.units", "info", len(frames["communes"]), values={n: len(f) for n, f in frames.items()})


def check_places() -> Iterator[Finding]:
    """Compare the place of each commune with the places of the old communes it was made of."""
    links = crosswalk.links().join(units.old_communes()[["lat", "lon"]], on="old_code")
    middle = links.groupby("new_code")[["lat", "lon"]].median()
    here = units.communes().loc[units.communes()["type"] != "Đặc khu", ["lat", "lon"]]
    apart = (here - middle.reindex(here.index)) * (110.6, 107.0)
    km = np.hypot(apart["lat"], apart["lon"])
    far = km[km > OFF_PLACE_KM].sort_values(ascending=False)
    if len(far):
        rows = tuple(f"{code} {units.communes().loc[code, 'name']} ({value:.0f} km)" for code, value in far.items())
        yield Finding("check.units_places", "info", len(far), rows)


def check_code_conflicts() -> Iterator[Finding]:
    """Report the communes for which public sources give different codes."""
    table = pd.read_csv(paths.CODE_CONFLICTS, dtype=str)
    rows = tuple(f"{row['name']}: {row['commune_code']} = {row['alias_code']}" for row in table.to_dict("records"))
    if rows:
        yield Finding("check.code_conflicts", "info", len(rows), rows)


def check_crosswalk() -> Iterator[Finding]:
    """Every old commune leads somewhere, every commune in force comes from somewhere, shares are whole."""
    links = crosswalk.links()
    lost = units.old_communes().index.difference(links["old_code"])
    sourceless = units.communes().index.difference(links["new_code"])
    unknown = links.loc[~links["new_code"].isin(units.communes().index), "new_code"].unique()
    for name, codes in (("lost", lost), ("sourceless", sourceless), ("unknown", unknown)):
        if len(codes):
            yield Finding(f"check.crosswalk_{name}", "error", len(codes), tuple(codes))
    shares = links.groupby("old_code")["share"].sum()
    uneven = shares.index[(shares - 1).abs() > 1e-3]
    if len(uneven):
        yield Finding("check.crosswalk_shares", "error", len(uneven), tuple(uneven))
    yield Finding("check.crosswalk", "info", len(links), values={"partial": int((links["kind"] == "partial").sum())})


def check_geometry() -> Iterator[Finding]:
    """The outlines in use: all communes, valid, each kind an exact coverage at every level."""
    current = boundaries.load()
    for level in ("full", "200m") if current.kind != "schematic" else ("full",):
        frame = boundaries.load(level=level).frame  # type: ignore[arg-type]
        shapes = frame.geometry.to_numpy()
        broken = shapely.is_missing(shapes) | shapely.is_empty(shapes) | ~shapely.is_valid(shapes)
        if broken.any():
            yield Finding(
                "check.geometry_invalid", "error", int(broken.sum()), tuple(frame.index[broken]), {"level": level}
            )
        for kind, part in frame[~broken].groupby("geometry_kind"):
            edges = shapely.coverage_invalid_edges(part.geometry.to_numpy())
            uneven = part.index[~shapely.is_empty(edges)]
            if len(uneven):
                yield Finding(
                    "check.geometry_uneven", "error", len(uneven), tuple(uneven), {"kind": kind, "level": level}
                )
    official = int((current.frame["geometry_kind"] == "official").sum())
    values = {"official": official, "schematic": len(current.frame) - official}
    yield Finding(f"check.geometry_{current.kind}", "info", len(current.frame), values=values)


def check_layers() -> Iterator[Finding]:
    """Points lie in Vietnam and in, or near, the commune they say."""
    outlines = boundaries.load(level="200m").frame.geometry.to_crs(METRIC)
    for name, frame in (
        ("border_crossings", layers.border_crossings()),
        ("industrial_zones", layers.industrial_zones()),
    ):
        yield from _points(name, frame, outlines)


def _points(name: str, frame: gpd.GeoDataFrame, outlines: gpd.GeoSeries) -> Iterator[Finding]:
    points = frame.geometry.to_crs(METRIC)
    tree = shapely.STRtree(outlines.to_numpy())
    away = np.zeros(len(points))
    index, distance = tree.query_nearest(points.to_numpy(), return_distance=True, all_matches=False)
    away[index[0]] = distance / 1000
    labels = frame.iloc[:, 0].astype(str) + " " + frame["name_vi"].astype(str)
    outside = away > OFF_COUNTRY_KM
    if outside.any():
        yield Finding("check.layer_outside", "error", int(outside.sum()), tuple(labels[outside]), {"layer": name})
    stated = frame["commune_code"].where(frame["commune_code"].isin(outlines.index))
    stated_rows = stated.notna().to_numpy()
    own = outlines.loc[stated[stated_rows]].to_numpy()
    off = shapely.distance(points.to_numpy()[stated_rows], own) / 1000
    far = off > OFF_COMMUNE_KM
    if far.any():
        rows = tuple(f"{label} ({km:.0f} km)" for label, km in zip(labels[stated_rows][far], off[far], strict=True))
        yield Finding("check.layer_off_commune", "warning", int(far.sum()), rows, {"layer": name})
    values = {"layer": name, "inside": f"{(off == 0).mean():.0%}", "near": f"{(off <= OFF_COMMUNE_KM).mean():.0%}"}
    yield Finding("check.layer", "info", len(frame), values=values)


def check_population() -> Iterator[Finding]:
    """People add up: the nation is plausible, and shipped figures make up the official total of their province."""
    frame = population.population()
    people = frame["population"].astype(float)
    bad = frame.index[(people < 0) | (people > 1e6)]
    if len(bad):
        yield Finding("check.population_impossible", "error", len(bad), tuple(bad))
    if not PEOPLE[0] < people.sum() < PEOPLE[1]:
        yield Finding("check.population_total", "error", 1, values={"people": int(people.sum())})
    parts = districts.province_shares()
    counted = (parts["commune_code"].map(people) * parts["share"]).groupby(parts["old_province_code"]).sum()
    own = parts["commune_code"].isin(population.imported())
    sums = counted.drop(parts.loc[own, "old_province_code"].unique())
    totals = 1000 * layers.province_values("average_population", (2024,))
    off = (sums / totals.reindex(sums.index) - 1).abs()
    uneven = off[off > 0.001]
    if len(uneven):
        rows = tuple(f"{code} {share:.1%}" for code, share in uneven.items())
        yield Finding("check.population_uneven", "error", len(uneven), rows)
    quality = ", ".join(f"{name} {count}" for name, count in frame["quality"][people.notna()].value_counts().items())
    yield Finding(
        "check.population",
        "info",
        int(people.notna().sum()),
        values={"people": int(people.sum()), "registered": int(frame["registered"].sum()), "quality": quality},
    )


def check_facts() -> Iterator[Finding]:
    """Facts about old districts and about communes are about units there are, and about all of them."""
    old = set(units.old_communes()["old_district_code"])
    facts = layers.commune_facts()
    for name, lost in (
        ("old_districts", old ^ set(layers.old_districts().index)),
        ("commune_facts", set(units.communes().index) ^ set(facts.index)),
    ):
        if lost:
            yield Finding("check.facts_units", "error", len(lost), tuple(sorted(lost)), {"table": name})
    figure = layers.old_districts()["net_migration_rate_5yr"]
    carried = districts.to_communes(figure, districts.shares(), units.communes().index)
    values = {
        "districts": int(figure.notna().sum()),
        "roads": int(facts["national_highway_km"].notna().sum()),
        "towns": len(layers.neighbour_towns()),
    }
    yield Finding("check.facts", "info", int(carried.notna().sum()), values=values)


def check_outreach() -> Iterator[Finding]:
    """The log of activities: whose it is, and that its communes are known."""
    log = layers.outreach_activities()
    named = log["commune_code"].dropna()
    unknown = sorted(set(named) - set(units.communes().index))
    if unknown:
        yield Finding("check.outreach_unknown", "error", len(unknown), tuple(unknown))
    synthetic = int(log["quality"].eq("synthetic").sum())
    code = "check.outreach_demonstration" if synthetic else "check.outreach_own"
    yield Finding(code, "info", len(log), values={"communes": named.nunique(), "synthetic": synthetic})


CHECKS: dict[str, Check] = {
    "files": check_files,
    "units": check_units,
    "places": check_places,
    "code_conflicts": check_code_conflicts,
    "crosswalk": check_crosswalk,
    "geometry": check_geometry,
    "links": geography.check_links,
    "centres": geography.check_centres,
    "areas": geography.check_areas,
    "border": geography.check_border,
    "layers": check_layers,
    "points": geography.check_points,
    "twins": geography.check_twins,
    "zone_counts": geography.check_zone_counts,
    "population": check_population,
    "facts": check_facts,
    "outreach": check_outreach,
}
"""Every check by name; the dashboard adds those that need the models."""


def run(checks: Mapping[str, Check] | None = None, each: Callable[[str], None] | None = None) -> list[Finding]:
    """Run checks and return what they found, errors first; a check that fails is a finding of its own.

    Parameters
    ----------
    checks
        Which; all of ``CHECKS`` by default.
    each
        Called with the name of a check before it runs.
    """
    findings: list[Finding] = []
    for name, check in (CHECKS if checks is None else checks).items():
        if each is not None:
            each(name)
        try:
            findings.extend(check())
        except RiskmapError as error:
            findings.append(
                Finding(error.code, "error", max(len(error.rows), 1), tuple(error.rows), dict(error.values))
            )
        except (OSError, ValueError, KeyError) as error:
            reason = f"{type(error).__name__}: {error}"[:200]
            findings.append(Finding("check.broken", "error", 1, values={"name": name, "reason": reason}))
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(findings, key=lambda finding: order[finding.severity])


def figures() -> dict[str, dict[str, Any]]:
    """Return how near the default geometry and the modelled population came to what is known.

    Examples
    --------
    >>> sorted(figures())
    ['geometry', 'population']
    """
    current: dict[str, Any] = {"imported": store.exists()}
    return {
        "geometry": _figures(paths.GEOMETRY_FIGURES) | current,
        "population": _figures(paths.POPULATION_FIGURES) | {"imported": population.file().exists()},
    }


def _figures(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}
