"""From what a planner asks for to a plan, without page or command line."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from dashboard.export import plan_words
from dashboard.locale import texts
from geo import units
from geo.base.distance import nearest
from geo.base.errors import InputError
from geo.base.paths import FRAMEWORK
from geo.layers.indicators import load_sources
from models.briefing import Briefing, brief
from models.index.framework import read_framework
from models.planning import assumptions
from models.planning import plan as planning
from models.planning.agreement import STATES
from models.planning.allocate import Limits


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(read_framework(FRAMEWORK), load_sources())


@pytest.mark.parametrize("month", range(1, 13))
def test_the_next_quarter_begins_on_its_first_monday(month):
    start, weeks = assumptions.next_quarter(dt.date(2026, month, 15))
    assert start.weekday() == 0
    assert (start.month - 1) % 3 == 0 and start.day <= 7
    assert start > dt.date(2026, month, 15)
    last = start + dt.timedelta(weeks=weeks - 1)
    assert (last.year, (last.month - 1) // 3) == (start.year, (start.month - 1) // 3)
    after = last + dt.timedelta(weeks=1)
    assert (after.month - 1) // 3 != (start.month - 1) // 3


def test_assumed_teams_sit_in_large_communes_that_lie_apart(briefing):
    communes = planning.placed(briefing, load_sources(), "22")
    teams = assumptions.assumed_teams(communes, 6, 1.5)
    assert len(teams) == 6
    assert teams["days_per_week"].eq(1.5).all()
    points = teams[["lon", "lat"]].to_numpy(float)
    for place in range(6):
        others = [other for other in range(6) if other != place]
        assert nearest(points[[place]], points[others])[0][0] >= assumptions.APART_KM / 8
    assert teams["name"].iloc[0].endswith(communes.loc[communes["population"].idxmax(), "name"])
    every = assumptions.assumed_teams(communes, 500, 1)
    assert len(every) == communes["lat"].notna().sum()
    assert every.index.is_unique


def test_floors_are_read_and_empty_groups_refused(briefing):
    communes = planning.placed(briefing, load_sources(), "22")
    (floor,) = planning.read_floor("remote:share:0.25", communes)
    assert (floor.measure, floor.least) == ("share", 0.25)
    parts = planning.read_floor("old_district:sessions:2", communes)
    assert len(parts) > 5
    (one,) = planning.floors_of("old_district", "sessions", 2, communes, part=parts[0].name.rpartition(" (")[0])
    assert one == parts[0]
    inland = planning.placed(briefing, load_sources(), "31")
    assert not set(units.communes_of("31").index) ^ set(inland.index)
    with pytest.raises(InputError, match="border"):
        planning.read_floor("border:sessions:2", inland)


def test_a_plan_from_nothing_but_assumptions(briefing):
    sources = load_sources()
    types = planning.chosen_types(planning.known_types())
    teams = assumptions.assumed_teams(planning.placed(briefing, sources, "22"), 5, 1)
    given = planning.gather(briefing, sources, "22", teams, types)
    made = planning.make(given, Limits(money=100, weeks=12), robust=0.9)
    assert made.optimum.gap <= 0.01
    plan = plan_words.work_plan(made, given, dt.date(2027, 1, 4), "vi", 0.9, extra=("Đội giả định.",))
    assert plan.notes[-1] == "Đội giả định."
    assert any("90" in note for note in plan.notes)
    assert set(plan_words.tables(made, given, "en")) == {"list", "compare", "curve"}


def proposed(sources, province: str = "22", **limits):
    framework = read_framework(FRAMEWORK)
    reading = [n.code for n in framework.indicators if str(n.facts.get("operation", "")).startswith("outreach")]
    briefing = brief(framework.without(*reading), sources)
    types = planning.chosen_types(planning.known_types())
    teams = assumptions.assumed_teams(planning.placed(briefing, sources, province), 5, 1)
    given = planning.gather(briefing, sources, province, teams, types)
    return given, planning.make(given, Limits(**({"money": 100, "weeks": 12} | limits)), robust=None)


def test_a_demonstration_log_changes_no_plan():
    sources = load_sources()
    assert set(sources.activities["quality"]) == {"synthetic"}
    given, made = proposed(sources, "80")
    other, alone = proposed(replace(sources, activities=sources.activities.head(0)), "80")
    pd.testing.assert_frame_equal(made.plan, alone.plan)
    assert made.optimum.value == alone.optimum.value and not given.logged
    assert planning.last_year(given).empty and "last_year" not in planning.beside(made, given).index
    assert planning.agreed(made, given).equals(planning.agreed(alone, other))


def test_a_real_log_counts_once_in_people_not_in_risk():
    sources = load_sources()
    real = replace(sources, activities=sources.activities.assign(quality="reported"))
    given, made = proposed(real, "80")
    told, other = given.communes, proposed(sources, "80")[0].communes
    known = told["coverage_known"]
    assert given.logged and known.any() and not known.all()
    assert told["relative_risk"].equals(other["relative_risk"])
    worth = made.problem.communes["worth"]
    expected = told["relative_risk"] * told["population"] * (1 - told["coverage"].where(known, 0.0))
    assert worth.to_dict() == pytest.approx(expected.to_dict())
    assert not planning.last_year(given).empty


def test_the_list_beside_the_plan_is_the_list_of_the_map():
    sources = load_sources()
    second = proposed(sources)[0].briefing.to_visit("22", 2).index[1]
    given, made = proposed(sources, exclude=(second,))
    found = planning.agreed(made, given)
    assert found.index.tolist() == given.briefing.to_visit("22", 10).index.tolist()
    assert found["state"].iloc[1] == "excluded" and (found["class"] == 5).all()
    assert ((found["sessions"] > 0) == (found["state"] == "planned")).all()
    for language in ("vi", "en"):
        words = plan_words.reasons(found, made, given, texts(language))
        assert len(words) == 10 and not [one for one in words if "{" in one or "nan" in one]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_state_can_be_told(language):
    given, made = proposed(load_sources())
    codes = given.communes.index[: len(STATES)]
    table = pd.DataFrame(
        {"state": STATES, "sessions": 2, "about": [("Xã xa", codes[0])] * len(STATES), "gain": 3.0, "instead": 4.0,
         "better": 1.0}, index=codes,
    )  # fmt: skip
    words = plan_words.reasons(table, made, given, texts(language))
    assert len(set(words)) == len(STATES)
    floor = words[STATES.index("floor")]
    assert "Xã xa" in floor and given.communes["name"].iloc[0] in floor


def test_risk_that_does_not_hold_counts_less(briefing):
    sources = load_sources()
    types = planning.chosen_types(planning.known_types())
    teams = assumptions.assumed_teams(planning.placed(briefing, sources, "22"), 3, 1)
    given = planning.gather(briefing, sources, "22", teams, types)
    held = planning.robust_communes(given, 0.9)["relative_risk"]
    even = planning.robust_communes(given, 0.5)["relative_risk"]
    assert (held <= even).all() and (held < even).any() and held.between(0.2, 2.5).all()
    assert planning.robust_communes(given, None) is given.communes
