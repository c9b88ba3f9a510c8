"""The indicator tree: what is measured, which way it counts, how much, and how it is brought together.

A framework is data: a table with one row per node (``code, name, parent, direction, weight`` and, where a node
departs from the rest, ``impute, treat, normalise, aggregate, denominator``). The root has an empty parent; nodes
that are nobody's parent are indicators and name a column of the data. All further columns (unit, source, year,
evidence ...) are kept as facts.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from geo.base.errors import InputError
from geo.files.tables import read_table, require_columns
from models.index.aggregate import AGGREGATE
from models.index.headers import renamed
from models.index.imeta import from_imeta, is_imeta
from models.index.impute import IMPUTE
from models.index.methods import Family, Method, parse
from models.index.normalise import NORMALISE
from models.index.treat import TREAT
from models.index.weight import WEIGHT

FAMILIES: Mapping[str, Family] = {
    "impute": IMPUTE,
    "treat": TREAT,
    "normalise": NORMALISE,
    "weight": WEIGHT,
    "aggregate": AGGREGATE,
}
COLUMNS = (
    "code",
    "name",
    "parent",
    "direction",
    "weight",
    "impute",
    "treat",
    "normalise",
    "aggregate",
    "denominator",
)
DIRECTIONS = {"": 1, "+": 1, "-": -1, "−": -1, "1": 1, "+1": 1, "-1": -1, "−1": -1, "1.0": 1, "-1.0": -1}


@dataclass(frozen=True)
class Node:
    """One node of the tree.

    Parameters
    ----------
    code, name
        The code is the column of the data (indicators) and of the results.
    parent
        The code of the node above; empty for the root.
    direction
        +1 if more of it means more of the parent, -1 if less.
    weight
        Relative to the other parts of the parent; 0 takes the node out.
    impute, treat, normalise, aggregate
        A method as text, only where it departs from the framework's; empty otherwise. ``normalise`` on a node that is
        no indicator brings its score to a scale of its own after aggregation.
    denominator
        The column to divide an indicator by.
    facts
        Whatever else is known about the node.
    """

    code: str
    name: str = ""
    parent: str = ""
    direction: int = 1
    weight: float = 1.0
    impute: str = ""
    treat: str = ""
    normalise: str = ""
    aggregate: str = ""
    denominator: str = ""
    facts: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.direction not in (1, -1):
            raise InputError("framework.direction", [self.code], value=self.direction)
        if not math.isfinite(self.weight) or self.weight < 0:
            raise InputError("framework.weight", [self.code], value=self.weight)
        object.__setattr__(self, "name", self.name or self.code)


@dataclass(frozen=True)
class Framework:
    """A valid tree of nodes with the methods that hold where a node states none.

    Parameters
    ----------
    nodes
        In the order of the file, which is the order of the results.
    impute, treat, normalise, aggregate, weight
        Methods as text.
    availability
        The share of a node's weight, 0 to 1, that must be present for a unit to get a score there; what is present
        is then scaled up. A unit below it has no score: missing is not zero.
    screen
        The share of indicators, 0 to 1, a unit needs before anything is filled in; units below it take no part.
    classes
        The number of classes of equal numbers of units.

    Raises
    ------
    InputError
        ``framework.*`` and ``methods.*``, naming the nodes and what to change.

    Examples
    --------
    >>> tree = Framework((Node("risk"), Node("a", parent="risk"), Node("b", parent="risk", weight=2.0)))
    >>> [node.code for node in tree.indicators], tree.shares()["b"]
    (['a', 'b'], 0.6666666666666666)
    >>> tree.with_weights({"b": 1.0}).digest != tree.digest
    True
    """

    nodes: tuple[Node, ...]
    impute: str = "none"
    treat: str = "none"
    normalise: str = "minmax"
    aggregate: str = "arithmetic"
    weight: str = "given"
    availability: float = 0.5
    screen: float = 0.0
    classes: int = 5

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        _check_tree(self)
        _check_methods(self)

    @cached_property
    def _by_code(self) -> dict[str, Node]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[str, tuple[Node, ...]]:
        below: dict[str, list[Node]] = {}
        for node in self.nodes:
            below.setdefault(node.parent, []).append(node)
        return {code: tuple(nodes) for code, nodes in below.items()}

    def node(self, code: str) -> Node:
        """Return a node; an unknown code is an error with the nearest one."""
        if code not in self._by_code:
            near = difflib.get_close_matches(code, self._by_code, n=1, cutoff=0.0)
            raise InputError("framework.unknown_node", node=code, near=near[0])
        return self._by_code[code]

    @cached_property
    def root(self) -> Node:
        """Return the node without a parent."""
        return self._children[""][0]

    def children(self, code: str) -> tuple[Node, ...]:
        """Return the parts of a node, in order."""
        return self._children.get(code, ())

    @property
    def dimensions(self) -> tuple[Node, ...]:
        """Return the parts of the root."""
        return self.children(self.root.code)

    @cached_property
    def indicators(self) -> tuple[Node, ...]:
        """Return the nodes that are nobody's parent."""
        return tuple(node for node in self.nodes if node.code not in self._children)

    @cached_property
    def order(self) -> tuple[Node, ...]:
        """Return all nodes level by level from the root, the parts of one node side by side."""
        ordered = [self.root]
        for node in ordered:
            ordered.extend(self.children(node.code))
        return tuple(ordered)

    @cached_property
    def active(self) -> frozenset[str]:
        """Return the codes of the nodes that count: no weight of 0 on the way to the root."""
        counting = {self.root.code}
        for node in self.order[1:]:
            if node.parent in counting and node.weight > 0:
                counting.add(node.code)
        return frozenset(counting)

    @cached_property
    def without_effect(self) -> tuple[str, ...]:
        """Return what single nodes state in vain: ``aggregate`` of indicators; what is for indicators, of others."""
        leaves = {node.code for node in self.indicators}
        vain = [f"{node.code}: aggregate" for node in self.nodes if node.code in leaves and node.aggregate]
        for kind in ("impute", "treat", "denominator"):
            stated = [node.code for node in self.nodes if node.code not in leaves and getattr(node, kind)]
            vain += [f"{code}: {kind}" for code in stated if getattr(self.node(code), kind) != "none"]
        return tuple(vain)

    def below(self, code: str) -> tuple[Node, ...]:
        """Return the indicators under a node, or the node itself if it is one."""
        if code not in self._children:
            return (self.node(code),)
        return tuple(leaf for child in self.children(code) for leaf in self.below(child.code))

    def shares(self) -> dict[str, float]:
        """Return each node's share of the root: the product of the relative weights on the way."""
        shares = {self.root.code: 1.0}
        for node in self.order:
            total = sum(child.weight for child in self.children(node.code))
            for child in self.children(node.code):
                shares[child.code] = shares[node.code] * child.weight / total if total else 0.0
        return shares

    def method(self, kind: str, code: str) -> Method:
        """Return the method of a family that holds for a node: its own, or the framework's."""
        return parse(getattr(self._by_code[code], kind) or getattr(self, kind), FAMILIES[kind], kind)

    @property
    def weighing(self) -> Method:
        """Return the method that finds the weights."""
        return parse(self.weight, WEIGHT, "weight")

    def with_weights(self, weights: Mapping[str, float]) -> Framework:
        """Return the framework with other weights for some nodes."""
        for code in weights:
            self.node(code)
        nodes = tuple(
            dataclasses.replace(node, weight=float(weights[node.code])) if node.code in weights else node
            for node in self.nodes
        )
        return dataclasses.replace(self, nodes=nodes)

    def with_methods(self, *, override: bool = False, **methods: Any) -> Framework:
        """Return the framework with other methods or settings for all nodes.

        Parameters
        ----------
        override
            Also clear what single nodes state.
        methods
            ``impute``, ``treat``, ``normalise``, ``aggregate``, ``weight``, ``availability``, ``screen``,
            ``classes``.
        """
        nodes = self.nodes
        own = {kind: "" for kind in methods if kind in ("impute", "treat", "normalise", "aggregate")}
        if override and own:
            nodes = tuple(dataclasses.replace(node, **own) for node in nodes)  # type: ignore[arg-type]
        return dataclasses.replace(self, nodes=nodes, **methods)

    def with_nodes(self, *nodes: Node) -> Framework:
        """Return the framework with more nodes, at the end."""
        return dataclasses.replace(self, nodes=(*self.nodes, *nodes))

    def with_node(self, code: str, **changes: Any) -> Framework:
        """Return the framework with other settings for one node."""
        changed = dataclasses.replace(self.node(code), **changes)
        return dataclasses.replace(self, nodes=tuple(changed if node.code == code else node for node in self.nodes))

    def without(self, *codes: str) -> Framework:
        """Return the framework without some nodes and everything below them; emptied nodes go too."""
        gone = {self.node(code).code for code in codes}
        if self.root.code in gone:
            raise InputError("framework.no_indicators")
        for node in self.order:
            if node.parent in gone:
                gone.add(node.code)
        leaves = {node.code for node in self.indicators}
        for node in reversed(self.order):
            if node.code not in leaves and all(child.code in gone for child in self.children(node.code)):
                gone.add(node.code)
        return dataclasses.replace(self, nodes=tuple(node for node in self.nodes if node.code not in gone))

    @property
    def table(self) -> pd.DataFrame:
        """Return the nodes as a table, facts included, as :func:`read_framework` reads it."""
        return pd.DataFrame(
            [{**{name: getattr(node, name) for name in COLUMNS}, **node.facts} for node in self.nodes]
        )

    @cached_property
    def digest(self) -> str:
        """Return 12 hexadecimal digits that change with any setting."""
        rows = [{**{name: getattr(node, name) for name in COLUMNS}, "facts": dict(node.facts)} for node in self.nodes]
        settings = {name.name: getattr(self, name.name) for name in dataclasses.fields(self) if name.name != "nodes"}
        text = json.dumps({"nodes": rows, **settings}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_framework(path: str | Path, **settings: Any) -> Framework:
    """Read a framework from a CSV or XLSX file.

    Parameters
    ----------
    path
        A table with the columns ``code``, ``parent`` and, if need be, ``name``, ``direction`` (default 1), ``weight``
        (default 1), ``impute``, ``treat``, ``normalise``, ``aggregate``, ``denominator``; others become facts. An
        iMeta table of COINr is understood as it is (:mod:`models.index.imeta`).
    settings
        Methods for all nodes, ``availability``, ``classes``: see :class:`Framework`.

    Raises
    ------
    InputError
        ``tables.*``, ``framework.*``, ``methods.*``.
    """
    return framework_of(read_table(path), path=path, **settings)


def framework_of(table: pd.DataFrame, *, path: object = "", **settings: Any) -> Framework:
    """Make a framework from a table of text, one row per node.

    Examples
    --------
    >>> table = pd.DataFrame({"code": ["i", "a"], "parent": ["", "i"], "weight": ["", "2"], "year": ["", "2024"]})
    >>> framework_of(table).node("a").facts["year"]
    '2024'
    """
    if is_imeta(table):
        table = from_imeta(table)
    table = renamed(table, COLUMNS, path)
    require_columns(table, ["code", "parent"], path=path)
    facts = [str(column) for column in table.columns if column not in COLUMNS]
    nodes, wrong = [], []
    for row in table.fillna("").astype(str).to_dict("records"):
        row = {str(key): value.strip() for key, value in row.items()}
        fields = {key: row[key] for key in ("code", "name", "parent", *COLUMNS[5:]) if key in row}
        if row.get("direction", "") not in DIRECTIONS:
            raise InputError("framework.direction", [row["code"]], value=row["direction"])
        try:
            weight = float(row.get("weight") or 1.0)
        except ValueError:
            wrong.append(f"{row['code']}: {row['weight']!r}")
            continue
        direction = DIRECTIONS[row.get("direction", "")]
        nodes.append(Node(**fields, direction=direction, weight=weight, facts={name: row[name] for name in facts}))
    if wrong:
        raise InputError("framework.weight", wrong, value="")
    return Framework(tuple(nodes), **settings)


def _check_tree(framework: Framework) -> None:
    codes = [node.code for node in framework.nodes]
    if "" in codes:
        raise InputError("framework.code_empty", [f"#{codes.index('') + 1}"])
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise InputError("framework.code_doubled", doubled)
    roots = [node.code for node in framework.nodes if not node.parent]
    if len(roots) != 1:
        raise InputError("framework.one_root", roots, count=len(roots))
    if unknown := [f"{node.code} → {node.parent}" for node in framework.nodes if node.parent not in ("", *codes)]:
        raise InputError("framework.parent_unknown", unknown)
    if cycle := sorted(set(codes) - {node.code for node in framework.order}):
        raise InputError("framework.cycle", cycle)
    if not framework.children(roots[0]):
        raise InputError("framework.no_indicators")
    for node in framework.order:
        parts = framework.children(node.code)
        if node.code in framework.active and parts and not any(part.weight > 0 for part in parts):
            raise InputError("framework.weights_zero", [part.code for part in parts], node=node.code)


def _check_methods(framework: Framework) -> None:
    for kind, family in FAMILIES.items():
        parse(getattr(framework, kind), family, kind)
    for node in framework.nodes:
        for kind in ("impute", "treat", "normalise", "aggregate"):
            if text := getattr(node, kind):
                parse(text, FAMILIES[kind], kind)
    for share in (framework.availability, framework.screen):
        if not 0 <= share <= 1:
            raise InputError("framework.availability", value=share)
    if not 2 <= framework.classes <= 20:
        raise InputError("framework.classes", value=framework.classes)
