"""The inner loops of Monte Carlo, compiled: scores of a tree, ranks, and counts of ranks, one draw after the other.

Nothing of the size draws x units is kept: draws are scored and ranked in chunks, and a chunk is counted at once. Only
this module needs numba; it is imported when draws are made.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

ARITHMETIC, GEOMETRIC, LOGARITHMS = 0.0, 1.0, 2.0
"""Kinds of steps: parts as they are, parts to take the logarithm of, parts that are logarithms already."""


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def add_logarithms(total, values, weight, exponents, mantissas):  # type: ignore[no-untyped-def]
    """Add ``weight * log(values)`` to ``total`` for values that are not negative; the logarithm of 0 is -inf.

    The exponent comes from the bits and the logarithm of the mantissa from the series of the inverse hyperbolic
    tangent, good to the last digits, in a form that processors compute for several units at once.
    """
    bits = values.view(np.int64)
    for unit in range(values.shape[0]):
        exponents[unit] = (bits[unit] >> 52) - 1023
        mantissas[unit] = (bits[unit] & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000
    parts = mantissas.view(np.float64)
    for unit in range(values.shape[0]):
        part, exponent = parts[unit], exponents[unit]
        large = part > 1.4142135623730951
        part = 0.5 * part if large else part
        exponent = exponent + 1.0 if large else exponent
        s = (part - 1.0) / (part + 1.0)
        z = s * s
        series = 1 / 19 + z * (1 / 21)
        series = 1 / 15 + z * (1 / 17 + z * series)
        series = 1 / 11 + z * (1 / 13 + z * series)
        series = 1 / 7 + z * (1 / 9 + z * series)
        series = 1 / 3 + z * (1 / 5 + z * series)
        logarithm = exponent * 0.6931471805599453 + 2.0 * s * (1.0 + z * series)
        total[unit] += weight * (logarithm if values[unit] > 0.0 else -np.inf)


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def add_known(total, present, values, weight, kind):  # type: ignore[no-untyped-def]
    """Add ``weight`` times each value, or its logarithm, to ``total`` and the weight to ``present`` where known."""
    for unit in range(values.shape[0]):
        value = values[unit]
        if not np.isnan(value):
            total[unit] += weight * (np.log(value) if kind == GEOMETRIC else value)
            present[unit] += weight


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
def score_tree(scores, weights, steps, availability):  # type: ignore[no-untyped-def]
    """Fill in the rows of aggregate nodes; the root (row 0) may stay a logarithm, which keeps the order.

    Parameters
    ----------
    scores
        Nodes x units; rows of indicators are filled.
    weights
        By node; 0 takes a node out.
    steps
        By aggregate node, lowest first: row, first part, last part (exclusive), kind, 1 if a part may be missing,
        1 if the score is turned round, the sum of the ends of the scale it is turned on.
    availability
        Share of weight that must be present.
    """
    units = scores.shape[1]
    total = np.empty(units)
    present = np.empty(units)
    mantissas = np.empty(units, np.int64)
    for step in range(steps.shape[0]):
        row, first, last = int(steps[step, 0]), int(steps[step, 1]), int(steps[step, 2])
        kind, gaps, turned = steps[step, 3], steps[step, 4] == 1.0, steps[step, 5] == 1.0
        whole = 0.0
        for part in range(first, last):
            whole += weights[part]
        if whole == 0.0:
            scores[row, :] = np.nan
            continue
        total[:] = 0.0
        present[:] = 0.0
        for part in range(first, last):
            weight = weights[part] / whole
            if weight == 0.0:
                continue
            values = scores[part]
            if gaps:
                add_known(total, present, values, weight, kind)
            elif kind == GEOMETRIC:
                add_logarithms(total, values, weight, present, mantissas)
            else:
                for unit in range(units):
                    total[unit] += weight * values[unit]
        if gaps:
            for unit in range(units):
                scored = present[unit] > 0.0 and present[unit] >= availability - 1e-12
                total[unit] = total[unit] / present[unit] if scored else np.nan
        if kind > ARITHMETIC and (row > 0 or turned):
            for unit in range(units):
                total[unit] = np.exp(total[unit])
        if turned:
            for unit in range(units):
                total[unit] = steps[step, 6] - total[unit]
        scores[row, :] = total


@njit(cache=True, nogil=True)
def extremes(values):  # type: ignore[no-untyped-def]
    """Return the lowest value that is not -inf and the highest; inf and -inf if there is none.

    Sixteen running extremes side by side, so that processors compare several units at once.
    """
    lowest, highest = np.full(16, np.inf), np.full(16, -np.inf)
    whole = values.shape[0] // 16 * 16
    for start in range(0, whole, 16):
        for lane in range(16):
            value = values[start + lane]
            lowest[lane] = value if lowest[lane] > value > -np.inf else lowest[lane]
            highest[lane] = value if value > highest[lane] else highest[lane]
    for unit in range(whole, values.shape[0]):
        value = values[unit]
        lowest[0] = value if lowest[0] > value > -np.inf else lowest[0]
        highest[0] = value if value > highest[0] else highest[0]
    return lowest.min(), highest.max()


@njit(cache=True, nogil=True)
def keyed(values, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` with the key of each unit (upper 32 bits, 0 for the highest value) and its number (lower 32).

    Keys divide the range of the values into four billion parts; equal keys are ties. The last two keys stand for -inf
    and for no value. Returns the number of units with a value.
    """
    low, high = extremes(values)
    stretch = 4294967293.0 / (high - low) if high > low else 0.0
    known = 0
    for unit in range(values.shape[0]):
        value = values[unit]
        key = np.uint32((high - value) * stretch) if value >= low else np.uint32(4294967295)
        key = np.uint32(4294967294) if value == -np.inf else key
        known += not np.isnan(value)
        words[unit] = (np.uint64(key) << np.uint64(32)) | np.uint64(unit)
    return known


