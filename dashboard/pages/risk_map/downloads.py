"""Files to take away: the assessment as shown, and the list of communes to visit first."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import geopandas as gpd
import streamlit as st

from dashboard import cached
from dashboard.export import geodata, printable
from dashboard.pages.risk_map import header, lists
from dashboard.pages.risk_map.scene import Scene, node_name
from dashboard.view import public_nodes

FORMATS = {
    "csv": ("text/csv", ":material/table:"),
    "geojson": ("application/geo+json", ":material/map:"),
    "gpkg": ("application/geopackage+sqlite3", ":material/layers:"),
}


def render(scene: Scene) -> None:
    """Draw the downloads; a file is made when it is asked for."""
    text = scene.text
    with st.popover(text("download.title"), icon=":material/download:", width="stretch"):
        st.caption(
            text(
                "download.lead",
                communes=text.number(len(scene.frame)),
                digest=scene.briefing.framework.digest,
                date=text.day(date.today()),
            )
        )
        for ending, (mime, icon) in FORMATS.items():
            st.download_button(
                text(f"download.{ending}"),
                data=lambda ending=ending: assessment_file(scene, ending),
                file_name=file_name(scene, ending),
                mime=mime,
                icon=icon,
                key=f"download.{ending}",
                on_click="ignore",
                width="stretch",
            )
        st.caption(text("download.share"))


def printed_list(scene: Scene, count: int) -> None:
    """Draw the button for the list of communes to visit first."""
    st.download_button(
        scene.text("next.print"),
        data=lambda: printed_page(scene, count).encode(),
        file_name=file_name(scene, "html"),
        mime="text/html",
        icon=":material/print:",
        key="download.print",
        on_click="ignore",
    )


def file_name(scene: Scene, ending: str) -> str:
    """Return a name that says what, where, when and with which settings."""
    return f"riskmap_{scene.view.province}_{date.today().isoformat()}_{scene.briefing.framework.digest}.{ending}"


def assessment_file(scene: Scene, ending: str) -> bytes:
    """Return the communes shown as a file."""
    outlines = cached.with_outlines(scene.view.province)
    frame = gpd.GeoDataFrame(scene.frame, geometry=outlines.geometry.reindex(scene.frame.index), crs=outlines.crs)
    public = public_nodes(scene.briefing.framework)
    hidden = [node.code for node in scene.briefing.framework.nodes if node.code not in public]
    meta = {
        "settings_hash": scene.briefing.framework.digest,
        "created_on": date.today().isoformat(),
        "boundaries": cached.current_outlines().kind,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"communes.{ending}"
        geodata.write_assessment(frame, path, meta, hidden=hidden, spreadsheet=True)
        return path.read_bytes()


def printed_page(scene: Scene, count: int) -> str:
    """Return the list of communes to visit first as a page to print."""
    text, framework = scene.text, scene.briefing.framework
    chosen = lists.first(scene, count)
    reasons = lists.main_reason(chosen.index, scene.briefing.contributions, framework, text)
    provinces = cached.province_order()
    stops = [
        printable.Stop(
            str(code),
            row["name"],
            provinces[row["province_code"]],
            row["score"],
            row["population"],
            row["people_unreached"],
            reasons[code],
        )
        for code, row in chosen.iterrows()
    ]
    weights = ", ".join(
        f"{node_name(node, framework, text)} {text.number(weight, 1)}" for node, weight in scene.view.weights
    )
    return printable.page(
        stops,
        scene.place,
        text,
        digest=framework.digest,
        made=date.today(),
        badges=[words for words, _ in header.badges(scene)],
        weights=weights,
        outlines=None if scene.view.nation else cached.with_outlines(scene.view.province),
    )
