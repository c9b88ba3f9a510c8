"""Everything the parts of the page need to draw one run, made once: what is shown, in which words and colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from dashboard.maps.choropleth import Classes
from dashboard.scenario.area import Area
from dashboard.scenario.naming import decimals, indicator_facts, layer_name, natural, unit_name
from dashboard.scenario.view import LAYERS, SCHEMES, View
from geo.datasets import spec
from geo.layers.indicators import WITHIN
from models.briefing import Briefing
from models.index.framework import Framework, Node

MAIN = ("risk", "burden")
RAMPS = {"coverage": "priority", "teams": "dimension"}
MEASURES = {"coverage": "coverage", "teams": "access"}
"""Layers about outreach, and what the section of outreach calls them."""
FIFTHS = 5


@dataclass(frozen=True)
class Scene:
    """One run of the page.

    Attributes
    ----------
    frame
        The communes shown, in the order of the geometry file; columns as in ``Briefing.communes``, those of
        ``dashboard.scenario.area.OPTIONAL`` missing where they have not been computed.
    area
        What communes are compared within: the province shown, or the nation.
    outreach
        Activities of the communes shown, in the same order.
    values, classes
        What colours the map.
    beyond
        What stands in the place of a value that does not apply, with the reason; empty if all apply.
    """

    view: View
    text: Texts
    briefing: Briefing
    frame: pd.DataFrame
    area: Area
    outreach: pd.DataFrame
    geometry: dict[str, Any]
    values: pd.Series
    classes: Classes
    beyond: str
    place: str
    synthetic: bool
    schematic: bool

    @property
    def by_level(self) -> bool:
        """Whether the map shows classes of risk of the area, as the lists do, and not a division of the analyst's."""
        return by_level(self.view)

    @property
    def levels(self) -> pd.Series:
        """The class of risk of the communes shown, on the scale of the area, 1 to 5."""
        return self.area.levels(self.frame)

    @property
    def pathways_known(self) -> bool:
        """Whether it is known which pathway leads, anywhere in the area."""
        return bool(self.frame["leading"].notna().any())

    @property
    def doubt_known(self) -> bool:
        """Whether it has been computed how sure ranks and classes are, anywhere in the area."""
        return bool(self.frame["highest_probability"].notna().any())

    @property
    def hatched(self) -> bool:
        """Whether the map hatches the communes that may be in the highest class of the province or not."""
        return self.asked_for_doubt and self.doubt_known and not self.area.national

    @property
    def asked_for_doubt(self) -> bool:
        """Whether the map shows classes of risk and is to say how sure they are."""
        return self.by_level and "doubt" in self.view.overlays

    @property
    def fact(self) -> Mapping[str, str] | None:
        """The facts about the indicator on the map, none for risk, burden and dimensions."""
        return indicator_facts(self.view.layer, self.framework)

    @property
    def framework(self) -> Framework:
        """The settings of this run."""
        return self.briefing.framework

    @property
    def low_first(self) -> bool:
        """Whether low values of the layer are those that matter: less income, fewer people reached, more need."""
        if self.view.layer in RAMPS:
            return True
        return self.fact is not None and self.framework.node(self.view.layer).direction < 0

    @property
    def ramp(self) -> str:
        """The palette of the layer on the map."""
        if self.view.layer in LAYERS:
            return RAMPS.get(self.view.layer, "priority" if self.view.layer == "burden" else "risk")
        return "indicator" if self.fact is not None else "dimension"

    @property
    def digits(self) -> int:
        """Decimals that make sense for the values on the map."""
        if self.view.layer in ("burden", "highest"):
            return 0
        return 1 if self.fact is None else decimals(self.values)

    @property
    def unit(self) -> str:
        """The unit of the values on the map."""
        if self.view.layer in RAMPS:
            return self.text(f"coverage.unit_{MEASURES[self.view.layer]}")
        if self.view.layer == "highest":
            return self.text("chance.unit")
        return "" if self.fact is None else unit_name(self.fact, self.text)

    def _coverage_note(self) -> str:
        notes = [
            self.text("layer_note.low_first"),
            self.text(f"coverage.note_{MEASURES[self.view.layer]}").rstrip("."),
        ]
        if self.synthetic and self.view.layer == "coverage":
            notes.append(self.text("coverage.note_synthetic").rstrip("."))
        return ". ".join(notes)

    @property
    def title(self) -> str:
        """What the figures on the map are; the pathway that leads is told beside the score."""
        layer = "risk" if self.view.layer == "leading" else self.view.layer
        return layer_name(layer, self.framework, self.text)

    @property
    def note(self) -> str:
        """One line about what the map shows."""
        if self.view.layer in MAIN:
            return self.text(f"layer_note.{self.view.layer}")
        if self.view.layer in RAMPS:
            return self._coverage_note()
        if self.fact is None:
            return self.text("layer_note.dimension")
        source = self.text("layer_note.indicator", source=self.fact["source"], year=self.fact["year"])
        notes = [self.text("layer_note.low_first")] if self.low_first else []
        if self.fact["resolution"] != "commune":
            notes.append(self.text(f"layer_note.{self.fact['resolution']}"))
        return ". ".join([*notes, source])


