"""Official outlines come in whole and right, or not at all; what nobody imported stays schematic."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import boundaries, units
from geo.base import paths
from geo.base.crs import EQUAL_AREA, METRIC
from geo.base.errors import DataFault, InputError, topic
from geo.base.findings import Finding
from geo.boundaries import store
from geo.boundaries.codes import name_rows
from geo.files import geodata

PROVINCE = "19"


def cells(province: str = PROVINCE) -> gpd.GeoDataFrame:
    """Every place goes to the nearest known point: a coverage that has each commune where it is."""
    points = units.communes_of(province)
    sites = shapely.points(points["lon"], points["lat"])
    frame = shapely.box(*shapely.total_bounds(sites)).buffer(0.05, join_style="mitre")
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(sites), extend_to=frame))
    order = shapely.STRtree(parts).query(sites, predicate="within")[1]
    shapes = shapely.intersection(parts[order], frame)
    return gpd.GeoDataFrame({"ma_xa": points.index, "ten_xa": points["name"].to_numpy()}, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def province() -> gpd.GeoDataFrame:
    return cells()


@pytest.fixture(autouse=True)
def _schematic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path_factory.getbasetemp() / "schematic.parquet"
    if not path.exists():
        points = units.communes()
        lon, lat = points["lon"].to_numpy(), points["lat"].to_numpy()
        shapes = shapely.box(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
        gpd.GeoDataFrame(
            {"commune_code": points.index, "province_code": points["province_code"].to_numpy()},
            geometry=shapes,
            crs=4326,
        ).to_parquet(path)
    monkeypatch.setattr(paths, "DEFAULT_GEOMETRY", path)
    return path


@pytest.fixture(autouse=True)
def _short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A frame in the place of a path spares the process that reads files; some tests go the whole way."""
    whole_way = geodata.read

    def read(source: object, **options: object) -> geodata.Geodata:
        if isinstance(source, gpd.GeoDataFrame):
            return geodata.Geodata(source.copy(), "xa.gpkg", "gpkg", True)
        return whole_way(source, **options)

    monkeypatch.setattr(geodata, "read", read)


def filed(frame: gpd.GeoDataFrame, folder: Path, name: str = "xa.gpkg") -> Path:
    path = folder / name
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    return path


def take(given_source: gpd.GeoDataFrame | Path, **options: object) -> boundaries.ImportReport:
    return boundaries.import_boundaries(given_source, **({"as_of": "2025-07-01"} | options))


