"""From what a planner asks for to a plan, without page or command line."""

import datetime as dt

import pytest

from dashboard import planning
from geo import units
from geo.distance import nearest
from geo.errors import InputError
from geo.indicators import load_sources
from geo.paths import FRAMEWORK
from models.allocate import Limits
from models.briefing import Briefing, brief
from models.framework import read_framework


@pytest.fixture(scope="module")
def briefing() -> Briefing:
    return brief(read_framework(FRAMEWORK), load_sources())


@pytest.mark.parametrize("month", range(1, 13))
def test_the_next_quarter_begins_on_its_first_monday(month):
    start, weeks = planning.next_quarter(dt.date(2026, month, 15))
    assert start.weekday() == 0
    assert (start.month - 1) % 3 == 0 and start.day <= 7
    assert start > dt.date(2026, month, 15)
    last = start + dt.timedelta(weeks=weeks - 1)
    assert (last.year, (last.month - 1) // 3) == (start.year, (start.month - 1) // 3)
    after = last + dt.timedelta(weeks=1)
    assert (after.month - 1) // 3 != (start.month - 1) // 3


def test_assumed_teams_sit_in_large_communes_that_lie_apart(briefing):
    communes = planning.placed(briefing, load_sources(), "22")
    teams = planning.assumed_teams(communes, 6, 1.5)
    assert len(teams) == 6
    assert teams["days_per_week"].eq(1.5).all()
    points = teams[["lon", "lat"]].to_numpy(float)
    for place in range(6):
        others = [other for other in range(6) if other != place]
        assert nearest(points[[place]], points[others])[0][0] >= planning.APART_KM / 8
    assert teams["name"].iloc[0].endswith(communes.loc[communes["population"].idxmax(), "name"])
    every = planning.assumed_teams(communes, 500, 1)
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
    teams = planning.assumed_teams(planning.placed(briefing, sources, "22"), 5, 1)
    given = planning.gather(briefing, sources, "22", teams, types)
    made = planning.make(given, Limits(money=100, weeks=12), robust=0.9)
    assert made.optimum.gap <= 0.01
    plan = planning.work_plan(made, given, dt.date(2027, 1, 4), "vi", 0.9, extra=("Đội giả định.",))
    assert plan.notes[-1] == "Đội giả định."
    assert any("90" in note for note in plan.notes)
    assert set(planning.tables(made, given, "en")) == {"list", "compare", "curve"}
