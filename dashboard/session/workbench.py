"""What an analyst holds in the session: settings, their history, locks, settings kept to compare, results.

Widgets are bound by key, their callbacks change the settings. Where the settings say something else than a widget
that is drawn (after an undo, or because a sibling moved), the widget is replaced by a new one under another key
(:func:`widget`): assigned to, it could still send what it held before, and that would look like a change by the
user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard.locale import LANGUAGES
from dashboard.scenario.address import PATTERNS, SECTIONS, Address, Known, read, write
from dashboard.scenario.analysis import KINDS, Settings
from dashboard.scenario.view import HOME, NATION
from dashboard.session import state
from models.index.framework import Framework
from models.index.tuning import WHOLE, moved, shares_in_parent

PREFIX = "bench."
PLACE = f"{PREFIX}place"
PRESET = f"{PREFIX}preset"
VIEW = f"{PREFIX}view"
VIEWS = SECTIONS
PATTERN = f"{PREFIX}pattern"
UNDO_STEPS = 50
MAPS = (f"{PREFIX}map.a", f"{PREFIX}map.b")
PATTERN_MAP = f"{PREFIX}map.pattern"
STARTS: Mapping[str, Any] = {
    "now": Settings(),
    "kept": Settings(),
    "undo": (),
    "locked": frozenset(),
    "moved": {},
    "turns": {},
    "commune": None,
    "results": {},
    "top": 20,
    "draws": 1000,
    "spread": 50,
    "varied": ("weights",),
    "samples": 128,
    "unit": None,
    "spot_way": "hot",
    "spot_node": "",
    "basis": "indicators",
    "cell": 2000.0,
    "floor": 10,
    "ignored": (),
}


def begin(known: Known) -> None:
    """Start a session of analysis, or go on with it; take over what the address asks for when it is new."""
    session = st.session_state
    for name, value in STARTS.items():
        session.setdefault(PREFIX + name, value)
    session.setdefault(VIEW, VIEWS[0])
    session.setdefault(PATTERN, PATTERNS[0])
    came_from = session.get("province", HOME)
    session.setdefault(PLACE, came_from if came_from in known.provinces else NATION)
    session.setdefault("language", LANGUAGES[0])
    query = state.address()
    if query and not state.is_ours(query, PREFIX):
        _open(*read(query, known))
    kept = ("language", PLACE, VIEW, PATTERN) if state.arrived("analyst") else ()
    for name in (*kept, *(PREFIX + name for name in STARTS)):
        session[name] = session[name]
    session["bench.address"] = {**dict(session.get("published") or session.get("bench.address", {}))}
    session["published"] = None


def _open(asked: Address, ignored: list[str]) -> None:
    """Show what an address asks for."""
    session = st.session_state
    session["language"], session[PLACE] = asked.language, asked.place
    session[VIEW], session[PATTERN] = asked.section, asked.pattern
    put("now", asked.settings)
    put("undo", ())
    put("locked", frozenset())
    put("ignored", tuple(ignored))


def publish() -> None:
    """Write what is shown into the address."""
    state.write_address(_written(), PREFIX)


def _written() -> dict[str, str]:
    session = st.session_state
    shown = Address(session["language"], session[PLACE], session[VIEW], session[PATTERN], settings())
    return write(shown)


def way_here() -> dict[str, str]:
    """Return the address of this page as it was left, in the language spoken now; empty before the first visit."""
    query = dict(st.session_state.get(f"{PREFIX}published") or {})
    return _spoken(query) if query else {}


def way_back() -> dict[str, str]:
    """Return the address of the map as it was left, in the language spoken now."""
    session = st.session_state
    return _spoken(dict(session.get("published") or session.get("bench.address", {})))


def _spoken(query: dict[str, str]) -> dict[str, str]:
    """Return an address in the language spoken now."""
    query.pop("lang", None)
    language = st.session_state.get("language", LANGUAGES[0])
    return query if language == LANGUAGES[0] else {**query, "lang": language}


def held(name: str) -> Any:
    """Return what the session holds under a name of :data:`STARTS`."""
    return st.session_state[PREFIX + name]


def put(name: str, value: Any) -> None:
    """Hold something else under a name of :data:`STARTS`."""
    st.session_state[PREFIX + name] = value


def settings() -> Settings:
    """Return the settings of this run."""
    return held("now")


def change(to: Settings) -> None:
    """Take other settings, and remember those from before."""
    if to != settings():
        put("undo", (*held("undo")[-UNDO_STEPS:], settings()))
        put("now", to)


def undo() -> None:
    """Go back to the settings from before the last change."""
    if held("undo"):
        *before, last = held("undo")
        put("undo", tuple(before))
        put("now", last)


def reset() -> None:
    """Go back to what the preset says; undo brings the changes back."""
    put("locked", frozenset())
    change(Settings(settings().preset))


def keep() -> None:
    """Keep the settings as side A of the comparison."""
    put("kept", settings())


def widget(name: str) -> str:
    """Return the key of the widget that shows something settings hold: its name and how often it was replaced."""
    return f"{name}.{held('turns').get(name, 0)}"


def share_name(code: str) -> str:
    """Return the name of the slider of a node, see :func:`widget`."""
    return f"{PREFIX}share.{code}"


def lock_key(code: str) -> str:
    """Return the key of the lock of a node."""
    return f"{PREFIX}lock.{code}"


def method_name(kind: str) -> str:
    """Return the name of the choice of a method, see :func:`widget`."""
    return f"{PREFIX}method.{kind}"


def show(framework: Framework) -> None:
    """Have every widget show what the settings say."""
    session, turns = st.session_state, dict(held("turns"))
    wanted: dict[str, Any] = {PRESET: settings().preset}
    wanted |= {method_name(kind): settings().method(kind) for kind in KINDS}
    wanted |= {share_name(code): _shown(share) for code, share in shares_in_parent(framework).items()}
    for name, value in wanted.items():
        key = widget(name)
        if key not in session or session[key] != value:
            turns[name] = turns.get(name, 0) + 1
            session[f"{name}.{turns[name]}"] = value
    put("turns", turns)


def _shown(share: float) -> float:
    return round(WHOLE * share, 4)


def _says_something(name: str, key: str, known: Any) -> bool:
    """Say whether a callback comes from the widget in force and tells something new.

    A widget that was replaced may still be drawn for a moment, and its browser may still report it.
    """
    return key == widget(name) and st.session_state[key] != known


def preset_chosen(key: str) -> None:
    """Start from another preset; methods stay."""
    if not _says_something(PRESET, key, settings().preset):
        return
    put("locked", frozenset())
    change(Settings(st.session_state[key], methods=settings().methods))


def method_chosen(kind: str, key: str) -> None:
    """Use another method."""
    if _says_something(method_name(kind), key, settings().method(kind)):
        change(settings().using(kind, st.session_state[key]))


def share_moved(code: str, key: str, framework: Framework, usual: Framework) -> None:
    """Give a node the share its slider shows; its siblings make room."""
    if not _says_something(share_name(code), key, _shown(shares_in_parent(framework)[code])):
        return
    share = st.session_state[key] / WHOLE
    after = settings().weighing(moved(framework, code, share, held("locked"), usual), usual)
    put("moved", {**held("moved"), after: code})
    change(after)


def balance() -> None:
    """Have weights mean how much each part is to matter, or mean weights again."""
    change(replace(settings(), balanced=not settings().balanced))


def offered(name: str, options: Sequence[Any], first: Any) -> None:
    """Have a choice hold an option there is: what it held before, if it still can be chosen."""
    if held(name) not in options:
        put(name, first)


def lock_turned(code: str) -> None:
    """Lock the share of a node in its parent, or free it."""
    put("locked", held("locked") ^ {code})


def clicked_on_map(key: str) -> None:
    """Mark the commune that was clicked on one of the two maps."""
    answer = st.session_state.get(key)
    if isinstance(answer, Mapping) and isinstance(answer.get("commune"), str):
        put("commune", answer["commune"])


def result(kind: str) -> Any:
    """Return the last result of a long computation: the settings it was made for, and what came out."""
    return held("results").get(kind)


def put_result(kind: str, made_for: Any, outcome: Any) -> None:
    """Hold on to the result of a long computation."""
    put("results", {**held("results"), kind: (made_for, outcome)})
