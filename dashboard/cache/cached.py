"""The only place that caches: data are read once per server, weighed once per set of weights, drawn once per file.

What only the section of plans, the log and the sites need is imported there: every first page would wait for it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import importlib
import mimetypes
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from dashboard.cache import intervals
from dashboard.locale import LANGUAGES, texts
from dashboard.maps import base, crossings, shapes, zones
from dashboard.scenario.address import Known
from dashboard.scenario.analysis import WEIGHINGS, Settings, presets, restricted, without_restricted
from dashboard.scenario.view import LAYERS, NATION, Choices, public_nodes
from dashboard.services import follow
from dashboard.store import Store, open_store, store_url
from geo import boundaries, layers, units
from geo.base import paths
from geo.base.errors import RiskmapError
from geo.intake.outreach import LogReading, read_log
from geo.layers import borders, indicators
from geo.units import names
from models import briefing
from models.index import explain
from models.index.assessment import Assessment, assess
from models.index.balance import balanced
from models.index.framework import Framework, read_framework
from models.index.pathways import Comparison
from models.index.prepared import Prepared, prepare
from models.index.tuning import shares_in_parent, weighed_by
from models.patterns import communes as patterns
from models.planning.settings import PlanSettings
from models.robustness import coherence as hanging
from models.robustness import reliability, sensitivity
from models.validity.province_picture import Picture, picture
from models.validity.yardsticks import Case
from models.validity.yardsticks import validity as yardstick_table

if TYPE_CHECKING:
    from dashboard.services.proposal import Proposal
    from models.planning.siting import Sites

FIELDS = 12
"""Places and plans whose outreach is kept ready."""
BRIEFINGS = 32
"""Sets of weights kept; one holds some megabytes."""
OTHER_PAGES = ("dashboard.pages.outreach", "dashboard.pages.analyst")
"""Modules imported after the first page."""
NATION_LEVEL: boundaries.Level = "200m"
PROVINCE_LEVEL: boundaries.Level = "50m"


@st.cache_resource(show_spinner=False)
def _imported() -> tuple[object, ...]:
    return paths.imported()


def warm() -> None:
    """Have everything read: once, and again when the user has imported other data since."""
    _refresh()
    _warm()


def _refresh() -> None:
    if _imported() != paths.imported():
        st.cache_resource.clear()
        st.cache_data.clear()
        _imported()


@st.cache_resource(show_spinner=False)
def _warm() -> bool:
    """Read everything once, then tell the garbage collector that it stays.

    Streamlit collects after every run while it holds the interpreter; what is frozen is not looked at again.
    """
    mimetypes.add_type("text/javascript", ".js")
    mimetypes.add_type("font/woff2", ".woff2")
    mimetypes.add_type("application/json", ".json")
    with contextlib.suppress(RiskmapError):
        store()  # what was not published before a crash is published now; its own page says what is wrong
    briefed(())
    context_url()
    gc.collect()
    gc.freeze()
    return True


def store() -> Store:
    """Return the store of the activity log, plans and checklists.

    Raises
    ------
    RiskmapError
        When it cannot be opened; the rest of the app works without it.
    """
    return _store(store_url())


@st.cache_resource(show_spinner=False)
def _store(url: str) -> Store:
    return open_store(url)


@st.cache_resource(show_spinner=False)
def warm_search() -> threading.Thread:
    """Begin to prepare the search of communes, which takes seconds, while the first page is looked at.

    The libraries of the other pages follow, so that these open as quickly, and rank intervals for the usual weights.
    """
    thread = threading.Thread(target=_prepare_rest, daemon=True)
    thread.start()
    return thread


def _prepare_rest() -> None:
    units.find_communes("a")
    for page in OTHER_PAGES:
        importlib.import_module(page)
    doubted(())


@st.cache_resource(show_spinner=False)
def framework() -> Framework:
    """Return the framework the product ships with."""
    return read_framework(paths.FRAMEWORK)


@st.cache_resource(show_spinner=False)
def sources() -> indicators.Sources:
    """Return what the indicators are computed from."""
    return indicators.load_sources()


@st.cache_resource(show_spinner=False)
def table() -> indicators.IndicatorTable:
    """Return the indicators of all communes; they do not depend on weights."""
    return briefing.indicator_table(framework(), sources())


@st.cache_resource(show_spinner=False)
def prepared() -> Prepared:
    """Return the normalised indicators: with them other weights cost microseconds."""
    return prepare(table().values, framework(), sources().communes["province_code"])


@st.cache_resource(show_spinner=False, max_entries=BRIEFINGS)
def briefed(weights: tuple[tuple[str, float], ...]) -> briefing.Briefing:
    """Return scores, ranks and priorities of every commune, with these weights instead of the framework's."""
    return briefing.brief(framework().with_weights(dict(weights)), sources(), table(), prepared(), reached())


