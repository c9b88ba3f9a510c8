"""The map of the section: communes by coverage, access or gap, and the places that are registered."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from streamlit_folium import st_folium

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps import base, choropleth, palette, places
from dashboard.maps.choropleth import Classes
from dashboard.maps.legend import Row, Section, Symbol, as_message
from dashboard.pages.outreach.desk import Desk
from dashboard.scenario.naming import decimals
from dashboard.services.follow import Field
from dashboard.session import fieldwork
from geo.intake.places import with_points

HEIGHT = 430
CLASSES = 5
MAP = f"{fieldwork.PREFIX}map"
LOOKS: dict[str, tuple[str, str, int, bool]] = {
    "coverage": ("coverage", "priority", 1, False),
    "access": ("access", "dimension", 1, False),
    "gap": ("burden", "risk", 0, False),
}
"""Column, palette, decimals, and whether low values are dark."""
STEPS = (1.0, 5.0, 15.0, 30.0)
"""Percent of the people between the classes of coverage."""


def render(known: Field, desk: Desk, measure: str) -> None:
    """Draw the map; a click on a commune chooses it."""
    st_folium(
        base.constant_map(),
        key=MAP,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=base.update_group(message(known, desk, measure)),
        on_change=partial(fieldwork.clicked_on_map, MAP),
    )


def message(known: Field, desk: Desk, measure: str) -> dict[str, Any]:
    """Return everything the map has to know about this run."""
    text = desk.text
    geometry = cached.geometry(desk.place)
    column, ramp, digits, reverse = LOOKS[measure]
    values = known.communes[column].loc[geometry["codes"]]
    values = 100 * values if measure == "coverage" else values
    classes = steps(values) if measure == "coverage" else choropleth.classify(values, "natural_breaks", CLASSES)
    digits = decimals(values) if measure == "access" else digits
    drawn = (values, classes, ramp, digits)
    title, unit = text(f"coverage.layer_{measure}"), text(f"coverage.unit_{measure}")
    note = text(f"coverage.note_{measure}")
    if known.synthetic and measure != "access":
        note = f"{note} {text('coverage.note_synthetic')}"
    titled = f"{title} ({unit})"
    legend = choropleth.legend(*drawn, text, titled, note, reverse=reverse)
    if measure == "coverage":
        legend = _stepped(classes, text, titled, note)
    legends = [legend]
    located = _located(desk)
    if len(located):
        legends.append(places.legend(located, text))
    chosen = fieldwork.held("commune")
    return {
        "base": cached.context_url(),
        "geometry": geometry["url"],
        "fit": geometry["fit"],
        "nation": desk.nation,
        "language": text.language,
        "selected": chosen if chosen in geometry["codes"] else None,
        "title": title,
        "unit": unit,
        **choropleth.message(*drawn, reverse=reverse),
        "overlays": {"places": places.overlay(located, text)} if len(located) else {},
        "legend": as_message(legends),
        "words": base.words(text),
    }


def steps(values: pd.Series) -> Classes:
    """Return the classes of coverage, always the same, so that a pale map means that few people are reached.

    Examples
    --------
    >>> steps(pd.Series([0.0, 3.0, 80.0, None])).number.tolist()
    [0, 1, 4, -1]
    """
    number = np.searchsorted(STEPS, values.to_numpy(float), side="right")
    return Classes(pd.Series(np.where(values.isna(), -1, number), values.index), (0.0, *STEPS, 100.0))


def _stepped(classes: Classes, text: Texts, title: str, note: str) -> Section:
    spans = [text("coverage.step_first", high=text.number(STEPS[0]))]
    ends = (*STEPS, 100.0)
    spans += [text("coverage.step", low=text.number(low), high=text.number(high)) for low, high in pairwise(ends)]
    drawn = zip(choropleth.colours(classes, LOOKS["coverage"][1]), spans, classes.counts(), strict=True)
    rows = [Row(Symbol("fill", colour, "#7f8a90"), span, text.number(count)) for colour, span, count in drawn][::-1]
    if classes.missing():
        missing = Symbol("fill", palette.NO_DATA, "#7f8a90")
        rows.append(Row(missing, text("coverage.no_log"), text.number(classes.missing())))
    return Section("choropleth", title, tuple(rows), note)


def _located(desk: Desk) -> pd.DataFrame:
    every = desk.store.places()
    here = every if desk.nation else every[every["province_code"] == desk.place]
    found = with_points(here)
    return found[found["placed"] != ""]
