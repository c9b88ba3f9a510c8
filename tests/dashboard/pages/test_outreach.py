"""The outreach page, without a browser."""

import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from dashboard.locale import texts
from dashboard.pages.outreach import log_table
from dashboard.session import fieldwork
from dashboard.store import FILE, open_store
from geo import layers
from geo.base.errors import RiskmapError
from geo.base.periods import by_province

SECONDS = 240


def outreach() -> None:
    from dashboard.pages import outreach as page

    page.render()


def page(**query: str) -> AppTest:
    app = AppTest.from_function(outreach, default_timeout=SECONDS)
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, app.exception
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def shown(app: AppTest, name: str) -> str:
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def test_it_opens_in_vietnamese_and_says_that_the_log_is_an_illustration() -> None:
    app = page()
    assert texts("vi")("badge.synthetic") in html(app)
    assert shown(app, "section") == "log"


def test_the_address_says_where_one_is() -> None:
    app = page(province="51", lang="en", section="log")
    assert app.session_state[fieldwork.PLACE] == "51"
    assert texts("en")("field.title") in html(app)
    app.selectbox(key=fieldwork.PLACE).set_value("22")
    run(app)
    assert shown(app, "province") == "22"


def test_nonsense_in_the_address_is_passed_over() -> None:
    app = page(province="<b>", lang="xx", section="nothing")
    assert app.session_state[fieldwork.SECTION] == "log"
    assert app.session_state[fieldwork.PLACE] == "22"


