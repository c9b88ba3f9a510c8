"""What a page writes, and what of it is written as another language does: numbers, days, charts, tables, widgets."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd
from google.protobuf.message import Message
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df as frame_of
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from geo import layers
from geo.base.numerals import MARKS

EDGE = r"(?<![\w.,/:×=-])"
ENGLISH_DECIMAL = re.compile(EDGE + r"[−+±]?\d+\.(?:\d{1,2}|\d{4,})(?![\w.]|,\d)")
ENGLISH_THOUSANDS = re.compile(EDGE + r"[1-9]\d{0,2}(?:,\d{3})+(?![\w]|,\d)")
VIETNAMESE_DECIMAL = re.compile(EDGE + r"[−+±]?\d+,(?:\d{1,2}|\d{4,})(?![\w]|[.,]\d)")
VIETNAMESE_THOUSANDS = re.compile(EDGE + r"[1-9]\d{0,2}(?:\.\d{3})+(?![\w]|\.\d)")
ISO_DAY = re.compile(r"(?<![\w./-])\d{4}-\d{2}-\d{2}(?![\w-])")
ENGLISH_DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")
VIETNAMESE_DAY = re.compile(r"(?<![\w/])\d{1,2}/\d{1,2}/\d{4}(?![\w/])")
QUOTED = re.compile(
    r"30/0?7/2025|07/2025|(?:Natural Earth|biểu|bảng|Table) [A-Z]?\d+(?:\.\d+)+|CC BY 4\.0|\b\d+\.\d+\.\d+\b"
)
"""The example of a day in a log, which is written alike for everybody, and numbers of tables and versions."""
WRONG = {
    "vi": (ENGLISH_DECIMAL, ENGLISH_THOUSANDS, ISO_DAY, ENGLISH_DAY),
    "en": (VIETNAMESE_DECIMAL, VIETNAMESE_THOUSANDS, ISO_DAY, VIETNAMESE_DAY),
}
HIDDEN = re.compile(r"<(style|script|svg)\b.*?</\1>|<[^>]*>", re.DOTALL)
WRITTEN = {
    "body", "label", "help", "placeholder", "options", "text", "caption", "content", "title", "icon_label", "alt",
    "default_value",
}  # fmt: skip
"""Fields of Streamlit's messages that people read."""
SOURCES = {"source", "number", "note"}
"""Columns that quote: what documents and people wrote is in their own language."""


def faults(app: AppTest, language: str) -> list[str]:
    """Return everything of a page that is written as another language does."""
    return [
        *(f"{where}: {found}" for where, text in texts(app) for found in wrong(text, language)),
        *table_faults(app, language),
        *widget_faults(app),
        *chart_faults(app, language),
        *map_faults(app, language),
    ]


def wrong(text: str, language: str) -> list[str]:
    """Return the numbers and days in a text that are written as another language does."""
    allowed = QUOTED.sub("", text)
    return [match.group() for pattern in WRONG[language] for match in pattern.finditer(allowed)]


def texts(app: AppTest) -> Iterator[tuple[str, str]]:
    """Return every text on the page with the kind of element it stands in."""
    for element in elements(app):
        for name, text in strings(element.proto):
            if name in WRITTEN:
                bare = html.unescape(HIDDEN.sub(" ", text)).replace("\\", "")
                yield f"{element.type}.{name}", unquoted(bare)


def unquoted(text: str) -> str:
    """Return a text without the sources it quotes."""
    for source in sources():
        text = text.replace(source, "")
    return text


@cache
def sources() -> tuple[str, ...]:
    """Return the sources that pages quote, the longest first; they are in the language of what they name."""
    framework = [node.facts.get("source", "") for node in cached.framework().indicators]
    quoted = [*framework, *layers.outreach_checklists()["source"]]
    return tuple(sorted({one for one in quoted if one}, key=len, reverse=True))


def elements(app: AppTest) -> Iterator[Any]:
    """Return every element and block of the page, blocks before what is in them."""
    for root in (app.main, app.sidebar):
        waiting = [root]
        while waiting:
            block = waiting.pop()
            if getattr(block, "proto", None) is not None:
                yield block
            waiting += list(getattr(block, "children", {}).values())


def strings(message: Any) -> Iterator[tuple[str, str]]:
    """Return every string of a message, however deep, with the name of its field."""
    if not isinstance(message, Message):
        return
    for field, value in message.ListFields():
        repeated = value if not isinstance(value, (str, bytes, int, float, bool, Message)) else [value]
        for one in repeated:
            if isinstance(one, str):
                yield field.name, one
            elif isinstance(one, Message):
                yield from strings(one)


def table_faults(app: AppTest, language: str) -> list[str]:
    """Return the cells and columns of tables that do not follow the language of the page."""
    found = []
    for table in app.get("dataframe"):
        proto = table.proto
        config = json.loads(proto.columns or "{}")
        data = frame_of(proto.arrow_data.data)
        shown = None
        if proto.arrow_data.HasField("styler") and proto.arrow_data.styler.display_values:
            shown = frame_of(proto.arrow_data.styler.display_values)
        for name in data.columns:
            one = config.get(str(name)) or {}
            form = (one.get("type_config") or {}).get("format")
            label = one.get("label") or str(name)
            found += [f"title of {name}: {fault}" for fault in wrong(label, language)]
            if str(name) in SOURCES or one.get("hidden"):
                continue
            found += [f"column {name} of {proto.id}: {fault}" for fault in _column(data[name], shown, form, language)]
    return found


