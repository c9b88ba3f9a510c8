"""What the analyst sets: preset, methods, the tree of weights; and what can be taken back or away."""

from __future__ import annotations

from itertools import pairwise

import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps.escape import tag
from dashboard.pages.analyst import downloads
from dashboard.pages.analyst.bench import Bench, preset_name
from dashboard.scenario.analysis import GENERAL, METHODS, WEIGHINGS, Settings, presets
from dashboard.scenario.naming import node_name
from dashboard.session import workbench
from dashboard.ui.shared import language_choice, place_choice
from models.index.framework import Framework
from models.index.tuning import WHOLE, shares_in_parent
from models.outreach.priority import Assumptions

SHOWN = 12
"""Changes listed in the history."""


def top(text: Texts, framework: Framework) -> None:
    """Draw the row above everything: place, undo, reset, keep, download, language."""
    with st.container(key="bench_bar", horizontal=True, vertical_alignment="bottom", gap="small"):
        place_choice(text, workbench.PLACE)
        st.button(
            text("weights.undo"),
            key="bench.do_undo",
            icon=":material/undo:",
            on_click=workbench.undo,
            disabled=not workbench.held("undo"),
        )
        st.button(
            text("weights.reset"),
            key="bench.do_reset",
            icon=":material/restart_alt:",
            on_click=workbench.reset,
            disabled=not workbench.settings().changed,
        )
        st.button(
            text("analyst.keep"),
            key="bench.do_keep",
            icon=":material/bookmark:",
            on_click=workbench.keep,
            help=text("analyst.keep_help"),
            disabled=workbench.settings() == workbench.held("kept"),
        )
        downloads.framework_file(text, framework)
        _history(text)
        st.space("stretch")
        language_choice(text)


def headline(bench: Bench) -> None:
    """Draw what is being worked on, the hash of the settings, and the choice of the part of the page."""
    text = bench.text
    marks = [tag("span", text("analyst.digest", digest=bench.framework.digest), class_="rk-badge info")]
    if bench.settings.balanced:
        marks.append(tag("span", text("analyst.balanced"), class_="rk-badge"))
    elif bench.settings.changed:
        marks.append(tag("span", text("analyst.changed"), class_="rk-badge"))
    if bench.restricted:
        marks.append(tag("span", text("analyst.restricted"), class_="rk-badge"))
    own = bench.settings.preset in (GENERAL, *WEIGHINGS)
    name = preset_name(bench.settings.preset, text) if own else bench.name(bench.framework.root.code)
    st.html(
        tag(
            "div",
            tag("h1", name, tag("span", bench.place_name, class_="rk-what")),
            tag("div", *marks, class_="rk-badges"),
            class_="rk-head",
        )
    )
    st.segmented_control(
        text("panel.choose"),
        workbench.VIEWS,
        format_func=lambda view: text(f"analyst.view_{view}"),
        key=workbench.VIEW,
        default=st.session_state[workbench.VIEW],
        required=True,
        label_visibility="collapsed",
    )


def preset(text: Texts) -> None:
    """Draw the choice of where the settings start from."""
    key, names = workbench.widget(workbench.PRESET), presets()
    st.selectbox(
        text("analyst.preset"),
        names,
        names.index(st.session_state[key]),
        format_func=lambda name: preset_name(name, text),
        key=key,
        on_change=workbench.preset_chosen,
        args=(key,),
        help=text("analyst.preset_help"),
    )


def methods(text: Texts) -> None:
    """Draw the choice of methods."""
    chosen = len(workbench.settings().methods)
    label = text("analyst.methods") + (f" ({chosen})" if chosen else "")
    with st.popover(label, icon=":material/function:", width="stretch"):
        for kind, options in METHODS.items():
            key = workbench.widget(workbench.method_name(kind))
            st.selectbox(
                text(f"analyst.kind_{kind}"),
                options,
                options.index(st.session_state[key]),
                format_func=lambda method: method_name(method, text),
                key=key,
                on_change=workbench.method_chosen,
                args=(kind, key),
                help=text(f"analyst.kind_{kind}_help"),
            )


