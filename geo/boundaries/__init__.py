"""Outlines of communes: those that ship, and official ones taken from a file."""

from geo.boundaries.outlines import (
    SCHEMATIC_SOURCE,
    Boundaries,
    ImportReport,
    Kind,
    Level,
    import_boundaries,
    load,
    reset,
)

__all__ = [
    "SCHEMATIC_SOURCE",
    "Boundaries",
    "ImportReport",
    "Kind",
    "Level",
    "import_boundaries",
    "load",
    "reset",
]
