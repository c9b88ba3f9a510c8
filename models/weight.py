"""Where weights come from.

Source: OECD/JRC Handbook (2008), chapter 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def w_given(weights: Any) -> Any:
    """Use the weights of the framework as they are."""
    return weights


WEIGHT: dict[str, Callable[..., Any]] = {"given": w_given}
