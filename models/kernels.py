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
                for unit in range(units):
                    value = values[unit]
                    if not np.isnan(value):
                        total[unit] += weight * (np.log(value) if kind == 1.0 else value)
                        present[unit] += weight
            elif kind == 1.0:
                add_logarithms(total, values, weight, present, mantissas)
            else:
                for unit in range(units):
                    total[unit] += weight * values[unit]
        if gaps:
            for unit in range(units):
                scored = present[unit] > 0.0 and present[unit] >= availability - 1e-12
                total[unit] = total[unit] / present[unit] if scored else np.nan
        if kind > 0.0 and (row > 0 or turned):
            for unit in range(units):
                total[unit] = np.exp(total[unit])
        if turned:
            for unit in range(units):
                total[unit] = steps[step, 6] - total[unit]
        scores[row, :] = total


@njit(cache=True, nogil=True)
def sort_down(values, keys, order, keys_other, order_other, counts):  # type: ignore[no-untyped-def]
    """Sort units by value, highest first, by radix on 32 bits over the range of the values.

    The result is in ``keys_other`` and ``order_other``; equal keys are ties (one part in four billion of the range).
    Units without a value come last. Returns the number of units with a value.
    """
    units = values.shape[0]
    low, high = np.inf, -np.inf
    for unit in range(units):
        value = values[unit]
        if value < low and value > -np.inf:
            low = value
        if value > high:
            high = value
    stretch = 4294967293.0 / (high - low) if high > low else 0.0
    counts[:] = 0
    known = 0
    for unit in range(units):
        value = values[unit]
        if value >= low:
            key = np.uint32((high - value) * stretch)
            known += 1
        elif value == -np.inf:
            key = np.uint32(4294967294)
            known += 1
        else:
            key = np.uint32(4294967295)
        keys[unit] = key
        counts[0, key & np.uint32(2047)] += 1
        counts[1, (key >> np.uint32(11)) & np.uint32(2047)] += 1
        counts[2, key >> np.uint32(22)] += 1
    for digit in range(3):
        place = 0
        for bucket in range(2048):
            here = counts[digit, bucket]
            counts[digit, bucket] = place
            place += here
    for unit in range(units):
        bucket = keys[unit] & np.uint32(2047)
        place = counts[0, bucket]
        counts[0, bucket] = place + 1
        keys_other[place] = keys[unit]
        order_other[place] = unit
    for position in range(units):
        bucket = (keys_other[position] >> np.uint32(11)) & np.uint32(2047)
        place = counts[1, bucket]
        counts[1, bucket] = place + 1
        keys[place] = keys_other[position]
        order[place] = order_other[position]
    for position in range(units):
        bucket = keys[position] >> np.uint32(22)
        place = counts[2, bucket]
        counts[2, bucket] = place + 1
        keys_other[place] = keys[position]
        order_other[place] = order[position]
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
    keys_before, order_before, keys, order, counts, members, last_ranks = work
    known = sort_down(values, keys_before, order_before, keys, order, counts)
    for position in range(known, values.shape[0]):
        ranks[order[position]] = -1
    rank = 0
    for position in range(known):
        if position > 0 and keys[position] != keys[position - 1]:
            rank = position
        ranks[order[position]] = rank
    if group_top == 0:
        return
    members[:] = 0
    for position in range(known):
        unit = order[position]
        group = groups[unit]
        seen = members[group]
        if seen < group_top:
            in_group[unit] += 1
            last_ranks[group] = ranks[unit]
        elif ranks[unit] == last_ranks[group]:
            in_group[unit] += 1
        members[group] = seen + 1


@njit(cache=True, nogil=True)
def count_ranks(ranks, draws, width, histogram, sums, scored):  # type: ignore[no-untyped-def]
    """Add the ranks of a chunk (draws x units) to the counts, by blocks of units that stay in the cache.

    ``histogram`` is units x columns of ``width`` ranks; ``sums`` and ``scored`` are by unit.
    """
    units = ranks.shape[1]
    block = np.empty((32, draws), ranks.dtype)
    for start in range(0, units, 32):
        stop = min(start + 32, units)
        for one in range(draws):
            for unit in range(start, stop):
                block[unit - start, one] = ranks[one, unit]
        for unit in range(start, stop):
            row, counts = block[unit - start], histogram[unit]
            total, seen = 0, 0
            for one in range(draws):
                rank = row[one]
                if rank >= 0:
                    counts[rank if width == 1 else rank // width] += 1
                    total += rank + 1
                    seen += 1
            sums[unit] += total
            scored[unit] += seen


@njit(cache=True, nogil=True)
def rank_quantiles(histogram, wanted):  # type: ignore[no-untyped-def]
    """Return the column of the histogram (units x columns) in which as many draws as ``wanted`` are reached."""
    result = np.zeros(wanted.shape)
    for unit in range(histogram.shape[0]):
        reached = 0
        for column in range(histogram.shape[1]):
            here = histogram[unit, column]
            if here:
                before, reached = reached, reached + here
                for one in range(wanted.shape[0]):
                    if before < wanted[one, unit] <= reached:
                        result[one, unit] = column
    return result


@njit(cache=True, nogil=True)
def ranks_within(histogram, limits, width):  # type: ignore[no-untyped-def]
    """Return, by limit and unit, the draws with a rank up to the limit; a column partly within counts in part."""
    result = np.zeros((limits.shape[0], histogram.shape[0]))
    for unit in range(histogram.shape[0]):
        for column in range(histogram.shape[1]):
            here = histogram[unit, column]
            if here:
                for one in range(limits.shape[0]):
                    part = (limits[one] - column * width) / width
                    result[one, unit] += here * min(max(part, 0.0), 1.0)
    return result


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
        np.empty(units, np.uint32),
        np.empty(units, np.int32),
        np.empty(units, np.uint32),
        np.empty(units, np.int32),
        np.empty((3, 2048), np.int32),
        np.empty(max(groups, 1), np.int32),
        np.empty(max(groups, 1), np.int32),
    )
