"""Methods by name, as text: ``minmax:low=0,high=100``.

A family (imputing, treating, normalising, weighing, aggregating) is a registry from names to functions; the keyword
parameters of a function are what the text may set. Several numbers in one parameter are joined by a bar:
``bands:edges=10|20|30``.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from geo.base.errors import InputError
from geo.datasets.spec import split

Family = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Method:
    """A function of a family with its parameters.

    Parameters
    ----------
    name
        The name in the registry.
    function
        What the name stands for.
    parameters
        Pairs of parameter and value, sorted; only what the text set.
    """

    name: str
    function: Callable[..., Any] = field(compare=False, repr=False)
    parameters: tuple[tuple[str, Any], ...] = ()

    @property
    def settings(self) -> dict[str, Any]:
        """Return every parameter with its value, defaults included."""
        defaults = {name: parameter.default for name, parameter in parameters(self.function).items()}
        return {**defaults, **dict(self.parameters)}

    def __call__(self, *arguments: Any, **more: Any) -> Any:
        """Apply the function with the parameters of the text."""
        return self.function(*arguments, **more, **dict(self.parameters))

    def __str__(self) -> str:
        texts = [f"{name}={_text(value)}" for name, value in self.parameters]
        return self.name + (":" + ",".join(texts) if texts else "")


def parse(text: str, family: Family, kind: str) -> Method:
    """Read a method from its text.

    Parameters
    ----------
    text
        ``name`` or ``name:key=value,key=value``.
    family
        The registry the name is looked up in.
    kind
        The word for the family in messages: ``impute``, ``treat``, ``normalise``, ``weight``, ``aggregate``.

    Raises
    ------
    InputError
        ``methods.unknown`` with the nearest name, ``methods.parameter_unknown``, ``methods.parameter_value``,
        ``methods.parameter_needed``.

    Examples
    --------
    >>> def power(values, *, p: float = 1.0):
    ...     return values**p
    >>> method = parse(" power : p = 2 ", {"power": power}, "aggregate")
    >>> str(method), method(3)
    ('power:p=2', 9.0)
    """
    name, pairs = split(text)
    name = name.lower().replace("-", "_").replace(" ", "_")
    if name not in family:
        near = difflib.get_close_matches(name, family, n=1, cutoff=0.0)
        raise InputError("methods.unknown", kind=kind, name=name, near=near[0], known=", ".join(family))
    function = family[name]
    accepted = parameters(function)
    aliases: Mapping[str, str] = getattr(function, "aliases", {})
    settings: dict[str, Any] = {}
    for part, value in pairs:
        key = aliases.get(part, part)
        if key not in accepted or not value:
            names = ", ".join(accepted) or "–"
            raise InputError("methods.parameter_unknown", kind=kind, method=name, part=part, known=names)
        try:
            settings[key] = _value(value, str(accepted[key].annotation))
        except ValueError as reason:
            raise InputError("methods.parameter_value", kind=kind, method=name, key=key, value=value) from reason
    needed = [key for key, parameter in accepted.items() if parameter.default is inspect.Parameter.empty]
    if missing := [key for key in needed if key not in settings]:
        example = f"{name}:" + ",".join(f"{key}=…" for key in needed)
        raise InputError("methods.parameter_needed", kind=kind, method=name, keys=", ".join(missing), example=example)
    return Method(name, function, tuple(sorted(settings.items())))


@cache
def parameters(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the keyword parameters a text may set: keyword-only, without those the engine fills in itself."""
    filled: tuple[str, ...] = getattr(function, "filled", ())
    return {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name not in filled
    }


def takes(**marks: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method: ``aliases`` of its parameters, ``filled`` parameters that the engine passes itself."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        for name, value in marks.items():
            setattr(function, name, value)
        return function

    return mark


def _value(text: str, annotation: str) -> Any:
    if annotation.startswith("bool"):
        if text.lower() in ("true", "1", "yes"):
            return True
        if text.lower() in ("false", "0", "no"):
            return False
        raise ValueError(text)
    if annotation.startswith("tuple[float"):
        return tuple(_number(piece) for piece in text.split("|"))
    if annotation.startswith("int"):
        return int(text)
    if annotation.startswith("float"):
        return _number(text)
    if annotation.startswith("Literal"):
        if repr(text) not in annotation.replace('"', "'"):
            raise ValueError(text)
        return text
    return text


def _number(text: str) -> float:
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "|".join(_text(one) for one in value)
    if isinstance(value, str):
        return value
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value).lower()
