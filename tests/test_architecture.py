"""The house holds: rooms, arrows, texts in both languages."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from geo.base.errors import MESSAGES
from geo.base.paths import ROOT

TOPICS = sorted(MESSAGES.glob("*.toml"))


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_every_error_speaks_both_languages_and_says_what_to_do(path: Path) -> None:
    for name, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
        assert set(texts) == {"vi", "vi_do", "en", "en_do"}, name
        placeholders = [set(re.findall(r"{(\w+)", texts[key])) for key in ("vi", "en")]
        assert placeholders[0] == placeholders[1], name


def test_the_errors_that_the_code_raises_have_texts() -> None:
    codes = {f"{path.stem}.{name}" for path in TOPICS for name in tomllib.loads(path.read_text(encoding="utf-8"))}
    raised = set()
    for room in ("geo", "models", "dashboard"):
        for source in (ROOT / room).rglob("*.py"):
            raised |= set(
                re.findall(
                    r'(?:InputError|DataFault|UnitNotFound|RiskmapError)\(\s*"([\w.]+)"',
                    source.read_text(encoding="utf-8"),
                )
            )
    assert raised <= codes | {"general.file_missing"}


def test_the_app_is_an_entry_and_nothing_else() -> None:
    app = ROOT / "app.py"
    if app.exists():
        assert len(app.read_text(encoding="utf-8").splitlines()) < 40


MODULES = sorted(path for room in ("geo", "models", "dashboard") for path in (ROOT / room).rglob("*.py"))
LINES_A_MODULE, LINES_A_FUNCTION = 450, 60
STILL_LONG = {
    "dashboard/cache/cached.py",
    "dashboard/commands/allocate.py:allocate_command",
}
"""May only become fewer."""


def test_no_module_and_no_function_outgrows_its_screen() -> None:
    long = set()
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT)
        if len(source.splitlines()) > LINES_A_MODULE:
            long.add(str(name))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LINES_A_FUNCTION:
                    long.add(f"{name}:{node.name}")
    assert long == STILL_LONG


VAGUE = frozenset(["found", "told", "known", "place", "given", "held", "made", "shown", "asked", "wanted", "kept"])
"""Names for anything, which tell nothing: a local, a parameter or a field is called by the noun of what it holds."""
STILL_VAGUE = dict.fromkeys(
    (
        "geo/base", "geo/boundaries", "geo/datasets", "geo/files", "geo/layers", "geo/release", "geo/units",
        "models/briefing.py", "models/incidents", "models/index", "models/outreach", "models/patterns",
        "models/robustness", "models/solver.py", "models/validity", "dashboard/commands/assess.py",
        "dashboard/commands/index.py",
    ),
    0,
)  # fmt: skip
"""By finished room, how many such names are left: may only become fewer. A room that is finished is added."""


def vague_names(path: Path) -> list[str]:
    """Return where a module binds one of the vague names."""
    bindings = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bindings.append((node.id, node.lineno))
        elif isinstance(node, ast.arg):
            bindings.append((node.arg, node.lineno))
    return [f"{path.relative_to(ROOT)}:{line}: {name}" for name, line in bindings if name in VAGUE]


@pytest.mark.parametrize("room", STILL_VAGUE)
def test_names_say_what_they_hold(room: str) -> None:
    modules = [path for path in MODULES if path == ROOT / room or path.is_relative_to(ROOT / room)]
    assert modules, room
    vague = [binding for path in modules for binding in vague_names(path)]
    assert len(vague) == STILL_VAGUE[room], vague


def test_every_room_says_in_one_line_what_it_is() -> None:
    rooms = [path for path in MODULES if path.name == "__init__.py" and path.parent.parent.parent == ROOT]
    assert len(rooms) > 20
    for room in rooms:
        doc = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8")))
        assert doc and doc.splitlines()[0].endswith((".", ":")), room


def test_the_dashboard_has_no_loose_modules() -> None:
    assert [path.name for path in (ROOT / "dashboard").glob("*.py")] == ["__init__.py"]
