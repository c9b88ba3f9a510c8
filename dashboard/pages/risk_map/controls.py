"""What the user sets: place and language above the map, layer, overlays and weights beside it."""

from __future__ import annotations

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.scenario.naming import layer_name, node_name
from dashboard.scenario.view import LAYERS, MAX_CLASSES, MAX_WEIGHT, NATION, OVERLAYS, SCHEMES
from dashboard.session import state
from dashboard.ui.shared import language_choice, place_choice, plain
from geo import units
from models.index.framework import Framework, Node
from models.index.pathways import ways
from models.outreach.priority import Assumptions

QUICK = ("22", "51", "19", "80")
"""The provinces of the reports the product began with."""
FOUND = 6
MARKS = ("", "– ", "· ", "· ")
"""What stands before a layer of the map, by its depth in the framework."""


def place(text: Texts) -> None:
    """Draw the row above the map: where, quick links, search."""
    names = cached.province_order()
    with st.container(key="topbar", horizontal=True, vertical_alignment="bottom", gap="small"):
        place_choice(text, "province", state.province_changed)
        for code in (NATION, *QUICK):
            label = text("place.nation") if code == NATION else names[code]
            if text.has(f"place.quick_{code}"):
                label = text(f"place.quick_{code}")
            st.button(
                label,
                key=f"quick.{code}",
                type="primary" if st.session_state["province"] == code else "secondary",
                on_click=state.go,
                args=(code,),
            )
        st.text_input(
            text("place.search"),
            key="search",
            placeholder=text("place.search_hint"),
            label_visibility="collapsed",
            icon=":material/search:",
            width="stretch",
        )
        language_choice(text, state.language_changed)


def search_results(text: Texts) -> None:
    """Draw what the search found, as buttons; the province on the map comes first."""
    asked = st.session_state.get("search", "").strip()
    if not asked:
        return
    here = st.session_state["province"]
    matches = units.find_communes(asked, limit=40)
    matches = sorted(matches, key=lambda match: match.province_code != here)[:FOUND]
    if not matches:
        st.caption(text("place.search_none", text=plain(asked)))
        return
    names = cached.province_order()
    with st.container(horizontal=True, gap="small", key="found"):
        for match in matches:
            current = units.communes().loc[match.code, "name"]
            label = text("place.search_was", name=current, old=match.old_name) if match.old_name else current
            st.button(
                f"{plain(label)} – {names[match.province_code]}",
                key=f"found.{match.code}",
                on_click=state.choose,
                args=(match.code, match.province_code),
            )


def layers(text: Texts, framework: Framework) -> None:
    """Draw the choice of what colours the map and what lies over it."""
    options = list(cached.choices().layers)
    depth = {code: _depth(code, framework) for code in options}
    st.selectbox(
        text("layer.choose"),
        options,
        options.index(st.session_state["layer"]),
        format_func=lambda code: MARKS[min(depth[code], len(MARKS) - 1)] + layer_name(code, framework, text),
        key="layer",
    )
    with st.popover(text("scheme.button"), icon=":material/palette:", width="stretch"):
        st.selectbox(
            text("scheme.choose"),
            SCHEMES,
            SCHEMES.index(st.session_state["scheme"]),
            format_func=lambda scheme: text(f"scheme.{scheme}"),
            key="scheme",
            help=text("scheme.help"),
        )
        st.slider(text("scheme.classes"), 3, MAX_CLASSES, st.session_state["classes"], key="classes")
    st.pills(
        text("layer.overlays"),
        OVERLAYS,
        selection_mode="multi",
        format_func=lambda overlay: text(f"layer.{overlay}"),
        key="overlays",
        default=st.session_state["overlays"],
    )


def weights(text: Texts, framework: Framework) -> None:
    """Draw the sliders: the dimensions openly, everything below them on demand."""
    st.markdown(f"**{text('weights.title')}**", help=text("weights.help"))
    usual = cached.usual_weights()
    for node in front(framework):
        _slider(node.code, framework, text)
    undo, reset = st.columns(2, gap="small")
    undo.button(
        text("weights.undo"),
        key="undo_weights",
        on_click=state.undo_weights,
        disabled=not state.can_undo(),
        width="stretch",
    )
    reset.button(
        text("weights.reset"),
        key="reset_weights",
        on_click=state.reset_weights,
        disabled=all(st.session_state[state.weight_key(node)] == usual[node] for node in usual),
        width="stretch",
    )
    with st.expander(text("weights.detail")):
        for dimension in framework.dimensions:
            if dimension not in front(framework):
                _slider(dimension.code, framework, text)
        for node in front(framework):
            st.caption(node_name(node.code, framework, text))
            for part in framework.children(node.code):
                if part.code in usual:
                    _slider(part.code, framework, text)
    st.caption(text("weights.outreach", share=text.number(100 * Assumptions().most)))


def front(framework: Framework) -> tuple[Node, ...]:
    """Return the nodes whose weights are set openly: the dimensions, a union of ways by its ways.

    Examples
    --------
    >>> way = {"pathway": "way"}
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i"), Node("c", parent="b", facts=way)))
    >>> [node.code for node in front(tree)]
    ['a', 'c']
    """
    chosen = ways(framework)
    nodes: list[Node] = []
    for dimension in framework.dimensions:
        nodes.extend([way for way in chosen if way.parent == dimension.code] or [dimension])
    return tuple(nodes)


def _slider(node: str, framework: Framework, text: Texts) -> None:
    st.slider(
        plain(node_name(node, framework, text)),
        0.0,
        MAX_WEIGHT,
        st.session_state[state.weight_key(node)],
        step=0.5,
        format="localized",
        key=state.weight_key(node),
        on_change=state.weight_changed,
    )


def _depth(code: str, framework: Framework) -> int:
    if code in LAYERS:
        return 0
    depth, parent = 0, framework.node(code).parent
    while parent and parent != framework.root.code:
        depth, parent = depth + 1, framework.node(parent).parent
    return depth
