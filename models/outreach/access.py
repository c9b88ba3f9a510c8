"""Access to outreach: travel times from a stated speed model, and floating catchments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from geo.base.distance import within
from geo.base.errors import InputError

PEOPLE = 10_000


@dataclass(frozen=True)
class SpeedModel:
    """How distance becomes time on the road; assumptions, replaceable by a matrix of the user's own.

    Parameters
    ----------
    detour
        Road distance over straight distance on easy ground; remote ground adds up to ``detour_remote`` to it.
    detour_remote
        See above; mountain roads wind.
    speed, speed_remote
        Kilometres an hour where nothing is remote and where everything is.
    start
        Hours lost at both ends of every way.
    """

    detour: float = 1.3
    detour_remote: float = 0.3
    speed: float = 40.0
    speed_remote: float = 22.0
    start: float = 0.1

    def hours(self, distance: np.ndarray, remote: np.ndarray) -> np.ndarray:
        """Return hours for straight distances in km over ground of a remoteness between 0 and 1.

        Examples
        --------
        >>> SpeedModel().hours(np.array([20.0, 20.0]), np.array([0.0, 1.0])).round(2).tolist()
        [0.75, 1.55]
        """
        way = distance * (self.detour + self.detour_remote * remote)
        return np.asarray(self.start + way / (self.speed + (self.speed_remote - self.speed) * remote))


def remote_share(town_distance: pd.Series, full: float = 30.0) -> pd.Series:
    """Return a remoteness between 0 and 1 from the straight distance to the nearest town, km.

    0 in a town, 1 from ``full`` km on; missing where the distance is missing.

    Examples
    --------
    >>> remote_share(pd.Series([0.0, 15.0, 90.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    return (town_distance / full).clip(0.0, 1.0)


def travel_hours(
    bases: pd.DataFrame,
    communes: pd.DataFrame,
    *,
    most: float = 2.5,
    model: SpeedModel | None = None,
    measured_hours: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the hours from every base to every commune, one way.

    Parameters
    ----------
    bases
        Indexed by base: ``lat``, ``lon`` (degrees); optional ``remote`` (0-1) and ``province_code``: a base with a
        province serves only its communes.
    communes
        Indexed by ``commune_code``: ``lat``, ``lon``, optional ``remote`` and ``province_code``.
    most
        Ways longer than this are left missing.
    model
        The speed model; by default :class:`SpeedModel` with its stated assumptions.
    measured_hours
        Measured hours, bases x communes, which take the place of the model's wherever they are not missing.

    Returns
    -------
    pandas.DataFrame
        Bases x communes, hours; missing where a base does not go.
    """
    model = SpeedModel() if model is None else model
    radius = max(most - model.start, 0.0) * max(model.speed, model.speed_remote) / model.detour
    points = communes[["lon", "lat"]].to_numpy(float)
    in_reach = within(bases[["lon", "lat"]].to_numpy(float), points, radius)
    hours = np.full((len(bases), len(communes)), np.nan)
    far = {side: frame.get("remote", pd.Series(0.0, frame.index)).fillna(0.0).to_numpy(float)
           for side, frame in (("base", bases), ("commune", communes))}  # fmt: skip
    for base, (places, distance) in enumerate(in_reach):
        hours[base, places] = model.hours(distance, (far["base"][base] + far["commune"][places]) / 2)
    if measured_hours is not None:
        measured = measured_hours.reindex(index=bases.index, columns=communes.index).to_numpy(float)
        hours = np.where(np.isfinite(measured), measured, hours)
    if "province_code" in bases and "province_code" in communes:
        own = bases["province_code"].to_numpy(object)[:, None]
        hours[(own != communes["province_code"].to_numpy(object)[None, :]) & pd.notna(own)] = np.nan
    hours[hours > most] = np.nan
    return pd.DataFrame(hours, bases.index, communes.index)


@dataclass(frozen=True)
class Catchment:
    """How far people are served and how service fades with the way.

    Parameters
    ----------
    most
        Hours; nobody further away is served.
    decay
        ``stepped``: three zones of a third each with the weights ``steps`` (Luo and Qi 2009; the default is their
        slower decay); ``gaussian``: from 1 at no way to 0 at ``most`` (Dai 2010).
    steps
        Weights of the three zones.
    """

    most: float = 1.5
    decay: Literal["gaussian", "stepped"] = "gaussian"
    steps: tuple[float, float, float] = (1.0, 0.68, 0.22)

    def weight(self, hours: np.ndarray) -> np.ndarray:
        """Return the weight of a way of so many hours, 0-1; missing ways have none.

        Examples
        --------
        >>> Catchment(most=1.5, decay="stepped").weight(np.array([0.2, 0.8, 1.5, 1.6, np.nan])).tolist()
        [1.0, 0.68, 0.22, 0.0, 0.0]
        """
        way = np.nan_to_num(np.asarray(hours, float), nan=np.inf)
        inside = way <= self.most
        share = np.where(inside, way, 0.0) / self.most
        if self.decay == "stepped":
            zone = np.clip(np.ceil(share * 3 - 1e-12).astype(int) - 1, 0, 2)
            return np.where(inside, np.asarray(self.steps)[zone], 0.0)
        return np.where(inside, (np.exp(-0.5 * share**2) - np.exp(-0.5)) / (1 - np.exp(-0.5)), 0.0)


def floating_catchment(
    hours: pd.DataFrame, capacity: pd.Series, people: pd.Series, catchment: Catchment | None = None
) -> pd.Series:
    """Return the access of each commune to the teams' capacity: enhanced two-step floating catchment areas.

    First every team's capacity is divided among the people around it, those far away counting less; then every
    commune adds up what the teams around it have for each person, again weighted by the way. The sum of access x
    people is the whole capacity of the teams that have anybody around.

    Source: Luo and Qi, Health & Place 15 (2009) 1100-1107; Gaussian form: Dai, Health & Place 16 (2010) 1038-1052.

    Parameters
    ----------
    hours
        Teams x communes, one way; missing where a team does not go.
    capacity
        By team, in any unit (sessions, days, volunteers).
    people
        By commune; where it is missing the commune takes nothing from others, but its own access is known.
    catchment
        How far and how service fades.

    Returns
    -------
    pandas.Series
        Capacity per 10,000 people, by commune; 0 where no team goes.

    Raises
    ------
    InputError
        If a team has no capacity or a negative one, by name.

    Examples
    --------
    >>> hours = pd.DataFrame({"a": [0.1, 0.1], "b": [0.1, None]}, index=["one", "two"])
    >>> stepped = Catchment(decay="stepped")
    >>> people = pd.Series({"a": 4000, "b": 6000})
    >>> floating_catchment(hours, pd.Series({"one": 10, "two": 4}), people, stepped).tolist()
    [20.0, 10.0]
    """
    catchment = Catchment() if catchment is None else catchment
    supply = capacity.reindex(hours.index).astype(float)
    wrong = hours.index[supply.isna() | (supply < 0)]
    if len(wrong):
        raise InputError("access.capacity", wrong)
    weight = catchment.weight(hours.to_numpy(float))
    crowd = weight @ people.reindex(hours.columns).astype(float).fillna(0.0).to_numpy()
    ratio = np.divide(supply.to_numpy(), crowd, out=np.zeros(len(supply)), where=crowd > 0)
    return pd.Series(PEOPLE * (ratio @ weight), hours.columns)
