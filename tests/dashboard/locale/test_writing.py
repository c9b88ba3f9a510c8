"""Numbers and days follow the language of the page, on every page, in every view of it."""

import datetime as dt

import altair as alt
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.export import printable
from dashboard.locale import LANGUAGES, texts
from dashboard.pages.analyst import PARTS
from dashboard.pages.analyst.patterns import PARTS as PATTERNS
from dashboard.scenario.area import Area
from dashboard.session import fieldwork, planner
from dashboard.store import open_store
from dashboard.ui.charts import localised
from tests.dashboard.pages import test_analyst, test_outreach_follow, test_outreach_plan, test_patterns
from tests.dashboard.pages import test_risk_map as test_page
from tests.helpers.writing import faults, spec_faults, wrong

SECTIONS = ("log", "coverage", "plan", "monitoring", "province")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


@BOTH
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"province": "VN", "overlays": "crossings,zones,flows,outreach"},
        {"commune": "06685", "layer": "remoteness"},
        {"layer": "income", "tab": "ranking"},
        {"layer": "priority"},
    ],
    ids=["province", "nation", "commune", "indicator", "priority"],
)
def test_the_map_page(language: str, query: dict[str, str]) -> None:
    app = test_page.page(lang=language, **query)
    assert faults(app, language) == []
    app.segmented_control(key="tab").set_value("ranking")
    assert faults(test_page.run(app), language) == []


def analyst_page(language: str, **query: str) -> AppTest:
    return test_patterns.opened(lang=language, place="22", **query)


def pressed(app: AppTest, button: str) -> AppTest:
    """Start a computation and look at what it found."""
    app.button(key=button).click()
    test_analyst.run(app)
    return test_analyst.run(app)


@BOTH
@pytest.mark.parametrize("section", [section for section in PARTS if section != "patterns"])
def test_the_analysts_page(language: str, section: str) -> None:
    app = analyst_page(language, section=section)
    if section == "doubt":
        app.selectbox(key="bench.draws").set_value(200)
        pressed(app, "bench.run")
    if section == "influence":
        app.selectbox(key="bench.samples").set_value(64)
        pressed(app, "bench.run_sobol")
    assert faults(app, language) == []


@BOTH
@pytest.mark.parametrize("pattern", list(PATTERNS))
def test_the_patterns(language: str, pattern: str) -> None:
    app = analyst_page(language, section="patterns", pattern=pattern)
    if pattern == "types":
        pressed(app, "bench.run_types")
    if pattern == "terrain":
        app.file_uploader(key="bench.incidents").set_value(("a.csv", test_patterns.incidents(), "text/csv"))
        app.selectbox(key="bench.cell").set_value(5000.0)
        pressed(test_analyst.run(app), "bench.run_terrain")
    assert test_analyst.charts(app) >= (pattern in ("types", "terrain", "pathways"))
    assert faults(app, language) == []


def outreach_page(language: str, **query: str) -> AppTest:
    return test_outreach_follow.page(lang=language, **query)


@BOTH
@pytest.mark.parametrize("section", SECTIONS)
def test_the_outreach_page(language: str, section: str) -> None:
    assert faults(outreach_page(language, section=section, province="22"), language) == []


@BOTH
def test_registered_places_and_the_checklist(language: str) -> None:
    app = outreach_page(language, section="coverage", province="22")
    app.button(key="field.places.reported").click()
    assert faults(test_outreach_follow.run(app), language) == []
    app = test_outreach_follow.to_checklist(outreach_page(language, section="province", province="19"))
    app.button(key="field.checklist.make").click()
    assert faults(test_outreach_follow.run(app), language) == []


@BOTH
def test_a_plan_in_all_its_views(language: str) -> None:
    app = test_outreach_plan.make(test_outreach_plan.page(lang=language))
    for view in planner.VIEWS:
        app.segmented_control(key=planner.key("view")).set_value(view)
        assert faults(test_outreach_plan.run(app), language) == [], view
    app.button(key=planner.key("siting_run")).click()
    assert faults(test_outreach_plan.run(app), language) == []
    app.button(key=planner.key("kinds_open")).click()
    assert faults(test_outreach_plan.run(app), language) == []


