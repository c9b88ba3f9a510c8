"""Publishing: what the store holds goes to the files from which everything below the dashboard reads.

The store is the truth; ``outreach_activities.csv``, ``outreach_periods.csv`` and ``outreach_parameters.csv`` in
``geo.base.paths.home()`` follow it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.store import rows
from geo import layers
from geo.base import paths
from geo.datasets import read_table
from geo.files.write import file_hash, replace_file


@dataclass(frozen=True)
class Published:
    """A table of the store and the file that follows it."""

    schema: str
    file: str

    @property
    def path(self) -> Path:
        """Where it is written."""
        return paths.home() / self.file

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the file as it is on disk, or nothing."""
        return file_hash(self.path) if self.path.is_file() else ""

    def read(self) -> pd.DataFrame | None:
        """Return what the file holds; nothing where there is none."""
        return read_table(self.schema, self.path) if self.path.is_file() else None

    def follow(self, table: pd.DataFrame, before: str, number: int) -> tuple[str, Path | None]:
        """Bring the file into line with a table; an empty table needs no file.

        Parameters
        ----------
        table
            What the store holds.
        before
            Fingerprint of what was published last.
        number
            Makes the name of a file that is set aside.

        Returns
        -------
        tuple
            The fingerprint of the file, and where a file that somebody else had put there was moved to.
        """
        data = rendered(table)
        wanted = hashlib.sha256(data).hexdigest() if data else ""
        found = self.fingerprint
        if found == wanted:
            return wanted, None
        kept = self._set_aside(number) if found not in ("", before) else None
        if data:
            with replace_file(self.path) as temporary:
                temporary.write_bytes(data)
        else:
            self.path.unlink(missing_ok=True)
        return wanted, kept

    def _set_aside(self, number: int) -> Path:
        kept = self.path.with_name(f"{self.path.stem}.{number}.kept")
        while kept.exists():
            number += 1
            kept = self.path.with_name(f"{self.path.stem}.{number}.kept")
        self.path.replace(kept)
        return kept


FOLLOWERS: Mapping[str, Published] = {
    "periods": Published("outreach_periods", layers.PERIODS_FILE),
    "activities": Published("outreach_activities", layers.OUTREACH_FILE),
    "type_parameters": Published("outreach_parameters", layers.PARAMETERS_FILE),
}
"""By table of the store; what a log covers is there before the log is."""
MOVED_BY: Mapping[str, tuple[str, ...]] = {
    "activities": ("periods", "activities"),
    "type_parameters": ("type_parameters",),
}
"""The tables that are published when one changes."""


def rendered(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of its file, always the same for the same rows; nothing for no rows."""
    if not len(table):
        return b""
    return rows.as_text(table).to_csv(index=False, lineterminator="\n").encode()
