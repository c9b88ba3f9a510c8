"""The inner loops of Monte Carlo, compiled: values with their errors, scores of a tree, ranks, draw after draw.

Draws are scored and ranked in chunks, and a chunk is counted at once (:mod:`models.robustness.counting`). Only these
two modules need numba; they are imported when draws are made. What calls each other is in one file: numba looks at
the file of a function alone when it decides whether to compile it again.
"""

from __future__ import annotations

import numpy as np
from numba import njit

ARITHMETIC, GEOMETRIC, LOGARITHMS, POWER, MAXIMUM = 0.0, 1.0, 2.0, 3.0, 4.0
"""Steps: of parts as they are, of their logarithms, of parts that are logarithms, of powers; the greatest part."""
AS_IT_IS, MINMAX, PERCENTILE, GOALPOSTS = 0.0, 1.0, 2.0, 3.0
"""Scales a row is brought to: see :func:`scaled`."""
quick = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})
"""For sums, whose last digit may differ."""
exact = njit(cache=True, nogil=True, error_model="python", fastmath=False)
"""For what compares and ranks. Stated: else numba takes the rules of the first caller, and there are two zeros."""


@quick
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


@quick
def powered(value, p):  # type: ignore[no-untyped-def]
    """Return a value that is not negative to the power ``p``; NaN stays NaN."""
    value = 0.0 if value < 0.0 else value
    if p == 3.0:
        return value * value * value
    if p == 2.0:
        return value * value
    if p == 4.0:
        return (value * value) * (value * value)
    if p == 0.5:
        return np.sqrt(value)
    return value**p


@quick
def add_known(total, present, values, weight, kind, p):  # type: ignore[no-untyped-def]
    """Add ``weight`` times each value, logarithm or power to ``total`` and the weight to ``present`` where known."""
    for unit in range(values.shape[0]):
        value = values[unit]
        if not np.isnan(value):
            if kind == GEOMETRIC:
                value = np.log(value)
            elif kind == POWER:
                value = powered(value, p)
            total[unit] += weight * value
            present[unit] += weight


@exact
def keep_greatest(total, present, values):  # type: ignore[no-untyped-def]
    """Keep the greater of ``total`` and the values where they are known; ``present`` becomes 1 there."""
    for unit in range(values.shape[0]):
        value = values[unit]
        if not np.isnan(value):
            total[unit] = value if present[unit] == 0.0 or value > total[unit] else total[unit]
            present[unit] = 1.0


@quick
def turned_back(total, kind, p, turned, ends):  # type: ignore[no-untyped-def]
    """Take back logarithms and powers in ``total``, and turn it round on its scale if ``turned``."""
    for unit in range(total.shape[0]):
        value = total[unit]
        if kind == POWER:
            value = powered(value, 1.0 / p)
        elif kind in (GEOMETRIC, LOGARITHMS):
            value = np.exp(value)
        total[unit] = ends - value if turned else value


@quick
def score_tree(scores, weights, steps, unscored, work):  # type: ignore[no-untyped-def]
    """Fill in the rows of aggregate nodes; the root (row 0) may stay a logarithm or power, which keeps the order.

    Parameters
    ----------
    scores
        Nodes x units; rows of indicators are filled.
    weights
        By node; 0 takes a node out.
    steps
        By aggregate node, lowest first: row, first part, last part (exclusive), kind, 1 if a part may be missing,
        1 if the score is turned round, the sum of the ends of the scale it is turned on, the order of the mean, and
        the scale it is brought to (six numbers, see :func:`scaled`).
    unscored, work
        Nodes x units: where a node has no score; buffers of :func:`models.robustness.compiled.buffers`.
    """
    units = scores.shape[1]
    total, present = np.empty(units), np.empty(units)
    mantissas = np.empty(units, np.int64)
    for step in range(steps.shape[0]):
        row, first, last = int(steps[step, 0]), int(steps[step, 1]), int(steps[step, 2])
        kind, gaps, turned, p = steps[step, 3], steps[step, 4] == 1.0, steps[step, 5] == 1.0, steps[step, 7]
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
            if kind == MAXIMUM:
                keep_greatest(total, present, values)
            elif gaps:
                add_known(total, present, values, weight, kind, p)
            elif kind == GEOMETRIC:
                add_logarithms(total, values, weight, present, mantissas)
            elif kind == POWER:
                for unit in range(units):
                    total[unit] += weight * powered(values[unit], p)
            else:
                for unit in range(units):
                    total[unit] += weight * values[unit]
        if gaps:
            for unit in range(units):
                scored = present[unit] > 0.0 and not unscored[row, unit]
                total[unit] = total[unit] / present[unit] if scored else np.nan
        order_is_enough = steps[step, 8] == PERCENTILE or (row == 0 and steps[step, 8] == AS_IT_IS)
        if turned or (ARITHMETIC < kind < MAXIMUM and (p < 0.0 or not order_is_enough)):
            turned_back(total, kind, p, turned, steps[step, 6])
        if steps[step, 8] != AS_IT_IS:
            scaled(total, steps[step, 8:14], False, work)
        scores[row, :] = total


