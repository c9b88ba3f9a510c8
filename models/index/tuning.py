"""Changed frameworks: weights moved by hand or found by a method, methods stated.

Everything ends up in the nodes, so that the table of the framework alone reproduces the assessment.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from models.index.framework import Framework
from models.index.prepared import prepare

WHOLE = 100.0
"""Weights moved by hand are per cent of the parent."""


def shares_in_parent(framework: Framework) -> dict[str, float]:
    """Return each node's share of its parent, 0 to 1; the root's is 1.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i", weight=3.0)))
    >>> shares_in_parent(tree)
    {'i': 1.0, 'a': 0.25, 'b': 0.75}
    """
    shares = {framework.root.code: 1.0}
    for node in framework.order:
        parts = framework.children(node.code)
        total = sum(part.weight for part in parts)
        shares |= {part.code: part.weight / total if total else 0.0 for part in parts}
    return shares


def moved(
    framework: Framework, code: str, share: float, locked: Collection[str] = (), usual: Framework | None = None
) -> dict[str, float]:
    """Give a node another share of its parent; the other parts make room in proportion, locked ones stay.

    Parameters
    ----------
    framework
        The tree; whatever lies below a node follows it.
    code
        The node.
    share
        The share asked for, 0 to 1. What locked parts leave is the most it gets.
    locked
        Nodes whose share of their parent stays.
    usual
        Where the others get their proportions from when all of them are 0; equal if not given.

    Returns
    -------
    dict
        New weights, in per cent of the parent, of the node and its siblings; empty if nothing can move.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> tree = Framework((Node("i"), *(Node(code, parent="i") for code in "abcd")))
    >>> moved(tree, "a", 0.5, locked="d")
    {'a': 50.0, 'b': 12.5, 'c': 12.5, 'd': 25.0}
    """
    node = framework.node(code)
    siblings = [part.code for part in framework.children(node.parent)] if node.parent else []
    free = [other for other in siblings if other != code and other not in locked]
    if not free:
        return {}
    now = shares_in_parent(framework)
    fixed = sum(now[other] for other in siblings if other != code and other in locked)
    target = min(max(share, 0.0), 1.0 - fixed)
    pattern = np.array([now[other] for other in free])
    if not pattern.any() and usual is not None:
        pattern = np.array([usual.node(other).weight for other in free])
    if not pattern.any():
        pattern = np.ones(len(free))
    rest = dict(zip(free, pattern / pattern.sum() * (1.0 - fixed - target), strict=True))
    new = {**now, **rest, code: target}
    return {other: round(WHOLE * float(new[other]), 6) for other in siblings}


def weighed_by(framework: Framework, values: pd.DataFrame, method: str, groups: pd.Series | None = None) -> Framework:
    """Return the framework with the weights that a method finds (``equal``, ``evidence``, ``critic`` …).

    Parameters
    ----------
    values
        Units x indicators, in their units.

    Raises
    ------
    InputError
        ``methods.*``, ``weight.*``.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i", weight=3.0)))
    >>> weighed_by(tree, pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 1.0]}), "equal").node("b").weight
    1.0
    """
    return prepare(values, framework.with_methods(weight=method), groups).framework


def with_stated(
    framework: Framework, *, normalise: str = "", treat: str = "", root: str = "", inside: str = ""
) -> Framework:
    """Return the framework with methods stated at its nodes; an empty one keeps what there is.

    Parameters
    ----------
    normalise, treat
        Of every indicator.
    root, inside
        The aggregation of the root, and of every other node with parts.

    Examples
    --------
    >>> from models.index.framework import Node
    >>> tree = Framework((Node("i"), Node("a", parent="i"), Node("b", parent="i")))
    >>> made = with_stated(tree, normalise="rank", root="geometric")
    >>> made.node("i").aggregate, made.node("b").normalise, made.node("i").normalise
    ('geometric', 'rank', '')
    """
    leaves = {node.code for node in framework.indicators}
    for node in framework.nodes:
        changes: dict[str, str] = {}
        if node.code in leaves:
            changes = {"normalise": normalise, "treat": treat}
        else:
            changes = {"aggregate": root if node.code == framework.root.code else inside}
        changes = {kind: text for kind, text in changes.items() if text}
        if changes:
            framework = framework.with_node(node.code, **changes)
    return framework
