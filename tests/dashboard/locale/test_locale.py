"""Both languages say the same things, the pages say nothing by themselves."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
import streamlit

from dashboard.locale import LANGUAGES, catalogue, texts
from geo.base.errors import MESSAGES
from geo.base.paths import ROOT

ROOMS = [ROOT / "dashboard" / name for name in ("pages", "maps", "export", "ui", "app", "session", "services")]
SOURCES = [
    ROOT / "app.py",
    *(path for room in ROOMS for path in sorted(room.rglob("*.py")) if path.name not in ("cli.py", "server.py")),
]
WORDS = re.compile(r"[A-Za-zÀ-ỹ]{2,} [A-Za-zÀ-ỹ]{2,}|[À-ỹ]")
MARKUP = re.compile(r"<[^>]*>?|{[%{].*?[%}]}")
NOT_SHOWN = {"class_", "style", "help_", "description"}


def test_both_languages_have_the_same_keys() -> None:
    assert set(catalogue("vi")) == set(catalogue("en"))


@pytest.mark.parametrize("key", sorted(catalogue("vi")))
def test_both_languages_have_the_same_placeholders(key: str) -> None:
    found = [sorted(re.findall(r"{(\w+)}", catalogue(language)[key])) for language in LANGUAGES]
    assert found[0] == found[1]
    assert all(catalogue(language)[key].strip() for language in LANGUAGES)


def literals(source: Path) -> list[str]:
    """Return the strings of a module that are neither docstrings, nor style, nor errors for programmers."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if isinstance(node, ast.Raise):
            skipped |= {inner for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
        if isinstance(node, ast.keyword) and node.arg in NOT_SHOWN:
            skipped |= {inner for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "STYLE" for name in node.targets
        ):
            skipped |= {inner for inner in ast.walk(node) if isinstance(inner, ast.Constant)}
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [MARKUP.sub("", node.value) for node in found if node not in skipped]


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_page_has_text_of_its_own(source: Path) -> None:
    assert not [text for text in literals(source) if WORDS.search(text)]


def test_the_search_for_text_finds_some(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text('"""Not this one."""\nst.write("Chọn một xã")\nst.write("choose one")\n', encoding="utf-8")
    assert [text for text in literals(page) if WORDS.search(text)] == ["Chọn một xã", "choose one"]


def test_every_key_a_page_asks_for_exists() -> None:
    asked = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            is_text = isinstance(node, ast.Call) and (
                (isinstance(node.func, ast.Name) and node.func.id == "text")
                or (isinstance(node.func, ast.Attribute) and node.func.attr == "text")
            )
            if is_text and node.args and isinstance(node.args[0], ast.Constant):
                asked.add(node.args[0].value)
    assert asked <= set(catalogue("vi"))
    assert len(asked) > 50


def test_numbers_and_dates_follow_the_language() -> None:
    vi, en = texts("vi"), texts("en")
    assert (vi.number(1234.56, 1), en.number(1234.56, 1)) == ("1.234,6", "1,234.6")
    assert vi.number(float("nan")) == vi.number(None) == "–"
    assert (vi.number(-0.04, 1), vi.signed(-0.04), vi.signed(2.25, 2), vi.signed(-3)) == (
        "0,0",
        "0,0",
        "+2,25",
        "−3,0",
    )
    assert (vi.day(date(2026, 4, 30)), en.day(date(2026, 4, 30))) == ("30/04/2026", "30 Apr 2026")


AVOIDED = re.compile(
    r"phỏng dựng|ranh giới sơ đồ|điểm nóng|con đường|truyền thông đã làm|chưa được truyền thông|trẻ em\b"
    r"|mức sàn|nơi đóng|nửa đời|\bTNV\b|đo đạc|tỉ (?:lệ|trọng|suất)|[\d}] %|\briskmap [a-z]|\bgit ",
    re.IGNORECASE,
)
"""Words there is another word for, a gap before a percent sign, and commands."""
OTHER_SPELLING = re.compile(r"(?:o[áàảãạéèẻẽẹ]|(?<![qQ])u[ýỳỷỹỵ])(?![a-zà-ỹđ])", re.IGNORECASE)
"""The tone of oa, oe and uy stands on the first vowel, as in the papers of the state: hóa, khỏe, ủy."""


@pytest.mark.parametrize("text", ["Ranh giới sơ đồ", "12 %", "{share} %", "chạy riskmap data", "Trẻ em"])
def test_words_to_avoid_are_found(text: str) -> None:
    assert AVOIDED.search(text)


@pytest.mark.parametrize("text", ["minh hoạ", "xoá", "uỷ ban", "KHOÁ"])
def test_another_spelling_is_found(text: str) -> None:
    assert OTHER_SPELLING.search(text)
    assert not OTHER_SPELLING.search("minh họa, xóa, kế hoạch, toán, quý, hoàn, khoảng, Khánh Hòa")


def test_one_word_and_one_spelling_for_every_thing() -> None:
    own = {key: text for key, text in catalogue("vi").items() if not key.startswith("browser.")}
    assert not {key: text for key, text in own.items() if AVOIDED.search(text) or OTHER_SPELLING.search(text)}
    english = {key: text for key, text in catalogue("en").items() if re.search(r"[\d}] %|\briskmap [a-z]", text)}
    assert not english
    messages = {path.stem: path.read_text(encoding="utf-8") for path in MESSAGES.glob("*.toml")}
    assert not {name: found[0] for name, text in messages.items() if (found := OTHER_SPELLING.search(text))}


def test_the_words_of_streamlit_are_those_it_writes() -> None:
    """What is replaced in the browser must be there to be replaced: another version may write other words."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    written = "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in folder.glob("*.js"))
    own = {key: text for key, text in catalogue("en").items() if key.startswith("browser.")}
    assert len(own) > 50
    sentences = [re.split(r"{\w+}|(?<=[a-z]\.) ", text) for text in own.values()]
    parts = {part.strip(" .") for found in sentences for part in found if len(part.strip(" .")) > 3}
    assert not {part for part in parts if part not in written and not part.startswith("Press Enter to ")}
    assert "Press Enter to ${" in written and "submit form" in written
