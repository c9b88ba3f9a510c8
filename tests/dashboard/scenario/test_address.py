"""The analyst's settings go into the address and come back; addresses of strangers do no harm."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.locale import LANGUAGES
from dashboard.scenario.address import PATTERNS, SECTIONS, Address, Known, read, write
from dashboard.scenario.analysis import KINDS, METHODS, Settings
from dashboard.scenario.view import NATION

NODES = ("exposure", "border", "poverty")
PRESETS = ("general", "equal", "cross_border_china")
KNOWN = Known({"22", "51"}, PRESETS, lambda preset: NODES)
SETTINGS = st.builds(
    Settings,
    preset=st.sampled_from(PRESETS),
    weights=st.dictionaries(st.sampled_from(NODES), st.floats(0, 100).map(lambda one: round(one, 6))).map(
        lambda some: tuple(sorted(some.items()))
    ),
    methods=st.dictionaries(st.sampled_from(KINDS), st.integers(1, 4)).map(
        lambda some: tuple(sorted((kind, METHODS[kind][place]) for kind, place in some.items()))
    ),
    balanced=st.booleans(),
)
SHOWN = st.builds(
    Address,
    language=st.sampled_from(LANGUAGES),
    place=st.sampled_from(["22", "51", NATION]),
    section=st.sampled_from(SECTIONS),
    pattern=st.sampled_from(PATTERNS),
    settings=SETTINGS,
)
HOSTILE = st.dictionaries(
    st.sampled_from(
        [*write(Address()), "weights", "methods", "preset", "section", "pattern", "balanced", "lang", "x"]
    ),
    st.text() | st.sampled_from(["exposure:1e999", "root:geometric;root:exec", "exposure:-1,border:nan", "VN", "22"]),
)


@given(SHOWN)
def test_settings_survive_the_address(shown: Address) -> None:
    assert read(write(shown), KNOWN) == (shown, [])


@given(HOSTILE)
def test_any_address_gives_settings_that_exist(query: dict[str, str]) -> None:
    shown, ignored = read(query, KNOWN)
    assert shown.place in {"22", "51", NATION}
    assert shown.section in SECTIONS and shown.pattern in PATTERNS and shown.language in LANGUAGES
    assert shown.settings.preset in PRESETS
    assert all(node in NODES and 0 <= weight <= 100 for node, weight in shown.settings.weights)
    assert all(method in METHODS[kind] for kind, method in shown.settings.methods)
    assert set(ignored) <= set(query)
    assert read(write(shown), KNOWN) == (shown, [])


def test_what_means_nothing_is_named() -> None:
    query = {
        "province": "<img onerror>",
        "section": "admin",
        "pattern": "../terrain",
        "preset": "framework.csv",
        "methods": "root:__import__;normalise:rank",
        "weights": "exposure:nan,border:2,ethnic_minority:5,poverty:１",
        "lang": "fr",
        "balanced": "yes",
        "layer": "risk",
    }
    shown, ignored = read(query, KNOWN)
    assert sorted(ignored) == sorted(query)
    assert shown.settings == Settings(weights=(("border", 2.0),), methods=(("normalise", "rank"),))


def test_only_what_differs_is_written() -> None:
    assert write(Address()) == {"province": NATION}


def test_an_endless_parameter_is_not_read() -> None:
    assert read({"weights": "exposure:1," * 1000}, KNOWN) == (Address(), ["weights"])
