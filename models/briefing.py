"""Everything a map, a list or an export says about the communes, assembled once from sources and a framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo import indicators, layers, spec
from geo.indicators import QUALITIES, IndicatorTable, Sources
from models.assessment import Assessment, assess, score
from models.framework import Framework
from models.outlook import covered
from models.prepared import Prepared
from models.priority import priority


@dataclass(frozen=True)
class Briefing:
    """What is known and what follows for every commune in force.

    Parameters
    ----------
    framework
        The settings; ``framework.digest`` names them in every export.
    table
        The indicators with their quality.
    assessment
        Scores, ranks and contributions.
    communes
        One row per commune, indexed by ``commune_code``:
        ``name, province_code, score`` (0-100) ``, rank_national, rank_province, class, indicators_missing``,
        ``score_quality, population`` (persons) ``, population_quality``,
        ``people_reached`` (contacts, faded and weighted by type) ``, months_since_activity, coverage`` (0-1; see
        :func:`models.outlook.covered`) ``, coverage_quality, coverage_known, people_unreached`` (persons)
        ``, priority`` (persons x risk / 100: the coverage gap) ``, rank_priority`` (in the province) and a
        score per dimension.
    as_of
        The last day the activity log speaks of.
    """

    framework: Framework
    table: IndicatorTable
    assessment: Assessment
    communes: pd.DataFrame
    as_of: pd.Timestamp

    def of(self, province: str | None) -> pd.DataFrame:
        """Return the communes of one province (a code), or all for ``None``."""
        return self.communes if province is None else self.communes[self.communes["province_code"] == province]

    def to_visit(self, province: str | None, count: int) -> pd.DataFrame:
        """Return the communes to visit first: the highest priority, where risk is known."""
        return self.of(province).dropna(subset=["priority"]).nlargest(count, "priority")


def indicator_table(framework: Framework, sources: Sources) -> IndicatorTable:
    """Compute the indicators of a framework; the slow half of :func:`brief`, unchanged while weights move."""
    return indicators.build(framework.table.set_index("code"), sources)


def tuned(framework: Framework, settings: Mapping[str, float]) -> Framework:
    """Return the framework with other weights (``node``) or parameters of operations (``node.parameter``).

    Examples
    --------
    >>> from geo import paths
    >>> from models.framework import read_framework
    >>> nearer = tuned(read_framework(paths.FRAMEWORK), {"land_border.half_distance_km": 5.0, "border": 6.0})
    >>> nearer.node("land_border").facts["operation"], nearer.node("border").weight
    ('border_proximity:half_distance_km=5', 6.0)
    """
    framework = framework.with_weights({code: value for code, value in settings.items() if "." not in code})
    for name, value in settings.items():
        code, dot, parameter = name.partition(".")
        if dot:
            facts = framework.node(code).facts
            operation = spec.with_parameter(facts.get("operation", ""), parameter, value)
            framework = framework.with_node(code, facts={**facts, "operation": operation})
    return framework


def brief(
    framework: Framework,
    sources: Sources,
    table: IndicatorTable | None = None,
    prepared: Prepared | None = None,
    reached: pd.DataFrame | None = None,
) -> Briefing:
    """Score all communes and say where people are not yet reached.

    Scores are always reckoned for the nation, so that a commune's score does not depend on which province is shown.

    Parameters
    ----------
    framework
        Indicators, weights and methods; indicators need an ``operation``.
    sources
        Units, layers, statistics, activities and population.
    table
        The indicators if they are already known.
    prepared
        The same indicators normalised by a framework that differs in nothing but weights, if already known: then only
        the weighing is done again, in microseconds.
    reached
        The coverage of all communes if already known, as :func:`covered_communes` returns it.
    """
    table = indicator_table(framework, sources) if table is None else table
    province = sources.communes["province_code"]
    if prepared is None:
        assessment = assess(table.values, framework, province)
    else:
        assessment = score(prepared, {node.code: node.weight for node in framework.nodes})
    active = [code for code in table.values.columns if code in framework.active]
    quality = table.quality.astype(object).mask(assessment.imputed[table.values.columns], "modelled")
    people = sources.population["population"].reindex(province.index)
    told = covered_communes(sources) if reached is None else reached
    risk = assessment.score
    dimensions = assessment.scores[[node.code for node in framework.dimensions]]
    communes = pd.DataFrame(
        {
            "name": sources.communes["name"],
            "province_code": province,
            "score": risk,
            "rank_national": assessment.rank,
            "rank_province": assessment.rank_in_group,
            "class": assessment.classes,
            "indicators_missing": table.values[active].isna().sum(axis=1),
            "score_quality": worst_quality(quality[active]),
            "population": people,
            "population_quality": sources.population["quality"].reindex(province.index),
            "people_reached": told["contacts"],
            "months_since_activity": indicators.months_since_activity(sources),
            "coverage": told["coverage"],
            "coverage_quality": told["coverage_quality"],
        }
    )
    communes = communes.join(priority(risk, told["coverage"], people))
    communes["rank_priority"] = communes.groupby("province_code")["priority"].rank(ascending=False, method="min")
    return Briefing(framework, table, assessment, communes.join(dimensions), sources.as_of)


def covered_communes(sources: Sources, parameters: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the coverage of every commune, as :func:`models.outlook.covered` does, with the parameters in use."""
    known = layers.outreach_parameters() if parameters is None else parameters
    people = sources.population.reindex(sources.communes.index)
    return covered(sources.activities, known, people, sources.as_of, sources.logged)


def worst_quality(quality: pd.DataFrame) -> pd.Series:
    """Return the worst quality in each row: synthetic, modelled, reported, observed; missing where nothing is known.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": ["reported", None], "b": ["synthetic", None]})
    >>> worst_quality(frame).tolist()
    ['synthetic', nan]
    """
    grades = pd.CategoricalDtype(QUALITIES, ordered=True)
    codes = np.column_stack([quality[column].astype(grades).cat.codes for column in quality.columns])
    names = np.array([*QUALITIES, np.nan], dtype=object)
    return pd.Series(names[codes.max(axis=1)], index=quality.index)
