"""Everything about one commune: score, ranks, what drives it, what lies around it, and how good each figure is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cached, state
from dashboard.locale import MISSING, Texts
from dashboard.maps.escape import Safe, join, tag
from dashboard.pages.risk_map.scene import Scene, decimals, natural, node_name, reason, unit_name
from dashboard.view import public_nodes
from geo import layers, population, units
from geo.surroundings import ZONE_RADIUS_KM, Place, nearest_place, places_within
from geo.vocabulary import LAND_CROSSINGS

BARS = 6
SMALLEST = 0.05
"""A contribution below this many points is not drawn as a bar of its own."""


def render(scene: Scene) -> None:
    """Draw the panel of the commune selected, or how to select one."""
    code, text = scene.view.commune, scene.text
    if code is None:
        st.html(tag("p", text("commune.none"), class_="rk-empty"))
        return
    row = scene.frame.loc[code]
    st.button(
        text("commune.close"),
        key="close_commune",
        type="tertiary",
        icon=":material/arrow_back:",
        on_click=state.choose,
        args=(None,),
    )
    st.html(join(_title(row, code, scene), _tiles(row, scene), _why(code, row, scene), _around(code, row, scene)))
    with st.expander(text("commune.figures")):
        st.html(_figures(code, scene))


def _title(row: pd.Series, code: str, scene: Scene) -> Safe:
    province = units.provinces().loc[row["province_code"], "name"]
    level = ""
    if pd.notna(row["class"]):
        level = scene.text("level.label", level=scene.text(f"level.{int(row['class'])}"))
    return tag(
        "div",
        tag("h2", row["name"]),
        tag("p", f"{province} · {code}"),
        tag("span", level, class_=f"rk-level rk-level-{int(row['class'])}") if level else None,
        class_="rk-title",
    )


def _tiles(row: pd.Series, scene: Scene) -> Safe:
    text, frame = scene.text, scene.briefing.communes
    same = int((frame["province_code"] == row["province_code"]).sum())
    tiles = [
        (text("commune.score"), text.number(row["score"], 1), text("commune.of_100")),
        (text("commune.rank_province"), text.number(row["rank_province"]), text("commune.rank_of", total=same)),
        (
            text("commune.rank_national"),
            text.number(row["rank_national"]),
            text("commune.rank_of", total=text.number(len(frame))),
        ),
    ]
    return tag(
        "div",
        *(
            tag("div", tag("span", name), tag("b", value), tag("small", below), class_="rk-tile")
            for name, value, below in tiles
        ),
        class_="rk-tiles",
    )


def _why(code: str, row: pd.Series, scene: Scene) -> Safe:
    text, framework = scene.text, scene.framework
    public = public_nodes(framework)
    parts = cached.contributions(scene.view.weights).loc[code].dropna()
    parts = parts[[name for name in parts.index if name in public]]
    parts = parts[parts.abs().sort_values(ascending=False, kind="stable").index]
    large = parts[parts.abs() >= SMALLEST]
    if large.empty:
        return tag("section", tag("h3", text("commune.why")), tag("p", text("commune.why_same"), class_="rk-small"))
    shown = large.head(BARS)
    rest = float(parts.sum() - shown.sum())
    assumed = scene.briefing.assessment.imputed.loc[code]
    bars = [
        (reason(str(name), framework, text, assumed=bool(assumed[name])), float(value))
        for name, value in shown.items()
    ]
    if abs(rest) >= SMALLEST:
        bars.append((text("commune.rest"), rest))
    longest = max(abs(value) for _, value in bars)
    return tag(
        "section",
        tag("h3", text("commune.why")),
        tag("p", text("commune.why_note", difference=text.signed(float(parts.sum()))), class_="rk-small"),
        tag("div", *(_bar(name, value, longest, text) for name, value in bars), class_="rk-bars"),
    )


def _bar(name: str, value: float, longest: float, text: Texts) -> Safe:
    width = round(50 * abs(value) / longest, 1)
    side = f"left:50%;width:{width}%" if value > 0 else f"right:50%;width:{width}%"
    return tag(
        "div",
        tag("span", name, class_="rk-bar-name"),
        tag("span", tag("i", style=side, class_="up" if value > 0 else "down"), class_="rk-bar"),
        tag("span", text.signed(value), class_="rk-bar-value"),
        class_="rk-bar-row",
    )


def _around(code: str, row: pd.Series, scene: Scene) -> Safe:
    text = scene.text
    unit = units.communes().loc[code]
    gates = layers.border_crossings()
    crossing = nearest_place(unit["lat"], unit["lon"], gates[gates["type"].isin(LAND_CROSSINGS)])
    near = places_within(unit["lat"], unit["lon"], layers.industrial_zones(), ZONE_RADIUS_KM)
    facts = [
        (text("commune.crossing"), _crossing(crossing, text)),
        (text("commune.zones", radius=text.number(ZONE_RADIUS_KM)), _zones(near, text)),
        (text("commune.people"), _people(row, scene)),
        (text("commune.registered"), _registered(code, text)),
        (text("commune.outreach"), _outreach(scene.outreach.loc[code], scene)),
        (text("commune.unreached"), text("commune.people_value", number=text.number(row["people_unreached"]))),
    ]
    return tag(
        "section",
        tag("h3", text("commune.around")),
        tag("dl", *(join(tag("dt", name), tag("dd", value)) for name, value in facts), class_="rk-facts-list"),
        tag("p", _total(code, text), " ", text("commune.distance_note"), class_="rk-small"),
    )


def _crossing(place: Place | None, text: Texts) -> Safe:
    if place is None:
        return Safe(MISSING)
    told = text(
        "commune.crossing_value",
        name=place.name_en if text.language == "en" else place.name_vi,
        type=text(f"crossing.{place.type}"),
        km=text.number(place.km, 1 if place.km < 20 else 0),
    )
    return join(told, " ", tag("em", text("commune.crossing_derived")) if place.derived else None)


def _zones(near: list[Place], text: Texts) -> str:
    if not near:
        return text("commune.zones_none")
    name = near[0].name_en if text.language == "en" else near[0].name_vi
    return text("commune.zones_value", number=len(near), name=name, km=text.number(near[0].km, 1))


def _people(row: pd.Series, scene: Scene) -> Safe:
    text = scene.text
    return join(
        text("commune.people_value", number=text.number(row["population"])),
        " ",
        quality_mark(row.get("population_quality"), text),
    )


def _registered(code: str, text: Texts) -> str:
    number = cached.sources().population.loc[code, "registered"]
    if pd.isna(number):
        return text("commune.registered_unused")
    return text("commune.registered_value", number=text.number(number))


def _total(code: str, text: Texts) -> str:
    """Say on which level the figure is that the page uses."""
    people = cached.sources().population
    if code in population.imported():
        return text("commune.total_imported", source=people.loc[code, "source"])
    sums = people[["population", "registered"]].sum() / 1e6
    return text(
        "commune.total_note", people=text.number(sums["population"], 1), registered=text.number(sums["registered"], 1)
    )


def _outreach(row: pd.Series, scene: Scene) -> Safe:
    text = scene.text
    if pd.isna(row["people_reached"]) and pd.isna(row["events"]):
        return join(text("commune.outreach_unknown"))
    if not row["events"] and not row["people_reached"]:
        told = text("commune.outreach_zero")
    else:
        told = text(
            "commune.outreach_value", people=text.number(row["people_reached"]), events=text.number(row["events"])
        )
        if pd.notna(row["last_date"]):
            told = f"{told}, {text('commune.outreach_last', date=text.day(pd.Timestamp(row['last_date'])))}"
    return join(told, " ", quality_mark("synthetic", text) if scene.synthetic else None)


def _figures(code: str, scene: Scene) -> Safe:
    text, table = scene.text, scene.briefing.table
    public = public_nodes(scene.framework)
    rows = []
    for node in scene.framework.indicators:
        if node.code not in public:
            continue
        values = natural(table.values[node.code], node.facts)
        value, unit = values[code], unit_name(node.facts, text)
        rows.append(
            tag(
                "div",
                tag("b", node_name(node.code, scene.framework, text)),
                tag(
                    "span",
                    text.measured(value, decimals(values), unit),
                    class_="rk-value",
                ),
                quality_mark(table.quality.loc[code, node.code], text),
                tag(
                    "small",
                    f"{text('commune.resolution')}: {text('resolution.' + node.facts['resolution'])} · "
                    f"{node.facts['year']} · {node.facts['source']}",
                ),
                class_="rk-figure",
            )
        )
    return tag("div", *rows, class_="rk-figures")


def quality_mark(quality: object, text: Texts) -> Safe:
    """Return the mark that says how good a figure is."""
    kind = "missing" if not isinstance(quality, str) else quality
    return tag("span", text(f"quality.{kind}"), class_=f"rk-quality {kind}")
