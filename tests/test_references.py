"""What docstrings point at exists: modules, functions, classes, fields and paths."""

import ast
import re

import pytest

from geo.base.paths import ROOT

ROOMS = ("geo", "models", "dashboard")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
}
ROLE = re.compile(r":(?:func|mod|class|data|attr|meth|exc):`~?([\w.]+)`")
DOTTED = re.compile(rf"``((?:{'|'.join(ROOMS)})(?:\.\w+)+)``")
PATH = re.compile(rf"``((?:{'|'.join(ROOMS)}|static|docs|data)/[\w./]+)``")
PATTERNS = {"geo/base/messages/topic.toml"}
"""Paths that stand for many."""


def defined(module: str) -> dict[str, str]:
    """Return the names of a module, those of its classes as ``Class.name``; of imported ones where they are from."""
    names: dict[str, str] = {}
    for node in ast.parse(MODULES[module].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        else:
            names |= dict.fromkeys(bound(node), "")
            if isinstance(node, ast.ClassDef):
                names |= {f"{node.name}.{name}": "" for part in node.body for name in bound(part)}
    return names


def bound(node: ast.stmt) -> list[str]:
    """Return the names a statement binds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = (
        node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    )
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


NAMES = {module: defined(module) for module in MODULES}


def exists(reference: str, module: str) -> bool:
    """Return whether a reference made in a module leads anywhere."""
    if reference in MODULES:
        return True
    parts = reference.split(".")
    for length in range(len(parts) - 1, 0, -1):
        owner = ".".join(parts[:length])
        if owner in MODULES:
            return ".".join(parts[length:]) in NAMES[owner]
    names = NAMES[module]
    if reference in names or any(name.endswith(f".{reference}") for name in names):
        return True
    source = names.get(parts[0], "")
    return bool(source) and len(parts) > 1 and exists(".".join([source, *parts[1:]]), module)


@pytest.mark.parametrize("room", ROOMS)
def test_what_docstrings_point_at_exists(room: str) -> None:
    lost = []
    for module, path in MODULES.items():
        if module.split(".")[0] == room:
            text = path.read_text(encoding="utf-8")
            references = [*ROLE.findall(text), *DOTTED.findall(text)]
            lost += [f"{module}: {reference}" for reference in references if not exists(reference, module)]
            paths = [path for path in PATH.findall(text) if path not in PATTERNS]
            lost += [f"{module}: {path}" for path in paths if not (ROOT / path).exists()]
    assert not lost
