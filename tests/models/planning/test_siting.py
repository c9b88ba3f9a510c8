import numpy as np
import pandas as pd
import pytest

from geo.base.errors import InputError
from models.planning.siting import MODELS, site


@pytest.fixture
def places() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "name": [f"xã {number}" for number in range(20)],
            "population": rng.uniform(1e3, 2e4, 20),
            "burden": rng.uniform(10, 900, 20),
            "lat": rng.uniform(21.0, 21.6, 20),
            "lon": rng.uniform(105.0, 106.0, 20),
        },
        index=[f"{number:05}" for number in range(20)],
    )


@pytest.mark.parametrize("model", sorted(MODELS))
def test_what_is_served_is_served_by_a_base_within_reach(places, model):
    found = site(places, model=model, count=4, hours=0.9)
    served = found.communes[found.communes["served"] > 0]
    assert set(served["base"]) <= set(found.bases)
    if model not in ("p_median", "p_center"):
        assert (served["hours"] <= 0.9).all()
    assert found.siting.gap <= 1e-6
    assert 0 <= found.share_served <= 1 + 1e-9


def test_more_sites_never_make_the_way_longer(places):
    ways = [site(places, model="p_median", count=count).mean_hours for count in (2, 4, 8)]
    assert ways == sorted(ways, reverse=True)


def test_unknown_people_count_for_nothing_and_are_named(places):
    places.loc["00003", "population"] = np.nan
    found = site(places, model="covering", count=3)
    assert found.unknown == ("00003",)
    assert np.isnan(found.communes.loc["00003", "people"])


def test_capacity_limits_what_a_site_serves(places):
    found = site(places, model="capacitated", count=3, hours=2.0, capacity=1000.0)
    assert found.share_served == pytest.approx(3000 / places["population"].sum(), rel=1e-4)


def test_names_that_do_not_exist_are_refused(places):
    for wrong in ({"model": "nothing"}, {"weight": "nothing"}):
        with pytest.raises(InputError, match="nothing"):
            site(places, **wrong)
