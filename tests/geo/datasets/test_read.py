"""Tables: every shipped file fits its schema, a damaged one says where."""

from pathlib import Path

import pandas as pd
import pytest

from geo import datasets
from geo.base import paths
from geo.base.errors import DataFault, InputError
from geo.datasets.schemas import NOT_SHIPPED, SCHEMAS

SHIPPED = sorted(SCHEMAS.keys() - NOT_SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_table_fits_its_schema(name: str) -> None:
    frame = datasets.read_table(name)
    assert len(frame)
    assert [str(column) for column in frame.columns] == list(SCHEMAS[name].columns), "no column without a description"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_fact_says_where_it_comes_from(name: str) -> None:
    frame = datasets.read_table(name)
    if "source" in frame:
        assert frame["source"].str.len().gt(5).all()
        assert not frame["source"].str.contains(r"\.txt|own knowledge|\.\./", regex=True).any()
    if "confidence" in frame:
        assert set(frame["confidence"]) <= {"high", "medium", "low"}


def copy_of(name: str, folder: Path) -> tuple[pd.DataFrame, Path]:
    frame = pd.read_csv(paths.INDICATORS / f"{name}.csv", dtype=str, keep_default_na=False)
    return frame, folder / f"{name}.csv"


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("lat", "không rõ", "3: lat = không rõ"),
        ("lat", "41.9", "3: lat = 41.9"),
        ("type", "gate", "3: type = gate"),
        ("commune_code", "6712", "3: commune_code = 6712"),
        ("name_vi", "", "3: name_vi = "),
        ("province_code", "", "3: province_code = ∅"),
        ("confidence", "sure", "3: confidence = sure"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(tmp_path: Path, column: str, value: str, shown: str) -> None:
    frame, path = copy_of("border_crossings", tmp_path)
    frame.loc[1, column] = value
    frame.to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        datasets.read_table("border_crossings", path)
    assert caught.value.code == "datasets.invalid"
    assert shown in caught.value.rows


def test_duplicate_identifiers_and_lost_columns_are_found(tmp_path: Path) -> None:
    frame, path = copy_of("industrial_zones", tmp_path)
    pd.concat([frame, frame.head(1)]).to_csv(path, index=False)
    with pytest.raises(InputError) as caught:
        datasets.read_table("industrial_zones", path)
    assert any("IZ001" in row for row in caught.value.rows)
    frame.drop(columns=["status"]).to_csv(path, index=False)
    with pytest.raises(InputError, match="status"):
        datasets.read_table("industrial_zones", path)


def test_a_damaged_or_missing_shipped_file_is_a_data_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "DATA", tmp_path)
    with pytest.raises(DataFault):
        datasets.read_table("regions", tmp_path / "regions.csv")
    (tmp_path / "regions.csv").write_bytes(b"\xff\xfe\x00broken")
    with pytest.raises(DataFault):
        datasets.read_table("regions", tmp_path / "regions.csv")
    (tmp_path / "regions.csv").write_text("")
    with pytest.raises(DataFault):
        datasets.read_table("regions", tmp_path / "regions.csv")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    frame, path = copy_of("regions", tmp_path)
    frame.to_csv(path, index=False)
    first = datasets.read_cached("regions", path)
    assert datasets.read_cached("regions", path) is first
    frame.head(10).to_csv(path, index=False)
    assert len(datasets.read_cached("regions", path)) == 10


def test_codes_stay_text_and_missing_numbers_stay_missing() -> None:
    crossings = datasets.read_table("border_crossings")
    assert "04" in set(crossings["province_code"])
    assert crossings["lat"].isna().sum() == 2
    assert not (crossings["lat"] == 0).any()


def test_columns_that_may_be_absent_are_empty_and_the_others_are_missed(tmp_path: Path) -> None:
    log = datasets.read_table("outreach_activities").head(3)
    file = tmp_path / "log.csv"
    log.drop(columns=["women", "note"]).to_csv(file, index=False)
    read = datasets.read_table("outreach_activities", file)
    assert read["women"].isna().all() and (read["note"] == "").all()
    log.drop(columns=["team"]).to_csv(file, index=False)
    with pytest.raises(InputError, match="team"):
        datasets.read_table("outreach_activities", file)
    may_be_absent = {name for name, schema in SCHEMAS.items() for one in schema.columns.values() if not one.required}
    assert may_be_absent == {"outreach_activities", "outreach_periods", "population"}, "tables kept from before"
