"""The map on the page: the constant map, and the update that this run sends."""

from __future__ import annotations

from typing import Any

import pandas as pd
from streamlit_folium import st_folium

from dashboard.cache import cached
from dashboard.maps import base, chance, choropleth, crossings, doubt, flows, levels, outreach, pathways, zones
from dashboard.maps.legend import Section, as_message
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import borderline
from dashboard.session import state
from geo import layers

HEIGHT = 560


def render(scene: Scene) -> None:
    """Draw the map; a click on a commune selects it."""
    st_folium(
        base.constant_map(),
        key=state.MAP,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=base.update_group(message(scene)),
        on_change=state.clicked_on_map,
    )


def message(scene: Scene) -> dict[str, Any]:
    """Return everything the map has to know about this run, a few kilobytes."""
    view, text = scene.view, scene.text
    overlays, legends = _overlays(scene)
    colours, legend = _coloured(scene)
    if scene.hatched:
        unsure = borderline(scene.frame)
        colours |= doubt.message(unsure)
        legend = doubt.with_doubt(legend, unsure, text)
    elif scene.asked_for_doubt and scene.area.national:
        legend = doubt.elsewhere(legend, text)
    return {
        "base": cached.context_url(),
        "geometry": scene.geometry["url"],
        "fit": base.NATION_VIEW if "flows" in overlays else scene.geometry["fit"],
        "nation": view.nation,
        "language": view.language,
        "selected": view.commune,
        "title": scene.title,
        "unit": scene.unit,
        **colours,
        "overlays": overlays,
        "legend": as_message([legend, *legends]),
        "words": base.words(text),
    }


def _coloured(scene: Scene) -> tuple[dict[str, Any], Section]:
    """Return what colours the communes, and its legend."""
    if scene.view.layer == "leading":
        leading = scene.frame["leading"]
        return pathways.message(leading, scene.values, scene.text), pathways.legend(leading, scene.text)
    if scene.view.layer == "highest":
        return chance.message(scene.values, scene.text), chance.legend(scene.values, scene.text)
    if scene.by_level:
        shown = (scene.values, scene.classes, scene.area)
        return levels.message(*shown), levels.legend(*shown)
    drawn = (scene.values, scene.classes, scene.ramp, scene.digits)
    ways: dict[str, Any] = {"reverse": scene.low_first, "beyond": levels.first_upper(scene.beyond)}
    legend = choropleth.legend(*drawn, scene.text, _titled(scene), scene.note, **ways)
    return choropleth.message(*drawn, **ways), legend


def _titled(scene: Scene) -> str:
    return f"{scene.title} ({scene.unit})" if scene.unit else scene.title


def _overlays(scene: Scene) -> tuple[dict[str, Any], list[Section]]:
    text, shown, legends = scene.text, {}, []
    for overlay in scene.view.overlays:
        if overlay == "crossings":
            frame = layers.border_crossings()
            shown[overlay] = crossings.overlay(frame, cached.crossings_url(), text)
            legends.append(
                crossings.legend(_here(frame, scene), text, _unplaced(layers.border_crossings(located=False), scene))
            )
        elif overlay == "zones":
            frame = layers.industrial_zones()
            shown[overlay] = zones.overlay(frame, cached.zones_url(), text)
            legends.append(
                zones.legend(_here(frame, scene), text, _unplaced(layers.industrial_zones(located=False), scene))
            )
        elif overlay == "flows":
            every = layers.migration_flows()
            shown[overlay] = flows.overlay(every, text, _regions(scene))
            legends.append(flows.legend(every, text))
        elif overlay == "outreach":
            shown[overlay] = outreach.overlay(scene.outreach, scene.synthetic, text)
            legends.append(outreach.legend(scene.outreach, scene.synthetic, text))
    return shown, legends


def _regions(scene: Scene) -> set[str]:
    regions = layers.regions()
    return (
        set()
        if scene.view.nation
        else set(regions.loc[regions["province_code"] == scene.view.province, "region_code"])
    )


def _unplaced(frame: pd.DataFrame, scene: Scene) -> int:
    """Return how many places of the area shown have no point."""
    lost = frame[frame["lat"].isna()]
    return int((lost["province_code"] == scene.view.province).sum() if not scene.view.nation else len(lost))


def _here(frame: pd.DataFrame, scene: Scene) -> pd.DataFrame:
    """Return the points of the province shown, for the counts of the legend; all when it has none."""
    if scene.view.nation:
        return frame
    inside = frame[frame["province_code"] == scene.view.province]
    return inside if len(inside) else frame
