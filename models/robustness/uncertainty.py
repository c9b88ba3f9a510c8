"""Uncertainty of ranks: the assessment again and again under other weights, methods and values.

Each draw takes weights around the given ones (Dirichlet, node by node), one of the methods or tables that could as
well have been chosen, and values that differ as much as their quality allows. What remains is, for every unit, how
its rank varies. A draw is scored, ranked and counted at once; memory does not grow with the number of draws.

Sources: Saisana, Saltelli & Tarantola, J. R. Stat. Soc. A 168 (2005) 307-323; OECD/JRC Handbook (2008), chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError
from models.index.assessment import Assessment
from models.robustness.draws import Choices, Draws, Ranks, Run, in_turn

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
    inside
        The same for ranks and classes within groups, if they were wanted.
    """

    units: pd.DataFrame
    class_shares: pd.DataFrame
    classes: pd.Series
    draws: int
    settings: Mapping[str, Any]
    inside: Uncertainty | None = field(default=None, repr=False)

    def robust_classes(self, share: float = 0.8) -> pd.DataFrame:
        """Return each unit's class if it holds in at least ``share`` of the draws, and otherwise why not.

        Returns
        -------
        DataFrame
            ``class`` (as given), ``certain`` (bool), ``held`` (share of draws in that class), ``otherwise`` (the
            class it falls into most often beside), ``otherwise_held``.
        """
        shares = self.class_shares.to_numpy()
        classes = self.classes.to_numpy(dtype=float, na_value=np.nan)
        scored = np.isfinite(classes)
        columns = np.where(scored, classes, 1).astype(int) - 1
        rows = np.arange(len(shares))
        class_held = np.where(scored, shares[rows, columns], np.nan)
        others = shares.copy()
        others[rows, columns] = -1.0
        other = others.argmax(axis=1)
        frame = pd.DataFrame(
            {"class": self.classes, "certain": class_held >= share, "held": class_held, "otherwise": other + 1},
            index=self.units.index,
        )
        frame["otherwise_held"] = np.where(scored, others[rows, other], np.nan)
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
    in_groups: bool = False,
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
    in_groups
        Whether ranks within groups are counted too.
    progress, cancel
        Called with draws done and asked for; asked between chunks, True ends early with what there is.

    Raises
    ------
    InputError
        ``uncertainty.draws``, ``uncertainty.concentration``, ``uncertainty.cancelled`` (before the first chunk).

    Examples
    --------
    >>> from models.index.assessment import assess
    >>> from models.index.framework import Framework, Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> table = pd.DataFrame({"a": [0.0, 1.0, 9.0], "b": [0.0, 9.0, 1.0]}, index=["x", "y", "z"])
    >>> uncertainty(assess(table, tree), 200).units.loc["x", ["median", "low", "high"]].tolist()
    [3.0, 3.0, 3.0]
    """
    _check(draws, concentration)
    settings = {"seed": seed, "concentration": concentration, "interval": interval, "share": share, "top": top}
    counts = Counts.empty(assessment, draws, top_in_group, in_groups)
    source = Draws(assessment, choices or Choices(), concentration)
    done = _made(_counted(counts, source, draws, seed, threads, cancel), draws, progress)
    return counts.summary(assessment, done, settings)


def _made(steps: Iterator[int], draws: int, progress: Callable[[int, int], None] | None) -> int:
    """Go through the chunks, tell how far it is after each, and return how many draws were made.

    Raises
    ------
    InputError
        ``uncertainty.cancelled`` if there is none.
    """
    done = 0
    for done in steps:
        if progress is not None:
            progress(done, draws)
    if not done:
        raise InputError("uncertainty.cancelled")
    return done


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

    def ranks(plan: Sequence[Run]) -> Ranks:
        return source.ranks(plan, counts.groups, counts.top_in_group, counts.kind, counts.inside is not None)

    done = 0
    for chunk in in_turn(ranks, plans(), threads):
        done += counts.add(chunk)
        yield done


@dataclass(frozen=True)
class Tally:
    """How often each unit had each rank.

    Parameters
    ----------
    histogram
        Units x columns of ``width`` ranks.
    sums, scored
        By unit: sum of ranks, draws with a score.
    """

    histogram: NDArray[Any]
    sums: NDArray[np.int64]
    scored: NDArray[np.int64]
    width: int

    @classmethod
    def empty(cls, units: int, ranks: int, draws: int) -> Tally:
        """Return counts of nothing yet, for units that share ``ranks`` ranks, small enough for the memory allowed."""
        cell = np.uint16 if draws < 65536 else np.uint32
        columns = max(1, min(ranks, HISTOGRAM_BYTES // (units * np.dtype(cell).itemsize)))
        width = -(-ranks // columns)
        histogram = np.zeros((units, -(-ranks // width)), cell)
        return cls(histogram, np.zeros(units, np.int64), np.zeros(units, np.int64), width)

    def add(self, ranks: NDArray[Any]) -> None:
        """Count the ranks of a chunk (draws x units)."""
        from models.robustness.counting import count_ranks

        count_ranks(ranks, self.width, self.histogram, self.sums, self.scored)

    def summary(
        self, totals: NDArray[np.int64], steps: int, settings: Mapping[str, Any]
    ) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
        """Turn counts into quantiles and probabilities by unit, and into shares of classes (units x classes).

        Parameters
        ----------
        totals
            By unit: how many units share its ranks.
        steps
            The number of classes.
        """
        from models.robustness.counting import summed_up

        scored, interval = np.maximum(self.scored, 1), settings["interval"]
        limits = [np.floor(settings["share"] * totals + 1e-9), np.full(len(totals), settings["top"])]
        limits += [_units_from_class(one, steps, totals) for one in range(steps + 1)]
        shares = np.outer([0.5, (1 - interval) / 2, (1 + interval) / 2], self.scored)
        targets = np.maximum(np.ceil(shares), 1)
        reached, within = summed_up(self.histogram, targets, np.array(limits, dtype=float), self.width)
        columns = dict(zip(("median", "low", "high"), reached * self.width + (self.width + 1) / 2, strict=True))
        top_share, top, *above = within / scored
        columns |= {"mean": self.sums / scored, "top_share": top_share, "top": top}
        columns = {name: np.where(self.scored > 0, values, np.nan) for name, values in columns.items()}
        return columns, np.stack([above[one] - above[one + 1] for one in range(steps)], axis=1)


@dataclass(frozen=True)
class Counts:
    """What is kept of all draws.

    Parameters
    ----------
    all, inside
        Ranks among all units, and within groups if they are wanted.
    in_group
        By unit: draws among the first ``top_in_group`` of its group.
    groups
        The number of each unit's group.
    chunk
        Draws counted at once.
    """

    all: Tally
    inside: Tally | None
    in_group: NDArray[np.int64]
    groups: NDArray[np.int32]
    chunk: int
    top_in_group: int
    kind: Any

    @classmethod
    def empty(cls, assessment: Assessment, draws: int, top_in_group: int, in_groups: bool = False) -> Counts:
        """Return counts of nothing yet, small enough to stay within the memory allowed."""
        units = len(assessment.units)
        kind = np.int16 if units < 32768 else np.int32
        chunk = int(np.clip(CHUNK_BYTES // (units * np.dtype(kind).itemsize), 1, 512))
        groups = np.zeros(units, np.int32)
        if assessment.groups is not None:
            groups = pd.factorize(assessment.groups, use_na_sentinel=False)[0].astype(np.int32)
        inside = Tally.empty(units, int(np.bincount(groups).max()), draws) if in_groups else None
        in_group = np.zeros(units, np.int64)
        return cls(Tally.empty(units, units, draws), inside, in_group, groups, chunk, top_in_group, kind)

    def add(self, chunk: Ranks) -> int:
        """Count the ranks of a chunk; return how many draws it was."""
        self.all.add(chunk.ranks)
        if self.inside is not None:
            self.inside.add(chunk.inside)
        np.add(self.in_group, chunk.in_group, out=self.in_group)
        return len(chunk.ranks)

    def summary(self, assessment: Assessment, draws: int, settings: Mapping[str, Any]) -> Uncertainty:
        """Turn counts into medians, intervals and probabilities."""
        scored = assessment.score.notna().to_numpy()
        more = {"top_in_group": self.top_in_group, "framework": assessment.framework.digest}
        totals = np.full(len(scored), int(scored.sum()))
        ranking = _summary(
            self.all, assessment, (assessment.rank, assessment.classes), totals, draws, {**settings, **more}
        )
        share = np.where(self.all.scored > 0, self.in_group / np.maximum(self.all.scored, 1), np.nan)
        ranking.units.insert(ranking.units.columns.get_loc("scored"), "top_in_group", share)
        if self.inside is None:
            return ranking
        sizes = np.bincount(self.groups, scored)[self.groups].astype(np.int64)
        reference = assessment.rank_in_group, assessment.classes_in_group
        return replace(ranking, inside=_summary(self.inside, assessment, reference, sizes, draws, ranking.settings))


def _summary(
    tally: Tally,
    assessment: Assessment,
    reference: tuple[pd.Series, pd.Series],
    totals: NDArray[np.int64],
    draws: int,
    settings: Mapping[str, Any],
) -> Uncertainty:
    """Return what was counted beside the ranks and classes as given."""
    columns, in_class = tally.summary(totals, assessment.framework.classes, settings)
    frame = pd.DataFrame({"rank": reference[0].to_numpy(), **columns}, index=assessment.units)
    frame["scored"] = tally.scored / draws
    classes = pd.DataFrame(in_class, index=assessment.units, columns=range(1, in_class.shape[1] + 1))
    return Uncertainty(frame, classes, reference[1], draws, {**settings, "rank_width": tally.width})


def _units_from_class(lower: int, steps: int, totals: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of ``totals`` units have a class above ``lower``: classes begin at quantiles of the score."""
    if lower in (0, steps):
        return totals if lower == 0 else np.zeros_like(totals)
    return totals - np.ceil((totals - 1) * lower / steps - 1e-9).astype(np.int64)
