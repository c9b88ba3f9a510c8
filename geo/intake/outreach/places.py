"""Which commune a row of a log means: by code or name, in force or of before July 2025."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from geo import units
from geo.base.errors import UnitNotFound
from geo.units import crosswalk
from geo.units.names import fold, short_name

WHOLE_PROVINCE = frozenset({"toan tinh", "ca tinh", "toan thanh pho", "ca thanh pho", "whole province"})
CODE = re.compile(r"\d{1,5}(?:\.0)?")
OLD = re.compile(r"\s*\(\s*(?:cũ|cu|old)\s*\)\s*$", re.IGNORECASE)
"""How a province of before July 2025 is told from the one in force of the same name."""
SHOWN = 8
"""Communes listed where a name fits several."""


@dataclass(frozen=True)
class Place:
    """Where a row happened, or why that is not known.

    Parameters
    ----------
    commune
        Code in force; nothing for a whole province.
    province
        Code in force.
    old_province
        Code of before July 2025, if the row names it.
    converted
        Whether an old code or name led there.
    fault
        Code of the message if the place is not known.
    candidates
        Communes to choose from then.
    """

    commune: str | None = None
    province: str = ""
    old_province: str | None = None
    converted: bool = False
    fault: str = ""
    candidates: tuple[str, ...] = ()


class Finder:
    """Finds places; remembers what it found.

    Parameters
    ----------
    codes
        All codes of the file: whether they are of before July 2025 shows only in the whole.
    home
        Province to look in first where a row names none.
    """

    def __init__(self, codes: pd.Series, home: str | None = None) -> None:
        given = codes[codes.str.fullmatch(CODE)]
        self.vintage = crosswalk.vintage(given) if len(given) else "current"
        self.home = home
        self.find = lru_cache(maxsize=50_000)(self._find)

    def _find(self, code: str, name: str, district: str, province: str) -> Place:
        try:
            area = units.find_province(province) if province else None
        except UnitNotFound as error:
            return Place(fault="log.province", candidates=(str(error.values.get("suggestions", "")),))
        if not code and CODE.fullmatch(name):
            code, name = name, ""
        if fold(name) in WHOLE_PROVINCE:
            name = ""
        if not code and not name:
            if area is None:
                return Place(fault="log.commune_missing")
            return Place(None, area, _old_province(province))
        found = self._by_code(code, area) if code else self._by_name(name, district, area)
        if code and name and not found.fault:
            named = self._by_name(name, district, area)
            others = {named.commune, *(text[:5] for text in named.candidates)} - {None}
            if others and found.commune not in others:
                shown = (units.described(units.exact_communes(str(found.commune))[0]), *sorted(map(str, others)))
                return Place(fault="log.commune_conflict", candidates=shown)
        return found

    def _by_code(self, text: str, area: str | None) -> Place:
        code = units.check_code(text)
        communes = units.communes()
        old = code in _main_successor() and (self.vintage == "old" or code not in communes.index)
        code = _main_successor()[code] if old else code
        if code not in communes.index:
            return Place(fault="log.commune_code")
        province = str(communes["province_code"][code])
        if area not in (None, province):
            return Place(fault="log.province_conflict", candidates=(units.described(units.exact_communes(code)[0]),))
        return Place(code, province, converted=old)

    def _by_name(self, name: str, district: str, area: str | None) -> Place:
        found = self._choose(name, district, area)
        if found.fault != "log.commune":
            return found
        for inner, outer in _split(name):
            try:
                within = units.find_province(outer)
            except UnitNotFound:
                if area is not None or district:
                    continue
                again = self._choose(inner, outer, None)
            else:
                again = self._choose(inner, district, within) if area in (None, within) else found
            if again.fault != "log.commune":
                return again
        return found

    def _choose(self, name: str, district: str, area: str | None) -> Place:
        fit: list[units.Match] = []
        for where in dict.fromkeys((area or self.home, area)):
            fit = units.exact_communes(name, where) or units.exact_communes(short_name(name), where)
            if fit:
                break
        if len(fit) > 1 and district:
            fit = [match for match in fit if match.code in _in_district(name, fold(district))] or fit
        if len(fit) == 1:
            return Place(fit[0].code, fit[0].province_code, converted=fit[0].old_name is not None)
        if fit:
            return Place(fault="log.commune_ambiguous", candidates=tuple(map(units.described, fit[:SHOWN])))
        near = units.find_communes(name, area or self.home, limit=3)
        return Place(fault="log.commune", candidates=tuple(map(units.described, near)))


def _split(name: str) -> list[tuple[str, str]]:
    """Return the ways to part a name from what stands after it: ``Tân Thành, Thái Nguyên``, ``Tân Thành (22)``."""
    parts = [part.strip(" )") for part in re.split(r"[,(;]| - ", name) if part.strip(" )")]
    return [(parts[0], part) for part in parts[:0:-1]]


def _in_district(name: str, district: str) -> set[str]:
    """Return the communes in force that old communes of a name in an old district led to."""
    old = _old_names()
    key = fold(short_name(name))
    wanted = old[(old["key"] == key) | (old["full"] == fold(name))]
    wanted = wanted[[f" {district} " in f" {known} " for known in wanted["district"]]]
    links = crosswalk.links()
    return set(links.loc[links["old_code"].isin(wanted.index), "new_code"])


@lru_cache(maxsize=1)
def _old_names() -> pd.DataFrame:
    old = units.old_communes()
    return pd.DataFrame(
        {"key": old["short_name"].map(fold), "full": old["name"].map(fold), "district": old["old_district"].map(fold)}
    )


@lru_cache(maxsize=1)
def _main_successor() -> dict[str, str]:
    links = crosswalk.links().sort_values("share").drop_duplicates("old_code", keep="last")
    return dict(zip(links["old_code"], links["new_code"], strict=True))


def covered_provinces(text: str) -> tuple[str, ...]:
    """Return the old provinces a text means that says what a log covers.

    The name or code of a province in force means all that was merged into it; a name that only an old province had,
    or one followed by ``(cũ)`` or ``(old)``, means that one.

    Raises
    ------
    UnitNotFound
        For no province.

    Examples
    --------
    >>> covered_provinces("Tây Ninh"), covered_provinces("Tây Ninh (cũ)"), covered_provinces("Long An")
    (('72', '80'), ('72',), ('80',))
    """
    named, old = OLD.subn("", text)
    areas = units.old_provinces()
    key = fold(short_name(named))
    own = [str(code) for code, name in areas["short_name"].items() if fold(name) == key]
    if own and (old or _old_province(named)):
        return tuple(own)
    code = units.find_province(named)
    return tuple(sorted(str(area) for area in areas.index[areas["province_code"] == code]))


def _old_province(text: str) -> str | None:
    """Return the province of before July 2025 that a text names, unless one in force has that name."""
    key = fold(short_name(text))
    if key in {fold(name) for name in units.provinces()["short_name"]} or text.strip().isdigit():
        return None
    old = units.old_provinces()
    found = [str(code) for code, name in old["short_name"].items() if fold(name) == key]
    return found[0] if found else None
