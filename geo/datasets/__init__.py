"""The tables that ship: which fields each has, and reading one against them."""

from geo.datasets.read import (
    check_table,
    default_path,
    read_cached,
    read_table,
)
from geo.datasets.renewal import renewed

__all__ = [
    "check_table",
    "default_path",
    "read_cached",
    "read_table",
    "renewed",
]
