"""The indicator table, on a small country that can be reckoned by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from geo.base.errors import InputError
from geo.layers import indicators
from geo.layers.indicators import Sources, build


@pytest.fixture
def country() -> Sources:
    """Three communes on one meridian; a and b lay in old province 01, c in 02, which keeps no log."""
    index = pd.Index(["a", "b", "c"], name="commune_code")
    return Sources(
        communes=pd.DataFrame({"lat": [21.0, 22.0, 23.0], "lon": 106.0, "type": ["Phường", "Xã", "Xã"]}, index=index),
        old_province=pd.Series(["01", "01", "02"], index=index),
        crossings=pd.DataFrame(
            {
                "crossing_id": ["BC001", "BC002"],
                "part_of": None,
                "type": ["international", "opening"],
                "neighbour": ["China", "Laos"],
                "lat": [23.0, 22.0],
                "lon": [106.0, 106.0],
                "coordinate_confidence": ["high", "low"],
            }
        ),
        zones=pd.DataFrame(
            {
                "zone_id": ["IZ001", "IZ002"],
                "part_of": None,
                "area_basis": "",
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
        commune_facts=pd.DataFrame({"national_highway_km": [0.0, 20.0], "railway_km": [5.0, 10.0]}, index=["a", "b"]),
        neighbour_towns=pd.DataFrame(
            {
                "neighbour": ["Laos", "Laos", "China", "Laos"],
                "population": [100.0, 900.0, 99_999.0, np.nan],
                "lat": [21.0, 60.0, 23.0, 60.0],
                "lon": 106.0,
            },
            index=[3, 5, 8, 9],
        ),
        old_districts=pd.DataFrame(
            {
                "population_census": [3000.0, 1000.0],
                "net_migration_rate_5yr": [-20.0, 60.0],
                "travel_time_to_city": [10.0, np.nan],
            },
            index=["001", "002"],
        ),
        district_shares=pd.DataFrame(
            {
                "commune_code": ["a", "a", "b"],
                "old_district_code": ["001", "002", "002"],
                "share": [0.75, 0.25, 1.0],
            }
        ),
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


@pytest.mark.parametrize(
    "operation",
    [
        "crossing_proximity:half_distance_km=20",
        "crossing_density:radius_km=500",
        "border_proximity:half_distance_km=15",
    ],
)
def test_beyond_the_neighbour_s_border_an_indicator_does_not_apply(country: Sources, operation: str) -> None:
    """The border with Laos lies on a, 111 km from b and 222 km from c; the crossing to Laos lies on b."""
    full, _ = column(country, f"{operation},neighbour=Laos")
    assert np.isfinite(full).all()
    for reach, applies in [(300, 3), (150, 2), (50, 1)]:
        values, quality = column(country, f"{operation},neighbour=Laos,within_km={reach}")
        assert values[:applies] == full[:applies]
        assert values[applies:] == [0.0] * (3 - applies), "known not to lead through here, not missing"
        assert pd.notna(quality).all()
        rows = pd.DataFrame({"operation": [f"{operation},neighbour=Laos,within_km={reach}"]}, index=["x"])
        assert build(rows, country).applies["x"].tolist() == [True] * applies + [False] * (3 - applies)


def test_without_a_neighbour_the_nearest_land_border_decides(country: Sources) -> None:
    for operation in ("border_proximity", "crossing_proximity", "crossing_density"):
        values, _ = column(country, f"{operation}:within_km=150")
        assert values[0] == 0.0, operation
    assert (indicators.border_distance(country) <= 150).tolist() == [False, True, True]


def test_no_crossing_within_the_radius_is_none_near_the_border_as_beyond(country: Sources) -> None:
    values, _ = column(country, "crossing_density:neighbour=Laos,radius_km=50,within_km=150")
    assert values == [0.0, 1.0, 0.0]


def test_a_commune_without_a_centre_is_missing_not_beyond(country: Sources) -> None:
    lost = replace(country, communes=country.communes.assign(lat=[np.nan, 22.0, 23.0]))
    assert np.isnan(indicators.border_distance(lost, "Laos")).tolist() == [True, False, False]
    assert np.isnan(column(lost, "border_proximity:neighbour=Laos,within_km=1000")[0][0])


def test_planned_zones_do_not_pull(country: Sources) -> None:
    values, _ = column(country, "zone_gravity:half_distance_km=10")
    assert values == pytest.approx([99.0, 99 * 0.5**11.1195, 0.0], abs=1e-4)


def test_a_gate_of_two_crossings_counts_once_and_is_as_near_as_either(country: Sources) -> None:
    pair = country.crossings.assign(part_of=[None, "BC001"], lat=[23.0, 22.9])
    both = replace(country, crossings=pair)
    assert column(both, "crossing_density:radius_km=50")[0][2] == 1.0
    assert column(both, "crossing_density:radius_km=50,types=opening")[0][2] == pytest.approx(
        1 - (11.12 / 50) ** 2, 1e-3
    )
    assert column(both, "crossing_proximity:half_distance_km=20")[0][2] == 1.0
    apart = replace(country, crossings=pair.assign(part_of=None))
    assert column(apart, "crossing_density:radius_km=50")[0][2] > 1.9


def test_an_area_counts_once_and_as_the_row_says(country: Sources) -> None:
    zones = country.zones.assign(status="operating", lat=21.0)
    assert column(replace(country, zones=zones), "zone_gravity")[0][0] == pytest.approx(999)
    once = zones.assign(part_of=[None, "IZ001"])
    assert column(replace(country, zones=once), "zone_gravity")[0][0] == pytest.approx(99)
    mapped = once.assign(area_ha_mapped=[9.0, np.nan], area_basis=["mapped", ""])
    assert column(replace(country, zones=mapped), "zone_gravity")[0][0] == pytest.approx(9)
    planned = once.assign(status=["planned", "operating"])
    assert column(replace(country, zones=planned), "zone_gravity")[0][0] == pytest.approx(900)


def test_a_commune_takes_the_value_of_its_old_province_the_mean_of_the_years(country: Sources) -> None:
    assert column(country, "province:indicator=poverty,since=2022,until=2024")[0] == [3.0, 3.0, 9.0]


def test_a_commune_takes_the_mean_of_its_old_districts_weighted_by_people(country: Sources) -> None:
    values, quality = column(country, "old_district:indicator=net_migration_rate_5yr")
    assert values[:2] == [0.75 * -20 + 0.25 * 60, 60.0]
    assert np.isnan(values[2])
    assert quality[:2] == ["reported", "reported"]
    minutes, quality = column(country, "old_district:indicator=travel_time_to_city")
    assert minutes[0] == 10.0
    assert np.isnan(minutes[1:]).all()
    assert quality[0] == "modelled"


def test_nearness_to_a_road_halves_and_unknown_distances_stay_unknown(country: Sources) -> None:
    values, quality = column(country, "road_proximity:road=national_highway,half_distance_km=10")
    assert values[:2] == [1.0, 0.25]
    assert np.isnan(values[2])
    assert quality[:2] == ["reported", "reported"]
    assert column(country, "road_proximity:road=railway,half_distance_km=5")[0][:2] == [0.5, 0.25]


def test_towns_across_the_border_pull_by_people_and_distance(country: Sources) -> None:
    values, quality = column(country, "neighbour_town_pull:neighbour=Laos,half_distance_km=111.195")
    assert values == pytest.approx([np.log10(101), np.log10(51), 0.0], abs=1e-4)
    assert quality == ["modelled"] * 3
    every, _ = column(country, "neighbour_town_pull:half_distance_km=111.195")
    assert every[2] == pytest.approx(np.log10(1 + 99_999))


def test_a_town_without_a_figure_counts_as_the_median_of_its_country(country: Sources) -> None:
    near = country.neighbour_towns.assign(lat=[21.0, 21.0, 23.0, 21.0])
    values, _ = column(replace(country, neighbour_towns=near), "neighbour_town_pull:neighbour=Laos")
    assert values[0] == pytest.approx(np.log10(1 + 100 + 900 + 500))


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
    [
        "nothing",
        "province:indicator=absent",
        "old_district:indicator=absent",
        "old_district:indicator=population_census",
        "road_proximity:road=canal",
        "neighbour_town_pull:neighbour=Siam",
        "crossing_density:radius=50",
        "zone_gravity:half_distance_km=",
        "crossing_density:radius=50",
        "zone_gravity:half_distance_km=",
        "crossing_density:neighbour=Siam,within_km=9",
    ],
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
