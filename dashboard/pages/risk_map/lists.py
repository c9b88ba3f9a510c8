"""Where the next team goes, and the whole ranking; a row clicked is a commune selected."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cached, state
from dashboard.locale import MISSING, Texts
from dashboard.pages import tables
from dashboard.pages.risk_map import downloads
from dashboard.pages.risk_map.scene import Scene, reason
from dashboard.view import public_nodes

LONGEST = 100
"""Rows of the ranking on the page; the download has all."""
ROW = 33
TALLEST = 430
COUNTS = (5, 10, 15, 20, 30)


def where_next(scene: Scene) -> None:
    """Draw the communes to visit first, the highest priority first."""
    text = scene.text
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.selectbox(
            text("next.count"),
            COUNTS,
            format_func=lambda count: text("next.first", number=count),
            key="count",
            label_visibility="collapsed",
            width=170,
        )
        downloads.printed_list(scene, int(st.session_state["count"]))
    chosen = first(scene, int(st.session_state["count"]))
    total = scene.frame["people_unreached"].sum()
    share = 100 * chosen["people_unreached"].sum() / total if total else float("nan")
    shown = pd.DataFrame(
        {
            "place": range(1, len(chosen) + 1),
            "commune": _marked(chosen, scene.view.commune),
            **_province(chosen, scene),
            "score": chosen["score"].round(1),
            "why": main_reason(chosen.index, scene),
            "unreached": chosen["people_unreached"].round(0),
        },
        index=chosen.index,
    )
    _table(shown, "next_table", text, scene)
    st.caption(f"{text('next.lead')} {text('next.share', share=text.number(share), number=len(chosen))}")


def ranking(scene: Scene) -> None:
    """Draw the ranking by what colours the map, the communes in most need first."""
    text, frame = scene.text, scene.frame
    order = scene.values.sort_values(ascending=scene.low_first, na_position="last", kind="stable").index
    listed = frame.loc[order[:LONGEST]]
    columns = {"place": range(1, len(listed) + 1), "commune": _marked(listed, scene.view.commune)}
    columns |= _province(listed, scene)
    if scene.view.layer not in ("risk", "priority"):
        columns["value"] = scene.values.loc[listed.index].round(scene.digits)
    columns |= {
        "score": listed["score"].round(1),
        "priority": listed["priority"].round(0),
        "rank_national": listed["rank_national"],
    }
    _table(pd.DataFrame(columns, index=listed.index), "ranking_table", text, scene)
    hint = text("table.hint")
    if len(frame) > len(listed):
        hint = f"{hint} {text('table.cut', shown=text.number(len(listed)), total=text.number(len(frame)))}"
    st.caption(hint)


def first(scene: Scene, count: int) -> pd.DataFrame:
    """Return the communes of the highest priority among those shown."""
    known = scene.frame[scene.frame["priority"].notna()]
    return known.sort_values("priority", ascending=False, kind="stable").head(count)


def main_reason(codes: pd.Index, scene: Scene) -> pd.Series:
    """Return the indicator that raises each commune most above its province's median commune, by name."""
    part = cached.contributions(scene.view.weights).loc[
        codes, [code for code in public_nodes(scene.framework) if code in leaves(scene)]
    ]
    assumed = scene.briefing.assessment.imputed.loc[codes, part.columns].to_numpy()
    reasons = []
    for row, guessed in zip(part.fillna(0).to_numpy(), assumed, strict=True):
        most = row.argmax()
        name = reason(str(part.columns[most]), scene.framework, scene.text, assumed=bool(guessed[most]))
        reasons.append(name if row[most] > 0 else MISSING)
    return pd.Series(reasons, index=codes)


def leaves(scene: Scene) -> set[str]:
    """Return the codes of the indicators."""
    return {node.code for node in scene.framework.indicators}


def _province(listed: pd.DataFrame, scene: Scene) -> dict[str, pd.Series]:
    """Return a column with the province, where communes of several are listed."""
    names = listed["province_code"].map(cached.province_order())
    return {"province": names} if scene.view.nation else {}


def _marked(frame: pd.DataFrame, commune: str | None) -> list[str]:
    return [f"▸ {name}" if code == commune else name for code, name in frame["name"].items()]


def _table(shown: pd.DataFrame, key: str, text: Texts, scene: Scene) -> None:
    number = st.column_config.NumberColumn
    config = {
        "place": number(text("table.place"), width=28),
        "commune": st.column_config.TextColumn(text("table.commune"), width=132),
        "province": st.column_config.TextColumn(text("table.province"), width=92),
        "score": st.column_config.ProgressColumn(
            text("table.score"), min_value=0, max_value=100, step=0.1, format="localized", width=68, color="#d9826a"
        ),
        "value": number(scene.title, width=90),
        "priority": number(text("table.priority"), width=80),
        "unreached": number(text("table.unreached"), width=70, help=text("table.unreached_help")),
        "rank_national": number(text("table.rank_national"), width=95),
        "why": st.column_config.TextColumn(text("table.why"), width=118),
    }
    codes = shown.index.tolist()
    tables.draw(
        shown,
        text,
        {name: config[name] for name in shown.columns},
        {"value": scene.digits},
        key=key,
        row_height=ROW,
        height=min(ROW * (len(shown) + 1) + 4, TALLEST),
        on_select=lambda: state.picked_in_table(key, codes),
        selection_mode="single-cell",
    )