def method_name(method: str, text: Texts) -> str:
    """Return what a method is called."""
    name = method.partition(":")[0]
    return text("analyst.method_as_framework") if not name else text.either(f"analyst.method_{name}", name)


def weights(text: Texts, framework: Framework, usual: Framework) -> None:
    """Draw the tree: a slider per node, its share of its parent; beside it what that is of the whole."""
    st.markdown(f"**{text('analyst.tree')}**", help=text("analyst.tree_help"))
    whole = framework.shares()
    for dimension in framework.dimensions:
        _slider(dimension.code, 0, text, framework, usual, whole)
        with st.expander(text("analyst.parts_of", name=node_name(dimension.code, framework, text))):
            for part in framework.children(dimension.code):
                _branch(part.code, 1, text, framework, usual, whole)
    st.caption(text("weights.outreach", share=text.number(100 * Assumptions().most)))


def _branch(
    code: str, depth: int, text: Texts, framework: Framework, usual: Framework, whole: dict[str, float]
) -> None:
    _slider(code, depth, text, framework, usual, whole)
    for part in framework.children(code):
        _branch(part.code, depth + 1, text, framework, usual, whole)


def _slider(
    code: str, depth: int, text: Texts, framework: Framework, usual: Framework, whole: dict[str, float]
) -> None:
    node = framework.node(code)
    name = node_name(code, framework, text)
    told = text("analyst.of_whole", share=text.number(WHOLE * whole[code], 1))
    key = workbench.widget(workbench.share_name(code))
    alone = len(framework.children(node.parent)) == 1
    inside = "" if alone or not depth else text("analyst.of_parent", share=text.number(st.session_state[key]))
    with st.container(key=f"bench_node_{depth}_{code}"):
        short = node.facts.get("short_en" if text.language == "en" else "short") or name
        st.html(tag("p", tag("span", short), tag("span", inside, tag("b", told)), class_="rk-node"))
        if alone:
            return
        locked = code in workbench.held("locked")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.slider(
                name,
                0.0,
                WHOLE,
                st.session_state[key],
                step=1.0,
                format="%.0f%%",
                key=key,
                on_change=workbench.share_moved,
                args=(code, key, framework, usual),
                disabled=locked,
                label_visibility="collapsed",
                width="stretch",
            )
            st.button(
                "",
                icon=":material/lock:" if locked else ":material/lock_open:",
                key=f"{workbench.lock_key(code)}.button",
                on_click=workbench.lock_turned,
                args=(code,),
                type="primary" if locked else "tertiary",
                help=text("analyst.unlock" if locked else "analyst.lock"),
            )


def _history(text: Texts) -> None:
    """Draw what was changed, the last change first."""
    history = workbench.held("undo")
    with st.popover(text("analyst.history", number=len(history)), icon=":material/history:", disabled=not history):
        steps = list(pairwise((*history, workbench.settings())))[::-1][:SHOWN]
        st.html(tag("ol", *(tag("li", step(before, after, text)) for before, after in steps), class_="rk-history"))


def step(before: Settings, after: Settings, text: Texts) -> str:
    """Return in words what one change was."""
    if before.preset != after.preset:
        return text("analyst.step_preset", name=preset_name(after.preset, text))
    if before.balanced != after.balanced and after.changed:
        return text("analyst.balance" if after.balanced else "analyst.unbalance")
    if before.methods == after.methods and before.weights != after.weights and after.weights:
        tree = cached.pathway(after.preset)[0]
        usual = cached.preset_framework(after.preset, True)
        one, two = (shares_in_parent(settings.applied(usual)) for settings in (before, after))
        code = workbench.held("moved").get(after) or max(two, key=lambda code: abs(two[code] - one[code]))
        return text("analyst.step_weight", name=node_name(code, tree, text), share=text.number(WHOLE * two[code]))
    if not after.changed:
        return text("weights.reset")
    kinds = sorted({kind for kind, _ in set(before.methods) ^ set(after.methods)})
    return "; ".join(f"{text(f'analyst.kind_{kind}')}: {method_name(after.method(kind), text)}" for kind in kinds)
