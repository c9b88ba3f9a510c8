"""What a log covers: stated periods speak of every commune, the days of activities only of those they name."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers
from geo.base import paths
from geo.base.errors import InputError
from geo.base.periods import GRACE_DAYS, Statement, by_province, kept_between, known_on, merged, periods_of, spans
from geo.intake.outreach.places import covered_provinces
from geo.units import crosswalk

AREA = pd.Series({"a": "22", "b": "22", "c": "80", "d": "01"})
GRACE = pd.Timedelta(days=GRACE_DAYS)


def log(*rows: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["date", "commune_code"])


def known(periods: pd.DataFrame, day: str) -> list[str]:
    on = known_on(spans(periods, AREA), pd.Timestamp(day), AREA.index)
    return on.index[on].tolist()


def test_a_stated_period_speaks_of_every_commune_from_its_first_day_to_a_quarter_after_its_last() -> None:
    held = log(("2025-03-01", "a"))
    periods = periods_of(held, AREA, "x", Statement("2025-01-01", "2025-06-30", ("22",)))
    assert periods["old_province_code"].tolist() == ["22"] and periods["commune_code"].isna().all()
    end = pd.Timestamp("2025-06-30") + GRACE
    for day, communes in (
        ("2024-12-31", []),
        ("2025-01-01", ["a", "b"]),
        ("2025-06-30", ["a", "b"]),
        (str(end.date()), ["a", "b"]),
        (str((end + pd.Timedelta(days=1)).date()), []),
    ):
        assert known(periods, day) == communes, day


def test_without_a_statement_the_log_speaks_of_the_communes_it_names_from_their_first_activity_on() -> None:
    held = log(("2025-01-10", "a"), ("2025-11-10", "b"), ("2025-03-01", "c"), ("2025-05-05", None))
    periods = periods_of(held, AREA)
    assert periods.iloc[:, :4].to_numpy().tolist() == [
        ["22", "a", "2025-01-10", "2025-11-10"],
        ["22", "b", "2025-11-10", "2025-11-10"],
        ["80", "c", "2025-03-01", "2025-03-01"],
    ]
    assert by_province(periods).to_numpy().tolist() == [
        ["22", False, "2025-01-10", "2025-11-10"],
        ["80", False, "2025-03-01", "2025-03-01"],
    ]
    assert known(periods, "2025-01-09") == []
    assert known(periods, "2025-05-01") == ["a", "c"], "of b nothing is known yet"
    assert known(periods, "2025-11-10") == ["a", "b"], "the log of c has ended"


def test_one_activity_opens_one_commune() -> None:
    held = log(("2026-03-10", "a"))
    assert known(periods_of(held, AREA), "2026-03-10") == ["a"]


def test_what_nobody_states_comes_beside_what_is_stated() -> None:
    held = log(("2024-05-01", "a"), ("2026-03-10", "b"))
    stated = periods_of(held.head(1), AREA, statement=Statement("2024-01-01", "2024-12-31", ("22",)))
    shown = periods_of(held.tail(1), AREA)
    both = pd.concat([stated, shown], ignore_index=True)
    assert known(both, "2024-06-01") == ["a", "b"]
    assert known(both, "2025-08-01") == []
    assert known(both, "2026-03-10") == ["b"], "a later entry for b says nothing of a"


def test_imports_without_a_statement_speak_each_for_its_own_communes() -> None:
    """Else a later entry would call back what was known of another commune long ago."""
    held = log(("2026-01-10", "a"), ("2026-09-01", "b"))
    parts = pd.concat([periods_of(held.head(1), AREA), periods_of(held.tail(1), AREA)], ignore_index=True)
    assert known(parts, "2026-02-01") == ["a"]
    assert known(parts, "2026-06-15") == [] and known(parts, "2026-09-01") == ["b"]


def test_a_province_may_be_covered_without_an_activity() -> None:
    periods = periods_of(log(("2025-03-01", "a")), AREA, statement=Statement("2025-01-01", "2025-12-31", ("80",)))
    assert by_province(periods)[["old_province_code", "stated"]].to_numpy().tolist() == [["80", True], ["22", False]]
    assert known(periods, "2025-03-02") == ["a", "c"]


def test_activities_outside_what_is_stated_are_named() -> None:
    held = log(("2025-03-01", "a"), ("2026-03-01", "b"), ("2026-03-01", "c"))
    with pytest.raises(InputError) as caught:
        periods_of(held, AREA, statement=Statement("2025-01-01", "2025-12-31", ("22",)))
    assert caught.value.code == "log.period_outside" and caught.value.rows == ["1: 2026-03-01"]


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        (("2025-02-01", "2025-01-01", ("22",)), "log.period_order"),
        (("2025-01-01", "2025-02-01", ()), "log.period_nowhere"),
    ],
)
def test_what_cannot_be_stated(given_: tuple, code: str) -> None:
    with pytest.raises(InputError) as caught:
        Statement(*given_)
    assert caught.value.code == code
    assert all(caught.value.message(language) and caught.value.remedy(language) for language in ("vi", "en"))


def test_a_log_of_no_commune_covers_nothing() -> None:
    nothing = periods_of(log(("2025-03-01", None)), AREA)
    assert nothing.empty and spans(nothing, AREA).empty and by_province(nothing).empty
    assert not known_on(spans(nothing, AREA), pd.Timestamp("2025-03-01"), AREA.index).any()


def test_whether_a_log_was_kept_at_some_time_of_a_plan() -> None:
    periods = periods_of(log(("2025-03-01", "a")), AREA)
    days = [pd.Timestamp(day) for day in ("2025-05-01", "2025-07-31", "2025-07-01", "2025-09-30")]
    assert kept_between(periods, AREA, *days[:2]).tolist() == [True, True, False, False]
    assert not kept_between(periods, AREA, *days[2:]).any()


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 200)).map(
            lambda pair: tuple(
                str((pd.Timestamp("2022-01-01") + pd.Timedelta(days=day)).date()) for day in (pair[0], sum(pair))
            )
        ),
        max_size=6,
    )
)
def test_joined_days_are_the_same_days(days: list[tuple[str, str]]) -> None:
    joined = merged(days)

    def every(spans_: list[tuple[str, str]]) -> set[pd.Timestamp]:
        return {day for first, last in spans_ for day in pd.date_range(first, last)}

    assert every(joined) == every(days)
    for (_, last), (first, _) in pairwise(joined):
        assert pd.Timestamp(first) - pd.Timestamp(last) > pd.Timedelta(days=1)


def test_a_log_put_into_the_folder_without_its_periods_covers_the_days_of_its_activities() -> None:
    rows = layers.outreach_activities()
    held = rows[rows["old_province_code"] == "80"].head(20)
    held.to_csv(paths.home() / layers.OUTREACH_FILE, index=False)
    found = layers.outreach_periods()
    local = held[held["commune_code"].notna()]
    assert set(found["commune_code"]) == set(local["commune_code"])
    assert by_province(found).to_numpy().tolist() == [["80", False, local["date"].min(), local["date"].max()]]


def test_the_demonstration_log_covers_what_its_reports_are_about() -> None:
    table = layers.outreach_periods().set_index("old_province_code")
    assert table.loc["80", ["first_day", "last_day"]].tolist() == ["2024-01-01", "2024-12-31"]
    on = known_on(
        spans(layers.outreach_periods(), crosswalk.main_old_province()),
        pd.Timestamp("2024-12-31"),
        crosswalk.main_old_province().index,
    )
    assert set(crosswalk.main_old_province()[on]) == {"51", "80"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [("80", ("72", "80")), ("Tây Ninh", ("72", "80")), ("tay ninh (cũ)", ("72",)), ("Long An", ("80",)),
     ("Tỉnh Long An (old)", ("80",)), ("Quảng Ninh", ("22",))],
)  # fmt: skip
def test_provinces_that_a_log_covers(text: str, codes: tuple[str, ...]) -> None:
    assert covered_provinces(text) == codes
