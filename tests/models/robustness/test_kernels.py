"""What the compiled loops are compiled with."""

import numpy as np
from numba.core.dispatcher import Dispatcher

from models.robustness import kernels
from models.robustness.compiled import buffers


def test_every_compiled_function_states_its_rules_of_arithmetic() -> None:
    functions = {name: value for name, value in vars(kernels).items() if isinstance(value, Dispatcher)}
    assert len(functions) > 10
    for name, function in functions.items():
        assert {"fastmath", "error_model"} <= set(function.targetoptions), name


def test_what_compares_and_ranks_takes_no_liberties() -> None:
    for function in (kernels.scaled, kernels.percentiles, kernels.sort_exactly, kernels.keyed_exactly, kernels.keyed):
        assert function.targetoptions["fastmath"] is False


def test_there_is_one_zero() -> None:
    values = np.array([0.0, -0.0, -0.0, 0.0, 1.0, -0.0])
    percentile = np.array([kernels.PERCENTILE, 1.0, 0.0, 100.0, np.nan, np.nan])
    kernels.scaled(values, percentile, True, buffers(len(values), 1))
    assert values.tolist() == [0.0, 0.0, 0.0, 0.0, 100.0, 0.0]
