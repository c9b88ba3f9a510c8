"""A user's own log: by code or name, old or new, every fault with its row."""

from pathlib import Path

import pandas as pd
import pytest

from geo import layers, paths, units
from geo.errors import InputError
from geo.outreach import forget_outreach, import_outreach

GOOD = """Ngày,Xã,Tỉnh,Loại,Số cuộc,Số người,Đơn vị
30/07/2025,06712,,direct_session,2,150,Hội Phụ nữ
2025-08-01,Phường Hồng Gai,Quảng Ninh,Tờ rơi,,,
1/9/2025,bach dang,22,Tuyên truyền trực tiếp,1,,Đoàn thanh niên
"""


def write(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_log_replaces_the_demonstration(tmp_path: Path) -> None:
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}
    found = import_outreach(write(tmp_path, GOOD))
    assert (found.activities, found.communes, found.first, found.last) == (3, 2, "2025-07-30", "2025-09-01")
    log = layers.outreach_activities()
    assert set(log["quality"]) == {"reported"}
    assert log["commune_code"].tolist() == ["06712", "06685", "06685"]
    assert log["type"].tolist() == ["direct_session", "leaflet", "direct_session"]
    assert log["people_reached"].tolist()[0] == 150
    assert log["people_reached"].isna().tolist() == [False, True, True]
    assert (log["source"] == "log.csv").all()
    assert forget_outreach()
    assert set(layers.outreach_activities()["quality"]) == {"synthetic"}


def test_a_dry_run_checks_and_writes_nothing(tmp_path: Path) -> None:
    assert import_outreach(write(tmp_path, GOOD), dry_run=True).path is None
    assert layers.outreach_file() == paths.OUTREACH_ACTIVITIES


def test_every_faulty_row_is_named(tmp_path: Path) -> None:
    rows = [
        "date,commune,type,people_reached",
        "2025-07-30,06712,direct_session,10",
        "30/30/2025,06712,direct_session,10",
        "2025-07-30,Xã Không Có,direct_session,10",
        "2025-07-30,06712,ca nhạc,10",
        '2025-07-30,06712,direct_session,"1.234,5"',
        "2025-07-30,06712,direct_session,-3",
        "1925-07-30,06712,direct_session,3",
        "2025-07-30,,direct_session,3",
    ]
    with pytest.raises(InputError) as caught:
        import_outreach(write(tmp_path, "\n".join(rows) + "\n"))
    assert caught.value.code == "outreach.rows"
    assert [int(row.split(":")[0]) for row in caught.value.rows] == [3, 4, 5, 6, 7, 8, 9]
    assert layers.outreach_file() == paths.OUTREACH_ACTIVITIES


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        import_outreach(write(tmp_path, "ngay,xa\n2025-07-30,06712\n"))
    assert caught.value.code == "tables.column_missing"
    assert "type" in str(caught.value)


def test_an_ambiguous_name_asks_for_the_province(tmp_path: Path) -> None:
    text = "date,commune,type\n2025-07-30,Tân Thành,direct_session\n"
    with pytest.raises(InputError) as caught:
        import_outreach(write(tmp_path, text))
    assert caught.value.rows[0].startswith("2: commune = Tân Thành (")


def test_codes_of_before_july_2025_lead_to_the_commune_in_force(tmp_path: Path) -> None:
    gone = units.old_communes().index.difference(units.communes().index)[:4]
    text = "date,commune,type\n" + "".join(f"2024-05-01,{code},panel\n" for code in ["00001", *gone])
    import_outreach(write(tmp_path, text))
    assert "00097" in set(layers.outreach_activities()["commune_code"])


def test_an_excel_log_with_real_dates(tmp_path: Path) -> None:
    path = tmp_path / "log.xlsx"
    table = pd.DataFrame({"date": [pd.Timestamp(2025, 7, 30)], "commune": ["06712"], "type": ["panel"], "items": [3]})
    table.to_excel(path, index=False)
    import_outreach(path)
    log = layers.outreach_activities()
    assert (log.loc[0, "date"], log.loc[0, "items"]) == ("2025-07-30", 3)


def test_sums_by_commune_tell_nothing_from_not_counted(tmp_path: Path) -> None:
    import_outreach(write(tmp_path, GOOD))
    sums = layers.outreach_by_commune()
    assert sums.loc["06712", ["events", "people_reached"]].tolist() == [2, 150]
    assert pd.isna(sums.loc["06685", "people_reached"]), "held, but nobody counted"
    assert sums.loc["06733", "events"] == 0, "the log covers the province and names nothing here"
    assert pd.isna(sums.loc["00004", "events"]), "no log of this province"
    assert not sums.loc["00004", "covered"]
    assert sums.loc["06685", "last_date"] == "2025-09-01"
