"""The columns tables are made of: text, codes, numbers, days, and what every row of facts carries."""

from __future__ import annotations

import copy
from typing import Any

import pandera.pandas as pa

from geo.base.vocabulary import CONFIDENCES, LEVELS, QUALITIES

COMMUNE = r"^\d{5}$"
PROVINCE = r"^\d{2}$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
VIETNAM = {"lat": (7.0, 23.5), "lon": (102.0, 117.9)}
"""Degrees that hold the whole country, Trường Sa included."""


def text(about: str, *, empty: bool = False, choice: Any = None, like: str | None = None) -> pa.Column:
    """Make a column of text; an empty cell is "" and only allowed where ``empty``."""
    checks = [pa.Check.isin([*map(str, choice), *([""] if empty else [])])] if choice is not None else []
    if like is not None:
        checks.append(pa.Check.str_matches(f"(?:{like}|^$)" if empty else like))
    elif not empty and choice is None:
        checks.append(pa.Check.str_length(min_value=1))
    return pa.Column(str, checks, description=about, metadata={"kind": "text"})


def code(about: str, like: str, *, empty: bool = False) -> pa.Column:
    """Make a column of codes; an empty cell is NaN."""
    return pa.Column(str, pa.Check.str_matches(like), nullable=empty, description=about, metadata={"kind": "code"})


def number(about: str, low: float | None = None, high: float | None = None, *, empty: bool = True) -> pa.Column:
    """Make a column of numbers; an empty cell is NaN."""
    checks = [pa.Check.ge(low)] if low is not None else []
    if high is not None:
        checks.append(pa.Check.le(high))
    return pa.Column(float, checks, nullable=empty, description=about, metadata={"kind": "number"})


def day(about: str, *, empty: bool = False) -> pa.Column:
    """Make a column of days; an empty cell is NaN."""
    return pa.Column(str, pa.Check.str_matches(DATE), nullable=empty, description=about, metadata={"kind": "date"})


def optional(column: pa.Column) -> pa.Column:
    """Let a column be absent from a file: its cells are then empty."""
    absent = copy.copy(column)
    absent.required = False
    return absent


def origin(quality: str | None = "reported") -> dict[str, pa.Column]:
    """Make the columns every row of facts carries."""
    kinds = QUALITIES if quality is None else [quality]
    return {
        "quality": text("observed, reported, modelled or synthetic", choice=kinds),
        "source": text("who says so, as a citation"),
        "as_of": text("the day, month, year or period the figure is for; 'undated' where the source has no date"),
        "confidence": text("how sure the compilation is: high, medium, low", choice=CONFIDENCES),
    }


def table(
    columns: dict[str, pa.Column], unique: list[str] | None = None, checks: list[pa.Check] | None = None
) -> pa.DataFrameSchema:
    """Make the schema of a table; columns beyond these are let through."""
    return pa.DataFrameSchema(columns, unique=unique, strict=False, checks=checks)


NOTE = text("remark", empty=True)
OLD_PROVINCE_CODE = code("province of before 1 July 2025", PROVINCE)
PROVINCE_CODE = code("province in force", PROVINCE)
COMMUNE_CODE = code("commune in force", COMMUNE)
POINT = {
    "lat": number("latitude, degrees WGS 84; empty where no point is known", *VIETNAM["lat"]),
    "lon": number("longitude, degrees WGS 84; empty where no point is known", *VIETNAM["lon"]),
    "coordinate_source": text("where the point comes from", empty=True),
    "coordinate_confidence": text("low: derived, 1-10 km off", empty=True, choice=CONFIDENCES),
}
LEVEL = {
    "level": text("what kind of unit the row is about", choice=LEVELS),
    "old_province_code": code("province of before 1 July 2025", PROVINCE, empty=True),
    "province_code": code("province in force", PROVINCE, empty=True),
    "region_code": code("socio-economic region", r"^[A-Z]{3}$", empty=True),
}
