"""Documents that drift fail: links lead somewhere, names in them exist, every room and decision is there."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from geo.base.paths import ROOT

WRITTEN = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")]
NAMING = [path for path in WRITTEN if path.name != "CHANGELOG.md"]
"""The changelog names things as they were."""
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HOW_TOS = sorted((ROOT / "docs" / "how-to").glob("*.md"))
PACKAGES = ("geo", "models", "dashboard", "benchmarks", "docs")
FOLDERS = {*PACKAGES, "data", "static", "tests"}
ENDINGS = {"py", "md", "csv", "json", "toml", "js", "css", "png", "parquet", "geojson"}
MADE_LATER = {"benchmarks/results.json", "static/geometry", "static/geometry/<digest>"}
WORDS = {
    "commune", "province", "border crossing", "industrial zone", "migration flow", "outreach activity", "coverage",
    "indicator", "dimension", "framework", "weight", "normalise", "aggregate", "assessment", "score", "rank",
    "rank interval", "allocation", "plan",
}  # fmt: skip
"""One word per thing: those that code, pages and documents share."""
NOT_ON_PAGES = {"bảng chuyển đổi", "danh sách đối chiếu", "đánh giá", "độ phân giải"}
"""What only documents and files call by its name."""


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def ticked(text: str) -> list[str]:
    """Return what stands between single backticks, outside blocks of code."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def is_path(name: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]+(/[\w.*<>-]+)+/?", name)) and name.partition("/")[0] in FOLDERS


def is_dotted(name: str) -> bool:
    ending = name.rpartition(".")[2]
    return bool(re.fullmatch(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+", name)) and ending not in ENDINGS


def resolves(name: str) -> bool:
    """Say whether a dotted name is a module, or something in one; fields of a dataclass count."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if part in getattr(thing, "__annotations__", {}):
                return part == parts[-1]
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


def names(text: str) -> tuple[set[str], set[str]]:
    """Return the paths and the dotted names in a text; a call's brackets don't count."""
    cleaned = {name.removesuffix("()") for name in ticked(text)}
    return {name for name in cleaned if is_path(name)}, {name for name in cleaned if is_dotted(name)}


@pytest.mark.parametrize("document", WRITTEN, ids=short)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", NAMING, ids=short)
def test_every_file_and_function_named_exists(document: Path) -> None:
    paths, dotted = names(document.read_text(encoding="utf-8"))
    assert [path for path in sorted(paths - MADE_LATER) if not any(ROOT.glob(path))] == []
    assert [name for name in sorted(dotted) if not resolves(name)] == []


def test_names_that_are_gone_would_be_seen() -> None:
    paths, dotted = names("`geo/units/gone.py` `geo.units.gone` `geo.base.paths.home()` `geo.base.paths.gone` `a/b`")
    assert paths == {"geo/units/gone.py"}
    assert {name: resolves(name) for name in dotted} == {
        "geo.units.gone": False,
        "geo.base.paths.home": True,
        "geo.base.paths.gone": False,
    }


def test_every_document_is_reached_from_the_index() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md", ROOT / "docs" / "index.md"]
    while waiting:
        document = waiting.pop().resolve()
        if document in reached:
            continue
        reached.add(document)
        for target in re.findall(r"\]\((?!https?:)([^)#]+\.md)", document.read_text(encoding="utf-8")):
            waiting.append(document.parent / target)
    assert {short(path) for path in WRITTEN} <= {short(path) for path in reached}


def test_every_room_is_in_the_architecture() -> None:
    rooms = [path.parent for package in PACKAGES[:3] for path in (ROOT / package).glob("*/__init__.py")]
    assert len(rooms) > 20
    assert [short(room) for room in rooms if f"\n| `{short(room)}/` |" not in ARCHITECTURE] == []


def test_rooms_stand_in_the_order_in_which_they_may_import() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [
        one for one in project["tool"]["importlinter"]["contracts"] if one["name"].startswith("the rooms of")
    ]
    assert len(contracts) == 3
    for contract in contracts:
        last = 0
        for layer in reversed(contract["layers"]):
            rooms = [re.escape(name.strip().replace(".", "/")) for name in re.split(r"[|:]", layer)]
            lines = [re.search(rf"^\| `{name}(?:/|\.py)` \|", ARCHITECTURE, re.MULTILINE) for name in rooms]
            assert all(lines), layer
            positions = [line.start() for line in lines if line]
            assert min(positions) > last, layer
            last = max(positions)


def test_decisions_are_numbered_without_a_gap_and_have_one_form() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        title = text.splitlines()[0].removeprefix("# ")
        assert title.startswith(f"{path.name[:4]} "), path.name
        assert f"- [{title}]({path.name})" in index, path.name
        assert re.findall(r"^\*\*([^*]+)\.\*\*", text, re.MULTILINE) == ["What", "Why", "Instead of", "Consequence"]
        assert len(text.splitlines()) < 40, f"{path.name} is not short"


@pytest.mark.parametrize("document", HOW_TOS, ids=lambda path: path.stem)
def test_a_how_to_is_steps_that_name_what_to_touch(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    steps = re.findall(r"^(\d+)\. ", text, re.MULTILINE)
    assert [int(step) for step in steps] == list(range(1, len(steps) + 1))
    assert len(steps) >= 4
    assert sum(map(len, names(text))) >= 5


def test_the_glossary_has_the_words_of_the_pages() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", text.split("## Của mã nguồn")[0], re.MULTILINE)
    english = {word for _, words in rows for word in words.split(", ")}
    assert english >= WORDS
    pages = (ROOT / "dashboard" / "locale" / "vi.toml").read_text(encoding="utf-8").lower()
    vietnamese = {word.lower() for words, _ in rows[1:] for word in words.split(", ") if words.strip("- ")}
    assert {word for word in vietnamese if word not in pages} == NOT_ON_PAGES


def test_the_habits_named_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in NAMING:
        for target in re.findall(r"`make ([a-z-]+)`", document.read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), (document.name, target)
