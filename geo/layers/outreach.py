"""The log of outreach in use, what one activity does, what was reported, what to say: shipped, or the user's own.

Frames are cached and shared: copy before you change one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from geo import units
from geo.base import paths
from geo.base import periods as covered
from geo.base.vocabulary import Topic
from geo.datasets import read_cached, read_table
from geo.datasets.schemas import SCHEMAS
from geo.units import crosswalk

OUTREACH_FILE = "outreach_activities.csv"
PERIODS_FILE = "outreach_periods.csv"
PARAMETERS_FILE = "outreach_parameters.csv"
MESSAGES_FILE = "pathway_messages.csv"


@cache
def outreach_reported() -> pd.DataFrame:
    """Return what provinces reported about prevention work, one figure per row, as totals of their province.

    ``role`` tells activities from capacity, context, plans and outcomes; only activities are spread over communes.

    Examples
    --------
    >>> table = outreach_reported()
    >>> long_an = table[(table["old_province_code"] == "80") & (table["type"] == "direct_session")]
    >>> long_an.set_index("measure")["value"].to_dict()
    {'events': 1920.0, 'people_reached': 172830.0}
    """
    return read_table("outreach_reported")


@cache
def outreach_documents() -> pd.DataFrame:
    """Return the documents that the reports rest on, in the order of the reports.

    Examples
    --------
    >>> outreach_documents()["number"].iloc[0]
    '521/QĐ-UBND'
    """
    return read_table("outreach_documents")


@cache
def outreach_statements() -> pd.DataFrame:
    """Return what the reports say in words: whom clubs are for, slogans, work that nobody counted, intentions.

    Examples
    --------
    >>> table = outreach_statements()
    >>> len(table[(table["kind"] == "target_group") & (table["old_province_code"] == "22")])
    6
    """
    return read_table("outreach_statements")


@cache
def outreach_words() -> pd.DataFrame:
    """Return the closed lists of audiences and topics: the column they stand in, code, names and synonyms.

    Examples
    --------
    >>> outreach_words().loc[("audience", "pupils"), "vi"]
    'Học sinh'
    """
    return read_table("outreach_words").set_index(["column", "code"])


@cache
def outreach_checklists() -> pd.DataFrame:
    """Return the items of checklists for days of action, with suggested due days.

    Examples
    --------
    >>> len(outreach_checklists())
    7
    """
    return read_table("outreach_checklists")


def pathway_messages() -> pd.DataFrame:
    """Return what to say in a session about each way into trafficking, and whom to invite.

    What ships are drafts. Rows of ``pathway_messages.csv`` in ``geo.base.paths.home()``, with the wording the
    province approved, take the place of all messages about the same pathway.

    Returns
    -------
    pandas.DataFrame
        In the order of the pathways (``geo.base.vocabulary.Topic``) and of ``position``: ``pathway, audience_vi,
        audience_en, message_vi, message_en, status, evidence_grade, source, as_of, confidence, note``.

    Examples
    --------
    >>> messages = pathway_messages()
    >>> set(messages["pathway"]) == set(Topic), set(messages["status"])
    (True, {'draft'})
    """
    rows = _shipped_messages()
    own = paths.home() / MESSAGES_FILE
    if own.exists():
        theirs = read_cached("pathway_messages", own)
        rows = pd.concat([rows[~rows["pathway"].isin(theirs["pathway"])], theirs])
    order = rows["pathway"].map({pathway: position for position, pathway in enumerate(Topic)})
    return rows.assign(order=order).sort_values(["order", "position"]).drop(columns="order").reset_index(drop=True)


@cache
def _shipped_messages() -> pd.DataFrame:
    return read_table("pathway_messages")


@cache
def outreach_types() -> pd.DataFrame:
    """Return the types of outreach activity: names in both languages and the group they belong to.

    Examples
    --------
    >>> outreach_types().loc["leaflet", ["en", "group"]].tolist()
    ['Leaflet', 'material']
    """
    return read_table("outreach_types").set_index("type")


def outreach_parameters() -> pd.DataFrame:
    """Return what one activity of each type reaches, costs and takes.

    The shipped figures are assumptions of grade D to be replaced; rows of ``outreach_parameters.csv`` in
    ``geo.base.paths.home()`` take the place of those of the same type.

    Examples
    --------
    >>> float(outreach_parameters().loc["direct_session", "reach_per_event"])
    90.0
    """
    shipped = _shipped_parameters()
    own = paths.home() / PARAMETERS_FILE
    if not own.exists():
        return shipped
    rows = read_cached("outreach_parameters", own).set_index("type")
    rows = rows[rows.index.isin(shipped.index)]
    return pd.concat([rows, shipped.drop(rows.index)]).loc[shipped.index, shipped.columns]


@cache
def _shipped_parameters() -> pd.DataFrame:
    return read_table("outreach_parameters").set_index("type")


def outreach_columns() -> tuple[str, ...]:
    """Return the columns of the log."""
    return tuple(SCHEMAS["outreach_activities"].columns)


def outreach_file() -> Path:
    """Return the log in use: the user's own if one was imported, else the demonstration log."""
    own = paths.home() / OUTREACH_FILE
    return own if own.exists() else paths.OUTREACH_ACTIVITIES


