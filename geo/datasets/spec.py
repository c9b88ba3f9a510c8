"""The short form of a method with its parameters: ``name:key=value,key=value``."""

from __future__ import annotations

import re

from geo.base.errors import InputError

SEPARATORS = re.compile(r"[,;]")
"""A semicolon needs no quotes in a table with commas."""
Value = float | str | tuple[str, ...]


def parse(text: str) -> tuple[str, dict[str, Value]]:
    """Split a method's short form into its name and parameters; ``a+b`` is a list.

    Raises
    ------
    InputError
        When a parameter has no value.

    Examples
    --------
    >>> parse("proximity:types=main+opening,half_distance_km=20")
    ('proximity', {'types': ('main', 'opening'), 'half_distance_km': 20.0})
    """
    name, pairs = split(text)
    parameters: dict[str, Value] = {}
    for key, value in pairs:
        if not key or not value:
            raise InputError("spec.no_value", given=text, part=key or value)
        parameters[key] = _value(value)
    return name, parameters


def split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Split a short form into its name and its pairs of key and value, all text; empty where no value is given.

    Every short form in files, addresses and on the command line is taken apart here; what keys and values mean, the
    caller knows.

    Examples
    --------
    >>> split(" minmax : low = 0, high")
    ('minmax', [('low', '0'), ('high', '')])
    >>> split("goalposts:low=0;high=10") == split("goalposts:low=0,high=10")
    True
    """
    name, _, rest = text.partition(":")
    pairs = (part.partition("=") for part in SEPARATORS.split(rest) if part.strip())
    return name.strip(), [(key.strip(), value.strip()) for key, _, value in pairs]


def with_parameter(text: str, key: str, value: float | str) -> str:
    """Return a method's short form with one parameter set to another value, or added.

    Examples
    --------
    >>> with_parameter("proximity:types=main+opening,half_distance_km=20", "half_distance_km", 5)
    'proximity:types=main+opening,half_distance_km=5'
    """
    name, parameters = parse(text)
    parts = {**{key: _written(one) for key, one in parameters.items()}, key: _written(value)}
    return f"{name}:" + ",".join(f"{key}={one}" for key, one in parts.items())


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return "+".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(text: str) -> Value:
    try:
        return float(text)
    except ValueError:
        return tuple(text.split("+")) if "+" in text else text


def listed(value: Value | None) -> tuple[str, ...] | None:
    """Return a parameter that names one or several things as a tuple; ``None`` stays.

    Examples
    --------
    >>> listed("main"), listed(("a", "b")), listed(None)
    (('main',), ('a', 'b'), None)
    """
    return value if value is None or isinstance(value, tuple) else (str(value),)