def doubted(weights: tuple[tuple[str, float], ...]) -> pd.DataFrame | None:
    """Return how far each commune's rank can be relied on with these weights; None while that is being reckoned.

    Columns as :func:`models.robustness.reliability.reliability` returns them; all of a rank are missing if it could
    not be drawn. ``attrs`` holds the number of draws, the seed and the assumptions.
    """
    told, key = briefed(weights), _interval_key(weights)
    make = partial(reliability.drawn, told.assessment, told.table, sources(), threads=1)
    ranks = intervals.RECKONER.get(key, make)
    return None if ranks is None else _graded(weights, key, dt.date.today(), ranks)


@st.cache_resource(show_spinner=False, max_entries=BRIEFINGS)
def _interval_key(weights: tuple[tuple[str, float], ...]) -> str:
    return intervals.key_of(briefed(weights).assessment, table())


@st.cache_resource(show_spinner=False, max_entries=BRIEFINGS)
def _graded(weights: tuple[tuple[str, float], ...], key: str, day: dt.date, _ranks: pd.DataFrame) -> pd.DataFrame:
    del key
    return reliability.graded(briefed(weights).assessment, table(), _ranks, day)


@st.cache_resource(show_spinner=False)
def reached() -> pd.DataFrame:
    """Return the coverage of every commune; it does not depend on weights."""
    return briefing.covered_communes(sources())


def access() -> pd.DataFrame:
    """Return the access of every commune to the teams and clubs registered."""
    return _access(_registered())


def _registered() -> tuple[object, ...]:
    """Return what changes when and only when the register of places does."""
    return (store_url(), *((batch.number, batch.undone_at is None) for batch in store().batches("places")))


@st.cache_resource(show_spinner=False, max_entries=2)
def _access(registered: object) -> pd.DataFrame:
    del registered
    return follow.access_of(store().places(), sources())


def field(province: str | None) -> follow.Field:
    """Return the outreach of a province, or of the nation for ``None``."""
    return _field(province, _registered())


@st.cache_resource(show_spinner=False, max_entries=FIELDS)
def _field(province: str | None, registered: object) -> follow.Field:
    return follow.field(briefed(()), sources(), province, covered=reached(), near=_access(registered))


@st.cache_resource(show_spinner=False, max_entries=FIELDS)
def past(province: str | None) -> pd.DataFrame:
    """Return the coverage of the communes of a province over the last months, days x communes."""
    return follow.history(follow.field(briefed(()), sources(), province, covered=reached()))


def followed(number: int, until: dt.date, teams_matter: bool) -> follow.Followed:
    """Return a saved plan beside what was held of it in its province."""
    return _followed(store_url(), number, until, teams_matter)


@st.cache_resource(show_spinner=False, max_entries=FIELDS)
def _followed(url: str, number: int, until: dt.date, teams_matter: bool) -> follow.Followed:
    del url
    plan = store().plan(number)
    return follow.followed(field(follow.province_of(plan)), plan, until, teams_matter=teams_matter)


@st.cache_resource(show_spinner=False, max_entries=BRIEFINGS)
def contributions(weights: tuple[tuple[str, float], ...]) -> pd.DataFrame:
    """Return how much each indicator sets a commune apart from the median commune of its province, in points."""
    return explain.contributions(briefed(weights).assessment)


