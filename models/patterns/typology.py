"""The typology of communes: groups with a like profile of indicators, each checked for how far one can rely on it.

A clustering always finds clusters. These are shown together with how much structure there is (silhouette), whether
another sample of units would give the same types (adjusted Rand index and Jaccard index over bootstrap samples,
judged on the units not drawn), and a word for types that would not come again. A type that is stable but hardly apart
(a silhouette near 0) is a piece of a larger one. Types describe profiles; they are no ranking. Indicators known only
for the province draw all its communes into one type.

Sources: Rousseeuw, J. Comput. Appl. Math. 20 (1987) 53-65; Kaufman and Rousseeuw, Finding Groups in Data (1990);
Hubert and Arabie, J. Classification 2 (1985) 193-218; Hennig, Comput. Stat. Data Anal. 52 (2007) 258-271.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError

Values = NDArray[np.float64]
Labels = NDArray[np.intp]
Method = Literal["kmeans", "mixture", "hierarchical"]
METHODS = ("kmeans", "mixture", "hierarchical")
STABLE, DOUBTFUL = 0.75, 0.6
"""Mean Jaccard index from which a type is stable, and from which it is at least a pattern (Hennig)."""
WEAK_STRUCTURE = 0.25
"""Silhouette below which no substantial structure was found (Kaufman and Rousseeuw)."""
NOTABLE = 0.5
"""Standard deviations from the mean of all units from which an indicator marks a type."""


@dataclass(frozen=True)
class Settings:
    """How types are looked for.

    Parameters
    ----------
    method
        ``kmeans``, ``mixture`` (Gaussian, full covariance where units are many, else diagonal), ``hierarchical``
        (Ward).
    types
        The numbers of types to try, from and to.
    resamples
        Bootstrap samples per number of types.
    agreement
        The mean adjusted Rand index, 0-1, that a number of types must reach to be chosen.
    availability
        Indicators known for a smaller share of the units are left out, 0-1; of the others, a unit needs all.
    standardise
        Bring every indicator to standard deviation 1 first; without it, indicators that vary more weigh more.
    leading
        At most so many indicators in the name of a type.
    seed
        Of the starting points and resamples.
    """

    method: Method = "kmeans"
    types: tuple[int, int] = (2, 8)
    resamples: int = 30
    agreement: float = 0.8
    availability: float = 0.8
    standardise: bool = True
    leading: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        low, high = self.types
        for name, value, fits in (
            ("method", self.method, self.method in METHODS),
            ("types", self.types, 2 <= low <= high),
            ("resamples", self.resamples, self.resamples >= 2),
            ("availability", self.availability, 0 <= self.availability <= 1),
            ("leading", self.leading, self.leading >= 1),
        ):
            if not fits:
                raise InputError("patterns.setting", setting=name, given=value)


@dataclass(frozen=True)
class Typology:
    """Types of units and how far to rely on them.

    Parameters
    ----------
    types
        By unit: 1 for the largest type, 2 for the next …; missing for units that lack an indicator.
    table
        By type: ``name``, ``units``, ``silhouette`` (mean of its units, -1 to 1), ``jaccard`` (mean over resamples,
        0-1), ``stability`` (``stable``, ``doubtful``, ``unstable``).
    profile
        Types x indicators: the type's mean minus that of all units, in standard deviations of all units.
    choice
        By number of types: ``silhouette`` (-1 to 1), ``agreement`` (mean adjusted Rand index), ``chosen``.
    reliable
        Whether the number of types reached the agreement asked for.
    structure
        Whether the silhouette says that there are groups at all, and not one cloud cut into pieces.
    left_out
        Indicators that do not differ between units, or that too few units have.
    """

    types: pd.Series
    table: pd.DataFrame
    profile: pd.DataFrame
    choice: pd.DataFrame
    reliable: bool
    structure: bool
    left_out: tuple[str, ...]


def typology(
    scores: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    settings: Settings | None = None,
    *,
    turned: Collection[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Typology:
    """Group units by their normalised indicators; the order of units and indicators does not matter.

    Among the numbers of types whose agreement over resamples reaches the one asked for, the number with the best
    silhouette is taken (the smaller of equals); if none reaches it, the one with the best agreement, and
    ``reliable`` is false. Each type is named by the indicators in which it differs most from all units: ``↑`` above,
    ``↓`` below, ``≈`` for a type that differs notably in none.

    Parameters
    ----------
    scores
        Units x indicators, normalised (:attr:`models.index.assessment.Assessment.normalised`); NaN where missing.
    names, settings
        What indicators are called in the names of types, the code where it is missing; see :class:`Settings`.
    turned
        Indicators whose score falls as they rise (direction -1): the arrows in names are those of the indicator
        ("income ↓"), the profile is in scores.
    progress
        Called with resamples done and resamples to do.

    Raises
    ------
    InputError
        ``typology.too_few`` for fewer complete units than twice the largest number of types, ``patterns.constant``
        if no indicator differs, ``patterns.setting``.

    Examples
    --------
    >>> base = np.repeat([[10.0, 80.0], [60.0, 20.0]], [30, 20], axis=0)
    >>> noise = np.random.default_rng(0).normal(0, 3, base.shape)
    >>> found = typology(pd.DataFrame(base + noise, columns=["border", "poverty"]))
    >>> found.table[["name", "units", "stability"]].to_numpy().tolist()
    [['poverty ↑ · border ↓', 30, 'stable'], ['poverty ↓ · border ↑', 20, 'stable']]
    >>> found.reliable, found.structure
    (True, True)
    """
    settings = settings or Settings()
    used = _usable(scores, settings)
    apart = (used - used.mean()) / used.std(ddof=0)
    points = (apart if settings.standardise else used).to_numpy()
    choice, number, labels, jaccard = _chosen(points, settings, progress)
    types, order = _by_size(labels, points)
    profile = apart.groupby(types).mean().rename_axis("type")
    type_names = _named(profile * [-1 if code in turned else 1 for code in profile], names or {}, settings.leading)
    return Typology(
        types=pd.Series(types, used.index, dtype="Int64", name="type").reindex(scores.index),
        table=_table(type_names, points, types, jaccard[order]),
        profile=profile,
        choice=choice,
        reliable=bool(choice.loc[number, "agreement"] >= settings.agreement),
        structure=bool(choice.loc[number, "silhouette"] >= WEAK_STRUCTURE),
        left_out=tuple(str(code) for code in scores.columns if code not in used),
    )


def _table(names: list[str], points: Values, types: Labels, jaccard: Values) -> pd.DataFrame:
    columns = {
        "name": names,
        "units": np.bincount(types)[1:],
        "silhouette": _silhouettes(points, types),
        "jaccard": jaccard,
        "stability": [_word(value) for value in jaccard],
    }
    return pd.DataFrame(columns, index=pd.Index(np.arange(1, len(names) + 1), name="type"))


def _usable(scores: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the complete units and the indicators that differ, both sorted."""
    ordered = scores.sort_index(axis=0).sort_index(axis=1).astype(float)
    enough = ordered.notna().mean() >= settings.availability
    complete = ordered.loc[:, enough].dropna(how="any")
    if complete.shape[1] == 0 or len(complete) < 2 * settings.types[1]:
        raise InputError("typology.too_few", given=len(complete), needed=2 * settings.types[1])
    spread = complete.std(ddof=0)
    used = complete.loc[:, spread > 1e-12 * complete.abs().max().max()]
    if used.empty:
        raise InputError("patterns.constant")
    return used


