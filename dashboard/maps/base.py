"""The map itself: one constant folium map, and the small group that tells it what to show.

The map never changes, so the browser never builds it again: every update is a call of ``riskmap.update`` with some
kilobytes. Scripts, style and typeface come from ``static/``; there is no tile server.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import folium
from folium.template import Template

from dashboard.locale import Texts
from dashboard.maps import escape, palette
from geo.base import paths

STATIC = "../../app/static/"
SCRIPTS = ("map/legend.js", "map/overlays.js", "map/map.js")
PLACES = (
    ("china", "country", (23.9, 106.2)),
    ("laos", "country", (19.6, 102.6)),
    ("cambodia", "country", (12.7, 105.2)),
    ("thailand", "country", (15.6, 102.6)),
    ("east_sea", "sea", (14.6, 111.6)),
    ("hoang_sa", "islands", (16.9, 112.2)),
    ("truong_sa", "islands", (10.8, 113.6)),
)
"""Names on the map: key of the text ``place.<key>``, kind, latitude and longitude."""
FAR = ("20333", "22736")
"""Hoàng Sa and Trường Sa: on the map, but a province does not open zoomed out to them."""
COLOURS = {
    "land": palette.LAND,
    "neighbour": palette.NEIGHBOUR_LAND,
    "beyond": "#eeede9",
    "coast": "#c9cdc6",
    "province": "#8d979c",
    "border": "#6d5a4e",
}
NATION_VIEW = [[8.2, 101.0], [23.5, 112.7]]


@cache
def asset(path: str) -> str:
    """Return the address of a static file of ours, which changes when its content does."""
    content = (paths.STATIC / path).read_bytes()
    return f"{STATIC}{path}?v={hashlib.sha256(content).hexdigest()[:8]}"


def constant_map() -> folium.Map:
    """Return the map that is the same for every user, province and setting; all its assets are served by the app."""
    made = folium.Map(
        location=[16.2, 106.8],
        zoom_start=6,
        tiles=None,
        zoom_snap=0.25,
        zoom_delta=0.75,
        control_scale=False,
        attributionControl=False,
        font_size="13px",
    )
    made.default_js = [(path, asset(path)) for path in ("vendor/leaflet/leaflet.js", *SCRIPTS)]
    made.default_css = [
        (path, asset(path))
        for path in ("vendor/leaflet/leaflet.css", "vendor/be-vietnam-pro/font.css", "map/map.css")
    ]
    return made


def words(text: Texts) -> dict[str, str]:
    """Return the words of the map itself."""
    return {name: text(f"map.{name}") for name in ("no_data", "failed", "zoom_in", "zoom_out")}


class Update(folium.MacroElement):
    """What the map is to show now, written as a call of its script."""

    _template = Template("{% macro script(this, kwargs) %}riskmap.update(map_div, {{ this.message }});{% endmacro %}")

    def __init__(self, message: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "Update"
        self.message = escape.script(dict(message))


def update_group(message: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return the group that carries an update; ``version`` tells one update from another."""
    written = escape.script(dict(message))
    version = hashlib.sha256(written.encode()).hexdigest()[:12]
    group = folium.FeatureGroup(name="riskmap", control=False)
    Update({**message, "version": version}).add_to(group)
    return group
