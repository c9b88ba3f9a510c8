"""Provinces and communes, in force and of before 1 July 2025: their codes, and codes from names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from geo.base import paths
from geo.base.errors import DataFault, InputError, UnitNotFound
from geo.units.names import accented, fold, short_name

AS_OF = "2026-04-30"
SUGGESTIONS = 5


@dataclass(frozen=True)
class Match:
    """A commune found by name or code.

    ``code`` is always a code in force; ``old_name`` says which commune of before July 2025 led to it, if one did;
    ``rank`` orders matches: 0 the exact name with its type, 1 the exact name, 2 without diacritics, 3 the beginning,
    4 a part of the name, 5 similar.
    """

    code: str
    name: str
    province_code: str
    rank: int
    old_name: str | None = None


def _read(path: Path, index: str, rows: int) -> pd.DataFrame:
    if not path.exists():
        raise DataFault("general.file_missing", path=path)
    text = pd.read_csv(path, dtype=str, keep_default_na=False).set_index(index)
    numbers = [name for name in ("lat", "lon", "area_km2", "south", "west", "north", "east") if name in text]
    frame = text.assign(**{name: pd.to_numeric(text[name].replace("", None)) for name in numbers})
    if len(frame) != rows or not frame.index.is_unique:
        raise DataFault("general.file_damaged", path=path, reason=f"{len(frame)} rows, {rows} expected")
    return frame


@cache
def provinces() -> pd.DataFrame:
    """Return the 34 provinces in force, indexed by ``province_code``: ``name, short_name, type``.

    Examples
    --------
    >>> provinces().loc["22", "name"]
    'Tỉnh Quảng Ninh'
    """
    return _read(paths.PROVINCES, "province_code", 34)


@cache
def communes() -> pd.DataFrame:
    """Return the 3,321 communes in force, indexed by ``commune_code``.

    Columns ``name, short_name, type, province_code, lat, lon`` (degrees) ``, area_km2, alias_code`` (another code
    some sources use, else empty) ``, area_quality`` (``modelled`` where the source gave the area of a namesake).

    Examples
    --------
    >>> communes().loc["06712", "name"]
    'Phường Móng Cái 1'
    """
    return _read(paths.COMMUNES, "commune_code", 3321)


@cache
def old_provinces() -> pd.DataFrame:
    """Return the 63 provinces of before 1 July 2025, indexed by ``old_province_code``, with their successor."""
    return _read(paths.OLD_PROVINCES, "old_province_code", 63)


@cache
def old_communes() -> pd.DataFrame:
    """Return the 10,035 communes of before 1 July 2025, indexed by ``old_commune_code``.

    Columns ``name, short_name, type, old_district_code, old_district, old_province_code, lat, lon`` and the bounding
    box ``south, west, north, east`` (degrees).
    """
    return _read(paths.OLD_COMMUNES, "old_commune_code", 10035)


def communes_of(province: str | None) -> pd.DataFrame:
    """Return the communes of one province, or of the nation for ``None``."""
    frame = communes()
    return frame if province is None else frame[frame["province_code"] == find_province(province)]


def find_province(text: object) -> str:
    """Return the code of the province in force that a code or a name, old or new, stands for.

    Raises
    ------
    UnitNotFound
        With the nearest names.

    Examples
    --------
    >>> find_province("22"), find_province("tinh quang ninh"), find_province("Long An"), find_province("TP. HCM")
    ('22', '22', '80', '79')
    """
    written = str(text).strip()
    if written.isdigit() and written.zfill(2) in provinces().index:
        return written.zfill(2)
    names = _province_keys()
    for key in (fold(written), fold(short_name(written))):
        if key in names:
            return names[key]
    near = difflib.get_close_matches(fold(short_name(written)), names, n=SUGGESTIONS, cutoff=0.5)
    names_near = dict.fromkeys(provinces().loc[names[key], "short_name"] for key in near)
    suggestions = ", ".join(names_near) or ", ".join(provinces()["short_name"].head(SUGGESTIONS)) + ", …"
    raise UnitNotFound("units.province_not_found", given=written, suggestions=suggestions)


@cache
def _province_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for code, row in old_provinces().iterrows():
        keys[fold(row["short_name"])] = row["province_code"]
        keys[fold(row["name"])] = row["province_code"]
        del code
    for code, row in provinces().iterrows():
        keys[fold(row["short_name"])] = keys[fold(row["name"])] = str(code)
    extra = {"hcm": "79", "tphcm": "79", "tp hcm": "79", "sai gon": "79", "hn": "01", "brvt": "79", "tt hue": "46"}
    extra |= {"thua thien hue": "46", "thua thien - hue": "46", "dac lac": "66", "dak lac": "66", "daklak": "66"}
    return keys | {fold(name): code for name, code in extra.items()}


def find_communes(text: str, province: str | None = None, limit: int = 10, *, old: bool = True) -> list[Match]:
    """Return the communes a code or a name may stand for, the best first.

    Names may lack diacritics or a type, be of before July 2025, be NFC or NFD, ``Hòa`` or ``Hoà``; when no name
    fits, similar ones follow (rank 5).

    Parameters
    ----------
    text
        A name or a code.
    province
        Code of the province to look in; the nation for ``None``.
    limit
        At most so many matches.
    old
        Whether names of before July 2025 count.

    Examples
    --------
    >>> [match.code for match in find_communes("mong cai 1")]
    ['06712']
    >>> find_communes("Thị trấn Ba Chẽ", "22")[0].name
    'Xã Ba Chẽ'
    """
    written = str(text).strip()
    by_code = _match_code(written)
    if by_code is not None and province in (None, by_code.province_code):
        return [by_code]
    key, accented_text = fold(written), accented(written)
    if not key:
        return []
    matches: dict[str, Match] = {}
    for name in _named(old):
        if province is not None and name.province_code != province:
            continue
        rank = _rank(name, key, accented_text)
        if rank is None or (name.code in matches and matches[name.code].rank <= rank):
            continue
        matches[name.code] = Match(name.code, name.current, name.province_code, rank, name.old_name)
    if not matches:
        pool = {name.short: name for name in _named(False) if province in (None, name.province_code)}
        for near in difflib.get_close_matches(fold(short_name(written)), pool, n=limit, cutoff=0.6):
            name = pool[near]
            matches.setdefault(name.code, Match(name.code, name.current, name.province_code, 5))
    return sorted(matches.values(), key=lambda match: (match.rank, match.old_name is not None, match.name))[:limit]


def commune_code(text: object, province: str | None = None) -> str:
    """Return the one commune in force that a code or a name stands for.

    Raises
    ------
    UnitNotFound
        When none fits (the nearest are suggested) or several fit equally well (they are listed).

    Examples
    --------
    >>> commune_code(4), commune_code("Hồng Gai", "22")
    ('00004', '06685')
    """
    best = exact_communes(str(text), province)
    if len(best) == 1:
        return best[0].code
    if best:
        raise UnitNotFound("units.commune_ambiguous", [described(match) for match in best], given=text)
    matches = find_communes(str(text), province)
    raise UnitNotFound("units.commune_not_found", [described(match) for match in matches[:SUGGESTIONS]], given=text)


def exact_communes(text: str, province: str | None = None) -> list[Match]:
    """Return the communes a code or a full name stands for equally well: one, none, or several to choose from.

    A name in force comes before one of before July 2025, a name with all its diacritics before one without.

    Examples
    --------
    >>> [match.code for match in exact_communes("hong gai", "22")]
    ['06685']
    """
    written = str(text).strip()
    by_code = _match_code(written)
    if by_code is not None and province in (None, by_code.province_code):
        return [by_code]
    accented_text = accented(written)
    matches: dict[tuple[str, bool], Match] = {}
    for name in _by_key().get(fold(written), ()):
        if province is not None and name.province_code != province:
            continue
        rank = 0 if accented_text == name.full_accented else 1 if accented_text == name.short_accented else 2
        earlier = matches.get((name.code, name.old_name is None))
        if earlier is None or rank < earlier.rank:
            match = Match(name.code, name.current, name.province_code, rank, name.old_name)
            matches[name.code, name.old_name is None] = match
    lowest = min((match.rank for match in matches.values()), default=0)
    best = [match for match in matches.values() if match.rank == lowest]
    current = [match for match in best if match.old_name is None] or best
    return sorted(current, key=lambda match: (match.name, match.code))


def check_codes(codes: Iterable[object]) -> pd.Series:
    """Return codes as five characters: zeros lost by a spreadsheet come back, aliases become the code in use.

    Unknown codes stay as they are; see :func:`unknown_codes`.

    Examples
    --------
    >>> check_codes([4, "00008", "6978.0"]).tolist()
    ['00004', '00008', '06970']
    """
    return pd.Series([check_code(code) for code in codes], dtype="object").astype(str)


def check_code(code: object) -> str:
    """Return one code as :func:`check_codes` does."""
    text = str(code).strip().removesuffix(".0")
    padded = text.zfill(5) if len(text) <= 5 and text.isascii() and text.isdigit() else text
    return _aliases().get(padded, padded)


def unknown_codes(codes: Iterable[object]) -> list[str]:
    """Return the codes that no commune in force has, in the order given."""
    checked = check_codes(codes)
    return checked[~checked.isin(communes().index)].tolist()


def require_known(codes: Iterable[object]) -> pd.Series:
    """Return codes as five characters, or raise an error that lists those no commune in force has."""
    checked = check_codes(codes)
    unknown = checked[~checked.isin(communes().index)]
    if len(unknown):
        old = int(unknown.isin(old_communes().index).sum())
        raise InputError("units.codes_unknown", unknown.tolist(), count=len(unknown), old=old)
    return checked


@dataclass(frozen=True)
class _Name:
    code: str
    province_code: str
    current: str
    full: str
    short: str
    full_accented: str
    short_accented: str
    old_name: str | None


@cache
def _named(old: bool) -> tuple[_Name, ...]:
    def name(code: str, full: str, old_name: str | None) -> _Name:
        row = rows[code]
        short = short_name(full)
        keys = fold(full), fold(short), accented(full), accented(short)
        return _Name(code, row["province_code"], row["name"], *keys, old_name)

    rows = communes()[["province_code", "name"]].to_dict("index")
    current = tuple(name(str(code), row["name"], None) for code, row in rows.items())
    if not old:
        return current
    links = pd.read_csv(paths.CROSSWALK, dtype=str)
    past = old_communes()["name"].to_dict()
    own_links = links[links["old_code"].isin(list(past))]
    return current + tuple(
        name(new, past[before], past[before])
        for before, new in zip(own_links["old_code"], own_links["new_code"], strict=True)
    )


@cache
def _by_key() -> dict[str, tuple[_Name, ...]]:
    """Return the names by each search key that is exactly theirs, with their type and without."""
    names_by_key: dict[str, list[_Name]] = {}
    for name in _named(True):
        for key in {name.full, name.short}:
            names_by_key.setdefault(key, []).append(name)
    return {key: tuple(names) for key, names in names_by_key.items()}


def _rank(name: _Name, key: str, accented_text: str) -> int | None:
    if accented_text == name.full_accented:
        return 0
    if accented_text == name.short_accented:
        return 1
    if key in (name.full, name.short):
        return 2
    if name.old_name is not None:
        return None
    if name.short.startswith(key) or name.full.startswith(key):
        return 3
    return 4 if f" {key}" in f" {name.full}" else None


def _match_code(text: str) -> Match | None:
    code = check_code(text)
    if not text.removesuffix(".0").isdigit() or code not in communes().index:
        return None
    row = communes().loc[code]
    return Match(code, row["name"], row["province_code"], 0)


@cache
def _aliases() -> dict[str, str]:
    alias = communes()["alias_code"]
    return {other: str(code) for code, other in alias[alias != ""].items()}


def described(match: Match) -> str:
    """Return code, name and province of a match, for a list to choose from."""
    return f"{match.code} {match.name}, {provinces().loc[match.province_code, 'short_name']}"
