"""Treatment of outliers before normalising.

Every function takes the values of one indicator (units,), NaN where missing, and returns the treated values and a
:class:`Treatment` that says what was done. Values are treated as they are measured, before the direction is applied.

Sources: OECD/JRC Handbook (2008), chapter 5; the gate of skewness 2 and kurtosis 3.5 and the shifted logarithm are
the practice of the Global Innovation Index and of the JRC's COIN tool.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.base.errors import InputError

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Treatment:
    """What a treatment did to one indicator.

    Parameters
    ----------
    done
        ``none``, ``winsorise``, ``log``, ``boxcox`` or ``yeojohnson``.
    points
        The number of values that were moved to another (all of them under a transformation).
    skew, kurtosis
        Before the treatment, as a sample statistic (the definition spreadsheets use); NaN with under four values.
    skew_after, kurtosis_after
        After it.
    parameter
        The exponent of a power transformation.
    """

    done: str
    points: int = 0
    skew: float = np.nan
    kurtosis: float = np.nan
    skew_after: float = np.nan
    kurtosis_after: float = np.nan
    parameter: float = np.nan


def skew(values: Values) -> float:
    """Return the sample skewness; 0 for equal values, NaN with fewer than three.

    Examples
    --------
    >>> round(skew(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    1.763633
    """
    return _shape(values)[0]


def kurtosis(values: Values) -> float:
    """Return the sample excess kurtosis; 0 for equal values, NaN with fewer than four.

    Examples
    --------
    >>> round(kurtosis(np.array([1.0, 2.0, 3.0, 10.0])), 6)
    3.228
    """
    return _shape(values)[1]


def _shape(values: Values) -> tuple[float, float]:
    """Return skewness and kurtosis."""
    n, square, cube, fourth = _moments(values)
    if n < 4 or square == 0:
        plain = 0.0 if square == 0 or n < 3 else np.sqrt(n) * cube / square**1.5
        return (np.nan if n < 3 else float(plain * np.sqrt(n * (n - 1)) / (n - 2))), (np.nan if n < 4 else 0.0)
    skewness = np.sqrt(n) * cube / square**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    excess = ((n + 1) * (n * fourth / square**2 - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))
    return float(skewness), float(excess)


def _moments(values: Values) -> tuple[int, float, float, float]:
    """Return the number of values and the sums of the powers 2, 3 and 4 of their distances from the mean."""
    present = values[np.isfinite(values)]
    if not len(present):
        return 0, 0.0, 0.0, 0.0
    apart = present - present.mean()
    square = apart * apart
    return len(present), float(square.sum()), float(square @ apart), float(square @ square)


def t_none(values: Values) -> tuple[Values, Treatment]:
    """Leave the values as they are."""
    return values.copy(), _report("none", values, values, 0)


def t_skew_gate(
    values: Values,
    *,
    max_points: int = 5,
    max_skew: float = 2.0,
    max_kurtosis: float = 3.5,
    mirror: bool = False,
) -> tuple[Values, Treatment]:
    """Winsorise point by point while skewness and kurtosis both reach their limits, else take logarithms.

    As long as ``abs(skew) >= max_skew`` and ``kurtosis >= max_kurtosis``, the most extreme value on the skewed side
    is set to the next one, up to ``max_points`` values. If that is not enough, the original values become
    ``log(x - min + 0.01 (max - min))`` instead. With ``mirror`` values skewed to the left become
    ``-log(max - x + 0.01 (max - min))``, which the plain logarithm would skew even more (COINr: ``log_CT_plus``).

    Examples
    --------
    >>> treated, report = t_skew_gate(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 100]))
    >>> treated.max(), report.done, report.points
    (np.float64(9.0), 'winsorise', 1)
    """
    if not _fails(values, max_skew, max_kurtosis):
        return values.copy(), _report("none", values, values, 0)
    treated, moved = values.copy(), {True: 0, False: 0}
    while sum(moved.values()) < max_points and _fails(treated, max_skew, max_kurtosis):
        high = skew(treated) >= 0
        extreme = np.nanmax(treated) if high else np.nanmin(treated)
        at_end = treated == extreme
        rest = treated[~at_end & np.isfinite(treated)]
        treated[at_end] = rest.max() if high else rest.min()
        moved[high] = int(at_end.sum())
    if not _fails(treated, max_skew, max_kurtosis):
        changed = int((treated[np.isfinite(values)] != values[np.isfinite(values)]).sum())
        return treated, _report("winsorise", values, treated, changed)
    present = values[np.isfinite(values)]
    left = mirror and skew(values) < 0
    treated = -np.log(_moved(-values, -present)) if left else np.log(_moved(values, present))
    return treated, _report("log", values, treated, len(present))


def t_winsorise(
    values: Values, *, lower: float = 5.0, upper: float = 95.0, points: int | None = None
) -> tuple[Values, Treatment]:
    """Move everything beyond two percentiles, or a number of points at each end, to the limit.

    Parameters
    ----------
    lower, upper
        Percentiles, 0 to 100.
    points
        Instead: how many of the smallest and of the largest values are set to the next one.

    Examples
    --------
    >>> t_winsorise(np.array([0.0, 1.0, 2.0, 3.0, 50.0]), points=1)[0].tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    present = np.sort(values[np.isfinite(values)])
    if not len(present):
        return t_none(values)
    if points is not None:
        if points < 0 or 2 * points >= len(present):
            raise InputError("methods.parameter_value", kind="treat", method="winsorise", key="points", value=points)
        ends = present[points], present[len(present) - 1 - points]
    else:
        if not 0 <= lower < upper <= 100:
            raise InputError(
                "methods.parameter_value", kind="treat", method="winsorise", key="lower", value=f"{lower}, {upper}"
            )
        ends = np.percentile(present, lower), np.percentile(present, upper)
    treated = np.clip(values, *ends)
    return treated, _report(
        "winsorise", values, treated, int((treated[np.isfinite(values)] != values[np.isfinite(values)]).sum())
    )