def _column(values: pd.Series, shown: pd.DataFrame | None, form: str | None, language: str) -> list[str]:
    """Return the faults of one column; a column with a format of its own is written by the browser."""
    if form is not None:
        return [] if form == "localized" else [f"format {form}"]
    figures = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    days = pd.api.types.is_datetime64_any_dtype(values) or values.map(lambda one: hasattr(one, "isoformat")).any()
    if shown is None:
        return ["as the browser writes it"] if (figures or days) and values.notna().any() else []
    cells = shown[values.name].dropna().astype(str)
    told = [fault for cell in cells for fault in wrong(cell, language)]
    decimal, thousands = MARKS[language]
    if figures:
        plain = re.compile(rf"–|[−+]?\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})*(?:{re.escape(decimal)}\d+)?%?")
        told += [cell for cell in cells if not plain.fullmatch(cell)]
    return told


def widget_faults(app: AppTest) -> list[str]:
    """Return the sliders and fields whose numbers the browser would write with a mark of its own."""
    found = []
    for slider in app.get("slider"):
        form = slider.proto.format
        if form != "localized" and not re.fullmatch(r"%d|%0?\.0f(%%)?", form):
            found.append(f"slider {slider.proto.id}: {form}")
    for field in app.get("number_input"):
        proto = field.proto
        if proto.step != int(proto.step) or not re.fullmatch(r"%d|%0?\.0f|", proto.format):
            found.append(f"number input {proto.id}: step {proto.step} as {proto.format}")
    return found


def chart_faults(app: AppTest, language: str) -> list[str]:
    """Return what a chart would write as another language does: its locale, formats of days, and its own texts."""
    found = []
    for chart in app.get("vega_lite_chart"):
        spec = json.loads(chart.proto.spec)
        found += [f"chart {chart.proto.id}: {fault}" for fault in spec_faults(spec, language)]
        for data in [chart.proto.data, *(dataset.data for dataset in chart.proto.datasets)]:
            if data.data:
                frame = frame_of(data.data).select_dtypes(exclude="number")
                cells = (str(cell) for name in frame for cell in frame[name] if isinstance(cell, str))
                found += [f"data of {chart.proto.id}: {fault}" for cell in cells for fault in wrong(cell, language)]
    return found


def spec_faults(spec: dict[str, Any], language: str) -> list[str]:
    """Return the faults of the specification of a chart.

    The numbers of axes, legends, labels and tooltips follow the locale in it; a format of days may name the day of
    the locale (``%x``), a month with its year in figures, or a time, but no order of its own.
    """
    locale = spec.get("config", {}).get("locale", {})
    marks = tuple(locale.get("number", {}).get(name) for name in ("decimal", "thousands"))
    found = [] if marks == MARKS[language] else [f"numbers with {marks}"]
    months = locale.get("time", {}).get("months") or []
    if not months or ("January" in months) != (language == "en"):
        found.append(f"months {months[:1]}")
    for form in formats(spec):
        if "%d" in form or "%b" in form or "%B" in form or "%e" in form:
            found.append(f"days as {form}")
    return found + [fault for text in chart_words(spec) for fault in wrong(text, language)]


def formats(spec: Any) -> Iterator[str]:
    """Return every format in a specification."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            if name in ("format", "labelFormat") and isinstance(value, str):
                yield value
            elif name not in ("locale", "datasets"):
                yield from formats(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from formats(value)


def chart_words(spec: Any) -> Iterator[str]:
    """Return titles and other words of a specification."""
    if isinstance(spec, dict):
        for name, value in spec.items():
            if name in ("title", "domain", "values"):
                yield from (one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))
            if name != "locale":
                yield from chart_words(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from chart_words(value)


def map_faults(app: AppTest, language: str) -> list[str]:
    """Return what a map is told in another language or writes as another does."""
    found = []
    for component in app.get("component_instance"):
        script = json.loads(component.proto.json_args).get("feature_group") or ""
        opening = "riskmap.update(map_div, "
        if opening not in script:
            continue
        told = json.JSONDecoder().raw_decode(script[script.index(opening) + len(opening) :])[0]
        if told["language"] != language:
            found.append(f"map in {told['language']}")
        found += [f"map: {fault}" for text in _words(told) for fault in wrong(unquoted(text), language)]
    return found


def _words(told: Any) -> Iterator[str]:
    """Return the texts of a message to the map; addresses, names of files and digits of classes are none."""
    if isinstance(told, dict):
        for name, value in told.items():
            if name not in ("base", "geometry", "url", "version", "classes", "selected"):
                yield from _words(value)
    elif isinstance(told, list):
        for value in told:
            yield from _words(value)
    elif isinstance(told, str):
        yield told
