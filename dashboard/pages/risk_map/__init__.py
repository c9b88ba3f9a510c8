"""The risk map: one page that shows where support is needed, why, and where to go next."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts, texts
from dashboard.maps import levels
from dashboard.maps.choropleth import classify
from dashboard.pages.risk_map import canvas, controls, downloads, header, lists, notice, panel
from dashboard.pages.risk_map.scene import Scene, applicable, beyond, by_level, layer_values
from dashboard.scenario.area import Area, complete
from dashboard.session import state
from dashboard.ui.shared import awaited, brand, plain, problem
from geo.base.errors import RiskmapError

WIDTHS = (1.12, 1.0)
"""Of map and panel: six columns fit on a projector, and the map shows the archipelagos beside its legend."""
STYLE = Path(__file__).parent / "style.css"


def render() -> None:
    """Draw the page: read the widgets, assess, draw."""
    st.html(STYLE)
    try:
        cached.warm()
        usual = cached.usual_weights()
        ignored = state.begin(cached.choices(), usual)
    except RiskmapError as error:
        problem(error, texts("vi"))
        return
    text = texts(st.session_state["language"])
    if ignored:
        st.warning(text("app.ignored", names=", ".join(map(plain, ignored))))
    framework = cached.framework()
    with st.sidebar:
        st.html(brand(text))
        controls.layers(text, framework)
        controls.weights(text, framework)
    controls.place(text)
    controls.search_results(text)
    try:
        scene = _scene(text)
    except RiskmapError as error:
        problem(error, text)
        state.keep("tab", "count")
        state.publish(state.view(usual))
        return
    _body(scene)
    state.publish(scene.view)
    cached.warm_search()


def _scene(text: Texts) -> Scene:
    view = state.view(cached.usual_weights())
    geometry = cached.geometry(view.province)
    state.commune_is(geometry["codes"])
    view = state.with_commune(view)
    briefing = cached.briefed(view.weights)
    near = cached.access() if view.layer == "teams" else None
    doubts = cached.doubted(view.weights)
    applies = applicable(view.layer, briefing).loc[geometry["codes"]]
    values = layer_values(view.layer, briefing, near, doubts).loc[geometry["codes"]].where(applies)
    frame = complete(briefing.communes.loc[geometry["codes"]], doubts)
    area = Area(None if view.nation else view.province, text)
    return Scene(
        view=view,
        text=text,
        briefing=briefing,
        frame=frame,
        area=area,
        outreach=cached.outreach().loc[geometry["codes"]],
        geometry=geometry,
        values=values,
        classes=(
            levels.classes(values, area.levels(frame))
            if by_level(view)
            else classify(values, view.scheme, view.classes, applies)
        ),
        beyond="" if applies.all() else beyond(view.layer, briefing.framework, text),
        place=text("place.nation") if view.nation else cached.province_order()[view.province],
        synthetic=cached.outreach_is_synthetic(),
        schematic=geometry["kind"] != "official",
    )


def _body(scene: Scene) -> None:
    header.render(scene)
    left, right = st.columns(WIDTHS, gap="small")
    with left, st.container(key="map_frame"):
        canvas.render(scene)
    with right, st.container(key="panel_frame"):
        panels = {
            "next": lists.where_next,
            "burden": lists.burden,
            "ranking": lists.ranking,
            "commune": panel.render,
        }
        st.segmented_control(
            scene.text("panel.choose"),
            state.TABS,
            format_func=lambda tab: scene.text(f"panel.{tab}"),
            key="tab",
            default=st.session_state["tab"],
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
        tab = st.session_state["tab"]
        panels[tab](scene)
        if tab not in ("next", "burden"):
            state.keep("count")
        if not scene.doubt_known and cached.doubted(scene.view.weights) is None:
            awaited(lambda: cached.doubted(scene.view.weights) is not None, scene.text)
    with st.sidebar:
        downloads.render(scene)
    notice.render(scene)
