"""What one cell of a log says: a day, a figure, a type, words of a closed list, a text; or why it cannot be used."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from geo import layers
from geo.units.names import fold

YEARS = (2000, 2100)
LARGEST = 10_000_000
LONGEST_TEXT = 2_000
SERIALS = (36_526, 73_050)
"""Days of the calendar of spreadsheets from 2000 to 2099."""
DAYS = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?"), (3, 2, 1)),
    (re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})"), (3, 2, 1)),
)
MONTHS = (
    (re.compile(r"(?:thang |t)?(\d{1,2})[-/. ](\d{4})"), (2, 1)),
    (re.compile(r"thang (\d{1,2}) nam (\d{4})"), (2, 1)),
    (re.compile(r"(\d{4})[-/.](\d{1,2})"), (1, 2)),
)
WHOLE = re.compile(r"\d+(?:\.0+)?", re.ASCII)
GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:[ \u00a0]\d{3})+", re.ASCII)
UNKNOWN = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "?",
        "x",
        "n/a",
        "na",
        "không rõ",
        "chưa rõ",
        "không có số liệu",
        "chưa thống kê",
        "kr",
        "...",
    }
)
FEWER = re.compile(r"(?:<|≤|duoi|it hon|chua den|fewer than|less than)\s*\d*")
PARTS = re.compile(r"[,/+&]|\bvà\b|\band\b", re.IGNORECASE)
"""What else may stand between several words of a closed list; a semicolon does in any case."""
PERSONAL = re.compile(r"(?<!\d)(?:\d{12}|(?:\+?84|0)(?:[ .]?\d){9})(?!\d)")
"""Twelve digits of a citizen's identity, or a telephone number of ten."""


class Unusable(ValueError):
    """A cell that cannot be used; the argument is the code of the message, ``log.…``."""


def day(text: str, today: dt.date) -> tuple[str, bool]:
    """Return the day a cell stands for, as in ISO 8601, and whether only its month was given.

    The day comes before the month (30/07/2025); a month (7/2025, tháng 7 năm 2025) stands for its first day; whole
    numbers are days of the calendar of spreadsheets.

    Raises
    ------
    Unusable
        ``log.date_missing``, ``log.date``, ``log.date_future`` for days after ``today``.

    Examples
    --------
    >>> day("30/7/2025", dt.date(2026, 1, 1)), day("tháng 7/2025", dt.date(2026, 1, 1))
    (('2025-07-30', False), ('2025-07-01', True))
    """
    if not text:
        raise Unusable("log.date_missing")
    found, only_month = _day(text)
    if found is None or not YEARS[0] <= found.year < YEARS[1]:
        raise Unusable("log.date")
    if found > today:
        raise Unusable("log.date_future")
    return found.isoformat(), only_month


def _day(text: str) -> tuple[dt.date | None, bool]:
    if text.isascii() and text.isdigit() and SERIALS[0] <= int(text) <= SERIALS[1]:
        return dt.date(1899, 12, 30) + dt.timedelta(days=int(text)), False
    plain = fold(text) if not text[0].isdigit() or "th" in text else text
    slashed = re.sub(r"^(?:thang|t) ?(\d{1,2}) (\d{4})$", r"\1/\2", plain)
    for pattern, order in DAYS:
        if found := pattern.fullmatch(plain):
            year, month, of_month = (int(found.group(place)) for place in order)
            return _date(year + 2000 if year < 100 else year, month, of_month), False
    for pattern, (of_year, of_month) in MONTHS:
        if found := pattern.fullmatch(slashed) or pattern.fullmatch(plain):
            return _date(int(found.group(of_year)), int(found.group(of_month)), 1), True
    return None, False


def _date(year: int, month: int, of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, of_month)
    except ValueError:
        return None


