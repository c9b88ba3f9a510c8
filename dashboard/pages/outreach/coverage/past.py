"""How coverage came and went over two years: the place, and one commune."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.pages.outreach import charts
from dashboard.pages.outreach.coverage.gaps import names, percent
from dashboard.pages.outreach.desk import Desk
from dashboard.services import follow
from dashboard.services.follow import Field
from dashboard.session import fieldwork
from dashboard.ui import charts as figures
from models.outreach.drift import weighted


def render(known: Field, desk: Desk) -> None:
    """Draw the chart with the choice of a commune; the map chooses it too."""
    text = desk.text
    codes = known.communes["coverage"].dropna().index
    if not len(codes):
        return
    labels = dict(zip(codes, names(known, codes, desk), strict=True))
    touched = codes[known.communes.loc[codes, "contacts"] > 0]
    largest = known.communes.loc[touched if len(touched) else codes, "burden"].fillna(-1).idxmax()
    fieldwork.settle("commune", codes, largest)
    code = st.selectbox(
        text("coverage.commune"),
        list(codes),
        format_func=lambda one: labels[one],
        key=f"{fieldwork.PREFIX}commune",
        width=340,
    )
    past = cached.past(desk.province)
    whole = past.apply(lambda day: weighted(day.to_frame("coverage"), known.population)["coverage"], axis=1)
    order = [desk.place_name, labels[code]]
    rows = [
        pd.DataFrame({"day": past.index, "kind": kind, "value": 100 * values.to_numpy()})
        for kind, values in zip(order, (whole, past[code]), strict=True)
    ]
    words = {"x": text("coverage.axis_month"), "y": text("coverage.axis_coverage")}
    change = 100 * (past[code].iloc[-1] - past[code].iloc[0])
    told = text(
        f"coverage.past_{'up' if change > 0.05 else 'down' if change < -0.05 else 'same'}",
        name=labels[code],
        before=percent(past[code].iloc[0], desk),
        after=percent(past[code].iloc[-1], desk),
        whole=percent(whole.iloc[-1], desk),
        day=text.day(past.index[-1].date()),
    )
    frame = pd.concat(rows)
    chart = charts.lines(frame, words, order, digits=",.1f" if frame["value"].max() >= 1 else ",.2f")
    figures.figure(text("coverage.past_title", months=follow.MONTHS), told, chart, text, "field.coverage.past")
