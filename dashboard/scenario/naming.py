"""What layers, nodes and units of the framework are called, and in which unit and precision their values are said."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from dashboard.locale import Texts
from dashboard.scenario.view import LAYERS
from models.index.framework import Framework

SCALE = "0-1"
LOGARITHM = re.compile(r"log10\(1\+(.+)\)")
"""Units of indicators that are no units of what was measured."""


def layer_name(code: str, framework: Framework, text: Texts) -> str:
    """Return what a layer of the map is called."""
    if code in LAYERS:
        return text(f"layer.{code}")
    return node_name(code, framework, text)


def node_name(code: str, framework: Framework, text: Texts) -> str:
    """Return what a node of the framework is called."""
    node = framework.node(code)
    return (node.facts.get("name_en") if text.language == "en" else "") or node.name


def reason(code: str, framework: Framework, text: Texts, *, assumed: bool = False) -> str:
    """Return the few words that say what a high value of an indicator means; ``assumed`` where nothing is known."""
    facts = framework.node(code).facts
    name = facts.get("short_en" if text.language == "en" else "short") or node_name(code, framework, text)
    return text("commune.assumed", name=name) if assumed else name


def indicator_facts(code: str, framework: Framework) -> Mapping[str, str] | None:
    """Return the facts about an indicator; none for anything else."""
    return next((node.facts for node in framework.indicators if node.code == code), None)


def words(facts: Mapping[str, str], name: str, text: Texts) -> str:
    """Return a fact of the framework in the language of the page."""
    return (facts.get(f"{name}_en") if text.language == "en" else "") or facts.get(name, "")


def unit_name(facts: Mapping[str, str], text: Texts) -> str:
    """Return the unit of an indicator as people say it: no logarithm, and a scale from 0 to 1 called one.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> unit_name({"unit": "log10(1+km)"}, texts("vi")), unit_name({"unit": "0-1"}, texts("vi"))
    ('km', 'trên thang 0–1')
    """
    unit = words(facts, "unit", text)
    if unit == SCALE:
        return text("layer_note.scale")
    logarithm = LOGARITHM.fullmatch(unit)
    return logarithm[1] if logarithm else unit


def natural(values: pd.Series, facts: Mapping[str, str]) -> pd.Series:
    """Return the values of an indicator in the unit :func:`unit_name` gives: a logarithm is undone.

    Examples
    --------
    >>> natural(pd.Series([0.0, 1.0]), {"unit": "log10(1+km)"}).tolist()
    [0.0, 9.0]
    """
    return 10.0**values - 1 if LOGARITHM.fullmatch(facts.get("unit", "")) else values


def decimals(values: pd.Series) -> int:
    """Return how many decimals tell most values apart.

    Examples
    --------
    >>> decimals(pd.Series([1000.0, 5000.0])), decimals(pd.Series([0.1, 0.9])), decimals(pd.Series([1.0, 30.0]))
    (0, 2, 1)
    """
    spread = float(values.max() - values.min())
    if not spread >= 0:
        return 1
    return 0 if spread > 200 else 1 if spread > 5 else 2
