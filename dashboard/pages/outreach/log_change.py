"""What the last import, entry or undo did to coverage: which communes, from what to what, and that no other moved."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.maps.escape import tag
from dashboard.pages.outreach.coverage.gaps import percent
from dashboard.pages.outreach.desk import ROW, Desk
from dashboard.session import fieldwork
from geo import units
from models.outreach.coverage_change import LogChange

HELD = "log.change"
NAMED = 3
"""So few communes are named in the sentence itself."""
SHOWN = 200


def hold(change: LogChange | None) -> None:
    """Keep what a change did until the next one, or until somebody closes it."""
    fieldwork.put(HELD, change)


def render(desk: Desk) -> None:
    """Draw what the last change did, if it is known."""
    change = fieldwork.held(HELD)
    if change is None:
        return
    with st.container(border=True, key="field_log_change"):
        for sentence in sentences(change, desk):
            st.html(tag("p", sentence, class_="rk-conclusion"))
        if len(change.communes) > NAMED:
            st.dataframe(
                table(change, desk),
                hide_index=True,
                width="stretch",
                row_height=ROW,
                height=min(ROW * (min(len(change.communes), SHOWN) + 1) + 4, 260),
                key="field.log.changed",
            )
        st.button(
            desk.text("log.change_close"), key="field.log.change.close", type="tertiary", on_click=hold, args=(None,)
        )


def sentences(change: LogChange, desk: Desk) -> list[str]:
    """Return what to conclude from a change: the communes that moved, the others, and what another day did."""
    text, moved = desk.text, change.communes
    unmoved = text.number(change.unmoved)
    if moved.empty:
        said = [text("log.change_none", unmoved=unmoved)]
    elif len(moved) <= NAMED:
        named = "; ".join(_named(str(code), row, desk) for code, row in moved.iterrows())
        said = [text("log.change_named", count=len(moved), named=named, unmoved=unmoved)]
    else:
        said = [text("log.change_told", count=text.number(len(moved)), unmoved=unmoved)]
    if len(change.by_day):
        days = {"before": text.day(change.day_before.date()), "after": text.day(change.day_after.date())}
        said.append(text("log.change_day", count=text.number(len(change.by_day)), **days))
    if change.illustrated_before and not change.illustrated_after:
        said.append(text("log.change_own"))
    if change.illustrated_after and not change.illustrated_before:
        said.append(text("log.change_illustration"))
    return said


def table(change: LogChange, desk: Desk) -> pd.DataFrame:
    """Return the communes that moved as they are shown."""
    text, rows = desk.text, change.communes.head(SHOWN)
    communes = units.communes().loc[rows.index]
    shown = {
        "table.commune": communes["name"],
        "table.province": communes["province_code"].map(desk.province_name),
        "log.change_before": [_share(value, desk) for value in rows["before"]],
        "log.change_after": [_share(value, desk) for value in rows["after"]],
    }
    return pd.DataFrame({text(key): values for key, values in shown.items()}, rows.index)


def _named(code: str, row: pd.Series, desk: Desk) -> str:
    commune = units.communes().loc[code]
    values = {"before": _share(row["before"], desk), "after": _share(row["after"], desk)}
    return desk.text(
        "log.change_one", name=commune["name"], province=desk.province_name(commune["province_code"]), **values
    )


def _share(value: float, desk: Desk) -> str:
    return desk.text("log.change_unknown") if pd.isna(value) else percent(float(value), desk)
