"""Every check finds the fault it is for, and finds none in the data that ship."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import boundaries, layers, units
from geo.base import paths
from geo.base.errors import DataFault, topic
from geo.base.findings import Finding
from geo.layers import population
from geo.release import check
from geo.units import crosswalk


def found(name: str) -> dict[str, Finding]:
    return {one.check: one for one in check.run({name: check.CHECKS[name]})}


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of data/ one may damage."""
    shutil.copytree(paths.DATA, tmp_path / "data")
    for name in ("BOUNDARIES", "INDICATORS"):
        monkeypatch.setattr(paths, name, tmp_path / "data" / name.lower())
    monkeypatch.setattr(paths, "DEFAULT_GEOMETRY", tmp_path / "data" / "boundaries" / paths.DEFAULT_GEOMETRY.name)
    yield tmp_path / "data"


def test_the_shipped_data_have_no_error() -> None:
    findings = check.run()
    assert [one.message("en") for one in findings if one.severity == "error"] == []
    names = {one.check for one in findings}
    assert {"check.files", "check.units", "check.crosswalk", "check.layer", "check.population"} <= names
    assert [one.severity for one in findings] == sorted(
        (one.severity for one in findings), key=["error", "warning", "info"].index
    )


def test_the_conflicting_code_is_reported() -> None:
    assert found("code_conflicts")["check.code_conflicts"].rows == ("Xã Ba Chẽ: 06970 = 06978",)