@njit(cache=True, nogil=True)
def by_digit(words, moved, shift, starts):  # type: ignore[no-untyped-def]
    """Move words to ``moved``, sorted by the ten bits above ``shift`` and otherwise in the order they had."""
    mask, one = np.uint64(1023), np.uint32(1)
    starts[:] = 0
    for place in range(words.shape[0]):
        starts[(words[place] >> shift) & mask] += one
    start = np.uint32(0)
    for bucket in range(starts.shape[0]):
        here = starts[bucket]
        starts[bucket] = start
        start += here
    for place in range(words.shape[0]):
        word = words[place]
        bucket = (word >> shift) & mask
        moved[starts[bucket]] = word
        starts[bucket] += one


@njit(cache=True, nogil=True)
def settled(words):  # type: ignore[no-untyped-def]
    """Sort words that are almost sorted by moving each to its place; False if that takes too many moves."""
    left = 4 * words.shape[0]
    for place in range(1, words.shape[0]):
        word = words[place]
        target = place
        while target > 0 and words[target - 1] > word:
            words[target] = words[target - 1]
            target -= 1
        words[target] = word
        left -= place - target
        if left < 0:
            return False
    return True


@njit(cache=True, nogil=True)
def sort_down(values, words, moved, starts):  # type: ignore[no-untyped-def]
    """Sort units by value, highest first, those without a value last: ``words`` as :func:`keyed` makes them.

    Two digits of the key put nearly every unit into its place; only where values crowd do all four digits have to be
    sorted. Returns the number of units with a value.
    """
    known = keyed(values, words)
    by_digit(words, moved, np.uint64(44), starts)
    by_digit(moved, words, np.uint64(54), starts)
    if not settled(words):
        by_digit(words, moved, np.uint64(32), starts)
        by_digit(moved, words, np.uint64(42), starts)
        by_digit(words, moved, np.uint64(52), starts)
        by_digit(moved, words, np.uint64(62), starts)
    return known


