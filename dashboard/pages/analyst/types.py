"""Kinds of communes: groups with a like profile, named by what is high or low in them, and whether they hold."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import LANGUAGES, texts
from dashboard.maps import categories, palette
from dashboard.maps.escape import tag
from dashboard.pages.analyst import canvas, running
from dashboard.pages.analyst.bench import Bench
from dashboard.session import workbench
from dashboard.ui import charts, tables
from models.patterns.communes import short_names, types_of
from models.patterns.typology import Typology, typology

KIND = "types"
BASES = ("indicators", "pathways")
"""What is alike in a type: the indicators of the framework, or the scores of the pathways."""
MAP_HEIGHT = 430


def render(bench: Bench) -> None:
    """Draw the choice of what the types are made from, the run, and what it found."""
    text = bench.text
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.segmented_control(
            text("patterns.basis"),
            BASES,
            format_func=lambda basis: text(f"patterns.basis_{basis}"),
            key=f"{workbench.PREFIX}basis",
            required=True,
            label_visibility="collapsed",
            help=text("patterns.basis_help"),
        )
        started = st.button(text("analyst.run"), key="bench.run_types", type="primary", icon=":material/play_arrow:")
    basis = workbench.held("basis")
    made_for = (basis, bench.framework.digest if basis == "indicators" else bench.restricted)
    if started:
        running.run(KIND, made_for, lambda told: _found(basis, bench, told), text)
    latest = running.latest(KIND, made_for, text)
    if latest is None:
        st.info(text("patterns.types_none"), icon=":material/category:")
        return
    found, words = latest
    _show(found, words, bench)


def _found(basis: str, bench: Bench, told: running.Told) -> tuple[Typology, dict[str, dict[str, str]]]:
    """Return the types, and what their indicators are called in each language."""
    if basis == "pathways":
        scores = cached.pathway_scores(bench.restricted)
        words = {
            language: {str(code): texts(language)(f"patterns.pathway_{code}") for code in scores}
            for language in LANGUAGES
        }
        return typology(scores, {str(code): f"{{{code}}}" for code in scores}, progress=told), words
    words = {language: short_names(bench.framework, language) for language in LANGUAGES}
    return types_of(bench.assessment, {code: f"{{{code}}}" for code in words["vi"]}, progress=told), words


def _show(found: Typology, known: dict[str, dict[str, str]], bench: Bench) -> None:
    text, words = bench.text, known[bench.text.language]
    names = {int(kind): str(name).format(**words) for kind, name in found.table["name"].items()}
    rows = [(str(kind), f"{kind}. {name}", palette.KINDS[int(kind) - 1]) for kind, name in names.items()]
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        shown = categories.kinds(found.types.astype(str), rows).of(cached.geometry(bench.place)["codes"])
        legend = categories.legend(shown, text("patterns.types_legend"), text)
        content = categories.message(shown, bench.assessment.score, text)
        canvas.draw(workbench.PATTERN_MAP, content, bench, MAP_HEIGHT, legends=[legend])
    with right:
        _told(found, names, bench)
        _table(found, names, bench)
    _profile(found, names, words, bench)


def _told(found: Typology, names: dict[int, str], bench: Bench) -> None:
    text, table = bench.text, found.table
    steady = int((table["stability"] == "stable").sum())
    chosen = found.choice[found.choice["chosen"]].iloc[0]
    told = text(
        "patterns.types_told",
        number=len(table),
        name=names[int(table.index[0])],
        units=text.number(int(table["units"].iloc[0])),
        steady=steady,
    )
    structure = text(
        "patterns.structure" if found.structure else "patterns.structure_weak",
        silhouette=text.number(float(chosen["silhouette"]), 2),
        agreement=text.number(float(chosen["agreement"]), 2),
    )
    reliable = "" if found.reliable else text("patterns.not_reliable")
    st.html(
        tag(
            "div",
            tag("h3", text("patterns.types_title", place=bench.place_name)),
            tag("p", f"{told} {structure} {reliable}", class_="rk-conclusion"),
            tag("p", text("patterns.types_note"), class_="rk-small"),
            class_="rk-figure-head",
        )
    )


def _table(found: Typology, names: dict[int, str], bench: Bench) -> None:
    text, table = bench.text, found.table
    here = found.types.loc[bench.here].value_counts()
    shown = pd.DataFrame(
        {
            "name": [f"{kind}. {names[int(kind)]}" for kind in table.index],
            "here": [int(here.get(kind, 0)) for kind in table.index],
            "units": table["units"],
            "stability": [text(f"patterns.{word}") for word in table["stability"]],
            "jaccard": table["jaccard"].round(2),
        }
    )
    number, words = st.column_config.NumberColumn, st.column_config.TextColumn
    tables.draw(
        shown,
        text,
        writing={"jaccard": 2},
        key="bench.types",
        columns={
            "name": words(text("patterns.type"), width=200),
            "here": number(text("patterns.here"), width=50, help=bench.place_name),
            "units": number(text("place.nation"), width=68),
            "stability": words(text("patterns.stability"), width=62, help=text("patterns.stability_help")),
            "jaccard": number("Jaccard", width=66),
        },
    )


def _profile(found: Typology, names: dict[int, str], words: dict[str, str], bench: Bench) -> None:
    text = bench.text
    rows = [
        {
            "first": f"{kind}. {names[int(str(kind))]}",
            "second": words[str(code)],
            "value": float(value),
        }
        for kind, row in found.profile.iterrows()
        for code, value in row.items()
    ]
    most = found.profile.abs().stack().idxmax()  # noqa: PD013
    told = text(
        "patterns.profile_told",
        kind=most[0],
        name=words[str(most[1])],
        value=text.signed(float(found.profile.loc[most])),
    )
    axes = {"value": text("patterns.profile_axis"), "first": text("patterns.type"), "second": text("analyst.figure")}
    chart = charts.profile(pd.DataFrame(rows), axes)
    charts.figure(text("patterns.profile_title"), told, chart, text, "bench.chart.profile")
