"""Population: the shipped figures, replaced where others come in."""

from pathlib import Path

import pandas as pd
import pytest

from geo import units
from geo.base.errors import InputError, UnitNotFound
from geo.layers.population import file, forget_population, import_population, imported, population
from geo.units import crosswalk


def write(folder: Path, text: str) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_imported_figures_replace_the_shipped_ones(tmp_path: Path) -> None:
    before = population()
    path = write(tmp_path, "commune_code,population\n4,65023\n06712,\n00008,93536\n")
    found = import_population(path, source="Niên giám", as_of="2025")
    after = population()
    assert (found.communes, found.left_shipped, found.people) == (2, 3319, 158_559)
    assert after.index.equals(before.index)
    assert after.loc["00004", ["population", "quality", "source", "as_of"]].tolist() == [
        65023,
        "reported",
        "Niên giám",
        "2025",
    ]
    assert pd.isna(after.loc["00004", "low"])
    assert after.loc["00004", "registered"] == before.loc["00004", "registered"], "what the dossier says stays known"
    others = after.index.difference(["00004", "00008"])
    pd.testing.assert_frame_equal(after.loc[others], before.loc[others])
    assert forget_population()
    pd.testing.assert_frame_equal(population(), before)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    import_population(write(tmp_path, "ma_xa;dan_so\n00004;65023\n"), dry_run=True)
    assert not file().exists()


def test_old_codes_are_summed_and_incomplete_communes_stay_as_shipped(tmp_path: Path) -> None:
    before, links = population(), crosswalk.links()
    counts = links.groupby("new_code")["kind"].agg(lambda kinds: (kinds == "whole").all())
    whole = links[links["new_code"].isin(counts[counts].index) & ~links["old_code"].str.startswith("D")]
    first = whole.groupby("new_code").filter(lambda part: len(part) > 2)
    province = units.communes()["province_code"]
    codes = first[first["new_code"].map(province) == "01"]["new_code"].unique()[:20]
    rows = first[first["new_code"].isin(codes)]
    dropped = rows.iloc[0]
    given = rows[rows["old_code"] != dropped["old_code"]]
    text = "commune_code,population\n" + "".join(f"{code},1000\n" for code in given["old_code"])
    found = import_population(write(tmp_path, text))
    assert found.old_codes
    after = population()
    assert dropped["new_code"] not in imported()
    assert after.loc[dropped["new_code"], "population"] == before.loc[dropped["new_code"], "population"]
    complete = [code for code in codes if code != dropped["new_code"]]
    assert set(imported()) == set(complete)
    assert after.loc[complete[0], "population"] == 1000 * (rows["new_code"] == complete[0]).sum()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("commune_code,houses\n00004,12\n", "tables.column_missing"),
        ("xa,population\n00004,12\n", "tables.column_missing"),
        ("commune_code,population\n00004,12 nghìn\n", "tables.not_numbers"),
        ("commune_code,population\n00004,-5\n", "population.impossible"),
        ("commune_code,population\n00004,65\n00004,66\n", "tables.unit_doubled"),
        ("commune_code,population\n00004,65\n4,66\n", "tables.unit_doubled"),
        ("commune_code,population\n99999,65\n00004,1\n00008,1\n", "units.codes_unknown"),
        ("commune_code,population\n00004,\n", "population.nothing"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises((InputError, UnitNotFound)) as caught:
        import_population(write(tmp_path, text))
    assert caught.value.code == code
    assert caught.value.message("vi") and caught.value.remedy("en")
    assert not file().exists()


def test_an_excel_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    pd.DataFrame({"commune_code": ["00004"], "population": [65023]}).to_excel(path, index=False)
    assert import_population(path, quality="observed").communes == 1
    assert population().loc["00004", "quality"] == "observed"
