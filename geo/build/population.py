"""Models the population of every commune: the total of its old province, shared out by what is known of the commune.

The share follows a log-linear model with few coefficients, the same for the whole country. They were fitted once to
checked figures of other communes with a fixed effect for every old province (so that only differences inside a
province count), and tested on provinces left out of the fit; no figure of a single commune enters the result.

    python -m geo.build.population CHECKED.csv   # fits, tests and prints; writes population_figures.json
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo import crosswalk, layers, paths, units
from geo.files import replace_file

YEAR = 2024
SPACING = 12
NEIGHBOURS = 8
FOLDS = 11
UNPEOPLED = ("20333", "22736")
"""Hoàng Sa and Trường Sa: a model of villages says nothing about them, so their population stays missing."""

FIGURES = paths.INDICATORS / "population_figures.json"
SOURCE = (
    "Ước tính của riskmap: dân số trung bình 2024 của tỉnh cũ (Cục Thống kê) chia cho các xã theo mô hình "
    "(geo/build/population.py)"
)

COEFFICIENTS: Mapping[str, float] = {
    "log_old_communes": 0.729,
    "log_area": 0.091,
    "log_area_squared": -0.083,
    "old_wards": 0.459,
    "old_townships": 0.714,
    "log_spacing": -0.442,
    "log_area_nearby": -0.228,
}
"""Effect on the log of the population; the level comes from the province total."""

RANGES: Mapping[str, tuple[float, float]] = {
    "Phường": (0.69, 1.63),
    "Xã": (0.7, 1.62),
    "Đặc khu": (0.41, 2.88),
}
"""By type, what the modelled figure is multiplied with for the ends of the range: it held 8 of 10 checked figures."""


@dataclass(frozen=True)
class Figures:
    """How far modelled figures are from checked ones.

    ``mdape`` is the median of |modelled - checked| / checked, in per cent; ``mdape_same_total`` the same after both
    were brought to the same total in each province, so that only the distribution inside counts; ``spearman`` the
    mean over provinces of the rank correlation inside.
    """

    communes: int
    mdape: float
    mdape_same_total: float
    spearman: float
    mdape_by_type: dict[str, float]


def build(folder: Path = paths.INDICATORS) -> list[Path]:
    """Write ``population.csv`` and return its path."""
    table = modelled()
    target = folder / paths.POPULATION.name
    with replace_file(target) as temporary:
        table.to_csv(temporary, lineterminator="\n")
    return [target]


def modelled() -> pd.DataFrame:
    """Return the modelled population of every commune: ``population, low, high, quality, source, as_of``."""
    known = traits()
    weight = weights(known, COEFFICIENTS).mask(known.index.isin(UNPEOPLED))
    people = share_out(weight, known["old_province"], totals())
    low, high = (known["type"].map({kind: ends[side] for kind, ends in RANGES.items()}) for side in (0, 1))
    table = pd.DataFrame(
        {
            "population": people.round(),
            "low": (people * low).round(-2),
            "high": (people * high).round(-2),
        }
    ).astype("Int64")
    return table.assign(quality="modelled", source=SOURCE, as_of=str(YEAR)).rename_axis("commune_code")


def totals() -> pd.Series:
    """Return the average population of 2024 by old province, in people."""
    return 1000 * layers.province_values("average_population", (YEAR,))


def traits() -> pd.DataFrame:
    """Return what the model knows of each commune.

    Returns
    -------
    pandas.DataFrame
        Indexed by commune: ``old_province, type`` and the columns of ``COEFFICIENTS``: logs of the number of old
        communes (parts count by their share), of the area in square kilometres, of the spacing of old communes
        nearby and of the area of the nearest communes; shares of old wards and townships.
    """
    communes = units.communes()
    old = units.old_communes()
    links = crosswalk.links()
    parts = links.merge(old, left_on="old_code", right_index=True, how="left")
    by_commune = parts.groupby("new_code")
    count = by_commune["share"].sum().reindex(communes.index)
    place = by_commune[["lat", "lon"]].median().reindex(communes.index).fillna(communes[["lat", "lon"]])
    log_area = np.log(communes["area_km2"])
    return pd.DataFrame(
        {
            "old_province": crosswalk.main_old_province().reindex(communes.index),
            "type": communes["type"],
            "log_old_communes": np.log(count.clip(lower=0.15)),
            "log_area": log_area,
            "log_area_squared": (log_area - 4) ** 2,
            "old_wards": _part(parts, "Phường").reindex(communes.index) / count,
            "old_townships": _part(parts, "Thị trấn").reindex(communes.index) / count,
            "log_spacing": _log_spacing(parts, old).reindex(communes.index),
            "log_area_nearby": _log_nearby(log_area, place),
        }
    ).pipe(lambda frame: frame.fillna({"log_spacing": frame["log_spacing"].quantile(0.9)}))


def weights(known: pd.DataFrame, coefficients: Mapping[str, float]) -> pd.Series:
    """Return the weight of each commune in its province: ``exp(sum of coefficient x trait)``."""
    return np.exp(known[list(coefficients)] @ pd.Series(dict(coefficients)))


def share_out(weight: pd.Series, group: pd.Series, total: pd.Series) -> pd.Series:
    """Divide the total of each group over its members in proportion to their weights.

    Examples
    --------
    >>> share_out(pd.Series([1.0, 3.0]), pd.Series(["a", "a"]), pd.Series({"a": 100.0})).tolist()
    [25.0, 75.0]
    """
    return weight / weight.groupby(group).transform("sum") * group.map(total)


def fit(known: pd.DataFrame, checked: pd.Series) -> dict[str, float]:
    """Fit the coefficients by least squares on logs, each old province with a level of its own."""
    names = [name for name in known if name not in ("old_province", "type")]
    rows = checked.dropna().index.intersection(known.index)
    group = known.loc[rows, "old_province"]
    x, y = known.loc[rows, names].astype(float), np.log(checked[rows])
    x, y = x - x.groupby(group).transform("mean"), y - y.groupby(group).transform("mean")
    solved = np.linalg.lstsq(x.to_numpy(), y.to_numpy(), rcond=None)[0]
    return {name: round(float(value), 3) for name, value in zip(names, solved, strict=True)}


def left_out(known: pd.DataFrame, checked: pd.Series, provinces: pd.Series) -> pd.Series:
    """Return weights of which each was made with coefficients fitted without the commune's province."""
    codes = sorted(provinces.unique())
    fold = provinces.map({code: place % FOLDS for place, code in enumerate(codes)})
    made = [
        weights(known[fold == number], fit(known, checked[fold.reindex(checked.index) != number]))
        for number in range(FOLDS)
    ]
    return pd.concat(made).reindex(known.index)


