"""The header row of a framework: each column a setting of the engine, or a fact that is only carried along.

A setting under another spelling would be carried along without a word and do nothing, so every header that resembles
a setting and is none is refused.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from geo.base.errors import InputError

SPELLINGS = {
    "normalize": "normalise",
    "normalization": "normalise",
    "normalisation": "normalise",
    "imputation": "impute",
    "treatment": "treat",
    "aggregation": "aggregate",
    "weighting": "weight",
    "dir": "direction",
}
"""Settings under another name; the engine writes British English."""
ALIKE = 0.8
"""Headers as similar to a setting as this (Ratcliff and Obershelp, 0-1) are taken for a slip of the pen."""


def renamed(table: pd.DataFrame, settings: Sequence[str], path: object = "") -> pd.DataFrame:
    """Return a table whose settings stand under the names the engine knows, whatever their case and spelling.

    Parameters
    ----------
    table
        As it was read; its headers may be in capitals, with spaces around, in American spelling.
    settings
        The names of the settings.
    path
        Of the table, for messages.

    Raises
    ------
    InputError
        ``framework.header_alike`` for a header that resembles a setting; ``framework.header_twice`` for two columns
        that are one setting.

    Examples
    --------
    >>> table = pd.DataFrame(columns=["Code", " Weight", "normalize", "year"])
    >>> list(renamed(table, ["code", "weight", "normalise"]).columns)
    ['code', 'weight', 'normalise', 'year']
    """
    columns, alike = [], []
    for header in map(str, table.columns):
        plain = header.strip().casefold().replace(" ", "_")
        setting = SPELLINGS.get(plain, plain)
        if setting in settings:
            columns.append(setting)
            continue
        columns.append(header)
        if near := difflib.get_close_matches(setting, settings, n=1, cutoff=ALIKE):
            alike.append(f"{header} → {near[0]}?")
    if alike:
        raise InputError("framework.header_alike", alike, path=path)
    if doubled := sorted({column for column in columns if columns.count(column) > 1}):
        raise InputError("framework.header_twice", doubled, path=path)
    return table.set_axis(columns, axis=1)
