"""Who touches whom: lattices that can be counted, gaps, islands."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.base.errors import InputError
from models.patterns.neighbours import nearest, touching

UTM = "EPSG:32648"


def lattice(rows: int, columns: int, side: float = 1000.0, gap: float = 0.0) -> gpd.GeoSeries:
    boxes = [
        shapely.box(x * (side + gap), y * (side + gap), x * (side + gap) + side, y * (side + gap) + side)
        for y in range(rows)
        for x in range(columns)
    ]
    return gpd.GeoSeries(boxes, crs=UTM)


@pytest.mark.parametrize(("rows", "columns"), [(1, 4), (3, 3), (4, 6)])
def test_a_lattice_has_the_queen_s_neighbours(rows: int, columns: int) -> None:
    matrix = touching(lattice(rows, columns), gap_m=1).toarray()
    for one in range(rows * columns):
        for other in range(rows * columns):
            steps = max(abs(one // columns - other // columns), abs(one % columns - other % columns))
            assert matrix[one, other] == (steps == 1)


def test_borders_that_do_not_quite_meet_touch_within_the_gap() -> None:
    apart = lattice(1, 3, gap=30)
    assert touching(apart, gap_m=10).nnz == 0
    assert touching(apart, gap_m=50).nnz == 4


def test_libpysal_finds_the_same_neighbours_in_an_uneven_coverage() -> None:
    graph = pytest.importorskip("libpysal.graph")
    points = np.random.default_rng(3).uniform(0, 50_000, (60, 2)) + np.array([500_000, 2_300_000])
    area = shapely.box(500_000, 2_300_000, 550_000, 2_350_000)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=area))
    shapes = gpd.GeoSeries(shapely.intersection(cells, area), crs=UTM)
    expected = graph.Graph.build_contiguity(shapes, rook=False, strict=True).sparse.toarray()
    assert (touching(shapes, gap_m=0.01).toarray() == (expected > 0)).all()


def test_islands_stay_alone_unless_they_are_given_the_nearest() -> None:
    shapes = gpd.GeoSeries(
        [*lattice(1, 2), shapely.box(4000, 0, 5000, 1000), shapely.box(9000, 0, 9500, 500), None], crs=UTM
    )
    alone = touching(shapes)
    assert alone.sum(axis=1).tolist() == [1, 1, 0, 0, 0]
    given = touching(shapes, islands="nearest", k=2).toarray()
    assert np.flatnonzero(given[2]).tolist() == [0, 1]
    assert np.flatnonzero(given[3]).tolist() == [1, 2]
    assert given[4].sum() == 0, "nobody knows where a unit without an outline lies"
    assert (given[:2] == alone.toarray()[:2]).all(), "the mainland keeps its neighbours"


def test_nearest_leaves_out_the_unit_itself_even_where_points_coincide() -> None:
    points = np.zeros((5, 2))
    matrix = nearest(points, 2).toarray()
    assert (matrix.sum(axis=1) == 2).all()
    assert np.trace(matrix) == 0


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(InputError, match="coordinate system"):
        touching(gpd.GeoSeries([shapely.box(0, 0, 1, 1)]))
    with pytest.raises(InputError, match="gap_m"):
        touching(lattice(1, 2), gap_m=-1)
    with pytest.raises(InputError):
        nearest(np.zeros((3, 2)), 3)