def test_a_damaged_store_is_a_message_with_a_next_step(own_home: Path) -> None:
    (own_home / FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    app = page()
    assert len(app.error) == 1
    assert "không phải là kho dữ liệu" in app.error[0].value
    assert "Chuyển tệp đó sang chỗ khác rồi thử lại" in app.error[0].value
    assert "RISKMAP" not in app.error[0].value, "what only a console can do is not said on a page"


def risk_map() -> None:
    from dashboard.pages import risk_map as page

    page.render()


def test_a_damaged_store_leaves_the_map_alone(own_home: Path) -> None:
    (own_home / FILE).write_bytes(b"this is no database, whatever its name says" * 100)
    app = run(AppTest.from_function(risk_map, default_timeout=SECONDS))
    assert not app.error
    assert texts("vi")("badge.synthetic") in html(app)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages(language: str) -> None:
    assert texts(language)("field.title") in html(page(lang=language))


FILE_TEXT = (
    "Ngày,Xã,Loại,Số người,Đội\n30/07/2025,06712,Tuyên truyền trực tiếp,500,A\n"
    "1/8/2025,Phường Hồng Gai,Tờ rơi,,B\n31/2/2025,06712,Tờ rơi,5,B\n30/07/2025,06712,Tuyên truyền trực tiếp,500,A\n"
)


class Upload:
    """What the widget for files gives."""

    name = "nhat_ky.csv"

    def __init__(self, text: str) -> None:
        self._data = text.encode()

    def getvalue(self) -> bytes:
        return self._data


@pytest.fixture
def upload(monkeypatch: pytest.MonkeyPatch) -> dict[str, Upload | None]:
    """Stand in for the widget, which AppTest cannot operate."""
    held: dict[str, Upload | None] = {"file": Upload(FILE_TEXT)}
    monkeypatch.setattr("streamlit.file_uploader", lambda *_, **__: held["file"])
    return held


def see(app: AppTest, view: str) -> AppTest:
    app.segmented_control(key="field.log.view").set_value(view)
    return run(app)


def tables(app: AppTest) -> list[pd.DataFrame]:
    return [one.value for one in app.dataframe]


def test_a_file_is_looked_at_first_and_taken_in_with_one_button(upload: dict[str, Upload | None]) -> None:
    app = see(page(province="22"), "file")
    (preview,) = tables(app)
    assert "“31/2/2025” không phải là ngày" in html(app)
    assert len(preview) == 2
    assert app.button(key="field.log.import").label == texts("vi")("log.import", count=2)
    assert open_store().batches() == ()
    app.checkbox(key="field.log.keep").set_value(True)
    run(app)
    assert app.button(key="field.log.import").label == texts("vi")("log.import", count=3)
    app.checkbox(key="field.log.keep").set_value(False)
    run(app)
    app.button(key="field.log.import").click()
    upload["file"] = None
    run(app)
    assert texts("vi")("log.imported", count=2, number=1) in re.sub(r"\\(.)", r"\1", app.success[0].value)
    assert texts("vi")("badge.synthetic") not in html(app)
    (table,) = tables(app)
    assert len(table) == 2
    assert layers.outreach_activities()["people_reached"].sum() == 500


ONE = "Ngày,Xã,Loại,Số người,Đối tượng\n10/11/2025,06712,Tuyên truyền trong trường học,320,học sinh\n"


def test_importing_one_activity_moves_one_commune_and_the_page_says_what_moved(
    upload: dict[str, Upload | None],
) -> None:
    upload["file"] = Upload(ONE)
    app = see(page(province="22"), "file")
    assert "Xã không có tên trong tệp: chưa biết" in html(app) and "Quảng Ninh 10/11/2025" in html(app)
    app.button(key="field.log.import").click()
    upload["file"] = None
    run(app)
    said = html(app)
    assert "Độ phủ thay đổi ở 1 xã: Phường Móng Cái 1 (Quảng Ninh) từ chưa biết thành 0," in said
    assert "3.320 xã khác không đổi" in said and texts("vi")("log.change_own") in said
    known = cached.reached()["coverage"].dropna()
    assert known.index.tolist() == ["06712"] and 0 < known.iloc[0] < 0.02
    see(app, "batches")
    assert "bao trùm Quảng Ninh 10/11/2025" in html(app)
    app.button(key="field.log.undo.1").click()
    run(app)
    assert "từ 0," in html(app) and "thành chưa biết" in html(app)
    app.button(key="field.log.change.close").click()
    assert "thành chưa biết" not in html(run(app))


def test_a_file_that_holds_everything_is_stated_to_do_so(upload: dict[str, Upload | None]) -> None:
    upload["file"] = Upload(ONE)
    app = see(page(province="22", lang="vi"), "file")
    app.checkbox(key="field.log.complete").set_value(True)
    run(app)
    first, last = app.date_input
    assert (first.value, last.value) == (dt.date(2025, 11, 10), dt.date(2025, 11, 10))
    first.set_value(dt.date(2025, 11, 20))
    run(app)
    assert app.error and app.button(key="field.log.import").disabled, "the activity lies outside"
    app.date_input[0].set_value(dt.date(2025, 1, 1))
    app.date_input[1].set_value(dt.date(2025, 12, 31))
    run(app)
    assert not app.error
    app.button(key="field.log.import").click()
    upload["file"] = None
    run(app)
    assert "Độ phủ thay đổi ở 54 xã" in html(app)
    assert len(next(frame for frame in tables(app) if texts("vi")("log.change_after") in frame)) == 54
    assert by_province(open_store().periods()).to_numpy().tolist() == [["22", True, "2025-01-01", "2025-12-31"]]


def test_the_log_is_said_to_be_complete_for_last_quarter(upload: dict[str, Upload | None]) -> None:
    upload["file"] = Upload(ONE)
    app = see(page(province="22"), "file")
    app.button(key="field.log.import").click()
    upload["file"] = None
    run(app)
    see(app, "batches")
    first, last = app.date_input
    assert first.value.day == 1 and (last.value + dt.timedelta(days=1)).day == 1 and last.value < dt.date.today()
    assert 89 <= (last.value - first.value).days <= 91
    first.set_value(dt.date(2025, 10, 1))
    last.set_value(dt.date(2025, 12, 31))
    run(app)
    app.button(key="field.log.cover.take").click()
    run(app)
    assert "Độ phủ thay đổi ở 53 xã" in html(app), "those without a row: from unknown to none"
    assert texts("vi")("log.cover_source") in html(app)
    assert by_province(open_store().periods())["stated"].tolist() == [True, False]


def test_an_import_is_undone_from_the_page(upload: dict[str, Upload | None]) -> None:
    app = see(page(), "file")
    app.button(key="field.log.import").click()
    upload["file"] = None
    run(app)
    see(app, "batches")
    app.button(key="field.log.undo.1").click()
    run(app)
    assert texts("vi")("log.undone") in html(app)
    assert texts("vi")("badge.synthetic") in html(app)


def test_the_same_file_a_second_time_has_nothing_new(upload: dict[str, Upload | None]) -> None:
    app = see(page(), "file")
    app.button(key="field.log.import").click()
    run(app)
    see(app, "file")
    assert app.button(key="field.log.import").disabled
    assert texts("vi")("log.nothing_new") in [one.value for one in app.caption]


def test_a_file_with_personal_columns_is_refused_with_a_reason(upload: dict[str, Upload | None]) -> None:
    upload["file"] = Upload("Ngày,Xã,Loại,Họ tên\n30/07/2025,06712,Tờ rơi,x\n")
    app = see(page(), "file")
    assert "Họ tên" in app.error[0].value
    assert not app.dataframe


def test_an_activity_is_entered_by_form() -> None:
    app = see(page(province="22"), "form")
    assert app.button(key="field.form.enter").disabled
    app.text_input(key="field.form.find").set_value("bach dang")
    run(app)
    assert app.selectbox(key="field.form.commune").value == "06685", "by its name of before July 2025"
    app.date_input(key="field.form.date").set_value(dt.date(2025, 7, 30))
    app.selectbox(key="field.form.type").set_value("lodging_inspection")
    app.number_input(key="field.form.people_reached").set_value(10)
    app.number_input(key="field.form.women").set_value(11)
    run(app)
    app.button(key="field.form.enter").click()
    run(app)
    assert "lớn hơn số người" in app.error[0].value
    assert open_store().batches() == ()
    app.number_input(key="field.form.women").set_value(6)
    app.multiselect(key="field.form.audience").set_value(["workers", "residents"])
    app.multiselect(key="field.form.topic").set_value(["arriving"])
    run(app)
    app.button(key="field.form.enter").click()
    run(app)
    (batch,) = open_store().batches()
    assert (batch.kind, batch.rows) == ("form", 1)
    row = layers.outreach_activities().iloc[0]
    assert (row["date"], row["commune_code"], row["type"], row["women"]) == (
        "2025-07-30",
        "06685",
        "lodging_inspection",
        6,
    )
    assert pd.isna(row["men"]) and pd.isna(row["events"])
    assert (row["audience"], row["topic"]) == ("residents;workers", "arriving")
    assert texts("vi")("log.change_unknown") in html(app), "an entry says what it did, too"
    assert app.number_input(key="field.form.people_reached").value is None, "ready for the next one"


def test_an_entry_for_a_whole_province() -> None:
    app = see(page(province="80"), "form")
    app.selectbox(key="field.form.commune").set_value("P80")
    app.date_input(key="field.form.date").set_value(dt.date(2025, 7, 30))
    app.selectbox(key="field.form.type").set_value("media_programme")
    run(app)
    app.button(key="field.form.enter").click()
    run(app)
    row = layers.outreach_activities().iloc[0]
    assert pd.isna(row["commune_code"]) and row["province_code"] == "80"


def test_the_log_is_filtered_and_can_be_taken_away() -> None:
    app = page(province="80")
    (before,) = tables(app)
    app.selectbox(key="field.log.year").set_value("2024")
    app.multiselect(key="field.log.types").set_value(["staff_training"])
    run(app)
    (after,) = tables(app)
    assert 0 < len(after) < len(before)
    app.selectbox(key=fieldwork.PLACE).set_value("22")
    run(app)
    assert not app.exception
    app.text_input(key="field.log.find").set_value("không có gì như thế")
    run(app)
    assert texts("vi")("log.none") in [one.value for one in app.caption]


def test_filters() -> None:
    log = layers.outreach_activities()
    assert set(log_table.filtered(log, "2024", [], "")["date"].str[:4]) == {"2024"}
    assert set(log_table.filtered(log, None, ["leaflet"], "")["type"]) == {"leaflet"}
    found = log_table.filtered(log, None, [], "tan tay")
    assert len(found) and found["commune_code"].nunique() < 10
    assert found["date"].is_monotonic_decreasing


def test_what_could_not_be_published_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store = cached.store()
    monkeypatch.setattr(store, "unpublished", RiskmapError("store.unpublished", path="x", reason="y"))
    assert "an toàn trong kho" in page().error[0].value
