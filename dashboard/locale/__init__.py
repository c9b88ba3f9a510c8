"""The texts of the interface, Vietnamese first, English beside it.

``text = texts("vi")`` gives a function ``text("map.no_data", count=3)``; it knows its language and writes numbers and
dates the way the language does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from geo.base import numerals
from geo.base.numerals import MISSING

__all__ = ["LANGUAGES", "MISSING", "Texts", "catalogue", "texts"]

LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).parent
AS_IS = frozenset({"year"})
"""Placeholders whose numbers are names, not amounts."""
DAYS = {("vi", True): "%d/%m/%Y", ("vi", False): "%d/%m", ("en", True): "%d %b %Y", ("en", False): "%d %b"}
"""How a date is written, by language and whether with the year; the patterns of Python and of d3 alike."""
MONTHS = {"vi": "%m/%Y", "en": "%b %Y"}


class Texts:
    """The texts of one language.

    Examples
    --------
    >>> vi = Texts("vi")
    >>> vi.number(1234.5, 1)
    '1.234,5'
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise KeyError(language)
        self.language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text of a key, with its placeholders filled; numbers are written as the language does."""
        text = catalogue(self.language)[key]
        written = {
            name: value if name in AS_IS else numerals.amount(value, self.language) for name, value in values.items()
        }
        return text.format(**written) if values else text

    def has(self, key: str) -> bool:
        """Say whether there is a text of this key."""
        return key in catalogue(self.language)

    def either(self, key: str, otherwise: str) -> str:
        """Return the text of a key, or what the data call the thing when the catalogue does not know it."""
        return self(key) if self.has(key) else otherwise

    def number(self, value: float | None, digits: int = 0) -> str:
        """Write a number: ``1.234,5`` in Vietnamese, ``1,234.5`` in English; missing is a dash."""
        return numerals.number(value, digits, self.language)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """Write a share, 0-1, in percent: ``12,5%``; missing is a dash."""
        written = self.number(None if share is None else 100 * share, digits)
        return written if written == MISSING else f"{written}%"

    def measured(self, value: float | None, digits: int, unit: str) -> str:
        """Write a number with its unit: ``12,5%``, ``12,5 km``; missing is a dash without one."""
        written = self.number(value, digits)
        return written if written == MISSING else f"{written}{'' if unit[:1] in '%‰' else ' '}{unit}"

    def signed(self, value: float, digits: int = 1) -> str:
        """Write a difference with its sign."""
        written = self.number(abs(value), digits)
        return written if not written.strip("0.,") else ("+" if value > 0 else numerals.MINUS) + written

    def day(self, when: date, *, year: bool = True) -> str:
        """Write a date: ``30/04/2026`` in Vietnamese, ``30 Apr 2026`` in English."""
        return when.strftime(self.day_pattern(year=year))

    def month(self, when: date) -> str:
        """Write a month: ``04/2026`` in Vietnamese, ``Apr 2026`` in English."""
        return when.strftime(MONTHS[self.language])

    def dated(self, told: str) -> str:
        """Write a day or a month that the data give as ``2026-04-30`` or ``2026-04``; anything else stays as it is.

        Examples
        --------
        >>> Texts("vi").dated("2026-04-30"), Texts("en").dated("2026-04"), Texts("vi").dated("2022-2024")
        ('30/04/2026', 'Apr 2026', '2022-2024')
        """
        try:
            parts = [int(part) for part in told.split("-")]
            return {3: self.day, 2: self.month}[len(parts)](date(*parts, *[1] * (3 - len(parts))))
        except (ValueError, KeyError, TypeError):
            return told

    def day_pattern(self, *, year: bool = True) -> str:
        """Return the pattern of a date for Python and for charts."""
        return DAYS[self.language, year]


@cache
def texts(language: str) -> Texts:
    """Return the texts of a language."""
    return Texts(language)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the texts of a language by their full key (``topic.name``)."""
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return dict(_flat(tables, ""))


def _flat(tables: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tables.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
