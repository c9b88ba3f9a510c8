"""The picture of one province: what the map shows of it, as figures that a written note can name.

A note holds placeholders, never numbers; :func:`filled` puts in the figures of the score at hand, so that a note and
the map cannot say different things.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from geo.base.errors import DataFault
from geo.layers import indicators
from geo.layers.indicators import Sources
from models.briefing import Briefing, listed
from models.index.pathways import NO_LEAD
from models.validity.agreement import FIRST, by_province

AT_BORDER_KM = 25.0
RATIOS = ("first_population", "score_population")
"""Figures with two digits; all others are whole numbers."""
COLUMNS = {"rank": "rank_province", "national": "rank_national", "class": "class"}
"""What is said of one commune, by the word that a placeholder begins with."""


@dataclass(frozen=True)
class Picture:
    """One province of a briefing.

    Parameters
    ----------
    communes
        The communes of the province, as :attr:`models.briefing.Briefing.communes`, with ``old_province`` and
        ``border_km`` (km to the land border).
    scores
        The same communes x all nodes that count, 0-100.
    top_class
        The highest class of the nation.
    """

    communes: pd.DataFrame
    scores: pd.DataFrame
    top_class: int

    @property
    def first(self) -> pd.DataFrame:
        """Return the first communes of the list to visit."""
        return listed(self.communes, FIRST)

    @property
    def leads(self) -> pd.Series:
        """Return in how many communes each pathway leads, the most frequent first; those without a leader last."""
        counts = self.communes["leading"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
        return pd.concat([counts[counts.index != NO_LEAD], counts[counts.index == NO_LEAD]])

    @property
    def in_top(self) -> pd.Series:
        """Say which communes are in the highest national class."""
        return self.communes["class"].eq(self.top_class).fillna(False).astype(bool)

    def figure(self, name: str) -> float:
        """Return a figure by the name that notes use.

        ``communes``, ``top`` (in the highest national class) and ``share`` (per cent of them); ``first_border`` (of
        the first list, within 25 km of the land border) and ``first``; ``first_population``, ``score_population``
        (see :func:`models.validity.agreement.by_province`); ``lead_china`` (communes where a pathway leads);
        ``mid_border`` (median of a node), ``mid_border_old_10`` (in an old province); ``top_old_10``,
        ``communes_old_10``; ``rank_02647`` (rank of a commune in the province), ``national_02647``, ``class_02647``
        (national class), ``points_border_02647`` (its score of a node).

        Raises
        ------
        KeyError
            For a name that stands for nothing here.
        """
        table = self.communes
        plain: dict[str, Callable[[], float]] = {
            "communes": lambda: len(table),
            "top": lambda: self.in_top.sum(),
            "share": lambda: 100 * self.in_top.mean(),
            "first": lambda: len(self.first),
            "first_border": lambda: self.first["border_km"].le(AT_BORDER_KM).sum(),
            "first_population": lambda: by_province(table)["first_population"].iloc[0],
            "score_population": lambda: by_province(table)["score_population"].iloc[0],
        }
        return float(plain[name]()) if name in plain else self._of_part(name)

    def _of_part(self, name: str) -> float:
        """Return a figure of one commune, pathway, node or old province."""
        table = self.communes
        if match := re.fullmatch(r"(rank|national|class)_(\d{5})", name):
            return float(table.loc[match[2], COLUMNS[match[1]]])
        if match := re.fullmatch(r"points_(\w+)_(\d{5})", name):
            return float(self.scores.loc[match[2], match[1]])
        if match := re.fullmatch(r"lead_(\w+)", name):
            return float(table["leading"].eq(match[1]).sum())
        match = re.fullmatch(r"(top|communes|mid_(\w+?))(?:_old_(\d{2}))?", name)
        if match is None or (match[2] is None and match[3] is None):
            raise KeyError(name)
        there = table["old_province"].eq(match[3]) if match[3] else pd.Series(True, table.index)
        if not there.any():
            raise KeyError(name)
        if match[2]:
            return float(self.scores.loc[there, match[2]].median())
        return float((self.in_top & there).sum() if match[1] == "top" else there.sum())


def picture(briefing: Briefing, sources: Sources, province: str) -> Picture:
    """Return what the map shows of one province (a code)."""
    communes = briefing.of(province)
    border = pd.Series(indicators.border_distance(sources), sources.communes.index)
    table = communes.assign(
        old_province=sources.old_province.reindex(communes.index), border_km=border.reindex(communes.index)
    )
    scores = briefing.assessment.scores.loc[communes.index, list(briefing.framework.active)]
    return Picture(table, scores, briefing.framework.classes)


def filled(note: str, figures: Picture, number: Callable[[float, int], str]) -> str:
    """Return a note with the figures of a province in the place of its placeholders.

    Parameters
    ----------
    note
        Text with ``{names}`` as :meth:`Picture.figure` knows them.
    figures
        The province.
    number
        Writes a number with so many digits, as the language does.

    Raises
    ------
    DataFault
        ``validity.placeholder`` for a name that stands for nothing.
    """

    def figure(match: re.Match[str]) -> str:
        name = match[1]
        try:
            value = figures.figure(name)
        except KeyError as unknown:
            raise DataFault("validity.placeholder", name=name) from unknown
        return number(value, 2 if name in RATIOS else 0)

    return re.sub(r"\{(\w+)\}", figure, note)
