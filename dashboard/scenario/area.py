"""What a commune is compared within, a province or the nation, and the words for it: map, lists and print say alike.

A class or a rank means nothing without its scale, so nothing here names one without the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.locale import Texts
from geo import units
from geo.base.vocabulary import Topic
from models.index.pathways import NO_LEAD
from models.outreach.priority import By
from models.robustness.reliability import HELD

CITY = "Thành phố"
"""The type of a province that is a city."""
LEVELS = 5
"""Classes of risk: fifths of the communes of the area."""
SURE = "✓"
"""Stands beside the rank of a commune whose class is sure."""
MILLION_FROM = 1_000_000
"""From so many people on, they are given in millions."""
LEAST_CHANCE = 0.01
"""Below this, and above its counterpart, a share of trials is given as a bound."""
PATHWAYS: tuple[str, ...] = (*(str(topic) for topic in Topic if topic != Topic.GENERAL), NO_LEAD)
"""What may lead in a commune, in the order of legends."""
OPTIONAL = (
    "leading", "rank_low", "rank_high", "rank_province_low", "rank_province_high", "top_probability",
    "highest_probability", "class_held", "class_province_held", "grade",
)  # fmt: skip
"""Columns of a briefing that are missing until they have been computed."""


@dataclass(frozen=True)
class Area:
    """The province whose communes are compared with each other, or the nation.

    Parameters
    ----------
    province
        Its code; none for the nation.
    text
        The language it is spoken of in.
    """

    province: str | None
    text: Texts

    @property
    def national(self) -> bool:
        """Whether communes are compared with those of the whole country."""
        return self.province is None

    @property
    def word(self) -> str:
        """What kind of area it is: a province, or a city of the rank of a province."""
        if self.province is None:
            return self.text("place.nation")
        kind = units.provinces().loc[self.province, "type"]
        return self.text("area.city" if kind == CITY else "area.province")

    def say(self, key: str, **values: object) -> str:
        """Return the text ``area.<key>``, or ``area.<key>_nation`` for the nation."""
        if self.national:
            return self.text(f"area.{key}_nation", **values)
        return self.text(f"area.{key}", area=self.word, **values)

    def levels(self, communes: pd.DataFrame) -> pd.Series:
        """Return the class of risk of communes on the scale of this area, 1 to 5; missing where risk is unknown."""
        return communes["class" if self.national else "class_province"].astype("Int64")

    def level(self, level: Any) -> str:
        """Return the name of a class with its scale; empty where it is unknown.

        Examples
        --------
        >>> from dashboard.locale import texts
        >>> Area("22", texts("en")).level(5), Area(None, texts("en")).level(1), Area(None, texts("en")).level(pd.NA)
        ('very high in the province', 'very low nationally', '')
        """
        return "" if pd.isna(level) else self.say("level", level=self.text(f"level.{int(level)}"))

    def ranks(self, communes: pd.DataFrame) -> pd.DataFrame:
        """Return ``rank, low, high`` of communes in this area; the interval is missing until it has been computed."""
        names = ["rank_national", "rank_low", "rank_high"]
        if not self.national:
            names = ["rank_province", "rank_province_low", "rank_province_high"]
        return communes.reindex(columns=names).set_axis(["rank", "low", "high"], axis=1)

    def interval(self, commune: pd.Series) -> str:
        """Return the rank of a commune in this area as people read it: its 90 % interval, else the rank alone."""
        rank, low, high = self.ranks(commune.to_frame().T).iloc[0]
        return interval(rank, low, high, self.text)

    def held(self, communes: pd.DataFrame) -> pd.Series:
        """Return the share of trials in which each commune keeps its class in this area, 0-1; missing if unknown."""
        return pd.to_numeric(communes["class_held" if self.national else "class_province_held"]).astype(float)

    def how(self, by: By) -> str:
        """Return the one sentence that says how a list is made."""
        return self.say(f"how_{by}")


def complete(communes: pd.DataFrame, doubts: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return communes of a briefing with every optional column, missing where nothing has been computed.

    Parameters
    ----------
    communes
        Rows of ``Briefing.communes``.
    doubts
        What has been computed of how sure their ranks are, see :func:`models.robustness.reliability.reliability`.
    """
    if doubts is not None:
        communes = communes.join(doubts)
    absent = [name for name in OPTIONAL if name not in communes]
    return communes.assign(**{name: pd.Series(pd.NA, communes.index, dtype=object) for name in absent})


