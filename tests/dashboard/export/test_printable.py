"""The printed list stands by itself, says how it is made, and hostile names stay text."""

from datetime import date
from html.parser import HTMLParser

import geopandas as gpd
import pytest
import shapely

from dashboard.export import printable
from dashboard.export.printable import Remarks, Stop, Talk
from dashboard.locale import LANGUAGES, texts
from dashboard.maps import escape
from dashboard.scenario.area import Area
from models.outreach.priority import By

HOSTILE = '<img src=x onerror="alert(1)">`${alert(1)}`'
STOP = Stop(
    code="06712", name=HOSTILE, province="Quảng Ninh", level="Rất cao", rank="3–11 ✓", score=43.12, people=27_500.0,
    sessions=306.0, pathway="china", reason="Gần biên giới", grade="B", share=0.0341,
)  # fmt: skip
PLAIN = Stop("06736", "Xã A", "Quảng Ninh", "Cao", "12", 40.0, 900.0, 10.0, None, "–")
MADE = {"digest": "abc123", "made": date(2026, 4, 30)}


def area(language: str = "vi", province: str | None = "22") -> Area:
    return Area(province, texts(language))


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
    remarks = Remarks(
        reached=HOSTILE, badges=[HOSTILE], weights=HOSTILE, calls=[(HOSTILE, HOSTILE)],
        talks=[Talk("china", HOSTILE, (HOSTILE,))],
    )  # fmt: skip
    page = printable.page([STOP], HOSTILE, area(), **MADE, remarks=remarks)
    found = read(page)
    assert "img" not in found.found
    assert "script" not in found.found
    assert not found.addresses
    assert "${" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("province", ["22", None])
def test_it_says_what_when_how_and_with_which_settings(language: str, province: str | None) -> None:
    text, here = texts(language), area(language, province)
    remarks = Remarks(reached="1,40 triệu dân", weights="Biên giới 2,0")
    page = printable.page([STOP], "Quảng Ninh", here, **MADE, remarks=remarks)
    for words in (
        "abc123", text.day(MADE["made"]), text.number(27_500), text.number(306), "3–11 ✓", "Gần biên giới", ">B<",
        here.how(By.FIRST), "1,40 triệu dân", "Biên giới 2,0", text("notice.short"), text("lists.people_help"),
        text("print.sessions"), text("print.pathway"), text("print.grades"), text("pathway.china_short"),
    ):  # fmt: skip
        assert escape.html(words) in page or words in page, words


def test_the_second_list_has_shares_and_says_what_it_assumes() -> None:
    text = texts("vi")
    page = printable.page([STOP], "Quảng Ninh", area(), **MADE, by=By.BURDEN)
    for words in ("3,4%", "Mức trong tỉnh", "Rất cao", area().how(By.BURDEN), text("lists.assumed", ratio="5")):
        assert words in page
    assert text("lists.sessions") not in page
    assert text("print.sessions") not in page


def test_what_is_not_known_has_no_column() -> None:
    text = texts("vi")
    page = printable.page([PLAIN], "Quảng Ninh", area(), **MADE)
    for words in ("print.grade", "lists.pathway", "print.pathway", "print.grades", "session.print_title"):
        assert f">{text(words)}<" not in page, words
    mixed = printable.page([STOP, PLAIN], "Quảng Ninh", area(), **MADE)
    rows = mixed.split("<tr>")[1:]
    assert len({row.count("<td") for row in rows[1:]}) == 1
    assert rows[0].count("<th") == rows[1].count("<td")


def test_messages_and_numbers_to_call_stand_below_by_pathway() -> None:
    remarks = Remarks(
        talks=[Talk("china", "Học sinh", ("Tự giữ giấy tờ.",)), Talk("general", "Mọi người", ("Gọi 111.",))],
        calls=[("111", "Tổng đài quốc gia"), ("113", "Công an")],
    )  # fmt: skip
    page = printable.page([STOP], "Quảng Ninh", area(), **MADE, remarks=remarks)
    text = texts("vi")
    for words in ("pathway.china", "session.general", "session.draft", "session.invite", "session.call"):
        assert escape.html(text(words)) in page, words
    for words in ("Học sinh", "Tự giữ giấy tờ.", "Gọi 111.", "Tổng đài quốc gia"):
        assert words in page
    approved = printable.page([STOP], "x", area(), **MADE, remarks=Remarks(talks=remarks.talks, state="approved"))
    assert text("session.approved") in approved and escape.html(text("session.draft")) not in approved


def test_the_nation_names_the_province_of_each_commune() -> None:
    assert "Quảng Ninh · 06712" in printable.page([STOP], "Cả nước", area(province=None), **MADE)
    assert "Quảng Ninh · 06712" not in printable.page([STOP], "Quảng Ninh", area(), **MADE)


def test_the_little_map_numbers_the_communes() -> None:
    outlines = gpd.GeoDataFrame(
        geometry=[shapely.box(107, 21, 107.1, 21.1), shapely.box(107.1, 21, 107.2, 21.1)],
        index=["06712", "06736"],
        crs=4326,
    )
    page = printable.page([STOP], "x", area("en"), **MADE, outlines=outlines)
    assert page.count("<path") == 2
    assert page.count("<text") == 1
