"""Every path the product uses; nothing else in the code spells one out."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
BOUNDARIES = DATA / "boundaries"
INDICATORS = DATA / "indicators"
STATIC = ROOT / "static"

PROVINCES = BOUNDARIES / "provinces.csv"
COMMUNES = BOUNDARIES / "communes.csv"
OLD_PROVINCES = BOUNDARIES / "old_provinces.csv"
OLD_COMMUNES = BOUNDARIES / "old_communes.csv"
CROSSWALK = BOUNDARIES / "crosswalk.csv"
CROSSWALK_CORRECTIONS = BOUNDARIES / "crosswalk_corrections.csv"
CENTRE_CORRECTIONS = BOUNDARIES / "centre_corrections.csv"
COMMUNE_AREAS = BOUNDARIES / "commune_areas.csv"
CODE_CONFLICTS = BOUNDARIES / "code_conflicts.csv"
DEFAULT_GEOMETRY = BOUNDARIES / "communes_schematic.parquet"
LAND_BORDER = BOUNDARIES / "land_border.geojson"
NEIGHBOURS = BOUNDARIES / "neighbour_countries.geojson"
SOURCES = BOUNDARIES / "sources.csv"
GEOMETRY_FIGURES = BOUNDARIES / "geometry_figures.json"

FRAMEWORK = INDICATORS / "framework.csv"
PATHWAYS = INDICATORS / "frameworks"
BORDER_CROSSINGS = INDICATORS / "border_crossings.csv"
INDUSTRIAL_ZONES = INDICATORS / "industrial_zones.csv"
MIGRATION_FLOWS = INDICATORS / "migration_flows.csv"
PROVINCE_STATISTICS = INDICATORS / "province_statistics.csv"
OUTREACH_REPORTED = INDICATORS / "outreach_reported.csv"
OUTREACH_ACTIVITIES = INDICATORS / "outreach_activities.csv"
OUTREACH_PERIODS = INDICATORS / "outreach_periods.csv"
POPULATION = INDICATORS / "population.csv"
POPULATION_FIGURES = INDICATORS / "population_figures.json"


def home() -> Path:
    """Return the folder for what the user imports: ``RISKMAP_HOME``, or ``local/`` beside ``app.py``.

    Nothing the user brings is ever written into ``data/``.
    """
    return Path(os.environ.get("RISKMAP_HOME", ROOT / "local")).expanduser().resolve()


def imported() -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every data file the user imported: it changes when and only when they do.

    Files that are only being written (their names begin with a point) do not count.
    """
    paths = (path for ending in ("*.csv", "*.parquet") for path in home().rglob(ending))
    files = sorted(path for path in paths if not path.name.startswith("."))
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
