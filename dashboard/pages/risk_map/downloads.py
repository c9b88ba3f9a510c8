"""Files to take away: the assessment as shown, and the list of communes to visit first."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import cached
from dashboard.export import assessment, geodata, printable
from dashboard.pages.risk_map import header, lists
from dashboard.pages.risk_map.scene import Scene, node_name

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
                digest=scene.framework.digest,
                date=text.day(date.today()),
            )
        )
        for ending, (mime, icon) in FORMATS.items():
            st.download_button(
                text(f"download.{ending}"),
                data=partial(assessment_file, scene, ending),
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
    return assessment.file_name(scene.briefing, province(scene), f".{ending}")


def assessment_file(scene: Scene, ending: str) -> bytes:
    """Return the communes shown as a file, with the geometry of full detail."""
    frame = assessment.export_frame(scene.briefing, cached.outlines(scene.view.province), province(scene))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"communes.{ending}"
        geodata.write_frame(frame, path, for_spreadsheets=True)
        return path.read_bytes()


def province(scene: Scene) -> str | None:
    """Return the code of the province shown, none for the nation."""
    return None if scene.view.nation else scene.view.province


def printed_page(scene: Scene, count: int) -> str:
    """Return the list of communes to visit first as a page to print."""
    text, framework = scene.text, scene.framework
    chosen = lists.first(scene, count)
    reasons = lists.main_reason(chosen.index, scene)
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
        badges=header.badges(scene),
        weights=weights,
        outlines=None if scene.view.nation else cached.outlines(scene.view.province, "50m").frame,
    )
