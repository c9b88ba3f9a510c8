"""What was found in a stranger's log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.base.errors import InputError


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be used.

    Parameters
    ----------
    row
        Number of the row in the file.
    column
        Name of the column as the file has it.
    value
        What stands there.
    code
        ``log.…``, the code of the message.
    candidates
        What may have been meant.
    """

    row: int
    column: str
    value: str
    code: str
    candidates: tuple[str, ...] = ()

    def message(self, language: str = "vi") -> str:
        """Say what is wrong."""
        return self._error().message(language)

    def remedy(self, language: str = "vi") -> str:
        """Say what to do."""
        return self._error().remedy(language)

    def _error(self) -> InputError:
        return InputError(self.code, self.candidates, value=self.value, column=self.column)


@dataclass(frozen=True)
class LogReading:
    """What is in a file.

    Parameters
    ----------
    name, digest
        Name of the file without its folder, and its SHA-256.
    rows
        The rows that can be used, indexed by their number in the file (``row``), with the columns of
        ``outreach_activities`` but no identifier.
    faults
        Everything that keeps other rows out.
    duplicates
        Indexed by row: ``of_row`` (the row of the file it repeats) or ``of_activity`` (identifier in the log).
    table
        Every row of the file as it is written, indexed by row.
    ignored
        Headers of columns that the log does not know; their content is not taken over.
    totals
        Rows that sum the others and are no activities.
    font
        The old font the file was written in, if it was not Unicode.
    months
        Rows that give only a month; they stand on its first day.
    converted
        Rows whose code or name of before July 2025 led to the commune in force.
    hidden
        Cells that say "fewer than"; they stay empty.
    vintage
        Whether the codes are in force (``current``), of before July 2025 (``old``) or ``mixed``.
    """

    name: str
    digest: str
    rows: pd.DataFrame
    faults: tuple[Fault, ...]
    duplicates: pd.DataFrame
    table: pd.DataFrame
    ignored: tuple[str, ...] = ()
    totals: tuple[int, ...] = ()
    font: str = ""
    months: tuple[int, ...] = ()
    converted: int = 0
    hidden: int = 0
    vintage: str = "current"

    @property
    def faulty_rows(self) -> list[int]:
        """Numbers of the rows that cannot be used."""
        return sorted({fault.row for fault in self.faults})

    def to_keep(self, *, keep_duplicates: bool = False) -> pd.DataFrame:
        """Return the rows to take over, by default without those that are there already."""
        return self.rows if keep_duplicates else self.rows.drop(index=self.duplicates.index)

    def to_correct(self, language: str = "vi") -> pd.DataFrame:
        """Return the rows that cannot be used as they are written, with their number and what is to be done.

        The table can be corrected and read again: columns that only explain are passed over.
        """
        told: dict[int, list[str]] = {}
        for fault in self.faults:
            told.setdefault(fault.row, []).append(
                f"{fault.column}: {fault.message(language)} {fault.remedy(language)}".strip()
            )
        wrong = self.table.loc[self.faulty_rows]
        number, reason = ("Dòng", "Lỗi cần sửa") if language == "vi" else ("Row", "What to correct")
        explained = pd.DataFrame({number: wrong.index, reason: [" ".join(told[row]) for row in wrong.index]})
        return pd.concat([explained.set_axis(wrong.index), wrong], axis=1)

    def summary(self) -> dict[str, Any]:
        """Return what was found as plain values for JSON."""
        kept = self.rows
        return {
            "file": self.name,
            "sha256": self.digest,
            "rows": len(self.table),
            "usable": len(kept),
            "faulty": len(self.faulty_rows),
            "duplicates": len(self.duplicates),
            "communes": int(kept["commune_code"].nunique()),
            "first": str(kept["date"].min()) if len(kept) else None,
            "last": str(kept["date"].max()) if len(kept) else None,
            **{name: _total(kept[name]) for name in ("events", "people_reached")},
            "totals": list(self.totals),
            "font": self.font,
            "months_only": len(self.months),
            "converted": self.converted,
            "hidden": self.hidden,
            "codes": self.vintage,
            "ignored_columns": list(self.ignored),
            "faults": [
                {**vars(fault), "candidates": list(fault.candidates), "message": fault.message("en"),
                 "message_vi": fault.message("vi"), "remedy_vi": fault.remedy("vi")}
                for fault in self.faults
            ],
        }  # fmt: skip


def _total(values: pd.Series) -> float | None:
    total = values.sum(min_count=1)
    return None if pd.isna(total) else float(total)
