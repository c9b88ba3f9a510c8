"""Vietnamese names: one search key for the many ways a name is written."""

from __future__ import annotations

import re
import unicodedata

TYPES = (
    "thành phố", "tỉnh", "phường", "xã", "đặc khu", "thị trấn", "thị xã", "quận", "huyện",
    "thanh pho", "tinh", "phuong", "xa", "dac khu", "thi tran", "thi xa", "quan", "huyen",
    "tp", "tx", "tt", "p", "x", "q", "h", "đk",
)  # fmt: skip
_ABBREVIATED = {"tp", "tx", "tt", "p", "x", "q", "h", "đk"}
_PREFIX = re.compile(
    r"^\s*(?:(?:" + "|".join(t for t in TYPES if t not in _ABBREVIATED) + r")\s+|"
    r"(?:" + "|".join(sorted(_ABBREVIATED, key=len, reverse=True)) + r")\s*[.]\s*|"
    r"(?:tp|tx|tt)\s+)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^0-9a-z]+")
_LOOKALIKES = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "’": "'", "–": "-", "—": "-"})


def short_name(name: str) -> str:
    """Return a unit's name without its type.

    Examples
    --------
    >>> short_name("Phường Móng Cái 1"), short_name("TP. Hạ Long"), short_name("Thị trấn Ba Chẽ")
    ('Móng Cái 1', 'Hạ Long', 'Ba Chẽ')
    >>> short_name("Phường 12")
    '12'
    """
    text = unicodedata.normalize("NFC", name).strip()
    return _PREFIX.sub("", text, count=1) or text


def fold(text: str) -> str:
    """Return the search key of a name: lower case, no diacritics, ``đ`` as ``d``, words parted by one space.

    Two ways of writing a name have the same key: NFC and NFD, ``Hòa`` and ``Hoà``, ``Đ`` and ``Ð``, full and
    half width, capitals, hyphens and double spaces.

    Examples
    --------
    >>> fold("Hoà  Bình") == fold("HÒA BÌNH") == "hoa binh"
    True
    >>> fold("Văn Miếu - Quốc Tử Giám")
    'van mieu quoc tu giam'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return _WORDS.sub(" ", plain).strip()


def accented(text: str) -> str:
    """Return the key that keeps diacritics: NFC, lower case, the tone mark in its modern place.

    It tells apart what :func:`fold` does not (``Tân Thành`` and ``Tân Thạnh``).

    Examples
    --------
    >>> accented("Hoà An") == accented("Hòa An"), accented("Tân Thành") == accented("Tân Thạnh")
    (True, False)
    """
    letters = unicodedata.normalize("NFD", text.replace("Ð", "Đ").replace("ð", "đ").lower())
    words = re.split(r"[\s\-–—.,]+", letters)
    return " ".join(_tone_last(word) for word in words if word)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def _tone_last(word: str) -> str:
    tones = "".join(letter for letter in word if letter in _TONES)
    return unicodedata.normalize("NFC", "".join(letter for letter in word if letter not in _TONES)) + tones
