"""The page about the engine knows every method, and every text in it can be read."""

import re

import pytest

from geo.base.paths import ROOT
from models.index.framework import FAMILIES
from models.index.methods import parse

PAGE = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", FAMILIES)
def test_every_method_is_on_the_page_and_can_be_written_as_shown(kind: str) -> None:
    table = PAGE.split(f"| {kind} |", 1)[1].split("\n\n", 1)[0]
    shown = [
        text for line in table.splitlines()[2:] for text in re.findall(r"`([a-z_]+(?::[^`]*)?)`", line.split("|")[1])
    ]
    assert {text.partition(":")[0] for text in shown} == set(FAMILIES[kind])
    examples = {"by": "region", "unit": "u1", "edges": "1|2", "scores": "1|2|3", "shift": "1"}
    for text in shown:
        whole = re.sub(
            r"(\w+)=(?=,|$)", lambda match: f"{match[1]}={examples.get(match[1], 5 + len(match[1]))}", text
        )
        assert parse(whole, FAMILIES[kind], kind).name == text.partition(":")[0]
