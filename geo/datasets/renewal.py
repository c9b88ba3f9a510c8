"""Results of shipped tables, kept until one of their files is replaced."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from geo.datasets.read import default_path

Result = TypeVar("Result")
VERSIONS = 8
"""Results kept of one function, over its arguments and the states of its files."""


def renewed(*tables: str) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Return a decorator that keeps what a function makes of shipped tables until a file of theirs changes.

    Parameters
    ----------
    tables
        Names of schemas in ``geo.datasets.schemas`` whose files the function reads.

    Examples
    --------
    >>> from geo.datasets import read_table
    >>> @renewed("regions")
    ... def regions():
    ...     return read_table("regions")
    >>> regions() is regions()
    True
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        @lru_cache(maxsize=VERSIONS)
        def made(_: Hashable, arguments: tuple, options: tuple) -> Result:
            return function(*arguments, **dict(options))

        @wraps(function)
        def kept(*arguments: Any, **options: Any) -> Result:
            return made(tuple(map(_state, tables)), arguments, tuple(sorted(options.items())))

        return kept

    return decorate


def _state(table: str) -> tuple[str, int, int] | None:
    """Return what changes when and only when a file does; None where there is none."""
    path = default_path(table)
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return str(path), state.st_mtime_ns, state.st_size
