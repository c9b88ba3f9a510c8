"""What the outreach page holds in the session, and its address: section, province, language.

Widgets are bound by key; sections keep what is theirs under names that begin with :data:`PREFIX`.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from dashboard.locale import LANGUAGES
from dashboard.scenario.view import HOME, NATION
from dashboard.session.state import STALE_SECONDS

PREFIX = "field."
PLACE = f"{PREFIX}place"
SECTION = f"{PREFIX}section"
ADDRESS = f"{PREFIX}address"
REPLACED = f"{PREFIX}replaced"


def begin(sections: Collection[str], provinces: Collection[str]) -> None:
    """Take over what the address asks for when it is new; what does not exist is passed over.

    Parameters
    ----------
    sections
        Keys of the sections; the first is shown unless the address says otherwise.
    provinces
        Codes that exist.
    """
    session = st.session_state
    session.setdefault("language", LANGUAGES[0])
    came_from = session.get("province", HOME)
    session.setdefault(PLACE, came_from if came_from in provinces else NATION)
    session.setdefault(SECTION, next(iter(sections)))
    query = {name: st.query_params[name] for name in st.query_params}
    if not _is_ours(query):
        wanted = (
            ("lang", "language", LANGUAGES),
            ("province", PLACE, {*provinces, NATION}),
            ("section", SECTION, sections),
        )
        for name, key, known in wanted:
            if query.get(name) in known:
                session[key] = query[name]
    for name in ("language", PLACE, SECTION):
        session[name] = session[name]
    _remember_map()


def publish() -> None:
    """Write what is shown into the address."""
    session = st.session_state
    query = {"section": session[SECTION], "province": session[PLACE]}
    if session["language"] != LANGUAGES[0]:
        query["lang"] = session["language"]
    before = session.get(ADDRESS)
    if before is not None and before != query:
        recent = [(old, at) for old, at in session.get(REPLACED, []) if time.monotonic() - at < STALE_SECONDS]
        session[REPLACED] = [*recent, (before, time.monotonic())]
    session[ADDRESS] = query
    if query != {name: st.query_params[name] for name in st.query_params}:
        st.query_params.from_dict(query)


def way_back() -> dict[str, str]:
    """Return the address of the page as it was left, in the language spoken now."""
    session = st.session_state
    query = dict(session.get(ADDRESS) or {})
    if query and session.get("language", LANGUAGES[0]) != LANGUAGES[0]:
        return {**query, "lang": session["language"]}
    query.pop("lang", None)
    return query


def language() -> str:
    """Return the language spoken now."""
    return st.session_state.get("language", LANGUAGES[0])


def section() -> str:
    """Return the section shown."""
    return st.session_state[SECTION]


def place() -> str:
    """Return the code of the province shown, or the nation."""
    return st.session_state[PLACE]


def held(name: str, otherwise: Any = None) -> Any:
    """Return what a section holds under a name."""
    return st.session_state.get(PREFIX + name, otherwise)


def put(name: str, value: Any) -> None:
    """Hold something under a name; never for a widget that is drawn already in this run."""
    st.session_state[PREFIX + name] = value


def keep(*names: str) -> None:
    """Hold on to what widgets that are not drawn in this run would forget."""
    for name in names:
        if PREFIX + name in st.session_state:
            st.session_state[PREFIX + name] = st.session_state[PREFIX + name]


def settle(name: str, known: Collection[Any], otherwise: Any) -> None:
    """Before a widget is drawn: let it hold one of ``known``, by default ``otherwise``."""
    if st.session_state.get(PREFIX + name) not in known:
        st.session_state[PREFIX + name] = otherwise


def settle_number(name: str, otherwise: float) -> None:
    """Before a widget is drawn: let it hold a number, by default ``otherwise``."""
    st.session_state.setdefault(PREFIX + name, otherwise)


def go(section: str) -> None:
    """Show another section; for callbacks."""
    st.session_state[SECTION] = section


def clicked_on_map(key: str) -> None:
    """Choose the commune that was clicked on a map of this page."""
    answer = st.session_state.get(key)
    if isinstance(answer, Mapping) and isinstance(answer.get("commune"), str):
        put("commune", answer["commune"])


def _is_ours(query: Mapping[str, str]) -> bool:
    """Say whether this page wrote the address itself, now or a moment ago."""
    session = st.session_state
    if session.get(ADDRESS) == query:
        return True
    now = time.monotonic()
    return any(old == query and now - at < STALE_SECONDS for old, at in session.get(REPLACED, []))


def _remember_map() -> None:
    """Keep the address of the map, which is read anew when somebody goes back to it."""
    session = st.session_state
    session["bench.address"] = {**dict(session.get("published") or session.get("bench.address", {}))}
    session["published"] = None
