"""Makes the population of every commune: the dossiers' figures scaled to the official totals, the rest modelled.

The dossiers of 2025 count registered and temporary residents, and more of them than the statistics office has average
people. Inside an old province their figures are taken as shares of its average population of 2024. The column
``registered`` of the shipped table is that fact; every other column is made from it here.

Where the dossier's figure cannot be used, the people come from a log-linear model with few coefficients, the same for
the whole country, that shares out the total of the old province by what is known of the commune. They were fitted to
the dossiers' figures with a fixed effect for every old province (so that only differences inside a province count),
and tested on provinces left out of the fit.

    python -m geo.build.population   # fits, tests and prints; writes population_figures.json
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geo import datasets, layers, units
from geo.base import paths
from geo.files.write import replace_file
from geo.layers import districts
from geo.units import crosswalk

YEAR = 2024
SPACING = 12
NEIGHBOURS = 8
FOLDS = 11
UNPEOPLED = ("20333", "22736")
"""Hoàng Sa and Trường Sa: a model of villages says nothing about them, so their population stays missing."""

FIGURES = paths.INDICATORS / "population_figures.json"
MODELLED_BY = (
    "Ước tính của riskmap: dân số trung bình 2024 của tỉnh cũ (Cục Thống kê) chia cho các xã theo mô hình "
    "(geo/build/population.py)"
)
REPORTED_BY = (
    "Bộ Nội vụ, công văn 2896/BNV-CQĐP ngày 27/5/2025 (người thường trú và tạm trú, đọc qua bản chép công khai), "
    "tính theo tỷ lệ để khớp dân số trung bình 2024 của tỉnh cũ (Cục Thống kê)"
)
LETTER = "2025-05-27"

COEFFICIENTS: Mapping[str, float] = {
    "log_old_communes": 0.664,
    "log_area": 0.147,
    "log_area_squared": -0.092,
    "old_wards": 0.481,
    "old_townships": 0.699,
    "log_spacing": -0.524,
    "log_area_nearby": -0.268,
}
"""Effect on the log of the population; the level comes from the province total."""

RANGES: Mapping[str, tuple[float, float]] = {
    "Phường": (0.69, 1.66),
    "Xã": (0.7, 1.62),
    "Đặc khu": (0.3, 4.65),
}
"""By type, what a modelled figure is multiplied with for the ends of the range: it held 8 of 10 reported figures."""


@dataclass(frozen=True)
class Figures:
    """How far modelled figures are from reported ones.

    ``mdape`` is the median of |modelled - reported| / reported, in per cent; ``mdape_same_total`` the same after both
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
    target = folder / paths.POPULATION.name
    with replace_file(target) as temporary:
        table().to_csv(temporary, lineterminator="\n")
    return [target]


def table() -> pd.DataFrame:
    """Return the shipped table: ``population, low, high, registered, quality, source, as_of, note`` by commune.

    ``registered`` is the dossier's figure where it can be used; ``population`` is scaled from it, or modelled.
    """
    facts, estimate = registered(), modelled()
    people = facts["registered"]
    rest = estimate.loc[people.isna(), "population"].astype(float)
    home = crosswalk.main_old_province().reindex(rest.index)
    left = totals().sub(rest.groupby(home).sum(), fill_value=0.0)
    scaled = scale(people.dropna(), districts.province_shares(), left).groupby("commune_code")["people"].sum()
    reported = pd.DataFrame(
        {"population": scaled.round(), "low": pd.NA, "high": pd.NA, "quality": "reported"}, index=scaled.index
    ).assign(source=REPORTED_BY, as_of=LETTER)
    whole = estimate.assign(**{name: estimate[name].astype("Int64") for name in ("population", "low", "high")})
    whole = pd.concat([reported, whole.drop(scaled.index)]).loc[estimate.index]
    counts = ["population", "low", "high", "registered"]
    whole = whole.join(facts).astype(dict.fromkeys(counts, "Int64"))
    return whole[[*counts, "quality", "source", "as_of", "note"]].rename_axis("commune_code")


def registered() -> pd.DataFrame:
    """Return the dossiers' figures: ``registered`` (people, missing where not usable) and ``note`` by commune."""
    shipped = datasets.read_table("population").set_index("commune_code")
    return shipped.reindex(units.communes().index)[["registered", "note"]]


def scale(people: pd.Series, parts: pd.DataFrame, total: pd.Series) -> pd.DataFrame:
    """Scale figures so that they make up the total of each province.

    Parameters
    ----------
    people
        By commune, on any level that is the same inside a province.
    parts
        ``commune_code, old_province_code, share``: where a commune's people belong; its shares sum to 1.
    total
        People by province that these communes should make up.

    Returns
    -------
    pandas.DataFrame
        ``commune_code, old_province_code, people``; summed by province they are its total.

    Examples
    --------
    >>> parts = pd.DataFrame({"commune_code": ["a", "b", "b"], "old_province_code": ["1", "1", "2"],
    ...                       "share": [1.0, 0.5, 0.5]})
    >>> scale(pd.Series({"a": 30.0, "b": 20.0}), parts, pd.Series({"1": 20.0, "2": 11.0}))["people"].tolist()
    [15.0, 5.0, 11.0]
    """
    rows = parts[parts["commune_code"].isin(people.index)]
    counted = rows["share"] * rows["commune_code"].map(people)
    province = rows["old_province_code"]
    factor = total / counted.groupby(province).sum()
    return rows[["commune_code", "old_province_code"]].assign(people=counted * province.map(factor))


