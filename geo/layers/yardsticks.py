"""Knowledge from outside the score: lists of communes, yardsticks with their floors, notes on provinces.

All of it validates and none of it scores: no operation of a framework can reach this module (held by import-linter).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from geo import units
from geo.base.errors import InputError
from geo.datasets import read_table
from geo.layers import groups
from geo.units import crosswalk

REGION_III = "region_iii"
"""The list that ships as a table of its own, ``commune_region_iii.csv``."""


@dataclass(frozen=True)
class CommuneList:
    """Communes that somebody else has named.

    Parameters
    ----------
    members
        By commune in force, nullable: true on the list, false beside it, missing where the list says nothing.
    clusters
        By commune: what was named as one and is drawn as one when the uncertainty of a figure is reckoned, the old
        province of a list of provinces, the commune itself of a list of communes.
    """

    members: pd.Series
    clusters: pd.Series


def list_names() -> tuple[str, ...]:
    """Return the names of the lists.

    Examples
    --------
    >>> list_names()
    ('origin_transit', 'industrial', 'labour_abroad', 'region_iii')
    """
    return (*validation_lists()["list"].unique(), REGION_III)


def commune_list(name: str) -> CommuneList:
    """Return one list by name, see :func:`list_names`.

    A list of old provinces speaks of all communes of the nation; a commune belongs to the old province most of it lay
    in. A list of communes speaks of the provinces in force that have a commune on it: elsewhere nobody looked.

    Raises
    ------
    InputError
        ``validity.list`` for a list nobody knows.

    Examples
    --------
    >>> known = commune_list("region_iii").members
    >>> int(known.sum()), int(known.notna().sum())
    (51, 130)
    """
    old, province = crosswalk.main_old_province(), units.communes()["province_code"]
    if name == REGION_III:
        listed = groups.commune_groups("minority", units.communes())["minority"]
        return _of_communes(pd.Index(listed), province)
    table = validation_lists()
    rows = table[table["list"] == name]
    if rows.empty:
        raise InputError("validity.list", given=name, known=", ".join(list_names()))
    if rows["commune_code"].notna().any():
        return _of_communes(pd.Index(rows["commune_code"].dropna()), province)
    clusters = old.reindex(province.index)
    return CommuneList(clusters.isin(rows["old_province_code"]).astype("boolean"), clusters)


def _of_communes(listed: pd.Index, province: pd.Series) -> CommuneList:
    members = pd.Series(province.index.isin(listed), province.index, dtype="boolean")
    spoken_of = province.isin(province[members.to_numpy(bool)].unique())
    return CommuneList(members.where(spoken_of), pd.Series(province.index, province.index))


@cache
def validation_lists() -> pd.DataFrame:
    """Return the lists of old provinces (or communes), one row per entry, with who names it.

    Examples
    --------
    >>> validation_lists()["list"].value_counts()["origin_transit"]
    np.int64(14)
    """
    return read_table("validation_lists")


@cache
def yardsticks() -> pd.DataFrame:
    """Return the yardsticks in order: names, unit, floor, which way is better, what they flatter.

    Examples
    --------
    >>> float(yardsticks().loc["h14", "floor"])
    0.75
    """
    return read_table("yardsticks").set_index("yardstick")


@cache
def history() -> pd.DataFrame:
    """Return what earlier versions measured, one row per ``version`` and ``yardstick``.

    Examples
    --------
    >>> history()["version"].unique().tolist()
    ['0.1.0']
    """
    return read_table("yardstick_history")


@cache
def province_notes() -> pd.DataFrame:
    """Return the written judgement of provinces whose picture may surprise, by ``province_code``.

    Numbers in the texts are placeholders; :mod:`models.validity.province_picture` fills them in.
    """
    return read_table("province_notes").set_index("province_code")


@cache
def evidence() -> pd.DataFrame:
    """Return published figures of trafficking: for plausibility, counts under ten people are not in it.

    Examples
    --------
    >>> evidence()["role"].unique().tolist()
    ['validation']
    """
    return read_table("trafficking_evidence")