def measure(people: pd.Series, checked: pd.Series) -> Figures:
    """Compare modelled with checked figures of the same communes."""
    frame = pd.DataFrame({"modelled": people, "checked": checked}).dropna()
    province = units.communes()["province_code"].reindex(frame.index)
    sums = frame.groupby(province).transform("sum")
    level = frame["modelled"] * sums["checked"] / sums["modelled"]
    error = (frame["modelled"] / frame["checked"] - 1).abs()
    ranks = frame.groupby(province).rank()
    inside = [part.iloc[:, 0].corr(part.iloc[:, 1]) for _, part in ranks.groupby(province) if len(part) > 2]
    kinds = units.communes()["type"].reindex(frame.index)
    return Figures(
        communes=len(frame),
        mdape=round(100 * float(error.median()), 1),
        mdape_same_total=round(100 * float((level / frame["checked"] - 1).abs().median()), 1),
        spearman=round(float(np.nanmean(inside)), 3),
        mdape_by_type={str(kind): round(100 * float(part.median()), 1) for kind, part in error.groupby(kinds)},
    )


def evaluate(checked: pd.Series) -> dict[str, object]:
    """Fit, test on provinces left out, and compare with simpler ways to share out the totals."""
    known, people = traits(), totals()
    provinces = units.communes()["province_code"]
    group = known["old_province"]
    tested = share_out(left_out(known, checked, provinces), group, people)
    ratio = (checked / tested).dropna()
    kinds = known["type"].reindex(ratio.index)
    ends = {str(kind): part.quantile([0.1, 0.9]).round(2).tolist() for kind, part in ratio.groupby(kinds)}
    simple = {
        "equal": pd.Series(1.0, index=known.index),
        "area": np.exp(known["log_area"]),
        "old_communes": np.exp(known["log_old_communes"]),
    }
    return {
        "year": YEAR,
        "coefficients": fit(known, checked),
        "ranges": ends,
        "left_out_provinces": asdict(measure(tested, checked)),
        "shipped": asdict(measure(modelled()["population"].astype(float), checked)),
        "baselines": {name: asdict(measure(share_out(way, group, people), checked)) for name, way in simple.items()},
    }


def read_checked(path: Path) -> pd.Series:
    """Read checked figures: columns ``commune_code, population_best, population_confidence``; the ``high`` ones."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[table["population_confidence"] == "high"]
    people = pd.to_numeric(table["population_best"], errors="coerce")
    people.index = units.check_codes(table["commune_code"]).to_numpy()
    return people[people > 0].drop(list(UNPEOPLED), errors="ignore")


def _part(parts: pd.DataFrame, kind: str) -> pd.Series:
    return parts["share"].where(parts["type"] == kind, 0.0).groupby(parts["new_code"]).sum()


def _plane(place: pd.DataFrame) -> np.ndarray:
    return np.column_stack([place["lat"] * 110.6, place["lon"] * 111.3 * np.cos(np.radians(16))])


def _log_spacing(parts: pd.DataFrame, old: pd.DataFrame) -> pd.Series:
    located = old.dropna(subset=["lat", "lon"])
    distance = cKDTree(_plane(located)).query(_plane(located), k=SPACING + 1)[0][:, -1]
    spacing = pd.Series(np.log(distance.clip(0.15)), index=located.index)
    return parts["old_code"].map(spacing).groupby(parts["new_code"]).mean()


def _log_nearby(log_area: pd.Series, place: pd.DataFrame) -> pd.Series:
    nearest = cKDTree(_plane(place)).query(_plane(place), k=NEIGHBOURS + 1)[1][:, 1:]
    return pd.Series(log_area.to_numpy()[nearest].mean(axis=1), index=log_area.index)


if __name__ == "__main__":
    results = evaluate(read_checked(Path(sys.argv[1])))
    with replace_file(FIGURES) as unfinished:
        unfinished.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(FIGURES.read_text(encoding="utf-8"))
