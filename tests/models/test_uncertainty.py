"""Ranks over draws: against a plain loop, the same for the same seed, certain where nothing varies."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from geo.errors import InputError
from models.assessment import assess
from models.counting import count_ranks, summed_up
from models.draws import Choices, Draws
from models.framework import Framework, Node
from models.kernels import add_logarithms, buffers, rank_draw
from models.prepared import prepare
from models.uncertainty import Counts, uncertainty

TREES = ["arithmetic", "geometric", "maximum", "inverted_geometric"]


@pytest.mark.parametrize("aggregate", TREES)
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_counts_agree_with_a_plain_loop(nested, table, aggregate: str, missing: float) -> None:
    tree = nested().with_node("risk", aggregate=aggregate).with_node("response", direction=-1)
    data = table(missing=missing)
    groups = pd.Series(np.arange(40) % 3, index=data.index).astype(str)
    result = assess(data, tree, groups)
    found = uncertainty(result, 300, concentration=10, seed=3, threads=1, top=5, top_in_group=4)
    drawn = Draws(result, Choices(), 10.0)
    generator = np.random.default_rng(3)
    ranks = []
    while sum(map(len, ranks)) < 300:
        size = min(300 - sum(map(len, ranks)), Counts.empty(result, 300, 4).chunk)
        (run,) = drawn.plan(size, generator)
        scores = np.array([run.prepared.score(weight) for weight in run.weights])
        ranks.append(rankdata(-scores.round(10), method="min", axis=1, nan_policy="omit"))
    ranks = np.vstack(ranks)
    known = np.isfinite(ranks).any(axis=0)
    assert (np.isfinite(ranks) == result.score.notna().to_numpy()).all()
    assert np.allclose(found.units["mean"][known], np.nanmean(ranks[:, known], axis=0))
    assert np.allclose(
        found.units["top"][known], (ranks[:, known] <= 5).sum(axis=0) / np.isfinite(ranks[:, known]).sum(axis=0)
    )
    median = np.nanquantile(ranks[:, known], 0.5, axis=0, method="inverted_cdf")
    assert (found.units["median"][known] == median).all()
    assert found.units["median"][~known].isna().all()
    leaders = pd.DataFrame(ranks.T, index=data.index).groupby(groups.to_numpy()).rank(method="min").le(4).sum(axis=1)
    assert np.allclose(found.units["top_in_group"][known] * np.isfinite(ranks).sum(axis=0)[known], leaders[known])


def test_the_seed_decides_and_threads_do_not(nested, table) -> None:
    result = assess(table(), nested())
    one = uncertainty(result, 500, seed=1, threads=1)
    again = uncertainty(result, 500, seed=1, threads=1)
    many = table(units=200)
    several = [uncertainty(assess(many, nested()), 1300, threads=threads).units for threads in (1, 3)]
    pd.testing.assert_frame_equal(*several)
    other = uncertainty(result, 500, seed=2, threads=1)
    pd.testing.assert_frame_equal(one.units, again.units)
    assert not one.units.equals(other.units)


def test_without_variation_every_rank_is_certain(nested, table) -> None:
    result = assess(table(), nested())
    found = uncertainty(result, 20, choices=Choices(weights=False))
    for column in ("median", "low", "high", "mean"):
        assert (found.units[column] == result.rank).all()
    robust = found.robust_classes()
    assert (
        robust["certain"].all() and (robust["held"] == 1).all() and (robust["class"] == result.classes).mean() > 0.9
    )


def test_intervals_shrink_as_weights_are_trusted(nested, table) -> None:
    result = assess(table(), nested())
    widths = []
    for concentration in (3, 30, 300):
        units = uncertainty(result, 400, concentration=concentration).units
        assert (units["low"] <= units["median"]).all() and (units["median"] <= units["high"]).all()
        widths.append((units["high"] - units["low"]).mean())
    assert widths[0] > widths[1] > widths[2] > 0
    loose = uncertainty(result, 400, concentration=3).robust_classes(0.8)
    assert not loose["certain"].all() and (loose["held"] + loose["otherwise_held"] <= 1 + 1e-9).all()
    assert (loose.loc[~loose["certain"], "otherwise"] != loose.loc[~loose["certain"], "class"]).all()


def test_drawn_weights_have_the_given_mean_and_the_stated_spread(nested, table) -> None:
    result = assess(table(), nested().with_weights({"vulnerability": 0.0}))
    weights = Draws(result, Choices(), 20.0).weights(20000, np.random.default_rng(0))
    rows = result.prepared.rows
    share = weights[:, rows["b"]] / (weights[:, rows["a"]] + weights[:, rows["b"]])
    assert share.mean() == pytest.approx(2 / 3, abs=0.005)
    assert share.std() == pytest.approx((2 / 9 / 21) ** 0.5, abs=0.003)
    assert (weights[:, rows["vulnerability"]] == 0).all()


def test_methods_tables_and_values_vary_too(nested, table) -> None:
    data = table(missing=0.1)
    result = assess(data, nested(impute="mean", normalise="percentile:low=1"))
    choices = Choices(
        impute=("mean", "median"),
        normalise=("minmax:low=1", "percentile:low=1"),
        aggregate={"risk": ("arithmetic", "geometric", "maximum")},
        tables=(data, data**0.5),
        weights=False,
    )
    found = uncertainty(result, 400, choices=choices)
    assert (found.units["high"] > found.units["low"]).any() and (found.units["scored"] == 1).all()
    errors = pd.DataFrame(0.0, index=data.index, columns=data.columns)
    assert (uncertainty(result, 30, choices=Choices(errors=errors, weights=False)).units["mean"] == result.rank).all()
    errors.loc["u0", "a"] = data["a"].std()
    units = uncertainty(result, 200, choices=Choices(errors=errors, weights=False)).units
    widths = units["high"] - units["low"]
    assert widths["u0"] == widths.max() > 0


def test_progress_and_cancel(flat, table) -> None:
    result = assess(table(units=3000, codes="abc"), flat())
    seen: list[tuple[int, int]] = []
    uncertainty(result, 3000, threads=1, progress=lambda done, all_: seen.append((done, all_)))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen}) and seen[-1] == (3000, 3000)
    stopped = iter([False, True])
    part = uncertainty(result, 100000, threads=1, cancel=lambda: next(stopped))
    assert 0 < part.draws < 100000
    with pytest.raises(InputError):
        uncertainty(result, 10, cancel=lambda: True)


def test_numbers_that_make_no_sense_are_refused(flat, table) -> None:
    result = assess(table(), flat())
    for options in ({"draws": 0}, {"concentration": 0.0}):
        with pytest.raises(InputError):
            uncertainty(result, **options)


def test_logarithms_are_good_to_the_last_digits() -> None:
    values = np.concatenate([[0.0], np.geomspace(1e-300, 1e300, 5001), np.linspace(0.5, 2, 5001)])
    total = np.zeros(len(values))
    add_logarithms(total, values, 1.0, np.empty(len(values)), np.empty(len(values), np.int64))
    assert total[0] == -np.inf and np.allclose(total[1:], np.log(values[1:]), rtol=4e-16, atol=4e-16)


@pytest.mark.parametrize("seed", range(4))
def test_ranking_by_radix_is_ranking(seed: int) -> None:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=500).round(2) * 10.0 ** generator.integers(-3, 4)
    values[generator.random(500) < 0.1] = np.nan
    values[:3] = -np.inf
    ranks, in_group, inside = np.empty(500, np.int32), np.zeros(500, np.int64), np.empty(500, np.int32)
    groups = generator.integers(0, 7, 500).astype(np.int32)
    rank_draw(values, groups, ranks, in_group, 5, inside, buffers(500, 7))
    expected = rankdata(-values, method="min", nan_policy="omit") - 1
    assert np.array_equal(ranks, np.where(np.isnan(values), -1, expected))
    place = pd.Series(-values).groupby(groups).rank(method="min")
    assert np.array_equal(in_group, place.le(5).to_numpy())
    assert np.array_equal(inside, place.fillna(0) - 1)


def spread_out(units: int, crowd: float, ties: float, gaps: float, seed: int) -> np.ndarray:
    """Values of which a share crowd around a thousandth of the range, a share are equal and a share are missing."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=units)
    crowded = generator.random(units) < crowd
    values[crowded] = 0.1 + 1e-7 * values[crowded]
    tied = generator.random(units) < ties
    values[tied] = values[tied].round(1)
    values[generator.random(units) < gaps] = np.nan
    values[generator.random(units) < gaps / 2] = -np.inf
    return values


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 900), st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.0, 0.1, 1.0]), st.integers(0, 2**32 - 1)
)
@example(900, 1.0, 0.0, 0.0, 0)
@example(1, 0.0, 0.0, 0.0, 0)
def test_ranks_are_those_of_the_plain_method_however_values_crowd(units, crowd, ties, gaps, seed) -> None:
    values = spread_out(units, crowd, ties, gaps, seed)
    groups = (np.arange(units) % 5).astype(np.int32)
    ranks, in_group = np.empty(units, np.int16), np.zeros(units, np.int64)
    rank_draw(values, groups, ranks, in_group, 3, np.empty(0, np.int16), buffers(units, 5))
    known, finite = ~np.isnan(values), values[np.isfinite(values)]
    span = float(np.ptp(finite)) if len(finite) else 0.0
    stretch = 4294967293.0 / span if span else 0.0
    with np.errstate(invalid="ignore"):
        keys = np.where(np.isinf(values), 4294967294, np.floor((finite.max(initial=-np.inf) - values) * stretch))
    expected = np.full(units, -1)
    if known.any():
        expected[known] = rankdata(keys[known], method="min") - 1
    assert np.array_equal(ranks, expected)
    leaders = pd.Series(np.where(known, keys, np.nan)).groupby(groups).rank(method="min").le(3)
    assert np.array_equal(in_group, leaders.to_numpy())


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 60), st.sampled_from([1, 3, 40]), st.integers(0, 2**32 - 1))
def test_counts_of_ranks_say_what_the_ranks_say(units, draws, width, seed) -> None:
    generator = np.random.default_rng(seed)
    ranks = generator.integers(-1, units, (draws, units)).astype(np.int16)
    histogram = np.zeros((units, -(-units // width)), np.uint16)
    sums, scored = np.zeros(units, np.int64), np.zeros(units, np.int64)
    count_ranks(ranks, width, histogram, sums, scored)
    known = ranks >= 0
    assert np.array_equal(scored, known.sum(axis=0))
    assert np.array_equal(sums, np.where(known, ranks + 1, 0).sum(axis=0))
    wanted = np.maximum(np.ceil(np.outer([0.05, 0.5, 1.0], scored)), 1)
    limits = np.array([0.0, units, *(width * generator.integers(0, units, 3))], dtype=float)
    quantiles, within = summed_up(histogram, wanted, np.repeat(limits[:, None], units, axis=1), width)
    for unit in np.flatnonzero(scored):
        inside = np.sort(ranks[known[:, unit], unit])
        assert quantiles[:, unit].tolist() == [inside[int(count) - 1] // width for count in wanted[:, unit]]
        assert np.allclose(within[2:, unit], [(inside < limit).sum() for limit in limits[2:]])
        assert within[0, unit] == 0
        assert width > 1 or within[1, unit] == len(inside)


def test_ten_thousand_draws_for_a_nation_are_faster_than_sorting_alone(flat, table) -> None:
    codes = "abcdefghijklmno"
    result = assess(table(units=3321, codes=codes), flat(codes))
    uncertainty(result, 10)
    start = time.perf_counter()
    uncertainty(result, 2000)
    ours = time.perf_counter() - start
    scores = np.array(result.score)
    start = time.perf_counter()
    for _ in range(2000):
        np.argsort(scores)
    assert ours < 3 * (time.perf_counter() - start)


def test_memory_is_bounded_by_chunks(flat) -> None:
    units = 50_000
    data = pd.DataFrame(np.random.default_rng(0).random((units, 3)), columns=list("abc"))
    result = assess(data, flat())
    counts = Counts.empty(result, 100_000, 10)
    assert counts.all.histogram.nbytes <= 96 << 20 and counts.chunk * units * 4 <= 8 << 20
    found = uncertainty(result, 64)
    middle = abs(found.units["median"] - found.units["mean"])
    assert middle.median() < 2 * counts.all.width + 400


def test_frameworks_without_weights_to_vary_still_draw() -> None:
    tree = Framework((Node("i"), Node("a", parent="i")))
    result = assess(pd.DataFrame({"a": [1.0, 2.0, 3.0]}), tree)
    assert (uncertainty(result, 10).units["mean"] == result.rank).all()
    assert prepare(pd.DataFrame({"a": [1.0, 2.0]}), tree).score().tolist() == [0.0, 100.0]
