"""The figures in the document on planning are those of all provinces, and they support what it claims."""

import re

from geo.base.paths import ROOT
from geo.units import provinces

TEXT = (ROOT / "docs" / "allocation.md").read_text(encoding="utf-8")


def rows(mark: str) -> list[list[str]]:
    table = re.search(rf"<!-- {mark} -->\n(.*?)<!-- end {mark} -->", TEXT, re.DOTALL)
    assert table
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].strip().splitlines()[2:]]


def test_every_province_is_in_the_table_and_no_rule_beats_the_plan() -> None:
    table = rows("rules")
    assert sorted(re.search(r"\((\d\d)\)", row[0])[1] for row in table) == sorted(provinces().index)  # type: ignore[index]
    for row in table:
        assert float(row[3].rstrip(" %")) <= 1.0
        assert all(float(cell.rstrip(" *")) <= 1.0 for cell in row[4:])


def test_the_settings_agree_with_the_provinces() -> None:
    for row in rows("settings"):
        for cell in row[1:5]:
            median, low, high = map(float, re.findall(r"\d\.\d+", cell))
            assert low <= median <= high <= 1.0
