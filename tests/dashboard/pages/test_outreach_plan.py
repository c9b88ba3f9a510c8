"""The section "plan" of the outreach page, without a browser."""

import datetime as dt
import io
from dataclasses import replace

import icalendar
import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from dashboard.export import plan_words
from dashboard.locale import texts
from dashboard.maps import plan as plan_map
from dashboard.pages.outreach.plan import agreement, downloads, floors, inputs, kinds, result, teams
from dashboard.services import proposal
from dashboard.session import planner
from dashboard.store import open_store
from geo import layers
from geo.base.errors import InputError
from geo.intake.teams import read_teams
from models.planning import assumptions
from models.planning import plan as planning
from models.planning.settings import FloorWish, PlanSettings, from_json, to_json

SECONDS = 240
VI = texts("vi")


def outreach() -> None:
    from dashboard.pages import outreach as page

    page.render()


def page(**query: str) -> AppTest:
    app = AppTest.from_function(outreach, default_timeout=SECONDS)
    for name, value in {"section": "plan", "province": "22", **query}.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def make(app: AppTest) -> AppTest:
    app.button(key=planner.key("make")).click()
    return run(app)


def shown(app: AppTest) -> proposal.Proposal:
    found = cached.plan_shown(app.session_state[planner.key("asked")], app.session_state[planner.key("opened")], "vi")
    assert found is not None
    return found


def usual(place: str) -> PlanSettings:
    name = "{number} {commune}"
    return assumptions.usual_settings(
        cached.plan_communes(place), layers.outreach_parameters(), name, dt.date(2026, 11, 22)
    )


def test_a_click_gives_a_plan_and_names_every_assumption() -> None:
    app = page()
    assert VI("planner.first") in app.info[0].value
    make(app)
    told = html(app)
    assert VI("planner.mark_figures") in told
    assert "Dân số ước tính" not in told, "Quảng Ninh has reported figures"
    assert VI("planner.mark_log") in told  # the demonstration log does not count
    assert "giả định" in told
    plan = shown(app)
    assert plan.made.optimum.gap <= 0.01
    assert plan.cost <= plan.settings.money
    assert len(app.dataframe[0].value) == len(plan.made.plan)
    assert any("riskmap.update" in one.proto.json_args for one in app.get("component_instance"))
    assert not app.error


def test_a_plan_says_in_how_many_communes_people_are_modelled() -> None:
    made = cached.proposal(usual("96"), "vi")
    assert VI("planner.mark_people", number=25) in result.marks(made, VI)
    assert VI("plan.note_population", number=25) in plan_words.notes(made.given, "vi", None)
    assert not any(
        "ước tính" in note for note in plan_words.notes(cached.proposal(usual("22"), "vi").given, "vi", None)
    )


def test_every_view_is_drawn_with_a_conclusion() -> None:
    app = make(page())
    for view in ("calendar", "more", "rules", "floors"):
        app.segmented_control(key=planner.key("view")).set_value(view)
        run(app)
        assert len(app.get("vega_lite_chart")) == 1, view
        assert "rk-figure-head" in html(app)


def test_filters_narrow_the_table() -> None:
    app = make(page())
    team = shown(app).made.plan["team"].iloc[0]
    app.selectbox(key=planner.key("team")).set_value(team)
    run(app)
    mine = shown(app).made.plan.query("team == @team")
    assert len(app.dataframe[0].value) == len(mine)
    app.selectbox(key=planner.key("week")).set_value(int(mine["week"].iloc[0]))
    run(app)
    assert 0 < len(app.dataframe[0].value) < len(mine)


def test_a_changed_form_says_that_the_plan_is_the_former_one() -> None:
    app = make(page())
    before = shown(app)
    app.number_input(key=planner.key("money")).set_value(90.0)
    run(app)
    assert VI("planner.outdated") in app.warning[0].value
    assert shown(app) is before
    make(app)
    assert shown(app).cost <= 90
    assert not app.warning


def test_conditions_that_contradict_each_other_are_named_and_nothing_is_lost() -> None:
    app = page()
    app.session_state[planner.key("floors")] = (FloorWish("border", "", "sessions", 500.0),)
    app.number_input(key=planner.key("money")).set_value(60.0)
    make(app)
    told = app.error[0].value
    assert VI("planner.group_border") in told
    assert "60 triệu đồng" in told
    assert VI("planner.way_out") in told
    assert app.number_input(key=planner.key("money")).value == 60
    app.button(key=f"planner.floor.{app.session_state['planner.editor']}.0.remove").click()
    run(app)
    make(app)
    assert not app.error
    assert shown(app).cost <= 60


