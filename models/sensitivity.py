"""What the ranking depends on: which choice moves it, which indicator carries it.

Variance-based indices follow Saltelli's design: two independent samples A and B of the inputs and, for each input, A
with that input from B. All units are evaluated at once: the indices of every rank cost no more than those of one.

Sources: Saltelli et al., Computer Physics Communications 181 (2010) 259-270 (first order); Jansen, ibid. 117 (1999)
35-43 (total order); OECD/JRC Handbook (2008), chapter 7.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from models.assessment import Assessment, score
from models.comparison import compare
from models.draws import Choices, Draws

Values = NDArray[np.float64]
CHUNK_BYTES = 16 << 20


@dataclass(frozen=True)
class Sobol:
    """Variance-based indices of one output.

    Parameters
    ----------
    indices
        By input: ``first`` (share of the variance it explains alone), ``total`` (with its interactions) and the
        bootstrap intervals ``first_low, first_high, total_low, total_high``.
    mean, variance
        Of the output.
    runs
        Evaluations made.
    """

    indices: pd.DataFrame
    mean: float
    variance: float
    runs: int


def sobol_indices(
    function: Callable[[Values], Values],
    inputs: Sequence[str],
    samples: int = 512,
    *,
    seed: int = 0,
    bootstrap: int = 200,
    level: float = 0.9,
) -> Sobol:
    """Return the Sobol indices of a function of independent inputs uniform on 0 to 1.

    Parameters
    ----------
    function
        From runs x inputs to (runs,).
    inputs
        Their names.
    samples
        Base samples, a power of two; ``samples * (inputs + 2)`` runs are made.
    bootstrap, level
        Resamples and the level of the intervals.

    Examples
    --------
    >>> found = sobol_indices(lambda x: 2 * x[:, 0] + x[:, 1], ["a", "b", "inert"], 1024)
    >>> found.indices["first"].round(1).tolist(), float(found.indices.loc["inert", "total"])
    ([0.8, 0.2, 0.0], 0.0)
    """
    design = _design(len(inputs), samples, seed)
    outputs = function(design.reshape(-1, len(inputs))).reshape(len(inputs) + 2, samples)
    return _summed_up(outputs, inputs, seed, bootstrap, level)


@dataclass(frozen=True)
class Sensitivity:
    """What moves the ranking.

    Parameters
    ----------
    shift
        Indices of the mean shift of all ranks from those given.
    unit
        Indices of the chosen unit's rank, if one was chosen.
    first, total
        Units x inputs: indices of every unit's rank.
    """

    shift: Sobol
    unit: Sobol | None
    first: pd.DataFrame
    total: pd.DataFrame


def sensitivity(
    assessment: Assessment,
    choices: Choices | None = None,
    *,
    concentration: float = 50.0,
    samples: int = 256,
    unit: Any = None,
    seed: int = 0,
    bootstrap: int = 200,
    level: float = 0.9,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Sensitivity:
    """Return how much each choice and each weight moves the ranks.

    Parameters
    ----------
    assessment
        The ranking in question.
    choices
        Methods, tables and errors of values that could as well be so: each is one input. So is the weight of each
        node that has a counterpart.
    concentration
        Of the weights, as in :func:`models.uncertainty.uncertainty`; every weight has its own gamma distribution.
    samples
        A power of two; ``samples * (inputs + 2)`` assessments are made.
    unit
        A unit whose rank gets bootstrap intervals too.
    seed, bootstrap, level
        See :func:`sobol_indices`.
    progress, cancel
        Called with runs done and runs to do; asked between chunks.

    Raises
    ------
    InputError
        ``sensitivity.samples``, ``sensitivity.no_inputs``, ``uncertainty.cancelled``, ``explain.unit_unknown``.
    """
    from models.kernels import compare_runs

    source = Draws(assessment, choices or Choices(), concentration)
    inputs = source.inputs()
    if not inputs:
        raise InputError("sensitivity.no_inputs")
    if unit is not None and unit not in assessment.units:
        raise InputError("explain.unit_unknown", [unit])
    given = assessment.rank.fillna(0).to_numpy(dtype=np.int64) - 1
    design = _design(len(inputs), samples, seed)
    shifts = np.empty(design.shape[:2])
    chosen = np.empty(design.shape[:2])
    sums = np.zeros((2, len(inputs), len(given)))
    moments = np.zeros((2, len(given)))
    place = None if unit is None else assessment.units.get_loc(unit)
    workers = max(1, min(threads or os.cpu_count() or 1, 4))
    step = max(1, CHUNK_BYTES // (4 * len(given) * len(design)))
    starts = list(range(0, samples, step))

    def evaluate(start: int) -> NDArray[np.int32]:
        rows = design[:, start : start + step]
        return source.ranks_at(rows.reshape(-1, len(inputs))).reshape(*rows.shape[:2], -1)

    with ThreadPoolExecutor(workers) as pool:
        for batch in range(0, len(starts), workers):
            if cancel is not None and cancel():
                raise InputError("uncertainty.cancelled")
            for start, found in zip(
                starts[batch:], pool.map(evaluate, starts[batch : batch + workers]), strict=False
            ):
                compare_runs(found, given, shifts[:, start : start + step], sums, moments)
                if place is not None:
                    chosen[:, start : start + step] = found[:, :, place]
            if progress is not None:
                progress(min(starts[batch] + step * workers, samples) * len(design), samples * len(design))
    variance = moments[1] / (2 * samples) - (moments[0] / (2 * samples)) ** 2
    scale = np.where(variance > 1e-12, variance * samples, np.inf)
    first, total = (
        pd.DataFrame((sums[place] / scale / (1 + place)).T, index=assessment.units, columns=inputs)
        for place in (0, 1)
    )
    by_unit = None if unit is None else _summed_up(chosen, inputs, seed, bootstrap, level)
    return Sensitivity(_summed_up(shifts, inputs, seed, bootstrap, level), by_unit, first, total)


def removal(assessment: Assessment, top: int = 20) -> pd.DataFrame:
    """Take out each node in turn and rank again.

    Returns
    -------
    DataFrame
        By node: ``mean_shift`` and ``largest_shift`` of the ranks, ``spearman`` with the given scores, and how many
        units ``entered`` the first ``top``. A node whose parent has no other part takes the parent with it.

    Examples
    --------
    >>> from models.assessment import assess
    >>> from models.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 3.0], "b": [3.0, 1.0, 0.0]}, index=["x", "y", "z"])
    >>> float(removal(assess(table, tree)).loc["a", "largest_shift"])
    2.0
    """
    rows = {}
    framework = assessment.framework
    for node in framework.nodes:
        alone = [part for part in framework.children(node.parent) if part.weight > 0] == [node]
        if node.code not in framework.active or not node.parent or (alone and node.parent == framework.root.code):
            continue
        gone = node
        while [part for part in framework.children(gone.parent) if part.weight > 0] == [gone] and gone.parent:
            gone = framework.node(gone.parent)
        if not gone.parent:
            continue
        changed = compare(assessment, score(assessment.prepared, _weights(assessment, {gone.code: 0.0})), top)
        rows[node.code] = {
            "mean_shift": changed.mean_shift,
            "largest_shift": changed.largest_shift,
            "spearman": changed.spearman,
            "entered": len(changed.entered),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("code")


def _design(count: int, samples: int, seed: int) -> Values:
    """Return A, B and, for each input, A with that input from B: (inputs + 2) x samples x inputs."""
    from scipy.stats import qmc

    if samples < 2 or samples & (samples - 1):
        raise InputError("sensitivity.samples", value=samples)
    points = qmc.Sobol(2 * count, scramble=True, rng=seed).random(samples)
    points = np.clip(points, 1e-9, 1 - 1e-9)
    a, b = points[:, :count], points[:, count:]
    design = np.repeat(a[None], count + 2, axis=0)
    design[1] = b
    for one in range(count):
        design[one + 2, :, one] = b[:, one]
    return design


def _summed_up(outputs: Values, inputs: Sequence[str], seed: int, bootstrap: int, level: float) -> Sobol:
    first, total = _indices(outputs)
    generator = np.random.default_rng(seed)
    samples = outputs.shape[1]
    again = np.array([_indices(outputs[:, generator.integers(0, samples, samples)]) for _ in range(bootstrap)])
    ends = [(1 - level) / 2, (1 + level) / 2]
    columns = {"first": first, "total": total}
    for place, name in enumerate(("first", "total")):
        low, high = np.quantile(again[:, place], ends, axis=0) if bootstrap else (first * np.nan, first * np.nan)
        columns |= {f"{name}_low": low, f"{name}_high": high}
    both = outputs[:2]
    return Sobol(pd.DataFrame(columns, index=pd.Index(inputs, name="input")), both.mean(), both.var(), outputs.size)


def _indices(outputs: Values) -> tuple[Values, Values]:
    a, b, mixed = outputs[0], outputs[1], outputs[2:]
    variance = np.concatenate([a, b]).var()
    if not variance > 0:
        return np.zeros(len(mixed)), np.zeros(len(mixed))
    centre = np.concatenate([a, b]).mean()
    first = np.mean((b - centre) * (mixed - a), axis=1) / variance
    total = np.mean((a - mixed) ** 2, axis=1) / 2 / variance
    return first, total


def _weights(assessment: Assessment, changes: dict[str, float]) -> dict[str, float]:
    return {node.code: node.weight for node in assessment.framework.nodes} | changes
