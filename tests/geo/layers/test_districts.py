"""Old districts: every old commune finds its own, and their figures reach the communes in force."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geo import layers, units
from geo.layers import districts
from geo.units import crosswalk

ISLANDS = {"11948", "19742", "20333", "21548", "26732"}
"""Communes whose district had no communes: Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn, Côn Đảo."""

NOT_COUNTED = "22736"
"""Trường Sa: the census names no residents."""


def test_every_old_commune_finds_its_district_by_code_name_and_province() -> None:
    old, table = units.old_communes(), layers.old_districts()
    assert set(old["old_district_code"]) == set(table.index)
    assert (old["old_district_code"].map(table["name"]) == old["old_district"]).all()
    assert (old["old_district_code"].map(table["old_province_code"]) == old["old_province_code"]).all()


def test_the_districts_add_up_to_the_census() -> None:
    people = layers.old_districts()["population_census"]
    assert people.min() > 0
    own = layers.old_districts()["socioeconomic_values_shared_by_a_group"] == 0
    assert people[own].notna().sum() == own.sum() - 1, "only Trường Sa has no people"


def test_a_group_s_districts_carry_one_value() -> None:
    table = layers.old_districts()
    group = table[table["socioeconomic_values_shared_by_a_group"] == 1]
    divided = group[group["population_census"].isna()]
    names = list(districts.COUNTED)
    assert divided.duplicated(names, keep=False).all(), "a district without a count of its own shares with another"
    assert (group["confidence"] == "medium").all()
    assert group["note"].ne("").all()


def test_shares_are_whole_and_every_commune_but_the_islands_has_them() -> None:
    parts = districts.shares()
    sums = parts.groupby("commune_code")["share"].sum()
    assert np.allclose(sums, 1)
    assert set(units.communes().index) - set(sums.index) == ISLANDS
    assert (parts["share"] > 0).all()


def test_a_commune_of_two_districts_leans_to_the_one_with_more_people() -> None:
    links = crosswalk.links()
    parts = districts.shares()
    commune = parts[parts.duplicated("commune_code")].iloc[0]["commune_code"]
    mine = links[links["new_code"] == commune]
    people = mine["share"] * mine["old_code"].map(units.old_communes()["old_district_code"]).map(
        districts.people_per_commune()
    )
    by_hand = people.groupby(mine["old_code"].map(units.old_communes()["old_district_code"])).sum() / people.sum()
    stated = parts[parts["commune_code"] == commune].set_index("old_district_code")["share"]
    pd.testing.assert_series_equal(stated, by_hand, check_names=False)


def test_districts_without_a_count_of_their_own_take_the_mean_of_their_province() -> None:
    table = layers.old_districts()
    people = districts.people_per_commune()
    assert people.notna().all()
    missing = table.index[table["population_census"].isna()][0]
    same = table[(table["old_province_code"] == table.loc[missing, "old_province_code"])]
    same = same[same["population_census"].notna()]
    communes = units.old_communes()["old_district_code"].isin(same.index).sum()
    assert people[missing] == pytest.approx(same["population_census"].sum() / communes)


def test_a_constant_stays_constant_and_bounds_hold() -> None:
    communes = units.communes().index
    flat = pd.Series(7.0, index=layers.old_districts().index)
    carried = districts.to_communes(flat, districts.shares(), communes)
    assert np.allclose(carried.dropna(), 7)
    assert set(carried.index[carried.isna()]) == ISLANDS
    for name in districts.COUNTED + districts.GRIDDED:
        figure = layers.old_districts()[name]
        carried = districts.to_communes(figure, districts.shares(), communes).dropna()
        assert carried.between(figure.min() - 1e-9, figure.max() + 1e-9).all(), name


def test_a_mean_that_leaves_out_half_of_the_people_is_none() -> None:
    parts = pd.DataFrame({"commune_code": "a", "old_district_code": ["1", "2"], "share": [0.4, 0.6]})
    communes = pd.Index(["a"])
    assert districts.to_communes(pd.Series({"2": 8.0}), parts, communes).tolist() == [8.0]
    assert np.isnan(districts.to_communes(pd.Series({"1": 8.0}), parts, communes)).all()


@pytest.mark.parametrize(
    ("figure", "share"),
    [
        ("net_migration_rate_5yr", 0.63),
        ("urban_population_share", 0.71),
        ("travel_time_to_city", 0.64),
        ("households_flush_toilet", 0.48),
    ],
)
def test_districts_differ_inside_the_provinces_in_force(figure: str, share: float) -> None:
    communes = units.communes()
    carried = districts.to_communes(layers.old_districts()[figure], districts.shares(), communes.index).dropna()
    inside = carried - carried.groupby(communes["province_code"]).transform("mean")
    assert (inside**2).sum() / ((carried - carried.mean()) ** 2).sum() == pytest.approx(share, abs=0.015)
    assert set(communes.index) - set(carried.index) == ISLANDS | {NOT_COUNTED}


def test_figures_are_those_compiled(shared: Path) -> None:
    path = shared / "facts" / "old_districts_2019.csv"
    compiled = pd.read_csv(path, dtype={"old_district_code": str}).set_index("old_district_code")
    names = [*districts.COUNTED, *districts.GRIDDED, "socioeconomic_values_shared_by_a_group"]
    pd.testing.assert_frame_equal(
        layers.old_districts()[names].sort_index(), compiled[names].sort_index(), check_dtype=False
    )