@exact
def scaled(values, scale, exact, work):  # type: ignore[no-untyped-def]
    """Bring a row to its scale, in place, as :mod:`models.index.normalise` does; NaN stays NaN.

    Parameters
    ----------
    scale
        Kind, direction, the ends of the scale, the range in the unit of the row (NaN for the one observed). What lies
        beyond the range is cut off only by goalposts.
    exact
        Whether values that differ in anything have different ranks; otherwise those that agree to a four-billionth
        of the range share one.
    work
        Buffers of :func:`models.robustness.compiled.buffers`.
    """
    kind, direction, low, high = scale[0], scale[1], scale[2], scale[3]
    if kind == PERCENTILE:
        percentiles(values, direction, low, high, exact, work)
        return
    if kind == AS_IT_IS:
        for unit in range(values.shape[0]):
            values[unit] *= direction
        return
    bottom, top = np.inf, -np.inf
    for unit in range(values.shape[0]):
        value = values[unit]
        bottom = value if value < bottom else bottom
        top = value if value > top else top
    bottom, top = bottom if np.isnan(scale[4]) else scale[4], top if np.isnan(scale[5]) else scale[5]
    if not top > bottom:
        values[:] = np.nan
        return
    for unit in range(values.shape[0]):
        share = (values[unit] - bottom) / (top - bottom)
        if kind == GOALPOSTS:
            share = 0.0 if share < 0.0 else (1.0 if share > 1.0 else share)
        values[unit] = low + (high - low) * (share if direction > 0.0 else 1.0 - share)


@exact
def percentiles(values, direction, low, high, exact, work):  # type: ignore[no-untyped-def]
    """Stretch the ranks of a row over ``low`` to ``high``, in place; equal values share the lowest rank."""
    words, moved, starts = work[0], work[1], work[2]
    count = sort_exactly(values, words, moved, starts) if exact else sort_down(values, words, moved, starts)
    if count < 2:
        values[:] = np.nan
        return
    lower, half = np.uint64(4294967295), np.uint64(32)
    step = (high - low) / (count - 1)
    begin = 0
    while begin < count:
        word = words[begin]
        value, end = values[word & lower], begin + 1
        while end < count:
            if words[end] >> half != word >> half or (exact and values[words[end] & lower] != value):
                break
            end += 1
        below = count - end if direction > 0.0 else begin
        for position in range(begin, end):
            moved[position] = below
        begin = end
    for position in range(count):
        values[words[position] & lower] = low + step * moved[position]


@exact
def with_errors(values, spread, taken, labels, errors, limits, scales, rows, base, work):
    """Fill in rows of starting scores: values moved by their errors, kept within limits, brought to their scale.

    Parameters
    ----------
    values, spread
        Tables x indicators x units: values and standard deviations.
    taken, rows, limits, scales
        By indicator: which table it takes, its row in ``base`` (nodes x units), the least and the greatest value
        there can be, and its scale (see :func:`scaled`); those after the last scale are left out.
    labels
        Indicators x units: which of the ``errors``, standard normal, each value takes.
    work
        Buffers of :func:`models.robustness.compiled.buffers`.
    """
    for one in range(scales.shape[0]):
        row, table = base[rows[one]], taken[one]
        least, most = limits[one, 0], limits[one, 1]
        for unit in range(row.shape[0]):
            value = values[table, one, unit] + spread[table, one, unit] * errors[labels[one, unit]]
            value = least if value < least else value
            row[unit] = most if value > most else value
        scaled(row, scales[one], True, work)


@exact
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


