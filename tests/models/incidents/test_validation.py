"""Incidents against the index, on the real communes of a province."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from geo import boundaries, units
from geo.base.errors import InputError
from geo.intake.incidents import Incidents
from models.incidents.validation import FLOOR, Validation, known_factors, strength, validate

PROVINCE = "22"


def near_towns(number: int, seed: int = 0, share: float = 0.8) -> Incidents:
    """Return invented incidents, most of them around the wards of the province."""
    generator = np.random.default_rng(seed)
    communes = units.communes_of(PROVINCE)
    towns = communes[communes["type"] == "Phường"]
    few, many = (frame[["lon", "lat"]].to_numpy() for frame in (communes, towns))
    pick = np.where(generator.random(number) < share, 1, 0)
    points = np.array([(few, many)[one][generator.integers(len((few, many)[one]))] for one in pick])
    points = points + generator.normal(0, 0.015, points.shape)
    days = generator.uniform(19_000, 20_000, number)
    return Incidents(points, days, np.arange(number) < 3)


def shapes_and_score() -> tuple[pd.Series, pd.Series]:
    frame = boundaries.load(PROVINCE, "200m").frame
    towns = units.communes().loc[frame.index, "type"] == "Phường"
    return frame.geometry, towns.astype(float) + np.linspace(0, 0.1, len(frame))


@pytest.fixture(scope="module")
def found() -> Validation:
    shapes, score = shapes_and_score()
    return validate(near_towns(300), shapes, score)


def test_what_incidents_keep_close_to_is_found_with_intervals_and_words(found: Validation) -> None:
    table = found.terrain.factors
    assert table.iloc[0]["factor"] == "towns" and table.iloc[0]["low"] > 1
    assert len(found.strength) == len(table) and found.strength[0] in ("high", "very_high")
    assert found.near_repeat is not None and len(found.near_repeat) == 9
    assert set(found.terrain.hits["method"]) == {"terrain", "distance", "index"}
    assert found.verdict in ("better", "weaker")


def test_small_counts_are_not_told(found: Validation) -> None:
    assert np.isnan(found.placed_by_commune), "three incidents are fewer than k"
    assert found.k == FLOOR == 10
    hidden = found.near_repeat[found.near_repeat["to_km"] <= 1.0]
    assert hidden["ratio"].isna().all(), "hardly any pairs so close"
    for field in dataclasses.fields(found.terrain):
        assert "point" not in field.name


def test_nobody_can_ask_for_smaller_counts() -> None:
    shapes, score = shapes_and_score()
    with pytest.raises(InputError) as caught:
        validate(near_towns(300), shapes, score, k=9)
    assert caught.value.code == "incidents.floor"
    with pytest.raises(InputError) as caught:
        validate(near_towns(40), shapes, score)
    assert caught.value.code == "terrain.too_few"


def test_an_index_that_knows_nothing_is_no_better_than_chance() -> None:
    shapes, _ = shapes_and_score()
    steps: list[tuple[int, int]] = []
    blind = pd.Series(np.random.default_rng(1).random(len(shapes)), shapes.index)
    incidents = near_towns(200, 5)
    undated = dataclasses.replace(incidents, days=np.full(200, np.nan))
    found = validate(undated, shapes, blind, cell_m=5000.0, progress=lambda *step: steps.append(step))
    assert found.verdict in ("chance", "weaker", "hidden")
    assert found.near_repeat is None and found.terrain.hits["rri"].isna().all()
    assert steps == [(done, 6) for done in range(1, 7)]


def test_factors_are_those_of_the_area() -> None:
    inland = boundaries.load("19", "200m").frame.geometry.union_all()
    known = known_factors(inland)
    assert {"towns", "zones"} <= set(known) and all(len(places) for places in known.values())


@pytest.mark.parametrize(
    ("row", "word"),
    [((1.2, 1.1, 1.3), "slight"), ((2.0, 1.5, 2.6), "high"),
     ((9.0, 4.0, 20.0), "very_high"), ((3.0, 1.0, 9.0), "unclear")],
)  # fmt: skip
def test_a_word_for_a_relative_risk(row: tuple[float, float, float], word: str) -> None:
    assert strength(*row) == word