def refused(source: gpd.GeoDataFrame | Path, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        take(source, **options)
    assert not store.exists(), "a refused file leaves nothing behind"
    assert "{" not in str(caught.value)
    return caught.value


def checks(report: boundaries.ImportReport) -> dict[str, Finding]:
    assert "{" not in json.dumps([finding.message("vi") + finding.message("en") for finding in report.findings])
    return {finding.check: finding for finding in report.findings}


# --- what maps get ---------------------------------------------------------------------------------------------


def test_without_an_import_everything_is_schematic() -> None:
    nation = boundaries.load()
    assert (nation.kind, len(nation.frame)) == ("schematic", 3321)
    assert nation.frame.index.equals(units.communes().index)
    assert list(nation.frame.columns) == ["province_code", "geometry_kind", "geometry"]
    assert (nation.frame["geometry_kind"] == "schematic").all()
    assert boundaries.load("Quảng Ninh").frame.index.equals(units.communes_of("22").index)


def test_imported_communes_replace_schematic_ones_and_only_those(province: gpd.GeoDataFrame) -> None:
    before = boundaries.load().digest
    report = take(province.iloc[:-3], source="Sở", as_of="2025-07-01")
    assert (report.communes, report.provinces) == (89, {PROVINCE: (89, 92)})
    assert checks(report)["boundaries.communes_absent"].count == 3
    nation = boundaries.load()
    assert nation.kind == "mixed" and nation.digest != before
    kinds = nation.frame["geometry_kind"]
    assert kinds.value_counts().to_dict() == {"schematic": 3321 - 89, "official": 89}
    assert (kinds[province["ma_xa"].iloc[:-3]] == "official").all()
    assert nation.frame.index.equals(units.communes().index)
    local = boundaries.load(PROVINCE, "200m")
    assert (local.kind, local.as_of) == ("mixed", "2025-07-01") and local.source.startswith("Sở; ")
    assert boundaries.load("22").kind == "schematic"
    take(province)
    assert boundaries.load(PROVINCE).kind == "official"
    assert boundaries.reset() and not boundaries.reset()
    assert boundaries.load().digest == before


def test_a_later_import_keeps_the_earlier_one(province: gpd.GeoDataFrame) -> None:
    take(province, source="first")
    report = take(cells("20"), source="second")
    assert (report.communes, report.in_force) == (65, 92 + 65)
    nation = boundaries.load()
    assert "first" in nation.source and "second" in nation.source
    assert boundaries.load("20").kind == boundaries.load(PROVINCE).kind == "official"


def test_the_outlines_come_back_as_given(province: gpd.GeoDataFrame) -> None:
    report = take(province)
    assert report.largest_change < 0.01 and report.written
    frame = boundaries.load(PROVINCE).frame
    given_ = province.set_index("ma_xa").geometry.loc[frame.index]
    assert frame.geometry.symmetric_difference(given_).area.max() < 1e-7
    json.dumps(report.to_dict())


def test_every_level_is_a_coverage_and_keeps_islands(province: gpd.GeoDataFrame) -> None:
    wavy = province.set_geometry(province.geometry.segmentize(0.002))
    island = shapely.Point(wavy.total_bounds[0] - 0.2, wavy.total_bounds[1]).buffer(0.0002)
    wavy.loc[0, "geometry"] = shapely.union(wavy.geometry[0], island)
    take(wavy)
    vertices = []
    for level in ("full", "50m", "200m"):
        shapes = boundaries.load(PROVINCE, level).frame.geometry.to_numpy()
        assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
        assert shapely.get_num_geometries(shapes).sum() == 93, "the island stays"
        vertices.append(shapely.get_num_coordinates(shapes).sum())
    assert vertices[0] > vertices[1] >= vertices[2]


def test_a_dry_run_writes_nothing(province: gpd.GeoDataFrame, tmp_path: Path) -> None:
    report = take(filed(province, tmp_path), dry_run=True)
    assert report.communes == 92 and not report.written
    assert boundaries.load().kind == "schematic"


def test_damaged_and_incomplete_files_of_our_own_say_so(
    province: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(province)
    content = store.file().read_bytes()
    for broken in (content[: len(content) // 2], b"", b"PAR1" + bytes(100) + b"PAR1"):
        store.file().write_bytes(broken)
        with pytest.raises(DataFault, match="--reset"):
            boundaries.load(PROVINCE)
    boundaries.reset()
    monkeypatch.setattr(paths, "DEFAULT_GEOMETRY", tmp_path / "absent.parquet")
    with pytest.raises(DataFault):
        boundaries.load()
    filed(province.rename(columns={"ma_xa": "commune_code"}), tmp_path, "absent.parquet")
    with pytest.raises(DataFault, match="lack"):
        boundaries.load()


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_killed_import_leaves_the_earlier_one(moment: str, province: gpd.GeoDataFrame, tmp_path: Path) -> None:
    take(province, source="first")
    before = boundaries.load(PROVINCE).digest
    filed(cells("20"), tmp_path, "b.gpkg")
    die = {
        "fsync": "os.fsync = lambda handle: os.kill(os.getpid(), 9)",
        "replace": "pathlib.Path.replace = lambda self, other: os.kill(os.getpid(), 9)",
    }[moment]
    code = f"import os, pathlib, sys; sys.path.insert(0, {str(paths.ROOT)!r}); {die}\n"
    code += f"from geo import boundaries; boundaries.import_boundaries({str(tmp_path / 'b.gpkg')!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, env=dict(os.environ))
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()[-500:]
    assert boundaries.load(PROVINCE).digest == before
    take(tmp_path / "b.gpkg")
    assert boundaries.load("20").kind == boundaries.load(PROVINCE).kind == "official"


def test_a_disk_that_cannot_be_written_is_a_message(
    province: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(province, source="first")
    before = boundaries.load(PROVINCE).digest

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        take(cells("20"))
    assert boundaries.load(PROVINCE).digest == before
    assert [path.name for path in store.file().parent.iterdir()] == ["communes.parquet"]
    (tmp_path / "home").write_text("a file where a folder should be", encoding="utf-8")
    monkeypatch.setenv("RISKMAP_HOME", str(tmp_path / "home"))
    with pytest.raises(InputError) as caught:
        take(province)
    assert caught.value.code == "boundaries.cannot_write"


# --- codes and names -------------------------------------------------------------------------------------------


def test_lost_zeros_come_back(province: gpd.GeoDataFrame) -> None:
    for kind in (int, float):
        frame = province.assign(ma_xa=province["ma_xa"].astype(int).astype(kind))
        report = take(frame)
        assert report.communes == 92
        assert checks(report)["boundaries.zeros_restored"].count == (province["ma_xa"].str[0] == "0").sum()


def test_names_do_where_there_are_no_codes(province: gpd.GeoDataFrame) -> None:
    import unicodedata

    plain = province["ten_xa"].map(lambda name: unicodedata.normalize("NFD", name).upper())
    report = take(province.drop(columns="ma_xa").assign(ten_xa=plain))
    assert report.communes == 92 and checks(report)["boundaries.named"].values["column"] == "ten_xa"
    frame = boundaries.load(PROVINCE).frame
    given_ = province.set_index("ma_xa").geometry.loc[frame.index]
    assert frame.geometry.symmetric_difference(given_).area.max() < 1e-7, (
        "names that others share went to the nearest"
    )
    assert refused_names(province).rows == ["Xã Không Có"]


def refused_names(province: gpd.GeoDataFrame) -> InputError:
    boundaries.reset()
    frame = province.drop(columns="ma_xa")
    frame.loc[3, "ten_xa"] = "Xã Không Có"
    error = refused(frame)
    assert error.code == "boundaries.names_unknown"
    report = take(frame, skip_unknown=True)
    assert report.communes == 91 and checks(report)["boundaries.rows_skipped"].severity == "warning"
    return error


def test_other_codes_are_refused_with_the_rows(province: gpd.GeoDataFrame) -> None:
    old = units.old_communes()
    gone = old[~old.index.isin(units.communes().index)].index
    error = refused(province.assign(ma_xa=gone[:92]))
    assert error.code == "boundaries.codes_old" and "1/7/2025" in error.message("vi") and len(error.rows) == 92
    one = province.copy()
    one.loc[5, "ma_xa"] = "99999"
    error = refused(one)
    assert (error.code, error.rows) == ("boundaries.codes_unknown", ["99999"])
    error = refused(province.assign(ma_xa=[f"9{n:04}" for n in range(92)]), skip_unknown=True)
    assert error.code in {"boundaries.codes_unknown", "boundaries.codes_mixed"}
    blank = province.copy()
    blank.loc[7, "ma_xa"] = None
    assert (refused(blank)).rows == ["#8"]
    assert refused(province[["geometry"]].assign(x=1.5)).code == "boundaries.no_code_column"


def test_both_codes_of_ba_che() -> None:
    frame = cells("22")
    row = frame.index[frame["ma_xa"] == "06970"][0]
    alias = frame.copy()
    alias.loc[row, "ma_xa"] = "06978"
    found = checks(take(alias))
    assert found["boundaries.alias_used"].rows == ("06978 → 06970",)
    both = pd.concat([frame, alias.loc[[row]]], ignore_index=True)
    report = take(both)
    assert report.communes == 54 and checks(report)["boundaries.alias_twice"].severity == "warning"


def test_one_code_twice(province: gpd.GeoDataFrame) -> None:
    again = pd.concat([province, province.iloc[[4]]], ignore_index=True)
    error = refused(again)
    assert (error.code, error.rows) == ("boundaries.codes_twice", [province["ma_xa"][4]])
    west, south, east, north = province.geometry[4].bounds
    half = shapely.box(west, south, (west + east) / 2, north)
    parts = province.copy()
    parts.loc[4, "geometry"] = shapely.intersection(province.geometry[4], half)
    other = province.iloc[[4]].set_geometry([shapely.difference(province.geometry[4], half)], crs=4326)
    report = take(pd.concat([parts, other], ignore_index=True))
    assert checks(report)["boundaries.parts_joined"].rows == (province["ma_xa"][4],)
    assert boundaries.load(PROVINCE).frame.geometry[province["ma_xa"][4]].symmetric_difference(
        province.geometry[4]
    ).area == pytest.approx(0, abs=1e-9)


def test_province_rows_are_left_out(province: gpd.GeoDataFrame) -> None:
    whole = gpd.GeoDataFrame({"ma_xa": ["19"], "ten_xa": ["Thái Nguyên"]}, geometry=[province.union_all()], crs=4326)
    report = take(pd.concat([province, whole], ignore_index=True))
    assert report.communes == 92 and checks(report)["boundaries.province_rows"].count == 1


@given(st.permutations(["stt", "DienTich", "MA_XA", "Ten_Xa", "ghi chu"]))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_code_column_is_found_in_any_order(columns: list[str]) -> None:
    codes = units.communes_of(PROVINCE).index
    table = pd.DataFrame(
        {
            "stt": range(1, 93),
            "DienTich": np.linspace(1, 300, 92),
            "MA_XA": codes,
            "Ten_Xa": units.communes_of(PROVINCE)["name"].to_numpy(),
            "ghi chu": "4",
        }
    )[columns]
    naming = name_rows(table, "x")
    assert naming.column == "MA_XA" and naming.codes.tolist() == codes.tolist()


# --- coordinate systems ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("epsg", [4756, 3405, 9214])
def test_vn2000_lands_where_it_should(epsg: int, province: gpd.GeoDataFrame) -> None:
    take(province.to_crs(epsg))
    frame = boundaries.load(PROVINCE).frame.to_crs(METRIC)
    there = province.to_crs(METRIC).set_index("ma_xa").geometry.loc[frame.index]
    assert frame.geometry.centroid.distance(there.centroid).max() < 2, "metres; without the shift it would be 200"


def test_a_vn2000_prj_without_a_code(province: gpd.GeoDataFrame, tmp_path: Path) -> None:
    folder = tmp_path / "shape"
    folder.mkdir()
    province.to_crs(9214).to_file(folder / "xa.shp", encoding="utf-8")
    prj = (
        'PROJCS["VN-2000_KTT_107",GEOGCS["GCS_VN_2000",DATUM["D_Vietnam_2000",SPHEROID["WGS_1984",6378137,298.257223563]],'
        'PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
        'PARAMETER["False_Easting",500000],PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",107],'
        'PARAMETER["Scale_Factor",0.9999],PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]'
    )
    (folder / "xa.prj").write_text(prj)
    with zipfile.ZipFile(tmp_path / "xa.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    report = take(tmp_path / "xa.zip")
    assert "107-00" in report.crs
    there = province.to_crs(METRIC).set_index("ma_xa").geometry
    frame = boundaries.load(PROVINCE).frame.to_crs(METRIC)
    assert frame.geometry.centroid.distance(there.loc[frame.index].centroid).max() < 2


def test_metres_called_degrees(province: gpd.GeoDataFrame, tmp_path: Path) -> None:
    wrong = province.to_crs(9212).set_crs(4326, allow_override=True)
    error = refused(wrong)
    assert error.code == "boundaries.metres_as_degrees" and "EPSG:9212" in error.message("vi")
    assert take(filed(wrong, tmp_path, "m.parquet"), crs="EPSG:9212").communes == 92
    far = wrong.set_geometry(wrong.translate(5e7, 0))
    boundaries.reset()
    assert refused(far).code == "boundaries.metres_unknown"


def test_another_meridian_zone(province: gpd.GeoDataFrame) -> None:
    wrong = province.to_crs(9212).set_crs(9213, allow_override=True)
    error = refused(wrong)
    assert error.code == "boundaries.wrong_crs" and "EPSG:9212" in error.message("en")


def test_swapped_axes_are_turned_back(province: gpd.GeoDataFrame) -> None:
    for epsg in (4326, 9212):
        frame = province.to_crs(epsg)
        turned = frame.set_geometry(
            gpd.GeoSeries(shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=epsg)
        )
        report = take(turned)
        assert checks(report)["boundaries.axes_swapped"].severity == "warning"
        middle = boundaries.load(PROVINCE).frame.geometry.centroid.iloc[0]
        assert 105 < middle.x < 107 and 21 < middle.y < 23


def test_elsewhere(province: gpd.GeoDataFrame) -> None:
    north = province.set_geometry(province.translate(0, -9))
    assert refused(north).code == "boundaries.wrong_region"
    france = province.set_geometry(province.translate(-103, 27))
    assert refused(france).code == "boundaries.outside_vietnam"


def test_no_crs_names_the_one_that_fits(province: gpd.GeoDataFrame) -> None:
    for epsg in (4326, 9212):
        frame = province.to_crs(epsg).set_crs(None, allow_override=True)
        error = refused(frame)
        assert error.code == "boundaries.no_crs_fits" and f"EPSG:{epsg}" in error.remedy("vi")


# --- geometry --------------------------------------------------------------------------------------------------


def test_bow_ties_collections_and_heights_are_mended(province: gpd.GeoDataFrame, tmp_path: Path) -> None:
    frame = province.copy()
    west, south, east, north = frame.geometry[0].bounds
    frame.loc[0, "geometry"] = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    frame.loc[1, "geometry"] = shapely.GeometryCollection([frame.geometry[1], shapely.Point(106, 21.5)])
    frame.loc[2, "geometry"] = shapely.force_3d(frame.geometry[2], 7.0)
    frame.loc[3, "geometry"] = None
    report = take(filed(frame, tmp_path, "a.parquet"))
    found = checks(report)
    codes = province["ma_xa"]
    assert found["boundaries.repaired"].rows == (codes[0],)
    assert found["boundaries.collections"].rows == (codes[1],)
    assert found["boundaries.geometry_missing"].rows == (codes[3],)
    assert report.communes == 91
    official = boundaries.load(PROVINCE).frame
    assert official.geometry.is_valid.all() and not official.geometry.has_z.any()
    assert official["geometry_kind"][codes[3]] == "schematic"


def test_points_and_lines_are_refused(province: gpd.GeoDataFrame) -> None:
    centres = province.set_geometry(province.representative_point())
    assert refused(centres).code == "boundaries.not_areas"
    mixed = province.copy()
    mixed.loc[2, "geometry"] = province.geometry[2].boundary
    assert refused(mixed).rows == [province["ma_xa"][2]]
    flat = province.copy()
    flat.loc[2, "geometry"] = shapely.Polygon([(106, 21.5), (106.1, 21.6), (106.2, 21.7), (106, 21.5)])
    assert refused(flat).code == "boundaries.collapsed"


def test_gaps_and_overlaps_are_removed_and_told(province: gpd.GeoDataFrame) -> None:
    ragged = province.to_crs(METRIC)
    ragged.loc[10, "geometry"] = ragged.geometry[10].buffer(-3, join_style="mitre")
    ragged.loc[30, "geometry"] = ragged.geometry[30].buffer(400, join_style="mitre")
    report = take(ragged.to_crs(4326))
    found = checks(report)
    assert found["boundaries.uneven_borders"].count > 4
    assert found["boundaries.area_moved"].severity == "warning" and report.largest_change > 1
    shapes = boundaries.load(PROVINCE).frame.geometry.to_crs(EQUAL_AREA)
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert shapes.area.sum() == pytest.approx(shapes.union_all().area, rel=1e-9)
    assert shapely.get_num_interior_rings(shapely.get_parts(shapes.union_all())).sum() == 0


def test_two_communes_at_one_place(province: gpd.GeoDataFrame) -> None:
    frame = province.copy()
    frame.loc[10, "geometry"] = frame.geometry[11]
    code = refused(frame).code
    assert code == "boundaries.swallowed"


def test_every_finding_has_texts_that_fit() -> None:
    for name, texts in topic("boundaries").items():
        for language in ("vi", "en"):
            assert texts[language], name


@pytest.mark.reference
def test_official_polygons_end_to_end(shared: Path) -> None:
    path = shared / "boundaries" / "official_2025_four_provinces.zip"
    report = boundaries.import_boundaries(path)
    assert report.provinces == {"19": (92, 92), "22": (54, 54), "51": (96, 96), "80": (96, 96)}
    assert report.largest_change < 0.1
    found = checks(report)
    assert found["boundaries.alias_used"].rows == ("06978 → 06970",)
    assert found["readers.province_files"].count == 4
    for level, most in (("full", 800_000), ("50m", 110_000), ("200m", 40_000)):
        frame = boundaries.load("22", level).frame
        assert len(frame) == 54 and (frame["geometry_kind"] == "official").all()
        shapes = frame.geometry.to_numpy()
        assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
        assert shapely.get_num_coordinates(shapes).sum() < most
    parts = {
        level: shapely.get_num_geometries(boundaries.load(None, level).frame.geometry).sum()
        for level in ("full", "200m")
    }
    assert parts["full"] == parts["200m"]
    official = gpd.read_parquet(shared / "boundaries" / "communes_2025_20m.parquet")
    official["code"] = units.check_codes(official["code"]).to_numpy()
    ours = boundaries.load("22").frame.to_crs(EQUAL_AREA).area
    theirs = official.set_index("code").to_crs(EQUAL_AREA).area.loc[ours.index]
    assert (ours / theirs - 1).abs().median() < 0.002
