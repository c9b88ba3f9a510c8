"""The house holds: rooms, arrows, texts in both languages."""

import re
import tomllib
from pathlib import Path

import pytest

from geo.errors import MESSAGES
from geo.paths import ROOT

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
