"""Tables of a page: figures and days written as its language does, sorted by what they are; missing is a dash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from dashboard.locale import MISSING, Texts

Writing = int | Callable[[Any], str]
"""How the values of a column are written: in so many decimals, or by a function."""


def draw(
    frame: pd.DataFrame,
    text: Texts,
    columns: Mapping[str, Any],
    writing: Mapping[str, Writing] | None = None,
    **options: Any,
) -> Any:
    """Draw a table that is read, not edited.

    Parameters
    ----------
    frame
        One row per line. Numbers and days stay what they are, so that a click on a title sorts by them.
    columns
        Streamlit's configuration by column; one with a ``format`` of its own would be written as the browser is set.
    writing
        Decimals, or a function, by column; see :func:`written`.
    options
        Anything else ``st.dataframe`` takes.
    """
    options = {"hide_index": True, "width": "stretch", "placeholder": MISSING, **options}
    return st.dataframe(written(frame, text, writing), column_config=dict(columns), **options)


def written(frame: pd.DataFrame, text: Texts, writing: Mapping[str, Writing] | None = None) -> Styler:
    """Return a frame that shows its figures and days in the language.

    Without ``writing``, whole numbers have no decimals, columns with other numbers one, and days the usual form.

    Examples
    --------
    >>> from dashboard.locale import texts
    >>> table = pd.DataFrame({"people": [1200, 5], "score": [43.25, None]})
    >>> shown = written(table, texts("vi"))._translate(False, False)["body"]
    >>> [cell["display_value"] for row in shown for cell in row if cell["type"] == "td"]
    ['1.200', '43,2', '5', '–']
    """
    asked = writing or {}
    ways = {name: _way(frame[name], asked.get(str(name)), text) for name in frame.columns}
    shown = frame if frame.index.is_unique else frame.reset_index(drop=True)
    return shown.style.format({name: way for name, way in ways.items() if way is not None}, na_rep=MISSING)


def entry(label: str, digits: int | None, *, min_value: float = 0.0, **options: Any) -> Any:
    """Return a column of figures that are edited; the browser writes them, in the language of the page.

    Parameters
    ----------
    digits
        Decimals; none for as many as a figure has.
    options
        Anything else ``NumberColumn`` takes.
    """
    step = None if digits is None else 10.0**-digits
    return st.column_config.NumberColumn(label, format="localized", min_value=min_value, step=step, **options)


def percent(text: Texts, digits: int = 0) -> Callable[[Any], str]:
    """Return what writes shares that are already percent: ``12,5%``."""
    return lambda value: text.percent(value / 100, digits)


def _way(values: pd.Series, asked: Writing | None, text: Texts) -> Callable[[Any], str] | None:
    if callable(asked):
        return asked
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        digits = _decimals(values) if asked is None else asked
        return lambda value: text.number(value, digits)
    known = values.dropna()
    if len(known) and all(isinstance(value, dt.date) for value in known):
        return text.day
    return None


def _decimals(values: pd.Series) -> int:
    known = values.dropna().astype(float)
    return 0 if known.eq(known.round()).all() else 1
