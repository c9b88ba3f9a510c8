"""Old tables in the fonts of TCVN 5712 (``.VnTime``): one byte a letter, read as Latin letters by everything else.

Source of the code points: the third column (VN3) of the Vietnamese standard TCVN 5712:1993.
"""

from __future__ import annotations

from collections.abc import Sequence

LETTERS = (
    "ă\xa8 â\xa9 ê\xaa ô\xab ơ\xac ư\xad đ\xae Ă\xa1 Â\xa2 Ê\xa3 Ô\xa4 Ơ\xa5 Ư\xa6 Đ\xa7 "
    "à\xb5 ả\xb6 ã\xb7 á\xb8 ạ\xb9 ằ\xbb ẳ\xbc ẵ\xbd ắ\xbe ặ\xc6 ầ\xc7 ẩ\xc8 ẫ\xc9 ấ\xca ậ\xcb "
    "è\xcc ẻ\xce ẽ\xcf é\xd0 ẹ\xd1 ề\xd2 ể\xd3 ễ\xd4 ế\xd5 ệ\xd6 ì\xd7 ỉ\xd8 ĩ\xdc í\xdd ị\xde "
    "ò\xdf ỏ\xe1 õ\xe2 ó\xe3 ọ\xe4 ồ\xe5 ổ\xe6 ỗ\xe7 ố\xe8 ộ\xe9 ờ\xea ở\xeb ỡ\xec ớ\xed ợ\xee "
    "ù\xef ủ\xf1 ũ\xf2 ú\xf3 ụ\xf4 ừ\xf5 ử\xf6 ữ\xf7 ứ\xf8 ự\xf9 ỳ\xfa ỷ\xfb ỹ\xfc ý\xfd ỵ\xfe"
)
TCVN3 = str.maketrans({pair[1]: pair[0] for pair in LETTERS.split(" ")})


def from_tcvn3(lines: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Return rows with every letter of TCVN 5712 in Unicode.

    Examples
    --------
    >>> from_tcvn3([(1, ["Ngµy", "X·", "Lo¹i"])])
    [(1, ['Ngày', 'Xã', 'Loại'])]
    """
    return [(line, [cell.translate(TCVN3) for cell in row]) for line, row in lines]