def figure(text: str, *, grouped: bool) -> tuple[float | None, bool]:
    """Return the whole number of a cell, nothing where nobody counted; and whether a small number was hidden.

    Parameters
    ----------
    text
        The cell. Marks such as ``-`` or ``không rõ`` mean that nobody counted; ``< 10`` or ``dưới 10`` that the
        figure is small and stays hidden.
    grouped
        Whether points, commas or spaces may part thousands, as in a CSV file; in a workbook 1.234 is a fraction.

    Raises
    ------
    Unusable
        ``log.figure``, ``log.figure_large``.

    Examples
    --------
    >>> figure("1.234", grouped=True), figure("dưới 10", grouped=True), figure("", grouped=True)
    ((1234.0, False), (None, True), (None, False))
    """
    if text.lower() in UNKNOWN:
        return None, False
    if FEWER.fullmatch(text if text[0] in "<≤" else fold(text)):
        return None, True
    if WHOLE.fullmatch(text):
        value = int(text.partition(".")[0])
    elif grouped and GROUPED.fullmatch(text):
        value = int(re.sub(r"\D", "", text))
    else:
        raise Unusable("log.figure")
    if value > LARGEST:
        raise Unusable("log.figure_large")
    return float(value), False


def kind(text: str) -> str:
    """Return the identifier of the type of activity a cell names.

    Raises
    ------
    Unusable
        ``log.type_missing``, ``log.type``.

    Examples
    --------
    >>> kind("tuyen truyen truc tiep"), kind("Leaflet")
    ('direct_session', 'leaflet')
    """
    if not text:
        raise Unusable("log.type_missing")
    found = _kinds().get(fold(text))
    if found is None:
        raise Unusable("log.type")
    return found


@cache
def _kinds() -> dict[str, str]:
    known = layers.outreach_types()
    names: dict[str, str] = {}
    for code, row in known.iterrows():
        for name in (str(code), row["vi"], row["en"]):
            names.setdefault(fold(name), str(code))
    return names


def listed(text: str, column: str) -> str:
    """Return the words of a closed list that a cell names, by their codes in the order of the list, joined by ``;``.

    Nothing is guessed: every word has to be a name or a synonym of :func:`geo.layers.outreach_words`. An empty cell
    means that nobody says.

    Parameters
    ----------
    text
        The cell.
    column
        ``audience`` or ``topic``.

    Raises
    ------
    Unusable
        ``log.audience``, ``log.topic`` when a word is none of the list.

    Examples
    --------
    >>> listed("Người lao động; học sinh", "audience"), listed("học sinh, sinh viên", "audience")
    ('pupils;workers', 'pupils;students')
    """
    if text.lower() in UNKNOWN:
        return ""
    known, found = _listed(column), set()
    for part in filter(None, map(str.strip, text.split(";"))):
        names = [part] if fold(part) in known else [one for one in PARTS.split(part) if one.strip()]
        codes = [known.get(fold(name)) for name in names]
        if not codes or None in codes:
            raise Unusable(f"log.{column}")
        found.update(codes)
    return ";".join(code for code in dict.fromkeys(known.values()) if code in found)


def choices(column: str) -> tuple[str, ...]:
    """Return the names of a closed list in both languages, for people to choose from.

    Examples
    --------
    >>> choices("topic")[0]
    'Sang Trung Quốc (To China)'
    """
    table = layers.outreach_words().loc[column]
    return tuple(f"{row['vi']} ({row['en']})" for _, row in table.iterrows())


@cache
def _listed(column: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for code, row in layers.outreach_words().loc[column].iterrows():
        for name in (str(code), row["vi"], row["en"], *row["synonyms"].split(";")):
            names.setdefault(fold(name), str(code))
    return names


def words(text: str) -> str:
    """Return a text as it is kept.

    Raises
    ------
    Unusable
        ``log.personal_cell`` when it holds what looks like an identity or telephone number, ``log.text_long``.
    """
    if len(text) > LONGEST_TEXT:
        raise Unusable("log.text_long")
    if PERSONAL.search(text):
        raise Unusable("log.personal_cell")
    return re.sub(r"\s+", " ", "".join(letter for letter in text if letter.isprintable() or letter.isspace())).strip()
