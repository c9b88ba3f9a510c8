"""What a change of the log did: one activity moves one commune, and what fades by itself is told apart."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from geo import layers
from geo.base.periods import Statement, periods_of
from geo.layers import indicators
from models.briefing import covered_communes
from models.outreach.coverage_change import KINDS, coverage_change, log_change


def table(**shares: tuple[float | None, str | None]) -> pd.DataFrame:
    rows = {code: {"coverage": share, "coverage_quality": quality} for code, (share, quality) in shares.items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def test_every_kind_of_movement_and_none() -> None:
    was = table(a=(None, None), b=(0.3, "reported"), c=(0.1, "modelled"), d=(0.4, "reported"), e=(0.2, "reported"))
    now = table(a=(0.0, "reported"), b=(None, None), c=(0.2, "modelled"), d=(0.1, "reported"), e=(0.2, "modelled"))
    found = coverage_change(was, now)
    assert found["kind"].to_dict() == {"b": "vanished", "d": "fell", "c": "rose", "a": "appeared"}
    assert set(found["kind"]) == set(KINDS) and "e" not in found.index
    assert found.loc["a", "after"] == 0 and np.isnan(found.loc["a", "before"]), (
        "nothing held is not the same as unknown"
    )


def test_what_is_made_up_was_never_known() -> None:
    was = table(a=(0.5, "synthetic"), b=(0.5, "synthetic"))
    assert coverage_change(was, table(a=(None, None), b=(0.5, "synthetic"))).empty
    assert coverage_change(was, table(a=(0.5, "reported"), b=(None, None)))["kind"].to_dict() == {"a": "appeared"}


def test_a_change_is_the_other_way_round_backwards() -> None:
    was, now = table(a=(0.5, "reported"), b=(None, None)), table(a=(0.2, "reported"), b=(0.1, "reported"))
    there, back = coverage_change(was, now), coverage_change(now, was)
    pd.testing.assert_series_equal(there["before"], back["after"], check_names=False)
    assert there["kind"].to_dict() == {"a": "fell", "b": "appeared"} and back.loc["a", "kind"] == "rose"


@pytest.fixture(scope="module")
def shipped() -> indicators.Sources:
    return indicators.load_sources()


def held(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["date", "commune_code", "people_reached"])
    return frame.assign(type="school_session", events=1.0, items=np.nan, quality="reported", audience="pupils")


def state(shipped: indicators.Sources, log: pd.DataFrame, statement: Statement | None = None) -> indicators.Sources:
    periods = periods_of(log, shipped.old_province, "x", statement)
    return replace(shipped, activities=log, periods=periods)


def test_one_real_activity_moves_one_commune(shipped: indicators.Sources) -> None:
    after = state(shipped, held(("2026-03-10", "06712", 320.0)))
    change = log_change(shipped, after, layers.outreach_parameters())
    assert change.communes.index.tolist() == ["06712"] and change.by_day.empty
    assert change.unmoved == len(shipped.communes) - 1
    assert np.isnan(change.communes.loc["06712", "before"]), "the demonstration log is no knowledge"
    people = shipped.population.loc["06712", "population"]
    strength = layers.outreach_parameters().loc["school_session", "strength"]
    assert change.communes.loc["06712", "after"] == pytest.approx(1 - np.exp(-320 * strength / people))
    assert change.illustrated_before and not change.illustrated_after
    assert covered_communes(after)["coverage"].notna().sum() == 1


def test_a_second_activity_moves_its_commune_and_the_day_moves_the_first(shipped: indicators.Sources) -> None:
    first = ("2026-03-10", "06712", 320.0)
    before = state(shipped, held(first))
    after = state(shipped, held(first, ("2026-04-20", "06685", 100.0)))
    change = log_change(before, after, layers.outreach_parameters())
    assert change.communes["kind"].to_dict() == {"06685": "appeared"}
    assert change.by_day["kind"].to_dict() == {"06712": "fell"}, "it fades, and the change did not do that"
    assert (change.day_before, change.day_after) == (pd.Timestamp("2026-03-10"), pd.Timestamp("2026-04-20"))
    back = log_change(after, before, layers.outreach_parameters())
    assert back.communes["kind"].to_dict() == {"06685": "vanished"} and back.by_day["kind"].to_dict() == {
        "06712": "rose"
    }


def test_a_new_activity_calls_nothing_back_that_was_known_long_ago(shipped: indicators.Sources) -> None:
    old, new = held(("2016-06-01", "06820", 90.0)), held(("2026-11-10", "06712", 1.0))
    before, both = state(shipped, old), state(shipped, pd.concat([old, new], ignore_index=True))
    parts = [periods_of(part, shipped.old_province) for part in (old, new)]
    after = replace(both, periods=pd.concat(parts, ignore_index=True))
    change = log_change(before, after, layers.outreach_parameters())
    assert change.communes["kind"].to_dict() == {"06712": "appeared"}
    assert change.by_day["kind"].to_dict() == {"06820": "vanished"}, "on the new day its log is long over"


def test_a_statement_makes_silence_say_something(shipped: indicators.Sources) -> None:
    log = held(("2026-03-10", "06712", 320.0))
    stated = state(shipped, log, Statement("2026-01-01", "2026-03-31", ("22",)))
    change = log_change(shipped, stated, layers.outreach_parameters())
    quang_ninh = shipped.old_province.index[shipped.old_province == "22"]
    assert set(change.communes.index) == set(quang_ninh)
    assert change.communes["after"].eq(0).sum() == len(quang_ninh) - 1


def test_training_of_staff_moves_nothing_that_was_known(shipped: indicators.Sources) -> None:
    log = held(("2026-03-10", "06712", 320.0))
    training = pd.concat([log, log.assign(type="staff_training", people_reached=90.0)], ignore_index=True)
    change = log_change(state(shipped, log), state(shipped, training), layers.outreach_parameters())
    assert change.communes.empty and change.by_day.empty and change.unmoved == len(shipped.communes)
