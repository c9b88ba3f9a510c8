"""Doubts about the indicators of the product's own framework."""

import pytest

from geo import paths
from geo.indicators import load_sources
from models.briefing import brief
from models.doubts import doubts, errors
from models.framework import read_framework
from models.uncertainty import uncertainty


@pytest.fixture(scope="module")
def known():
    framework, sources = read_framework(paths.FRAMEWORK), load_sources()
    return framework, sources, brief(framework, sources)


def test_half_distances_and_modelled_values_move_ranks(known) -> None:
    framework, sources, briefing = known
    choices = doubts(framework, briefing.table, sources, factors=(1.0, 2.0))
    assert choices.tables[0] is briefing.table.values
    moved = (choices.tables[1] - choices.tables[0]).abs().max()
    assert moved["china_line"] > 0 and len(choices.tables) == 2
    spread = errors(briefing.table)
    assert (spread >= 0).all().all() and spread.shape == briefing.table.values.shape
    assert (spread[briefing.table.quality == "observed"].fillna(0) == 0).all().all()
    found = uncertainty(briefing.assessment, 12, choices=choices, concentration=1000)
    scored = found.units["scored"] > 0
    assert (found.units["high"] >= found.units["low"])[scored].all() and (
        found.units["high"] > found.units["low"]
    ).any()
