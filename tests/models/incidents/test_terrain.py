"""Risk terrain on simulated countries whose true factors are known."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from sklearn.linear_model import PoissonRegressor

from geo.base import crs
from geo.base.errors import InputError
from geo.base.paths import ROOT
from models.incidents import terrain
from models.incidents.terrain import RiskTerrain, Settings, risk_terrain
from models.incidents.terrain_fit import poisson
from models.incidents.terrain_grid import bands, block_folds, counts, grid

AREA = shapely.box(105.6, 20.7, 106.3, 21.3)
SETTINGS = Settings(cell_m=2000.0, bands_m=(2000.0, 4000.0, 8000.0))
RIVER = shapely.LineString([(105.6, 20.8), (106.0, 21.0), (106.1, 21.3)])


def places(generator: np.random.Generator, n: int) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        gpd.points_from_xy(generator.uniform(105.6, 106.3, n), generator.uniform(20.7, 21.3, n)), crs=crs.GEOGRAPHIC
    )


def layers(seed: int) -> dict[str, gpd.GeoSeries]:
    """Two factors that matter and four layers of places that do not."""
    generator = np.random.default_rng(seed)
    found = {"hub": places(generator, 12), "river": gpd.GeoSeries([RIVER], crs=crs.GEOGRAPHIC)}
    return found | {f"noise{number}": places(generator, 12 + 4 * number) for number in range(4)}


def country(seed: int, number: int = 300) -> tuple[np.ndarray, dict[str, gpd.GeoSeries]]:
    """Incidents five times as dense within 4 km of a hub, three times within 2 km of the river."""
    factors, fine = layers(seed), grid(AREA, 500.0)
    distance = bands(fine, {name: factors[name] for name in ("hub", "river")}, (4000.0,)).distance
    rate = np.exp(np.log(5) * (distance[:, 0] <= 4000) + np.log(3) * (distance[:, 1] <= 2000))
    generator = np.random.default_rng(seed + 1000)
    cell = generator.choice(len(rate), size=number, p=rate / rate.sum())
    metres = fine.centres[cell] + generator.uniform(-250, 250, (number, 2))
    back = Transformer.from_crs(crs.METRIC, crs.GEOGRAPHIC, always_xy=True)
    return np.column_stack(back.transform(*metres.T)), factors


def chosen(incidents: np.ndarray, factors: dict[str, gpd.GeoSeries]) -> dict[str, float]:
    cells = grid(AREA, SETTINGS.cell_m)
    where = cells.locate(incidents)
    near = bands(cells, factors, SETTINGS.bands_m)
    study = terrain.Study(near, *block_folds(cells, SETTINGS.block_m, SETTINGS.folds, 0), SETTINGS)
    fit = study.fit(counts(where[where >= 0], cells))
    return {near.factor[column]: float(np.exp(slope)) for column, slope in zip(fit.columns, fit.slopes, strict=True)}


@pytest.fixture(scope="module")
def result() -> RiskTerrain:
    incidents, factors = country(3)
    days = np.random.default_rng(0).uniform(0, 700, len(incidents))
    halves = [shapely.box(105.6, 20.7, 105.95, 21.3), shapely.box(105.95, 20.7, 106.3, 21.3)]
    index = gpd.GeoDataFrame({"score": [10.0, 90.0]}, geometry=halves, crs=crs.GEOGRAPHIC)
    return risk_terrain(incidents, factors, AREA, days=days, index=index, settings=SETTINGS)


def test_the_true_factors_are_found_and_noise_seldom_is() -> None:
    """In 6 countries: both factors always; of 24 layers of noise at most 4 (one in six)."""
    noise, relative = 0, []
    for seed in range(6):
        found = chosen(*country(seed))
        assert {"hub", "river"} <= set(found), seed
        noise += sum(name.startswith("noise") for name in found)
        relative.append(found["hub"])
    assert noise <= 4
    assert 3.5 < np.median(relative) < 5.5, "a little under 5: cells of 2 km blur the edge"


def test_scattered_incidents_keep_close_to_nothing() -> None:
    """In 4 countries without any factor: of 24 layers at most 3 are chosen."""
    picked = 0
    for seed in range(4):
        generator = np.random.default_rng(seed)
        scattered = generator.uniform([105.6, 20.7], [106.3, 21.3], (300, 2))
        picked += len(chosen(scattered, layers(seed)))
    assert picked <= 3


def test_intervals_hold_the_truth_and_rounds_agree(result: RiskTerrain) -> None:
    table = result.factors.set_index("factor")
    assert set(table.index) == {"hub", "river"}
    assert table.loc["hub", "band_m"] == 4000
    assert (table["low"] < table["rrv"]).all() and (table["rrv"] < table["high"]).all()
    assert table.loc["hub", "low"] > 2 and table.loc["river", "low"] > 1
    assert table.loc["river", "low"] < 3 < table.loc["river", "high"]
    assert (table["kept"] >= 0.8).all()
    assert result.considered["hub"] == "chosen" and result.considered["noise1"] == "not_chosen"


def test_held_out_incidents_are_found_better_than_by_chance_distance_or_a_bad_index(result: RiskTerrain) -> None:
    pai = result.hits.set_index(["share", "method"])["pai"].unstack()  # noqa: PD010
    chance = result.hits.groupby("share")["chance"].first()
    assert (pai["terrain"] > chance).all()
    assert (pai["terrain"] > pai["distance"]).all() and (pai["terrain"] > pai["index"]).all()
    assert (pai["index"] < 1.5).all()
    assert result.hits["pei"].between(0, 1).all()
    rri = result.hits.set_index("method")["rri"]
    assert rri["terrain"].between(0.6, 1.6).all(), (
        "what incidents keep close to does not change from one half to the next"
    )
    assert rri.dropna().between(0.4, 1.8).all()


def test_nothing_returned_is_about_a_cell_a_commune_or_an_incident(result: RiskTerrain) -> None:
    for field in dataclasses.fields(result):
        value = getattr(result, field.name)
        if isinstance(value, pd.DataFrame | pd.Series):
            assert len(value) < 40, field.name
            assert not {"lat", "lon", "x", "y", "geometry", "count", "incidents", "score"} & set(
                map(str, value.index)
            )
            columns = set(value.columns) if isinstance(value, pd.DataFrame) else set()
            assert not {"lat", "lon", "x", "y", "geometry", "count", "incidents", "score"} & columns
        else:
            assert isinstance(value, int | float), field.name


def test_the_index_is_reckoned_without_the_terrain() -> None:
    validating = (
        "models.incidents.terrain",
        "models.incidents.hits",
        "models.incidents.near_repeat",
        "models.incidents.validation",
        "geo.intake.incidents",
    )
    rooms = [ROOT / "geo", ROOT / "models" / "index", ROOT / "models" / "outreach"]
    scoring = [path for room in rooms for path in room.rglob("*.py")]
    assert len(scoring) > 60
    for path in scoring:
        assert not any(module in path.read_text(encoding="utf-8") for module in validating), path


def test_a_factor_with_few_incidents_is_hidden_not_judged() -> None:
    incidents, factors = country(1)
    corner = gpd.GeoSeries([shapely.Point(106.29, 20.71)], crs=crs.GEOGRAPHIC)
    few = Settings(cell_m=2000.0, bands_m=(2000.0, 3000.0), folds=3)
    near = np.hypot(*((incidents - [106.29, 20.71]) * [104, 111.2]).T) < 6
    found = risk_terrain(incidents[~near], {"hub": factors["hub"], "corner": corner}, AREA, settings=few)
    assert found.considered["corner"] == "hidden"


def test_incidents_in_one_place_are_no_fault_and_show_as_dispersion() -> None:
    """All in two cells: nothing to learn from the other blocks, and counts far from Poisson."""
    _, factors = country(1)
    incidents = np.repeat([[105.7, 20.8], [105.72, 20.8]], 40, axis=0)
    near = gpd.GeoSeries([shapely.Point(105.71, 20.8), shapely.Point(106.2, 21.2)], crs=crs.GEOGRAPHIC)
    small = Settings(cell_m=2000.0, bands_m=(4000.0,), folds=3)
    found = risk_terrain(incidents, {"noise": factors["noise0"], "near": near}, AREA, settings=small)
    assert not found.factors["factor"].eq("noise").any()
    assert found.incidents == 80
    scattered = np.random.default_rng(0).uniform([105.6, 20.7], [106.3, 21.3], (75, 2))
    again = np.repeat(scattered, 4, axis=0) + np.random.default_rng(1).normal(0, 0.001, (300, 2))
    assert risk_terrain(again, {"noise": factors["noise0"]}, AREA, settings=small).dispersion > 2


def test_repeats_in_one_place_do_not_make_noise_look_like_a_factor() -> None:
    """Each place four times over: plain Poisson would take chance for a pattern; in 4 countries at most 4 of 24."""
    picked = 0
    for seed in range(4):
        scattered = np.random.default_rng(seed).uniform([105.6, 20.7], [106.3, 21.3], (75, 2))
        picked += len(chosen(np.repeat(scattered, 4, axis=0), layers(seed)))
    assert picked <= 4


def test_the_same_seed_gives_the_same_result_and_the_order_does_not_matter() -> None:
    incidents, factors = country(2)
    small = Settings(cell_m=2000.0, bands_m=(4000.0,), folds=3)
    one, other = (risk_terrain(points, factors, AREA, settings=small) for points in (incidents, incidents[::-1]))
    pd.testing.assert_frame_equal(one.factors, other.factors)
    pd.testing.assert_frame_equal(one.hits, other.hits)


def test_poisson_is_that_of_scikit_learn_and_its_covariance_the_known_one() -> None:
    generator = np.random.default_rng(0)
    columns = (generator.random((500, 3)) < 0.3).astype(float)
    found = generator.poisson(np.exp(-1 + columns @ [1.0, 0.5, 0.0])).astype(float)
    slopes, mean, _ = poisson(columns, found)
    oracle = PoissonRegressor(alpha=0, tol=1e-10, max_iter=1000).fit(columns, found)
    np.testing.assert_allclose(slopes, [oracle.intercept_, *oracle.coef_], atol=1e-4)
    assert mean.sum() == pytest.approx(found.sum())
    single, _, covariance = poisson(columns[:, :1], found)
    inside = found[columns[:, 0] == 1].sum()
    assert covariance[1, 1] == pytest.approx(1 / inside + 1 / (found.sum() - inside))
    assert np.exp(single[0]) == pytest.approx(found[columns[:, 0] == 0].mean())


def test_cells_cover_the_area_once_and_points_find_theirs() -> None:
    cells = grid(AREA, 2000.0)
    assert len(np.unique(cells.places, axis=0)) == len(cells.places)
    square_km = 0.7 * 111.32 * np.cos(np.radians(21)) * 0.6 * 110.7
    assert len(cells.places) * 4 == pytest.approx(square_km, rel=0.03)
    back = Transformer.from_crs(crs.METRIC, crs.GEOGRAPHIC, always_xy=True)
    centres = np.column_stack(back.transform(*cells.centres.T))
    assert (cells.locate(centres) == np.arange(len(centres))).all()
    assert cells.locate(np.array([[100.0, 21.0], [np.nan, 21.0]])).tolist() == [-1, -1]


def test_blocks_are_held_out_whole() -> None:
    cells = grid(AREA, 2000.0)
    blocks, folds = block_folds(cells, 10_000.0, 5, 0)
    assert len(set(zip(blocks, folds, strict=True))) == len(set(blocks))
    assert set(folds) == set(range(5))
    for block in np.unique(blocks):
        assert np.ptp(cells.centres[blocks == block], axis=0).max() <= 8000


def test_what_cannot_be_modelled_is_refused() -> None:
    incidents, factors = country(1)
    with pytest.raises(InputError, match="at least 50"):
        risk_terrain(incidents[:49], factors, AREA, settings=SETTINGS)
    with pytest.raises(InputError, match="No factor"):
        risk_terrain(incidents, {}, AREA, settings=SETTINGS)
    with pytest.raises(InputError, match="larger cells"):
        risk_terrain(incidents, factors, AREA, settings=Settings(cell_m=10.0))
    with pytest.raises(InputError, match="smaller cells"):
        risk_terrain(incidents, factors, AREA, settings=Settings(cell_m=20_000.0, block_m=20_000.0))
    with pytest.raises(InputError, match="blocks"):
        risk_terrain(incidents, factors, AREA, settings=Settings(cell_m=2000.0, block_m=1e6))
    for wrong in ({"cell_m": 0.0}, {"shares": (0.2, 0.1)}, {"mixing": 0.0}, {"folds": 2}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            Settings(**wrong)
