"""The texts of the interface, Vietnamese first, English beside it.

``text = texts("vi")`` gives a function ``text("map.no_data", count=3)``; it knows its language and writes numbers and
dates the way the language does.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("vi", "en")
FOLDER = Path(__file__).parent
MISSING = "–"


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
        """Return the text of a key, with its placeholders filled."""
        text = catalogue(self.language)[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Say whether there is a text of this key."""
        return key in catalogue(self.language)

    def either(self, key: str, otherwise: str) -> str:
        """Return the text of a key, or what the data call the thing when the catalogue does not know it."""
        return self(key) if self.has(key) else otherwise

    def number(self, value: float | None, digits: int = 0) -> str:
        """Write a number: ``1.234,5`` in Vietnamese, ``1,234.5`` in English; missing is a dash."""
        if value is None or not math.isfinite(value):
            return MISSING
        written = f"{value:,.{digits}f}"
        if written.lstrip("-0.,") == "":
            written = written.lstrip("-")
        return written.translate(str.maketrans(",.", ".,")) if self.language == "vi" else written

    def signed(self, value: float, digits: int = 1) -> str:
        """Write a difference with its sign."""
        written = self.number(abs(value), digits)
        return written if not written.strip("0.,") else ("+" if value > 0 else "\N{MINUS SIGN}") + written

    def day(self, when: date) -> str:
        """Write a date: ``30/04/2026`` in Vietnamese, ``30 Apr 2026`` in English."""
        return when.strftime("%d/%m/%Y" if self.language == "vi" else "%d %b %Y")


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
