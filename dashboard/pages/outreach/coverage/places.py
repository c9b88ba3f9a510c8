"""The register of teams, clubs, shelters and hotlines: what is in it, and how it is filled."""

from __future__ import annotations

import hashlib
import io
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import ROW, Desk, problem
from dashboard.session import fieldwork
from dashboard.store import PLACE_KINDS
from dashboard.ui import tables
from dashboard.ui.shared import plain
from geo import units
from geo.base.errors import RiskmapError
from geo.datasets.schemas import SCHEMAS
from geo.intake.places import read_places, reported_places, template

SHOWN = (
    "kind",
    "name",
    "where",
    "count",
    "people",
    "capacity",
    "days_per_week",
    "sessions_per_week",
    "phone",
    "note",
)
FIGURES = ("count", "people", "capacity", "days_per_week", "sessions_per_week")
FORMS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}


def render(desk: Desk) -> None:
    """Draw what is registered here, the import and its way back."""
    text = desk.text
    every = desk.store.places()
    here = every if desk.nation else every[every["province_code"].isna() | (every["province_code"] == desk.place)]
    st.html(tag("p", summary(here, desk), class_="rk-conclusion"))
    if len(here):
        tables.draw(
            table(here, desk),
            text,
            _columns(desk),
            row_height=ROW,
            height=min(ROW * (len(here) + 1) + 4, 300),
            key="field.places.table",
        )
    _import(desk)
    said = fieldwork.held("places.said")
    if isinstance(said, RiskmapError):
        problem(said, text)
        if said.rows:
            faults = pd.DataFrame({"row": said.rows})
            config = {"row": st.column_config.TextColumn(text("places.faults"))}
            tables.draw(faults, text, config, key="field.places.faults")
    elif said:
        st.success(str(said))


def summary(places: pd.DataFrame, desk: Desk) -> str:
    """Return in one sentence what is registered."""
    text = desk.text
    if places.empty:
        return text("places.none", place=desk.place_name)
    counts = places.groupby("kind")["count"].sum()
    people = places.groupby("kind")["people"].sum(min_count=1)
    parts = [
        text(f"places.sum_{kind}", number=text.number(counts[kind]))
        for kind in PLACE_KINDS
        if counts.get(kind, 0) > 0
    ]
    volunteers = people.get("team", float("nan"))
    if volunteers == volunteers:
        parts.insert(1, text("places.sum_people", number=text.number(volunteers)))
    rooms = places.loc[places["kind"] == "shelter", "capacity"].sum(min_count=1)
    if rooms == rooms:
        parts.append(text("places.sum_rooms", number=text.number(rooms)))
    return text("places.told", place=desk.place_name, what=", ".join(parts))


def table(places: pd.DataFrame, desk: Desk) -> pd.DataFrame:
    """Return the register with names instead of codes."""
    communes, provinces = units.communes()["name"], units.provinces()["short_name"]
    where = places["commune_code"].map(communes).fillna(places["province_code"].map(provinces))
    shown = places.assign(
        kind=[desk.text(f"places.kind_{kind}") for kind in places["kind"]],
        where=where.fillna(desk.text("place.nation")),
        **{one: [desk.text.number(value, _digits(value)) for value in places[one]] for one in FIGURES},
    )
    return shown[[*SHOWN, "source"]]


def _columns(desk: Desk) -> dict[str, Any]:
    text = desk.text
    word = st.column_config.TextColumn
    widths = {"name": 300, "note": 240, "where": 130}
    return {
        **{
            one: word(text(f"places.column_{one}"), width=widths.get(one, 100)) for one in SHOWN if one not in FIGURES
        },
        **{one: word(text(f"places.column_{one}"), alignment="right", width=80) for one in FIGURES},
        "source": word(text("analyst.source"), width=260),
    }


def _digits(value: float) -> int:
    return 0 if value != value or value == int(value) else 2


def _import(desk: Desk) -> None:
    text = desk.text
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        given = st.file_uploader(
            text("places.upload"),
            type=["csv", "xlsx"],
            key=f"{fieldwork.PREFIX}places.file.{fieldwork.held('places.turn', 0)}",
            width=420,
        )
        for ending, mime in FORMS.items():
            st.download_button(
                text(f"places.template_{ending}"),
                data=partial(form, text.language, ending),
                file_name=f"{text('places.template_name')}.{ending}",
                mime=mime,
                key=f"field.places.template.{ending}",
                on_click="ignore",
                icon=":material/download:",
            )
    with st.container(horizontal=True, gap="small"):
        st.button(
            text("places.take"),
            key="field.places.take",
            type="primary",
            disabled=given is None,
            on_click=_take,
            args=(desk, given.name if given else "", given.getvalue() if given else b""),
        )
        st.button(
            text("places.take_reported"),
            key="field.places.reported",
            help=text("places.take_reported_help"),
            on_click=_take_reported,
            args=(desk,),
        )
        last = next((batch for batch in desk.store.batches("places") if batch.undone_at is None), None)
        if last is not None:
            st.button(
                text("places.undo", name=plain(last.name), rows=last.rows),
                key="field.places.undo",
                on_click=_undo,
                args=(desk, last.number),
            )


def form(language: str, ending: str) -> bytes:
    """Return the empty form as the bytes of a file."""
    made = template(language)
    if ending == "csv":
        return made.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")
    stream = io.BytesIO()
    made.to_excel(stream, index=False)
    return stream.getvalue()


def _take(desk: Desk, name: str, content: bytes) -> None:
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"places{Path(name).suffix.lower()}"
            path.write_bytes(content)
            rows = read_places(path, source=Path(name).name)
        digest = hashlib.sha256(content).hexdigest()
        batch = desk.store.add_places(rows, kind="file", name=Path(name).name, digest=digest)
    except RiskmapError as error:
        values = {**error.values, "path": Path(name).name} if "path" in error.values else error.values
        fieldwork.put("places.said", type(error)(error.code, error.rows, **values))
        return
    fieldwork.put("places.said", desk.text("places.taken", rows=batch.rows))
    fieldwork.put("places.turn", fieldwork.held("places.turn", 0) + 1)


def _take_reported(desk: Desk) -> None:
    rows = reported_places().reset_index()[list(SCHEMAS["outreach_places"].columns)]
    try:
        batch = desk.store.add_places(rows, kind="file", name=desk.text("places.reported_name"))
    except RiskmapError as error:
        fieldwork.put("places.said", error)
        return
    fieldwork.put("places.said", desk.text("places.taken", rows=batch.rows))


def _undo(desk: Desk, number: int) -> None:
    try:
        desk.store.undo(number)
        fieldwork.put("places.said", desk.text("places.undone"))
    except RiskmapError as error:
        fieldwork.put("places.said", error)