@njit(cache=True, nogil=True)
def rank_draw(values, groups, ranks, in_group, group_top, work):  # type: ignore[no-untyped-def]
    """Rank one draw from 0 for the highest into ``ranks``; equal scores share the best rank.

    Parameters
    ----------
    values
        By unit; NaN gets the rank -1.
    groups
        By unit, the number of its group.
    in_group
        By unit: one more where it is among the first ``group_top`` of its group.
    work
        Buffers of :func:`buffers`.
    """
    words, moved, starts, members, last_ranks = work
    known = sort_down(values, words, moved, starts)
    lower = np.uint64(4294967295)
    for position in range(known, values.shape[0]):
        ranks[words[position] & lower] = -1
    rank, before = 0, np.uint64(0)
    for position in range(known):
        key = words[position] >> np.uint64(32)
        rank = rank if key == before else position
        before = key
        ranks[words[position] & lower] = rank
    if group_top == 0:
        return
    members[:] = 0
    for position in range(known):
        unit = words[position] & lower
        group = groups[unit]
        seen = members[group]
        if seen < group_top:
            in_group[unit] += 1
            last_ranks[group] = ranks[unit]
        elif ranks[unit] == last_ranks[group]:
            in_group[unit] += 1
        members[group] = seen + 1


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
def summed_up(histogram, wanted, limits, width):  # type: ignore[no-untyped-def]
    """Read quantiles and probabilities from counts of ranks (units x columns of ``width`` ranks) in one pass.

    Parameters
    ----------
    wanted
        Quantiles x units: numbers of draws, at least 1.
    limits
        Ranks from 1.

    Returns
    -------
    tuple of arrays
        Quantiles x units: the column in which as many draws as ``wanted`` are reached. Limits x units: the draws with
        a rank up to the limit; a column partly within counts in part.
    """
    units, columns = histogram.shape
    quantiles, within = np.zeros(wanted.shape), np.zeros((limits.shape[0], units))
    reached = np.zeros(columns + 1, np.int64)
    for unit in range(units):
        total = 0
        for column in range(columns):
            total += histogram[unit, column]
            reached[column + 1] = total
        for one in range(wanted.shape[0]):
            if wanted[one, unit] <= total:
                quantiles[one, unit] = np.searchsorted(reached[1:], wanted[one, unit])
        for one in range(limits.shape[0]):
            whole = min(max(int(limits[one] // width), 0), columns)
            within[one, unit] = reached[whole]
            if whole < columns:
                part = max(limits[one] / width - whole, 0.0)
                within[one, unit] += histogram[unit, whole] * part
    return quantiles, within


@njit(cache=True, nogil=True)
def draw(base, weights, steps, availability, groups, group_top, ranks, in_group, work):  # type: ignore[no-untyped-def]
    """Score and rank all draws of a chunk: ``weights`` are draws x nodes, ``ranks`` draws x units."""
    scores = base.copy()
    for one in range(weights.shape[0]):
        score_tree(scores, weights[one], steps, availability)
        rank_draw(scores[0], groups, ranks[one], in_group, group_top, work)


@njit(cache=True, nogil=True)
def compare_runs(ranks, given, shifts, sums, moments):  # type: ignore[no-untyped-def]
    """Add a chunk of a sensitivity design to its sums.

    Parameters
    ----------
    ranks
        Samples A, B and one per input (inputs + 2) x samples x units, from 0; -1 is not scored and left out.
    given
        By unit, what ranks are measured from; -1 where there is none.
    shifts
        (inputs + 2) x samples: filled with the mean distance from ``given``.
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
                if row[unit] >= 0 and given[unit] >= 0:
                    total += abs(row[unit] - given[unit])
                    seen += 1
            shifts[run, one] = total / seen if seen else np.nan
            for unit in range(units):
                if row[unit] < 0 or first[unit] < 0 or second[unit] < 0 or given[unit] < 0:
                    continue
                if run < 2:
                    apart = float(row[unit] - given[unit])
                    moments[0, unit] += apart
                    moments[1, unit] += apart * apart
                else:
                    apart = float(row[unit] - first[unit])
                    sums[0, run - 2, unit] += (second[unit] - given[unit]) * apart
                    sums[1, run - 2, unit] += apart * apart


def buffers(units: int, groups: int) -> tuple[NDArray[np.generic], ...]:
    """Return the working memory of :func:`rank_draw`."""
    return (
        np.empty(units, np.uint64),
        np.empty(units, np.uint64),
        np.empty(1024, np.uint32),
        np.empty(max(groups, 1), np.int32),
        np.empty(max(groups, 1), np.int32),
    )
