"""The briefing: everything a map, a list or an export says about the communes, assembled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

import numpy as np
import pandas as pd

from geo import layers
from geo.base.errors import InputError
from geo.datasets import spec
from geo.layers import indicators
from geo.layers.indicators import QUALITIES, IndicatorTable, Sources
from models.index.assessment import Assessment, assess, score
from models.index.framework import Framework
from models.index.pathways import leading, ways
from models.index.prepared import Prepared
from models.outreach.outlook import covered
from models.outreach.priority import Assumptions, By, priorities, session_reach


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
        :func:`covered_communes`) ``, coverage_quality, coverage_known`` (whether a log that is no demonstration
        speaks of it: only then does its coverage count below) ``, people_unreached`` (persons) ``, sessions_needed,
        remaining, relative_risk, burden, class_province, rank_first, rank_first_national, rank_burden`` (see
        :func:`models.outreach.priority.priorities`) ``, leading`` (the pathway that leads, see
        :func:`models.index.pathways.leading`) and a score per dimension and way.
    as_of
        The last day the activity log speaks of.
    assumptions
        What relative risk and the risk left after outreach rest on.
    """

    framework: Framework
    table: IndicatorTable
    assessment: Assessment
    communes: pd.DataFrame
    as_of: pd.Timestamp
    assumptions: Assumptions = field(default_factory=Assumptions)

    def of(self, province: str | None) -> pd.DataFrame:
        """Return the communes of one province (a code), or all for ``None``."""
        return self.communes if province is None else self.communes[self.communes["province_code"] == province]

    def to_visit(self, province: str | None, count: int, by: By = By.FIRST) -> pd.DataFrame:
        """Return the communes of one of the two lists, where risk is known.

        Parameters
        ----------
        province
            A code, or nothing for the nation.
        count
            How many at most.
        by
            ``first``: the highest class of risk of the area (fifths of the province, of the nation for the nation),
            most people not yet reached first; once its communes are all listed the others follow by risk.
            ``burden``: most people at risk not yet reached.

        Raises
        ------
        InputError
            ``priority.list`` for another list.
        """
        return listed(self.of(province), count, by, national=province is None)


def listed(communes: pd.DataFrame, count: int, by: By = By.FIRST, *, national: bool = False) -> pd.DataFrame:
    """Return the first communes of a list among some of those of a briefing; see :meth:`Briefing.to_visit`."""
    if by not in tuple(By):
        raise InputError("priority.list", given=by, known=", ".join(By))
    match By(by):
        case By.BURDEN:
            column, ascending = "burden", False
        case By.FIRST:
            column, ascending = "rank_first_national" if national else "rank_first", True
        case _ as never:
            assert_never(never)
    return communes.dropna(subset=[column]).sort_values(column, ascending=ascending, kind="stable").head(count)


def indicator_table(framework: Framework, sources: Sources) -> IndicatorTable:
    """Compute the indicators of a framework; the slow half of :func:`brief`, unchanged while weights move."""
    return indicators.build(framework.table.set_index("code"), sources)


def tuned(framework: Framework, settings: Mapping[str, float]) -> Framework:
    """Return the framework with other weights (``node``) or parameters of operations (``node.parameter``).

    Examples
    --------
    >>> from geo.base import paths
    >>> from models.index.framework import read_framework
    >>> nearer = tuned(read_framework(paths.FRAMEWORK), {"zone_gravity.half_distance_km": 5.0, "border": 6.0})
    >>> nearer.node("zone_gravity").facts["operation"], nearer.node("border").weight
    ('zone_gravity:half_distance_km=5', 6.0)
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
    assumptions: Assumptions | None = None,
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
    assumptions
        What relative risk and the risk left after outreach rest on; the usual ones by default.
    """
    assumed = Assumptions() if assumptions is None else assumptions.checked()
    table = indicator_table(framework, sources) if table is None else table
    if prepared is None:
        assessment = assess(table.values, framework, sources.communes["province_code"])
    else:
        assessment = score(prepared, {node.code: node.weight for node in framework.nodes})
    coverage = covered_communes(sources) if reached is None else reached
    communes = _communes(sources, assessment, table, coverage)
    counted = communes.assign(covered=coverage["coverage"].where(coverage["coverage_quality"].ne("synthetic")))
    reach = session_reach(layers.outreach_parameters())
    communes = communes.join(priorities(counted, reach, assumed, framework.classes))
    communes["leading"] = leading(assessment)
    return Briefing(framework, table, assessment, communes.join(_parts(assessment)), sources.as_of, assumed)


def _communes(
    sources: Sources, assessment: Assessment, table: IndicatorTable, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Return the first columns of a briefing: name, score, people and outreach of each commune."""
    communes = sources.communes
    active = [code for code in table.values.columns if code in assessment.framework.active]
    quality = table.quality.astype(object).mask(assessment.imputed[table.values.columns], "modelled")
    return pd.DataFrame(
        {
            "name": communes["name"],
            "province_code": communes["province_code"],
            "score": assessment.score,
            "rank_national": assessment.rank,
            "rank_province": assessment.rank_in_group,
            "class": assessment.classes,
            "indicators_missing": table.values[active].isna().sum(axis=1),
            "score_quality": worst_quality(quality[active]),
            "population": sources.population["population"].reindex(communes.index),
            "population_quality": sources.population["quality"].reindex(communes.index),
            "people_reached": coverage["contacts"],
            "months_since_activity": indicators.months_since_activity(sources),
            "coverage": coverage["coverage"],
            "coverage_quality": coverage["coverage_quality"],
        }
    )


def _parts(assessment: Assessment) -> pd.DataFrame:
    """Return the scores of the dimensions and of the ways into trafficking."""
    framework = assessment.framework
    nodes = (*framework.dimensions, *ways(framework))
    return assessment.scores[list(dict.fromkeys(node.code for node in nodes if node.code != framework.root.code))]


def covered_communes(sources: Sources, parameters: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the coverage of every commune, as :func:`models.outreach.outlook.covered` does, with the parameters in
    use.

    Where a log that is no demonstration speaks of a commune, its coverage comes from that log alone; elsewhere it may
    come from the demonstration, and is ``synthetic``.
    """
    in_use = layers.outreach_parameters() if parameters is None else parameters
    people = sources.population.reindex(sources.communes.index)
    real = without_demonstration(sources)
    coverage = covered(real.activities, in_use, people, real.as_of, real.logged)
    made_up = sources.activities["quality"].eq("synthetic")
    if not made_up.any():
        return coverage
    drawn = replace(sources, activities=sources.activities[made_up])
    return coverage.where(
        coverage["coverage"].notna(), covered(drawn.activities, in_use, people, drawn.as_of, drawn.logged)
    )


def without_demonstration(sources: Sources) -> Sources:
    """Return the sources with the activities alone that are not made up, and the time these cover.

    What a log that is made up in part is said to cover is said of all of it; of its true part the days are known.
    """
    made_up = sources.activities["quality"].eq("synthetic")
    return replace(sources, activities=sources.activities[~made_up], periods=None) if made_up.any() else sources


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
