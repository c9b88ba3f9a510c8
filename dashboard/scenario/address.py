"""What the analyst's page shows, to and from the address, so that a link reproduces the settings.

Addresses come from strangers: whatever a parameter holds that does not exist is left out and named, never followed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from dashboard.locale import LANGUAGES
from dashboard.scenario.analysis import GENERAL, KINDS, METHODS, Settings
from dashboard.scenario.view import LONGEST, NATION
from models.index.tuning import WHOLE

SECTIONS = ("compare", "doubt", "influence", "coherence", "patterns", "quality", "validity")
PATTERNS = ("spots", "types", "pathways", "terrain")
PARTS = ("lang", "province", "section", "pattern", "preset", "methods", "weights", "balanced")
YES = "1"


@dataclass(frozen=True)
class Known:
    """What exists: province codes, presets, and the nodes of each preset whose weight can be set."""

    provinces: Collection[str]
    presets: Collection[str]
    nodes: Callable[[str], Collection[str]]


@dataclass(frozen=True)
class Address:
    """Everything that makes the page look the way it looks, beside results that were computed on demand."""

    language: str = LANGUAGES[0]
    place: str = NATION
    section: str = SECTIONS[0]
    pattern: str = PATTERNS[0]
    settings: Settings = field(default_factory=Settings)


def write(shown: Address) -> dict[str, str]:
    """Return the parameters of the page; what is as by default is left out, except the province.

    Examples
    --------
    >>> write(Address(settings=Settings("equal", (("border", 40.0),), (("root", "arithmetic"),))))
    {'province': 'VN', 'preset': 'equal', 'methods': 'root:arithmetic', 'weights': 'border:40'}
    """
    usual, settings = Address(), shown.settings
    query = {"province": shown.place}
    for name, value, default in (
        ("lang", shown.language, usual.language),
        ("section", shown.section, usual.section),
        ("pattern", shown.pattern, usual.pattern),
        ("preset", settings.preset, GENERAL),
        ("methods", ";".join(f"{kind}:{method}" for kind, method in settings.methods), ""),
        ("weights", ",".join(f"{node}:{weight:.12g}" for node, weight in settings.weights), ""),
        ("balanced", YES if settings.balanced else "", ""),
    ):
        if value != default:
            query[name] = value
    return query


def read(query: Mapping[str, str], known: Known) -> tuple[Address, list[str]]:
    """Return what an address asks for, and the parameters in it that mean nothing.

    Examples
    --------
    >>> known = Known({"22"}, {"general", "equal"}, lambda preset: {"border"})
    >>> found, ignored = read({"province": "22", "preset": "nonsense", "weights": "border:2,x:1"}, known)
    >>> found.place, found.settings.weights, ignored
    ('22', (('border', 2.0),), ['preset', 'weights'])
    """
    ignored = [name for name, value in query.items() if name not in PARTS or len(value) > LONGEST]
    given = {name: value for name, value in query.items() if name not in ignored}
    shown = Address()
    for name, target, allowed in (
        ("lang", "language", LANGUAGES),
        ("province", "place", {*known.provinces, NATION}),
        ("section", "section", SECTIONS),
        ("pattern", "pattern", PATTERNS),
    ):
        if name in given and given[name] in allowed:
            shown = replace(shown, **{target: given[name]})  # type: ignore[arg-type]
        elif name in given:
            ignored.append(name)
    preset = given.get("preset", GENERAL)
    if preset not in known.presets:
        ignored.append("preset")
        preset = GENERAL
    methods, clean = _methods(given.get("methods", ""))
    ignored += [] if clean else ["methods"]
    weights, clean = _weights(given.get("weights", ""), known.nodes(preset))
    ignored += [] if clean else ["weights"]
    balanced = given.get("balanced", "")
    ignored += [] if balanced in ("", YES) else ["balanced"]
    return replace(shown, settings=Settings(preset, weights, methods, balanced == YES)), ignored


def _methods(text: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    found, clean = {}, True
    for part in filter(None, text.split(";")):
        kind, _, method = part.partition(":")
        if kind in KINDS and method and method in METHODS[kind]:
            found[kind] = method
        else:
            clean = False
    return tuple(sorted(found.items())), clean


def _weights(text: str, nodes: Collection[str]) -> tuple[tuple[tuple[str, float], ...], bool]:
    found, clean = {}, True
    for part in filter(None, text.split(",")):
        node, _, number = part.partition(":")
        try:
            weight = float(number) if number.isascii() else math.nan
        except ValueError:
            weight = math.nan
        if node in nodes and 0 <= weight <= WHOLE:
            found[node] = weight
        else:
            clean = False
    return tuple(sorted(found.items())), clean
