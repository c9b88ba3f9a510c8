"""The one way by which text of the data gets into HTML or a script.

Text reaches the browser in two forms: as HTML made of :func:`tag`, which escapes every child that is not already
safe, and as a JSON literal inside a script, made by :func:`script`, in which no character is left that could end
the literal, open a tag or start an expression. The scripts of the map write with ``textContent`` only.
"""

from __future__ import annotations

import json
import re
from typing import Any

_HTML = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        "`": "&#96;",
        "$": "&#36;",
        "{": "&#123;",
        "}": "&#125;",
        "\0": "\N{REPLACEMENT CHARACTER}",
    }
)
_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&'`$\u2028\u2029\x7f"}
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACES = {ord("{"): "\\u007b", ord("}"): "\\u007d"}
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_VOID = frozenset({"br", "hr", "img", "meta"})
_FORBIDDEN = frozenset({"script", "iframe", "object", "embed", "base", "link"})


class Safe(str):
    """Text that is already HTML and must not be escaped again; only this module makes it of foreign text."""

    __slots__ = ()


def html(text: object) -> Safe:
    """Return text as HTML in which ``& < > " ' ` $ { }`` mean themselves.

    Examples
    --------
    >>> html("<b>${1}</b>")
    '&lt;b&gt;&#36;&#123;1&#125;&lt;/b&gt;'
    """
    return text if isinstance(text, Safe) else Safe(str(text).translate(_HTML))


def tag(name: str, *children: object, **attributes: object) -> Safe:
    """Return an HTML element; children that are not :class:`Safe` are escaped, ``None`` is left out.

    Attributes are escaped too; a trailing underscore is dropped and other underscores become hyphens
    (``class_`` -> ``class``, ``aria_label`` -> ``aria-label``). Event handlers and scripts are refused.

    Examples
    --------
    >>> tag("p", "1 < 2", class_="note")
    '<p class="note">1 &lt; 2</p>'
    """
    names = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items() if value is not None}
    if not _NAME.fullmatch(name) or name in _FORBIDDEN:
        raise ValueError(f"no such element: {name}")
    if any(key.startswith("on") for key in names):
        raise ValueError("event handlers are not written into HTML")
    written = "".join(f' {key}="{html(value)}"' for key, value in names.items())
    if name in _VOID:
        return Safe(f"<{name}{written}>")
    return Safe(f"<{name}{written}>{join(*children)}</{name}>")


def join(*parts: object) -> Safe:
    """Return parts of HTML one after the other, each escaped unless it is :class:`Safe`."""
    return Safe("".join(html(part) for part in parts if part is not None))


def script(value: Any) -> str:
    """Return a value as JSON that is also a harmless JavaScript expression.

    Numbers that are not finite become ``null``: missing is missing, and ``NaN`` is no JSON.

    Examples
    --------
    >>> script({"name": "`${alert(1)}`"})
    '{"name":"\\\\u0060\\\\u0024\\\\u007balert(1)\\\\u007d\\\\u0060"}'
    """
    text = json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _LITERAL.sub(lambda found: found.group().translate(_BRACES), text.translate(_SCRIPT))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
