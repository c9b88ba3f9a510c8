"""The demonstration log adds up exactly to what was reported, and invents nothing else."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import datasets, layers, units
from geo.base import paths
from geo.build import outreach
from geo.units import crosswalk


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    return datasets.read_table("outreach_activities")


@pytest.fixture(scope="module")
def reported() -> pd.DataFrame:
    return layers.outreach_reported()


def ids(source: str) -> set[str]:
    return set(source.removeprefix("outreach_reported ").split("+"))


def rows_of(log: pd.DataFrame, report_ids: set[str]) -> pd.DataFrame:
    return log[log["source"].map(lambda source: bool(ids(source) & report_ids))]


def test_every_reported_total_is_met_exactly(log: pd.DataFrame, reported: pd.DataFrame) -> None:
    activities = reported[(reported["role"] == "activity") & reported["value"].notna()]
    assert len(activities) > 30
    for report in activities.itertuples():
        inner = set(reported.loc[reported["part_of"] == report.report_id, "report_id"])
        rows = rows_of(log, {report.report_id} | inner)
        assert rows[report.measure].sum() == report.value, report.report_id
        assert set(rows["type"]) == {report.type}
        assert set(rows["old_province_code"]) == {report.old_province_code}
        assert rows["date"].between(report.period_start, report.period_end).all()


def test_what_nobody_counted_is_missing(log: pd.DataFrame, reported: pd.DataFrame) -> None:
    for row in log.drop_duplicates("source").itertuples():
        measures = set(reported.loc[reported["report_id"].isin(ids(row.source)), "measure"])
        rows = log[log["source"] == row.source]
        for measure in outreach.MEASURES:
            assert rows[measure].notna().all() == (measure in measures)
            assert rows[measure].isna().all() == (measure not in measures)


def test_capacity_context_plans_and_victims_are_not_activities(log: pd.DataFrame, reported: pd.DataFrame) -> None:
    others = set(reported.loc[reported["role"] != "activity", "report_id"])
    assert rows_of(log, others).empty
    assert not log["type"].str.contains("victim").any()
    assert log["type"].isin(layers.outreach_types().index).all()


def test_activities_are_in_communes_of_the_province_the_report_covers(log: pd.DataFrame) -> None:
    local = log[log["commune_code"].notna()]
    assert (local["commune_code"].map(crosswalk.main_old_province()) == local["old_province_code"]).all()
    assert (local["commune_code"].map(units.communes()["province_code"]) == local["province_code"]).all()
    everywhere = set(log.loc[log["commune_code"].isna(), "type"])
    assert everywhere == {"media_programme", "news_item"}


def test_the_log_lies_in_the_time_its_reports_are_about_and_covers_no_day_more(log: pd.DataFrame) -> None:
    periods = datasets.read_table("outreach_periods").set_index("old_province_code")
    assert periods.loc["22", ["first_day", "last_day"]].tolist() == ["2022-01-01", "2022-08-31"]
    assert periods["commune_code"].isna().all() and set(periods.index) == set(log["old_province_code"])
    for province, rows in log.groupby("old_province_code"):
        assert rows["date"].between(periods.loc[province, "first_day"], periods.loc[province, "last_day"]).all()


def test_audience_and_topic_are_those_of_the_report(log: pd.DataFrame, reported: pd.DataFrame) -> None:
    said = reported.set_index("report_id")[["audience", "topic"]]
    for source, rows in log.groupby("source"):
        first = sorted(ids(source))[0]
        assert set(rows["audience"]) == {said.loc[first, "audience"]} and set(rows["topic"]) == {
            said.loc[first, "topic"]
        }
    assert set(log.loc[log["type"] == "handbook", "audience"]) == {"officials"}


def test_what_was_held_and_not_counted_is_reported_and_never_spread(
    log: pd.DataFrame, reported: pd.DataFrame
) -> None:
    uncounted = reported[(reported["role"] == "activity") & reported["value"].isna()]
    assert set(uncounted["type"]) == {"lodging_inspection", "workplace_inspection"}
    assert rows_of(log, set(uncounted["report_id"])).empty


def test_named_places_are_kept_to(log: pd.DataFrame) -> None:
    old = units.old_communes()
    wards = old[(old["old_district"].str.contains("Hạ Long")) & old["short_name"].isin(["Hồng Gai", "Tuần Châu"])]
    links = crosswalk.links()
    expected = set(links.loc[links["old_code"].isin(wards.index), "new_code"])
    clubs = log[log["type"] == "club"]
    assert expected <= set(clubs["commune_code"])
    assert clubs["date"].between("2022-05-04", "2022-05-07").all()


def test_some_communes_have_nothing_and_the_file_stays_small(log: pd.DataFrame) -> None:
    area = crosswalk.main_old_province()
    for province in ("22", "51", "80", "19"):
        communes = set(area.index[area == province])
        without = communes - set(log["commune_code"].dropna())
        assert 0 < len(without) < len(communes), province
    assert len(log) < 15_000
    assert (log["quality"] == "synthetic").all()


def test_the_log_is_the_same_every_time(tmp_path: Path) -> None:
    outreach.build(tmp_path)
    assert (tmp_path / "outreach_activities.csv").read_bytes() == paths.OUTREACH_ACTIVITIES.read_bytes()
    assert (tmp_path / "outreach_periods.csv").read_bytes() == paths.OUTREACH_PERIODS.read_bytes()


@given(
    st.integers(0, 5000),
    st.lists(st.floats(0, 100), min_size=1, max_size=60).filter(lambda weights: sum(weights) > 0.01),
)
def test_spreading_keeps_the_total_in_whole_numbers(total: int, weights: list[float]) -> None:
    parts = outreach.spread(total, weights)
    assert parts.sum() == total
    assert len(parts) == len(weights)
    expected = total * np.array(weights) / sum(weights)
    assert (np.abs(parts - expected) <= 1 + 1e-6 * total).all()
