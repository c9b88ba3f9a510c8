"""How numbers are written: ``1.234,5`` in Vietnamese, ``1,234.5`` in English; pages, files and messages follow it."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
MARKS = {"vi": (",", "."), "en": (".", ",")}
"""The decimal and the thousands mark of a language."""
VERBATIM = frozenset({"given", "value", "port", "free", "status", "number", "line", "year", "known", "example"})
"""What a message repeats as it was typed or as it identifies something: no figures to be read as amounts."""
FINEST = 2


def number(value: float | None, digits: int, language: str) -> str:
    """Write a number in a language; missing is a dash, a number that rounds to nothing has no sign.

    Parameters
    ----------
    value
        Any number; ``None``, NaN and infinity are missing.
    digits
        Decimals.
    language
        ``vi`` or ``en``.

    Examples
    --------
    >>> number(1234.5, 1, "vi"), number(1234.5, 1, "en"), number(None, 0, "vi")
    ('1.234,5', '1,234.5', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    written = f"{value:,.{digits}f}"
    if written.lstrip("-0.,") == "":
        written = written.lstrip("-")
    decimal, thousands = MARKS[language]
    return written.translate(str.maketrans(",.-", thousands + decimal + MINUS))


def amount(value: Any, language: str, digits: int = FINEST) -> Any:
    """Write a value of a message: numbers as the language does, in as few decimals as they need; others as they are.

    Examples
    --------
    >>> amount(3321, "vi"), amount(1200.0, "vi"), amount(0.5, "vi"), amount("a.b", "vi")
    ('3.321', '1.200', '0,5', 'a.b')
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    figure = float(value)
    needed = next((few for few in range(digits) if round(figure, few) == round(figure, digits)), digits)
    return number(figure, needed, language)