def test_a_floor_is_added_moved_and_removed() -> None:
    app = page()
    app.selectbox(key=planner.key("floor_group")).set_value("border")
    run(app)
    app.button(key=planner.key("floor_put")).click()
    run(app)
    wishes = app.session_state[planner.key("floors")]
    assert wishes[-1] == FloorWish("border", "", "sessions", 5.0)
    widget = f"planner.floor.{app.session_state['planner.editor']}.{len(wishes) - 1}"
    app.number_input(key=widget).set_value(7.0)
    make(app)
    (floor,) = [one for one in shown(app).problem.limits.floors if VI("planner.group_border") in one.name]
    assert floor.least == 7
    held = shown(app).made.communes["sessions"]
    assert held[list(floor.communes)].sum() >= 7


def test_communes_are_found_by_what_people_type() -> None:
    app = page()
    app.multiselect(key=planner.key("include")).set_value(["mong cai 1"])
    run(app)
    (code,) = app.session_state[planner.key("include")]
    assert cached.plan_communes("22").loc[code, "name"] == "Phường Móng Cái 1"
    app.multiselect(key=planner.key("exclude")).set_value(["nowhere at all"])
    run(app)
    assert app.session_state[planner.key("exclude")] == []
    assert any("nowhere at all" in one.value for one in app.warning)
    make(app)
    assert shown(app).made.communes.loc[code, "sessions"] >= 1


def test_a_plan_is_saved_opened_and_removed() -> None:
    app = make(page())
    first = shown(app)
    app.text_input(key=planner.key(f"name.{first.settings.digest}.vi")).set_value("Quý I")
    app.button(key=planner.key("save_do")).click()
    run(app)
    (kept,) = open_store().plans("22")
    assert kept.name == "Quý I"
    assert kept.items["sessions"].sum() == first.made.plan["sessions"].sum()
    app.number_input(key=planner.key("money")).set_value(60.0)
    make(app)
    app.button(key=planner.key(f"open.{kept.number}")).click()
    run(app)
    again = shown(app)
    assert (again.number, again.name) == (kept.number, "Quý I")
    assert again.people == pytest.approx(first.people)
    assert again.made.optimum.gap == pytest.approx(first.made.optimum.gap)
    app.button(key=planner.key(f"remove.{kept.number}")).click()
    run(app)
    assert open_store().plans("22") == ()
    assert shown(app).settings.money == 60


def test_another_province_starts_anew_and_the_nation_is_sent_elsewhere() -> None:
    app = make(page())
    app.selectbox(key="field.place").set_value("19")
    run(app)
    assert app.session_state[planner.key("asked")] is None
    assert app.number_input(key=planner.key("count")).value == assumptions.usual_count(cached.plan_communes("19"))
    app.selectbox(key="field.place").set_value("VN")
    run(app)
    assert VI("planner.nation") in app.info[0].value


def test_the_form_outlives_a_look_at_another_section() -> None:
    app = page()
    app.number_input(key=planner.key("money")).set_value(77.0)
    run(app)
    app.segmented_control(key="field.section").set_value("log")
    run(app)
    app.segmented_control(key="field.section").set_value("plan")
    run(app)
    assert app.number_input(key=planner.key("money")).value == 77


def test_risk_that_holds_in_most_draws() -> None:
    app = page()
    app.selectbox(key=planner.key("robust")).set_value(0.9)
    make(app)
    assert shown(app).settings.robust == 0.9
    assert VI("planner.held_share", share="90") in html(app)


def test_ways_count_as_measured_only_when_all_are() -> None:
    plan = cached.proposal(usual("22"), "vi")
    arcs = plan.problem.arcs
    teams_, codes = plan.problem.teams.index[arcs.team], plan.problem.communes.index[arcs.commune]
    every = tuple(dict.fromkeys((str(team), str(code), 1.0) for team, code in zip(teams_, codes, strict=True)))
    assert plan.modelled_ways
    assert replace(plan, settings=replace(plan.settings, measured=every[:-1])).modelled_ways
    assert not replace(plan, settings=replace(plan.settings, measured=every)).modelled_ways


@pytest.mark.parametrize("language", ["vi", "en"])
def test_under_the_plan_stands_the_list_and_why_it_differs(language: str) -> None:
    first = cached.briefed(()).to_visit("22", planning.FIRST)
    app = page(lang=language)
    app.session_state[planner.key("exclude")] = [first.index[0]]
    plan = shown(make(app))
    found = planning.agreed(plan.made, plan.given)
    text = texts(language)
    assert agreement.conclusion(found, text) in html(app)
    drawn = app.dataframe[-1].value
    assert drawn["commune"].tolist() == first["name"].tolist()
    assert drawn["why"].iloc[0] == text("plan.agreement_excluded")
    planned = found["state"] == "planned"
    assert planned.any() and (found["sessions"][planned] > 0).all()
    told = plan.made.communes["sessions"].reindex(found.index)
    assert found["sessions"].tolist() == told.tolist()


