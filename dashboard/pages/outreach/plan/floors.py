"""What parts of the province must get at least: a list that can be edited, and a form that adds to it."""

from __future__ import annotations

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.services.proposal import OWN
from dashboard.session import planner
from geo.base.errors import InputError
from geo.layers.groups import commune_groups
from models.planning.plan import MEASURES
from models.planning.settings import FloorWish

GROUPS = ("remote", "border", "mountain", "island", "minority", "old_province", "old_district")


def render(place: str, text: Texts) -> tuple[FloorWish, ...]:
    """Draw the floors and return them."""
    wishes = planner.held("floors")
    with st.expander(text("planner.floors", number=len(wishes)), icon=":material/balance:"):
        st.caption(text("planner.floors_lead"))
        for position, wish in enumerate(wishes):
            _floor(position, wish, text)
        with st.popover(text("planner.floor_add"), icon=":material/add:", width="stretch"):
            _form(place, text)
    return planner.held("floors")


def floor_name(wish: FloorWish, text: Texts) -> str:
    """Return what the part of the province is called."""
    return part_name(wish.part, text) if wish.part else text.either(f"planner.group_{wish.group}", wish.group)


def part_name(part: str, text: Texts) -> str:
    """Return what a part of a group is called: most are names already."""
    return text.either(f"planner.part_{part}", part)


def _floor(position: int, wish: FloorWish, text: Texts) -> None:
    widget = f"{planner.PREFIX}floor.{planner.held('editor')}.{position}"
    share = wish.measure == "share"
    with st.container(key=f"planner_floor_{position}", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            f"{floor_name(wish, text)} · {text(f'planner.least_{wish.measure}')}",
            0.0,
            100.0 if share else 10_000.0,
            value=100 * wish.least if share else wish.least,
            step=5.0 if share else 1.0,
            format="%.0f",
            key=widget,
            on_change=planner.floor_moved,
            args=(position, widget),
        )
        st.button(
            "", icon=":material/delete:", key=f"{widget}.remove", type="tertiary", on_click=planner.remove_floor,
            args=(position,), help=text("planner.floor_remove"),
        )  # fmt: skip


def groups(place: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the groups a province has, each with its parts."""
    found = {}
    for group in GROUPS:
        try:
            parts = commune_groups(group, cached.plan_communes(place))
        except InputError:
            continue
        if parts and not (group == "old_province" and len(parts) < 2):
            found[group] = parts
    return found


def _form(place: str, text: Texts) -> None:
    """Draw what a new floor is made of."""
    known = groups(place)
    group = st.selectbox(
        text("planner.floor_for"),
        [*known, OWN],
        format_func=lambda one: text(f"planner.group_{one}"),
        key=planner.key("floor_group"),
    )
    part = ""
    codes: tuple[str, ...] = ()
    if group == OWN:
        part, codes = _own(place, text)
    elif len(known[group]) > 1:
        part = st.selectbox(
            text("planner.floor_part"),
            ["", *known[group]],
            format_func=lambda one: (
                part_name(one, text) if one else text("planner.each_part", number=len(known[group]))
            ),
            key=planner.key(f"floor_part.{place}.{group}"),
        )
    if group in ("minority", "island"):
        st.caption(text(f"planner.{group}_source"))
    covered = (
        codes if group == OWN else {code for one, mine in known[group].items() if part in ("", one) for code in mine}
    )
    st.html(tag("p", text("planner.floor_holds", number=len(covered)), class_="rk-small"))
    measure = st.selectbox(
        text("planner.floor_measure"),
        MEASURES,
        format_func=lambda one: text(f"planner.measure_{one}"),
        key=planner.key("floor_measure"),
    )
    share = measure == "share"
    st.number_input(
        text(f"planner.least_{measure}"), 0.0, 100.0 if share else 10_000.0, value=20.0 if share else 5.0,
        step=5.0 if share else 1.0, format="%.0f", key=planner.key(f"floor_least.{measure}"),
    )  # fmt: skip
    st.button(
        text("planner.floor_put"), key=planner.key("floor_put"), type="primary", on_click=_put, args=(place, text),
        disabled=not covered, width="stretch",
    )  # fmt: skip


def _put(place: str, text: Texts) -> None:
    """Add the floor as the form holds it at the click, which may be later than it was drawn."""
    group, measure = planner.drawn("floor_group"), planner.drawn("floor_measure")
    least = float(planner.drawn(f"floor_least.{measure}", 20.0 if measure == "share" else 5.0))
    part, codes = planner.drawn(f"floor_part.{place}.{group}", ""), ()
    if group == OWN:
        part = str(planner.drawn("own_name", "")).strip() or text("planner.own_usual")
        codes = tuple(planner.drawn("own_communes", ()))
    planner.add_floor(FloorWish(group, part, measure, least / 100 if measure == "share" else least, codes))


def _own(place: str, text: Texts) -> tuple[str, tuple[str, ...]]:
    names = cached.plan_communes(place)["name"]
    called = st.text_input(
        text("planner.own_name"), text("planner.own_usual"), max_chars=60, key=planner.key("own_name")
    )  # fmt: skip
    chosen = st.multiselect(
        text("planner.own_communes"), names.index, format_func=lambda code: names[code],
        key=planner.key("own_communes"),
    )  # fmt: skip
    return called.strip() or text("planner.own_usual"), tuple(chosen)
