"""Every check of units, points and areas finds the fault it is for, and says nothing new of the data that ship."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import boundaries, datasets, layers, units
from geo.base.findings import Finding
from geo.base.vocabulary import CrossingType
from geo.layers import borders
from geo.release import check
from geo.units import crosswalk


def found(name: str) -> dict[str, Finding]:
    return {one.check: one for one in check.run({name: check.CHECKS[name]})}


def with_row(table: gpd.GeoDataFrame, like: int, **changes: object) -> gpd.GeoDataFrame:
    """The table and one more row, like that at a position but for the changes."""
    row = table.iloc[[like]].assign(**changes)
    return gpd.GeoDataFrame(pd.concat([table, row], ignore_index=True), crs=table.crs)


@pytest.mark.parametrize("name", ["links", "twins", "centres", "border"])
def test_what_ships_has_its_reasons(name: str) -> None:
    assert [one.message("en") for one in check.run({name: check.CHECKS[name]}) if one.severity != "info"] == []


def test_a_link_that_is_too_long_or_leaves_its_old_province(monkeypatch: pytest.MonkeyPatch) -> None:
    links = crosswalk.links()
    far = pd.DataFrame({"old_code": ["28437", "31379"], "new_code": ["29869", "31582"], "kind": "partial"})
    monkeypatch.setattr(crosswalk, "links", lambda: pd.concat([links, far.assign(share=0.3)], ignore_index=True))
    faults = found("links")
    assert [row[:5] for row in faults["check.links_long"].rows] == ["28437"]
    assert faults["check.links_long"].rows[0].endswith(" km)") and faults["check.links_long"].severity == "error"
    assert {row[:5] for row in faults["check.links_province"].rows} == {"28437", "31379"}


def test_a_long_link_with_a_reason_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    table = datasets.read_table("crosswalk_corrections")
    without = table[table["change"] != "kept"]
    monkeypatch.setattr(datasets, "read_table", lambda name: without)
    assert [row[:5] for row in found("links")["check.links_long"].rows] == ["07027"]


def test_two_gates_and_two_zones_at_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    crossings, zones = layers.border_crossings(), layers.industrial_zones()
    again = with_row(crossings, 0, crossing_id="BC999", type=str(CrossingType.OPENING))
    double = with_row(zones, 0, zone_id="IZ999", name_vi="X")
    monkeypatch.setattr(layers, "border_crossings", lambda located=True: again)
    monkeypatch.setattr(layers, "industrial_zones", lambda located=True: double)
    findings = {one.values["layer"]: one for one in check.run({"twins": check.CHECKS["twins"]})}
    assert [row[:5] for row in findings["border_crossings"].rows] == ["BC001"]
    assert "IZ999 X" in findings["industrial_zones"].rows[0] and "(0 m)" in findings["industrial_zones"].rows[0]
    part = double.assign(part_of=double["part_of"].mask(double["zone_id"] == "IZ999", double["zone_id"].iloc[0]))
    monkeypatch.setattr(layers, "industrial_zones", lambda located=True: part)
    assert {one.values["layer"] for one in check.run({"twins": check.CHECKS["twins"]})} == {"border_crossings"}


def test_two_zones_that_are_said_to_be_two(monkeypatch: pytest.MonkeyPatch) -> None:
    zones = layers.industrial_zones()
    forgotten = zones.assign(distinct_from=None)
    monkeypatch.setattr(layers, "industrial_zones", lambda located=True: forgotten)
    assert found("twins")["check.twins"].rows[0].startswith("IZ193 ")


def test_a_centre_off_its_outline_is_found_unless_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    communes = units.communes().copy()
    communes.loc["00004", "lat"] += 0.3
    communes.loc["00008", ["lat", "centre_confidence"]] = [21.4, "low"]
    monkeypatch.setattr(units, "communes", lambda: communes)
    faults = found("centres")
    assert [row[:5] for row in faults["check.centre_outside"].rows] == ["00004"]
    assert "00008" in {row[:5] for row in faults["check.centre_doubted"].rows}


def test_an_area_that_is_not_that_of_the_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {row[:5] for row in found("areas")["check.area_outline"].rows}
    communes = units.communes().copy()
    communes.loc["00004", "area_km2"] *= 10
    monkeypatch.setattr(units, "communes", lambda: communes)
    assert {row[:5] for row in found("areas")["check.area_outline"].rows} - before == {"00004"}
    assert found("areas")["check.area_unofficial"].count == 30


def test_rows_without_a_point_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    crossings = layers.border_crossings(located=False).copy()
    crossings.loc[0, ["lat", "lon"]] = None
    monkeypatch.setattr(layers, "border_crossings", lambda located=True: crossings)
    named = {one.values["layer"]: one for one in check.run({"points": check.CHECKS["points"]})}
    assert [row[:5] for row in named["border_crossings"].rows] == ["BC001", "BC163", "BC167"]
    assert named["border_crossings"].values["total"] == 172 and named["industrial_zones"].count == 75


def test_a_province_that_reported_more_zones_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def long_an() -> list[str]:
        return [row for row in found("zone_counts")["check.zone_counts"].rows if row.startswith("80 ")]

    clusters = [row for row in long_an() if "cluster" in row]
    assert clusters == ["80 Long An: industrial_cluster 4 / 32"]
    reports = layers.outreach_reported()
    more = reports.assign(value=reports["value"].mask(reports["reported_measure"] == "industrial parks", 99))
    monkeypatch.setattr(layers, "outreach_reported", lambda: more)
    assert any("industrial_park " in row and row.endswith("/ 99") for row in long_an())


def test_a_border_that_cuts_communes(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = boundaries.load(level="200m").frame.geometry["06724"].representative_point()
    across = shapely.LineString([(inside.x - 0.03, inside.y), (inside.x + 0.03, inside.y)])
    monkeypatch.setattr(borders, "land_border", lambda: across)
    cut = found("border")["check.border_inside"]
    assert "06724" in {row[:5] for row in cut.rows} and cut.severity == "warning"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_has_words_in_both_languages(language: str) -> None:
    for name in ("links_long", "links_province", "centre_outside", "centre_doubted", "area_outline", "border_inside",
                 "area_unofficial", "layer_unplaced", "twins", "zone_counts"):  # fmt: skip
        values = {"km": 40, "factor": 1.5, "layer": "x", "metres": 700, "total": 9}
        text = Finding(f"check.{name}", "info", 3, ("a",), values).message(language)
        assert "3" in text and "{" not in text