@st.cache_resource(show_spinner=False)
def outreach() -> pd.DataFrame:
    """Return the activities of every commune: ``events, people_reached, last_date``; missing without a log."""
    return layers.outreach_by_commune()


@st.cache_resource(show_spinner=False)
def outreach_is_synthetic() -> bool:
    """Say whether the activities are the demonstration log."""
    return bool((layers.outreach_activities()["quality"] == "synthetic").any())


@st.cache_resource(show_spinner=False, max_entries=4)
def log_reading(data: bytes, name: str, province: str | None, imported: tuple[int, ...]) -> LogReading:
    """Return what is in an uploaded log.

    Parameters
    ----------
    data, name
        The file and what it is called.
    province
        Where names are looked for first.
    imported
        Numbers of the imports in force: the same file is read anew when the log changed.
    """
    del imported
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()}"
        path.write_bytes(data)
        return read_log(path, log=store().activities(), province=province, name=name)


@st.cache_resource(show_spinner=False)
def log_template(language: str) -> bytes:
    """Return the template of the log."""
    from dashboard.export import outreach_log

    return outreach_log.template(language)


@st.cache_resource(show_spinner=False, max_entries=80)
def outlines(province: str, level: boundaries.Level = "full") -> boundaries.Boundaries:
    """Return the outlines of a province or the nation."""
    return boundaries.load(None if province == NATION else province, level)


@st.cache_resource(show_spinner=False, max_entries=80)
def geometry(province: str) -> dict[str, Any]:
    """Write the static file of a province or the nation, once, and return its address, order and first view."""
    level = NATION_LEVEL if province == NATION else PROVINCE_LEVEL
    drawn = outlines(province, level)
    path = f"{shapes.digest(drawn.digest, level)}/{province}.json"
    if not shapes.published(path):
        short = units.provinces()["short_name"]
        shapes.publish(path, shapes.communes(drawn.frame, units.communes(), short))
    fit = base.NATION_VIEW if province == NATION else shapes.bounds(drawn.frame, base.FAR)
    return {"url": shapes.address(path), "codes": drawn.frame.index, "fit": fit, "kind": drawn.kind}


@st.cache_resource(show_spinner=False)
def context_url() -> str:
    """Write the file of what lies around the communes, once, and return its address."""
    drawn = outlines(NATION, NATION_LEVEL)
    path = f"{shapes.digest(drawn.digest, base.PLACES, base.COLOURS)}/context.json"
    if not shapes.published(path):
        places = [
            {"kind": kind, "at": list(at), **{language: texts(language)(f"place.{key}") for language in LANGUAGES}}
            for key, kind, at in base.PLACES
        ]
        shapes.publish(
            path,
            shapes.context(
                shapes.province_outlines(drawn.frame),
                list(borders.neighbours().geometry),
                list(borders.land_border_lines().geometry),
                places,
                base.COLOURS,
            ),
        )
    return shapes.address(path)


@st.cache_resource(show_spinner=False)
def crossings_url() -> str:
    """Write the file of border crossings, once, and return its address."""
    return _published("crossings", crossings.points(layers.border_crossings()))


@st.cache_resource(show_spinner=False)
def zones_url() -> str:
    """Write the file of industrial zones, once, and return its address."""
    return _published("zones", zones.points(layers.industrial_zones()))


def _published(name: str, content: Mapping[str, Any]) -> str:
    return shapes.publish(f"layers/{name}-{shapes.digest(content)}.json", content)


@st.cache_resource(show_spinner=False)
def choices() -> Choices:
    """Return what can be chosen: provinces, layers and weights that may be public, communes."""
    tree = framework()
    public = tuple(code for code in public_nodes(tree) if code != tree.root.code)
    return Choices(
        provinces=tuple(units.provinces().index),
        layers=(*(layer for layer in LAYERS if layer != "leading" or pathways_told_apart()), *public),
        nodes=public,
        communes=frozenset(units.communes().index),
    )


