"""The frameworks by pathway: valid trees, operations that exist, weights that follow the evidence, both languages."""

import re
from pathlib import Path

import pandas as pd
import pytest

from geo import borders, indicators, paths, spec
from geo.vocabulary import Neighbour
from models.assessment import Assessment, assess
from models.framework import Framework, read_framework
from models.pathways import compare

FILES = sorted(paths.PATHWAYS.glob("*.csv"))
NAMES = [
    "cross_border_cambodia",
    "cross_border_china",
    "cross_border_laos",
    "domestic_zones",
    "labour_brokered_abroad",
]
WEIGHT = {"A": 4, "B": 3, "C": 2, "D": 1}
by_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("code")


@pytest.fixture(scope="module")
def assessed() -> dict[str, Assessment]:
    sources = indicators.load_sources()
    found = {}
    for path in FILES:
        values = indicators.build(table(path), sources).values
        found[path.stem] = assess(values, read_framework(path))
    return found


def test_there_is_one_framework_for_each_pathway() -> None:
    assert [path.stem for path in FILES] == NAMES


@by_file
def test_the_columns_are_those_of_the_general_framework(path: Path) -> None:
    general = paths.FRAMEWORK.read_text(encoding="utf-8").splitlines()[0]
    assert path.read_text(encoding="utf-8").splitlines()[0] == general


@by_file
def test_it_is_a_tree_with_the_three_dimensions(path: Path) -> None:
    framework = read_framework(path)
    assert isinstance(framework, Framework)
    assert [node.code for node in framework.dimensions] == ["exposure", "vulnerability", "lack_of_response"]
    assert framework.method("aggregate", framework.root.code).name == "geometric"


@by_file
def test_every_indicator_has_an_operation_that_exists_and_a_fact_for_every_column(path: Path) -> None:
    rows = table(path)
    leaves = rows[rows["operation"] != ""]
    assert set(leaves.index) == {node.code for node in read_framework(path).indicators}
    for code, row in leaves.iterrows():
        name, _ = spec.parse(row["operation"])
        assert name in indicators.OPERATIONS, code
        empty = [column for column in leaves.columns if not row[column] and column not in ("aggregate", "impute")]
        assert not empty, (code, empty)


@by_file
def test_weights_follow_the_evidence_and_what_is_not_public_is_off(path: Path) -> None:
    rows = table(path)
    leaves = rows[rows["operation"] != ""]
    for code, row in leaves.iterrows():
        expected = WEIGHT[row["evidence_grade"]] if row["public"] == "yes" else 0
        assert float(row["weight"]) == expected, code


@by_file
def test_an_assumption_says_so_and_nothing_else_does(path: Path) -> None:
    for code, row in table(path).query("operation != ''").iterrows():
        assert row["evidence_en"].startswith("Assumption") == (row["evidence_grade"] == "D"), code
        assert row["evidence"].startswith("Giả định") == (row["evidence_grade"] == "D"), code


@by_file
def test_names_are_vietnamese_and_english(path: Path) -> None:
    rows = table(path)
    accents = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)
    assert rows["name"].str.contains(accents).all()
    assert rows["evidence"][rows["evidence"] != ""].str.contains(accents).all()
    assert not rows["name_en"].str.contains(accents).any()
    assert rows.index.is_unique and rows["name"].is_unique and rows["name_en"].is_unique


def test_no_framework_counts_victims_or_cases() -> None:
    for path in [paths.FRAMEWORK, *FILES]:
        operations = " ".join(table(path)["operation"])
        assert not re.search(r"victim|case|incident|evidence|traffick", operations), path.stem


def test_one_code_means_one_thing_in_all_frameworks() -> None:
    meaning: dict[str, tuple[str, ...]] = {}
    for path in [paths.FRAMEWORK, *FILES]:
        for code, row in table(path).query("operation != ''").iterrows():
            facts = (row["operation"], row["direction"], row["unit"])
            assert meaning.setdefault(str(code), facts) == facts, (path.stem, code)


def test_the_border_is_known_for_every_neighbour() -> None:
    assert set(borders.land_border_lines()["neighbour"]) == set(Neighbour)


def test_every_commune_gets_a_score_and_risk_to_a_country_is_highest_at_its_border(
    assessed: dict[str, Assessment],
) -> None:
    communes = indicators.load_sources().communes
    for name, assessment in assessed.items():
        assert assessment.score.notna().all(), name
        assert not assessment.useless, name
    for country in ("china", "cambodia", "laos"):
        assessment = assessed[f"cross_border_{country}"]
        near = assessment.prepared.inputs.indicators[f"{country}_land_border"] > 0.5
        assert 20 < near.sum() < len(communes) / 4
        typical_rank = assessment.rank[near].astype(float).median()
        assert typical_rank < 0.2 * len(communes), country


def test_pathways_differ(assessed: dict[str, Assessment]) -> None:
    found = compare({name: assessment.score for name, assessment in assessed.items()})
    assert set(found.leading.unique()) == {*NAMES, "none"}
    others = found.correlations.to_numpy()[~pd.DataFrame(found.correlations).eq(1).to_numpy()]
    assert (others < 0.95).all()
