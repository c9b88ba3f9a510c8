"""Whatever the session sets stands in every answer: a browser may draw a widget only after the first, which told it.

The scripts of widgets are loaded one by one. Who clicks before the last of them is there asks for another answer, and
what a widget was set to in the first is lost; the widget then shows its default, and the next click reports that.
"""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.cache import cached
from geo.base import paths

SECONDS = 240


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cached, "doubted", lambda weights: None)


def opened(page: str, **query: str) -> AppTest:
    def analyst() -> None:
        from dashboard.pages import analyst as page

        page.render()

    path = str(paths.ROOT / "app.py")
    app = AppTest.from_function(analyst) if page == "analyst" else AppTest.from_file(path)
    app.default_timeout = SECONDS
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def shown(app: AppTest) -> dict[str, Any]:
    """Return what every widget shows, by its key."""
    values: dict[str, Any] = {one.key: [one.value] for one in app.slider}
    values |= {one.key: one.index for one in app.selectbox}
    return values | {one.key: list(one.indices) for one in app.get("button_group")}


def defaults(app: AppTest) -> dict[str, Any]:
    """Return what every widget would show in a browser that draws it now for the first time."""
    values: dict[str, Any] = {one.key: list(one.proto.default) for one in app.slider}
    values |= {one.key: one.proto.default for one in app.selectbox}
    return values | {one.key: list(one.proto.default) for one in app.get("button_group")}


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("risk_map", {"province": "51", "layer": "leading", "classes": "4", "lang": "en", "weights": "access:2"}),
        ("risk_map", {"province": "22", "scheme": "pretty", "overlays": "zones", "commune": "06712"}),
        ("analyst", {"province": "22", "section": "patterns", "pattern": "types", "preset": "leaving", "lang": "en"}),
        ("analyst", {"province": "22", "section": "influence", "weights": "border:60", "normalise": "rank"}),
    ],
)
def test_a_widget_drawn_late_shows_what_the_session_holds(page: str, query: dict[str, str]) -> None:
    first = shown(opened(page, **query))
    app = opened(page, **query).run()
    widgets = (*app.slider, *app.selectbox, *app.get("button_group"))
    once = {one.key for one in widgets if not one.proto.set_value}
    assert len(once) > 8 and first["language"] == [1 if query.get("lang") == "en" else 0]
    assert {key: defaults(app)[key] for key in once} == {key: first[key] for key in once}