def _chosen(
    points: Values, settings: Settings, progress: Callable[[int, int], None] | None = None
) -> tuple[pd.DataFrame, int, Labels, Values]:
    """Cluster into each number of types, and so each bootstrap sample; judge on the units not drawn; choose.

    Returns the table of the numbers tried, the number chosen, its labels, and the Jaccard index of its types.
    """
    import sklearn.cluster  # noqa: F401 - its threads must be there before they are limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # the samples are small: threads would only wait for each other
        choice, candidates = _judged(points, settings, progress)
    number = int(choice.index[choice["chosen"]][0])
    return choice, number, *candidates[number]


def _judged(
    points: Values, settings: Settings, progress: Callable[[int, int], None] | None
) -> tuple[pd.DataFrame, dict[int, tuple[Labels, Values]]]:
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    generator = np.random.default_rng(settings.seed)
    numbers = range(settings.types[0], settings.types[1] + 1)
    whole = _clusters(points, numbers, settings, starts=10)
    pairs: dict[int, list[tuple[Labels, Labels]]] = {number: [] for number in numbers}
    for done in range(settings.resamples):
        if progress is not None:
            progress(done, settings.resamples)
        drawn = np.unique(generator.integers(0, len(points), len(points)))
        rest = np.setdiff1d(np.arange(len(points)), drawn)
        for number, labels in _clusters(points[drawn], numbers, settings, starts=3).items():
            pairs[number].append((whole[number][rest], _nearest_mean(points[drawn], labels, points[rest])))
    rows, candidates = {}, {}
    for number, labels in whole.items():
        agreement = float(np.mean([adjusted_rand_score(mine, again) for mine, again in pairs[number]]))
        silhouette = float(silhouette_score(points, labels)) if len(np.unique(labels)) > 1 else -1.0
        rows[number] = {"silhouette": silhouette, "agreement": agreement}
        candidates[number] = labels, np.mean([_jaccard(*pair, number) for pair in pairs[number]], axis=0)
    choice = pd.DataFrame.from_dict(rows, orient="index").rename_axis("types")
    steady = choice["agreement"] >= settings.agreement
    best = choice["silhouette"][steady].round(6).idxmax() if steady.any() else choice["agreement"].round(6).idxmax()
    return choice.assign(chosen=choice.index == best), candidates


