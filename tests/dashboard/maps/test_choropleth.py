"""Classes: those of mapclassify, complete, in order, and small on the wire."""

import mapclassify
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.locale import texts
from dashboard.maps import palette
from dashboard.maps.choropleth import Classes, classify, legend, message
from dashboard.scenario.view import SCHEMES

VALUES = st.lists(st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=1, max_size=60)


@pytest.fixture
def skewed() -> pd.Series:
    return pd.Series(np.random.default_rng(3).gamma(2.0, 10.0, 250))


@pytest.mark.parametrize(
    ("scheme", "theirs"),
    [
        ("quantiles", lambda known: mapclassify.Quantiles(known, k=5)),
        ("natural_breaks", lambda known: mapclassify.FisherJenks(known, k=5)),
        ("equal_interval", lambda known: mapclassify.EqualInterval(known, k=5)),
        ("pretty", lambda known: mapclassify.PrettyBreaks(known, k=5)),
        ("std_mean", lambda known: mapclassify.StdMean(known, multiples=[-1.5, -0.5, 0.5, 1.5])),
    ],
)
def test_classes_are_those_of_mapclassify(scheme: str, theirs: object, skewed: pd.Series) -> None:
    expected = theirs(skewed.to_numpy())  # type: ignore[operator]
    place = pd.Series(expected.yb).rank(method="dense").astype(int) - 1  # empty classes are not kept
    assert classify(skewed, scheme, 5).number.tolist() == place.tolist()


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=40, deadline=None)
@given(values=VALUES, classes=st.integers(2, 7))
def test_every_commune_is_in_one_class_and_order_is_kept(
    scheme: str, values: list[float | None], classes: int
) -> None:
    series = pd.Series(values, dtype=float)
    made = classify(series, scheme, classes)
    assert sum(made.counts()) + made.missing() == len(series)
    assert (made.number[series.isna()] == -1).all()
    known = series.notna()
    if known.any():
        assert min(made.counts()) > 0
        assert (made.edges[0], made.edges[-1]) == (series.min(), series.max())
        ordered = made.number[known].to_numpy()[np.argsort(series[known].to_numpy(), kind="stable")]
        assert (np.diff(ordered) >= 0).all()
    for _, same in made.number[known].groupby(series[known]):
        assert (same == same.iloc[0]).all()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_few_different_values_have_a_class_each(scheme: str) -> None:
    values = pd.Series([1.7] * 55 + [16.0] * 37)
    assert classify(values, scheme, 5).counts() == [55, 37]


def test_a_scheme_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        classify(pd.Series([1.0, 2.0]), "by_feeling")


def test_nothing_known_is_no_class() -> None:
    made = classify(pd.Series([np.nan, np.nan]))
    assert (made.count, made.missing()) == (0, 2)
    assert message(pd.Series([np.nan, np.nan]), made, "risk", 1)["classes"] == "00"


def test_the_message_has_a_digit_per_commune_and_a_colour_per_class() -> None:
    values = pd.Series([1.0, np.nan, 2.96, 5.0])
    made = classify(values, "equal_interval", 2)
    told = message(values, made, "risk", 1)
    assert told["classes"] == "0201"
    assert told["values"] == [1.0, None, 3.0, 5.0]
    assert len(told["palette"]) == 3


def test_the_legend_counts_every_class_and_no_data() -> None:
    values = pd.Series([1.0, np.nan, 3.0, 5.0])
    section = legend(values, classify(values, "equal_interval", 2), "risk", 1, texts("vi"), "x")
    assert [(row.label, row.count) for row in section.rows] == [
        ("5,0", "1"),
        ("1,0 – 3,0", "2"),
        ("Chưa có số liệu", "1"),
    ]
    full = legend(pd.Series([1.0, 2.0]), Classes(pd.Series([0, 0]), (1.0, 2.0)), "risk", 0, texts("en"), "x")
    assert [row.count for row in full.rows] == ["2"]


def test_where_low_values_matter_low_is_dark_and_first() -> None:
    values = pd.Series([1.0, 3.0, 5.0])
    made = classify(values, "equal_interval", 2)
    usual, turned = (message(values, made, "indicator", 0, reverse=reverse)["palette"] for reverse in (False, True))
    assert turned[:2] == usual[1::-1]
    rows = legend(values, made, "indicator", 0, texts("en"), "x", reverse=True).rows
    assert [(row.label, row.symbol.fill) for row in rows] == [("1 – 3", usual[1]), ("5", usual[0])]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_does_not_apply_moves_no_class_and_has_a_colour_a_row_and_words_of_its_own(scheme: str) -> None:
    values = pd.Series([0.0, 0.2, np.nan, 0.4, 0.9, 0.0])
    applies = pd.Series([False, True, True, True, True, False])
    made, alone = classify(values, scheme, 3, applies), classify(values[applies], scheme, 3)
    assert made.number[applies].tolist() == alone.number.tolist() and made.edges == alone.edges
    assert (made.inapplicable(), made.missing()) == (2, 1)
    drawn = message(values, made, "indicator", 1, beyond="too far")
    last = str(len(drawn["palette"]) - 1)
    assert [digit == last for digit in drawn["classes"]] == (~applies).tolist()
    assert drawn["palette"][-2:] == [palette.NO_DATA, palette.NOT_APPLICABLE] and drawn["beyond"] == "too far"
    assert drawn["values"] == [None, 0.2, None, 0.4, 0.9, None]
    rows = legend(values, made, "indicator", 1, texts("vi"), "x", beyond="too far").rows
    assert [(row.label, row.count) for row in rows[-2:]] == [("Chưa có số liệu", "1"), ("too far", "2")]


def test_where_nothing_applies_there_is_no_class() -> None:
    made = classify(pd.Series([0.0, 0.0]), applies=pd.Series([False, False]))
    assert (made.count, made.missing(), made.inapplicable()) == (0, 0, 2)
    assert message(pd.Series([0.0, 0.0]), made, "indicator", 1)["classes"] == "11"
