"""The two lists, where to go first and where most people bear risk, and the whole ranking; a row is a commune."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps import levels, palette
from dashboard.maps.choropleth import NOT_APPLICABLE
from dashboard.maps.escape import tag
from dashboard.pages.risk_map import downloads
from dashboard.pages.risk_map.chosen import chosen_communes, first_note, rank_marked
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import PATHWAYS, SURE, pathway_name
from dashboard.session import state
from dashboard.ui import tables
from geo import layers, units
from geo.layers.groups import commune_groups
from models.outreach.priority import Assumptions, By, session_reach

LONGEST = 100
"""Rows of the ranking on the page; the download has all."""
ROW = 33
TALLEST = 400
FAR = ("people", "pathway", "rank", "sessions")
"""The columns of the first list of the nation, where a column for the province leaves less room."""
COUNTS = (5, 10, 15, 20, 30, 50)
KINDS = ("mountain", "island")
"""Groups of communes the ranking can be narrowed down to."""


def where_next(scene: Scene) -> None:
    """Draw the communes of the highest class of risk of the area, most people to reach first."""
    chosen = chosen_communes(scene, int(st.session_state["count"]), By.FIRST)
    wanted = ("people", "sessions", "pathway", "rank")
    shown = _columns(chosen, scene, *(FAR if scene.area.national else wanted))
    _list(shown, By.FIRST, scene, first_note(chosen, scene))


def burden(scene: Scene) -> None:
    """Draw the communes in which most people at risk are not yet reached, for sharing out supplies and money."""
    chosen = chosen_communes(scene, int(st.session_state["count"]), By.BURDEN)
    shown = _columns(chosen, scene, "people", "share", "level", "pathway")
    _list(shown, By.BURDEN, scene, scene.text("lists.assumed", ratio=scene.text.number(Assumptions().ratio)))


def ranking(scene: Scene) -> None:
    """Draw the ranking by what colours the map, the communes in most need first."""
    text = scene.text
    here, beyond = _applying(_kind_of_commune(scene), scene)
    order = scene.values[here].sort_values(ascending=scene.low_first, na_position="last", kind="stable").index
    ranked = scene.frame.loc[order[:LONGEST]]
    value = () if scene.view.layer in ("risk", "leading", "burden") else ("value",)
    if beyond:
        st.caption(text("table.beyond", communes=text.number(beyond), reason=scene.beyond))
    if not len(here):
        return
    shown = _columns(ranked, scene, *value, "score", "level", "rank", "pathway")
    _table(shown, "ranking_table", scene)
    hint = text("table.hint")
    if len(order) > len(ranked):
        hint = f"{hint} {text('table.cut', shown=text.number(len(ranked)), total=text.number(len(order)))}"
    st.caption(hint)


def _applying(communes: pd.Index, scene: Scene) -> tuple[pd.Index, int]:
    """Return the communes to which the layer applies, and how many are left out: they have no place in its order."""
    applies = scene.classes.number.loc[communes] != NOT_APPLICABLE
    return communes[applies], int((~applies).sum())


def _kind_of_commune(scene: Scene) -> pd.Index:
    """Draw the choice of mountain and island communes, where there are any; return the communes chosen.

    Ranks and classes stay those among all communes of the area.
    """
    communes = units.communes().loc[scene.frame.index]
    kinds = {name: codes for group in KINDS for name, codes in commune_groups(group, communes).items() if codes}
    if not kinds:
        return scene.frame.index
    names = {"": scene.text("lists.every_kind"), **{name: scene.text(f"lists.kind_{name}") for name in kinds}}
    chosen = st.selectbox(
        scene.text("lists.kind"),
        list(names),
        format_func=lambda name: names[name],
        key=f"ranking.kind.{scene.view.province}",
        label_visibility="collapsed",
    )
    return scene.frame.index if not chosen else pd.Index(kinds[chosen])


def _list(shown: pd.DataFrame, by: By, scene: Scene, note: str) -> None:
    text = scene.text
    st.html(tag("p", scene.area.how(by), class_="rk-how"))
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.selectbox(
            text("next.count"),
            COUNTS,
            COUNTS.index(st.session_state["count"]),
            format_func=lambda count: text("lists.count", number=count),
            key="count",
            label_visibility="collapsed",
            width=150,
        )
        downloads.printed_list(scene, int(st.session_state["count"]), by)
    _table(shown, f"{by}_table", scene)
    st.caption(f"{note} {text('table.hint')}")


def _columns(chosen: pd.DataFrame, scene: Scene, *wanted: str) -> pd.DataFrame:
    """Return the columns of a list in the order asked for; what is known of no commune has no column."""
    text, area = scene.text, scene.area
    made: dict[str, Any] = {
        "people": lambda: chosen["people_unreached"].round(0),
        "sessions": lambda: chosen["sessions_needed"],
        "share": lambda: (100 * chosen["burden"] / scene.frame["burden"].sum()).round(1),
        "score": lambda: chosen["score"].round(1),
        "value": lambda: scene.values.loc[chosen.index].round(scene.digits),
        "level": lambda: [
            levels.first_upper(text(f"level.{level}")) if pd.notna(level) else "" for level in area.levels(chosen)
        ],
        "rank": lambda: [rank_marked(row, scene) for _, row in chosen.iterrows()],
        "pathway": lambda: [_chip(code, text) for code in chosen["leading"]],
    }
    left_out = set() if scene.pathways_known else {"pathway"}
    columns: dict[str, Any] = {"place": range(1, len(chosen) + 1), "commune": _marked(chosen, scene.view.commune)}
    if scene.view.nation:
        columns["province"] = chosen["province_code"].map(cached.province_order())
    columns |= {name: made[name]() for name in wanted if name not in left_out}
    return pd.DataFrame(columns, index=chosen.index)


def _chip(code: object, text: Texts) -> list[str]:
    name = pathway_name(code, text, short=True)
    return [name] if name else []


def _marked(frame: pd.DataFrame, commune: str | None) -> list[str]:
    return [f"▸ {name}" if code == commune else name for code, name in frame["name"].items()]


def _table(shown: pd.DataFrame, key: str, scene: Scene) -> None:
    config = _config(scene)
    codes = shown.index.tolist()
    tables.draw(
        shown,
        scene.text,
        {name: config[name] for name in shown.columns},
        {"value": scene.digits, "share": tables.percent(scene.text, 1), "place": 0},
        key=key,
        row_height=ROW,
        height=min(ROW * (len(shown) + 1) + 4, TALLEST),
        on_select=lambda: state.picked_in_table(key, codes),
        selection_mode="single-cell",
    )


def _config(scene: Scene) -> dict[str, Any]:
    text, area = scene.text, scene.area
    number, word = st.column_config.NumberColumn, st.column_config.TextColumn
    reach = text.number(session_reach(layers.outreach_parameters()))
    return {
        "place": number(text("table.place"), width=26),
        "commune": word(text("table.commune"), width=122 if area.national else 138),
        "province": word(text("table.province"), width=82),
        "people": number(text("lists.people"), width=70, help=text("lists.people_help")),
        "sessions": number(text("lists.sessions"), width=62, help=text("lists.sessions_help", reach=reach)),
        "share": number(text("lists.share"), width=56, help=area.say("share_help")),
        "score": st.column_config.ProgressColumn(
            text("table.score"), min_value=0, max_value=100, step=0.1, format="localized", width=58, color="#d9826a"
        ),
        "value": number(scene.title, width=90),
        "level": word(area.say("level_head"), width=100),
        "rank": word(text("lists.rank"), width=92 if area.national else 72, help=text("lists.rank_help", sure=SURE)),
        "pathway": st.column_config.MultiselectColumn(
            text("lists.pathway"),
            options=[pathway_name(code, text, short=True) for code in PATHWAYS],
            color=[palette.LEADING[code] for code in PATHWAYS],
            width=97,
            help=text("pathway.help"),
        ),
    }
