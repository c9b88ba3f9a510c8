"""A view goes into the address and comes back; addresses of strangers do no harm."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.locale import LANGUAGES
from dashboard.scenario.view import MAX_WEIGHT, NATION, OVERLAYS, SCHEMES, Choices, View, changed_weights, read, write

CHOICES = Choices({"22", "51"}, ("risk", "burden", "exposure"), ("exposure", "border"), {"06712", "06736"})
WEIGHTS = st.dictionaries(st.sampled_from(sorted(CHOICES.nodes)), st.integers(0, 10).map(lambda half: half / 2))
VIEWS = st.builds(
    View,
    language=st.sampled_from(LANGUAGES),
    province=st.sampled_from(["22", "51", NATION]),
    layer=st.sampled_from(CHOICES.layers),
    scheme=st.sampled_from(SCHEMES),
    classes=st.integers(2, 7),
    overlays=st.sets(st.sampled_from(OVERLAYS)).map(lambda some: tuple(name for name in OVERLAYS if name in some)),
    commune=st.none() | st.sampled_from(sorted(CHOICES.communes)),
    weights=WEIGHTS.map(lambda some: tuple(sorted(some.items()))),
)


@given(VIEWS)
def test_a_view_survives_the_address(view: View) -> None:
    assert read(write(view), CHOICES) == (view, [])


@given(st.dictionaries(st.sampled_from([*write(View()), "weights", "classes", "overlays", "lang", "x"]), st.text()))
def test_any_address_gives_a_view_that_exists(query: dict[str, str]) -> None:
    view, ignored = read(query, CHOICES)
    assert view.province in {"22", "51", NATION}
    assert view.layer in CHOICES.layers
    assert set(view.overlays) <= set(OVERLAYS)
    assert all(0 <= weight <= MAX_WEIGHT for _, weight in view.weights)
    assert set(ignored) <= set(query)


def test_what_means_nothing_is_named() -> None:
    query = {
        "province": "99",
        "layer": "ethnic_minority",
        "classes": "70",
        "overlays": "zones,tigers",
        "weights": "exposure:nan,border:2,nobody:1",
        "commune": "<img onerror>",
        "lang": "fr",
    }
    view, ignored = read(query, CHOICES)
    assert sorted(ignored) == sorted(query)
    assert (view.overlays, view.weights) == (("zones",), (("border", 2.0),))


def test_a_layer_by_its_former_name_is_found() -> None:
    assert read({"layer": "priority"}, CHOICES) == (View(layer="burden"), [])


def test_only_what_differs_is_written() -> None:
    assert write(View()) == {"province": "22"}
    assert changed_weights({"a": 2.0, "b": 1.0}, {"a": 1.0, "b": 1.0}) == (("a", 2.0),)


def test_an_endless_parameter_is_not_read() -> None:
    assert read({"weights": "exposure:1," * 1000}, CHOICES) == (View(), ["weights"])