@BOTH
def test_a_plan_that_is_followed(language: str) -> None:
    store = open_store()
    store.add_plan(test_outreach_follow.plan_of("22", "06685"))
    store.add_activities(
        test_outreach_follow.activity("06685", "2024-10-01", "1120"), kind="file", name="ket_qua.csv"
    )
    app = outreach_page(language, section="monitoring", province="22")
    assert faults(app, language) == []
    app = outreach_page(language, section="log", province="22")
    for view in ("file", "form", "batches"):
        app.session_state[f"{fieldwork.PREFIX}log.view"] = view
        assert faults(test_outreach_follow.run(app), language) == [], view


@BOTH
def test_the_printed_list(language: str) -> None:
    text = texts(language)
    stop = printable.Stop("06712", "A", "B", "C", "3", 43.12, 27_500.0, 306.0, None, "D", share=0.034)
    page = printable.page([stop], "B", Area("22", text), digest="abc", made=dt.date(2026, 4, 30))
    bare = page.partition("</style>")[2]
    assert wrong(bare, language) == []
    assert wrong(bare, "vi" if language == "en" else "en")


def made_up() -> None:
    """A page that writes nothing as its language does."""
    import datetime as dt

    import altair as alt
    import pandas as pd
    import streamlit as st

    score = st.column_config.NumberColumn(format="%.1f")
    st.caption("38.3 and 58,182 people on 2026-04-30, 30 Apr 2026")
    st.dataframe(pd.DataFrame({"people": [58182.0]}))
    st.dataframe(pd.DataFrame({"score": [43.25]}), column_config={"score": score})
    st.dataframe(pd.DataFrame({"day": [dt.date(2026, 4, 30)]}))
    st.slider("weight", 0.0, 5.0, 2.5, format="%.1f")
    st.number_input("days", 0.0, 7.0, 1.5)
    st.altair_chart(alt.Chart(pd.DataFrame({"day": ["2026-04-30"], "x": [1]})).mark_bar().encode(x="x:Q"))


def test_a_page_that_writes_as_the_browser_does_is_found_out() -> None:
    app = AppTest.from_function(made_up).run()
    assert not app.exception
    found = "\n".join(faults(app, "vi"))
    for fault in (
        "caption.body: 38.3", "58,182", "2026-04-30", "30 Apr", "column people", "format %.1f", "column day",
        "slider", "number input", "numbers with (None, None)", "months",
    ):  # fmt: skip
        assert fault in found, fault


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "43,0"), ("vi", "58.182 người"), ("vi", "ngày 30/04/2026"), ("vi", "−0,35"), ("vi", "1.234,5 km"),
        ("en", "43.0"), ("en", "58,182 people"), ("en", "30 Apr 2026"), ("en", "−0.35"), ("en", "1,234.5 km"),
    ],
)  # fmt: skip
def test_what_one_language_writes_the_other_does_not(language: str, text: str) -> None:
    assert wrong(text, language) == []
    assert wrong(text, "en" if language == "vi" else "vi")


def test_a_chart_must_name_the_language_and_leave_days_to_it() -> None:
    frame = pd.DataFrame({"day": pd.to_datetime(["2026-04-30"]), "value": [0.5]})
    chart = alt.Chart(frame).mark_line().encode(x="day:T", y="value:Q")
    assert spec_faults(chart.to_dict(), "vi")
    for language in LANGUAGES:
        spec = localised(chart, texts(language)).to_dict()
        assert spec_faults(spec, language) == []
        assert spec_faults(spec, "en" if language == "vi" else "vi")
    own = chart.encode(tooltip=alt.Tooltip("day:T", format="%d/%m/%Y"))
    assert spec_faults(localised(own, texts("en")).to_dict(), "en") == ["days as %d/%m/%Y"]
