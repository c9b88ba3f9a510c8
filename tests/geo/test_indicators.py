"""The indicator table, on a small country that can be reckoned by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import indicators
from geo.errors import InputError
from geo.indicators import Sources, build


@pytest.fixture
def country() -> Sources:
    """Three communes on one meridian; a and b lay in old province 01, c in 02, which keeps no log."""
    index = pd.Index(["a", "b", "c"], name="commune_code")
    return Sources(
        communes=pd.DataFrame({"lat": [21.0, 22.0, 23.0], "lon": 106.0, "type": ["Phường", "Xã", "Xã"]}, index=index),
        old_province=pd.Series(["01", "01", "02"], index=index),
        crossings=pd.DataFrame(
            {
                "type": ["international", "opening"],
                "neighbour": ["China", "Laos"],
                "lat": [23.0, 22.0],
                "lon": [106.0, 106.0],
                "coordinate_confidence": ["high", "low"],
            }
        ),
        zones=pd.DataFrame(
            {
                "type": ["park", "park"],
                "status": ["operating", "planned"],
                "area_ha_official": [99.0, 900.0],
                "area_ha_mapped": np.nan,
                "lat": [21.0, 22.0],
                "lon": [106.0, 106.0],
            }
        ),
        land_border=shapely.MultiLineString([[(105, 23), (107, 23)]]),
        statistics=pd.DataFrame(
            {
                "level": "old_province",
                "old_province_code": ["01", "01", "02", "01", "02"],
                "indicator": ["poverty", "poverty", "poverty", "average_population", "average_population"],
                "year": [2022, 2024, 2024, 2019, 2019],
                "value": [2.0, 4.0, 9.0, 100.0, 300.0],
            }
        ),
        flows=pd.DataFrame(
            {
                "kind": ["matrix", "headline"],
                "period_end": ["2013-04-01", "2013-04-01"],
                "origin_region": ["N", "N"],
                "migrants": [800.0, 1e6],
            }
        ),
        regions=pd.DataFrame({"region_code": ["N", "N"]}, index=pd.Index(["01", "02"], name="old_province_code")),
        activities=pd.DataFrame(
            {
                "date": ["2024-12-31", "2023-12-31", "2024-06-30", "2024-12-31"],
                "commune_code": ["a", "a", "a", None],
                "type": ["session", "session", "training", "session"],
                "people_reached": [100.0, 100.0, 5000.0, 10.0],
                "quality": "synthetic",
            }
        ),
        activity_types=pd.DataFrame({"group": ["community", "staff"]}, index=["session", "training"]),
        population=pd.DataFrame({"population": [10_000.0, 5000.0, 8000.0]}, index=index),
        border_with={"Laos": shapely.LineString([(105, 21), (107, 21)])},
        periods=period("2023-01-01", "2024-12-31"),
    )


def period(first: str, last: str) -> pd.DataFrame:
    row = {"old_province_code": "01", "commune_code": None, "first_day": first, "last_day": last}
    return pd.DataFrame([row | {"quality": "reported", "source": "x"}])


def column(sources: Sources, operation: str) -> tuple[list[float], list[object]]:
    framework = pd.DataFrame({"operation": [operation, None]}, index=["x", "root"])
    table = build(framework, sources)
    assert table.values.columns.tolist() == ["x"]
    return table.values["x"].tolist(), table.quality["x"].tolist()


def test_nearness_halves_at_the_half_distance_and_derived_points_say_so(country: Sources) -> None:
    values, quality = column(country, "crossing_proximity:half_distance_km=111.195")
    assert values == pytest.approx([0.5, 1.0, 1.0], abs=1e-4)
    assert quality == ["modelled", "modelled", "reported"]


def test_types_and_neighbours_choose_the_crossings(country: Sources) -> None:
    values, _ = column(country, "crossing_proximity:types=international,half_distance_km=111.195")
    assert values == pytest.approx([0.25, 0.5, 1.0], abs=1e-4)
    assert np.isnan(column(country, "crossing_proximity:neighbour=Cambodia")[0]).all()


def test_the_border_with_one_neighbour_can_be_chosen(country: Sources) -> None:
    values, _ = column(country, "border_proximity:neighbour=Laos,half_distance_km=111.195")
    assert values == pytest.approx([1.0, 0.5, 0.25], abs=0.01)
    whole, _ = column(country, "border_proximity:half_distance_km=111.195")
    assert whole == pytest.approx([0.25, 0.5, 1.0], abs=0.01)
    with pytest.raises(InputError, match="operation"):
        column(country, "border_proximity:neighbour=Siam")


def test_planned_zones_do_not_pull(country: Sources) -> None:
    values, _ = column(country, "zone_gravity:half_distance_km=10")
    assert values == pytest.approx([2.0, np.log10(1 + 99 * 0.5**11.1195), 0.0], abs=1e-4)


def test_a_commune_takes_the_value_of_its_old_province_the_mean_of_the_years(country: Sources) -> None:
    assert column(country, "province:indicator=poverty,since=2022,until=2024")[0] == [3.0, 3.0, 9.0]


def test_the_region_s_outflow_is_per_thousand_people_and_ignores_headlines(country: Sources) -> None:
    assert column(country, "region_outflow:period_end=2013-04-01,people_year=2019")[0] == pytest.approx([2.0] * 3)


def test_reach_fades_counts_people_not_staff_and_is_missing_without_a_log(country: Sources) -> None:
    values, quality = column(country, "outreach_reach:half_life_years=1")
    reached = 100 + 100 * 0.5 ** (366 / 365.25)
    assert values[:2] == pytest.approx([np.log10(1 + reached), 0.0])
    assert np.isnan(values[2])
    assert quality[:2] == ["synthetic", "synthetic"]


def test_activities_nobody_counted_are_not_zero(country: Sources) -> None:
    log = country.activities.assign(people_reached=np.nan)
    values, _ = column(replace(country, activities=log), "outreach_reach")
    assert np.isnan(values[0])
    assert values[1] == 0.0


def test_recency_is_capped_and_missing_without_a_log(country: Sources) -> None:
    values, _ = column(country, "outreach_recency:cap_months=24")
    assert values[:2] == [0.0, 24.0]
    assert np.isnan(values[2])


def test_outside_the_covered_period_nothing_is_known(country: Sources) -> None:
    ended = replace(country, periods=period("2023-01-01", "2024-06-30"))
    assert ended.as_of == pd.Timestamp("2024-12-31"), "the last activity lies beyond the period"
    assert not ended.logged.any()
    assert np.isnan(column(ended, "outreach_recency")[0]).all() and np.isnan(column(ended, "outreach_reach")[0]).all()
    quarter = replace(country, periods=period("2023-01-01", "2024-09-30"))
    assert quarter.logged.tolist() == [True, True, False], "one quarter behind is not yet over"
    longer = replace(country, periods=period("2023-01-01", "2025-06-30"))
    assert longer.as_of == pd.Timestamp("2025-06-30"), "the log speaks of that day: nothing was held since"
    assert column(longer, "outreach_recency:cap_months=24")[0][:2] == pytest.approx([181 / 30.44, 24.0])


def test_where_nobody_states_a_period_the_log_speaks_of_the_communes_it_names(country: Sources) -> None:
    shown = replace(country, periods=None)
    assert shown.covered.iloc[:, :4].to_numpy().tolist() == [["01", "a", "2023-12-31", "2024-12-31"]]
    assert shown.logged.to_dict() == {"a": True, "b": False, "c": False}
    assert np.isnan(column(shown, "outreach_reach")[0][1])


def test_the_nearest_town_of_a_town_is_itself(country: Sources) -> None:
    assert column(country, "remoteness:types=Phường")[0][0] == 0.0


@pytest.mark.parametrize(
    "operation",
    ["nothing", "province:indicator=absent", "crossing_density:radius=50", "zone_gravity:half_distance_km="],
)
def test_an_operation_that_does_not_exist_is_named(country: Sources, operation: str) -> None:
    with pytest.raises(InputError) as caught:
        column(country, operation)
    assert caught.value.message("en")


def test_inputs_are_not_changed(country: Sources) -> None:
    before = country.activities.copy()
    column(country, "outreach_reach")
    pd.testing.assert_frame_equal(country.activities, before)


def test_months_and_reach_share_the_same_day(country: Sources) -> None:
    assert country.as_of == pd.Timestamp("2024-12-31")
    assert indicators.months_since_activity(country).index.equals(country.communes.index)
