"""Which column of a stranger's log is which, and which have no place in a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import InputError
from geo.names import accented, fold

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
                       "số người tham gia", "số người tham dự", "số người được tiếp cận", "tổng số người",
                       "người dự"),
    "women": ("women", "nữ", "số nữ", "phụ nữ", "trong đó nữ", "nữ giới", "số phụ nữ"),
    "men": ("men", "nam", "số nam", "nam giới", "trong đó nam"),
    "children": ("children", "trẻ em", "số trẻ em", "trong đó trẻ em", "dưới 18 tuổi", "trẻ em dưới 18 tuổi"),
    "items": ("items", "số lượng", "số sản phẩm", "số tờ", "số lượng sản phẩm", "số ấn phẩm"),
    "team": ("team", "team_name", "đội", "nhóm", "đơn vị", "đơn vị thực hiện", "đội thực hiện", "đội/đơn vị",
             "đơn vị chủ trì"),
    "partner": ("partner", "phối hợp", "đơn vị phối hợp", "đối tác", "cơ quan phối hợp"),
    "note": ("note", "notes", "ghi chú", "nội dung", "mô tả"),
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
        As :func:`geo.tables.read_lines` returns them.
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
    found = [_places(cells) for _, cells in lines[:DEEPEST_HEADER]]
    best = max(range(len(found)), key=lambda row: len(found[row]), default=0)
    places = found[best] if found else {}
    lacking = [name for name in REQUIRED if name not in places]
    if not {"commune", "commune_code", "province"} & set(places):
        lacking.insert(1, "commune")
    if lacking:
        shown = ", ".join(HEADERS[name][0] + "/" + _vietnamese(name) for name in lacking)
        have = ", ".join(filter(None, lines[best][1])) if lines else ""
        raise InputError("log.columns_missing", path=path, columns=shown, have=have)
    line, cells = lines[best]
    while cells and not cells[-1]:
        cells = cells[:-1]
    written = [_key(name) for name in cells if name]
    if doubled := sorted({name for name in cells if name and written.count(_key(name)) > 1}):
        raise InputError("log.columns_doubled", doubled, path=path)
    used = set(places.values())
    passed = {fold(name) for name in PASSED_OVER}
    ignored = tuple(
        name for place, name in enumerate(cells) if name and place not in used and fold(name) not in passed
    )
    return Columns(line, tuple(cells), places, ignored), best + 1


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
