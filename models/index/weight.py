"""Weighting methods: weights from a decision, from evidence, from comparisons in pairs, or from the data.

Every function takes the :class:`Parts` of one node and returns weights above or equal to 0 (parts,), to any scale.
The engine calls it node by node from the lowest, so that data-driven weights of a node see the scores of its parts.
Parts whose weight is 0 are out before and stay out.

Weights that come from data describe the data, not what matters: :func:`effective` shows what any weights really do.

Sources: OECD/JRC Handbook (2008), chapter 6; others named where they apply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.base.errors import InputError

Values = NDArray[np.float64]
RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random comparisons by number of parts (Saaty 1980)."""


@dataclass(frozen=True)
class Parts:
    """The parts of one node, those that count.

    Parameters
    ----------
    node
        The code of the node.
    codes
        The codes of its parts.
    stated
        Their weights in the framework.
    scores
        Their scores, parts x units, NaN where missing.
    facts
        What else the framework knows about each.
    comparisons
        Columns ``first, second, value``: how many times more the first matters than the second.
    """

    node: str
    codes: Sequence[str]
    stated: Values
    scores: Values
    facts: Sequence[Mapping[str, str]] = ()
    comparisons: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def whole(self) -> Values:
        """Return the scores of the units that have all parts, parts x units."""
        return self.scores[:, np.isfinite(self.scores).all(axis=0)]


def w_given(parts: Parts) -> Values:
    """Use the weights of the framework as they are."""
    return parts.stated


def w_equal(parts: Parts) -> Values:
    """Give all parts of a node the same weight."""
    return np.ones(len(parts.codes))


def w_evidence(parts: Parts, *, a: float = 4.0, b: float = 3.0, c: float = 2.0, d: float = 1.0) -> Values:
    """Weigh by the grade of the evidence (column ``evidence_grade`` or ``evidence``: A, B, C, D).

    Where no part of a node has a grade, its given weights stay.

    Raises
    ------
    InputError
        ``weight.grade``: some parts of a node have a grade and others none or another.

    Examples
    --------
    >>> facts = [{"evidence_grade": "A"}, {"evidence_grade": "D"}]
    >>> w_evidence(Parts("i", ["x", "y"], np.ones(2), np.ones((2, 3)), facts)).tolist()
    [4.0, 1.0]
    """
    points = {"A": a, "B": b, "C": c, "D": d}
    grades = [(fact.get("evidence_grade") or fact.get("evidence") or "").strip().upper() for fact in parts.facts]
    if not any(grades):
        return parts.stated
    if wrong := [
        f"{code}: {grade or '–'}" for code, grade in zip(parts.codes, grades, strict=True) if grade not in points
    ]:
        raise InputError("weight.grade", wrong)
    return np.array([points[grade] for grade in grades])


def w_pca(parts: Parts, *, squared: bool = False) -> Values:
    """Weigh by the loadings on the first principal component of the correlations.

    Parameters
    ----------
    squared
        Use squared loadings, the share of each part's variance.

    Raises
    ------
    InputError
        ``weight.negative_loading``: a part runs against the others, so that no weights of one sign fit.
        ``weight.too_few_units``.

    Examples
    --------
    >>> scores = np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.5]])
    >>> w_pca(Parts("i", ["x", "y"], np.ones(2), scores)).round(3).tolist()
    [0.707, 0.707]
    """
    if len(parts.codes) == 1:
        return np.ones(1)
    correlations = _correlations(parts)
    loadings = np.linalg.eigh(correlations)[1][:, -1]
    loadings = loadings * (np.sign(loadings.sum()) or 1.0)
    if (loadings < -1e-9).any():
        wrong = [f"{code}: {one:.2f}" for code, one in zip(parts.codes, loadings, strict=True) if one < -1e-9]
        raise InputError("weight.negative_loading", wrong, node=parts.node)
    loadings = np.maximum(loadings, 0.0)
    return loadings**2 if squared else loadings


def w_ahp(parts: Parts, *, limit: float = 0.1) -> Values:
    """Weigh by comparisons in pairs: the principal eigenvector of the reciprocal matrix.

    Parameters
    ----------
    limit
        The largest consistency ratio that is accepted.

    Raises
    ------
    InputError
        ``weight.pair_missing``; ``weight.inconsistent`` with the consistency ratio.

    Source: Saaty, The Analytic Hierarchy Process (1980).
    """
    if parts.comparisons is None:
        raise InputError("methods.not_here", kind="weight", method="ahp", what="--comparisons")
    weights, ratio = compare_in_pairs(parts.codes, parts.comparisons, stated=parts.stated)
    if ratio > limit:
        raise InputError("weight.inconsistent", node=parts.node, ratio=f"{ratio:.2f}", limit=limit)
    return weights


