"""Hot and cold spots on the map: a legend, what to conclude, the clusters, and every commune."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.maps import categories, palette
from dashboard.maps.categories import Kinds
from dashboard.maps.escape import tag
from dashboard.pages.analyst import canvas, downloads
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import tables
from geo import units
from models.index.pathways import ways
from models.patterns.communes import COLD, HOT, Spots

WAYS = ("hot", "moran")
"""Gi* and local Moran."""
COLOURS = {
    "hot": dict(
        zip(
            ("hot_99", "hot_95", "hot_90", "not_significant", "cold_90", "cold_95", "cold_99"),
            (*palette.HOT, palette.NEUTRAL, *palette.COLD[::-1]),
            strict=True,
        )
    ),
    "moran": {
        "high_high": palette.HOT[0],
        "high_low": palette.HOT[2],
        "not_significant": palette.NEUTRAL,
        "low_high": palette.COLD[2],
        "low_low": palette.COLD[0],
    },
}
MAP_HEIGHT = 470
LISTED = 300
CLUSTERS = 12


def render(bench: Bench) -> None:
    """Draw what is looked at, the map with its legend, and the tables."""
    text = bench.text
    below = (*bench.framework.dimensions, *ways(bench.framework))
    nodes = tuple(dict.fromkeys([bench.framework.root.code, *(node.code for node in below)]))
    workbench.offered("spot_node", nodes, nodes[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.segmented_control(
            text("patterns.way"),
            WAYS,
            format_func=lambda way: text(f"patterns.way_{way}"),
            key=f"{workbench.PREFIX}spot_way",
            required=True,
            label_visibility="collapsed",
            help=text("patterns.way_help"),
        )
        st.selectbox(
            text("patterns.of"),
            nodes,
            format_func=bench.name,
            key=f"{workbench.PREFIX}spot_node",
            label_visibility="collapsed",
            width=230,
        )
        downloads.patterns_file(bench)
    way, node = workbench.held("spot_way"), workbench.held("spot_node")
    found = cached.spots(bench.settings, bench.restricted, node)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        shown = kinds(found, way, bench).of(cached.geometry(bench.place)["codes"])
        legend = categories.legend(shown, text(f"patterns.legend_{way}"), text)
        content = categories.message(shown, found.units["score"], text)
        canvas.draw(workbench.PATTERN_MAP, content, bench, MAP_HEIGHT, legends=[legend])
    with right:
        _told(found, bench)
        _clusters(found, bench)
    _communes(found, bench)


def kinds(found: Spots, way: str, bench: Bench) -> Kinds:
    """Return the class of each commune with its name and colour."""
    names = [(label, bench.text(f"patterns.class_{label}"), colour) for label, colour in COLOURS[way].items()]
    return categories.kinds(found.units[way], names)


def _told(found: Spots, bench: Bench) -> None:
    text = bench.text
    here = found.units.loc[bench.here]
    hot, cold = here["hot"].isin(HOT), here["hot"].isin(COLD)
    alike = text(
        "patterns.alike" if found.global_i > 0.3 and found.p <= 0.05 else "patterns.not_alike",
        i=text.number(found.global_i, 2),
        p=text.number(found.p, 3),
    )
    counts = {"number": text.number(len(here)), "place": bench.place_name}
    if hot.any():
        share = hot.groupby(units.communes().loc[here.index, "province_code"]).sum().sort_values(ascending=False)
        names = cached.province_order()[share.index[share > 0][:3]]
        where = text("patterns.mostly", names=", ".join(names)) if bench.nation else ""
        spots = text("patterns.hot_told", hot=text.number(int(hot.sum())), where=where, **counts)
    else:
        spots = text("patterns.hot_none", **counts)
    told = " ".join([alike, spots, text("patterns.cold_told", cold=text.number(int(cold.sum())))])
    note = text("patterns.spots_note", number=text.number(len(found.units)), islands=text.number(found.islands))
    title = text("patterns.spots_title", name=bench.name(workbench.held("spot_node")), place=bench.place_name)
    st.html(
        tag(
            "div",
            tag("h3", title),
            tag("p", told, class_="rk-conclusion"),
            tag("p", note, class_="rk-small"),
            class_="rk-figure-head",
        )
    )


def _clusters(found: Spots, bench: Bench) -> None:
    """Draw the clusters that reach into the place looked at, the largest first."""
    text, table = bench.text, cluster_frame(found, bench)
    if not len(table):
        return
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    st.html(tag("p", tag("b", text("patterns.clusters")), class_="rk-small"))
    tables.draw(
        table.head(CLUSTERS),
        text,
        writing={"score": 1},
        height=min(36 * (min(len(table), CLUSTERS) + 1) + 2, 230),
        key="bench.clusters",
        columns={
            "cluster": number(text("patterns.cluster"), width=50),
            "units": number(text("analyst.communes"), width=60),
            "provinces": words(text("table.province"), width=150),
            "first": words(text("patterns.highest"), width=150),
            "score": number(text("table.score"), width=60),
        },
    )


def cluster_frame(found: Spots, bench: Bench) -> pd.DataFrame:
    """Return one row per cluster with communes in the place looked at."""
    communes, names = units.communes(), cached.province_order()
    inside = found.units.index[found.units["cluster"].notna()]
    province = communes.loc[inside, "province_code"].map(names)
    where = province.groupby(found.units.loc[inside, "cluster"].astype(int)).agg(
        lambda some: ", ".join(some.value_counts().index[:4])
    )
    here = found.units.loc[bench.here, "cluster"].dropna().unique()
    shown = found.clusters.loc[sorted(int(one) for one in here)]
    return pd.DataFrame(
        {
            "cluster": shown.index,
            "units": shown["units"],
            "provinces": where.reindex(shown.index),
            "first": communes.loc[shown["first"], "name"].to_numpy(),
            "score": shown["score"].round(1),
        }
    )


def _communes(found: Spots, bench: Bench) -> None:
    text = bench.text
    here = found.units.loc[bench.here].sort_values("z", ascending=False, kind="stable")
    shown = pd.DataFrame(
        {
            "commune": bench.communes(here.index),
            "score": here["score"].round(1),
            "hot": here["hot"].map(lambda label: text(f"patterns.class_{label}")),
            "z": here["z"].round(2),
            "p": here["p"].round(4),
            "moran": here["moran"].map(lambda label: text(f"patterns.class_{label}")),
            "cluster": here["cluster"],
        },
        index=here.index,
    )
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    with st.expander(
        text("patterns.every", number=text.number(min(len(shown), LISTED)), all=text.number(len(shown)))
    ):
        tables.draw(
            shown.head(LISTED),
            text,
            writing={"score": 1, "z": 2, "p": 4},
            height=330,
            key="bench.spots",
            columns={
                "commune": words(text("table.commune")),
                "score": number(text("table.score")),
                "hot": words(text("patterns.legend_hot")),
                "z": number("z (Gi*)", help=text("patterns.z_help")),
                "p": number("p (FDR)"),
                "moran": words(text("patterns.legend_moran")),
                "cluster": number(text("patterns.cluster")),
            },
        )
