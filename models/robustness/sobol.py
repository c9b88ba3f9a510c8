"""Variance-based sensitivity: which share of the variance of an output each input explains.

The design is Saltelli's: two independent samples A and B of the inputs and, for each input, A with that input from B.

Sources: Saltelli et al., Computer Physics Communications 181 (2010) 259-270 (first order); Jansen, ibid. 117 (1999)
35-43 (total order).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError

Values = NDArray[np.float64]


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
    design = design_of(len(inputs), samples, seed)
    outputs = function(design.reshape(-1, len(inputs))).reshape(len(inputs) + 2, samples)
    return summed_up(outputs, inputs, seed, bootstrap, level)


def design_of(count: int, samples: int, seed: int) -> Values:
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


def summed_up(outputs: Values, inputs: Sequence[str], seed: int, bootstrap: int, level: float) -> Sobol:
    """Return the indices of what the runs of a design gave, (inputs + 2) x samples."""
    first, total = _indices(outputs)
    generator = np.random.default_rng(seed)
    samples = outputs.shape[1]
    again = np.array([_indices(outputs[:, generator.integers(0, samples, samples)]) for _ in range(bootstrap)])
    ends = [(1 - level) / 2, (1 + level) / 2]
    columns = {"first": first, "total": total}
    for column, name in enumerate(("first", "total")):
        low, high = np.quantile(again[:, column], ends, axis=0) if bootstrap else (first * np.nan, first * np.nan)
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
