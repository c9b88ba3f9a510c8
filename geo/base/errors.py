"""Errors people can act on: what happened, which rows, what to do next, in Vietnamese and in English.

The texts live in ``geo/base/messages/<topic>.toml``; an error carries only its code (``topic.name``) and the values
that fill the text, so that a page, the command line and a log can each show it in the language they need.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from geo.base.numerals import VERBATIM, amount

LANGUAGES = ("vi", "en")
MESSAGES = Path(__file__).parent / "messages"
SHOWN_ROWS = 10


class RiskmapError(Exception):
    """An error with a message and a next step in both languages.

    Parameters
    ----------
    code
        ``topic.name``: the table ``[name]`` of ``geo/base/messages/topic.toml``, with the keys ``vi``, ``vi_do``,
        ``en`` and ``en_do``.
    rows
        The offending rows, codes or names; the first ten are shown and the rest counted.
    values
        What fills the placeholders of the text.

    Examples
    --------
    >>> error = InputError("general.file_missing", path="communes.geojson")
    >>> error.message("en")
    'File not found: communes.geojson.'
    """

    exit_code = 1

    def __init__(self, code: str, rows: Iterable[object] = (), **values: Any) -> None:
        self.code = code
        self.rows = [str(row) for row in rows]
        self.values: Mapping[str, Any] = values
        super().__init__(code)

    def message(self, language: str = "vi") -> str:
        """Say what happened, and in which rows, in ``language``."""
        text = _text(self.code, language).format_map(_Lenient(self._written(language)))
        if not self.rows:
            return text
        rows = "; ".join(self.rows[:SHOWN_ROWS])
        more = len(self.rows) - SHOWN_ROWS
        return f"{text} [{rows}{f'; +{more}' if more > 0 else ''}]"

    def remedy(self, language: str = "vi") -> str:
        """Say what to do next, in ``language``."""
        return _text(self.code, language + "_do").format_map(_Lenient(self._written(language)))

    def _written(self, language: str) -> dict[str, Any]:
        return {name: value if name in VERBATIM else amount(value, language) for name, value in self.values.items()}

    def __str__(self) -> str:
        return "\n".join(f"{self.message(language)} {self.remedy(language)}" for language in LANGUAGES)


class InputError(RiskmapError):
    """Something the user gave cannot be used: a file, a table, a name, a setting."""

    exit_code = 2


class UnitNotFound(InputError):
    """No province or commune has this code or name; the message suggests the nearest ones."""


class DataFault(RiskmapError):
    """A file that ships with the product, or was imported before, is damaged or missing."""


class _Lenient(dict[str, Any]):
    """Values for ``str.format_map`` that never fail: an error must not hide behind another one."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


@cache
def topic(name: str) -> Mapping[str, Mapping[str, str]]:
    """Read the messages of one topic."""
    return tomllib.loads((MESSAGES / f"{name}.toml").read_text(encoding="utf-8"))


def _text(code: str, key: str) -> str:
    topic_name, _, name = code.partition(".")
    return topic(topic_name)[name][key]
