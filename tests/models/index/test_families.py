"""Each family against values reckoned elsewhere: by hand, by scipy, by published formulas."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from geo.base.errors import InputError
from models.index.aggregate import AGGREGATE
from models.index.impute import IMPUTE, Context, i_group_mean, i_group_median, i_neighbours, i_parent, i_spatial
from models.index.methods import parse
from models.index.normalise import NORMALISE, scale_of
from models.index.treat import TREAT, kurtosis, skew, t_boxcox, t_log, t_skew_gate, t_winsorise, t_yeojohnson

VALUES = st.lists(st.integers(-1000, 1000).map(float), min_size=3, max_size=30).map(np.array)
PLAIN = [
    "none",
    "minmax",
    "zscore",
    "rank",
    "percentile",
    "distance_to_best",
    "borda",
    "robust",
    "quantile",
    "exponential",
]


def normalise(text: str, values, direction: int = 1):
    return parse(text, NORMALISE, "normalise")(np.array(values, dtype=float), direction)


@given(VALUES, st.sampled_from(PLAIN), st.sampled_from([1, -1]))
def test_normalising_keeps_the_order_and_what_is_missing(values, name, direction) -> None:
    values = np.append(values, np.nan)
    result = normalise(name, values, direction)
    assert np.isnan(result[-1])
    if np.isfinite(result[:-1]).all():
        order = np.argsort(values[:-1] * direction, kind="stable")
        assert (np.diff(result[order]) >= -1e-9).all()


@given(VALUES, st.sampled_from(["minmax", "rank", "percentile", "distance_to_best", "zscore", "quantile"]))
def test_normalising_twice_changes_nothing(values, name) -> None:
    once = normalise(name, values)
    assert np.allclose(once, normalise(name, once), atol=1e-9, equal_nan=True)


@given(
    VALUES, st.sampled_from(["minmax", "percentile", "quantile", "exponential", "bands:edges=0|10", "rank", "borda"])
)
def test_normalised_values_stay_on_their_scale(values, name) -> None:
    low, high = scale_of(parse(name, NORMALISE, "normalise"), len(values))
    result = normalise(name, values)
    known = result[np.isfinite(result)]
    assert ((known >= low - 1e-9) & (known <= high + 1e-9)).all()


@given(VALUES)
def test_ranks_and_standard_scores_agree_with_scipy(values) -> None:
    for ties in ("min", "max", "average", "dense"):
        assert np.array_equal(normalise(f"rank:ties={ties}", values), stats.rankdata(values, method=ties))
    if values.min() < values.max():
        assert np.allclose(normalise("zscore:ddof=1", values), stats.zscore(values, ddof=1))
        assert np.allclose(normalise("zscore:mean=100,sd=10,ddof=0", values), 100 + 10 * stats.zscore(values))


@pytest.mark.parametrize(
    ("text", "direction", "values", "expected"),
    [
        ("minmax:low=1,high=10", 1, [0, 5, 10], [1, 5.5, 10]),
        ("minmax:lower=0,upper=20", -1, [0, 5, 40], [100, 75, -100]),
        ("minmax:low=70,high=130,min=0,max=4", 1, [0, 1, 4], [70, 85, 130]),
        ("distance_to_reference:value=4,cap=true", 1, [0, 4, 8], [0, 100, 100]),
        ("distance_to_target:target=4", 1, [0, 3, 8], [0, 75, 200]),
        ("fraction_of_max", 1, [1, 2, 4], [25, 50, 100]),
        ("goalposts:low=20,high=85,scale=1", 1, [10, 52.5, 85], [0, 0.5, 1]),
        ("goalposts:lower=0,upper=10", -1, [0, 2, 20], [100, 80, 0]),
        ("goalposts:low=100,high=75000,log=true,scale=1", 1, [100, 75000, 10000], [0, 1, np.log(100) / np.log(750)]),
        ("goalposts:low=0,high=10,cut=false", 1, [-5, 20], [-50, 200]),
        ("quantile:bins=4", 1, [1, 2, 3, 4], [0, 100 / 3, 200 / 3, 100]),
        ("bands:edges=10|20,scores=1|2|5", 1, [5, 10, 19, 30], [1, 2, 2, 5]),
        ("bands:edges=10", -1, [5, 10], [100, 0]),
        ("robust:centre=50,scale=10", 1, [0, 1, 2, 3, 4], [40, 45, 50, 55, 60]),
        ("none", -1, [1, 2], [-1, -2]),
    ],
)
def test_normalising_by_hand(text, direction, values, expected) -> None:
    assert normalise(text, values, direction).tolist() == pytest.approx(expected)


def test_the_exponential_transformation_reaches_half_the_scale_at_the_top_tenth() -> None:
    result = normalise("exponential", np.arange(1000))
    assert result.max() == pytest.approx(100) and 0 < result.min() < 0.1
    assert result[899] == pytest.approx(-23 * np.log(1 - 0.9 * (1 - np.exp(-100 / 23))))
    assert 49 < result[899] < 51


@pytest.mark.parametrize("name", ["minmax", "zscore", "percentile", "robust", "distance_to_best"])
def test_what_says_nothing_has_no_value(name) -> None:
    if name == "percentile":
        assert np.isnan(normalise(name, [3.0])).all()
    else:
        assert np.isnan(normalise(name, [0.1, 0.1, 0.1])).all()


@pytest.mark.parametrize(
    "text",
    ["goalposts:low=5,high=5", "bands:edges=2|1", "quantile:bins=1", "distance_to_reference", "fraction_of_max"],
)
def test_parameters_that_do_not_fit_are_refused(text) -> None:
    with pytest.raises(InputError) as caught:
        normalise(text, [-1.0, -2.0])
    assert caught.value.code == "methods.parameters_conflict"


def test_imputing_by_hand() -> None:
    values = np.array([1.0, 2.0, np.nan, 9.0, np.nan])
    table = pd.DataFrame({"a": values, "b": [1.0, 2.0, 2.1, 9.0, 8.0]})
    groups = pd.Series(["n", "n", "n", "s", "w"], name="region")
    context = Context("a", table, groups, facts=pd.DataFrame({"zone": list("xxyyy")}))
    assert parse("mean", IMPUTE, "impute")(values, context).tolist() == [1, 2, 4, 9, 4]
    assert parse("median", IMPUTE, "impute")(values, context).tolist() == [1, 2, 2, 9, 2]
    assert parse("constant:value=0", IMPUTE, "impute")(values, context).tolist() == [1, 2, 0, 9, 0]
    assert np.array_equal(i_group_mean(values, context), [1, 2, 1.5, 9, np.nan], equal_nan=True)
    assert np.array_equal(i_group_median(values, context, by="zone"), [1, 2, 9, 9, 9])
    assert i_neighbours(values, context, k=1).tolist() == [1, 2, 2, 9, 9]
    parents = pd.DataFrame({"a": [5.0]}, index=["n"])
    carried = i_parent(values, Context("a", table, groups, parents=parents))
    assert np.array_equal(carried, [1, 2, 5, 9, np.nan], equal_nan=True)


def test_imputing_from_units_nearby() -> None:
    values = np.array([1.0, np.nan, 3.0, 50.0])
    chain = sparse.csr_matrix(np.array([[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]))
    assert i_spatial(values, Context("a", pd.DataFrame(), neighbours=chain)).tolist() == [1, 2, 3, 50]
    places = pd.DataFrame({"lat": ["10", "10", "10", "20"], "lon": ["100", "101", "102", "120"]})
    assert i_spatial(values, Context("a", pd.DataFrame(), facts=places), k=2).tolist() == [1, 2, 3, 50]
    with pytest.raises(InputError):
        i_spatial(values, Context("a", pd.DataFrame()))


@given(VALUES)
def test_skewness_and_kurtosis_agree_with_scipy(values) -> None:
    if values.min() < values.max():
        assert skew(values) == pytest.approx(stats.skew(values, bias=False), abs=1e-9)
        if len(values) > 3:
            assert kurtosis(values) == pytest.approx(stats.kurtosis(values, bias=False), abs=1e-9)


def test_the_gate_winsorises_little_and_otherwise_takes_logarithms() -> None:
    calm = np.arange(20.0)
    assert t_skew_gate(calm)[1].done == "none"
    two = np.concatenate([calm, [300.0, 900.0, np.nan]])
    treated, report = t_skew_gate(two)
    assert report.done == "winsorise" and report.points == 2 and np.nanmax(treated) == 19 and np.isnan(treated[-1])
    low, report = t_skew_gate(-two)
    assert np.nanmin(low) == -19
    wild = np.exp(np.linspace(0, 12, 400))
    treated, report = t_skew_gate(wild)
    assert (
        report.done == "log"
        and abs(report.skew_after) < 2
        and np.allclose(treated, t_log(wild - 1 + 0.01 * np.ptp(wild), shift=0)[0])
    )
    assert t_skew_gate(two, max_points=1)[1].done == "log"


def test_power_transformations_make_it_normal() -> None:
    wild = np.random.default_rng(1).lognormal(size=300)
    for function in (t_boxcox, t_yeojohnson):
        treated, report = function(np.append(wild, np.nan))
        assert abs(report.skew_after) < 0.2 < report.skew and np.isnan(treated[-1])
    assert np.allclose(t_boxcox(wild, exponent=0)[0], np.log(wild))
    assert t_winsorise(wild, lower=10, upper=90)[1].points == 60
    with pytest.raises(InputError):
        t_log(wild, shift=-5)
    for name, function in TREAT.items():
        assert function(np.array([2.0, 2.0, np.nan]))[1].done == "none" or name == "winsorise"


def test_means_agree_with_scipy() -> None:
    generator = np.random.default_rng(2)
    block, weights = generator.uniform(1, 100, (4, 50)), np.array([0.1, 0.2, 0.3, 0.4])
    wide = np.repeat(weights[:, None], 50, axis=1)
    means = {
        "arithmetic": np.average(block, axis=0, weights=weights),
        "geometric": stats.gmean(block, axis=0, weights=wide),
        "harmonic": stats.hmean(block, axis=0, weights=wide),
        "generalised:p=3": stats.pmean(block, 3, axis=0, weights=wide),
        "generalised:p=0": stats.gmean(block, axis=0, weights=wide),
        "maximum": block.max(axis=0),
        "owa:orness=0.5": np.average(block, axis=0, weights=weights),
    }
    for text, expected in means.items():
        assert np.allclose(parse(text, AGGREGATE, "aggregate")(block, weights), expected)


def test_mazziotta_and_pareto_penalise_imbalance() -> None:
    # The published example of two units with the same mean of 100 and deviations of 10 and 0.
    block, weights = np.array([[90.0, 100.0], [110.0, 100.0]]), np.array([0.5, 0.5])
    assert parse("mazziotta_pareto", AGGREGATE, "aggregate")(block, weights).tolist() == [99.0, 100.0]
    assert parse("mazziotta_pareto:penalty=positive", AGGREGATE, "aggregate")(block, weights).tolist() == [
        101.0,
        100.0,
    ]


def test_ordered_weights_and_majorities_by_hand() -> None:
    block, weights = np.array([[1.0, 5.0, 3.0], [9.0, 4.0, 3.0], [2.0, 6.0, 3.0]]), np.full(3, 1 / 3)
    places = parse("owa:position_weights=1|0|0", AGGREGATE, "aggregate")
    assert places(block, weights).tolist() == [9.0, 6.0, 3.0]
    # Unit 1 beats 0 and 2 in two of three parts each; unit 2 beats 0 in two of three.
    copeland = parse("copeland", AGGREGATE, "aggregate")
    assert copeland(block, weights).tolist() == [-2.0, 2.0, 0.0]
    assert copeland(block, np.array([0.0, 1.0, 0.0])).tolist() == [2.0, 0.0, -2.0]


def test_method_texts_come_back_the_same() -> None:
    for text in ("minmax:high=10,low=1", "bands:edges=1|2.5", "goalposts:cut=false,high=2,low=1"):
        assert str(parse(text, NORMALISE, "normalise")) == text
    assert str(parse(" Distance-to-Best ", NORMALISE, "normalise")) == "distance_to_best"
