"""The plan beside greedy and the rules made by hand, on real communes; all 34 provinces are in the benchmarks."""

import pytest

from benchmarks.rules import GAP, RULES, SETTINGS, compared


@pytest.mark.parametrize(("setting", "provinces"), [("money", ("11", "22", "80")), ("days", ("12", "22"))])
def test_no_plan_is_worth_less_than_greedy_and_every_rule_made_by_hand_is(setting, provinces):
    table = compared(*SETTINGS[setting], provinces=provinces)
    assert list(table.index) == list(provinces)
    assert (table["greedy"] <= 1).all()
    assert (table[[rule for rule in RULES if rule != "greedy"]] < 1).all().all()
    assert (table["gap"] <= GAP * 1.01).all()
    assert table["real_log"].tolist() == [province == "80" for province in provinces]