def t_log(values: Values, *, shift: float | None = None) -> tuple[Values, Treatment]:
    """Take natural logarithms of ``values + shift``.

    Without ``shift`` values above 0 are taken as they are; if some are not, the smallest is moved to one hundredth of
    the range: ``log(x - min + 0.01 (max - min))``.

    Raises
    ------
    InputError
        ``methods.parameter_value``: a shift that leaves values at or below zero.

    Examples
    --------
    >>> t_log(np.array([1.0, 10.0, 100.0]), shift=0)[0].round(3).tolist()
    [0.0, 2.303, 4.605]
    """
    present = values[np.isfinite(values)]
    if not len(present) or present.min() == present.max():
        return t_none(values)
    if shift is None:
        moved = values if present.min() > 0 else _moved(values, present)
    elif present.min() + shift > 0:
        moved = values + shift
    else:
        raise InputError("methods.parameter_value", kind="treat", method="log", key="shift", value=shift)
    treated = np.log(moved)
    return treated, _report("log", values, treated, len(present))


def t_boxcox(
    values: Values, *, exponent: float | None = None, shift: float | None = None
) -> tuple[Values, Treatment]:
    """Transform by Box-Cox with the exponent of greatest likelihood, or the given one.

    Values at or below zero are first moved so that the smallest becomes 1.

    Source: Box & Cox, J. R. Stat. Soc. B 26 (1964) 211-252.
    """
    from scipy import stats

    present = values[np.isfinite(values)]
    if not len(present) or present.min() == present.max():
        return t_none(values)
    move = (1 - present.min() if present.min() <= 0 else 0.0) if shift is None else shift
    if present.min() + move <= 0:
        raise InputError("methods.parameter_value", kind="treat", method="boxcox", key="shift", value=shift)
    power = float(stats.boxcox(present + move)[1]) if exponent is None else exponent
    treated = np.full_like(values, np.nan)
    treated[np.isfinite(values)] = stats.boxcox(present + move, lmbda=power)
    return treated, _report("boxcox", values, treated, len(present), power)


def t_yeojohnson(values: Values, *, exponent: float | None = None) -> tuple[Values, Treatment]:
    """Transform by Yeo-Johnson, for any sign, with the exponent of greatest likelihood or the given one.

    Source: Yeo & Johnson, Biometrika 87 (2000) 954-959.
    """
    from scipy import stats

    present = values[np.isfinite(values)]
    if not len(present) or present.min() == present.max():
        return t_none(values)
    power = float(stats.yeojohnson(present)[1]) if exponent is None else exponent
    treated = np.full_like(values, np.nan)
    treated[np.isfinite(values)] = stats.yeojohnson(present, lmbda=power)
    return treated, _report("yeojohnson", values, treated, len(present), power)


TREAT: dict[str, Callable[..., tuple[Values, Treatment]]] = {
    "none": t_none,
    "skew_gate": t_skew_gate,
    "winsorise": t_winsorise,
    "log": t_log,
    "boxcox": t_boxcox,
    "yeojohnson": t_yeojohnson,
}


def _moved(values: Values, present: Values) -> Values:
    return values - present.min() + 0.01 * (present.max() - present.min())


def _fails(values: Values, max_skew: float, max_kurtosis: float) -> bool:
    skewness, excess = _shape(values)
    return abs(skewness) >= max_skew and excess >= max_kurtosis


def _report(done: str, before: Values, after: Values, points: int, parameter: float = np.nan) -> Treatment:
    was = _shape(before)
    now = was if after is before else _shape(after)
    return Treatment(done, points, *was, *now, parameter)
