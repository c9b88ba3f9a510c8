"""The crosswalk from the 10,035 communes of before 1 July 2025 to the 3,321 in force: codes, counts, rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache

import numpy as np
import pandas as pd

from geo import units
from geo.base import paths
from geo.base.errors import InputError

ISLAND_DISTRICTS = {"D318": "31", "D471": "45", "D498": "48", "D536": "51", "D755": "77"}
"""The old province of the five districts that had no communes: Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn, Côn Đảo."""


class Vintage(StrEnum):
    """Which units the codes of a table are of: in force, of before July 2025, or a mixture that cannot be either."""

    CURRENT = "current"
    OLD = "old"
    MIXED = "mixed"


@cache
def links() -> pd.DataFrame:
    """Return the links: ``old_code, new_code, kind`` (``whole`` or ``partial``) and ``share``.

    ``share`` is the assumed part of the old commune that went to the new one; the shares of an old commune sum to 1.
    The five island districts without communes stand as ``D`` and their district code.
    """
    frame = pd.read_csv(paths.CROSSWALK, dtype={"old_code": str, "new_code": str, "kind": str})
    return frame.astype({"share": float})


def vintage(codes: Iterable[object]) -> Vintage:
    """Tell whether codes are in force, of before July 2025, or a mixture that cannot be either.

    Most codes in force were used before for another extent, so only the whole column can tell: it is ``old`` when
    more of its codes are known among the old ones than among those in force.

    Examples
    --------
    >>> vintage(["00004", "00008", "00025"]).value, vintage(["00001", "00004", "00006"]).value
    ('current', 'old')
    """
    checked = units.check_codes(codes)
    current = int(checked.isin(units.communes().index).sum())
    old = int(checked.isin(units.old_communes().index).sum())
    if current >= old:
        return Vintage.CURRENT
    mostly_old = old - current > 0.5 * (len(checked) - current)
    return Vintage.OLD if old == len(checked) or mostly_old else Vintage.MIXED


def counts_to_current(counts: pd.DataFrame) -> pd.DataFrame:
    """Sum counts of old communes into communes in force, divided by share where an old commune was split.

    Parameters
    ----------
    counts
        Indexed by old commune code; every column a count. A missing value stays missing in every commune it would
        have gone to, for a sum that leaves out a part is not the sum.

    Returns
    -------
    pandas.DataFrame
        Indexed by the commune codes the given ones lead to, with the same columns.

    Examples
    --------
    >>> counts_to_current(pd.DataFrame({"people": [100.0, 50.0]}, index=["00001", "00037"])).loc["00097", "people"]
    np.float64(150.0)
    """
    joined = _joined(counts.index)
    values = counts.loc[joined["old_code"]].to_numpy(float) * joined["share"].to_numpy()[:, None]
    parts = pd.DataFrame(values, index=joined["new_code"].to_numpy(), columns=counts.columns)
    return (
        parts.groupby(level=0)
        .sum(min_count=1)
        .where(~parts.isna().groupby(level=0).any())
        .rename_axis("commune_code")
    )


def rates_to_current(rates: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Average rates of old communes into communes in force, weighted by people (or whatever the rate is per).

    A rate is never summed, and a percentile never averaged: bring counts over and compute again where you can.

    Parameters
    ----------
    rates
        Indexed by old commune code; missing values are left out of the average.
    weights
        The denominator of the rate by old commune code, for example people.
    """
    joined = _joined(rates.index)
    weight = (weights.reindex(joined["old_code"]).to_numpy(float) * joined["share"].to_numpy())[:, None]
    values = rates.loc[joined["old_code"]].to_numpy(float)
    finite = ~np.isnan(values) & ~np.isnan(weight)
    new = pd.Index(joined["new_code"], name="commune_code")
    sums = (
        pd.DataFrame(np.where(finite, values * weight, 0.0), index=new, columns=rates.columns).groupby(level=0).sum()
    )
    total = pd.DataFrame(np.where(finite, weight, 0.0), index=new, columns=rates.columns).groupby(level=0).sum()
    return sums / total.where(total > 0)


@cache
def main_old_province() -> pd.Series:
    """Return, by commune in force, the old province that most of its old communes belonged to.

    Examples
    --------
    >>> main_old_province()["06712"], main_old_province()["26732"]
    ('22', '77')
    """
    frame = links()
    districts = frame["old_code"].map(ISLAND_DISTRICTS)
    old = frame["old_code"].map(units.old_communes()["old_province_code"]).fillna(districts)
    votes = frame.assign(old=old).groupby(["new_code", "old"])["share"].sum().reset_index()
    best = (
        votes.sort_values(["new_code", "share"]).drop_duplicates("new_code", keep="last").set_index("new_code")["old"]
    )
    return best.reindex(units.communes().index).rename("old_province_code")


@cache
def main_old_district() -> pd.Series:
    """Return, by commune in force, the code of the old district that most of its old communes belonged to.

    Examples
    --------
    >>> main_old_district()["06712"], main_old_district()["00004"]
    ('194', '001')
    """
    frame = links()
    islands = {code: code.removeprefix("D") for code in ISLAND_DISTRICTS}
    old = frame["old_code"].map(units.old_communes()["old_district_code"]).fillna(frame["old_code"].map(islands))
    votes = frame.assign(old=old).groupby(["new_code", "old"])["share"].sum().reset_index()
    ordered = votes.sort_values(["new_code", "share"]).drop_duplicates("new_code", keep="last")
    return ordered.set_index("new_code")["old"].reindex(units.communes().index).rename("old_district_code")


def _joined(codes: pd.Index) -> pd.DataFrame:
    table = links()
    missing = codes[~codes.isin(table["old_code"])]
    if len(missing):
        raise InputError("units.old_codes_unknown", list(missing), count=len(missing))
    return table[table["old_code"].isin(codes)]


def old_names(codes: Iterable[str]) -> Mapping[str, list[str]]:
    """Return, for each commune in force, the names of the old communes it was made of, whole ones first.

    Examples
    --------
    >>> old_names(["06970"])["06970"][0]
    'Thị trấn Ba Chẽ'
    """
    frame = links()[lambda table: table["new_code"].isin(list(codes))].sort_values(
        ["new_code", "kind"], ascending=[True, False]
    )
    names = frame["old_code"].map(units.old_communes()["name"])
    return {code: names[group.index].dropna().tolist() for code, group in frame.groupby("new_code")}
