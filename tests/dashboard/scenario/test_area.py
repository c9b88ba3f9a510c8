"""What communes are compared within, and how that is said and drawn."""

import doctest

import pandas as pd
import pytest

from dashboard.locale import LANGUAGES, texts
from dashboard.maps import chance, doubt, levels, pathways
from dashboard.maps.legend import Section
from dashboard.scenario import area
from dashboard.scenario.area import Area, borderline, complete, outreach_known, pathway_name
from models.outreach.priority import By

COMMUNES = pd.DataFrame(
    {
        "class": [1, 5, None], "class_province": [5, 5, None], "score": [40.0, 60.0, None],
        "rank_national": [900, 3, None], "rank_province": [1, 2, None], "population": [5e5, 4e5, 6e5],
        "people_unreached": [5e5, 1e5, 6e5], "coverage_known": [False, True, False],
    },
    index=["a", "b", "c"],
)  # fmt: skip


@pytest.mark.parametrize("module", [area, levels, doubt, chance, pathways])
def test_examples(module) -> None:  # type: ignore[no-untyped-def]
    assert doctest.testmod(module).failed == 0


def test_class_and_rank_follow_the_area() -> None:
    inside, nation = Area("22", texts("vi")), Area(None, texts("vi"))
    assert inside.levels(COMMUNES).tolist() == [5, 5, pd.NA]
    assert nation.levels(COMMUNES).tolist() == [1, 5, pd.NA]
    assert [area.interval(COMMUNES.loc["a"]) for area in (inside, nation)] == ["1", "900"]
    assert inside.interval(COMMUNES.loc["c"]) == "–"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("province", ["22", "01", None])
def test_no_class_is_named_without_its_scale(language: str, province: str | None) -> None:
    here = Area(province, texts(language))
    scale = {"vi": ("tỉnh", "thành phố", "cả nước"), "en": ("province", "city", "national")}[language]
    word = scale[["22", "01", None].index(province)]
    for told in (*(here.level(level) for level in range(1, 6)), here.say("levels"), *map(here.how, By)):
        if not (language == "en" and province is None and "fifth of all" in told):
            assert word in told.lower() or "country" in told, told
    assert here.level(pd.NA) == ""


def test_what_is_known_of_outreach_is_told_apart_from_what_was_done() -> None:
    text = texts("en")
    nothing = COMMUNES.assign(coverage_known=False)
    everything = COMMUNES.assign(coverage_known=True)
    assert outreach_known(nothing, text).startswith("Nothing is known about outreach in 3 communes (1.50 million")
    partly = outreach_known(COMMUNES, text)
    assert "known in 1 communes" in partly and "2 communes (1.10 million people)" in partly
    assert "1.20 million people are not yet reached" in outreach_known(everything, text)


def test_columns_that_have_not_been_computed_are_missing_and_change_nothing() -> None:
    found = complete(COMMUNES)
    assert found[list(area.OPTIONAL)].isna().all(axis=None)
    assert not borderline(found).any()
    assert Area("22", texts("vi")).held(found).isna().all()
    doubts = pd.DataFrame({"grade": ["A", "B"], "highest_probability": [0.5, 0.9]}, index=["a", "b"])
    joined = complete(COMMUNES, doubts)
    assert joined.loc["a", "grade"] == "A" and pd.isna(joined.loc["c", "grade"])
    assert borderline(joined).tolist() == [True, False, False]


def test_an_unknown_pathway_has_no_name() -> None:
    assert [pathway_name(code, texts("vi")) for code in (None, float("nan"), "mars")] == [""] * 3


def test_the_legend_of_classes_leaves_out_those_without_communes() -> None:
    here = Area("22", texts("en"))
    scores = pd.Series([1.0, 2.0, 3.0, None])
    shown = levels.classes(scores, pd.Series([1, 5, 5, None], dtype="Int64"))
    legend = levels.legend(scores, shown, here)
    assert [row.label for row in legend.rows] == ["Very high: 2.0 – 3.0", "Very low: 1.0", texts("en")("map.no_data")]
    assert [row.count for row in legend.rows] == ["2", "1", "1"]
    told = levels.message(scores, shown, here)
    assert told["classes"] == "0445" and len(told["labels"]) == len(told["palette"]) == 6
    assert told["labels"][4] == "Very high in the province"


def test_where_nothing_has_a_class_everything_is_no_data() -> None:
    scores = pd.Series([None, None], dtype=float)
    shown = levels.classes(scores, pd.Series([None, None], dtype="Int64"))
    told = levels.message(scores, shown, Area("22", texts("en")))
    assert told["classes"] == "00" and told["labels"] == [texts("en")("map.no_data")]


def test_hatching_adds_a_row_and_a_sentence_to_the_legend() -> None:
    legend = Section("choropleth", "t", (), "Note")
    hatched = doubt.with_doubt(legend, pd.Series([True, False, True]), texts("en"))
    assert [(row.symbol.hatched, row.count) for row in hatched.rows] == [(True, "2")]
    assert hatched.note.startswith("Note. Hatched")


def test_pathways_have_their_colours_and_unknown_ones_none() -> None:
    leading = pd.Series(["china", "none", None])
    told = pathways.message(leading, pd.Series([50.0, 40.0, None]), texts("en"))
    assert told["labels"][ord(told["classes"][0]) - 48] == "To China"
    assert told["labels"][ord(told["classes"][2]) - 48] == texts("en")("map.no_data")
    assert [row.label for row in pathways.legend(leading, texts("en")).rows] == [
        "To China",
        "No pathway stands out",
        texts("en")("map.no_data"),
    ]


def test_chances_are_in_named_steps() -> None:
    percent = pd.Series([95.0, 20.0, 19.9, None])
    assert chance.message(percent, texts("en"))["classes"] == "3104"
    labels = [row.label for row in chance.legend(percent, texts("en")).rows]
    assert labels == [
        "Almost sure: 80–100%",
        "Likely: 50–80%",
        "Possible: 20–50%",
        "Unlikely: 0–20%",
        texts("en")("map.no_data"),
    ]
