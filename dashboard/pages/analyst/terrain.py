"""What incidents say of the index: an upload held in memory, relative risks, hits, near repeats; no feed to it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.maps.escape import tag
from dashboard.pages.analyst import running
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import charts, tables
from dashboard.ui.shared import plain
from geo.files.tables import MOST_UPLOADED
from geo.intake.incidents import read_incidents
from models.incidents.validation import CELLS_M, FLOOR, Validation, validate

KIND = "terrain"
HIGHEST = 1000
METHODS = ("index", "distance", "terrain")
SURE = 0.05


def render(bench: Bench) -> None:
    """Draw the upload and its settings, the run, and what it found."""
    text = bench.text
    st.html(
        tag(
            "div",
            tag("h3", text("terrain.title", place=bench.place_name)),
            tag("p", text("terrain.promise"), class_="rk-conclusion"),
            tag("p", text("terrain.lead"), class_="rk-small"),
            class_="rk-figure-head",
        )
    )
    left, right = st.columns([1.3, 1], gap="medium", vertical_alignment="bottom")
    with left:
        given = st.file_uploader(
            text("terrain.upload"), type=["csv", "xlsx"], key="bench.incidents", max_upload_size=MOST_UPLOADED >> 20
        )
    with right, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            text("terrain.cell"),
            CELLS_M,
            format_func=lambda side: f"{text.number(side / 1000, 1)} km",
            key=f"{workbench.PREFIX}cell",
            help=text("terrain.cell_help"),
            width=110,
        )
        st.number_input(
            text("terrain.floor"),
            min_value=FLOOR,
            max_value=HIGHEST,
            key=f"{workbench.PREFIX}floor",
            help=text("terrain.floor_help", floor=FLOOR),
            width=150,
        )
        started = st.button(
            text("analyst.run"), key="bench.run_terrain", type="primary", icon=":material/play_arrow:",
            disabled=given is None,
        )  # fmt: skip
    cell, floor = float(workbench.held("cell")), int(workbench.held("floor"))
    made_for = (bench.framework.digest, bench.place, cell, floor, getattr(given, "file_id", None))
    if started and given is not None:
        incidents = read_incidents(given.name, given.getvalue())
        shapes = cached.outlines(bench.place, cached.NATION_LEVEL).frame.geometry

        def found(told: running.Told) -> Validation:
            return validate(incidents, shapes, bench.assessment.score, cell_m=cell, k=floor, progress=told)

        running.run(KIND, made_for, found, text)
    latest = running.latest(KIND, made_for, text)
    if latest is None:
        st.info(text("terrain.none"), icon=":material/lock:")
        return
    _show(latest, bench)


def _show(found: Validation, bench: Bench) -> None:
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        _factors(found, bench)
        _near_repeat(found, bench)
    with right:
        _hits(found, bench)


def _factors(found: Validation, bench: Bench) -> None:
    text, table = bench.text, found.terrain.factors
    told = text("terrain.factors_nobody")
    if len(table):
        first = table.iloc[0]
        told = text(
            "terrain.factors_told",
            where=where(first, bench),
            times=text.number(first["rrv"], 1),
            low=text.number(first["low"], 1),
            high=text.number(first["high"], 1),
        )
    charts.figure(text("terrain.factors_title"), told, None, text, "bench.terrain.factors")
    if len(table):
        words = st.column_config.TextColumn
        tables.draw(
            factor_frame(found, bench),
            text,
            key="bench.factors",
            columns={
                "where": words(text("terrain.factor"), width=200),
                "rrv": words(text("terrain.rrv"), width=65, help=text("terrain.rrv_help")),
                "interval": words(text("terrain.interval"), width=95),
                "strength": words(text("terrain.strength"), width=85),
                "kept": words(text("terrain.kept"), width=60, help=text("terrain.kept_help")),
            },
        )
    considered = found.terrain.considered
    for kind in ("not_chosen", "hidden"):
        names = [text(f"terrain.factor_{name}") for name in considered.index[considered == kind]]
        if names:
            st.caption(plain(text(f"terrain.{kind}", names=", ".join(names), floor=found.k)))
    if found.placed_by_commune == found.placed_by_commune:
        st.caption(plain(text("terrain.by_commune", number=text.number(found.placed_by_commune))))


def figure(value: float, bench: Bench, digits: int = 2) -> str:
    """Return a figure as text; one that is hidden says so."""
    return bench.text("terrain.masked") if pd.isna(value) else bench.text.number(float(value), digits)


def where(row: pd.Series, bench: Bench) -> str:
    """Return in words where a factor counts: near it, or where it is dense."""
    return bench.text(
        f"terrain.{row['kind']}",
        name=bench.text(f"terrain.factor_{row['factor']}"),
        km=bench.text.number(row["band_m"] / 1000, 0 if row["band_m"] >= 1000 else 1),
    )


def factor_frame(found: Validation, bench: Bench) -> pd.DataFrame:
    """Return the relative risk values with their intervals in words."""
    text, table = bench.text, found.terrain.factors
    return pd.DataFrame(
        {
            "where": [where(row, bench) for _, row in table.iterrows()],
            "rrv": [figure(value, bench) for value in table["rrv"]],
            "interval": [
                f"{text.number(low, 1)} – {text.number(high, 1)}"
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "strength": [text(f"terrain.strength_{word}") for word in found.strength],
            "kept": [text.percent(share) for share in table["kept"]],
        }
    )


def _hits(found: Validation, bench: Bench) -> None:
    text, hits = bench.text, found.terrain.hits
    shown = hits[hits["pai"].notna()]
    told = text(f"terrain.verdict_{found.verdict}")
    order = [*(text(f"terrain.method_{method}") for method in METHODS), text("terrain.chance")]
    rows = [
        {"share": row["share"], "method": text(f"terrain.method_{row['method']}"), "value": row["pai"]}
        for _, row in shown.iterrows()
    ]
    rows += [
        {"share": share, "method": text("terrain.chance"), "value": float(chance)}
        for share, chance in shown.groupby("share")["chance"].first().items()
    ]
    axes = {"share": text("terrain.share"), "value": text("terrain.pai_axis")}
    chart = charts.hits(pd.DataFrame(rows), axes, order) if rows else None
    charts.figure(text("terrain.hits_title"), told, chart, text, "bench.chart.hits")
    words = st.column_config.TextColumn
    table = pd.DataFrame(
        {
            "method": hits["method"].map(lambda method: text(f"terrain.method_{method}")),
            "share": [text.percent(share) for share in hits["share"]],
            **{name: [figure(value, bench) for value in hits[name]] for name in ("pai", "chance", "pei", "rri")},
        }
    )
    tables.draw(
        table,
        text,
        key="bench.hits",
        columns={
            "method": words(text("terrain.ranking"), width=115),
            "share": words(text("terrain.share_short"), width=55, help=text("terrain.share")),
            "pai": words("PAI", width=50, help=text("terrain.pai_help")),
            "chance": words(text("terrain.chance_short"), width=60, help=text("terrain.chance_help")),
            "pei": words("PEI", width=50, help=text("terrain.pei_help")),
            "rri": words("RRI", width=50, help=text("terrain.rri_help")),
        },
    )
    st.caption(plain(text("terrain.hidden_cells", floor=found.k)))


def _near_repeat(found: Validation, bench: Bench) -> None:
    text, table = bench.text, found.near_repeat
    if table is None:
        st.caption(plain(text("terrain.no_days")))
        return
    sure = table[table["ratio"].notna() & (table["p"] <= SURE)].sort_values("ratio", ascending=False)
    kind = "hidden" if table["ratio"].isna().all() else "none"
    told = text(f"terrain.repeat_{kind}", floor=found.k)
    if len(sure):
        first = sure.iloc[0]
        told = text(
            "terrain.repeat_told",
            times=text.number(first["ratio"], 1),
            from_km=text.number(first["from_km"]),
            to_km=text.number(first["to_km"]),
            from_days=text.number(first["from_days"]),
            to_days=text.number(first["to_days"]),
        )
    charts.figure(text("terrain.repeat_title"), told, None, text, "bench.terrain.repeat")
    if kind == "hidden":
        return
    words = st.column_config.TextColumn
    shown = pd.DataFrame(
        {
            "km": [
                f"{text.number(a)}–{text.number(b)} km" for a, b in zip(table["from_km"], table["to_km"], strict=True)
            ],
            "days": [
                text("terrain.days", first=text.number(a), last=text.number(b))
                for a, b in zip(table["from_days"], table["to_days"], strict=True)
            ],
            "ratio": [figure(value, bench) for value in table["ratio"]],
            "p": [figure(value, bench, 3) for value in table["p"]],
        }
    )
    tables.draw(
        shown,
        text,
        key="bench.repeats",
        columns={
            "km": words(text("terrain.apart"), width=90),
            "days": words(text("terrain.later"), width=90),
            "ratio": words(text("terrain.ratio"), width=80, help=text("terrain.ratio_help")),
            "p": words("p", width=60),
        },
    )
