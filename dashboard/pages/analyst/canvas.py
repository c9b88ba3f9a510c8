"""The maps of the page: the constant map, and what this run tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from streamlit_folium import st_folium

from dashboard.cache import cached
from dashboard.maps import base
from dashboard.maps.legend import Section, as_message
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench


def draw(
    key: str,
    content: Mapping[str, Any],
    bench: Bench,
    height: int,
    *,
    legends: Sequence[Section] = (),
    linked: bool = False,
) -> None:
    """Draw a map; a click on a commune marks it.

    Parameters
    ----------
    key
        Of the widget.
    content
        What colours the communes of the place looked at, in the order of its geometry.
    legends
        What the map explains in its corner.
    linked
        Whether maps of the page move together.
    """
    made = base.constant_map()
    if linked:
        made.default_js = [*made.default_js, ("map/link.js", base.asset("map/link.js"))]
    st_folium(
        made,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=base.update_group(message(content, bench, legends)),
        on_change=partial(workbench.clicked_on_map, key),
    )


def message(content: Mapping[str, Any], bench: Bench, legends: Sequence[Section] = ()) -> dict[str, Any]:
    """Return everything a map has to know about this run."""
    text, geometry = bench.text, cached.geometry(bench.place)
    commune = workbench.held("commune")
    return {
        "base": cached.context_url(),
        "geometry": geometry["url"],
        "fit": geometry["fit"],
        "nation": bench.nation,
        "language": text.language,
        "selected": commune if commune in geometry["codes"] else None,
        "title": text("layer.risk"),
        "unit": "",
        **content,
        "overlays": {},
        "legend": as_message(list(legends)),
        "words": base.words(text),
    }
