"""Messages for a session: every pathway has some, they name help, blame nobody, and give way to approved ones."""

import re
from pathlib import Path

import pandas as pd
import pytest

from geo import layers
from geo.base import paths
from geo.base.errors import InputError
from geo.base.vocabulary import Topic
from geo.layers import pathway_messages

NUMBERS = {"111", "113", "+84 981 84 84 84"}
BLAME = re.compile(
    r"nhẹ dạ|cả tin|thiếu hiểu biết|tệ nạn|điểm nóng|dân tộc|gullible|naive|ignorant|ethnic|hot spot", re.I
)
LONGEST = 260
"""Characters somebody can say in one breath and remember."""


@pytest.fixture
def messages() -> pd.DataFrame:
    return pathway_messages()


def test_every_pathway_has_two_or_three_messages_in_order(messages: pd.DataFrame) -> None:
    for pathway in Topic:
        rows = messages[messages["pathway"] == pathway]
        assert rows["position"].tolist() in ([1, 2], [1, 2, 3]), pathway
        assert rows["audience_vi"].nunique() == rows["audience_en"].nunique() == 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_pathway_says_whom_to_call_and_blames_nobody(messages: pd.DataFrame, language: str) -> None:
    for pathway in Topic:
        text = " ".join(messages.loc[messages["pathway"] == pathway, f"message_{language}"])
        assert "111" in text or "+84 981" in text, pathway
        assert not BLAME.search(text), pathway
    assert messages[f"message_{language}"].str.len().max() <= LONGEST
    assert "…" not in "".join(messages[f"message_{language}"])


def test_both_languages_name_the_same_numbers(messages: pd.DataFrame) -> None:
    for row in messages.itertuples():
        named = [{number for number in NUMBERS if number in text} for text in (row.message_vi, row.message_en)]
        assert named[0] == named[1], (row.pathway, row.position)


def test_what_ships_are_drafts_that_name_their_source(messages: pd.DataFrame) -> None:
    assert set(messages["status"]) == {"draft"}
    assert messages["note"].str.contains("138").all()
    assert messages["source"].str.len().gt(20).all()


def test_approved_messages_of_a_province_replace_those_of_their_pathway(
    messages: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMAP_HOME", str(tmp_path))
    own = messages[messages["pathway"] == "laos"].head(2).assign(status="approved", message_vi="Gọi 111.")
    own.to_csv(tmp_path / layers.MESSAGES_FILE, index=False)
    read = pathway_messages()
    laos = read[read["pathway"] == "laos"]
    assert laos["message_vi"].tolist() == ["Gọi 111."] * 2 and set(laos["status"]) == {"approved"}
    rest, before = (frame[frame["pathway"] != "laos"].reset_index(drop=True) for frame in (read, messages))
    pd.testing.assert_frame_equal(rest, before)
    assert read["pathway"].drop_duplicates().tolist() == [str(pathway) for pathway in Topic]
    assert paths.imported()


def test_a_message_about_no_pathway_is_refused_with_its_row(
    messages: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMAP_HOME", str(tmp_path))
    messages.head(2).assign(pathway=["china", "mars"]).to_csv(tmp_path / layers.MESSAGES_FILE, index=False)
    with pytest.raises(InputError) as refused:
        pathway_messages()
    assert any(row.startswith("3: pathway = mars") for row in refused.value.rows)