PAIR_ROUNDING = 0.02
"""Two statements of one pair agree so far (relative): 3 one way and 0.33 the other."""


def check_pairs(comparisons: pd.DataFrame, siblings: Sequence[Sequence[str]]) -> None:
    """Refuse comparisons that weigh nothing: of a node that does not exist, with itself, of parts of two nodes.

    Parameters
    ----------
    comparisons
        Columns ``first, second, value``.
    siblings
        The codes of the parts of each node.

    Raises
    ------
    InputError
        ``weight.pair_unknown`` with the rows (the first row of data is 1).

    Examples
    --------
    >>> check_pairs(pd.DataFrame({"first": ["a"], "second": ["b"], "value": [2.0]}), [("a", "b")])
    """
    parent = {code: number for number, codes in enumerate(siblings) for code in codes}
    faults = [
        f"#{row}: {first} – {second}"
        for row, (first, second) in enumerate(comparisons[["first", "second"]].itertuples(index=False), start=1)
        if first == second or parent.get(first, -1) != parent.get(second, -2)
    ]
    if faults:
        raise InputError("weight.pair_unknown", faults)


def compare_in_pairs(
    codes: Sequence[str], comparisons: pd.DataFrame, stated: Values | None = None
) -> tuple[Values, float]:
    """Return weights (summing to 1) and the consistency ratio of comparisons among ``codes``.

    Parameters
    ----------
    comparisons
        Columns ``first, second, value``; each pair once.
    stated
        What to return where none of the codes is compared.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["a", "a", "b"], "second": ["b", "c", "c"], "value": [2.0, 4.0, 2.0]})
    >>> weights, ratio = compare_in_pairs(["a", "b", "c"], pairs)
    >>> weights.round(4).tolist(), abs(round(ratio, 6))
    ([0.5714, 0.2857, 0.1429], 0.0)
    """
    places = {code: row for row, code in enumerate(codes)}
    matrix = np.full((len(codes), len(codes)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for first, second, value in comparisons[["first", "second", "value"]].itertuples(index=False):
        if first in places and second in places:
            if not 0 < float(value) < np.inf:
                raise InputError("weight.pair_value", [f"{first} – {second}: {value}"])
            before = matrix[places[first], places[second]]
            if not np.isnan(before) and not np.isclose(before, float(value), rtol=PAIR_ROUNDING, atol=0):
                raise InputError("weight.pair_twice", [f"{first} – {second}: {before:g} ≠ {float(value):g}"])
            matrix[places[first], places[second]] = float(value)
            matrix[places[second], places[first]] = 1 / float(value)
    open_pairs = np.argwhere(np.triu(np.isnan(matrix)))
    if stated is not None and len(open_pairs) == len(codes) * (len(codes) - 1) // 2:
        return stated, 0.0
    if len(open_pairs):
        raise InputError("weight.pair_missing", [f"{codes[first]} – {codes[second]}" for first, second in open_pairs])
    values, vectors = np.linalg.eig(matrix)
    largest = int(np.argmax(values.real))
    weights = np.abs(vectors[:, largest].real)
    count = len(codes)
    random = RANDOM_INDEX[min(count, len(RANDOM_INDEX) - 1)]
    index = (float(values[largest].real) - count) / (count - 1) if count > 2 else 0.0
    return weights / weights.sum(), max(index / random, 0.0) if random else 0.0


def w_entropy(parts: Parts) -> Values:
    """Weigh by how unevenly a part is spread over the units (Shannon entropy of its shares).

    Raises
    ------
    InputError
        ``weight.negative_scores``, ``weight.too_few_units``.

    Source: Shannon (1948); Hwang & Yoon, Multiple Attribute Decision Making (1981).

    Examples
    --------
    >>> scores = np.array([[1.0, 1.0, 1.0], [0.0, 0.0, 3.0]])
    >>> w_entropy(Parts("i", ["x", "y"], np.ones(2), scores)).round(6).tolist()
    [0.0, 1.0]
    """
    scores = parts.whole
    if scores.shape[1] < 2:
        raise InputError("weight.too_few_units", node=parts.node)
    if (scores < 0).any():
        raise InputError("weight.negative_scores", parts.codes, node=parts.node)
    totals = scores.sum(axis=1, keepdims=True)
    shares = np.divide(scores, totals, out=np.zeros_like(scores), where=totals > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    divergence = np.maximum(1 + (shares * logs).sum(axis=1) / np.log(scores.shape[1]), 0.0)
    divergence[totals[:, 0] == 0] = 0.0
    return divergence if divergence.any() else np.ones(len(parts.codes))


def w_critic(parts: Parts) -> Values:
    """Weigh by contrast and conflict: standard deviation x sum of (1 - correlation with the others).

    Source: Diakoulaki, Mavrotas & Papayannakis, Computers & Operations Research 22 (1995) 763-770.
    """
    if len(parts.codes) == 1:
        return np.ones(1)
    scores = parts.whole
    correlations = _correlations(parts)
    low, high = scores.min(axis=1), scores.max(axis=1)
    spread = ((scores - low[:, None]) / (high - low)[:, None]).std(axis=1)
    return np.maximum(spread * (1 - correlations).sum(axis=1), 0.0)


def w_optimised(parts: Parts) -> Values:
    """Choose weights so that each part's influence comes as near as possible to its given weight.

    Influence is the squared correlation of a part with the weighted mean of all, as a share of their sum.

    Source: Becker, Saisana, Paruolo & Vandecasteele, Ecological Indicators 80 (2017) 12-22, on weights as importance.
    """
    if len(parts.codes) == 1:
        return np.ones(1)
    from scipy.optimize import least_squares

    scores = parts.whole
    _correlations(parts)
    covariance = np.cov(scores)
    stated = parts.stated / parts.stated.sum()

    def influence(weights: Values) -> Values:
        with_whole = covariance @ weights
        squares = with_whole**2 / (np.diag(covariance) * (weights @ with_whole))
        return squares / squares.sum()

    def apart(logarithms: Values) -> Values:
        weights = np.exp(logarithms - logarithms.max())
        return np.asarray(influence(weights / weights.sum()) - stated)

    fit = least_squares(apart, np.log(stated), bounds=(-12, 2), xtol=1e-12, ftol=1e-12, gtol=1e-12)
    weights = np.exp(fit.x - fit.x.max())
    return weights / weights.sum()


def level_shares(scores: Values, weights: Values, power: float) -> Values:
    """Return each part's share of the level of a power mean, 0-1: the mean over the units of ``w x^p``, as a share.

    In a union of ways (p > 1) parts may run against each other, and squared correlations then say little about what
    they contribute; in equal parts of the level every way weighs as much as it was given.

    Parameters
    ----------
    scores
        Parts x units, not negative; units of which a part is missing are left out.
    weights
        By part.
    power
        The order p of the mean, above 0.

    Examples
    --------
    >>> level_shares(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.5, 0.5]), 3).round(3).tolist()
    [0.111, 0.889]
    """
    finite = np.isfinite(scores).all(axis=0)
    level = (
        (weights[:, None] * np.maximum(scores[:, finite], 0.0) ** power).mean(axis=1) if finite.any() else weights * 0
    )
    total = level.sum()
    return np.asarray(level / total if total > 0 else level)


def effective(parts: Parts, whole: Values, power: float | None = None) -> pd.DataFrame:
    """Return what weights really do: nominal share, correlation with the node, and influence.

    Parameters
    ----------
    whole
        The score of the node (units,).
    power
        The order of the mean that joins the parts, if it is a power mean above 0.

    Returns
    -------
    DataFrame
        By part: ``nominal`` (share of the weights), ``correlation`` with the node, ``influence`` (squared
        correlation as a share of their sum) and ``level`` (see :func:`level_shares`; missing without ``power``).
    """
    nominal = parts.stated / parts.stated.sum()
    correlation = np.array([_correlation(score, whole) for score in parts.scores])
    squares = np.nan_to_num(correlation) ** 2
    influence = squares / squares.sum() if squares.sum() > 0 else squares
    level = np.full(len(nominal), np.nan) if power is None else level_shares(parts.scores, nominal, power)
    return pd.DataFrame(
        {"nominal": nominal, "correlation": correlation, "influence": influence, "level": level},
        index=pd.Index(parts.codes, name="code"),
    )


WEIGHT: dict[str, Callable[..., Values]] = {
    "given": w_given,
    "equal": w_equal,
    "evidence": w_evidence,
    "pca": w_pca,
    "ahp": w_ahp,
    "entropy": w_entropy,
    "critic": w_critic,
    "optimised": w_optimised,
}


def _correlations(parts: Parts) -> Values:
    scores = parts.whole
    if scores.shape[1] < 3 or (scores.min(axis=1) == scores.max(axis=1)).any():
        raise InputError("weight.too_few_units", parts.codes, node=parts.node)
    return np.asarray(np.corrcoef(scores))


def _correlation(first: Values, second: Values) -> float:
    both = np.isfinite(first) & np.isfinite(second)
    one, other = first[both], second[both]
    if len(one) < 3 or one.min() == one.max() or other.min() == other.max():
        return np.nan
    return float(np.corrcoef(one, other)[0, 1])
