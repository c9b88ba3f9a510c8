"""Incidents of strangers: read in memory, hostile files refused, nothing of a cell repeated."""

import io
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import units
from geo.base.errors import InputError
from geo.files.tables import MOST_UPLOADED
from geo.intake.incidents import read_incidents

SECRET = "Nguyễn Thị Bí Mật"


def book(rows: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return a workbook with one of its files replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
    return stream.getvalue()


GOOD = book([["Ngày", "Vĩ độ", "Kinh độ"], ["30/07/2025", 21.5, 107.9]])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Ngày,Vĩ độ,Kinh độ\n30/07/2025,21.5,107.9\n".encode()),
        ("a.csv", "date;LAT;Longitude;note\n2025-07-30;21,5;107,9;x\n".encode("utf-16")),
        ("a.xlsx", GOOD),
    ],
)
def test_points_are_read_whatever_the_columns_are_called(name: str, content: bytes) -> None:
    found = read_incidents(name, content)
    assert found.points.tolist() == [[107.9, 21.5]]
    assert found.days.tolist() == [np.datetime64("2025-07-30", "D").astype(int)]
    assert not found.by_commune.any()


def test_a_commune_stands_for_a_place() -> None:
    text = "xã,tỉnh,ngày,vĩ độ,kinh độ\nMóng Cái 1,Quảng Ninh,,,\n06712,,,,\n,,,21,107\n"
    found = read_incidents("a.csv", text.encode())
    centre = units.communes().loc["06712", ["lon", "lat"]].tolist()
    assert found.points.tolist() == [centre, centre, [107, 21]]
    assert found.by_commune.tolist() == [True, True, False]
    assert np.isnan(found.days).all()


def test_a_file_on_a_disk_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("lat,lon\n21,107\n")
    assert len(read_incidents(tmp_path / "a.csv")) == 1


def test_rows_that_cannot_be_used_are_named_without_what_is_in_them() -> None:
    text = f"ngày,xã,vĩ độ,kinh độ,tên\n31/02/2025,,21,107,x\n,{SECRET},,,x\n,,921,107,{SECRET}\n,,,,x\n"
    with pytest.raises(InputError) as caught:
        read_incidents("a.csv", text.encode())
    assert caught.value.code == "incidents.rows"
    assert caught.value.rows == ["2: date", "3: commune", "3: lat, lon", "4: lat", "4: lat, lon", "5: lat, lon"]
    assert caught.value.values["count"] == 4
    assert SECRET not in str(caught.value)


def test_a_table_without_places_is_refused_without_its_cells() -> None:
    for text in (f"{SECRET},x\n1,2\n", f"{SECRET},{SECRET}\n1,2\n", f"lat,lon\n1,2,{SECRET}\n"):
        with pytest.raises(InputError) as caught:
            read_incidents("a.csv", text.encode())
        assert SECRET not in str(caught.value)


def entities(kind: str) -> bytes:
    inner = {
        "external": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        "bomb": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;">]>',
    }[kind]
    sheet = (
        f'<?xml version="1.0"?>{inner}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>'
    )
    return with_part(GOOD, "xl/worksheets/sheet1.xml", sheet.encode())


def sheet_of(rows: str, size: str = "A1:XFD1048576") -> bytes:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{size}"/><sheetData>{rows}</sheetData></worksheet>'
    )
    return with_part(GOOD, "xl/worksheets/sheet1.xml", sheet.encode())


WIDE = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 900))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "tables.empty"),
        ("a.csv", b"\x80\x04\x95\x00pickle", "tables.not_a_table"),
        ("a.csv", GOOD, "tables."),
        ("a.xlsx", b"lat,lon\n21,107\n", "tables.not_a_table"),
        ("a.xlsx", GOOD[: len(GOOD) // 2], "tables.not_a_table"),
        ("a.xlsx", entities("external"), "tables.not_a_table"),
        ("a.xlsx", entities("bomb"), "tables.not_a_table"),
        ("a.xlsx", with_part(GOOD, "xl/worksheets/sheet1.xml", b"<not xml"), "tables.not_a_table"),
        ("a.xlsx", with_part(GOOD, "xl/workbook.xml", b"<x/>"), "tables.not_a_table"),
        ("a.xlsx", with_part(GOOD, "xl/styles.xml", b" " * (60 << 20)), "archives.bomb"),
        ("a.csv", b"lat,lon\n" + b"1," * MOST_UPLOADED, "tables.too_large"),
        ("a.xlsx", sheet_of(WIDE), "tables.too_many_cells"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_hostile_files_are_refused_with_a_message(name: str, content: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_incidents(name, content)
    assert caught.value.code.startswith(code)
    assert caught.value.message("vi") and caught.value.remedy("vi")


def test_what_a_sheet_says_of_its_size_is_not_believed() -> None:
    header = "".join(
        f'<c r="{at}" t="inlineStr"><is><t>{name}</t></is></c>' for at, name in (("A1", "lat"), ("B1", "lon"))
    )
    rows = (
        f'<row r="1">{header}</row><row r="1048576"><c r="A1048576"><v>21</v></c><c r="B1048576"><v>107</v></c></row>'
    )
    assert read_incidents("a.xlsx", sheet_of(rows)).points.tolist() == [[107, 21]]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.txt"]))
def test_any_bytes_give_incidents_or_a_message(content: bytes, name: str) -> None:
    try:
        read_incidents(name, content)
    except InputError as error:
        assert error.message("vi")