def test_the_ratio_of_risks_is_part_of_the_settings() -> None:
    app = page()
    app.selectbox(key=planner.key("ratio")).set_value(9.0)
    steep = shown(make(app))
    assert steep.settings.ratio == 9 and any("9,0" in note for note in plan_words.notes(steep.given, "vi", None))
    assert from_json(to_json(steep.settings)) == steep.settings
    older = {name: value for name, value in to_json(steep.settings).items() if name != "ratio"}
    assert from_json(older).ratio == 5
    usual_ = cached.proposal(usual("22"), "vi")
    assert steep.settings.digest != usual_.settings.digest
    risk = [plan.given.communes["relative_risk"] for plan in (steep, usual_)]
    assert risk[0].rank().equals(risk[1].rank()) and not risk[0].equals(risk[1])


def test_english() -> None:
    app = make(page(lang="en"))
    assert texts("en")("planner.mark_figures") in html(app)
    assert "for the first time" in html(app)


def test_where_teams_should_be_based() -> None:
    app = page()
    app.selectbox(key=planner.key("siting_model")).set_value("covering")
    app.button(key=planner.key("siting_run")).click()
    run(app)
    assert len(app.dataframe[-1].value) == assumptions.usual_count(cached.plan_communes("22"))


@pytest.mark.parametrize("place", ["22", "40", "79", "31"])
def test_the_usual_settings_give_a_plan(place: str) -> None:
    plan = cached.proposal(usual(place), "vi")
    assert plan.made.optimum.gap <= 0.02
    assert plan.made.plan["sessions"].sum() > 10
    before, after = plan.mean_coverage()
    assert not after < before


def test_settings_survive_the_store() -> None:
    settings = usual("40")
    assert from_json(to_json(settings)) == settings
    again = from_json({**to_json(settings), "later": 1})
    assert again.digest == settings.digest


def test_files_of_the_plan() -> None:
    plan = cached.proposal(usual("22"), "vi")
    book = openpyxl.load_workbook(io.BytesIO(downloads.plan_file(plan, "xlsx", VI)))
    assert {VI("plan.sheet_compare"), VI("plan.sheet_curve"), VI("plan.sheet_floors")} <= set(book.sheetnames)
    notes = [str(row[1]) for row in book.worksheets[0].iter_rows(values_only=True) if len(row) > 1]
    assert any("giả định" in note and "đội" in note for note in notes)
    calendar = icalendar.Calendar.from_ical(downloads.plan_file(plan, "ics", VI))
    assert len(calendar.walk("VEVENT")) == len(plan.made.plan)
    table = pd.read_csv(io.BytesIO(downloads.plan_file(plan, "csv", VI)), dtype={"commune_code": str})
    assert table["sessions"].sum() == plan.made.plan["sessions"].sum()
    assert b"FeatureCollection" in downloads.plan_file(plan, "geojson", VI)


def test_stored_teams_have_a_base_or_are_given_one() -> None:
    communes = cached.plan_communes("22")
    columns = ["name", "province_code", "commune_code", "lat", "lon", "count", "days_per_week", "sessions_per_week"]
    places = pd.DataFrame(
        [
            ["Đội A", "22", communes.index[3], None, None, 1, 2.0, None],
            ["Đội tỉnh", "22", None, None, None, 3, None, 2.0],
            ["Đội khác", "19", None, None, None, 5, None, None],
        ],
        index=pd.Index(["P1", "P2", "P3"], name="place_id"),
        columns=columns,
    ).astype({"lat": float, "lon": float, "days_per_week": float, "sessions_per_week": float})
    crews = assumptions.stored_teams(places, communes, 1.0, "{number}")
    assert [crew.team for crew in crews] == ["P1", "P2-1", "P2-2", "P2-3"]
    assert [crew.assumed for crew in crews] == [False, True, True, True]
    assert crews[0].lat == pytest.approx(communes["lat"].iloc[3], abs=1e-4)
    assert crews[0].days_per_week == 2 and crews[1].days_per_week == 1
    assert crews[1].sessions_per_week == 2 and crews[0].sessions_per_week is None


def test_the_table_of_figures_goes_there_and_back() -> None:
    chosen = usual("22").kinds
    table = kinds.table(chosen, VI)
    assert kinds.chosen_of(table) == tuple(sorted(chosen, key=lambda kind: list(table.index).index(kind.type)))
    assert set(table["grade"]) == {"D"}
    dearer = table.assign(unit_cost=table["unit_cost"] * 2)
    assert kinds.chosen_of(dearer)[0].unit_cost == 2 * kinds.chosen_of(table)[0].unit_cost
    assert kinds.table(kinds.chosen_of(dearer), VI)["planned"].sum() == len(chosen)


