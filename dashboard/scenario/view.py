"""What a user looks at: one frozen value, to and from the address of the page, so that a view can be shared.

Addresses come from strangers: whatever a parameter holds that does not exist is left out and named, never followed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from dashboard.locale import LANGUAGES
from models.index.framework import Framework

NATION = "VN"
OVERLAYS = ("crossings", "zones", "flows", "outreach", "doubt")
HOME = "22"
LAYERS = ("risk", "leading", "highest", "burden", "coverage", "teams")
"""What colours the map besides the nodes of the framework; the burden is people at risk not yet reached."""
FORMER = {"priority": "burden"}
"""What layers were called in addresses sent before."""
SCHEMES = ("quantiles", "natural_breaks", "equal_interval", "std_mean", "pretty")
"""Ways to divide the values on the map into classes, as mapclassify defines them."""
MAX_CLASSES = 7
MAX_WEIGHT = 5.0
LONGEST = 2000
"""No parameter longer than this is read."""


@dataclass(frozen=True)
class Choices:
    """What exists: province codes, layers of the map, nodes whose weight can be set, communes."""

    provinces: Collection[str]
    layers: Collection[str]
    nodes: Collection[str]
    communes: Collection[str]


@dataclass(frozen=True)
class View:
    """Everything that makes a page look the way it looks.

    ``weights`` holds only what differs from the framework, sorted by node.
    """

    language: str = LANGUAGES[0]
    province: str = HOME
    layer: str = "risk"
    scheme: str = SCHEMES[0]
    classes: int = 5
    overlays: tuple[str, ...] = ("crossings", "doubt")
    commune: str | None = None
    weights: tuple[tuple[str, float], ...] = field(default=())

    @property
    def nation(self) -> bool:
        """Whether the whole country is shown."""
        return self.province == NATION


def read(query: Mapping[str, str], choices: Choices) -> tuple[View, list[str]]:
    """Return the view an address asks for, and the parameters in it that mean nothing.

    Examples
    --------
    >>> choices = Choices({"22", "51"}, {"risk"}, {"exposure"}, {"06712"})
    >>> view, ignored = read({"province": "51", "layer": "nonsense", "weights": "exposure:2"}, choices)
    >>> view.province, view.weights, ignored
    ('51', (('exposure', 2.0),), ['layer'])
    """
    allowed: dict[str, tuple[str, Collection[str]]] = {
        "lang": ("language", LANGUAGES),
        "province": ("province", {*choices.provinces, NATION}),
        "layer": ("layer", choices.layers),
        "scheme": ("scheme", SCHEMES),
        "commune": ("commune", choices.communes),
    }
    view, ignored = View(), []
    for name, value in query.items():
        if len(value) > LONGEST:
            ignored.append(name)
        elif name in allowed:
            target, known = allowed[name]
            value = FORMER.get(value, value) if name == "layer" else value
            if value in known:
                view = replace(view, **{target: value})  # type: ignore[arg-type]
            else:
                ignored.append(name)
        elif name == "classes":
            if value.isascii() and value.isdigit() and 2 <= int(value[:3]) <= MAX_CLASSES:
                view = replace(view, classes=int(value))
            else:
                ignored.append(name)
        elif name == "overlays":
            asked = [part for part in value.split(",") if part]
            view = replace(view, overlays=tuple(part for part in OVERLAYS if part in asked))
            if not set(asked) <= set(OVERLAYS):
                ignored.append(name)
        elif name == "weights":
            weights, clean = _read_weights(value, choices.nodes)
            view = replace(view, weights=weights)
            if not clean:
                ignored.append(name)
    return view, ignored


def write(view: View) -> dict[str, str]:
    """Return the parameters of a view; what is as by default is left out, except the province.

    Examples
    --------
    >>> write(View(layer="burden", weights=(("exposure", 2.0),)))
    {'province': '22', 'layer': 'burden', 'weights': 'exposure:2'}
    """
    usual = View()
    query = {"province": view.province}
    for name, value, default in (
        ("lang", view.language, usual.language),
        ("layer", view.layer, usual.layer),
        ("scheme", view.scheme, usual.scheme),
        ("classes", str(view.classes), str(usual.classes)),
        ("overlays", ",".join(view.overlays), ",".join(usual.overlays)),
        ("commune", view.commune, usual.commune),
        ("weights", ",".join(f"{node}:{weight:g}" for node, weight in view.weights), ""),
    ):
        if value is not None and value != default:
            query[name] = value
    return query


def changed_weights(weights: Mapping[str, float], usual: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """Return the weights that differ from the framework's, sorted by node."""
    return tuple(sorted((node, float(weight)) for node, weight in weights.items() if weight != usual[node]))


def public_nodes(framework: Framework) -> tuple[str, ...]:
    """Return the nodes that may be shown to everybody, in the order of the tree; never the ethnic-minority share."""
    return tuple(node.code for node in framework.nodes if node.facts.get("public", "yes") != "no")


def _read_weights(text: str, nodes: Collection[str]) -> tuple[tuple[tuple[str, float], ...], bool]:
    found, clean = {}, True
    for part in filter(None, text.split(",")):
        node, _, number = part.partition(":")
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if node in nodes and 0 <= weight <= MAX_WEIGHT:
            found[node] = weight
        else:
            clean = False
    return tuple(sorted(found.items())), clean
