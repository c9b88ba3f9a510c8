"""Everything the parts of the page need to draw one run, made once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.cache import cached
from dashboard.locale import Texts
from dashboard.scenario.analysis import Settings
from dashboard.scenario.naming import node_name
from dashboard.scenario.view import NATION
from geo import units
from geo.layers.indicators import IndicatorTable
from models.index.assessment import Assessment
from models.index.framework import Framework


@dataclass(frozen=True)
class Bench:
    """One run of the page.

    Attributes
    ----------
    settings, framework, assessment
        What is being worked on; scores are those of all communes of the nation.
    stated
        The framework as the sliders have it; ``framework`` differs from it where weights are balanced.
    usual
        The framework the preset starts from.
    table
        The indicators with their quality.
    place
        Code of the province looked at, or the nation.
    restricted
        Whether indicators that are in no public view are shown.
    """

    text: Texts
    settings: Settings
    framework: Framework
    stated: Framework
    usual: Framework
    assessment: Assessment
    table: IndicatorTable
    place: str
    restricted: bool

    @property
    def nation(self) -> bool:
        """Whether the whole country is looked at."""
        return self.place == NATION

    @property
    def here(self) -> pd.Index:
        """The codes of the communes of the place looked at."""
        communes = units.communes()
        return communes.index if self.place == NATION else communes.index[communes["province_code"] == self.place]

    @property
    def place_name(self) -> str:
        """What the place looked at is called."""
        return self.text("place.nation") if self.place == NATION else cached.province_order()[self.place]

    def name(self, code: str) -> str:
        """Return what a node is called."""
        return node_name(code, self.framework, self.text)

    def short(self, code: str) -> str:
        """Return the short name of a node, for charts."""
        node = self.framework.node(code)
        return node.facts.get("short_en" if self.text.language == "en" else "short") or self.name(code)

    def communes(self, codes: pd.Index) -> pd.Series:
        """Return names of communes that are unlike each other in a chart: with the province in the nation."""
        known = units.communes().loc[codes]
        if self.place != NATION:
            return known["name"].where(~known["name"].duplicated(keep=False), known["name"] + " " + codes)
        names = known["name"] + ", " + known["province_code"].map(cached.province_order())
        return names.where(~names.duplicated(keep=False), names + " " + codes)


def preset_name(preset: str, text: Texts) -> str:
    """Return what a preset is called: from the catalogue, or as the root of its framework is."""
    tree = cached.pathway(preset)[0]
    return text.either(f"analyst.preset_{preset}", node_name(tree.root.code, tree, text))
