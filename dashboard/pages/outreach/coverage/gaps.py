"""Where most people at risk are not reached: the sentence, the figures and the table of the largest gaps."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.desk import ROW, Desk
from dashboard.services.follow import Field
from dashboard.ui import tables
from models.outreach.drift import weighted

SHOWN = 12
DIGITS = 1


def conclusion(known: Field, desk: Desk) -> str:
    """Return what to conclude: how many people are reached, how many communes nobody knows of, where the gap is."""
    text, table = desk.text, known.communes
    gaps = table["burden"].dropna().nlargest(3)
    unknown = int(table["coverage"].isna().sum())
    if unknown == len(table):
        return text("coverage.told_unknown", place=desk.place_name, communes=text.number(len(table)))
    told = text(
        "coverage.told_part" if unknown else "coverage.told",
        place=desk.place_name,
        share=percent(overall(known), desk),
        first=", ".join(names(known, gaps.index, desk)),
    )
    return f"{told} {text('coverage.told_missing', communes=text.number(unknown))}" if unknown else told


def overall(known: Field) -> float:
    """Return the share of all people reached, 0-1, where it is known."""
    return float(weighted(known.communes[["coverage"]], known.population)["coverage"])


def names(known: Field, codes: pd.Index, desk: Desk) -> list[str]:
    """Return the names of communes, with the province in the nation."""
    shown = known.communes.loc[codes]
    if not desk.nation:
        return shown["name"].tolist()
    return [f"{row['name']} ({desk.province_name(row['province_code'])})" for _, row in shown.iterrows()]


def render(known: Field, desk: Desk) -> None:
    """Draw the figures and the table."""
    text, table = desk.text, known.communes
    shared = table["estimated_share"] * table["contacts"]
    guessed = shared.sum() / table["contacts"].sum() if table["contacts"].sum() > 0 else float("nan")
    near = table["access"]
    tiles = [
        (text("coverage.tile_reached"), percent(overall(known), desk), text("coverage.tile_reached_note")),
        (text("coverage.tile_guessed"), percent(guessed, desk), text("coverage.tile_guessed_note")),
        (
            text("coverage.tile_access"),
            text.number(near.median(), 2),
            text("coverage.tile_access_note" if near.notna().any() else "coverage.tile_access_none"),
        ),
    ]
    st.html(
        tag(
            "div",
            *(tag("div", tag("span", a), tag("b", b), tag("small", c), class_="rk-tile") for a, b, c in tiles),
            class_="rk-tiles",
        )
    )
    first = table.dropna(subset=["burden"]).nlargest(SHOWN, "burden")
    st.html(tag("div", tag("h3", text("coverage.gaps")), class_="rk-figure-head"))
    shown = pd.DataFrame(
        {
            "name": names(known, first.index, desk),
            "gap": first["burden"].round(),
            "coverage": [percent(share, desk) for share in first["coverage"]],
            "unreached": first["people_unreached"].round(),
            "quality": [text(f"quality.{grade}") if isinstance(grade, str) else "" for grade in first["gap_quality"]],
            "guessed": [text.number(share) for share in 100 * first["estimated_share"]],
            "access": [text.number(number, 2) for number in first["access"]],
        }
    )
    number, word = st.column_config.NumberColumn, st.column_config.TextColumn
    tables.draw(
        shown,
        text,
        row_height=ROW,
        height=min(ROW * (len(shown) + 1) + 4, 330),
        key="field.coverage.gaps",
        columns={
            "name": word(text("table.commune"), width=148),
            "gap": number(text("coverage.column_gap"), help=text("coverage.help_gap"), width=100),
            "coverage": word(text("coverage.column_coverage"), alignment="right", width=78),
            "unreached": number(text("table.unreached"), width=75, help=text("table.unreached_help")),
            "quality": word(text("coverage.column_quality"), width=75),
            "guessed": word(
                text("coverage.column_guessed"), help=text("coverage.help_guessed"), alignment="right", width=75
            ),
            "access": word(
                text("coverage.column_access"), help=text("coverage.help_access"), alignment="right", width=75
            ),
        },
    )


def percent(share: float, desk: Desk) -> str:
    """Return a share in words; one that would be rounded to nothing is said to be small, not none."""
    text = desk.text
    if share != share:
        return text.number(None)
    if 0 < 100 * share < 10**-DIGITS:
        return text("coverage.below", share=text.number(10**-DIGITS, DIGITS))
    return text.percent(share, DIGITS)
