"""The short form of a method with its parameters: ``name:key=value,key=value``."""

from __future__ import annotations

from geo.errors import InputError

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
    name, _, rest = text.strip().partition(":")
    parameters: dict[str, Value] = {}
    for part in filter(None, (piece.strip() for piece in rest.split(","))):
        key, equals, value = part.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InputError("spec.no_value", given=text, part=part)
        parameters[key.strip()] = _value(value.strip())
    return name.strip(), parameters


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
