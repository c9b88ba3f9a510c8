"""Hostile names stay text on every path into HTML and scripts."""

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.maps.escape import Safe, html, join, script, tag

HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`${alert(1)}`",
    "{{ 7 * 7 }}",
    "a' onmouseover='alert(1)",
    "&lt;b&gt;",
    "\u2028\u2029",
    "\0<b>",
]


class Tags(HTMLParser):
    """The elements and the text that a browser finds."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, name: str, attrs: object) -> None:
        self.tags.append(name)

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(text: str) -> Tags:
    found = Tags()
    found.feed(text)
    found.close()
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_make_no_element(name: str) -> None:
    found = parsed(tag("p", name, title=name))
    assert found.tags == ["p"]
    assert found.text == name.replace("\0", "\N{REPLACEMENT CHARACTER}")


@given(st.text())
def test_nothing_that_means_something_is_left(text: str) -> None:
    assert not set("<>\"'`${}\0") & set(html(text))
    assert parsed(html(text.replace("\0", "").replace("\r", ""))).text == text.replace("\0", "").replace("\r", "")


@given(
    st.recursive(
        st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_a_script_value_comes_back_and_holds_no_markup(value: object) -> None:
    written = script(value)
    assert json.loads(written) == value
    assert not set("<>&'`$\u2028\u2029") & set(written)


@given(st.text())
def test_braces_stand_only_where_json_needs_them(text: str) -> None:
    assert not set("{}") & set(script([text]))


def test_numbers_that_are_none_become_null() -> None:
    assert script({"a": [float("nan"), float("inf"), 1.5]}) == '{"a":[null,null,1.5]}'


def test_safe_html_is_not_escaped_twice_and_only_safe_html_passes() -> None:
    inner = tag("b", "1 < 2")
    assert tag("p", inner) == "<p><b>1 &lt; 2</b></p>"
    assert join("<b>", Safe("<i>")) == "&lt;b&gt;<i>"


@pytest.mark.parametrize("name", ["script", "iframe", "p onclick", "<p>"])
def test_dangerous_elements_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such element"):
        tag(name, "x")


def test_event_handlers_are_refused() -> None:
    with pytest.raises(ValueError, match="event handlers"):
        tag("p", "x", onclick="alert(1)")
