"""Small frameworks and tables for the engine's tests."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from models.index.framework import Framework, Node


@pytest.fixture(scope="session")
def flat() -> Callable[..., Framework]:
    def make(codes: Sequence[str] = ("a", "b", "c"), **settings: object) -> Framework:
        return Framework((Node("risk"), *(Node(code, parent="risk") for code in codes)), **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def nested() -> Callable[..., Framework]:
    def make(**settings: object) -> Framework:
        nodes = [Node("risk", aggregate="geometric")]
        nodes += [Node(code, parent="risk") for code in ("exposure", "vulnerability", "response")]
        nodes += [Node("a", parent="exposure"), Node("b", parent="exposure", weight=2.0)]
        nodes += [Node("c", parent="vulnerability"), Node("d", parent="vulnerability", direction=-1)]
        nodes += [Node("e", parent="response", direction=-1), Node("f", parent="response")]
        return Framework(tuple(nodes), **settings)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def table() -> Callable[..., pd.DataFrame]:
    def make(units: int = 40, codes: str = "abcdef", missing: float = 0.0, seed: int = 0) -> pd.DataFrame:
        generator = np.random.default_rng(seed)
        values = generator.gamma(2.0, 10.0, (units, len(codes)))
        values[generator.random(values.shape) < missing] = np.nan
        return pd.DataFrame(values, index=[f"u{unit}" for unit in range(units)], columns=list(codes))

    return make
