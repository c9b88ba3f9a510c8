"""A finding: one fact that a check or an import has to say, with its severity, rows and words in both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from geo.base.errors import InputError
from geo.base.numerals import amount

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Parameters
    ----------
    check
        ``topic.name`` of the text in ``geo/base/messages``.
    severity
        ``info``, ``warning`` or ``error``.
    count
        How many rows, units or files it is about.
    rows
        Which ones.
    values
        What fills the text, beside ``count``.

    Examples
    --------
    >>> Finding("boundaries.repaired", "info", 2, ("06712", "06709")).message("en")
    '2 polygons crossed themselves and were repaired. [06712; 06709]'
    """

    check: str
    severity: Severity
    count: int = 0
    rows: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)

    def message(self, language: str = "vi") -> str:
        """Say it in ``language``."""
        return self._text(language).message(language)

    def remedy(self, language: str = "vi") -> str:
        """Say what to do next, in ``language``."""
        return self._text(language).remedy(language)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain values for JSON: ``message`` in English, ``message_vi`` in Vietnamese."""
        return {
            "check": self.check.removeprefix("check."),
            "severity": self.severity,
            "count": self.count,
            "message": f"{self.message('en')} {self.remedy('en')}".strip(),
            "message_vi": f"{self.message('vi')} {self.remedy('vi')}".strip(),
            "rows": list(self.rows[:100]),
        }

    def _text(self, language: str) -> InputError:
        values = {name: amount(value, language, 1) for name, value in ({"count": self.count} | self.values).items()}
        return InputError(self.check, self.rows, **values)
