"""Describes the files of ``data/`` as Frictionless data packages: fields, types, licences, sources, size and hash.

What a file is, its licence and its sources are written by hand in ``boundaries.toml``, ``indicators.toml`` and
``frameworks.toml``; fields come from ``geo.datasets.schemas``; size and hash from the file.

    python -m geo.build.packages   # after any file of data/ changed; `riskmap data build` does it too
"""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pandera.pandas as pa

from geo.base import paths
from geo.base.errors import DataFault
from geo.datasets.schemas import SCHEMAS
from geo.files.write import file_hash, replace_file

FOLDERS = {"boundaries": paths.BOUNDARIES, "indicators": paths.INDICATORS, "frameworks": paths.PATHWAYS}
DESCRIPTOR = "datapackage.json"
LEFT_OUT = (DESCRIPTOR, "README.md")
FORMATS = {
    ".csv": ("csv", "text/csv"),
    ".json": ("json", "application/json"),
    ".geojson": ("geojson", "application/geo+json"),
    ".parquet": ("geoparquet", "application/vnd.apache.parquet"),
}
DEFAULT_LICENCE = "compilation"


def build() -> list[Path]:
    """Write the ``datapackage.json`` of every folder and return their paths."""
    written = []
    for name, folder in FOLDERS.items():
        target = folder / DESCRIPTOR
        text = json.dumps(descriptor(name), ensure_ascii=False, indent=2) + "\n"
        with replace_file(target) as temporary:
            temporary.write_text(text, encoding="utf-8")
        written.append(target)
    return written


def descriptor(name: str) -> dict[str, Any]:
    """Return the descriptor of one folder as its files are now.

    Raises
    ------
    DataFault
        When a file in the folder is not described by hand, or a described one is missing.
    """
    folder = FOLDERS[name]
    about = tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
    present = {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
    present -= set(LEFT_OUT)
    wrong = present ^ set(about["files"])
    if wrong:
        raise DataFault("datasets.not_described", sorted(wrong), folder=folder, name=name)
    return {
        "profile": "data-package",
        **{key: about[key] for key in ("name", "title", "description", "version")},
        "licenses": list(about["licenses"].values()),
        "sources": list(about["sources"].values()),
        "resources": [_resource(folder / file, facts, about) for file, facts in about["files"].items()],
    }


def stale() -> list[str]:
    """Return the files whose content is not what their ``datapackage.json`` says: ``folder/file``."""
    found = []
    for name, folder in FOLDERS.items():
        stored = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        for resource in stored["resources"]:
            path = folder / resource["path"]
            if not path.exists() or f"sha256:{file_hash(path)}" != resource["hash"]:
                found.append(f"{name}/{resource['path']}")
    return found


def _resource(path: Path, facts: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    kind, media = FORMATS[path.suffix]
    table = path.suffix == ".csv"
    resource = {
        "name": path.name.replace(".", "-").replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource" if table else "data-resource",
        "title": facts["title"],
        **({"description": facts["description"]} if "description" in facts else {}),
        "format": kind,
        "mediatype": media,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_hash(path)}",
        "licenses": [about["licenses"][facts.get("license", DEFAULT_LICENCE)]],
        "sources": [about["sources"][source] for source in facts.get("sources", [])],
    }
    if table:
        resource["schema"] = {"fields": _fields(path), "missingValues": [""], **_key(path)}
    return resource


def _fields(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    schema = SCHEMAS.get(path.stem)
    if schema is None:
        return [{"name": name, "type": "string"} for name in header]
    return [_field(name, schema.columns[name]) for name in header]


def _field(name: str, column: pa.Column) -> dict[str, Any]:
    kind = (column.metadata or {})["kind"]
    constraints: dict[str, Any] = {}
    filled = not column.nullable
    for check in column.checks:
        facts = check.statistics or {}
        if "allowed_values" in facts:
            filled = filled and "" not in facts["allowed_values"]
            constraints["enum"] = [value for value in facts["allowed_values"] if value != ""]
        if "pattern" in facts and kind != "date":
            filled = filled and not facts["pattern"].endswith("|^$)")
            constraints["pattern"] = facts["pattern"].removeprefix("(?:").removesuffix("|^$)")
        if "min_value" in facts and kind == "number":
            constraints["minimum"] = facts["min_value"]
        if "max_value" in facts and kind == "number":
            constraints["maximum"] = facts["max_value"]
    if filled and (kind != "text" or column.checks):
        constraints = {"required": True, **constraints}
    return {
        "name": name,
        "type": {"number": "number", "date": "date"}.get(kind, "string"),
        "description": column.description,
        **({"constraints": constraints} if constraints else {}),
    }


def _key(path: Path) -> dict[str, Any]:
    schema = SCHEMAS.get(path.stem)
    if schema is None or not schema.unique:
        return {}
    unique = [name for name in schema.unique if not schema.columns[name].nullable]
    return {"primaryKey": unique} if unique == schema.unique else {}


if __name__ == "__main__":
    for described in build():
        print(described)
