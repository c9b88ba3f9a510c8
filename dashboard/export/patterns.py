"""Patterns as tables by commune, type and pair of pathways; and what incidents say, small counts suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.export.geodata import guarded
from geo import units
from geo.base.errors import InputError
from geo.files.write import replace_file
from models.incidents.validation import Validation
from models.index.pathways import Comparison
from models.patterns.communes import COLD, HOT, Spots
from models.patterns.typology import Typology


@dataclass(frozen=True)
class Patterns:
    """Everything ``riskmap patterns`` finds, for the communes of a place.

    Parameters
    ----------
    names
        Names of the types by number, as shown.
    digest
        Of the framework.
    """

    spots: Spots
    types: Typology
    names: Mapping[str, dict[int, str]]
    pathways: Comparison
    digest: str


def pattern_frame(spots: Spots, pathways: Comparison, codes: pd.Index, types: Typology | None = None) -> pd.DataFrame:
    """Return one row per commune: names, score, hot spots, cluster, type if known, pathway that leads, ranks."""
    known = units.communes().loc[codes, ["name", "province_code"]].rename_axis("commune_code")
    table = known.join(spots.units.rename(columns={"hot": "gi_class", "moran": "moran_class", "p": "p_adjusted"}))
    if types is not None:
        table = table.join(types.types)
    table = table.join(pathways.leading).join(pathways.lead)
    return table.join(pathways.ranks.rename(columns=lambda code: f"rank_{code}"))


def pattern_tables(found: Patterns, codes: pd.Index) -> dict[str, pd.DataFrame]:
    """Return the tables by file name: ``communes``, ``clusters``, ``types``, ``type_profile``, ``pathways``."""
    types = found.types.table.assign(
        name=pd.Series(found.names["vi"]), name_en=pd.Series(found.names["en"])
    ).reset_index()
    here = found.types.types.loc[codes].value_counts()
    clusters = found.spots.clusters.reset_index()
    inside = found.spots.units.loc[codes, "cluster"].dropna().astype(int).unique()
    first = units.communes().loc[clusters["first"], "name"].to_numpy()
    agreement = found.pathways.correlations.stack().rename("spearman").rename_axis(["first", "second"])  # noqa: PD013
    overlap = found.pathways.overlap.stack().rename("overlap_top_tenth").rename_axis(["first", "second"])  # noqa: PD013
    return {
        "communes": pattern_frame(found.spots, found.pathways, codes, found.types).reset_index(),
        "clusters": clusters.assign(first_name=first)[clusters["cluster"].isin(inside)],
        "types": types.assign(units_here=types["type"].map(here).fillna(0).astype(int)),
        "type_profile": found.types.profile.reset_index(),
        "pathways": pd.concat([agreement, overlap], axis=1).reset_index(),
    }


def pattern_summary(found: Patterns, codes: pd.Index) -> dict[str, Any]:
    """Return the figures of a summary as plain values."""
    here = found.spots.units.loc[codes]
    chosen = found.types.choice[found.types.choice["chosen"]].iloc[0]
    return {
        "communes": len(codes),
        "settings_hash": found.digest,
        "moran_i": round(found.spots.global_i, 3),
        "moran_p": round(found.spots.p, 4),
        "hot": int(here["hot"].isin(HOT).sum()),
        "cold": int(here["hot"].isin(COLD).sum()),
        "clusters": int(here["cluster"].nunique()),
        "islands": found.spots.islands,
        "types": [
            {
                "type": int(number),
                "name": found.names["vi"][int(number)],
                "name_en": found.names["en"][int(number)],
                "units": int(row["units"]),
                "stability": str(row["stability"]),
                "jaccard": round(float(row["jaccard"]), 3),
            }
            for number, row in found.types.table.iterrows()
        ],
        "silhouette": round(float(chosen["silhouette"]), 3),
        "reliable": found.types.reliable,
        "structure": found.types.structure,
        "leading": {
            str(name): int(count) for name, count in found.pathways.leading.loc[codes].value_counts().items()
        },
    }


def validation_tables(found: Validation) -> dict[str, pd.DataFrame]:
    """Return the tables of a validation by file name: ``factors``, ``hits``, and with days ``near_repeat``."""
    tables = {
        "factors": found.terrain.factors.assign(strength=list(found.strength)),
        "considered": found.terrain.considered.rename_axis("factor").reset_index(),
        "hits": found.terrain.hits,
    }
    return tables if found.near_repeat is None else {**tables, "near_repeat": found.near_repeat}


def validation_summary(found: Validation) -> dict[str, Any]:
    """Return a validation as plain values; what is hidden is null."""
    tables = {name: _records(table) for name, table in validation_tables(found).items()}
    return {"verdict": found.verdict, "k": found.k, "cells": found.terrain.cells, **tables}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write tables as CSV files into a folder, each whole or not at all.

    Raises
    ------
    InputError
        ``export.not_written``.
    """
    written = []
    for name, table in tables.items():
        target = folder / f"{name}.csv"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with replace_file(target) as temporary:
                guarded(table).to_csv(temporary, index=False, lineterminator="\n", float_format="%.6g")
        except OSError as error:
            raise InputError("export.not_written", path=target, reason=error.strerror or error) from error
        written.append(target)
    return written


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table.astype(object).where(table.notna(), None)
    return [
        {str(key): getattr(value, "item", lambda value=value: value)() for key, value in row.items()}
        for row in plain.to_dict("records")
    ]
