"""The settings of an analyst: a preset, the weights and methods that depart from it. One frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.base import paths
from models.index.framework import Framework
from models.index.tuning import with_stated

GENERAL = "general"
WEIGHINGS = ("equal", "evidence")
"""Presets that differ from the general framework in how they weigh."""
KINDS = ("normalise", "treat", "root", "inside")
METHODS: Mapping[str, tuple[str, ...]] = {
    "normalise": (
        "",
        "minmax:low=1,high=100",
        "percentile:low=1,high=100",
        "quantile:bins=10,low=1,high=100",
        "rank",
        "zscore",
        "robust",
        "exponential",
    ),
    "treat": ("", "none", "skew_gate", "winsorise", "yeojohnson"),
    "root": ("", "geometric", "arithmetic", "harmonic", "maximum", "mazziotta_pareto", "copeland"),
    "inside": ("", "arithmetic", "geometric", "harmonic", "maximum", "mazziotta_pareto"),
}
"""What can be chosen of each kind; empty is what the framework says."""


@dataclass(frozen=True)
class Settings:
    """What an analyst has chosen.

    Attributes
    ----------
    preset
        Where the weights and methods start from: ``general``, one of :data:`WEIGHINGS` or a pathway.
    weights
        Nodes and weights that differ from the preset's, sorted.
    methods
        Kinds (:data:`KINDS`) and methods as text, sorted; only what differs from the preset.
    balanced
        Whether the weights say how much each part is to matter: the engine then reckons with weights whose influence
        is that (:mod:`models.index.balance`).
    """

    preset: str = GENERAL
    weights: tuple[tuple[str, float], ...] = ()
    methods: tuple[tuple[str, str], ...] = ()
    balanced: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything differs from the preset."""
        return bool(self.weights or self.methods or self.balanced)

    def weighing(self, weights: Mapping[str, float], usual: Framework) -> Settings:
        """Return the settings with other weights for some nodes.

        Examples
        --------
        >>> from models.index.framework import Node
        >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
        >>> Settings().weighing({"a": 3.0, "b": 1.0}, tree).weights
        (('a', 3.0),)
        """
        held = {**dict(self.weights), **weights}
        return replace(
            self,
            weights=tuple(sorted((code, value) for code, value in held.items() if value != usual.node(code).weight)),
        )

    def using(self, kind: str, method: str) -> Settings:
        """Return the settings with another method of a kind; empty for the framework's own."""
        held = {**dict(self.methods), kind: method}
        return replace(self, methods=tuple(sorted((name, text) for name, text in held.items() if text)))

    def method(self, kind: str) -> str:
        """Return the method chosen of a kind, empty for the framework's own."""
        return dict(self.methods).get(kind, "")

    def applied(self, usual: Framework) -> Framework:
        """Return the framework of the preset with these weights and methods, as stated: not balanced."""
        return with_stated(usual.with_weights(dict(self.weights)), **dict(self.methods))


def presets() -> tuple[str, ...]:
    """Return the names of all presets: the general framework, other weighings of it, the pathways."""
    return (GENERAL, *WEIGHINGS, *sorted(path.stem for path in paths.PATHWAYS.glob("*.csv")))


def restricted() -> bool:
    """Say whether indicators that are in no public view may be shown (``RISKMAP_RESTRICTED=1``)."""
    return os.environ.get("RISKMAP_RESTRICTED") == "1"


def without_restricted(framework: Framework) -> Framework:
    """Return the framework without what may not be public."""
    hidden = [node.code for node in framework.nodes if node.facts.get("public", "yes") == "no"]
    return framework.without(*hidden) if hidden else framework
