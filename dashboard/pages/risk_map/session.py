"""What to talk about in a session in a commune: the pathway to mind, messages, whom to invite, whom to call."""

from __future__ import annotations

import pandas as pd

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.maps import palette
from dashboard.maps.escape import Safe, tag
from dashboard.pages.risk_map.scene import Scene
from dashboard.scenario.area import pathway_name
from geo import layers
from geo.base.errors import RiskmapError
from geo.base.vocabulary import PlaceKind, Topic
from geo.intake.places import reported_places
from models.index.pathways import NO_LEAD

POLICE = "113"
YEAR = 4
"""Characters of a date that are its year."""


def section(row: pd.Series, scene: Scene) -> Safe:
    """Return the part of the panel about a session in a commune."""
    text = scene.text
    messages = messages_for(row["leading"])
    return tag(
        "section",
        tag("h3", text("session.title")),
        tag("p", chip(row["leading"], text), tag("span", text("pathway.note")), class_="rk-pathway-line")
        if pathway_name(row["leading"], text)
        else None,
        tag("ul", *(tag("li", message) for message in messages[f"message_{text.language}"]), class_="rk-messages"),
        tag(
            "dl",
            tag("dt", text("session.invite")),
            tag("dd", "; ".join(messages[f"audience_{text.language}"].drop_duplicates())),
            tag("dt", text("session.call")),
            tag("dd", *(_call(phone, name) for phone, name in calls(row["province_code"], text))),
            class_="rk-facts-list",
        ),
        tag("p", text(f"session.{state_of(messages)}"), class_="rk-small"),
    )


def chip(code: object, text: Texts) -> Safe:
    """Return the chip that names a pathway in its colour."""
    dark = isinstance(code, str) and palette.lightness(palette.LEADING[code]) < palette.DARK
    ink = "#ffffff" if dark else palette.INK
    style = f"background:{palette.LEADING[str(code)]};color:{ink}"
    return tag("span", f"{text('pathway.title')}: {pathway_name(code, text)}", class_="rk-pathway", style=style)


def messages_for(leading: object) -> pd.DataFrame:
    """Return the messages about the pathway that leads; the general ones where none does or nothing is known.

    Examples
    --------
    >>> set(messages_for("laos")["pathway"]), set(messages_for("none")["pathway"]), len(messages_for(None))
    ({'laos'}, {'general'}, 3)
    """
    table = layers.pathway_messages()
    wanted = leading if isinstance(leading, str) and leading != NO_LEAD else str(Topic.GENERAL)
    found = table[table["pathway"] == wanted]
    return found if len(found) else table[table["pathway"] == str(Topic.GENERAL)]


def state_of(messages: pd.DataFrame) -> str:
    """Return ``approved`` if all messages are, else ``draft``."""
    return "approved" if messages["status"].eq("approved").all() else "draft"


def hotlines(province: str | None) -> pd.DataFrame:
    """Return the numbers to call in a province, the national ones first: registered by the user, else as reported.

    Returns
    -------
    pandas.DataFrame
        ``phone, name, province_code, as_of``; ``as_of`` is empty for what the user registered.
    """
    columns = ["kind", "phone", "name", "province_code", "as_of"]
    reported = reported_places().reindex(columns=columns)
    try:
        registered = cached.store().places(str(PlaceKind.HOTLINE)).reindex(columns=columns)
    except RiskmapError:
        registered = reported.head(0)
    listed = pd.concat([registered.assign(as_of=""), reported])
    here = listed["province_code"].isna() | (listed["province_code"] == province)
    found = listed[(listed["kind"] == str(PlaceKind.HOTLINE)) & here].drop_duplicates("phone")
    return found.sort_values("province_code", na_position="first", kind="stable")[columns[1:]]


def calls(province: str | None, text: Texts) -> list[tuple[str, str]]:
    """Return the numbers to call in a province, or anywhere for ``None``, and whose they are; national ones first."""
    national, own = [], []
    for phone, name, where, as_of in hotlines(province).itertuples(index=False):
        if isinstance(where, str):
            year = str(as_of)[:YEAR]
            own.append((phone, text("session.number_of", name=name, year=year) if year else name))
        else:
            national.append((phone, text.either(f"session.number_{phone}", name)))
    return [*national, (POLICE, text(f"session.number_{POLICE}")), *own]


def _call(phone: str, name: str) -> Safe:
    return tag("div", tag("b", phone), " ", name, class_="rk-call")
