"""Which column of a stranger's log is which, and which have no place in a log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from geo.base.errors import InputError
from geo.units.names import accented, fold

HEADERS: dict[str, tuple[str, ...]] = {
    "date": ("date", "day", "ngày", "ngày tháng", "ngày tháng năm", "ngày thực hiện", "ngày tổ chức", "thời gian",
             "thời gian thực hiện", "ngày hoạt động"),
    "commune_code": ("commune_code", "mã xã", "mã xã/phường", "mã đơn vị hành chính", "mã đvhc"),
    "commune": ("commune", "commune_name", "xã", "tên xã", "xã/phường", "phường/xã",
                "xã phường đặc khu", "xã/phường/đặc khu", "xã/phường/thị trấn", "địa bàn", "đơn vị cấp xã"),
    "district": ("district", "old_district", "huyện", "quận/huyện", "huyện/quận", "huyện cũ", "quận huyện cũ",
                 "quận/huyện (cũ)"),
    "province": ("province", "province_code", "province_name", "tỉnh", "tên tỉnh", "mã tỉnh", "tỉnh/thành",
                 "tỉnh/thành phố", "tỉnh, thành phố", "thành phố"),
    "type": ("type", "type_name", "loại", "loại hoạt động", "hình thức", "hình thức hoạt động", "loại hình",
             "hoạt động"),
    "events": ("events", "số cuộc", "số buổi", "số lần", "số đợt", "số lớp", "số cuộc/buổi"),
    "people_reached": ("people_reached", "people", "số người", "số lượt", "số lượt người", "lượt người",
                       "số người tham gia", "số người tham dự", "số người được tiếp cận",
                       "số người được tuyên truyền", "tổng số người", "người dự"),
    "women": ("women", "nữ", "số nữ", "phụ nữ", "trong đó nữ", "nữ giới", "số phụ nữ"),
    "men": ("men", "nam", "số nam", "nam giới", "trong đó nam"),
    "children": ("children", "người dưới 18 tuổi", "số người dưới 18 tuổi", "trong đó người dưới 18 tuổi",
                 "dưới 18 tuổi", "số dưới 18 tuổi", "trong đó dưới 18 tuổi", "people under 18", "under 18", "minors",
                 "trẻ em", "số trẻ em", "trong đó trẻ em", "trẻ em dưới 18 tuổi"),
    "items": ("items", "số lượng", "số sản phẩm", "số tờ", "số lượng sản phẩm", "số ấn phẩm"),
    "team": ("team", "team_name", "đội", "nhóm", "đơn vị", "đơn vị thực hiện", "đội thực hiện", "đội/đơn vị",
             "đơn vị chủ trì"),
    "partner": ("partner", "phối hợp", "đơn vị phối hợp", "đối tác", "cơ quan phối hợp"),
    "note": ("note", "notes", "ghi chú", "nội dung", "mô tả"),
    "audience": ("audience", "đối tượng", "đối tượng tuyên truyền", "đối tượng tham gia", "đối tượng tham dự",
                 "đối tượng tiếp cận", "thành phần", "thành phần tham dự", "thành phần tham gia"),
    "topic": ("topic", "pathway", "chủ đề", "chủ đề tuyên truyền", "tuyến, phương thức", "tuyến nguy cơ"),
}  # fmt: skip
"""Headers by column of the log, in English and Vietnamese; compared without diacritics, signs and capitals."""
YEAR = "năm"
"""Without its diacritics it would read as men."""
PASSED_OVER = (
    "activity_id", "mã hoạt động", "quality", "chất lượng", "source", "nguồn", "old_province_code", "stt", "tt", "no",
    "dòng", "row", "lỗi cần sửa", "what to correct",
)  # fmt: skip
"""Columns of our own exports and running numbers: not used, and nothing is lost without them."""
PERSONAL = (
    "họ tên", "họ và tên", "tên nạn nhân", "tên người", "nạn nhân", "bị hại", "cccd", "cmnd", "căn cước",
    "chứng minh", "số điện thoại", "điện thoại", "sđt", "ngày sinh", "năm sinh", "hộ khẩu", "hộ chiếu", "email",
    "victim", "victims", "full name", "passport", "phone", "date of birth", "birthday", "id card",
)  # fmt: skip
"""Words of headers of columns about single persons or victims."""
REQUIRED = ("date", "type")
TOTALS = frozenset({"tong cong", "tong so", "tong", "cong", "total", "sum", "chung"})
NUMBERING = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")
FEWEST_NUMBERS = 3
FEWEST_NAMES = 2
DEEPEST_HEADER = 20
"""Rows above the header that may hold titles."""


@dataclass(frozen=True)
class Columns:
    """Where a table has which column.

    Parameters
    ----------
    line
        Number of the row of the header.
    names
        The header as it is written.
    places
        Position by column of the log.
    ignored
        Headers that mean nothing to the log.
    """

    line: int
    names: tuple[str, ...]
    places: dict[str, int]
    ignored: tuple[str, ...]


def find_columns(lines: Sequence[tuple[int, list[str]]], path: object) -> tuple[Columns, int]:
    """Find the header among the first rows, and say which column is which.

    Parameters
    ----------
    lines
        As :func:`geo.files.tables.read_lines` returns them.
    path
        What to call the file in messages.

    Returns
    -------
    tuple
        The columns, and the position in ``lines`` of the first row of data.

    Raises
    ------
    InputError
        ``log.columns_missing`` when no row names a date, a type and a commune or province, ``log.columns_doubled``.

    Examples
    --------
    >>> columns, first = find_columns([(1, ["BÁO CÁO", "", ""]), (3, ["Ngày", "Xã", "Loại"])], "a.csv")
    >>> columns.places, columns.line, first
    ({'date': 0, 'commune': 1, 'type': 2}, 3, 2)
    """
    best, cells, depth = _header(lines)
    places = _places(cells)
    lacking = [name for name in REQUIRED if name not in places]
    if not {"commune", "commune_code", "province"} & set(places):
        lacking.insert(1, "commune")
    if lacking:
        shown = ", ".join(HEADERS[name][0] + "/" + _vietnamese(name) for name in lacking)
        raise InputError("log.columns_missing", path=path, columns=shown, have=", ".join(filter(None, cells)))
    used_width = max((len(_trimmed(row)) for _, row in lines[best:]), default=0)
    cells = cells[: max(len(_trimmed(cells)), min(used_width, len(cells)))]
    written = [_key(name) for name in cells if name]
    if doubled := sorted({name for name in cells if name and written.count(_key(name)) > 1}):
        raise InputError("log.columns_doubled", doubled, path=path)
    used = set(places.values())
    passed = {fold(name) for name in PASSED_OVER}
    ignored = tuple(
        name for place, name in enumerate(cells) if name and place not in used and fold(name) not in passed
    )
    first = best + depth
    if first < len(lines) and _is_numbering(lines[first][1]):
        first += 1
    return Columns(lines[best][0], tuple(cells), places, ignored), first


def is_total(row: Sequence[str]) -> bool:
    """Say whether a row sums those above it: it begins with a word such as ``Tổng cộng``.

    Examples
    --------
    >>> is_total(["", "Tổng cộng", "", "1500"]), is_total(["30/07/2025", "Tổng cộng"])
    (True, False)
    """
    return fold(next(filter(None, row), "")) in TOTALS


def _header(lines: Sequence[tuple[int, list[str]]]) -> tuple[int, list[str], int]:
    """Return where the header begins, its cells, and whether it has one row or two."""
    best: tuple[int, list[str], int] = (0, lines[0][1] if lines else [], 1)
    most = -1
    for place, (_, cells) in enumerate(lines[:DEEPEST_HEADER]):
        options = [(cells, 1)]
        if len(_places(cells)) >= FEWEST_NAMES and place + 1 < len(lines) and _is_second(lines[place + 1][1]):
            options.append((_combined(cells, lines[place + 1][1]), 2))
        for names, depth in options:
            found = _places(names)
            if len(found) > most:
                best, most = (place, names, depth), len(found)
    return best


def _trimmed(row: Sequence[str]) -> Sequence[str]:
    """Return a row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _is_second(cells: Sequence[str]) -> bool:
    """Say whether a row names parts of the header above it, such as ``Tổng số, Nữ, Nam`` below ``Số người``."""
    filled = [cell for cell in cells if cell]
    known = [cell for cell in filled if _key(cell) in _known() or fold(cell) in TOTALS]
    return bool(known) and 2 * len(known) >= len(filled)