def modelled() -> pd.DataFrame:
    """Return the modelled population of every commune: ``population, low, high, quality, source, as_of``."""
    known = traits()
    weight = weights(known, COEFFICIENTS).mask(known.index.isin(UNPEOPLED))
    people = share_out(weight, known["old_province"], totals())
    low, high = (known["type"].map({kind: ends[side] for kind, ends in RANGES.items()}) for side in (0, 1))
    estimate = pd.DataFrame(
        {
            "population": people.round(),
            "low": (people * low).round(-2),
            "high": (people * high).round(-2),
        }
    ).astype("Int64")
    return estimate.assign(quality="modelled", source=MODELLED_BY, as_of=str(YEAR)).rename_axis("commune_code")


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


def fit(known: pd.DataFrame, reported: pd.Series) -> dict[str, float]:
    """Fit the coefficients by least squares on logs, each old province with a level of its own."""
    names = [name for name in known if name not in ("old_province", "type")]
    rows = reported.dropna().index.intersection(known.index)
    group = known.loc[rows, "old_province"]
    x, y = known.loc[rows, names].astype(float), np.log(reported[rows])
    x, y = x - x.groupby(group).transform("mean"), y - y.groupby(group).transform("mean")
    solved = np.linalg.lstsq(x.to_numpy(), y.to_numpy(), rcond=None)[0]
    return {name: round(float(value), 3) for name, value in zip(names, solved, strict=True)}


def left_out(known: pd.DataFrame, reported: pd.Series, provinces: pd.Series) -> pd.Series:
    """Return weights of which each was made with coefficients fitted without the commune's province."""
    codes = sorted(provinces.unique())
    fold = provinces.map({code: place % FOLDS for place, code in enumerate(codes)})
    made = [
        weights(known[fold == number], fit(known, reported[fold.reindex(reported.index) != number]))
        for number in range(FOLDS)
    ]
    return pd.concat(made).reindex(known.index)


def measure(people: pd.Series, reported: pd.Series) -> Figures:
    """Compare modelled with reported figures of the same communes."""
    frame = pd.DataFrame({"modelled": people, "reported": reported}).dropna()
    province = units.communes()["province_code"].reindex(frame.index)
    sums = frame.groupby(province).transform("sum")
    level = frame["modelled"] * sums["reported"] / sums["modelled"]
    error = (frame["modelled"] / frame["reported"] - 1).abs()
    ranks = frame.groupby(province).rank()
    inside = [part.iloc[:, 0].corr(part.iloc[:, 1]) for _, part in ranks.groupby(province) if len(part) > 2]
    kinds = units.communes()["type"].reindex(frame.index)
    return Figures(
        communes=len(frame),
        mdape=round(100 * float(error.median()), 1),
        mdape_same_total=round(100 * float((level / frame["reported"] - 1).abs().median()), 1),
        spearman=round(float(np.nanmean(inside)), 3),
        mdape_by_type={str(kind): round(100 * float(part.median()), 1) for kind, part in error.groupby(kinds)},
    )


def evaluate() -> dict[str, object]:
    """Say what the table is made of; fit the model, test it on provinces left out, compare it with simpler ways."""
    reported, shipped = registered()["registered"].dropna(), table()
    known, people = traits(), totals()
    provinces = units.communes()["province_code"]
    group = known["old_province"]
    tested = share_out(left_out(known, reported, provinces), group, people)
    ratio = (reported / tested).dropna()
    kinds = known["type"].reindex(ratio.index)
    ends = {str(kind): part.quantile([0.1, 0.9]).round(2).tolist() for kind, part in ratio.groupby(kinds)}
    level = (shipped["population"] / reported).dropna()
    simple = {
        "equal": pd.Series(1.0, index=known.index),
        "area": np.exp(known["log_area"]),
        "old_communes": np.exp(known["log_old_communes"]),
    }
    return {
        "year": YEAR,
        "reported": int((shipped["quality"] == "reported").sum()),
        "modelled": int((shipped["population"].notna() & (shipped["quality"] == "modelled")).sum()),
        "people": int(shipped["population"].sum()),
        "registered": int(reported.sum()),
        "scaled_by": [round(float(level.min()), 2), round(float(level.max()), 2)],
        "coefficients": fit(known, reported),
        "ranges": ends,
        "left_out_provinces": asdict(measure(tested, reported)),
        "model": asdict(measure(modelled()["population"].astype(float), reported)),
        "baselines": {name: asdict(measure(share_out(way, group, people), reported)) for name, way in simple.items()},
    }


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
    results = evaluate()
    with replace_file(FIGURES) as unfinished:
        unfinished.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(FIGURES.read_text(encoding="utf-8"))
