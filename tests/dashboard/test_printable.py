"""The printed list stands by itself and hostile names stay text."""

from datetime import date
from html.parser import HTMLParser

import geopandas as gpd
import shapely

from dashboard.export import printable
from dashboard.locale import texts

HOSTILE = '<img src=x onerror="alert(1)">`${alert(1)}`'
STOP = printable.Stop("06712", HOSTILE, "Quảng Ninh", 43.12, 28_000.4, 27_500.0, "Gần biên giới")


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(name)
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href")]


def read(page: str) -> Elements:
    found = Elements()
    found.feed(page)
    return found


def test_names_are_text_and_nothing_is_fetched() -> None:
    page = printable.page([STOP], HOSTILE, texts("vi"), digest="abc", made=date(2026, 4, 30), badges=[HOSTILE])
    found = read(page)
    assert "img" not in found.found
    assert "script" not in found.found
    assert not found.addresses
    assert "${" not in page


def test_it_says_what_when_and_with_which_settings() -> None:
    page = printable.page(
        [STOP], "Quảng Ninh", texts("vi"), digest="abc123", made=date(2026, 4, 30), weights="Biên giới 2,0"
    )
    for words in ("abc123", "30/04/2026", "43,1", "28.000", "27.500", "Biên giới 2,0", "Không phải thống kê vụ việc"):
        assert words in page


def test_the_little_map_numbers_the_communes() -> None:
    outlines = gpd.GeoDataFrame(
        geometry=[shapely.box(107, 21, 107.1, 21.1), shapely.box(107.1, 21, 107.2, 21.1)],
        index=["06712", "06736"],
        crs=4326,
    )
    page = printable.page([STOP], "x", texts("en"), digest="a", made=date(2026, 1, 1), outlines=outlines)
    assert page.count("<path") == 2
    assert page.count("<text") == 1