def _combined(top: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return one header of two rows: the lower name, or the upper one where the lower says only ``Tổng số``."""
    names, over = [], ""
    for place in range(max(len(top), len(second))):
        above = top[place] if place < len(top) else ""
        below = second[place] if place < len(second) else ""
        over = above or over
        names.append(above if not below else over if fold(below) in TOTALS else below)
    return names


def _is_numbering(cells: Sequence[str]) -> bool:
    """Say whether a row only numbers the columns: ``(1), (2), (3)`` or ``A, B, 1, 2``."""
    filled = [cell for cell in cells if cell]
    return len(filled) >= FEWEST_NUMBERS and all(NUMBERING.fullmatch(cell) for cell in filled)


@cache
def _known() -> frozenset[str]:
    return frozenset(fold(header) for headers in HEADERS.values() for header in headers)


def personal(columns: Columns, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the headers of columns about single persons or victims that hold anything."""
    used = set(columns.places.values())
    marks = [fold(word) for word in PERSONAL]
    return [
        name
        for place, name in enumerate(columns.names)
        if place not in used
        and any(f" {mark} " in f" {fold(name)} " for mark in marks)
        and any(place < len(row) and row[place] for row in rows)
    ]


def _places(cells: Sequence[str]) -> dict[str, int]:
    known = {_key(cell): place for place, cell in reversed(list(enumerate(cells))) if cell}
    found: dict[str, int] = {}
    for name, headers in HEADERS.items():
        for header in headers:
            place = known.get(fold(header))
            if place is not None and place not in found.values():
                found[name] = place
                break
    return dict(sorted(found.items(), key=lambda item: item[1]))


def _key(header: str) -> str:
    key = fold(header)
    return key if key != "nam" or accented(header) != accented(YEAR) else YEAR


def _vietnamese(name: str) -> str:
    return next(header for header in HEADERS[name] if not header.isascii())