@st.cache_resource(show_spinner=False)
def pathways_told_apart() -> bool:
    """Say whether the framework says which pathway leads in a commune."""
    return bool(briefed(()).communes["leading"].notna().any())


@st.cache_resource(show_spinner=False)
def usual_weights() -> dict[str, float]:
    """Return the weights of the framework for the nodes whose weight can be set."""
    return {code: framework().node(code).weight for code in choices().nodes}


@st.cache_resource(show_spinner=False)
def province_order() -> pd.Series:
    """Return the short names of the provinces by code, in alphabetical order without regard to diacritics."""
    short = units.provinces()["short_name"]
    return short.loc[sorted(short.index, key=lambda code: names.fold(short[code]))]


ANALYSES = 12
"""Settings of analysts kept; one holds some megabytes."""


@st.cache_resource(show_spinner=False)
def pathway(preset: str) -> tuple[Framework, indicators.IndicatorTable]:
    """Return the framework of a preset as its file has it, and its indicators."""
    path = paths.PATHWAYS / f"{preset}.csv"
    if not path.exists():
        return framework(), table()
    read = read_framework(path)
    return read, briefing.indicator_table(read, sources())


@st.cache_resource(show_spinner=False)
def preset_framework(preset: str, restricted: bool) -> Framework:
    """Return the framework a preset starts from; without ``restricted``, without what may not be public."""
    read, measured = pathway(preset)
    tree = read if restricted else without_restricted(read)
    if preset in WEIGHINGS:
        return weighed_by(tree, measured.values, preset, sources().communes["province_code"])
    return tree


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def assessed(settings: Settings, restricted: bool) -> Assessment:
    """Return the assessment of all communes with the settings of an analyst."""
    tree = analysed(settings, restricted)
    return assess(pathway(settings.preset)[1].values, tree, sources().communes["province_code"])


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def analysed(settings: Settings, restricted: bool) -> Framework:
    """Return the framework that the settings of an analyst lead to, with the weights reckoned with."""
    stated = settings.applied(preset_framework(settings.preset, restricted))
    if not settings.balanced:
        return stated
    return stated.with_weights(balanced(assessed(replace(settings, balanced=False), restricted)))


def doubted_with(settings: Settings, restricted: bool) -> pd.DataFrame | None:
    """Return rank intervals with the settings of an analyst; None while they are being reckoned.

    Columns as :func:`models.robustness.reliability.rank_intervals` returns them. The map has them already where only
    weights of the general framework differ.
    """
    if settings == Settings(weights=settings.weights):
        return doubted(settings.weights)
    shown, measured = assessed(settings, restricted), pathway(settings.preset)[1]
    make = partial(reliability.drawn, shown, measured, sources(), threads=1)
    return intervals.RECKONER.get(_analysis_key(settings, restricted), make)


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def _analysis_key(settings: Settings, restricted: bool) -> str:
    return intervals.key_of(assessed(settings, restricted), pathway(settings.preset)[1])


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def removal(settings: Settings, restricted: bool) -> pd.DataFrame:
    """Return what taking out each node does to the ranks."""
    return sensitivity.removal(assessed(settings, restricted))


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def coherence(settings: Settings, restricted: bool) -> hanging.Coherence:
    """Return how the indicators hang together."""
    return hanging.coherence(assessed(settings, restricted))


DRAWS = 300
"""How often clusters are drawn again while somebody waits; ``riskmap validity`` draws more often."""


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def validity(settings: Settings, restricted: bool) -> tuple[Case, pd.DataFrame]:
    """Return the score of an analyst's settings as a case, and what every yardstick says of it."""
    assessment = assessed(settings, restricted)
    tree, measured = assessment.framework, pathway(settings.preset)[1]
    codes = [node.code for node in tree.indicators]
    table = replace(measured, values=measured.values[codes], quality=measured.quality[codes])
    stated = shares_in_parent(settings.applied(preset_framework(settings.preset, restricted)))
    case = Case(briefing.brief(tree, sources(), table, assessment.prepared, reached()), sources(), stated, DRAWS)
    return case, yardstick_table(case)


