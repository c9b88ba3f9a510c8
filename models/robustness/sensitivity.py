"""Sensitivity of the ranking: which choice moves it, which indicator carries it.

All units are evaluated at once: the indices of every rank cost no more than those of one
(:mod:`models.robustness.sobol`).

Source: OECD/JRC Handbook (2008), chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.assessment import Assessment, score
from models.robustness.comparison import compare
from models.robustness.draws import Choices, Draws, in_turn
from models.robustness.sobol import Sobol, design_of, summed_up

Values = NDArray[np.float64]
CHUNK_BYTES = 16 << 20


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
    assessment, choices
        The ranking in question, and the methods, tables and errors of values that could as well be so: each is one
        input. So is the weight of each node that has a counterpart.
    concentration
        Of the weights, as in :func:`models.robustness.uncertainty.uncertainty`; every weight has its own gamma
        distribution.
    samples
        A power of two; ``samples * (inputs + 2)`` assessments are made.
    unit
        A unit whose rank gets bootstrap intervals too.
    seed, bootstrap, level
        See :func:`models.robustness.sobol.sobol_indices`.
    progress, cancel
        Called with runs done and runs to do; asked between chunks.

    Raises
    ------
    InputError
        ``sensitivity.samples``, ``sensitivity.no_inputs``, ``uncertainty.cancelled``, ``explain.unit_unknown``.
    """
    source = Draws(assessment, choices or Choices(), concentration)
    inputs = source.inputs()
    if not inputs:
        raise InputError("sensitivity.no_inputs")
    if unit is not None and unit not in assessment.units:
        raise InputError("explain.unit_unknown", [unit])
    moves = _Moves.none(assessment, design_of(len(inputs), samples, seed), unit)
    for done in moves.added(source, threads, cancel):
        if progress is not None:
            progress(done, moves.shifts.size)
    first, total = (pd.DataFrame(values, index=assessment.units, columns=inputs) for values in moves.indices())
    shift = summed_up(moves.shifts, inputs, seed, bootstrap, level)
    by_unit = None if unit is None else summed_up(moves.chosen, inputs, seed, bootstrap, level)
    return Sensitivity(shift, by_unit, first, total)


@dataclass(frozen=True)
class _Moves:
    """What is kept of all runs of a design: how far ranks move from those given.

    Parameters
    ----------
    design
        (inputs + 2) x samples x inputs.
    reference
        By unit, the rank as it is, from 0; -1 where there is none.
    shifts, chosen
        (inputs + 2) x samples: the mean shift of all ranks, and the rank of the unit at ``position`` if there is one.
    sums, moments
        See :func:`models.robustness.counting.compare_runs`.
    """

    design: Values
    reference: NDArray[np.int64]
    position: int | None
    shifts: Values
    chosen: Values
    sums: Values
    moments: Values

    @classmethod
    def none(cls, assessment: Assessment, design: Values, unit: Any) -> _Moves:
        """Return the moves of no run yet."""
        reference = assessment.rank.fillna(0).to_numpy(dtype=np.int64) - 1
        row = None if unit is None else int(assessment.units.get_loc(unit))
        outputs = np.empty((2, *design.shape[:2]))
        sums = np.zeros((2, design.shape[2], len(reference)))
        return cls(design, reference, row, outputs[0], outputs[1], sums, np.zeros((2, len(reference))))

    def added(self, source: Draws, threads: int | None, cancel: Callable[[], bool] | None) -> Iterator[int]:
        """Make all runs chunk by chunk and add them; yield how many are done."""
        from models.robustness.counting import compare_runs

        runs, samples, inputs = self.design.shape
        step = max(1, CHUNK_BYTES // (4 * len(self.reference) * runs))

        def chunks() -> Iterator[slice]:
            for start in range(0, samples, step):
                if cancel is not None and cancel():
                    raise InputError("uncertainty.cancelled")
                yield slice(start, min(start + step, samples))

        def ranks(chunk: slice) -> tuple[slice, NDArray[np.int32]]:
            points = self.design[:, chunk].reshape(-1, inputs)
            return chunk, source.ranks_at(points).reshape(runs, -1, len(self.reference))

        for chunk, chunk_ranks in in_turn(ranks, chunks(), threads):
            compare_runs(chunk_ranks, self.reference, self.shifts[:, chunk], self.sums, self.moments)
            if self.position is not None:
                self.chosen[:, chunk] = chunk_ranks[:, :, self.position]
            yield chunk.stop * runs

    def indices(self) -> tuple[Values, Values]:
        """Return the first and total order indices of every unit's rank, units x inputs."""
        samples = self.design.shape[1]
        variance = self.moments[1] / (2 * samples) - (self.moments[0] / (2 * samples)) ** 2
        scale = np.where(variance > 1e-12, variance * samples, np.inf)
        return (self.sums[0] / scale).T, (self.sums[1] / scale / 2).T


def removal(assessment: Assessment, top: int = 20) -> pd.DataFrame:
    """Take out each node in turn and rank again.

    Returns
    -------
    DataFrame
        By node: ``mean_shift`` and ``largest_shift`` of the ranks, ``spearman`` with the given scores, and how many
        units ``entered`` the first ``top``. A node whose parent has no other part takes the parent with it.

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
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


def _weights(assessment: Assessment, changes: dict[str, float]) -> dict[str, float]:
    return {node.code: node.weight for node in assessment.framework.nodes} | changes