def test_the_template_of_teams_can_be_read(tmp_path) -> None:
    path = tmp_path / "teams.csv"
    path.write_bytes(teams.template("22", VI))
    assert list(read_teams(path)["province_code"]) == ["22", "22"]


def test_a_province_without_a_log_does_not_show_coverage() -> None:
    app = make(page(province="40"))
    assert VI("planner.not_known") in html(app)
    assert "–" not in result.conclusion(shown(app), VI)


def test_groups_that_a_province_has() -> None:
    assert "minority" in floors.groups("40") and "minority" not in floors.groups("22")
    assert "border" not in floors.groups("31")
    assert set(floors.groups("22")) >= {"mountain", "island"} and "mountain" not in floors.groups("96")


def test_a_floor_for_highland_communes_is_called_so_in_both_languages() -> None:
    communes = cached.plan_communes("15")
    wishes = (FloorWish("mountain", "", "share", 0.2), FloorWish("mountain", "highland", "sessions", 3.0))
    names = [floor.name for floor in proposal.floors(wishes, communes, VI)]
    assert names == ["Xã miền núi (tỷ lệ số buổi)", "Xã vùng cao (tỷ lệ số buổi)", "Xã vùng cao (số buổi)"]
    assert floors.floor_name(wishes[1], texts("en")) == "Highland communes"
    assert floors.floor_name(wishes[0], texts("en")) == "Mountain communes"
    island = proposal.floors((FloorWish("island", "", "communes", 2.0),), cached.plan_communes("22"), VI)
    assert [floor.name for floor in island] == ["Xã, đặc khu hải đảo (số xã có buổi)"]


def test_a_plan_that_no_longer_fits_is_refused() -> None:
    plan = proposal.to_plan(cached.proposal(usual("22"), "vi"), "x")
    given = (cached.briefed(()), cached.sources(), VI)
    moved = plan.items.assign(commune_code="00004")
    with pytest.raises(InputError, match="không còn khớp"):
        proposal.reopen(type(plan)(**{**vars(plan), "items": moved}), *given)
    with pytest.raises(InputError, match="không có đủ thông tin"):
        proposal.reopen(type(plan)(**{**vars(plan), "settings": {}}), *given)


def test_the_map_says_who_goes_where() -> None:
    plan = cached.proposal(usual("22"), "vi")
    codes = cached.geometry("22")["codes"]
    teams = plan.given.teams
    drawn = plan_map.overlay(plan.made.plan, teams, codes, VI, chosen=teams.index[0])
    pairs = plan.made.plan.groupby(["team", "commune_code"]).ngroups
    assert len(drawn["ways"]) == pairs
    assert {way[3] for way in drawn["ways"] if way[0] != 0} == {True}
    assert not any(way[3] for way in drawn["ways"] if way[0] == 0)
    assert len(drawn["bases"]) == len(teams)
    classes = plan_map.session_classes(plan.made.communes["sessions"].reindex(codes))
    assert (classes.number == 0).sum() == (plan.made.communes["sessions"] == 0).sum()


def test_nothing_but_the_next_quarter_by_default() -> None:
    settings = usual("22")
    assert (settings.start, settings.weeks) == assumptions.next_quarter(dt.date(2026, 11, 22))


@pytest.mark.parametrize("province", ["01", "79", "22"])
def test_a_commune_is_searched_in_its_province_first(province: str) -> None:
    assert inputs.resolve("01", "An") in cached.plan_communes("01").index
    for code, name in cached.plan_communes(province)["name"].items():
        assert inputs.resolve(province, name) == code, name


def test_the_name_of_a_commune_elsewhere_is_not_taken_for_a_similar_one() -> None:
    assert inputs.resolve("22", "Phường Hoàn Kiếm") is None
    assert inputs.resolve("01", "06712") is None
    assert inputs.resolve("22", "") is None


@pytest.mark.parametrize("count", [1, 54, 168])
def test_registered_teams_without_a_base_all_stay(count: int) -> None:
    communes = cached.plan_communes("22")
    columns = ["lat", "lon", "days_per_week", "sessions_per_week"]
    places = pd.DataFrame(
        {
            "name": "Đội",
            "province_code": "22",
            "commune_code": None,
            "count": count,
            **dict.fromkeys(columns, float("nan")),
        },
        index=pd.Index(["d"], name="place_id"),
    )
    crews = assumptions.stored_teams(places, communes, 1.0, "{number}. {commune}")
    assert len(crews) == len({crew.team for crew in crews}) == count
    bases = {(crew.lat, crew.lon) for crew in crews}
    assert len(bases) == min(count, len(communes))
