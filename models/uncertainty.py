"""How sure a rank is: the assessment again and again under other weights, methods and values.

Each draw takes weights around the given ones (Dirichlet, node by node), one of the methods or tables that could as
well have been chosen, and values that differ as much as their quality allows. What remains is, for every unit, how
its rank varies. A draw is scored, ranked and counted at once; memory does not grow with the number of draws.

Sources: Saisana, Saltelli & Tarantola, J. R. Stat. Soc. A 168 (2005) 307-323; OECD/JRC Handbook (2008), chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from models.assessment import Assessment
from models.draws import Choices, Draws, Run, in_turn

CHUNK_BYTES = 8 << 20
HISTOGRAM_BYTES = 96 << 20


@dataclass(frozen=True)
class Uncertainty:
    """Ranks over all draws.

    Parameters
    ----------
    units
        By unit: ``rank`` (as given), ``median``, ``low`` and ``high`` (the interval), ``mean``, ``top_share`` and
        ``top`` (probability of being among the first tenth, or ``settings["share"]``, and the first
        ``settings["top"]``), ``top_in_group`` (the first ``settings["top_in_group"]`` of its group), ``scored``
        (share of draws with a score).
    class_shares
        Units x classes: the share of draws in which the unit's rank falls into each class, 1 lowest.
    classes
        The class of each unit as given.
    draws
        How many were made: fewer than asked for if it was cancelled.
    settings
        Seed, concentration and the rest, to make it again.
    """

    units: pd.DataFrame
    class_shares: pd.DataFrame
    classes: pd.Series
    draws: int
    settings: Mapping[str, Any]

    def robust_classes(self, share: float = 0.8) -> pd.DataFrame:
        """Return each unit's class if it holds in at least ``share`` of the draws, and otherwise why not.

        Returns
        -------
        DataFrame
            ``class`` (as given), ``certain`` (bool), ``held`` (share of draws in that class), ``otherwise`` (the
            class it falls into most often beside), ``otherwise_held``.
        """
        shares = self.class_shares.to_numpy()
        given = self.classes.to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(given)
        place = np.where(known, given, 1).astype(int) - 1
        rows = np.arange(len(shares))
        held = np.where(known, shares[rows, place], np.nan)
        others = shares.copy()
        others[rows, place] = -1.0
        other = others.argmax(axis=1)
        frame = pd.DataFrame(
            {"class": self.classes, "certain": held >= share, "held": held, "otherwise": other + 1},
            index=self.units.index,
        )
        frame["otherwise_held"] = np.where(known, others[rows, other], np.nan)
        return frame


def uncertainty(
    assessment: Assessment,
    draws: int = 1000,
    *,
    concentration: float = 50.0,
    choices: Choices | None = None,
    seed: int = 0,
    interval: float = 0.9,
    share: float = 0.1,
    top: int = 20,
    top_in_group: int = 10,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Uncertainty:
    """Draw weights, methods and values and count ranks.

    Parameters
    ----------
    assessment, draws
        Whose ranks are in question, and how often they are drawn.
    concentration
        Of the weights around the given ones: the relative weights of the parts of a node are Dirichlet with these
        times ``concentration``; a share w has the standard deviation sqrt(w (1 - w) / (concentration + 1)). 50 moves
        an equal third by 0.07, 10 by 0.14, and 3 draws thirds evenly from all there are.
    choices
        What else varies.
    seed
        The same seed gives the same draws, whatever ``threads``.
    interval, share, top, top_in_group
        The share of draws between ``low`` and ``high``; what counts as the top.
    progress, cancel
        Called with draws done and asked for; asked between chunks, True ends early with what there is.

    Raises
    ------
    InputError
        ``uncertainty.draws``, ``uncertainty.concentration``, ``uncertainty.cancelled`` (before the first chunk).

    Examples
    --------
    >>> from models.assessment import assess
    >>> from models.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 9.0], "b": [0.0, 9.0, 1.0]}, index=["x", "y", "z"])
    >>> uncertainty(assess(table, tree), 200).units.loc["x", ["median", "low", "high"]].tolist()
    [3.0, 3.0, 3.0]
    """
    _check(draws, concentration)
    settings = {"seed": seed, "concentration": concentration, "interval": interval, "share": share, "top": top}
    counts = Counts.empty(assessment, draws, top_in_group)
    done, source = 0, Draws(assessment, choices or Choices(), concentration)
    for done in _counted(counts, source, draws, seed, threads, cancel):
        if progress is not None:
            progress(done, draws)
    if not done:
        raise InputError("uncertainty.cancelled")
    return counts.summary(assessment, done, settings)


def _check(draws: int, concentration: float) -> None:
    if draws < 1:
        raise InputError("uncertainty.draws", value=draws)
    if not concentration > 0:
        raise InputError("uncertainty.concentration", value=concentration)


def _counted(
    counts: Counts,
    source: Draws,
    draws: int,
    seed: int,
    threads: int | None,
    cancel: Callable[[], bool] | None,
) -> Iterator[int]:
    """Draw and count one chunk after the other; yield how many draws are done.

    Chunks are planned in order and are of one size whatever the threads, so that the seed alone decides.
    """
    generator = np.random.default_rng(seed)

    def plans() -> Iterator[Sequence[Run]]:
        for start in range(0, draws, counts.chunk):
            for run in source.plan(min(counts.chunk, draws - start), generator):
                if cancel is not None and cancel():
                    return
                yield [run]

    def ranks(plan: Sequence[Run]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        return source.ranks(plan, counts.groups, counts.top_in_group, counts.kind)

    done = 0
    for chunk in in_turn(ranks, plans(), threads):
        done += counts.add(*chunk)
        yield done


@dataclass(frozen=True)
class Counts:
    """What is kept of all draws: how often each unit had each rank.

    Parameters
    ----------
    histogram
        Units x columns of ``width`` ranks.
    sums, scored, in_group
        By unit: sum of ranks, draws with a score, draws among the first of its group.
    groups
        The number of each unit's group.
    """

    histogram: NDArray[Any]
    sums: NDArray[np.int64]
    scored: NDArray[np.int64]
    in_group: NDArray[np.int64]
    groups: NDArray[np.int32]
    width: int
    chunk: int
    top_in_group: int
    kind: Any

    @classmethod
    def empty(cls, assessment: Assessment, draws: int, top_in_group: int) -> Counts:
        """Return counts of nothing yet, small enough to stay within the memory allowed."""
        units = len(assessment.units)
        cell = np.uint16 if draws < 65536 else np.uint32
        columns = max(1, min(units, HISTOGRAM_BYTES // (units * np.dtype(cell).itemsize)))
        width = -(-units // columns)
        kind = np.int16 if units < 32768 else np.int32
        chunk = int(np.clip(CHUNK_BYTES // (units * np.dtype(kind).itemsize), 1, 512))
        groups = np.zeros(units, np.int32)
        if assessment.groups is not None:
            groups = pd.factorize(assessment.groups, use_na_sentinel=False)[0].astype(np.int32)
        sums, scored, in_group = (np.zeros(units, np.int64) for _ in range(3))
        histogram = np.zeros((units, -(-units // width)), cell)
        return cls(histogram, sums, scored, in_group, groups, width, chunk, top_in_group, kind)

    def add(self, ranks: NDArray[Any], in_group: NDArray[np.int64]) -> int:
        """Count the ranks of a chunk (draws x units); return how many draws it was."""
        from models.kernels import count_ranks

        count_ranks(ranks, self.width, self.histogram, self.sums, self.scored)
        np.add(self.in_group, in_group, out=self.in_group)
        return len(ranks)

    def summary(self, assessment: Assessment, draws: int, settings: Mapping[str, Any]) -> Uncertainty:
        """Turn counts into medians, intervals and probabilities."""
        from models.kernels import summed_up

        scored, known = np.maximum(self.scored, 1), self.scored > 0
        total = int(assessment.score.notna().sum())
        steps, interval = assessment.framework.classes, settings["interval"]
        limits = [np.floor(settings["share"] * total + 1e-9), settings["top"]]
        limits += [_units_from_class(one, steps, total) for one in range(steps + 1)]
        shares = np.outer([0.5, (1 - interval) / 2, (1 + interval) / 2], self.scored)
        wanted = np.maximum(np.ceil(shares), 1)
        reached, within = summed_up(self.histogram, wanted, np.array(limits, dtype=float), self.width)
        columns = dict(zip(("median", "low", "high"), reached * self.width + (self.width + 1) / 2, strict=True))
        top_share, top, *above = within / scored
        columns |= {
            "mean": self.sums / scored,
            "top_share": top_share,
            "top": top,
            "top_in_group": self.in_group / scored,
        }
        frame = pd.DataFrame({name: np.where(known, values, np.nan) for name, values in columns.items()})
        frame.insert(0, "rank", assessment.rank.to_numpy())
        frame["scored"] = self.scored / draws
        frame.index = assessment.units
        in_class = np.stack([above[one] - above[one + 1] for one in range(steps)], axis=1)
        classes = pd.DataFrame(in_class, index=assessment.units, columns=range(1, steps + 1))
        more = {"top_in_group": self.top_in_group, "framework": assessment.framework.digest, "rank_width": self.width}
        return Uncertainty(frame, classes, assessment.classes, draws, {**settings, **more})


def _units_from_class(lower: int, steps: int, total: int) -> int:
    """Return how many units have a class above ``lower`` when classes begin at quantiles of the score."""
    if lower in (0, steps):
        return total if lower == 0 else 0
    return total - int(np.ceil((total - 1) * lower / steps - 1e-9))
