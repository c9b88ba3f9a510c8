"""The only place that caches: data are read once per server, assessed once per set of weights, drawn once per file."""

from __future__ import annotations

import gc
import mimetypes
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from dashboard.locale import LANGUAGES, texts
from dashboard.maps import base, crossings, palette, shapes, zones
from dashboard.view import NATION, Choices, public_nodes
from geo import borders, boundaries, layers, names, units
from models import briefing

ASSESSMENTS = 64
"""Sets of weights kept; one holds some megabytes."""


@st.cache_resource(show_spinner=False)
def warm() -> bool:
    """Read everything once, then tell the garbage collector that it stays.

    Streamlit collects after every run while it holds the interpreter; what is frozen is not looked at again.
    """
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")
    context_url()
    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(show_spinner=False)
def current_outlines() -> boundaries.Boundaries:
    """Return the outlines in use now."""
    return boundaries.load()


@st.cache_resource(show_spinner=False, max_entries=80)
def geometry(province: str) -> dict[str, Any]:
    """Write the static file of a province or the nation, once, and return its address, order and first view."""
    loaded = current_outlines()
    frame = loaded.frame if province == NATION else loaded.frame[loaded.frame["province_code"] == province]
    tolerance = shapes.NATION_TOLERANCE_M if province == NATION else shapes.PROVINCE_TOLERANCE_M
    path = f"{shapes.digest(loaded.digest, tolerance)}/{province}.json"
    if not shapes.published(path):
        short = units.provinces()["short_name"]
        shapes.publish(path, shapes.communes(shapes.simplified(frame, tolerance), units.communes(), short))
    fit = base.NATION_VIEW if province == NATION else shapes.bounds(frame, base.FAR)
    return {"url": shapes.address(path), "codes": frame.index, "fit": fit}


@st.cache_resource(show_spinner=False)
def context_url() -> str:
    """Write the file of what lies around the communes, once, and return its address."""
    loaded = current_outlines()
    path = f"{shapes.digest(loaded.digest, base.PLACES, palette.LAND)}/context.json"
    if not shapes.published(path):
        frame = shapes.simplified(loaded.frame, shapes.NATION_TOLERANCE_M)
        places = [
            {"kind": kind, "at": list(at), **{language: texts(language)(f"place.{key}") for language in LANGUAGES}}
            for key, kind, at in base.PLACES
        ]
        colours = {
            "land": palette.LAND,
            "neighbour": palette.NEIGHBOUR_LAND,
            "coast": "#c9cdc6",
            "province": "#8d979c",
            "border": "#6d5a4e",
        }
        shapes.publish(
            path,
            shapes.context(
                shapes.province_outlines(frame),
                list(borders.neighbours().geometry),
                list(borders.land_border_lines().geometry),
                places,
                colours,
            ),
        )
    return shapes.address(path)


@st.cache_resource(show_spinner=False)
def crossings_url() -> str:
    """Write the file of border crossings, once, and return its address."""
    return _published("crossings", crossings.points(layers.border_crossings()))


@st.cache_resource(show_spinner=False)
def zones_url() -> str:
    """Write the file of industrial zones, once, and return its address."""
    return _published("zones", zones.points(layers.industrial_zones()))


def _published(name: str, content: Mapping[str, Any]) -> str:
    return shapes.publish(f"layers/{name}-{shapes.digest(content)}.json", content)


@st.cache_resource(show_spinner=False, max_entries=ASSESSMENTS)
def assessed(weights: tuple[tuple[str, float], ...]) -> briefing.Briefing:
    """Return the assessment of every commune with these weights instead of the framework's."""
    return briefing.assemble(weights)


@st.cache_resource(show_spinner=False)
def choices() -> Choices:
    """Return what can be chosen: provinces, layers and weights that may be public, communes."""
    framework = assessed(()).framework
    public = [code for code in public_nodes(framework) if code != framework.root.code]
    return Choices(
        provinces=tuple(units.provinces().index),
        layers=("risk", "priority", *public),
        nodes=tuple(public),
        communes=frozenset(units.communes().index),
    )


@st.cache_resource(show_spinner=False)
def usual_weights() -> dict[str, float]:
    """Return the weights of the framework for the nodes whose weight can be set."""
    framework = assessed(()).framework
    return {code: framework.node(code).weight for code in choices().nodes}


@st.cache_resource(show_spinner=False, max_entries=80)
def with_outlines(province: str) -> gpd.GeoDataFrame:
    """Return the outlines of a province or the nation, for downloads."""
    frame = current_outlines().frame
    return frame if province == NATION else frame[frame["province_code"] == province]


@st.cache_data(show_spinner=False)
def province_order() -> pd.Series:
    """Return the short names of the provinces in the order of the Vietnamese alphabet as sorted by their keys."""
    short = units.provinces()["short_name"]
    return short.loc[sorted(short.index, key=lambda code: names.fold(short[code]))]


def area_outline(province: str) -> shapely.Geometry:
    """Return the outline of what is shown, for the little map of the printed list."""
    return shapely.union_all(with_outlines(province).geometry.to_numpy())
