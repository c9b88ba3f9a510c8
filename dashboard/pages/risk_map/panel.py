"""Everything about one commune: class and rank, why it is on the list, what to talk about, and how sure that is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.cache import cached
from dashboard.locale import MISSING, Texts
from dashboard.maps import levels
from dashboard.maps.escape import Safe, join, tag
from dashboard.pages.risk_map import reasons, reliability, session
from dashboard.pages.risk_map.scene import Scene, beyond
from dashboard.scenario.area import Area, chance
from dashboard.scenario.naming import decimals, natural, node_name, unit_name
from dashboard.scenario.view import public_nodes
from dashboard.session import state
from geo import layers, units
from geo.base.vocabulary import LAND_CROSSINGS
from geo.layers import population
from geo.layers.surroundings import ZONE_RADIUS_KM, Place, nearest_place, places_within

BARS = 6
TOP = 10
"""The communes at the head of a province that ``top_probability`` is about."""


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
    st.html(
        join(
            _title(row, code, scene),
            _tiles(row, scene),
            tag("p", reasons.why(code, scene), class_="rk-reason"),
            session.section(row, scene),
            _why(code, scene),
            reliability.section(row, scene),
            _around(code, row, scene),
        )
    )
    with st.expander(text("commune.figures")):
        st.html(_figures(code, scene))


def _title(row: pd.Series, code: str, scene: Scene) -> Safe:
    province = units.provinces().loc[row["province_code"], "name"]
    return tag(
        "div",
        tag("h2", row["name"]),
        tag("p", f"{province} · {code}"),
        tag("p", *_levels(row, scene), class_="rk-levels"),
        class_="rk-title",
    )


def _levels(row: pd.Series, scene: Scene) -> list[Safe]:
    """Return the class in the province and in the nation, each with its scale; the nation's with the rank."""
    text = scene.text
    inside, nation = Area(row["province_code"], text), Area(None, text)
    found = [(inside, row["class_province"], ""), (nation, row["class"], text.number(row["rank_national"]))]
    return [
        tag(
            "span",
            levels.first_upper(area.level(level)),
            text("commune.ranked", rank=rank) if rank else None,
            class_=f"rk-level rk-level-{int(level)}",
        )
        for area, level, rank in found
        if pd.notna(level)
    ]


def _tiles(row: pd.Series, scene: Scene) -> Safe:
    text, everywhere = scene.text, scene.briefing.communes
    inside = Area(row["province_code"], text)
    tiles = [_rank_tile(row, inside, int((everywhere["province_code"] == row["province_code"]).sum()))]
    if pd.notna(row["top_probability"]):
        share = chance(float(row["top_probability"]), text)
        tiles.append((text("commune.top", number=TOP), share, inside.say("top_within")))
    tiles.append((text("commune.score"), text.number(row["score"], 1), _score_below(row, text)))
    return tag(
        "div",
        *(
            tag("div", tag("span", name), tag("b", value), tag("small", below), class_="rk-tile")
            for name, value, below in tiles
        ),
        class_="rk-tiles",
    )


def _rank_tile(row: pd.Series, area: Area, communes: int) -> tuple[str, str, str]:
    """Return name, figure and remark of the rank in an area; the remark has the interval where it is known."""
    text = area.text
    rank, low, high = area.ranks(row.to_frame().T).iloc[0]
    below = text("commune.rank_of", total=text.number(communes))
    if pd.notna(low) and pd.notna(high):
        below = text("commune.rank_between", interval=area.interval(row), total=text.number(communes))
    return area.say("rank"), text.number(None if pd.isna(rank) else float(rank)), below


def _score_below(row: pd.Series, text: Texts) -> str:
    """Return what stands below the score: the score that is left after outreach where that is known."""
    if row["coverage_known"] and pd.notna(row["remaining"]):
        return text("commune.remaining", score=text.number(row["remaining"], 1))
    return text("commune.of_100")


def _why(code: str, scene: Scene) -> Safe:
    text = scene.text
    parts = reasons.drivers(code, scene)
    large = parts[parts.abs() >= reasons.SMALLEST]
    if large.empty:
        return tag("section", tag("h3", text("commune.why")), tag("p", text("commune.why_same"), class_="rk-small"))
    shown = large.head(BARS)
    rest = float(parts.sum() - shown.sum())
    bars = [(str(name), float(value)) for name, value in shown.items()]
    if abs(rest) >= reasons.SMALLEST:
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
        (text("commune.to_reach"), _to_reach(row, scene)),
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


def _to_reach(row: pd.Series, scene: Scene) -> str:
    text = scene.text
    return text(
        "commune.to_reach_known" if row["coverage_known"] else "commune.to_reach_unknown",
        number=text.number(row["people_unreached"]),
        sessions=text.number(row["sessions_needed"]),
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
                    text.measured(value, decimals(values), unit)
                    if table.applies.loc[code, node.code]
                    else beyond(node.code, scene.framework, text),
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
