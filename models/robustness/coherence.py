"""Coherence of an index: correlations of its parts, reliability, components, single units that decide.

Sources: Cronbach, Psychometrika 16 (1951) 297-334; OECD/JRC Handbook (2008), chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.index.assessment import Assessment

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Coherence:
    """How the parts of an index hang together.

    Parameters
    ----------
    correlations
        Of all indicators that count (Pearson, on normalised values).
    flags
        Pairs of one node's indicators with ``correlation`` and ``flag``: ``negative`` (below -0.1), ``weak`` (under
        0.1 in size) or ``redundant`` (above 0.92); and pairs across nodes that are ``redundant``.
    alpha
        Cronbach's alpha of each node with more than one part.
    components
        Principal components of all indicators: ``eigenvalue``, ``explained`` and ``cumulated`` shares of variance.
    loadings
        Indicators x components: the correlation of each indicator with each component; of every component, the
        loadings that weigh most are positive.
    leverage
        By unit: the largest change it makes to any correlation between indicators when left out.
    """

    correlations: pd.DataFrame
    flags: pd.DataFrame
    alpha: pd.Series
    components: pd.DataFrame
    loadings: pd.DataFrame
    leverage: pd.Series


def coherence(assessment: Assessment, *, redundant: float = 0.92, negative: float = -0.1) -> Coherence:
    """Return correlations with flags, Cronbach's alpha, principal components and the leverage of single units.

    Only units with all indicators are used for components and leverage.
    """
    framework = assessment.framework
    codes = [node.code for node in framework.indicators if node.code in framework.active]
    codes = [code for code in codes if code not in assessment.useless]
    values = assessment.normalised[codes]
    values = values.loc[:, values.max() > values.min()]
    correlations = values.corr()
    flags = _flags(assessment, correlations, redundant, negative)
    whole = values.dropna()
    components, loadings = principal_components(whole)
    return Coherence(correlations, flags, _alphas(assessment), components, loadings, _leverage(whole))


def principal_components(values: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the components of the correlations of complete columns, and the loadings of the columns on them.

    Returns
    -------
    components
        By component: ``eigenvalue``, ``explained`` and ``cumulated`` shares of variance; empty for under 3 units.
    loadings
        Columns x components, -1 to 1; their squares sum to 1 for each column.

    Examples
    --------
    >>> components, loadings = principal_components(pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [0.0, 2.0, 4.0]}))
    >>> components["explained"].round(6).tolist(), loadings[1].round(6).tolist()
    ([1.0, 0.0], [1.0, 1.0])
    """
    if len(values) < 3:
        eigenvalues, vectors = np.array([]), np.zeros((values.shape[1], 0))
    else:
        eigenvalues, vectors = np.linalg.eigh(values.corr().to_numpy())
        eigenvalues, vectors = np.maximum(eigenvalues[::-1], 0.0), vectors[:, ::-1]
    signs = np.where((vectors * np.abs(vectors)).sum(axis=0) < 0, -1.0, 1.0)
    number = pd.RangeIndex(1, len(eigenvalues) + 1, name="component")
    explained = eigenvalues / eigenvalues.sum() if len(eigenvalues) else eigenvalues
    table = {"eigenvalue": eigenvalues, "explained": explained, "cumulated": np.cumsum(explained)}
    loadings = pd.DataFrame(vectors * signs * np.sqrt(eigenvalues), index=values.columns, columns=number)
    return pd.DataFrame(table, index=number), loadings


def cronbach_alpha(parts: Values) -> float:
    """Return Cronbach's alpha of parts x units without NaN; NaN with fewer than two parts.

    Examples
    --------
    >>> float(round(cronbach_alpha(np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])), 6))
    1.0
    """
    count = len(parts)
    if count < 2 or parts.shape[1] < 2:
        return np.nan
    whole = parts.sum(axis=0).var(ddof=1)
    return float(count / (count - 1) * (1 - parts.var(axis=1, ddof=1).sum() / whole)) if whole > 0 else np.nan


def _flags(assessment: Assessment, correlations: pd.DataFrame, redundant: float, negative: float) -> pd.DataFrame:
    rows = []
    parents = {node.code: node.parent for node in assessment.framework.indicators}
    codes = list(correlations.columns)
    for position, first in enumerate(codes):
        for second in codes[position + 1 :]:
            value = float(correlations.loc[first, second])
            same = parents[first] == parents[second]
            flag = "redundant" if value > redundant else ""
            if same and not flag:
                flag = "negative" if value < negative else ("weak" if abs(value) < 0.1 else "")
            if flag:
                node = parents[first] if same else ""
                rows.append({"first": first, "second": second, "node": node, "correlation": value, "flag": flag})
    return pd.DataFrame(rows, columns=["first", "second", "node", "correlation", "flag"])


def _alphas(assessment: Assessment) -> pd.Series:
    alphas = {}
    framework = assessment.framework
    for node in framework.nodes:
        codes = [leaf.code for leaf in framework.below(node.code) if leaf.code in framework.active]
        codes = [code for code in codes if code not in assessment.useless]
        if node.code != (codes[0] if codes else "") and len(codes) > 1:
            values = assessment.normalised[codes].dropna()
            spread = values.std(ddof=1).replace(0, np.nan)
            alphas[node.code] = cronbach_alpha((values / spread).dropna(axis=1).to_numpy().T)
    return pd.Series(alphas, name="alpha", dtype=float)


def _leverage(values: pd.DataFrame) -> pd.Series:
    """Return, for each unit, the largest change of any correlation when it is left out, without refitting."""
    count = len(values)
    if count < 4 or values.shape[1] < 2:
        return pd.Series(np.nan, index=values.index, name="leverage")
    centred = values.to_numpy() - values.to_numpy().mean(axis=0)
    products = centred.T @ centred
    scale = np.sqrt(np.diag(products))
    correlations = products / np.outer(scale, scale)
    change = np.empty(count)
    for unit, row in enumerate(centred):
        left = products - count / (count - 1) * np.outer(row, row)
        spread = np.sqrt(np.maximum(np.diag(left), 0))
        with np.errstate(invalid="ignore", divide="ignore"):
            change[unit] = np.nanmax(np.abs(left / np.outer(spread, spread) - correlations))
    return pd.Series(change, index=values.index, name="leverage")
