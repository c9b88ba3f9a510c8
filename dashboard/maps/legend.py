"""What a legend says: sections of rows, each a symbol, a label and a count. The script of the map draws them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Shape = Literal["fill", "circle", "square", "diamond", "triangle", "hexagon", "anchor", "plane", "arrow"]


@dataclass(frozen=True)
class Symbol:
    """How one row of a legend looks; ``size`` and ``width`` are pixels; ``hatched`` draws slanting lines over it."""

    shape: Shape
    fill: str = "none"
    stroke: str = "none"
    size: float = 12
    width: float = 1.5
    dashed: bool = False
    hatched: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a legend; ``count`` is already written as text."""

    symbol: Symbol
    label: str
    count: str = ""


@dataclass(frozen=True)
class Section:
    """The legend of one layer."""

    key: str
    title: str
    rows: tuple[Row, ...]
    note: str = ""


def as_message(sections: list[Section]) -> list[dict[str, Any]]:
    """Return legends as plain values for the map."""
    return [asdict(section) for section in sections]
