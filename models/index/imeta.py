"""Frameworks as COINr (R) keeps them: the table it calls iMeta."""

from __future__ import annotations

import pandas as pd

NAMES = {
    "iCode": "code",
    "iName": "name",
    "Parent": "parent",
    "Direction": "direction",
    "Weight": "weight",
    "Denominator": "denominator",
}
NODES = ("Indicator", "Aggregate")
BLANK = ("NA", "NaN", "nan")


def is_imeta(table: pd.DataFrame) -> bool:
    """Say whether a table has the columns of an iMeta table and not those of a framework of ours."""
    return {"iCode", "Parent"} <= set(table.columns) and not {"code", "parent"} & set(table.columns)


def from_imeta(table: pd.DataFrame) -> pd.DataFrame:
    """Return an iMeta table under our names, without the rows that are no nodes (groups, denominators, others).

    Parameters
    ----------
    table
        Text, one row per column of the data or node: ``iCode, Parent`` and, if there, ``iName, Direction, Weight,
        Denominator, Type``; others stay as they are. Source of the form: COINr, "Building a coin",
        https://bluefoxr.github.io/COINr/articles/coins.html.

    Examples
    --------
    >>> table = pd.DataFrame({"iCode": ["a", "i", "gdp"], "Parent": ["i", "NA", ""],
    ...                       "Type": ["Indicator", "Aggregate", "Denominator"]})
    >>> from_imeta(table)[["code", "parent"]].to_numpy().tolist()
    [['a', 'i'], ['i', '']]
    """
    renamed = table.rename(columns=NAMES)
    if "Type" in renamed:
        renamed = renamed[renamed["Type"].isin(NODES)]
    return renamed.fillna("").replace(list(BLANK), "")
