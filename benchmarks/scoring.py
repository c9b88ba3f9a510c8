"""The scoring engine beside the bare numpy operations that bound it, measured in the same run."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from models.assessment import assess, score
from models.draws import Choices
from models.framework import Framework, Node
from models.prepared import prepare
from models.sensitivity import sensitivity
from models.uncertainty import uncertainty

UNITS, CODES = 3321, [f"i{place}" for place in range(15)]


def flat(codes: list[str] = CODES, **settings: Any) -> Framework:
    return Framework((Node("risk"), *(Node(code, parent="risk") for code in codes)), **settings)


def nested() -> Framework:
    parts = ("exposure", "vulnerability", "response")
    nodes = [Node("risk", aggregate="geometric"), *(Node(part, parent="risk") for part in parts)]
    nodes += [Node(code, parent=parts[place % 3], weight=1.0 + place) for place, code in enumerate(CODES)]
    return Framework(tuple(nodes), normalise="minmax:low=1")


def table(units: int = UNITS) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(0).gamma(2, 10, (units, len(CODES))), columns=CODES)


def best(function: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs, in seconds: what others on the machine do is left out."""
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        function()
        durations.append(time.perf_counter() - start)
    return min(durations)


def row(ours: float, reference: float, unit: str, what: str) -> dict[str, Any]:
    return {"ours": ours, "reference": reference, "ratio": ours / reference, "unit": unit, "what": what}


def rescore() -> dict[str, dict[str, Any]]:
    results = {}
    for name, framework in {
        "rescore_arithmetic": flat(),
        "rescore_geometric": flat(normalise="minmax:low=1", aggregate="geometric"),
        "rescore_nested": nested(),
        "rescore_percentile": flat().with_node("risk", normalise="percentile"),
    }.items():
        prepared = prepare(table(), framework)
        weights, block = prepared.weights, prepared.normalised.to_numpy().T.copy()
        share = np.full(len(CODES), 1 / len(CODES))
        ours = best(lambda prepared=prepared, weights=weights: prepared.score(weights), 200)  # type: ignore[misc]
        bound = best(lambda share=share, block=block: share @ block, 200)  # type: ignore[misc]
        if name == "rescore_percentile":
            bound += best(lambda block=block: np.argsort(block[0]), 200)  # type: ignore[misc]
        if name == "rescore_nested":
            parts, thirds = block[:3].copy(), np.full(3, 1 / 3)
            bound += best(lambda parts=parts, thirds=thirds: np.exp(thirds @ np.log(parts)), 200)  # type: ignore[misc]
        what = "new weights to new scores, 3,321 x 15; reference: the matrix product (and logarithms, sort) in numpy"
        results[name] = row(ours * 1e6, bound * 1e6, "µs", what)
    return results


def draws() -> dict[str, dict[str, Any]]:
    results = {}
    block = prepare(table(), flat()).normalised.to_numpy().T.copy()
    weights = np.random.default_rng(0).dirichlet(np.ones(15), 500)

    def sort_only(scores: np.ndarray = weights @ block) -> None:
        for one in scores:
            np.argsort(one)

    sort = best(sort_only) / len(weights)
    product = best(lambda: weights @ block) / len(weights)
    for name, framework in {"draws_flat": flat(), "draws_nested_geometric": nested()}.items():
        result = assess(table(), framework)
        uncertainty(result, 10)
        one = best(lambda result=result: uncertainty(result, 2000, threads=1), 3) / 2000  # type: ignore[misc]
        what = "one draw of weights with all rank statistics, one thread; reference: "
        results[f"{name}_against_sort"] = row(one * 1e6, sort * 1e6, "µs", what + "numpy argsort of one draw")
        bound = (sort + product) * 1e6
        results[f"{name}_against_bound"] = row(
            one * 1e6, bound, "µs", what + "matrix product and argsort of one draw"
        )
        many = best(lambda result=result: uncertainty(result, 10000), 2)  # type: ignore[misc]
        what = "10,000 draws, all threads; reference: matrix product and argsort"
        results[f"{name}_10000"] = row(many, (sort + product) * 10000, "s", what)
    choices = Choices(treat=("none", "skew_gate:max_points=5"), normalise=("minmax", "zscore", "percentile"))
    result = assess(table(), flat())
    uncertainty(result, 10, choices=choices)
    one = best(lambda: uncertainty(result, 2000, choices=choices, threads=1), 2) / 2000
    what = "one draw of weights, treatment and normalisation, prepared anew; reference: matrix product and argsort"
    results["draws_full_chain"] = row(one * 1e6, (sort + product) * 1e6, "µs", what)
    return results


def sobol() -> dict[str, dict[str, Any]]:
    result = assess(table(), flat())
    sensitivity(result, samples=2, bootstrap=0)
    start = time.perf_counter()
    found = sensitivity(result, samples=1024, bootstrap=0)
    ours = time.perf_counter() - start
    block = result.normalised.to_numpy().T.copy()
    weights = np.random.default_rng(0).dirichlet(np.ones(15), 200)

    def plain() -> None:
        for one in weights @ block:
            np.argsort(one)

    bound = best(plain, 3) / len(weights) * found.shift.runs
    what = f"Sobol indices of all 3,321 ranks from {found.shift.runs:,} runs; reference: matrix product and argsort"
    return {"sobol_all_units": row(ours, bound, "s", what)}


def scaling() -> dict[str, dict[str, Any]]:
    results = {}
    for units in (3321, 33210, 332100):
        data = table(units)
        prepared = prepare(data, flat())
        block = prepared.normalised.to_numpy().T.copy()
        share = np.full(len(CODES), 1 / len(CODES))
        ours = best(lambda prepared=prepared: prepared.score(prepared.weights), 5)  # type: ignore[misc]
        bound = best(lambda share=share, block=block: share @ block, 5)  # type: ignore[misc]
        what = "new weights to new scores; reference: the matrix product"
        results[f"scaling_rescore_{units}"] = row(ours * 1e3, bound * 1e3, "ms", what)
        result = score(prepared)
        uncertainty(result, 2)
        count = max(128, 4_000_000 // units)
        ours = best(lambda result=result, count=count: uncertainty(result, count, threads=1), 2) / count  # type: ignore[misc]
        bound += best(lambda block=block: np.argsort(block[0]), 5)  # type: ignore[misc]
        what = "one draw with rank statistics; reference: matrix product and argsort"
        results[f"scaling_draw_{units}"] = row(ours * 1e3, bound * 1e3, "ms", what)
    return results


def measure() -> dict[str, dict[str, Any]]:
    return rescore() | draws() | sobol() | scaling()