def interval(rank: Any, low: Any, high: Any, text: Texts) -> str:
    """Return a rank with its interval: ``3–11``, a single number where both ends agree, else the rank.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> interval(5, 3, 11, texts("en")), interval(5, None, None, texts("en")), interval(1, 1, 1, texts("en"))
    ('3–11', '5', '1')
    """
    if pd.isna(low) or pd.isna(high):
        return text.number(None if pd.isna(rank) else float(rank))
    ends = [text.number(round(float(end))) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def pathway_name(code: Any, text: Texts, *, short: bool = False) -> str:
    """Return the name of the pathway that leads; empty where pathways have not been told apart."""
    if not isinstance(code, str) or code not in PATHWAYS:
        return ""
    return text(f"pathway.{code}_short" if short else f"pathway.{code}")


def people(number: float, text: Texts) -> str:
    """Return a number of people, in millions where there are many.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> people(1_404_000.0, texts("en")), people(38_656.0, texts("en"))
    ('1.40 million people', '38,656 people')
    """
    if number >= MILLION_FROM:
        return text("reach.millions", number=text.number(number / 1e6, 2))
    return text("reach.people", number=text.number(number))


def chance(share: float, text: Texts) -> str:
    """Return a share of trials, 0-1, in percent; trials alone make nothing certain or impossible.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> [chance(share, texts("en")) for share in (0.0, 0.004, 0.5, 0.996, 1.0)]
    ['< 1%', '< 1%', '50%', '> 99%', '> 99%']
    """
    if share < LEAST_CHANCE:
        return text("chance.below")
    if share > 1 - LEAST_CHANCE:
        return text("chance.above")
    return text("reliability.percent", share=text.number(100 * share))


def outreach_known(communes: pd.DataFrame, text: Texts) -> str:
    """Return one sentence about what is known of outreach in some communes.

    A commune without a log of its own is one nobody has told us about, never one where nothing was done.
    """
    known = communes["coverage_known"].astype(bool)
    silent = communes[~known]
    values = {
        "communes": text.number(len(silent)),
        "people": people(float(silent["population"].sum()), text),
        "known": text.number(int(known.sum())),
    }
    if not known.any():
        return text("reach.unknown", communes=values["communes"], people=values["people"])
    if len(silent):
        return text("reach.partly", **values)
    left = people(float(communes["people_unreached"].sum()), text)
    return text("reach.known", known=values["known"], people=left)


def borderline(communes: pd.DataFrame) -> pd.Series:
    """Return which communes are surely neither in the highest class of their province nor out of it.

    Hatching every class that may change would hatch nearly all: a fifth is narrow. What decides where teams go is the
    highest class alone, and whether a commune is in or out holds much more often than the class it has.

    Parameters
    ----------
    communes
        ``class_province`` (1 to 5) and ``highest_probability`` (of being in the highest class, 0-1).

    Examples
    --------
    >>> chance = [0.9, 0.6, 0.4, 0.0, None]
    >>> borderline(pd.DataFrame({"class_province": [5, 5, 4, 1, 4], "highest_probability": chance})).tolist()
    [False, True, True, False, False]
    """
    chance = pd.to_numeric(communes["highest_probability"]).astype(float)
    inside = communes["class_province"].eq(LEVELS).fillna(False).astype(bool)
    return chance.lt(HELD).where(inside, chance.gt(1 - HELD)) & chance.notna()
