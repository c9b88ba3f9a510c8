"""The scoring engine beside the bare numpy operations that bound it, measured in the same run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from models.index.assessment import assess, score
from models.index.framework import Framework, Node
from models.index.prepared import prepare
from models.robustness.draws import Choices
from models.robustness.sensitivity import sensitivity
from models.robustness.uncertainty import uncertainty

CODES = [f"i{place}" for place in range(15)]


@dataclass(frozen=True)
class Size:
    """How much is measured: units, draws, samples of Sobol, and the largest number of rounds."""

    units: int = 3321
    draws: int = 10_000
    samples: int = 1024
    scales: tuple[int, ...] = (3321, 33210, 332100)
    rounds: int = 2_000_000


SMALLEST = Size(units=60, draws=20, samples=4, scales=(60,), rounds=2)
COINR_WEIGHTS, COINR_CHAIN = 0.2, 0.11
"""Seconds a draw that COINr (R) took: weights at 3,321 x 15, the whole chain at 51 x 49; on a like machine."""


def flat(codes: list[str] = CODES, **settings: Any) -> Framework:
    return Framework((Node("risk"), *(Node(code, parent="risk") for code in codes)), **settings)


def nested() -> Framework:
    parts = ("exposure", "vulnerability", "response")
    nodes = [Node("risk", aggregate="geometric"), *(Node(part, parent="risk") for part in parts)]
    nodes += [Node(code, parent=parts[place % 3], weight=1.0 + place) for place, code in enumerate(CODES)]
    return Framework(tuple(nodes), normalise="minmax:low=1")


def table(units: int, indicators: int = len(CODES)) -> pd.DataFrame:
    values = np.random.default_rng(0).gamma(2, 10, (units, indicators))
    return pd.DataFrame(values, columns=[f"i{place}" for place in range(indicators)])


def beside(*functions: Callable[[], object], rounds: int = 5, times: int = 1) -> list[float]:
    """Return, for each function, the shortest mean of ``times`` runs in seconds; rounds take them in turn.

    The shortest leaves out what others on the machine do; taken in turn, they see the same machine.
    """
    shortest = [float("inf")] * len(functions)
    for _ in range(rounds):
        for number, function in enumerate(functions):
            start = time.perf_counter()
            for _ in range(times):
                function()
            shortest[number] = min(shortest[number], (time.perf_counter() - start) / times)
    return shortest


def row(ours: float, reference: float, unit: str, what: str) -> dict[str, Any]:
    return {"ours": ours, "reference": reference, "ratio": ours / reference, "unit": unit, "what": what}


def rescore(size: Size) -> dict[str, dict[str, Any]]:
    results = {}
    share, thirds = np.full(len(CODES), 1 / len(CODES)), np.full(3, 1 / 3)
    for name, framework in {
        "rescore_arithmetic": flat(),
        "rescore_geometric": flat(normalise="minmax:low=1", aggregate="geometric"),
        "rescore_nested": nested(),
        "rescore_percentile": flat().with_node("risk", normalise="percentile"),
    }.items():
        prepared = prepare(table(size.units), framework)
        weights, block = prepared.weights.copy(), prepared.normalised.to_numpy().T.copy()
        parts = block[:3].copy()
        more = {
            "rescore_percentile": lambda block=block: np.argsort(block[0]),
            "rescore_nested": lambda parts=parts: np.exp(thirds @ np.log(parts)),
        }.get(name)
        ours, bound, extra = beside(
            lambda prepared=prepared, weights=weights: prepared.score(weights),  # type: ignore[misc]
            lambda block=block: share @ block,  # type: ignore[misc]
            more or (lambda: None),
            rounds=min(2000, size.rounds),
            times=10,
        )
        bound += extra if more else 0.0
        what = f"new weights to new scores, {size.units:,} x 15; reference: the matrix product (and logarithms, sort)"
        results[name] = row(ours * 1e6, bound * 1e6, "µs", what)
    return results


def draws(size: Size) -> dict[str, dict[str, Any]]:
    results = {}
    block = prepare(table(size.units), flat()).normalised.to_numpy().T.copy()
    weights = np.random.default_rng(0).dirichlet(np.ones(15), 500)
    scores = weights @ block
    groups = pd.Series(np.arange(size.units) % 34)

    def sort() -> None:
        for _ in range(10):
            for one in scores:
                np.argsort(one)

    for name, framework in {"draws_flat": flat(), "draws_nested_geometric": nested()}.items():
        result = assess(table(size.units), framework, groups)
        uncertainty(result, 10)
        one, many, sorting, product = beside(
            lambda result=result: uncertainty(result, size.draws, threads=1),  # type: ignore[misc]
            lambda result=result: uncertainty(result, size.draws),  # type: ignore[misc]
            sort,
            lambda: weights @ block,
            rounds=min(8, size.rounds),
        )
        one, sorting, product = (
            one / size.draws * 1e6,
            sorting / (10 * len(scores)) * 1e6,
            product / len(scores) * 1e6,
        )
        what = f"one of {size.draws:,} draws of weights with all rank statistics, one thread; reference: "
        results[f"{name}_against_sort"] = row(one, sorting, "µs", what + "numpy argsort of one draw")
        bound = sorting + product
        results[f"{name}_against_bound"] = row(one, bound, "µs", what + "matrix product and argsort of one draw")
        results[f"{name}_against_coinr"] = row(one, COINR_WEIGHTS * 1e6, "µs", what + "COINr 1.1, as it was measured")
        what = f"{size.draws:,} draws, all threads; reference: matrix product and argsort"
        results[f"{name}_{size.draws}"] = row(many, bound * size.draws / 1e6, "s", what)
    return results | full_chain(sorting + product, size)


def full_chain(bound: float, size: Size) -> dict[str, dict[str, Any]]:
    """Methods vary as well as weights; ``bound`` is the matrix product and the sort of one draw in microseconds."""
    choices = Choices(treat=("none", "skew_gate:max_points=5"), normalise=("minmax", "zscore", "percentile"))
    result = assess(table(size.units), flat())
    uncertainty(result, 10, choices=choices)
    (one,) = beside(lambda: uncertainty(result, size.draws, choices=choices, threads=1), rounds=min(4, size.rounds))
    what = "one draw of weights, treatment and normalisation, one thread; reference: matrix product and argsort"
    results = {"draws_full_chain": row(one / size.draws * 1e6, bound, "µs", what)}
    small = assess(table(51, 49), flat([f"i{place}" for place in range(49)]))
    (one,) = beside(lambda: uncertainty(small, 100, choices=choices, threads=1), rounds=min(8, size.rounds))
    what = (
        "one of 100 draws of weights, treatment and normalisation, 51 x 49; reference: COINr 1.1, as it was measured"
    )
    return results | {"draws_full_chain_against_coinr": row(one / 100 * 1e6, COINR_CHAIN * 1e6, "µs", what)}


def sobol(size: Size) -> dict[str, dict[str, Any]]:
    result = assess(table(size.units), flat())
    sensitivity(result, samples=2, bootstrap=0)
    runs = sensitivity(result, samples=size.samples, bootstrap=0).shift.runs
    block = result.normalised.to_numpy().T.copy()
    weights = np.random.default_rng(0).dirichlet(np.ones(15), 200)

    def plain() -> None:
        for one in weights @ block:
            np.argsort(one)

    ours, bound = beside(
        lambda: sensitivity(result, samples=size.samples, bootstrap=0), plain, rounds=min(4, size.rounds)
    )
    what = f"Sobol indices of all {size.units:,} ranks from {runs:,} runs; reference: matrix product and argsort"
    return {"sobol_all_units": row(ours, bound / len(weights) * runs, "s", what)}


def scaling(size: Size) -> dict[str, dict[str, Any]]:
    results = {}
    for units in size.scales:
        prepared = prepare(table(units), flat())
        block = prepared.normalised.to_numpy().T.copy()
        share = np.full(len(CODES), 1 / len(CODES))
        weights = prepared.weights.copy()
        ours, bound = beside(
            lambda prepared=prepared, weights=weights: prepared.score(weights),  # type: ignore[misc]
            lambda share=share, block=block: share @ block,  # type: ignore[misc]
            rounds=min(max(9, 2_000_000 // units), size.rounds),
        )
        what = "new weights to new scores; reference: the matrix product"
        results[f"scaling_rescore_{units}"] = row(ours * 1e3, bound * 1e3, "ms", what)
        result = score(prepared)
        uncertainty(result, 2)
        count = min(max(200, 33_210_000 // units), size.draws)
        one, sort = beside(
            lambda result=result, count=count: uncertainty(result, count, threads=1),  # type: ignore[misc]
            lambda block=block, count=count: [np.argsort(block[0]) for _ in range(count)],  # type: ignore[misc]
            rounds=min(3, size.rounds),
        )
        what = "one draw with rank statistics, one thread; reference: matrix product and argsort"
        results[f"scaling_draw_{units}"] = row(one / count * 1e3, (bound + sort / count) * 1e3, "ms", what)
    return results


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    size = SMALLEST if smallest else Size()
    return rescore(size) | draws(size) | sobol(size) | scaling(size)
