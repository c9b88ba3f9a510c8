"""Tables of strangers: text first, numbers on request, every fault with its rows."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.base.errors import InputError
from geo.files.tables import decode, numbers, read_table

VIETNAMESE = "mã,tên\n01,Hà Nội\n02,Đắk Lắk\n03,Thừa Thiên Huế\n"


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_files_keep_vietnamese_names_and_leading_zeros(tmp_path: Path, encoding: str) -> None:
    table = read_table(write(tmp_path, VIETNAMESE, encoding), "mã")
    assert table["tên"].to_dict() == {"01": "Hà Nội", "02": "Đắk Lắk", "03": "Thừa Thiên Huế"}


def test_windows_1258_is_told_from_latin_1(tmp_path: Path) -> None:
    # Windows-1258 has no single letter for most vowels with a tone: the tone follows as a mark.
    spelled = "tên\nĐă\u0301k Lă\u0301k\nHa\u0300 Nô\u0323i\n"
    assert read_table(write(tmp_path, spelled, "cp1258"))["tên"].tolist() == ["Đắk Lắk", "Hà Nội"]
    latin = "n\nCôte d'Ivoire\nSão Tomé\nPerò\n"
    assert read_table(write(tmp_path, latin, "latin-1"))["n"].tolist() == ["Côte d'Ivoire", "São Tomé", "Però"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_read_from_the_header(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path, delimiter.join(["a", "b"]) + "\r\n" + delimiter.join(["1", '"x,;"']) + "\r\n")
    assert read_table(path).to_dict("records") == [{"a": "1", "b": "x,;"}]


def test_a_spreadsheet_reads_like_its_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["code", "value", "name"])
    sheet.append([7, 2.5, "Hà Nội"])
    sheet.append([8, None, "Huế"])
    sheet["A2"].number_format = sheet["A3"].number_format = "00"
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx", "code")
    assert table.to_dict("index") == {"07": {"value": "2.5", "name": "Hà Nội"}, "08": {"value": "", "name": "Huế"}}


def test_a_formula_that_was_never_computed_is_not_a_missing_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code", "value"])
    book.active.append(["a", "=1+1"])
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(InputError, match="B2") as caught:
        read_table(tmp_path / "t.xlsx")
    assert caught.value.code == "tables.formula_not_computed"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("a,b\n", "tables.empty", "t.csv"),
        ("", "tables.empty", "t.csv"),
        ("u,b,b\nx,1,2\n", "tables.columns_doubled", "b"),
        ("u,b\nx,1\ny\nz,1,2\n", "tables.ragged", "3; 4"),
        ("unit,b\nx,1\n", "tables.column_missing", "unit, b"),
        ("u,b\nx,1\n,2\n", "tables.unit_empty", "#2"),
        ("u,b\nx,1\nx,2\n", "tables.unit_doubled", "[x]"),
        ('u,b\nx,"1\n', "tables.not_a_table", "t.csv"),
        ("u,b\nx,\x00\n", "tables.not_a_table", "t.csv"),
    ],
)
def test_faults_say_what_and_where(tmp_path: Path, text: str, code: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_table(write(tmp_path, text), "u")
    assert caught.value.code == code
    assert says in caught.value.message("en") and says in caught.value.message("vi")


def test_a_file_that_is_not_there_or_is_no_spreadsheet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="xlsx"):
        read_table(write(tmp_path, "a,b\n1,2\n", name="t.xlsx"))


@pytest.mark.parametrize(
    "text", ["x", "..", "-", "NA", "#N/A", "nan", "inf", "1,5", "1.234,5", "1_000", "12%", "0x1", "1e999"]
)
def test_only_declared_marks_are_missing(text: str) -> None:
    table = pd.DataFrame({"v": ["1", text, ""]}, index=["a", "b", "c"])
    with pytest.raises(InputError) as caught:
        numbers(table)
    assert caught.value.rows == [f"b · v: {text!r}"]
    assert np.isnan(numbers(table, missing=[text])["v"].to_numpy()).tolist() == [False, True, True]


def test_decimal_commas_are_read_when_declared() -> None:
    table = pd.DataFrame({"v": ["1,5", "-2", "3e-2"]})
    assert numbers(table, decimal=",")["v"].tolist() == [1.5, -2.0, 0.03]
    for text in ("1.5", "1.234,5", "1,2,3"):
        with pytest.raises(InputError):
            numbers(pd.DataFrame({"v": [text]}), decimal=",")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_come_back_exactly(values: list[float]) -> None:
    table = pd.DataFrame({"v": [repr(value) for value in values]}, dtype=object)
    assert numbers(table)["v"].tolist() == values


@given(st.text(alphabet="ạảãàáăắâấđêếôốơớưứýỹ abcĐ", min_size=1))
def test_any_vietnamese_text_survives_utf_8(text: str) -> None:
    assert decode(text.encode()) == text
