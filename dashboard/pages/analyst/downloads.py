"""Files to take away: the framework, which the command line reads, and what the simulation found."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.export.geodata import guarded
from dashboard.export.patterns import pattern_frame
from dashboard.locale import Texts
from dashboard.pages.analyst.bench import Bench
from geo import units
from models.index.framework import Framework
from models.robustness.uncertainty import Uncertainty


def framework_file(text: Texts, framework: Framework) -> None:
    """Draw the download of the framework with the weights and methods as set."""
    st.download_button(
        text("analyst.download_framework"),
        data=lambda: framework_csv(framework),
        file_name=f"framework_{framework.digest}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="bench.download.framework",
        on_click="ignore",
        help=text("analyst.download_framework_help"),
    )


def framework_csv(framework: Framework) -> bytes:
    """Return the framework as ``riskmap assess --framework`` reads it."""
    return guarded(framework.table).to_csv(index=False, lineterminator="\n").encode()


def uncertainty_file(found: Uncertainty, bench: Bench) -> None:
    """Draw the download of the ranks over all draws."""
    digest = found.settings["framework"]
    st.download_button(
        bench.text("analyst.download_uncertainty"),
        data=lambda: uncertainty_csv(found, bench.here),
        file_name=f"rank_intervals_{bench.place}_{date.today().isoformat()}_{digest}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="bench.download.uncertainty",
        on_click="ignore",
    )


def uncertainty_csv(found: Uncertainty, codes: pd.Index) -> bytes:
    """Return one row per commune: rank, median, interval, probabilities, class, whether it is certain, settings."""
    names = units.communes().loc[codes, ["name", "province_code"]]
    robust = found.robust_classes().loc[codes]
    table = names.join(found.units.loc[codes]).join(robust)
    table = table.assign(draws=found.draws, **{f"setting_{key}": value for key, value in found.settings.items()})
    return (
        guarded(table.reset_index()).to_csv(index=False, lineterminator="\n", float_format="%.6g").encode("utf-8-sig")
    )


def patterns_file(bench: Bench) -> None:
    """Draw the download of hot spots and pathways by commune; types come with the command line."""
    st.download_button(
        bench.text("patterns.download"),
        data=lambda: patterns_csv(bench),
        file_name=f"patterns_{bench.place}_{date.today().isoformat()}_{bench.framework.digest}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="bench.download.patterns",
        on_click="ignore",
    )


def patterns_csv(bench: Bench) -> bytes:
    """Return one row per commune of the place looked at: hot spots, the pathway that leads, ranks by pathway."""
    found = cached.spots(bench.settings, bench.restricted, bench.framework.root.code)
    table = pattern_frame(found, cached.pathways(bench.restricted), bench.here)
    table = table.assign(settings_hash=bench.framework.digest)
    return (
        guarded(table.reset_index()).to_csv(index=False, lineterminator="\n", float_format="%.6g").encode("utf-8-sig")
    )