@exact
def keyed(values, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` with the key of each unit (upper 32 bits, 0 for the highest value) and its number (lower 32).

    Keys divide the range of the values into four billion parts; equal keys are ties. The last two keys stand for -inf
    and for no value. Returns the number of units with a value.
    """
    low, high = extremes(values)
    stretch = 4294967293.0 / (high - low) if high > low else 0.0
    count = 0
    for unit in range(values.shape[0]):
        value = values[unit]
        key = np.uint32((high - value) * stretch) if value >= low else np.uint32(4294967295)
        key = np.uint32(4294967294) if value == -np.inf else key
        count += not np.isnan(value)
        words[unit] = (np.uint64(key) << np.uint64(32)) | np.uint64(unit)
    return count


@exact
def by_digit(words, moved, shift, starts):  # type: ignore[no-untyped-def]
    """Move words to ``moved``, sorted by the ten bits above ``shift`` and otherwise in the order they had."""
    mask, one = np.uint64(1023), np.uint32(1)
    starts[:] = 0
    for position in range(words.shape[0]):
        starts[(words[position] >> shift) & mask] += one
    start = np.uint32(0)
    for bucket in range(starts.shape[0]):
        here = starts[bucket]
        starts[bucket] = start
        start += here
    for position in range(words.shape[0]):
        word = words[position]
        bucket = (word >> shift) & mask
        moved[starts[bucket]] = word
        starts[bucket] += one


@exact
def settled(words):  # type: ignore[no-untyped-def]
    """Sort words that are almost sorted by moving each to its place; False if that takes too many moves."""
    left = 4 * words.shape[0]
    for position in range(1, words.shape[0]):
        word = words[position]
        target = position
        while target > 0 and words[target - 1] > word:
            words[target] = words[target - 1]
            target -= 1
        words[target] = word
        left -= position - target
        if left < 0:
            return False
    return True


@exact
def by_digits(words, moved, starts):  # type: ignore[no-untyped-def]
    """Sort words.

    Two digits of the key put nearly every unit into its place; only where values crowd do all four digits have to be
    sorted.
    """
    by_digit(words, moved, np.uint64(44), starts)
    by_digit(moved, words, np.uint64(54), starts)
    if not settled(words):
        by_digit(words, moved, np.uint64(32), starts)
        by_digit(moved, words, np.uint64(42), starts)
        by_digit(words, moved, np.uint64(52), starts)
        by_digit(moved, words, np.uint64(62), starts)


@exact
def sort_down(values, words, moved, starts):  # type: ignore[no-untyped-def]
    """Sort units by value, highest first, those without a value last: ``words`` as :func:`keyed` makes them.

    Returns the number of units with a value.
    """
    count = keyed(values, words)
    by_digits(words, moved, starts)
    return count


@exact
def keyed_exactly(values, words):  # type: ignore[no-untyped-def]
    """Fill ``words`` as :func:`keyed` does, with keys that follow the bits: as fine for small values as for large."""
    bits = values.view(np.int64)
    flip = np.int64(0x7FFFFFFFFFFFFFFF)
    low, high = np.inf, -np.inf
    for unit in range(values.shape[0]):
        if not np.isnan(values[unit]):
            ordinal = float(bits[unit] ^ flip if bits[unit] < 0 else bits[unit])
            low, high = min(low, ordinal), max(high, ordinal)
    stretch = 4294967293.0 / (high - low) if high > low else 0.0
    count = 0
    for unit in range(values.shape[0]):
        key = np.uint32(4294967295)
        if not np.isnan(values[unit]):
            ordinal = float(bits[unit] ^ flip if bits[unit] < 0 else bits[unit])
            key = np.uint32((high - ordinal) * stretch)
            count += 1
        words[unit] = (np.uint64(key) << np.uint64(32)) | np.uint64(unit)
    return count


@exact
def sort_exactly(values, words, moved, starts):  # type: ignore[no-untyped-def]
    """Sort units by value as :func:`sort_down` does, but so that the smallest difference counts."""
    for unit in range(values.shape[0]):
        values[unit] += 0.0  # there is one zero
    count = keyed_exactly(values, words)
    by_digits(words, moved, starts)
    lower, half = np.uint64(4294967295), np.uint64(32)
    for position in range(1, count):
        word = words[position]
        value, target = values[word & lower], position
        while target > 0:
            before = words[target - 1]
            if before >> half != word >> half or values[before & lower] >= value:
                break
            words[target] = before
            target -= 1
        words[target] = word
    return count


@exact
def rank_draw(values, groups, ranks, in_group, group_top, group_ranks, work):  # type: ignore[no-untyped-def]
    """Rank one draw from 0 for the highest into ``ranks``; equal scores share the best rank.

    Parameters
    ----------
    values
        By unit; NaN gets the rank -1.
    groups
        By unit, the number of its group.
    in_group
        By unit: one more where it is among the first ``group_top`` of its group.
    group_ranks
        By unit, filled with the rank in its group; of length 0 if it is not wanted.
    work
        Buffers of :func:`models.robustness.compiled.buffers`.
    """
    words, moved, starts, members, last_ranks, last_places = work
    count = sort_down(values, words, moved, starts)
    lower = np.uint64(4294967295)
    for position in range(count, values.shape[0]):
        ranks[words[position] & lower] = -1
    rank, before = 0, np.uint64(0)
    for position in range(count):
        key = words[position] >> np.uint64(32)
        rank = rank if key == before else position
        before = key
        ranks[words[position] & lower] = rank
    if group_top == 0 and group_ranks.shape[0] == 0:
        return
    group_ranks[:] = -1
    members[:] = 0
    last_ranks[:] = -1
    for position in range(count):
        unit = words[position] & lower
        group, rank = groups[unit], ranks[unit]
        group_rank = last_places[group] if rank == last_ranks[group] else members[group]
        last_ranks[group], last_places[group] = rank, group_rank
        members[group] += 1
        in_group[unit] += group_rank < group_top
        if group_ranks.shape[0] > 0:
            group_ranks[unit] = group_rank


@exact
def draw(scores, weights, steps, unscored, groups, group_top, ranks, in_group, group_ranks, work):
    """Score and rank all draws of a chunk: ``weights`` are draws x nodes, ``ranks`` draws x units.

    The rows of ``scores`` (nodes x units) that belong to indicators are filled; the others are overwritten.
    """
    for one in range(weights.shape[0]):
        score_tree(scores, weights[one], steps, unscored, work)
        rank_draw(scores[0], groups, ranks[one], in_group, group_top, group_ranks[one], work)
