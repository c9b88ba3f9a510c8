"""A stranger's log: what can be used, every fault with its row, what is there already."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import layers, units
from geo.base.errors import InputError
from geo.base.vocabulary import Audience, Topic
from geo.intake.outreach import LogReading, duplicates, read_log
from geo.intake.outreach import reading as module
from geo.units.names import fold

TODAY = dt.date(2026, 6, 30)
GOOD = """Ngày,Xã,Tỉnh,Loại,Số cuộc,Số người,Nữ,Nam,Người dưới 18 tuổi,Đơn vị thực hiện,Phối hợp,Ghi chú
30/07/2025,06712,,direct_session,2,150,80,70,20,Hội Phụ nữ,Công an xã,Hè
2025-08-01,Phường Hồng Gai,Quảng Ninh,Tờ rơi,,,,,,,,
1/9/2025,bach dang,22,Tuyên truyền trực tiếp,1,,,,,Đoàn thanh niên,,
"""


def write(folder: Path, text: str, name: str = "log.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def read(folder: Path, text: str, **options: object) -> LogReading:
    return read_log(write(folder, text), today=TODAY, **options)  # type: ignore[arg-type]


def only(folder: Path, row: str, header: str = "Ngày,Xã,Tỉnh,Loại,Số cuộc,Số người,Ghi chú") -> LogReading:
    return read(folder, f"{header}\n{row}\n")


def codes(found: LogReading) -> list[tuple[int, str]]:
    return [(fault.row, fault.code) for fault in found.faults]


def test_a_good_log(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    rows = found.rows
    assert codes(found) == [] and not len(found.duplicates)
    assert rows.index.tolist() == [2, 3, 4]
    assert rows["commune_code"].tolist() == ["06712", "06685", "06685"]
    assert rows["province_code"].unique().tolist() == ["22"]
    assert rows["type"].tolist() == ["direct_session", "leaflet", "direct_session"]
    assert rows.loc[2, ["events", "people_reached", "women", "men", "children"]].tolist() == [2, 150, 80, 70, 20]
    assert rows["people_reached"].isna().tolist() == [False, True, True]
    assert rows.loc[2, ["team", "partner", "note"]].tolist() == ["Hội Phụ nữ", "Công an xã", "Hè"]
    assert set(rows["quality"]) == {"reported"} and set(rows["source"]) == {"log.csv"}
    assert set(rows.columns) == set(layers.outreach_columns()) - {"activity_id"}
    assert found.converted == 1, "Bạch Đằng is a name of before July 2025"


def test_every_fault_of_every_row_is_named_and_good_rows_stay(tmp_path: Path) -> None:
    rows = [
        "Ngày,Xã,Loại,Số người,Nữ",
        "2025-07-30,06712,direct_session,10,",
        "30/30/2025,06712,direct_session,10,",
        "2025-07-30,Xã Không Có,direct_session,10,",
        "2025-07-30,06712,ca nhạc,10,",
        '2025-07-30,06712,direct_session,"1.234,5",',
        "2025-07-30,06712,direct_session,-3,",
        "1925-07-30,06712,direct_session,3,",
        "2025-07-30,,direct_session,3,",
        "2027-07-30,06712,direct_session,3,",
        "2025-07-30,06712,direct_session,3,4",
        "2025-07-30,99999,direct_session,3,",
        ",06712,,3,",
        "2025-07-30,06712,direct_session,99999999999,",
    ]
    found = read(tmp_path, "\n".join(rows) + "\n")
    assert codes(found) == [
        (3, "log.date"),
        (4, "log.commune"),
        (5, "log.type"),
        (6, "log.figure"),
        (7, "log.figure"),
        (8, "log.date"),
        (9, "log.commune_missing"),
        (10, "log.date_future"),
        (11, "log.parts_exceed"),
        (12, "log.commune_code"),
        (13, "log.date_missing"),
        (13, "log.type_missing"),
        (14, "log.figure_large"),
    ]
    assert found.rows.index.tolist() == [2]
    for fault in found.faults:
        for language in ("vi", "en"):
            assert fault.message(language) and fault.remedy(language)
            assert "{" not in fault.message(language)


def test_faulty_rows_come_back_and_can_be_corrected_and_read_again(tmp_path: Path) -> None:
    text = GOOD + "31/02/2025,06712,,Tờ rơi,5,,,,,=cmd(),,\n1/3/2025,06712,,Tờ rơi,5,,,,,B,,\n"
    found = read(tmp_path, text)
    table = found.to_correct("vi")
    assert table.columns.tolist()[:3] == ["Dòng", "Lỗi cần sửa", "Ngày"]
    assert table["Dòng"].tolist() == [5]
    assert "không phải là ngày" in table["Lỗi cần sửa"].iloc[0]
    assert table["Đơn vị thực hiện"].tolist() == ["=cmd()"]
    again = read(tmp_path, table.assign(Ngày="28/02/2025").to_csv(index=False))
    assert codes(again) == [] and again.ignored == ()
    assert len(found.rows) + len(again.rows) == 5


@pytest.mark.parametrize(
    ("text", "day", "month_only"),
    [
        ("30/07/2025", "2025-07-30", False),
        ("30-7-2025", "2025-07-30", False),
        ("30.7.25", "2025-07-30", False),
        ("2025-07-30", "2025-07-30", False),
        ("2025-07-30T08:30:00", "2025-07-30", False),
        ("30/07/2025 08:30", "2025-07-30", False),
        ("45868", "2025-07-30", False),
        ("ngày 30 tháng 7 năm 2025", "2025-07-30", False),
        ("30 tháng 07 năm 2025", "2025-07-30", False),
        ("tháng 7/2025", "2025-07-01", True),
        ("Tháng 7 năm 2025", "2025-07-01", True),
        ("7/2025", "2025-07-01", True),
        ("T7/2025", "2025-07-01", True),
        ("2025-07", "2025-07-01", True),
    ],
)
def test_days_and_months(tmp_path: Path, text: str, day: str, month_only: bool) -> None:
    found = only(tmp_path, f"{text},06712,,Tờ rơi,,,")
    assert found.rows["date"].tolist() == [day]
    assert found.months == ((2,) if month_only else ())


@pytest.mark.parametrize("text", ["07/30/2025", "quý 3/2025", "hôm qua", "31/4/2025", "2025", "30/7", "0/0/2025"])
def test_no_days(tmp_path: Path, text: str) -> None:
    assert codes(only(tmp_path, f"{text},06712,,Tờ rơi,,,")) == [(2, "log.date")]


@pytest.mark.parametrize(
    ("text", "people", "hidden"),
    [("1.234", 1234, 0), ('"1,234"', 1234, 0), ("1 234", 1234, 0), ("12", 12, 0), ("12.0", 12, 0), ("0", 0, 0),
     ("", None, 0), ("-", None, 0), ("không rõ", None, 0), ("dưới 10", None, 1), ("<10", None, 1),
     ("ít hơn 10", None, 1)],
)  # fmt: skip
def test_figures(tmp_path: Path, text: str, people: int | None, hidden: int) -> None:
    found = only(tmp_path, f"30/07/2025,06712,,Tờ rơi,,{text},")
    assert codes(found) == []
    value = found.rows["people_reached"].iloc[0]
    assert (None if pd.isna(value) else value) == people
    assert found.hidden == hidden


@pytest.mark.parametrize("text", ["1.23", "khoảng 50", "5 người", "1e3", "12,5", "½", "٣"])
def test_no_figures(tmp_path: Path, text: str) -> None:
    assert codes(only(tmp_path, f'30/07/2025,06712,,Tờ rơi,,"{text}",')) == [(2, "log.figure")]


def test_in_a_workbook_a_point_makes_a_fraction(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    pd.DataFrame(
        {"Ngày": [dt.datetime(2025, 7, 30)], "Xã": ["06712"], "Loại": ["Pa-nô"], "Số người": [1.234]}
    ).to_excel(path, index=False)
    assert codes(read_log(path, today=TODAY)) == [(2, "log.figure")]


@pytest.mark.parametrize(
    ("commune", "province", "code"),
    [
        ("6712", "", "06712"),
        ("06712.0", "", "06712"),
        ("Móng Cái 1", "", "06712"),
        ("PHƯỜNG MÓNG CÁI 1", "", "06712"),
        ("P. Hồng Gai", "Quảng Ninh", "06685"),
        ("Phường Hồng Gai, Quảng Ninh", "", "06685"),
        ("Hồng Gai (tỉnh Quảng Ninh)", "", "06685"),
        ("phuong hong gai - quang ninh", "", "06685"),
    ],
)
def test_communes_by_any_name(tmp_path: Path, commune: str, province: str, code: str) -> None:
    found = only(tmp_path, f'30/07/2025,"{commune}",{province},Tờ rơi,,,')
    assert found.rows["commune_code"].tolist() == [code], found.faults


def test_an_ambiguous_name_lists_what_it_may_be(tmp_path: Path) -> None:
    (fault,) = only(tmp_path, "30/07/2025,Tân Thành,,Tờ rơi,,,").faults
    assert fault.code == "log.commune_ambiguous"
    assert any(text.endswith("Thái Nguyên") for text in fault.candidates)
    assert only(tmp_path, "30/07/2025,Tân Thành,19,Tờ rơi,,,").rows["province_code"].tolist() == ["19"]
    text = "Ngày,Xã,Loại\n30/07/2025,Tân Thành,Tờ rơi\n"
    assert read(tmp_path, text, province="19").rows["province_code"].tolist() == ["19"]


def test_a_district_of_before_july_2025_tells_namesakes_apart(tmp_path: Path) -> None:
    old = units.old_communes()
    names = old.groupby(["old_province_code", "short_name"]).filter(lambda group: len(group) > 1)
    told = 0
    header = "Ngày,Xã,Huyện,Tỉnh,Loại\n"
    for _, row in names.head(60).iterrows():
        area = units.old_provinces().loc[row["old_province_code"]]
        found = read(tmp_path, f'{header}1/6/2024,"{row["name"]}","{row["old_district"]}",{area["name"]},Tờ rơi\n')
        told += len(found.rows)
        assert set(found.rows["province_code"]) <= {area["province_code"]}
    assert told > 30


def test_code_and_name_must_agree(tmp_path: Path) -> None:
    header = "Ngày,Mã xã,Tên xã,Loại"
    assert codes(only(tmp_path, "30/07/2025,06712,Phường Móng Cái 1,Tờ rơi", header)) == []
    assert codes(only(tmp_path, "30/07/2025,06712,Phường Hồng Gai,Tờ rơi", header)) == [(2, "log.commune_conflict")]
    assert only(tmp_path, "30/07/2025,,Phường Hồng Gai,Tờ rơi", header).rows["commune_code"].tolist() == ["06685"]


def test_a_province_must_be_that_of_the_code(tmp_path: Path) -> None:
    assert codes(only(tmp_path, "30/07/2025,06712,Thái Nguyên,Tờ rơi,,,")) == [(2, "log.province_conflict")]
    assert codes(only(tmp_path, "30/07/2025,06712,Atlantis,Tờ rơi,,,")) == [(2, "log.province")]


def test_an_activity_of_a_whole_province(tmp_path: Path) -> None:
    for name in ("", "toàn tỉnh"):
        row = only(tmp_path, f"30/07/2025,{name},Long An,Phát thanh cơ sở,3,,").rows.iloc[0]
        assert pd.isna(row["commune_code"])
        assert (row["province_code"], row["old_province_code"]) == ("80", "80")
    assert codes(only(tmp_path, "30/07/2025,toàn tỉnh,,Tờ rơi,,,")) == [(2, "log.commune_missing")]


def test_codes_of_before_july_2025_lead_to_the_commune_in_force(tmp_path: Path) -> None:
    gone = units.old_communes().index.difference(units.communes().index)[:4]
    text = "date,commune,type\n" + "".join(f"2024-05-01,{code},panel\n" for code in ["00001", *gone])
    found = read(tmp_path, text)
    assert "00097" in set(found.rows["commune_code"])
    assert (found.vintage, found.converted) == ("old", 5)


def test_titles_above_the_header_and_empty_rows_keep_the_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, "BÁO CÁO NĂM 2025\n\nNgày,Xã,Loại\n30/07/2025,06712,Tờ rơi\n,,\nx,06712,Tờ rơi\n")
    assert found.rows.index.tolist() == [4]
    assert codes(found) == [(6, "log.date")]


def test_the_form_of_an_official_report(tmp_path: Path) -> None:
    """Titles, a header of two rows, numbered columns, a total at the end, a column without a header."""
    rows = [
        "UBND TỈNH QUẢNG NINH,,,,,,,",
        "BÁO CÁO CÔNG TÁC TUYÊN TRUYỀN,,,,,,,",
        "STT,Ngày thực hiện,Xã/phường,Hình thức,Số người tham gia,,,",
        ",,,,Tổng số,Nữ,Nam,",
        "(1),(2),(3),(4),(5),(6),(7),",
        "1,30/07/2025,Móng Cái 1,Tuyên truyền trực tiếp,150,90,60,gì đó",
        "2,01/08/2025,Hồng Gai,Tờ rơi,20,,,",
        "Tổng cộng,,,,170,90,60,",
    ]
    found = read(tmp_path, "\n".join(rows) + "\n")
    assert codes(found) == []
    assert found.rows.index.tolist() == [6, 7]
    assert found.rows["people_reached"].tolist() == [150, 20]
    assert found.rows.loc[6, ["women", "men"]].tolist() == [90, 60]
    assert found.totals == (8,)
    assert found.ignored == ("(H)",)


def test_a_header_of_two_rows_over_the_place(tmp_path: Path) -> None:
    rows = ["Ngày,Địa bàn,,Loại,Ghi chú", ",Tỉnh,Xã,,", "30/07/2025,Quảng Ninh,Hồng Gai,Tờ rơi,Nam"]
    found = read(tmp_path, "\n".join(rows) + "\n")
    assert found.rows["commune_code"].tolist() == ["06685"]
    assert found.rows["note"].tolist() == ["Nam"]


def test_a_table_in_an_old_font(tmp_path: Path) -> None:
    from geo.intake.outreach.fonts import TCVN3

    back = {ord(letter): chr(code) for code, letter in TCVN3.items()}
    text = GOOD.translate(back)
    assert "Ngµy" in text
    for encoding in ("utf-8", "cp1252"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        found = read_log(path, today=TODAY)
        assert (found.font, codes(found)) == ("TCVN3", [])
        assert found.rows["commune_code"].tolist() == ["06712", "06685", "06685"]
        assert found.rows["team"].tolist()[0] == "Hội Phụ nữ"
    assert read(tmp_path, GOOD).font == ""


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "ngay,xa\n2025-07-30,06712\n")
    assert caught.value.code == "log.columns_missing"
    assert "loại" in caught.value.message("vi") and "ngay, xa" in caught.value.message("vi")


def test_unknown_columns_are_named_and_the_year_is_not_taken_for_men(tmp_path: Path) -> None:
    found = only(tmp_path, "30/07/2025,06712,Tờ rơi,2025,hè", "Ngày,Xã,Loại,Năm,Dịp")
    assert found.ignored == ("Năm", "Dịp")
    assert found.rows["men"].isna().all()
    assert only(tmp_path, "30/07/2025,06712,Tờ rơi,5", "Ngày,Xã,Loại,Nam").rows["men"].tolist() == [5]


@pytest.mark.parametrize("header", ["Họ và tên", "Số CCCD", "SĐT", "Ngày sinh", "Số nạn nhân", "Phone", "Email"])
def test_columns_about_persons_or_victims_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError) as caught:
        only(tmp_path, "30/07/2025,06712,Tờ rơi,x", f"Ngày,Xã,Loại,{header}")
    assert caught.value.code == "log.personal_columns"
    assert header in caught.value.message("vi")
    assert codes(only(tmp_path, "30/07/2025,06712,Tờ rơi,", f"Ngày,Xã,Loại,{header}")) == [], (
        "empty: nothing to refuse"
    )


@pytest.mark.parametrize("note", ["gọi 0912345678", "CCCD 001099012345", "+84 912 345 678"])
def test_numbers_of_persons_in_a_note_are_refused(tmp_path: Path, note: str) -> None:
    assert codes(only(tmp_path, f"30/07/2025,06712,,Tờ rơi,,,{note}")) == [(2, "log.personal_cell")]


@pytest.mark.parametrize("name", ["Người dưới 18 tuổi", "Trẻ em", "Dưới 18 tuổi", "people under 18", "children"])
def test_people_under_18_by_the_name_of_the_law_and_the_old_ones(tmp_path: Path, name: str) -> None:
    found = only(tmp_path, "30/07/2025,06712,Tờ rơi,10,4", f"Ngày,Xã,Loại,Số người,{name}")
    assert found.rows["children"].tolist() == [4] and found.ignored == ()


@pytest.mark.parametrize(
    ("cell", "codes_"),
    [
        ("Học sinh", "pupils"),
        ("sinh viên;học sinh", "pupils;students"),
        ("Học sinh, sinh viên", "pupils;students"),
        ("công nhân và cán bộ", "workers;officials"),
        ("Cán bộ, công chức", "officials"),
        ("NGƯỜI LAO ĐỘNG; nhóm nguy cơ cao", "workers;at_risk"),
        ("gia đình nạn nhân", "victims_families"),
        ("nguoi dan", "residents"),
        ("Workers; Pupils", "pupils;workers"),
        ("at_risk", "at_risk"),
        ("", ""),
        ("không rõ", ""),
    ],
)
def test_audiences(tmp_path: Path, cell: str, codes_: str) -> None:
    for header in ("Đối tượng", "Thành phần tham dự", "audience"):
        found = only(tmp_path, f'30/07/2025,06712,Tờ rơi,"{cell}"', f"Ngày,Xã,Loại,{header}")
        assert codes(found) == [] and found.rows["audience"].tolist() == [codes_]


@pytest.mark.parametrize(
    ("cell", "codes_"),
    [("Trung Quốc", "china"), ("Lào;Campuchia", "laos;cambodia"), ("xuất khẩu lao động", "leaving"),
     ("Đến khu công nghiệp, đô thị", "arriving"), ("khu công nghiệp", "arriving"), ("chung", "general"),
     ("Leaving for work", "leaving")],
)  # fmt: skip
def test_topics(tmp_path: Path, cell: str, codes_: str) -> None:
    for header in ("Chủ đề", "topic"):
        found = only(tmp_path, f'30/07/2025,06712,Tờ rơi,"{cell}"', f"Ngày,Xã,Loại,{header}")
        assert codes(found) == [] and found.rows["topic"].tolist() == [codes_]


def test_a_word_that_is_not_in_the_list_is_a_fault_that_names_the_list(tmp_path: Path) -> None:
    rows = "30/07/2025,06712,Tờ rơi,phụ nữ;cán bộ,hè\n31/07/2025,06712,Tờ rơi,cán bộ,"
    found = only(tmp_path, rows, "Ngày,Xã,Loại,Đối tượng,Chủ đề")
    assert codes(found) == [(2, "log.audience"), (2, "log.topic")]
    assert found.rows.index.tolist() == [3]
    for fault, word in zip(found.faults, ("Gia đình nạn nhân (Victims' families)", "Chung (General)"), strict=True):
        assert word in fault.message("vi") and word in fault.message("en")
    assert found.to_correct("vi")["Đối tượng"].tolist() == ["phụ nữ;cán bộ"], "nothing is lost"


def test_no_two_words_of_a_list_are_written_alike() -> None:
    for column, table in layers.outreach_words().groupby(level="column"):
        names = {
            (fold(name), code)
            for (_, code), row in table.iterrows()
            for name in (code, row["vi"], row["en"], *row["synonyms"].split(";"))
        }
        assert len({name for name, _ in names}) == len(names), column
    assert [*layers.outreach_words().loc["audience"].index] == [*Audience]
    assert [*layers.outreach_words().loc["topic"].index] == [*Topic]


def test_people_under_18_count_as_women_or_men(tmp_path: Path) -> None:
    header = "Ngày,Xã,Loại,Số người,Nữ,Nam,Trẻ em"
    assert codes(only(tmp_path, "30/07/2025,06712,Tờ rơi,10,6,4,10", header)) == []
    assert codes(only(tmp_path, "30/07/2025,06712,Tờ rơi,,60,40,", header)) == [], "nobody counted them all"
    assert codes(only(tmp_path, "30/07/2025,06712,Tờ rơi,10,6,5,", header)) == [(2, "log.parts_exceed")]
    assert codes(only(tmp_path, "30/07/2025,06712,Tờ rơi,10,,,11", header)) == [(2, "log.children_exceed")]


def test_duplicates_inside_the_file_and_against_the_log(tmp_path: Path) -> None:
    line = "30/07/2025,06712,,direct_session,2,150,{}\n"
    header = "Ngày,Xã,Tỉnh,Loại,Số cuộc,Số người,Đội\n"
    found = read(tmp_path, header + line.format("Đội A") + line.format("đội a") + line.format("Đội B"))
    assert found.duplicates["of_row"].to_dict() == {3: 2}
    assert found.to_keep().index.tolist() == [2, 4]
    assert found.to_keep(keep_duplicates=True).index.tolist() == [2, 3, 4]
    log = found.rows.loc[[4]].assign(activity_id="A000007")
    again = read(tmp_path, header + line.format("Đội A") + line.format("Đội B"), log=log)
    assert again.duplicates["of_activity"].to_dict() == {3: "A000007"}
    assert again.to_keep().index.tolist() == [2]


def test_a_figure_nobody_counted_is_the_same_as_another_one(tmp_path: Path) -> None:
    found = only(tmp_path, "30/07/2025,06712,,Tờ rơi,,,\n30/07/2025,06712,,Tờ rơi,,,x\n30/07/2025,06712,,Tờ rơi,1,,")
    assert found.duplicates.index.tolist() == [3]


def test_rows_that_are_too_long_do_not_stop_the_others(tmp_path: Path) -> None:
    found = only(tmp_path, "30/07/2025,06712,,Tờ rơi,,,\n30/07/2025,06712,,Tờ rơi,,,x,thừa\n30/07/2025,06712,,Pa-nô")
    assert codes(found) == [(3, "log.ragged")]
    assert found.rows.index.tolist() == [2, 4]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    import unicodedata

    text = GOOD
    if encoding == "cp1258":
        text = "".join(
            letter if letter.encode("cp1258", "ignore") else unicodedata.normalize("NFD", letter) for letter in GOOD
        )
        text = text.replace("â\u0323", "ậ")
        text = "".join(_cp1258(letter) for letter in unicodedata.normalize("NFC", text))
    found = read_log(write(tmp_path, text, encoding=encoding), today=TODAY)
    assert codes(found) == []
    assert found.rows["commune_code"].tolist() == ["06712", "06685", "06685"]


def _cp1258(letter: str) -> str:
    """Write a letter as Windows-1258 does: its vowel, then its tone."""
    import unicodedata

    try:
        letter.encode("cp1258")
        return letter
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        return unicodedata.normalize("NFC", parts.replace(tone, "")) + tone


def test_semicolons_and_tabs(tmp_path: Path) -> None:
    for mark in ";\t":
        found = read(tmp_path, GOOD.replace(",", mark))
        assert len(found.rows) == 3, found.faults


def test_a_workbook_with_real_dates_and_text_codes_on_its_own_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Hướng dẫn"  # type: ignore[union-attr]
    sheet = book.create_sheet("Nhật ký")
    sheet.append(["Ngày", "Mã xã", "Loại hoạt động", "Số người"])
    sheet.append([dt.datetime(2025, 7, 30), 6712, "Pa-nô", 3])
    sheet.append([dt.datetime(2025, 7, 30, 14, 30), "06712", "Pa-nô", 4])
    sheet.append([45868, "06712", "Pa-nô", 5])
    book.save(tmp_path / "log.xlsx")
    found = read_log(tmp_path / "log.xlsx", today=TODAY)
    assert codes(found) == []
    assert found.rows["date"].tolist() == ["2025-07-30"] * 3
    assert found.rows["commune_code"].tolist() == ["06712"] * 3


def test_files_that_cannot_be_read_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: Path) -> str:
        with pytest.raises(InputError) as caught:
            read_log(path)
        assert str(tmp_path) not in caught.value.message("vi"), "no path of the machine"
        return caught.value.code

    assert code(tmp_path / "nowhere.csv") == "tables.file_missing"
    assert code(write(tmp_path, "x", "log.pdf")) == "log.ending"
    assert code(write(tmp_path, "x" * 100, "log.xlsx")) == "tables.not_a_table"
    assert code(write(tmp_path, "", "log.csv")) == "log.columns_missing"
    assert code(write(tmp_path, "Ngày,Xã,Loại\n", "log.csv")) == "tables.empty"
    assert code(write(tmp_path, "Ngày,Ngày,Xã,Loại\n1,1,1,1\n", "log.csv")) == "log.columns_doubled"
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (250 << 20))
    assert code(tmp_path / "bomb.xlsx").startswith("archives.")
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    assert code(write(tmp_path, GOOD)) == "log.too_many"
    monkeypatch.setattr(module, "LARGEST_FILE", 10)
    assert code(write(tmp_path, GOOD)) == "log.too_large"


def test_the_new_types_have_parameters_marked_as_assumptions() -> None:
    parameters = layers.outreach_parameters()
    for kind in ("workplace_inspection", "lodging_inspection", "migration_counselling"):
        assert parameters.loc[kind, ["quality", "evidence_grade", "source"]].tolist() == ["modelled", "D", "Giả định"]
        assert "assumption" in parameters.loc[kind, "note"]


def test_a_summary_is_plain_json(tmp_path: Path) -> None:
    import json

    found = read(tmp_path, GOOD + "x,06712,,Tờ rơi,,,,,,,,\n").summary()
    assert json.loads(json.dumps(found, allow_nan=False))["faulty"] == 1
    assert (found["rows"], found["usable"], found["communes"], found["first"]) == (4, 3, 2, "2025-07-30")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), min_size=1, max_size=5))
def test_nothing_that_is_written_is_lost_or_breaks_the_reader(tmp_path: Path, cells: list[list[str]]) -> None:
    """Every row that is not empty is either usable or comes back with a reason."""
    table = pd.DataFrame(cells, columns=["Ngày", "Xã", "Loại", "Số người"])
    table = pd.concat([table, table.head(1).assign(Ngày="30/07/2025", Xã="06712", Loại="Pa-nô", **{"Số người": "1"})])
    path = tmp_path / "any.csv"
    path.write_bytes(table.to_csv(index=False).encode("utf-8", "replace"))
    try:
        found = read_log(path, today=TODAY)
    except InputError as error:
        assert error.code.startswith(("tables.", "log."))
        return
    assert sorted([*found.rows.index, *found.faulty_rows]) == found.table.index.tolist()
    assert len(found.to_correct()) == len(found.faulty_rows)


def test_duplicates_of_nothing() -> None:
    rows = layers.outreach_activities().head(0)
    assert not len(duplicates(rows, rows))
