"""Parts of the area that plans look after: remote, border, mountain, island communes, old units, one's own lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from geo import layers, units
from geo.base.distance import nearest
from geo.base.errors import InputError
from geo.datasets import default_path, read_cached
from geo.files import tables
from geo.layers import features
from geo.layers.borders import land_border
from geo.units import crosswalk

REMOTE_KM = 15.0
BORDER_KM = 10.0
MOUNTAINS = {"mountainous": 1, "highland": 2}
"""The classes of mountain communes (miền núi, vùng cao) as ``commune_facts.csv`` has them."""

REGION_III = "region_iii"


def town_distance(communes: pd.DataFrame) -> pd.Series:
    """Return the straight distance in km from each commune's centre to the nearest ward (0 in a ward).

    Examples
    --------
    >>> float(town_distance(units.communes())["00004"])
    0.0
    """
    every = units.communes()
    towns = every[every["type"] == "Phường"][["lon", "lat"]].to_numpy(float)
    distance, _ = nearest(communes[["lon", "lat"]].to_numpy(float), towns)
    return pd.Series(distance, communes.index).round(6)


def commune_groups(source: str, communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the communes of a group, or of each part of it, by name.

    Parameters
    ----------
    source
        ``remote`` (15 km or more from the nearest ward), ``border`` (within 10 km of the land border), ``mountain``
        (one group for mountainous and one for highland communes), ``island`` (special zones and communes that are
        islands, or of which a part is), ``minority`` (communes of region III of the ethnic-minority and mountain
        areas, as reported; only where a list is known, see :func:`listed_provinces`), ``old_province`` or
        ``old_district`` (one group for each that lies in the area), or a file with a column ``commune_code``.
    communes
        The communes of the area, as :func:`geo.units.communes`; a group holds none beyond them.

    Raises
    ------
    InputError
        For a group nobody knows, for unknown codes in a file, and for ``minority`` where no list is known: a commune
        that is on no list is unknown, not outside.

    Examples
    --------
    >>> sorted(commune_groups("old_province", units.communes_of("19")))
    ['Bắc Kạn', 'Thái Nguyên']
    """
    if source in GROUPS:
        return {name: codes for name, codes in GROUPS[source](communes).items() if codes}
    path = Path(source)
    if not path.suffix:
        raise InputError("teams.group", given=source, known=", ".join(GROUPS))
    table = tables.read_table(path)
    tables.require_columns(table, ["commune_code"], path=path)
    codes = pd.Index(units.require_known(table["commune_code"]))
    return {path.stem: tuple(communes.index[communes.index.isin(codes)])}


def _remote(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    return {"remote": tuple(communes.index[town_distance(communes) >= REMOTE_KM])}


def _border(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    distance = features.line_distance(communes[["lon", "lat"]].to_numpy(float), land_border())
    return {"border": tuple(communes.index[distance <= BORDER_KM])}


def _mountain(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    level = layers.commune_facts()["mountain_class"].reindex(communes.index)
    return {name: tuple(communes.index[level == number]) for name, number in MOUNTAINS.items()}


def _island(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    return {"island": tuple(communes.index[layers.commune_facts()["island"].reindex(communes.index) == 1])}


def listed_provinces() -> tuple[str, ...]:
    """Return the provinces whose list of communes of region III is known.

    Examples
    --------
    >>> listed_provinces()
    ('40',)
    """
    return tuple(sorted(_region_iii()["province_code"].unique()))


def _region_iii() -> pd.DataFrame:
    table = read_cached("commune_region_iii", default_path("commune_region_iii"))
    return table[table["indicator"] == REGION_III]


def _minority(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    listed = communes.index[communes.index.isin(_region_iii()["commune_code"])]
    if not len(listed):
        raise InputError("teams.no_list", known=", ".join(units.provinces().loc[list(listed_provinces()), "name"]))
    return {"minority": tuple(listed)}


def _old_provinces(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    names = crosswalk.main_old_province().map(units.old_provinces()["short_name"])
    return _parts(names.reindex(communes.index))


def _old_districts(communes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    links, old = crosswalk.links(), units.old_communes()
    shares = links.assign(district=links["old_code"].map(old["old_district"])).dropna(subset=["district"])
    votes = shares.groupby(["new_code", "district"])["share"].sum().reset_index().sort_values("share")
    return _parts(
        votes.drop_duplicates("new_code", keep="last").set_index("new_code")["district"].reindex(communes.index)
    )


def _parts(names: pd.Series) -> dict[str, tuple[str, ...]]:
    return {str(name): tuple(part.index) for name, part in names.dropna().groupby(names)}


GROUPS: Mapping[str, Callable[[pd.DataFrame], dict[str, tuple[str, ...]]]] = {
    "remote": _remote,
    "border": _border,
    "mountain": _mountain,
    "island": _island,
    "minority": _minority,
    "old_province": _old_provinces,
    "old_district": _old_districts,
}
"""Groups by name."""
