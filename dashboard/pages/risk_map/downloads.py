"""Files to take away: the assessment as shown, and the list of communes to visit first."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.export import assessment, geodata, printable
from dashboard.maps import levels
from dashboard.pages.risk_map import header, reasons, session
from dashboard.pages.risk_map.chosen import chosen_communes, rank_marked
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import outreach_known, pathway_name
from dashboard.scenario.naming import node_name
from models.outreach.priority import By

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


def printed_list(scene: Scene, count: int, by: By = By.FIRST) -> None:
    """Draw the button for a list of communes to print."""
    st.download_button(
        scene.text("next.print"),
        data=lambda: printed_page(scene, count, by).encode(),
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
    shapes, doubts = cached.outlines(scene.view.province), cached.doubted(scene.view.weights)
    frame = assessment.export_frame(scene.briefing, shapes, province(scene), doubts=doubts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"communes.{ending}"
        geodata.write_frame(frame, path, for_spreadsheets=True)
        return path.read_bytes()


def province(scene: Scene) -> str | None:
    """Return the code of the province shown, none for the nation."""
    return None if scene.view.nation else scene.view.province


def printed_page(scene: Scene, count: int, by: By = By.FIRST) -> str:
    """Return a list of communes as a page to print, with what to say there."""
    chosen = chosen_communes(scene, count, by)
    return printable.page(
        _stops(chosen, scene),
        scene.place,
        scene.area,
        digest=scene.framework.digest,
        made=date.today(),
        by=by,
        remarks=_remarks(chosen, scene, by),
        outlines=None if scene.view.nation else cached.outlines(scene.view.province, "50m").frame,
    )


def _stops(chosen: pd.DataFrame, scene: Scene) -> list[printable.Stop]:
    why, provinces = reasons.main_reason(chosen.index, scene), cached.province_order()
    whole = scene.frame["burden"].sum()
    return [
        printable.Stop(
            code=str(code),
            name=row["name"],
            province=provinces[row["province_code"]],
            level=levels.first_upper(scene.text(f"level.{level}")) if pd.notna(level) else "",
            rank=rank_marked(row, scene),
            score=row["score"],
            people=row["people_unreached"],
            sessions=row["sessions_needed"],
            pathway=row["leading"] if pathway_name(row["leading"], scene.text) else None,
            reason=why[code],
            grade=row["grade"] if pd.notna(row["grade"]) else None,
            share=row["burden"] / whole,
        )
        for (code, row), level in zip(chosen.iterrows(), scene.area.levels(chosen), strict=True)
    ]


def _remarks(chosen: pd.DataFrame, scene: Scene, by: By) -> printable.Remarks:
    text, framework = scene.text, scene.framework
    leading = _leading(chosen) if by == By.FIRST else []
    talks = {messages["pathway"].iloc[0]: messages for messages in map(session.messages_for, leading)}
    return printable.Remarks(
        reached=outreach_known(scene.frame, text),
        badges=header.badges(scene),
        weights=", ".join(
            f"{node_name(node, framework, text)} {text.number(weight, 1)}" for node, weight in scene.view.weights
        ),
        talks=[
            printable.Talk(
                pathway=str(pathway),
                audience="; ".join(messages[f"audience_{text.language}"].drop_duplicates()),
                messages=tuple(messages[f"message_{text.language}"]),
            )
            for pathway, messages in talks.items()
        ],
        state=session.state_of(pd.concat(talks.values())) if talks else "draft",
        calls=session.calls(province(scene), text),
    )


def _leading(chosen: pd.DataFrame) -> list[object]:
    """Return the pathways that lead in some communes, the most frequent first."""
    return list(chosen["leading"].value_counts(dropna=False).index)
