"""The outreach page, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import fieldwork
from dashboard.locale import texts
from dashboard.store import FILE

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
    assert "RISKMAP\\_DATABASE\\_URL" in app.error[0].value


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages(language: str) -> None:
    assert texts(language)("field.title") in html(page(lang=language))
