"""What lies around a commune."""

import numpy as np
import pandas as pd
import pytest

from geo.layers.surroundings import nearest_place, places_within


@pytest.fixture
def places() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name_vi": ["Xa", "Gần"],
            "name_en": [None, "Near"],
            "type": ["main", "opening"],
            "lat": [22.0, 21.1],
            "lon": [106.0, 106.0],
            "coordinate_confidence": ["high", "low"],
        }
    )


def test_the_nearest_comes_first_with_its_distance(places: pd.DataFrame) -> None:
    found = nearest_place(21.0, 106.0, places)
    assert found is not None
    assert (found.name_vi, found.name_en, found.derived) == ("Gần", "Near", True)
    assert found.km == pytest.approx(11.1, abs=0.1)


def test_only_places_within_the_radius(places: pd.DataFrame) -> None:
    assert [place.name_en for place in places_within(21.0, 106.0, places, 20)] == ["Near"]
    assert [place.name_en for place in places_within(21.0, 106.0, places, 200)] == ["Near", "Xa"]


def test_nothing_known_is_nothing_found(places: pd.DataFrame) -> None:
    assert nearest_place(np.nan, 106.0, places) is None
    assert nearest_place(21.0, 106.0, places.head(0)) is None