def outreach_activities() -> pd.DataFrame:
    """Return the log of outreach activities in use, one row per activity or per commune, type and month.

    ``quality`` is ``synthetic`` for the demonstration log. ``commune_code`` is missing where something was done for
    a whole province; ``events``, ``people_reached`` and ``items`` are missing where nobody counted them.

    Examples
    --------
    >>> set(outreach_activities()["quality"])
    {'synthetic'}
    """
    return read_cached("outreach_activities", outreach_file())


def outreach_periods() -> pd.DataFrame:
    """Return from which day to which the log in use covers which old province, as :mod:`geo.base.periods` means it.

    Where a log was put into the user's folder without its periods, they are the days of its activities.

    Examples
    --------
    >>> table = outreach_periods().set_index("old_province_code")
    >>> table.loc["22", ["first_day", "last_day"]].tolist()
    ['2022-01-01', '2022-08-31']
    """
    if outreach_file() == paths.OUTREACH_ACTIVITIES:
        return read_cached("outreach_periods", paths.OUTREACH_PERIODS)
    own = paths.home() / PERIODS_FILE
    shipped = covered.periods_of(outreach_activities(), crosswalk.main_old_province(), OUTREACH_FILE)
    if not own.exists():
        return shipped
    stated = read_cached("outreach_periods", own)[list(covered.COLUMNS)]
    rest = shipped[~shipped["old_province_code"].isin(stated["old_province_code"])]
    return pd.concat([stated, rest], ignore_index=True) if len(rest) else stated


def outreach_by_commune(groups: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Sum the log by commune.

    Parameters
    ----------
    groups
        Groups of activity types to count (see ``OutreachGroup``), all by default.

    Returns
    -------
    pandas.DataFrame
        Indexed by every commune in force: ``events, people_reached, items, last_date, covered, quality``. Where no
        period of the log speaks of a commune, ``covered`` is false and the figures are missing; where one does and
        no activity is named, they are 0; where activities are named whose people nobody counted,
        ``people_reached`` is missing.

    Examples
    --------
    >>> sums = outreach_by_commune(("community",))
    >>> bool(sums.loc["00004", "covered"]), sums.loc["00004", "people_reached"]
    (False, np.float64(nan))
    """
    log = outreach_activities()
    area = crosswalk.main_old_province().reindex(units.communes().index)
    named = covered.spans(outreach_periods(), area)["commune_code"]
    spoken_of = pd.Series(area.index.isin(named), area.index)
    if groups is not None:
        log = log[log["type"].map(outreach_types()["group"]).isin(groups)]
    local = log[log["commune_code"].notna()]
    figures = ["events", "people_reached", "items"]
    sums = local.groupby("commune_code")[figures].sum(min_count=1)
    seen = area.index.isin(sums.index)
    result = sums.reindex(area.index).mask(spoken_of & ~seen, 0.0)
    result["last_date"] = local.groupby("commune_code")["date"].max().reindex(area.index)
    result["covered"] = spoken_of | seen
    result["quality"] = log["quality"].iloc[0] if len(log) else "reported"
    return result.rename_axis("commune_code")
