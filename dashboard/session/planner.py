"""What a planner holds in the session: the form, lists that no widget holds, the plan shown.

Widgets are bound by key. Streamlit forgets a widget that is not drawn; what it held is kept beside it and given back
when it is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from models.planning.settings import FloorWish, PlanSettings

PREFIX = "planner."
FORM = (
    "start", "weeks", "money", "source", "count", "days", "volunteer_days", "most_per_commune", "most_hours",
    "travel_cost", "robust", "ratio", "seconds", "include", "exclude", "view", "layer", "team", "week",
)  # fmt: skip
"""Widgets by name; what each holds when nobody has touched it is given to :func:`begin`."""
STARTS: Mapping[str, Any] = {
    "place": None,
    "usual": None,
    "kept": {},
    "floors": (),
    "file_crews": None,
    "file_name": "",
    "measured": (),
    "measured_name": "",
    "kinds": None,
    "editor": 0,
    "unknown": (),
    "asked": None,
    "opened": 0,
    "fault": None,
    "commune": None,
    "said": "",
    "sited": None,
}
EVERY = ""
"""Choice of a filter that leaves everything in."""
VIEWS = ("where", "calendar", "more", "rules", "floors")
LAYERS = ("sessions", "coverage", "risk")


def key(name: str) -> str:
    """Return the key of a widget."""
    return PREFIX + name


def held(name: str) -> Any:
    """Return what the session holds under a name of :data:`STARTS`."""
    return st.session_state[PREFIX + name]


def put(name: str, value: Any) -> None:
    """Hold something else under a name of :data:`STARTS`."""
    st.session_state[PREFIX + name] = value


def form(name: str) -> Any:
    """Return what a widget of the form holds, drawn or not."""
    return st.session_state.get(PREFIX + name, held("kept").get(name))


def drawn(name: str, otherwise: Any = None) -> Any:
    """Return what a widget outside the form holds at this moment."""
    return st.session_state.get(PREFIX + name, otherwise)


def begin(place: str, usual: Callable[[], PlanSettings]) -> None:
    """Start or go on; in another province the form starts anew.

    Parameters
    ----------
    place
        Code of the province.
    usual
        Gives the settings a plan starts with there.
    """
    session = st.session_state
    for name, value in STARTS.items():
        session.setdefault(PREFIX + name, value)
    if held("place") != place:
        put("place", place)
        fill(usual())
        for name in ("file_crews", "asked", "fault", "commune", "sited"):
            put(name, STARTS[name])
        for name in ("measured", "measured_name", "file_name", "unknown", "opened", "said"):
            put(name, STARTS[name])
    values = dict(held("kept"))
    for name in FORM:
        if PREFIX + name in session:
            values[name] = session[PREFIX + name]
        else:
            session[PREFIX + name] = values[name]
    put("kept", values)


def fill(settings: PlanSettings) -> None:
    """Set the form to settings; in a callback or before the widgets are drawn."""
    values: dict[str, Any] = {
        "start": settings.start,
        "weeks": settings.weeks,
        "money": float(settings.money),
        "source": settings.source,
        "count": len(settings.crews),
        "days": settings.crews[0].days_per_week if settings.crews else 1.0,
        "volunteer_days": settings.volunteer_days,
        "most_per_commune": settings.most_per_commune,
        "most_hours": settings.most_hours,
        "travel_cost": settings.travel_cost,
        "robust": settings.robust or 0.0,
        "ratio": settings.ratio,
        "seconds": settings.seconds,
        "include": list(settings.include),
        "exclude": list(settings.exclude),
        "view": VIEWS[0],
        "layer": LAYERS[0],
        "team": EVERY,
        "week": EVERY,
    }
    for name, value in values.items():
        st.session_state[PREFIX + name] = value
    put("kept", values)
    put("usual", settings)
    put("floors", settings.floors)
    put("kinds", settings.kinds)
    put("editor", held("editor") + 1)
    put("measured", settings.measured)


def add_floor(wish: FloorWish) -> None:
    """Add a floor; one of the same group, part and measure takes the place of the former one."""
    same = (wish.group, wish.part, wish.measure)
    rest = tuple(one for one in held("floors") if (one.group, one.part, one.measure) != same)
    put("floors", (*rest, wish))
    put("editor", held("editor") + 1)


def remove_floor(place: int) -> None:
    """Remove a floor."""
    put("floors", tuple(one for position, one in enumerate(held("floors")) if position != place))
    put("editor", held("editor") + 1)


def floor_moved(place: int, widget: str) -> None:
    """Take over the number of a floor."""
    wish = held("floors")[place]
    least = float(st.session_state[widget])
    changed = replace(wish, least=least / 100 if wish.measure == "share" else least)
    put("floors", (*held("floors")[:place], changed, *held("floors")[place + 1 :]))


def show(settings: PlanSettings) -> None:
    """Show the plan of these settings from now on."""
    put("asked", settings)
    put("opened", 0)
    put("fault", None)
    _fresh()


def open_plan(number: int) -> None:
    """Show a plan of the store from now on."""
    put("opened", number)
    put("fault", None)
    _fresh()


def close_plan() -> None:
    """Show the plan made last again."""
    put("opened", 0)
    _fresh()


def _fresh() -> None:
    put("commune", None)
    put("said", "")
    for name in ("team", "week"):
        st.session_state[PREFIX + name] = EVERY


def fail(settings: PlanSettings, error: Exception) -> None:
    """Say why there is no plan of these settings; nothing of the form is lost."""
    put("asked", None)
    put("opened", 0)
    put("fault", (settings, error))


def clicked_on_map() -> None:
    """Mark the commune that was clicked on the map."""
    answer = st.session_state.get(key("map"))
    if isinstance(answer, Mapping) and isinstance(answer.get("commune"), str):
        put("commune", answer["commune"])


def named(name: str, resolve: Callable[[str], str | None]) -> None:
    """Turn what was typed into a list of communes into codes; what names no commune is left out and said."""
    found, unknown = [], []
    for text in st.session_state[PREFIX + name]:
        code = resolve(text)
        if code is None:
            unknown.append(text)
        elif code not in found:
            found.append(code)
    st.session_state[PREFIX + name] = found
    put("unknown", tuple(unknown))
