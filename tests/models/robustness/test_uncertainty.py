"""Ranks over draws: against a plain loop, the same for the same seed, certain where nothing varies."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from geo.base.errors import InputError
from models.index.assessment import Assessment, assess
from models.index.framework import Framework, Node
from models.index.methods import parse
from models.index.normalise import NORMALISE
from models.index.prepared import prepare
from models.robustness.compiled import buffers, compiled_steps, scale_row
from models.robustness.counting import count_ranks, summed_up
from models.robustness.draws import Choices, Draws
from models.robustness.kernels import add_logarithms, rank_draw, scaled
from models.robustness.uncertainty import Counts, uncertainty

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


PROVINCES, EACH = 40, 25
UNBOUND = "minmax:low=0,high=100,lower=0,upper=100"
"""A score is then the value itself, whatever the others have."""


def provinces() -> tuple[pd.DataFrame, pd.Series]:
    """Two indicators far from their ends, and the province of each of a thousand communes."""
    generator = np.random.default_rng(7)
    codes = np.repeat(np.arange(PROVINCES), EACH).astype(str)
    data = pd.DataFrame({"own": generator.uniform(40, 60, len(codes)), "carried": 50.0 + codes.astype(float) / 10})
    return data, pd.Series(codes, index=data.index)


def spread_of_means(choices: Choices, draws: int = 600) -> float:
    """The standard deviation over draws of the mean score of a province, root mean square of all provinces."""
    data, province = provinces()
    tree = Framework((Node("risk"), Node("own", parent="risk"), Node("carried", parent="risk")), normalise=UNBOUND)
    source = Draws(assess(data, tree, province), choices, 50.0)
    (run,) = source.plan(draws, np.random.default_rng(1))
    means = pd.DataFrame(source.scores(run)).T.groupby(province).mean()
    return float(np.sqrt(means.var(axis=1).mean()))


def test_errors_that_are_shared_widen_what_is_known_of_provinces_as_the_formula_says() -> None:
    data, province = provinces()
    errors = pd.DataFrame({"own": 3.0, "carried": 2.0}, index=data.index)
    alone = Choices(errors=errors, weights=False)
    shared = Choices(errors=errors, weights=False, sharing=pd.DataFrame({"carried": province}))
    # A province's mean: half of the mean of the communes' own errors and half of the one error they share.
    own, carried = (3 / 2) ** 2 / EACH, (2 / 2) ** 2
    assert spread_of_means(shared) == pytest.approx((own + carried) ** 0.5, rel=0.03)
    assert spread_of_means(alone) == pytest.approx((own + carried / EACH) ** 0.5, rel=0.03)
    assert spread_of_means(shared) > 2.5 * spread_of_means(alone)


def test_communes_that_carry_one_figure_keep_their_order() -> None:
    data, province = provinces()
    tree = Framework((Node("risk"), Node("carried", parent="risk")), normalise=UNBOUND)
    errors = pd.DataFrame({"carried": 2.0}, index=data.index)
    choices = Choices(errors=errors, weights=False, sharing=pd.DataFrame({"carried": province}))
    found = uncertainty(assess(data, tree, province), 60, choices=choices, in_groups=True)
    assert found.inside is not None
    assert (found.units["high"] > found.units["low"]).all()
    assert (found.inside.units[["low", "high"]] == 1).all().all()


def test_indicators_made_from_one_figure_err_together() -> None:
    data, _ = provinces()
    data = data.assign(again=data["own"].where(np.arange(len(data)) % 2 == 0))
    tree = Framework((Node("risk"), Node("own", parent="risk"), Node("again", parent="risk")), normalise=UNBOUND)
    errors = pd.DataFrame(2.0, index=data.index, columns=["own", "again"])
    spreads = {}
    for name, figures in {"one": {"again": "own", "own": "own"}, "two": {}}.items():
        source = Draws(assess(data, tree), Choices(errors=errors, weights=False, figures=figures), 50.0)
        (run,) = source.plan(400, np.random.default_rng(0))
        spreads[name] = source.scores(run).std(axis=0)[::2].mean()
    assert spreads["one"] == pytest.approx(2.0, rel=0.02)
    assert spreads["two"] == pytest.approx(2.0 / 2**0.5, rel=0.02)


def moved(choices: Choices, data: pd.DataFrame, tree: Framework, draws: int = 300) -> tuple[np.ndarray, Draws]:
    """Starting scores of all draws, draws x nodes x units."""
    source = Draws(assess(data, tree), choices, 50.0)
    (run,) = source.plan(draws, np.random.default_rng(0))
    return np.array([base.copy() for base, _ in source.starts(run)]), source


def test_what_is_not_negative_or_has_an_end_stays_within_and_what_is_missing_stays_missing() -> None:
    data = pd.DataFrame({"a": [0.1, 0.5, 0.9, np.nan], "b": [-3.0, 0.0, 3.0, 1.0], "c": [0.1, 1.0, 40.0, np.nan]})
    tree = Framework((Node("i"), *(Node(code, parent="i") for code in "abc")), normalise="none")
    errors = pd.DataFrame(5.0, index=data.index, columns=list("abc"))
    bases, source = moved(Choices(errors=errors, weights=False, limits={"a": (0.0, 1.0)}), data, tree)
    values = {code: bases[:, source.assessment.prepared.rows[code]] for code in "abc"}
    for code, low, high in (("a", 0, 1), ("b", -np.inf, np.inf), ("c", 0, np.inf)):
        known = values[code][:, data[code].notna()]
        assert known.min() >= low and known.max() <= high and (known.std(axis=0) > 0).all()
        assert np.isnan(values[code][:, data[code].isna()]).all()
    assert values["b"].min() < -5 and np.nanmin(values["c"]) == 0


def test_what_was_filled_in_errs_as_far_as_the_known_are_from_it() -> None:
    data = pd.DataFrame({"a": [*np.linspace(100, 200, 30), *[np.nan] * 20], "b": np.arange(50.0)})
    tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")), normalise="none", impute="median")
    bases, source = moved(Choices(imputed=True, weights=False), data, tree, draws=500)
    values = bases[:, source.assessment.prepared.rows["a"]]
    known = data["a"].dropna().to_numpy()
    assert (values[:, :30] == known).all()
    away = np.sqrt(((known - np.median(known)) ** 2).mean())
    assert values[:, 30:].std() == pytest.approx(away, rel=0.03)
    assert values[:, 30:].mean() == pytest.approx(np.median(known), rel=0.01)


def test_what_does_not_apply_applies_in_no_draw_and_whoever_is_scored_stays_so() -> None:
    """With drawn weights alone the parts there are would now reach the threshold and now miss it."""
    nodes = [Node("risk", aggregate="generalised:p=3")]
    for way in ("near", "far", "all"):
        nodes += [Node(way, parent="risk", aggregate="geometric", normalise="percentile")]
        nodes += [Node(f"{way}_e", parent=way, weight=1.2), Node(f"{way}_v", parent=way)]
    tree = Framework(tuple(nodes), normalise="minmax:low=1,high=100", availability=0.5)
    data = pd.DataFrame(np.random.default_rng(3).random((90, 6)), columns=[node.code for node in tree.indicators])
    data.loc[:59, "near_e"] = np.nan
    data.loc[:29, ["far_e", "far_v"]] = np.nan
    result = assess(data, tree)
    assert result.scores.loc[:59, "near"].isna().all() and result.score.isna().sum() == 30
    choices = Choices(errors=data.abs() * 0.2, normalise=("minmax:low=1,high=100", "percentile:low=1,high=100"))
    found = uncertainty(result, 200, concentration=3, choices=choices)
    assert found.units["scored"].tolist() == [0.0] * 30 + [1.0] * 60
    source = Draws(result, choices, 3.0)
    run = source.plan(50, np.random.default_rng(0))[0]
    near = result.prepared.rows["near"]
    patterns = [np.isnan(run.prepared.scores(weight)[near]) for weight in run.weights]
    assert (np.array(patterns) == np.isnan(result.values[near])).all()


def test_figures_take_tables_of_their_own_half_of_the_way_together() -> None:
    data, _ = provinces()
    data = data.iloc[:60]
    tables = [data * factor for factor in (0.5, 0.7, 1.0, 1.4, 2.0)]
    tables[2] = data
    tree = Framework((Node("i"), Node("own", parent="i"), Node("carried", parent="i")), normalise="none")
    bases, source = moved(Choices(tables=tables, mixed=True, weights=False), data, tree, draws=4000)
    taken = []
    for code in ("own", "carried"):
        factor = bases[:, source.assessment.prepared.rows[code]] / data[code].to_numpy()
        assert np.allclose(factor, factor[:, :1])
        taken.append(np.searchsorted([0.6, 0.8, 1.2, 1.6], factor[:, 0]))
    counts = np.bincount(taken[0], minlength=5) / 4000
    assert counts == pytest.approx(np.array([1, 2, 3, 2, 1]) / 9, abs=0.03)
    assert np.corrcoef(taken)[0, 1] == pytest.approx(0.5, abs=0.05)
    one, _ = moved(Choices(tables=tables, mixed=True, weights=False, figures={"carried": "own"}), data, tree)
    rows = [source.assessment.prepared.rows[code] for code in ("own", "carried")]
    assert np.allclose(one[:, rows[0], 0] / data["own"][0], one[:, rows[1], 0] / data["carried"][0])


def test_a_value_of_another_table_keeps_its_relative_error() -> None:
    data, _ = provinces()
    tree = Framework((Node("i"), Node("own", parent="i")), normalise="none")
    errors = pd.DataFrame({"own": 1.0}, index=data.index)
    choices = Choices(tables=[data * 2], errors=errors, weights=False)
    bases, source = moved(choices, data, tree)
    assert bases[:, source.assessment.prepared.rows["own"]].std(axis=0).mean() == pytest.approx(2.0, rel=0.02)


def union(p: str, normalise: str) -> tuple[Framework, pd.DataFrame]:
    """Ways to a risk, each a geometric mean put on percentiles; two of them do not apply to most communes."""
    nodes = [Node("risk", aggregate=f"generalised:p={p}")]
    for way in range(4):
        nodes += [Node(f"way{way}", parent="risk", aggregate="geometric", normalise="percentile:low=1")]
        nodes += [Node(f"{side}{way}", parent=f"way{way}") for side in "ev"]
        turned = {"direction": -1} if way else {}
        nodes += [Node(f"{side}{way}{one}", parent=f"{side}{way}", **turned) for side in "ev" for one in (0, 1)]
    tree = Framework(tuple(nodes), normalise=normalise, availability=0.3).with_node("v3", direction=-1)
    tree = tree.with_node("e2", aggregate="maximum").with_node("v0", aggregate="maximum")
    tree = tree.with_node("e1", normalise="minmax:low=40,high=100,lower=0,upper=100")
    data = pd.DataFrame(np.random.default_rng(0).gamma(2, 10, (300, 16)), columns=[n.code for n in tree.indicators])
    data.loc[:200, [code for code in data if code[1] in "01"]] = np.nan
    data.iloc[210:240] = data.iloc[210].to_numpy()
    return tree, data


@pytest.mark.parametrize("p", ["3", "2", "4", "0.5", "-1", "1.7", "1", "0"])
@pytest.mark.parametrize("normalise", ["minmax:low=1,high=100", "percentile:low=1,high=100"])
def test_the_compiled_loop_ranks_as_the_engine_scores(p: str, normalise: str) -> None:
    tree, data = union(p, normalise)
    result = assess(data, tree)
    sharing = pd.DataFrame({"e20": np.arange(300) % 9}, index=data.index)
    source = Draws(result, Choices(errors=data.abs() * 0.1, sharing=sharing), 20.0)
    (run,) = source.plan(15, np.random.default_rng(1))
    assert compiled_steps(run.prepared, moving=True) is not None
    made = source.ranks([run], np.zeros(300, np.int32), 0, np.int16).ranks
    expected = rankdata(-source.scores(run).round(9), method="min", axis=1, nan_policy="omit")
    assert np.array_equal(made, np.nan_to_num(expected, nan=0) - 1)


def test_what_the_loop_cannot_do_the_engine_does() -> None:
    tree, data = union("3", "zscore:mean=50,sd=1")
    tree = (
        tree.with_node("risk", aggregate="maximum").with_node("e20", treat="winsorise").with_node("v3", direction=1)
    )
    result = assess(data, tree)
    source = Draws(result, Choices(errors=data.abs() * 0.1), 20.0)
    (run,) = source.plan(10, np.random.default_rng(1))
    assert compiled_steps(run.prepared, moving=True) is None
    made = source.ranks([run], np.zeros(300, np.int32), 0, np.int16).ranks
    expected = rankdata(-source.scores(run).round(9), method="min", axis=1, nan_policy="omit")
    assert np.array_equal(made, np.nan_to_num(expected, nan=0) - 1)
    assert (np.diff(made[:, 250:], axis=0) != 0).any()


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 300), st.sampled_from([1, -1]), st.integers(0, 12), st.booleans(), st.integers(0, 2**32 - 1))
def test_rows_are_scaled_as_the_methods_scale_them(units, direction, wide, tied, seed) -> None:
    generator = np.random.default_rng(seed)
    values = generator.normal(size=units) * 10.0 ** generator.integers(-wide, wide + 1, units)
    values = values.round(1) if tied else values
    values[generator.random(units) < 0.2] = 0.0
    values[generator.random(units) < 0.1] *= -0.0
    values[generator.random(units) < 0.1] = np.nan
    for method in (
        "none",
        "minmax:low=1",
        "minmax:low=0,high=10,upper=3",
        "percentile:low=1,high=100",
        "goalposts:low=-1,high=2",
    ):
        parsed = parse(method, NORMALISE, "normalise")
        found = values.copy()
        scaled(found, np.array(scale_row(parsed, direction)), True, buffers(units, 1))
        assert np.allclose(found, parsed(values, direction), equal_nan=True, rtol=1e-12, atol=1e-12)


def test_ranks_and_classes_within_groups_are_those_of_each_draw(nested, table) -> None:
    data = table(units=90, missing=0.1)
    groups = pd.Series(np.arange(90) % 4, index=data.index).astype(str)
    result = assess(data, nested(), groups)
    found = uncertainty(result, 200, concentration=5, seed=2, in_groups=True, top_in_group=4)
    assert found.inside is not None
    source = Draws(result, Choices(), 5.0)
    (run,) = source.plan(200, np.random.default_rng(2))
    scores = pd.DataFrame(source.scores(run).T.round(10), index=data.index)
    ranks = scores.groupby(groups).rank(ascending=False, method="min")
    known = result.score.notna()
    inside = found.inside.units[known]
    assert np.allclose(inside["mean"], ranks[known].mean(axis=1))
    for end, share in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
        assert (inside[end] == np.quantile(ranks[known], share, axis=1, method="inverted_cdf")).all()
    assert np.allclose(found.units["top_in_group"][known], ranks[known].le(4).mean(axis=1))
    again = [
        Assessment(result.prepared, result.framework, result.values * 0 + scores[one].to_numpy()) for one in scores
    ]
    held = np.mean([one.classes_in_group == result.classes_in_group for one in again], axis=0)
    assert np.allclose(found.inside.robust_classes()["held"][known], held[known.to_numpy()])
    assert result.classes_in_group[known].groupby(groups).value_counts().between(3, 6).all()


def test_threads_do_not_matter_when_values_vary_and_groups_count() -> None:
    tree, data = union("3", "minmax:low=1,high=100")
    result = assess(data, tree, pd.Series(np.arange(300) % 5).astype(str))
    choices = Choices(
        errors=data.abs() * 0.1,
        tables=(data * 0.9, data, data * 1.1),
        mixed=True,
        normalise=("minmax:low=1,high=100", "percentile:low=1,high=100"),
        aggregate={("way0", "way1"): ("geometric", "generalised:p=0.5")},
    )
    one, many = (uncertainty(result, 700, choices=choices, in_groups=True, threads=threads) for threads in (1, 3))
    pd.testing.assert_frame_equal(one.units, many.units)
    pd.testing.assert_frame_equal(one.inside.units, many.inside.units)
    assert not one.units.equals(uncertainty(result, 700, choices=choices, seed=9).units)


def test_other_ways_to_normalise_leave_the_scales_of_inner_nodes() -> None:
    tree, data = union("3", "minmax:low=1,high=100")
    source = Draws(assess(data, tree), Choices(normalise=("percentile:low=1,high=100",), weights=False), 50.0)
    (run,) = source.plan(1, np.random.default_rng(0))
    assert [step.rescale is not None for step in run.prepared.steps] == [
        step.rescale is not None for step in source.assessment.prepared.steps
    ]
    assert run.prepared.framework.method("normalise", "e20").name == "percentile"