@st.cache_resource(show_spinner=False, max_entries=BRIEFINGS)
def province_picture(province: str) -> Picture:
    """Return what the map shows of a province with the usual settings."""
    return picture(briefed(()), sources(), province)


PLANS = 8
"""Plans kept; one holds some megabytes."""


@st.cache_resource(show_spinner=False, max_entries=40)
def plan_communes(province: str) -> pd.DataFrame:
    """Return the communes of a province with risk, people, place and remoteness."""
    from models.planning import plan as planning

    return planning.placed(briefed(()), sources(), province)


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def proposal(settings: PlanSettings, language: str) -> Proposal:
    """Return the plan of these settings."""
    from dashboard.services import proposal as proposals

    return proposals.propose(settings, briefed(()), sources(), texts(language))


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def reopened(number: int, language: str) -> Proposal:
    """Return a plan of the store; numbers are never given twice."""
    from dashboard.services import proposal as proposals

    return proposals.reopen(store().plan(number), briefed(()), sources(), texts(language))


def plan_shown(settings: PlanSettings | None, number: int, language: str) -> Proposal | None:
    """Return the plan of the store if there is a number, else that of the settings, else none."""
    if number:
        return reopened(number, language)
    return None if settings is None else proposal(settings, language)


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def plan_beside(settings: PlanSettings, number: int, language: str) -> pd.DataFrame:
    """Return the plan beside what a planner would do by hand."""
    from models.planning import plan as planning

    shown = reopened(number, language) if number else proposal(settings, language)
    return planning.beside(shown.made, shown.given)


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def plan_curve(settings: PlanSettings, number: int, language: str) -> pd.DataFrame:
    """Return what more and less money would buy."""
    from models.planning.compare import marginal_curve

    shown = reopened(number, language) if number else proposal(settings, language)
    return marginal_curve(shown.problem)


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def plan_prices(settings: PlanSettings, number: int, language: str) -> pd.DataFrame:
    """Return what each floor costs."""
    from models.planning.compare import floor_prices

    shown = reopened(number, language) if number else proposal(settings, language)
    return floor_prices(shown.problem)


@st.cache_resource(show_spinner=False, max_entries=PLANS)
def sited(province: str, model: str, count: int, hours: float, weight: str) -> Sites:
    """Return where teams should be based."""
    from models.planning.siting import site

    return site(plan_communes(province), model=model, count=count, hours=hours, weight=weight)


@st.cache_resource(show_spinner=False)
def known() -> Known:
    """Return what an address of the analyst's page may name."""

    def nodes(preset: str) -> frozenset[str]:
        tree = preset_framework(preset, restricted())
        return frozenset(node.code for node in tree.nodes if node.parent)

    return Known(tuple(units.provinces().index), presets(), nodes)


@st.cache_resource(show_spinner=False)
def neighbours() -> patterns.Neighbours:
    """Return which communes touch."""
    return patterns.neighbours(outlines(NATION, NATION_LEVEL).frame.geometry)


@st.cache_resource(show_spinner=False, max_entries=ANALYSES)
def spots(settings: Settings, restricted: bool, node: str) -> patterns.Spots:
    """Return hot and cold spots of the score of a node."""
    return patterns.spots(assessed(settings, restricted).scores[node], neighbours())


@st.cache_resource(show_spinner=False)
def pathway_scores(restricted: bool) -> pd.DataFrame:
    """Return the scores of all communes by pathway, each by its framework as it ships."""
    changed = (lambda tree: tree) if restricted else without_restricted
    return pd.DataFrame(patterns.pathway_scores(sources(), changed=changed))


@st.cache_resource(show_spinner=False)
def pathways(restricted: bool) -> Comparison:
    """Return the pathways side by side."""
    scores = pathway_scores(restricted)
    return patterns.side_by_side({str(name): scores[name] for name in scores}, assessed(Settings(), restricted))