def by_level(view: View) -> bool:
    """Return whether a view colours communes by their class of risk in the area: risk, divided as by default."""
    return view.layer == "risk" and view.scheme == SCHEMES[0] and view.classes == FIFTHS


def layer_values(
    layer: str, briefing: Briefing, near: pd.DataFrame | None = None, doubts: pd.DataFrame | None = None
) -> pd.Series:
    """Return what a layer shows, by commune: a score, the burden, coverage, access, an indicator in its own unit.

    Parameters
    ----------
    layer
        One of ``dashboard.scenario.view.LAYERS``, or a node of the framework.
    briefing
        Scores, figures, what follows from them.
    near
        The access of all communes, needed for that layer only.
    doubts
        How sure ranks are, for the chance to be in the highest class; missing everywhere while it is not known.
    """
    if layer == "highest":
        chance = pd.Series(dtype=float) if doubts is None else 100 * doubts["highest_probability"]
        return chance.astype(float).reindex(briefing.communes.index)
    if layer == "coverage":
        return 100 * briefing.communes["coverage"]
    if layer == "teams" and near is not None:
        return near["access"]
    if layer in ("risk", "leading"):
        return briefing.communes["score"]
    if layer == "burden":
        return briefing.communes["burden"]
    if layer in briefing.table.values:
        return natural(briefing.table.values[layer], briefing.framework.node(layer).facts)
    return briefing.assessment.scores[layer]


def applicable(layer: str, briefing: Briefing) -> pd.Series:
    """Return to which communes a layer applies: to none to which no indicator below its node does."""
    if layer in LAYERS:
        return pd.Series(True, index=briefing.communes.index)
    below = [node.code for node in briefing.framework.below(layer)]
    return briefing.table.applies[below].any(axis=1).reindex(briefing.communes.index)


def beyond(layer: str, framework: Framework, text: Texts) -> str:
    """Return what stands in the place of a value that does not apply: how far from which border that is."""
    nodes = framework.below(layer)
    borders = {spec.parse(node.facts.get("operation", ""))[1].get("neighbour") for node in nodes}
    key = "commune.not_applicable" if len(borders) == 1 else "commune.not_applicable_any"
    return text(key, distance=text.number(max(reach_of(node) for node in nodes)))


def reach_of(node: Node) -> float:
    """Return the distance from a border, km, beyond which an indicator does not apply; missing if it always does.

    Examples
    --------
    >>> reach_of(Node("a", facts={"operation": "border_proximity:neighbour=Laos,within_km=100"}))
    100.0
    """
    reach = spec.parse(node.facts.get("operation", ""))[1].get(WITHIN)
    return reach if isinstance(reach, float) else float("nan")