def _clusters(points: Values, numbers: Iterable[int], settings: Settings, starts: int) -> dict[int, Labels]:
    """Cluster into each number of types, labels from 0."""
    if settings.method == "hierarchical":
        from scipy.cluster.hierarchy import fcluster, linkage

        tree = linkage(points, method="ward")
        return {number: fcluster(tree, number, criterion="maxclust").astype(np.intp) - 1 for number in numbers}
    fit = _kmeans if settings.method == "kmeans" else _mixture
    return {number: fit(points, number, starts, settings.seed) for number in numbers}


def _kmeans(points: Values, number: int, starts: int, seed: int) -> Labels:
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(number, n_init=starts, random_state=seed).fit_predict(points))


def _mixture(points: Values, number: int, starts: int, seed: int) -> Labels:
    from sklearn.mixture import GaussianMixture

    covariance = "full" if len(points) >= 10 * number * points.shape[1] else "diag"
    model = GaussianMixture(
        number, covariance_type=covariance, n_init=min(starts, 3), reg_covar=1e-3, random_state=seed
    )
    return np.asarray(model.fit_predict(points))


def _nearest_mean(points: Values, labels: Labels, others: Values) -> Labels:
    """Give other units the type whose mean is nearest."""
    types = np.unique(labels)
    means = np.array([points[labels == label].mean(axis=0) for label in types])
    squared = (means**2).sum(axis=1) - 2 * others @ means.T
    return np.asarray(types[squared.argmin(axis=1)])


def _silhouettes(points: Values, types: Labels) -> Values:
    """Return the mean silhouette of each type's units."""
    from sklearn.metrics import silhouette_samples

    each = silhouette_samples(points, types)
    return np.array([each[types == one].mean() for one in np.unique(types)])


def _jaccard(whole: Labels, part: Labels, number: int) -> Values:
    """Return, for each type, the Jaccard index of the cluster of the resample that is most like it."""
    shared = np.zeros((number, number))
    np.add.at(shared, (whole, part), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray(np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1))


def _by_size(labels: Labels, points: Values) -> tuple[Labels, Labels]:
    """Number types from the largest, equal ones by their means; return the types and the old labels in that order."""
    old = np.unique(labels)
    keys = [(-int((labels == label).sum()), *points[labels == label].mean(axis=0).round(9)) for label in old]
    order = old[sorted(range(len(old)), key=lambda number: keys[number])]
    number = np.zeros(labels.max() + 1, dtype=np.intp)
    number[order] = np.arange(1, len(order) + 1)
    return number[labels], order


def _named(profile: pd.DataFrame, names: Mapping[str, str], leading: int) -> list[str]:
    """Name each type by what marks it; types that would share a name get further indicators until they differ."""
    ranked = [row.iloc[np.argsort(-row.abs().round(9).to_numpy(), kind="stable")] for _, row in profile.iterrows()]
    counts = [int(np.clip((row.abs() >= NOTABLE).sum(), 1, leading)) for row in ranked]
    while True:
        type_names = [_name(row.iloc[:count], names) for row, count in zip(ranked, counts, strict=True)]
        doubled = [number for number, name in enumerate(type_names) if type_names.count(name) > 1]
        longer = [number for number in doubled if counts[number] < profile.shape[1]]
        if not longer:
            return [f"{name} ({number + 1})" if number in doubled else name for number, name in enumerate(type_names)]
        for number in longer:
            counts[number] += 1


def _name(row: pd.Series, names: Mapping[str, str]) -> str:
    parts = []
    for code, value in row.items():
        sign = "≈" if abs(value) < NOTABLE else "↑" if value > 0 else "↓"
        parts.append(f"{names.get(str(code), str(code))} {sign}")
    return " · ".join(parts)


def _word(jaccard: float) -> str:
    return "stable" if jaccard >= STABLE else "doubtful" if jaccard >= DOUBTFUL else "unstable"
