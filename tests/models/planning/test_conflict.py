import pytest

from geo.base.errors import InputError
from models.planning import conflict
from models.planning.allocate import allocate
from models.planning.conflict import conflict_error, find_conflict
from models.planning.example import frames, small
from models.planning.problem import Floor, Limits
from models.planning.program import Row

FAR = Floor("vùng cao", ("d",), 5)


def test_no_conflict():
    assert find_conflict(small()).limits == ()


def test_money_against_a_floor():
    found = find_conflict(small(money=10.0, floors=(FAR,), most_per_commune=8))
    assert set(found.limits) == {Row("money"), Row("floor", "vùng cao")}
    assert found.possible == {"vùng cao": 4.0}  # 2.3 million each: loudspeaker and an hour there and back


def test_two_floors_against_the_days_of_one_team():
    floors = (Floor("c", ("c",), 6), Floor("d", ("d",), 8), Floor("a", ("a",), 1))
    found = find_conflict(small(money=1000.0, floors=floors, most_per_commune=9, most_hours=1.0))
    assert set(found.limits) == {Row("days"), Row("floor", "c"), Row("floor", "d")}
    assert found.possible == {"c": 3.0, "d": 5.0}  # of 8 days: 0.625 or 0.75 for a session with the way


def test_a_commune_nobody_reaches_is_named():
    problem = small(include=("a", "d"), most_hours=0.5)
    found = find_conflict(problem)
    assert found.limits == (Row("include", "d"),)


def test_every_limit_in_the_set_is_needed():
    limits = {"money": 8.0, "include": ("a", "b", "c", "d")}
    found = find_conflict(small(**limits))
    assert Row("money") in found.limits
    assert find_conflict(small(**{**limits, "money": 40.0})).limits == ()
    for row in found.limits:
        if row.kind == "include":
            rest = tuple(code for code in limits["include"] if code != row.about)
            held = {other.about for other in found.limits if other.kind == "include"} - {row.about}
            assert find_conflict(small(**{**limits, "include": tuple(c for c in rest if c in held)})).limits == ()


def test_the_message_names_limits_and_ways_out():
    error = conflict_error(small(money=10.0, floors=(FAR,), most_per_commune=8))
    assert "10 triệu đồng" in error.message("vi")
    assert "vùng cao" in error.message("vi")
    assert "at least 5 sessions" in error.message("en")
    assert "Raise the budget." in error.remedy("en")
    assert "{" not in str(error)


def test_allocate_raises_it():
    with pytest.raises(InputError, match="vùng cao"):
        allocate(**frames(), limits=Limits(money=10, weeks=4, floors=(FAR,)))


def test_whole_sessions_can_be_the_reason():
    """In parts a floor of one session in each of two communes fits into 1.3 team-days, whole sessions do not."""
    found = find_conflict(small(money=4.0, weeks=1, floors=(Floor("d", ("d",), 2),)))
    assert found.limits


def test_a_search_that_ends_early_says_so():
    problem = small(money=10.0, floors=(FAR,), most_per_commune=8)
    found = find_conflict(problem, seconds=0)
    assert not found.complete
    assert find_conflict(problem).complete


def test_an_unfinished_conflict_is_said_in_both_languages(monkeypatch):
    problem = small(money=10.0, floors=(FAR,), most_per_commune=8)
    known = find_conflict(problem)
    unfinished = conflict.Conflict(known.limits, {"vùng cao": float("nan")}, complete=False)
    monkeypatch.setattr(conflict, "find_conflict", lambda *given: unfinished)
    error = conflict_error(problem)
    assert "Hết giờ" in error.message("vi")
    assert "ran out of time" in error.message("en")
    assert "vùng cao" in error.message("vi")


def test_a_real_commune_is_named():
    assert conflict._named(Row("include", "00004")).endswith("(00004)")
    assert conflict._named(Row("include", "d")) == "d"


def test_the_most_per_commune_is_named_where_it_is_to_blame():
    found = find_conflict(small(money=1e4, floors=(Floor("d", ("d",), 5),), most_per_commune=2, most_hours=1.0))
    assert set(found.limits) == {Row("commune"), Row("floor", "d")}
    assert found.possible == {"d": 2.0}
