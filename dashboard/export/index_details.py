"""What stands behind an index, one small table each: for the committee that asks why."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from geo.files.write import replace_file
from models.index.assessment import Assessment
from models.index.explain import contributions
from models.robustness.coherence import coherence
from models.robustness.sensitivity import removal
from models.robustness.uncertainty import Uncertainty, uncertainty


def write_details(
    result: Assessment,
    folder: Path,
    *,
    draws: int = 0,
    seed: int = 0,
    concentration: float = 50.0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write the tables behind an index into a folder.

    ``framework.csv`` (with the weights used), ``settings.json``, ``weights.csv`` (nominal and effective),
    ``contributions.csv`` (to the distance from the median unit of the group), ``imputed.csv``, ``treated.csv``,
    ``removal.csv``, ``correlations.csv``, ``flags.csv`` and, with ``draws``, ``ranks.csv`` (intervals and
    probabilities of ranks, classes that hold).

    Parameters
    ----------
    draws, seed, concentration
        See :func:`models.robustness.uncertainty.uncertainty`; 0 draws leave ``ranks.csv`` out.
    """
    unit = str(result.units.name or "unit")
    marked = result.imputed.to_numpy().nonzero()
    imputed = {unit: result.units[marked[0]], "code": result.imputed.columns[marked[1]]}
    hang = coherence(result)
    treated = pd.DataFrame({code: dataclasses.asdict(one) for code, one in result.prepared.treatments.items()}).T
    tables: dict[str, pd.DataFrame] = {
        "framework": result.framework.table.set_index("code"),
        "weights": result.effective_weights,
        "contributions": contributions(result).rename_axis(unit),
        "imputed": pd.DataFrame(imputed).set_index(unit),
        "treated": treated.rename_axis("code"),
        "removal": removal(result),
        "correlations": hang.correlations.rename_axis("code"),
        "flags": hang.flags.set_index("first"),
    }
    settings: dict[str, Any] = {"settings": result.framework.digest, "edges_of_classes": result.class_edges}
    if draws:
        found = uncertainty(result, draws, seed=seed, concentration=concentration, progress=progress)
        tables["ranks"] = _ranks(found).rename_axis(unit)
        settings["uncertainty"] = dict(found.settings) | {"draws": found.draws}
    written = []
    for name, table in tables.items():
        written.append(folder / f"{name}.csv")
        with replace_file(written[-1]) as temporary:
            table.to_csv(temporary, encoding="utf-8", lineterminator="\n")
    written.append(folder / "settings.json")
    with replace_file(written[-1]) as temporary:
        temporary.write_text(json.dumps(settings, ensure_ascii=False, indent=1), encoding="utf-8")
    return written


def _ranks(found: Uncertainty) -> pd.DataFrame:
    return found.units.join(found.robust_classes().rename(columns={"held": "class_held"}))