def test_changed_and_lost_files(own_data: Path) -> None:
    assert found("files")["check.files"].count > 15
    with (own_data / "boundaries" / "communes.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    (own_data / "indicators" / "regions.csv").unlink()
    assert found("files")["check.files_changed"].rows == ("boundaries/communes.csv", "indicators/regions.csv")
    (own_data / "boundaries" / "datapackage.json").unlink()
    assert found("files")["general.file_missing"].severity == "error"


def test_units_and_crosswalk(monkeypatch: pytest.MonkeyPatch) -> None:
    communes, links = units.communes(), crosswalk.links()
    monkeypatch.setattr(units, "communes", lambda: communes.iloc[1:].rename({"00008": "8"}))
    assert {"check.units_count", "check.units_codes"} <= found("units").keys()
    monkeypatch.setattr(units, "communes", lambda: communes)
    broken = links[links["old_code"] != "00001"].copy()
    broken.loc[broken.index[0], "share"] = 0.25
    monkeypatch.setattr(crosswalk, "links", lambda: broken[broken["new_code"] != "06970"])
    faults = found("crosswalk")
    assert "00001" in faults["check.crosswalk_lost"].rows
    assert faults["check.crosswalk_sourceless"].rows == ("06970",)
    assert "00004" in faults["check.crosswalk_shares"].rows


def test_a_commune_far_from_its_old_communes(monkeypatch: pytest.MonkeyPatch) -> None:
    moved = units.communes().copy()
    moved.loc["00004", "lat"] -= 2
    monkeypatch.setattr(units, "communes", lambda: moved)
    assert any(row.startswith("00004 ") for row in found("places")["check.units_places"].rows)


def test_geometry_faults(own_data: Path) -> None:
    path = paths.DEFAULT_GEOMETRY
    frame = gpd.read_parquet(path)
    frame.loc[7, "geometry"] = frame.geometry[7].buffer(0.01)
    frame.loc[900, "geometry"] = shapely.Polygon([(106, 10), (107, 11), (107, 10), (106, 11)])
    frame.to_parquet(path)
    faults = found("geometry")
    assert faults["check.geometry_invalid"].rows == (frame["commune_code"][900],)
    assert frame["commune_code"][7] in faults["check.geometry_uneven"].rows
    frame.drop(index=5).to_parquet(path)
    assert found("geometry")["boundaries.schematic_incomplete"].rows == (frame["commune_code"][5],)
    path.write_bytes(b"PAR1 no")
    assert found("geometry")["general.file_damaged"].severity == "error"


def test_points_outside_their_commune_and_country(monkeypatch: pytest.MonkeyPatch) -> None:
    crossings = layers.border_crossings().copy()
    points = crossings.geometry.copy()
    points.iloc[0], points.iloc[1] = shapely.Point(103.8, 1.3), shapely.Point(105.85, 21.03)
    monkeypatch.setattr(layers, "border_crossings", lambda: crossings.set_geometry(points))
    layer = [one for one in check.run({"layers": check.check_layers}) if one.values["layer"] == "border_crossings"]
    faults = {one.check: one for one in layer}
    assert faults["check.layer_outside"].count == 1 and faults["check.layer_outside"].severity == "error"
    assert any(row.startswith("BC002") for row in faults["check.layer_off_commune"].rows)


def test_population_that_does_not_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = population.population()
    more = frame.assign(population=frame["population"].mask(frame.index == "00004", 999_999))
    monkeypatch.setattr(population, "population", lambda: more)
    assert "01" in found("population")["check.population_uneven"].rows[0]
    monkeypatch.setattr(population, "population", lambda: frame.assign(population=frame["population"] / 1000))
    assert found("population")["check.population_total"].severity == "error"
    monkeypatch.setattr(population, "population", lambda: frame.assign(population=-1.0))
    assert found("population")["check.population_impossible"].count == 3321


def test_figures_one_imports_need_not_add_up(own_home: Path) -> None:
    table = own_home / "people.csv"
    table.write_text("commune_code,population\n00004,150000\n", encoding="utf-8")
    population.import_population(table)
    assert "check.population_uneven" not in found("population")


def test_facts_about_units_there_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found("facts")["check.facts"].count == 3315
    facts, old = layers.commune_facts(), layers.old_districts()
    monkeypatch.setattr(layers, "commune_facts", lambda: facts.rename({"00004": "99999"}))
    assert found("facts")["check.facts_units"].rows == ("00004", "99999")
    monkeypatch.setattr(layers, "commune_facts", lambda: facts)
    monkeypatch.setattr(layers, "old_districts", lambda: old.drop("001"))
    assert found("facts")["check.facts_units"].rows == ("001",)


def test_a_log_with_unknown_communes(monkeypatch: pytest.MonkeyPatch) -> None:
    log = layers.outreach_activities()
    assert found("outreach")["check.outreach_demonstration"].count == len(log)
    own = pd.DataFrame({"commune_code": ["00004", "99999"], "quality": "reported"})
    monkeypatch.setattr(layers, "outreach_activities", lambda: own)
    assert found("outreach")["check.outreach_unknown"].rows == ("99999",)


def test_a_check_that_breaks_is_a_finding() -> None:
    def broken() -> list[Finding]:
        raise KeyError("population")

    def faulty() -> list[Finding]:
        raise DataFault("general.file_missing", path="x.csv")

    findings = check.run({"a": broken, "b": faulty})
    assert [one.severity for one in findings] == ["error", "error"]
    assert "population" in findings[0].message("en") and "x.csv" in findings[1].message("vi")


def test_figures_say_whether_they_still_apply(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = check.figures()
    assert figures["population"]["model"]["mdape"] < 40
    assert figures["geometry"]["imported"] is figures["population"]["imported"] is False
    json.dumps(figures, allow_nan=False)


def test_every_finding_the_code_makes_has_a_text() -> None:
    made = set()
    for source in [*(paths.ROOT / "geo").rglob("*.py"), *(paths.ROOT / "dashboard").rglob("*.py")]:
        made |= set(re.findall(r'Finding\(\s*f?"(\w+\.\w+)"', source.read_text(encoding="utf-8")))
    assert len(made) > 30
    for code in made - {"check.crosswalk_", "check.geometry_", "general.file_missing"}:
        name, _, key = code.partition(".")
        assert key in topic(name), code
    assert {f"crosswalk_{kind}" for kind in ("lost", "sourceless", "unknown")} <= set(topic("check"))
    assert {f"geometry_{kind}" for kind in ("schematic", "official", "mixed")} <= set(topic("check"))


def test_numbers_are_written_as_the_language_does() -> None:
    one = Finding("boundaries.uneven_borders", "info", 3321, values={"km": 1234.5})
    assert "3.321 xã" in one.message("vi") and "1.234,5 km" in one.message("vi")
    assert "3,321 communes" in one.message("en") and "1,234.5 km" in one.message("en")
    assert one.to_dict()["message"].startswith("The borders") and one.to_dict()["count"] == 3321
    assert boundaries.load("01").kind == "schematic"
