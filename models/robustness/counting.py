"""Counting ranks, compiled: how often each unit had each rank, and how far ranks moved from one run to the next."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def count_ranks(ranks, width, histogram, sums, scored):  # type: ignore[no-untyped-def]
    """Add the ranks of a chunk (draws x units) to the counts, by blocks of units that stay in the cache.

    ``histogram`` is units x columns of ``width`` ranks; ``sums`` and ``scored`` are by unit.
    """
    draws, units = ranks.shape
    block = np.empty((8, draws), ranks.dtype)
    for start in range(0, units, 8):
        wide = min(8, units - start)
        for one in range(draws):
            for column in range(wide):
                block[column, one] = ranks[one, start + column]
        for column in range(wide):
            row, counts = block[column], histogram[start + column]
            total, seen = 0, 0
            for one in range(draws):
                total += row[one] + 1
                seen += row[one] >= 0
            sums[start + column] += total
            scored[start + column] += seen
            if width == 1:
                for one in range(draws):
                    if row[one] >= 0:
                        counts[row[one]] += 1
            else:
                for one in range(draws):
                    if row[one] >= 0:
                        counts[row[one] // width] += 1


@njit(cache=True, nogil=True)
def summed_up(histogram, targets, limits, width):  # type: ignore[no-untyped-def]
    """Read quantiles and probabilities from counts of ranks (units x columns of ``width`` ranks) in one pass.

    Parameters
    ----------
    targets
        Quantiles x units: numbers of draws, at least 1.
    limits
        Limits x units: ranks from 1.

    Returns
    -------
    tuple of arrays
        Quantiles x units: the column in which as many draws as ``targets`` are reached. Limits x units: the draws
        with a rank up to the limit; a column partly within counts in part.
    """
    units, columns = histogram.shape
    quantiles, within = np.zeros(targets.shape), np.zeros(limits.shape)
    reached = np.zeros(columns + 1, np.int64)
    for unit in range(units):
        total = 0
        for column in range(columns):
            total += histogram[unit, column]
            reached[column + 1] = total
        for one in range(targets.shape[0]):
            if targets[one, unit] <= total:
                quantiles[one, unit] = np.searchsorted(reached[1:], targets[one, unit])
        for one in range(limits.shape[0]):
            limit = limits[one, unit]
            whole = min(max(int(limit // width), 0), columns)
            within[one, unit] = reached[whole]
            if whole < columns:
                part = max(limit / width - whole, 0.0)
                within[one, unit] += histogram[unit, whole] * part
    return quantiles, within


@njit(cache=True, nogil=True)
def compare_runs(ranks, reference, shifts, sums, moments):  # type: ignore[no-untyped-def]
    """Add a chunk of a sensitivity design to its sums.

    Parameters
    ----------
    ranks
        Samples A, B and one per input (inputs + 2) x samples x units, from 0; -1 is not scored and left out.
    reference
        By unit, what ranks are measured from; -1 where there is none.
    shifts
        (inputs + 2) x samples: filled with the mean distance from ``reference``.
    sums
        2 x inputs x units: products for first and squares for total order.
    moments
        2 x units: sums and squares of the distances of A and B.
    """
    runs, samples, units = ranks.shape
    for run in range(runs):
        for one in range(samples):
            row, first, second = ranks[run, one], ranks[0, one], ranks[1, one]
            total, seen = 0, 0
            for unit in range(units):
                if row[unit] >= 0 and reference[unit] >= 0:
                    total += abs(row[unit] - reference[unit])
                    seen += 1
            shifts[run, one] = total / seen if seen else np.nan
            for unit in range(units):
                if row[unit] < 0 or first[unit] < 0 or second[unit] < 0 or reference[unit] < 0:
                    continue
                if run < 2:
                    apart = float(row[unit] - reference[unit])
                    moments[0, unit] += apart
                    moments[1, unit] += apart * apart
                else:
                    apart = float(row[unit] - first[unit])
                    sums[0, run - 2, unit] += (second[unit] - reference[unit]) * apart
                    sums[1, run - 2, unit] += apart * apart
