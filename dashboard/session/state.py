"""The only place that touches the session and the address of the page.

Widgets are bound by key; the callbacks here change what they hold. At the start of a run the address is read if
somebody changed it, at the end it is written.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.scenario.view import NATION, Choices, View, changed_weights, read, write

MAP = "map"
TABS = ("next", "burden", "ranking", "commune")
UNDO_STEPS = 50
STALE_SECONDS = 8.0
"""An address this page replaced is not taken for a new one for so long."""


def weight_key(node: str) -> str:
    """Return the key of the slider of a node."""
    return f"weight.{node}"


def begin(choices: Choices, usual: Mapping[str, float]) -> list[str]:
    """Take over what the address asks for when it is new; return the parameters in it that mean nothing.

    Parameters
    ----------
    choices
        What exists.
    usual
        The weight of every node as the framework has it.
    """
    arrived("risk_map")
    query = address()
    if is_ours(query):
        return list(st.session_state.get("ignored", []))
    view, ignored = read(query, choices)
    session = st.session_state
    session["language"] = view.language
    session["province"] = view.province
    session["layer"] = view.layer
    session["scheme"] = view.scheme
    session["classes"] = view.classes
    session["overlays"] = list(view.overlays)
    session["commune"] = view.commune
    session["tab"] = "commune" if view.commune else "next"
    session["count"] = session.get("count", 10)
    session["usual"] = dict(usual)
    _set_weights({**usual, **dict(view.weights)})
    session["undo"] = []
    session["ignored"] = ignored
    session["published"] = query
    return ignored


def view(usual: Mapping[str, float]) -> View:
    """Return what the widgets hold now."""
    session = st.session_state
    held = {node: float(session[weight_key(node)]) for node in usual}
    return View(
        language=session["language"],
        province=session["province"],
        layer=session["layer"],
        scheme=session["scheme"],
        classes=session["classes"],
        overlays=tuple(session["overlays"]),
        commune=session["commune"],
        weights=changed_weights(held, usual),
    )


def publish(shown: View) -> None:
    """Write what is shown into the address."""
    write_address(write(shown))


def address() -> dict[str, str]:
    """Return the parameters of the address."""
    return {name: st.query_params[name] for name in st.query_params}


def write_address(query: Mapping[str, str], page: str = "") -> None:
    """Write parameters into the address, and remember which ones this page wrote a moment ago."""
    session, published, replaced = st.session_state, f"{page}published", f"{page}replaced"
    if query != session.get(published):
        now = time.monotonic()
        recent = [(old, since) for old, since in session.get(replaced, []) if now - since < STALE_SECONDS]
        session[replaced] = [*recent, (session.get(published), now)]
        session[published] = dict(query)
    if query != address():
        st.query_params.from_dict(dict(query))


def is_ours(query: Mapping[str, str], page: str = "") -> bool:
    """Say whether a page wrote the address itself.

    While a slider moves, the browser sends its next value together with the address of a moment ago; taking that for
    a new address would undo the slider.
    """
    session = st.session_state
    if session.get(f"{page}published") == query:
        return True
    now = time.monotonic()
    return any(old == query and now - since < STALE_SECONDS for old, since in session.get(f"{page}replaced", []))


def arrived(page: str) -> bool:
    """Say whether another page, or none, was drawn before this one; widgets of that page are gone after this run."""
    session = st.session_state
    before, session["page"] = session.get("page"), page
    return before != page


def keep(*names: str) -> None:
    """Hold on to what widgets that are not drawn in this run would forget.

    Never to be called for a widget that is drawn: its value would be sent back to the browser and undo what the user
    has set there in the meantime.
    """
    for name in names:
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def weight_changed() -> None:
    """Remember the weights from before a slider moved."""
    session = st.session_state
    session["undo"] = [*session["undo"][-UNDO_STEPS:], session["weights"]]
    session["weights"] = {node: float(session[weight_key(node)]) for node in session["usual"]}


def can_undo() -> bool:
    """Say whether there is a change of weights to take back."""
    return bool(st.session_state["undo"])


def undo_weights() -> None:
    """Take back the last change of weights."""
    session = st.session_state
    if session["undo"]:
        before = session["undo"][-1]
        session["undo"] = session["undo"][:-1]
        _set_weights(before)


def reset_weights() -> None:
    """Give every weight the value of the framework; undo brings the former ones back."""
    session = st.session_state
    if session["weights"] != session["usual"]:
        session["undo"] = [*session["undo"][-UNDO_STEPS:], session["weights"]]
        _set_weights(session["usual"])


def language_changed() -> None:
    """Send the choices again, so that their labels are written in the new language."""
    keep("province", "layer", "scheme", "count", "overlays", "tab")


def go(province: str) -> None:
    """Show another province."""
    if province != st.session_state["province"]:
        st.session_state["province"] = province
        province_changed()


def province_changed() -> None:
    """Let go of the commune: it lies in another province."""
    st.session_state["commune"] = None
    if st.session_state["tab"] == "commune":
        st.session_state["tab"] = "next"


def choose(commune: str | None, province: str | None = None) -> None:
    """Select a commune, or none; with ``province`` the map goes there."""
    session = st.session_state
    if province is not None and session["province"] not in (NATION, province):
        session["province"] = province
    _select(commune)
    session["search"] = ""


def clicked_on_map() -> None:
    """Select the commune that was clicked on the map."""
    answer = st.session_state.get(MAP)
    if isinstance(answer, Mapping) and isinstance(answer.get("commune"), str):
        choose(answer["commune"])


def picked_in_table(key: str, codes: list[str]) -> None:
    """Select the commune whose row was clicked."""
    selection = st.session_state[key]["selection"]
    rows = selection.get("rows") or [cell[0] for cell in selection.get("cells", [])]
    if rows and rows[0] < len(codes):
        _select(codes[rows[0]])


def commune_is(known: Any) -> str | None:
    """Return the commune selected if it is among those shown; a click can name any code."""
    code = st.session_state["commune"]
    if code is not None and code not in known:
        st.session_state["commune"] = None
        return None
    return code


def with_commune(shown: View) -> View:
    """Return the view with the commune as it is held now."""
    return replace(shown, commune=st.session_state["commune"])


def _select(commune: str | None) -> None:
    """Select a commune and show its panel, or none and show the list it was chosen from."""
    session = st.session_state
    if commune and session["tab"] != "commune":
        session["list"] = session["tab"]
    session["commune"] = commune
    session["tab"] = "commune" if commune else session.get("list", "next")


def _set_weights(weights: Mapping[str, float]) -> None:
    st.session_state["weights"] = dict(weights)
    for node, weight in weights.items():
        st.session_state[weight_key(node)] = float(weight)
