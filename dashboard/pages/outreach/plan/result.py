"""The plan, top down: one sentence, key figures, then who goes where and when, and what more is to be known."""

from __future__ import annotations

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import Desk
from dashboard.pages.outreach.plan import agreement, canvas, charts, downloads, lists
from dashboard.services.proposal import Proposal
from dashboard.session import planner

TIGHT = 0.02
"""A plan proven to lie within this share of the best counts as good as the best."""


def render(desk: Desk, shown: Proposal) -> None:
    """Draw the plan."""
    text = desk.text
    st.html(
        tag(
            "div",
            tag("p", conclusion(shown, text), class_="rk-conclusion"),
            tag("p", sureness(shown, text), class_="rk-small"),
            tag("div", *(tag("span", mark, class_="rk-badge") for mark in marks(shown, text)), class_="rk-badges"),
            class_="rk-verdict",
        )
    )
    _tiles(shown, text)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="planner_views"):
        st.segmented_control(
            text("panel.choose"),
            planner.VIEWS,
            format_func=lambda view: text(f"planner.view_{view}"),
            key=planner.key("view"),
            required=True,
            label_visibility="collapsed",
        )
        st.space("stretch")
        downloads.render(desk, shown)
    view = planner.form("view")
    if view == "where":
        _where(desk, shown)
    elif view == "calendar":
        lists.calendar(shown, text)
    else:
        _further(view, shown, text)
    agreement.render(shown, text)


def conclusion(shown: Proposal, text: Texts) -> str:
    """Return in one sentence what is reached for what money."""
    told = shown.made.communes
    before, after = covered(shown, text)
    return text(
        "planner.conclusion" if before else "planner.conclusion_unknown",
        cost=text.number(shown.cost, 1),
        teams=shown.made.plan["team"].nunique(),
        sessions=text.number(float(told["sessions"].sum())),
        communes=text.number(float((told["sessions"] > 0).sum())),
        weeks=shown.settings.weeks,
        people=text.number(round(shown.people, -2 if shown.people >= 10_000 else -1)),
        before=before,
        after=after,
    )


def covered(shown: Proposal, text: Texts) -> tuple[str, str]:
    """Return the coverage of people before and after, percent, in as many digits as it takes; "" where unknown."""
    shares = shown.mean_coverage()
    if shares[0] != shares[0]:
        return "", ""
    digits = 1 if shares[1] >= 0.02 else 2
    before, after = (text.number(100 * share, digits) for share in shares)
    return before, after


def sureness(shown: Proposal, text: Texts) -> str:
    """Return in one sentence how sure that is: proof, robustness."""
    gap = shown.made.optimum.gap
    proof = text("planner.proof_tight" if gap <= TIGHT else "planner.proof_loose", gap=text.number(100 * gap, 2))
    robust = shown.settings.robust
    held = text("planner.held_no") if robust is None else text("planner.held_share", share=text.number(100 * robust))
    return f"{proof} {held}"


def marks(shown: Proposal, text: Texts) -> list[str]:
    """Return what the plan takes for granted, in a few words each."""
    crews = shown.settings.crews
    found = [text("planner.mark_figures")]
    if assumed := sum(crew.assumed for crew in crews):
        found.insert(0, text("planner.mark_teams", number=assumed))
    if not shown.given.logged:
        found.append(text("planner.mark_log"))
    if number := int(shown.given.communes["population_quality"].eq("modelled").sum()):
        found.append(text("planner.mark_people", number=number))
    if shown.modelled_ways:
        found.append(text("planner.mark_ways"))
    if unvalued := len(shown.problem.unvalued):
        found.append(text("planner.mark_unvalued", number=unvalued))
    return found


def _tiles(shown: Proposal, text: Texts) -> None:
    made, problem = shown.made, shown.problem
    before, after = covered(shown, text)
    days = float(made.plan["team_days"].sum())
    tiles = [
        (
            text("planner.tile_coverage"),
            text("planner.from_to", before=before, after=after) if before else text("planner.not_known"),
            text("planner.tile_coverage_note" if before else "planner.tile_no_log"),
        ),
        (
            text("planner.tile_people"),
            text.number(round(shown.people, -1)),
            text("planner.tile_people_note", contacts=text.number(float(made.plan["people_expected"].sum()))),
        ),
        (
            text("planner.tile_communes"),
            text("planner.of", part=int((made.communes["sessions"] > 0).sum()), whole=len(made.communes)),
            text("planner.tile_communes_note", sessions=text.number(float(made.plan["sessions"].sum()))),
        ),
        (
            text("planner.tile_cost"),
            text.number(shown.cost, 1),
            text("planner.tile_cost_note", money=text.number(problem.limits.money)),
        ),
        (
            text("planner.tile_days"),
            text.number(days, 0),
            text("planner.tile_days_note", days=text.number(float(problem.teams["days"].sum()))),
        ),
    ]
    st.html(
        tag(
            "div",
            *(
                tag("div", tag("span", name), tag("b", value), tag("small", note), class_="rk-tile")
                for name, value, note in tiles
            ),
            class_="rk-tiles rk-tiles-5",
        )
    )


def _where(desk: Desk, shown: Proposal) -> None:
    left, right = st.columns([1, 1.1], gap="small")
    with right:
        lists.filters(shown, desk.text)
        lists.table(shown, desk.text)
    with left:
        canvas.render(desk, shown)


def _further(view: str, shown: Proposal, text: Texts) -> None:
    """Draw what is reckoned only when it is asked for."""
    asked = (shown.settings, shown.number, text.language)
    with st.spinner(text("planner.reckoning")):
        if view == "more":
            charts.curve(cached.plan_curve(*asked), shown, text)
        elif view == "rules":
            charts.rules(cached.plan_beside(*asked), text)
        elif not shown.problem.limits.floors:
            st.info(text("planner.no_floors"), icon=":material/balance:")
        else:
            charts.prices(cached.plan_prices(*asked), shown, text)
