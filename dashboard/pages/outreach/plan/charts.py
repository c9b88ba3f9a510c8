"""What more money buys, the plan beside rules made by hand, the price of every floor: charts with a conclusion."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from dashboard.locale import Texts
from dashboard.services.proposal import Proposal
from dashboard.session import planner
from dashboard.ui.charts import GREY, INK, ORANGE, TEAL, figure

FLAT = 0.05
"""Where a doubling of the money adds less than this share, money is not what is short."""


def curve(table: pd.DataFrame, shown: Proposal, text: Texts) -> None:
    """Draw what could be reached at best with more and less money."""
    money = shown.problem.limits.money
    known = table.dropna(subset=["value"]).reset_index()
    if known.empty:
        st.info(text("planner.curve_none"))
        return
    here = known.iloc[(known["money"] - money).abs().argmin()]
    most = known.iloc[-1]
    growth = most["value"] / here["value"] - 1 if here["value"] > 0 else 0.0
    told = text(
        "planner.curve_flat" if growth < FLAT else "planner.curve_told",
        money=text.number(float(here["money"])),
        next=text.number(float(here["per_million"]), 1),
        most=text.number(float(most["money"])),
        share=text.number(100 * growth, 0),
    )
    holes = int(table["value"].isna().sum())
    if holes:
        told = f"{told} {text('planner.curve_hole', money=text.number(float(known['money'].min())))}"
    title = text("planner.curve_title")
    tips = [
        alt.Tooltip("money:Q", title=text("planner.curve_x"), format=",.0f"),
        alt.Tooltip("value:Q", title=text("planner.curve_y"), format=",.0f"),
        alt.Tooltip("per_million:Q", title=text("planner.curve_next"), format=",.1f"),
    ]
    base = alt.Chart(known).encode(
        x=alt.X("money:Q", title=text("planner.curve_x"), axis=alt.Axis(format=",.0f"), scale=alt.Scale(zero=True)),
        y=alt.Y("value:Q", title=text("planner.curve_y"), axis=alt.Axis(format=",.0f"), scale=alt.Scale(zero=True)),
        tooltip=tips,
    )
    line = base.mark_line(color=TEAL, strokeWidth=3)
    points = base.mark_point(color=TEAL, filled=True, size=60, opacity=1)
    labels = base.mark_text(align="right", dx=-8, dy=-10, color=INK, fontSize=12).encode(text="label:N")
    known["label"] = [text("planner.curve_label", next=text.number(float(one), 1)) for one in known["per_million"]]
    budget = alt.Chart(pd.DataFrame({"money": [money]})).mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[5, 4])
    rule = budget.encode(x="money:Q")
    figure(title, told, (rule + line + points + labels).properties(height=380), text, planner.key("chart.curve"))


def rules(table: pd.DataFrame, text: Texts) -> None:
    """Draw the value of the plan beside those of the greedy rule and of rules made by hand."""
    frame = table.reset_index()
    frame["name"] = [text(f"plan.rule_{rule}") for rule in frame["rule"]]
    frame["kind"] = frame["rule"].eq("optimum")
    frame["label"] = [text("planner.percent", value=text.number(100 * share, 1)) for share in frame["share_of_best"]]
    frame.loc[~frame["keeps_everything"].astype(bool), "label"] += f" · {text('planner.rule_breaks')}"
    others = frame[(frame["rule"] != "optimum") & frame["keeps_everything"].astype(bool)]
    best = frame.loc[frame["rule"] == "optimum", "value"].iloc[0]
    if others.empty:
        told = text("planner.rules_none")
    else:
        first = others.loc[others["value"].idxmax()]
        last = others.loc[others["value"].idxmin()]
        told = text(
            "planner.rules_told",
            best=first["name"],
            ahead=text.number(100 * (best / first["value"] - 1) if first["value"] > 0 else float("nan"), 1),
            worst=last["name"],
            behind=text.number(100 * (1 - last["share_of_best"]), 0),
        )
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=300, ticks=False, labelFontSize=13)),
        x=alt.X("value:Q", title=text("planner.curve_y"), axis=alt.Axis(format=",.0f")),
        tooltip=[
            alt.Tooltip("name:N", title=text("plan.column_rule")),
            alt.Tooltip("value:Q", title=text("planner.curve_y"), format=",.0f"),
            alt.Tooltip("people_newly_reached:Q", title=text("planner.tile_people"), format=",.0f"),
            alt.Tooltip("sessions:Q", title=text("planner.sessions"), format=",.0f"),
            alt.Tooltip("communes:Q", title=text("planner.tile_communes"), format=",.0f"),
            alt.Tooltip("money:Q", title=text("planner.cost"), format=",.1f"),
        ],
    )
    drawn = base.mark_bar(height=22, cornerRadius=3).encode(
        color=alt.Color("kind:N", legend=None, scale=alt.Scale(domain=[True, False], range=[TEAL, GREY]))
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=13).encode(text="label:N")
    chart = (drawn + labels).properties(height=44 * len(frame) + 60)
    figure(text("planner.rules_title"), told, chart, text, planner.key("chart.rules"))
    if "last_year" not in set(frame["rule"]):
        st.caption(text("planner.no_last_year"))


def prices(table: pd.DataFrame, shown: Proposal, text: Texts) -> None:
    """Draw what each floor costs: how much more could be reached at best without it."""
    frame = table.reset_index().sort_values("price", ascending=False)
    frame["label"] = [
        text("planner.price_label", price=text.number(float(price), 1), share=text.number(100 * float(share), 2))
        for price, share in zip(frame["price"], frame["price_share"], strict=True)
    ]
    dearest = frame.iloc[0]
    told = (
        text("planner.prices_free", number=len(frame))
        if dearest["price_share"] < 5e-4
        else text(
            "planner.prices_told", name=dearest["floor"], share=text.number(100 * float(dearest["price_share"]), 2)
        )
    )
    scale = alt.Scale(domainMin=0, domainMax=max(1.0, float(frame["price"].max())))
    base = alt.Chart(frame).encode(
        y=alt.Y("floor:N", sort=None, title=None, axis=alt.Axis(labelLimit=320, ticks=False, labelFontSize=13)),
        x=alt.X(
            "price:Q", title=text("planner.prices_axis"), axis=alt.Axis(format=",.3~r", tickCount=5), scale=scale
        ),
        tooltip=[
            alt.Tooltip("floor:N", title=text("plan.column_floor")),
            alt.Tooltip("price:Q", title=text("planner.prices_axis"), format=",.1f"),
            alt.Tooltip("price_share:Q", title=text("plan.column_price_share"), format=".2%"),
        ],
    )
    labels = base.mark_text(align="left", dx=5, color=INK, fontSize=13).encode(text="label:N")
    drawn = base.mark_bar(height=20, color=TEAL, cornerRadius=3)
    chart = (drawn + labels).properties(height=36 * len(frame) + 60)
    figure(text("planner.prices_title"), told, chart, text, planner.key("chart.prices"))
    if shown.made.optimum.gap > 0:
        st.caption(text("planner.prices_note"))
