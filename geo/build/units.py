"""Makes the unit tables and the crosswalk from the facts of the package ``vietnamadminunits`` (MIT).

The package describes the state of 1 July 2025; ``AMENDMENTS`` brings it to 30 April 2026. Links that are
geographically impossible (two merged provinces each with a commune whose name folds to the same key) are
dropped, see :func:`crosswalk_table`; single links that the resolutions of 16 June 2025 contradict are corrected from
``crosswalk_corrections.csv``, each with its clause. Areas and centres: :mod:`geo.build.areas`.
"""

from __future__ import annotations

import json
import sqlite3
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from geo.base import paths
from geo.build.areas import corrected, with_true_points
from geo.datasets import read_table
from geo.files.write import replace_file
from geo.units.names import short_name

AS_OF = "2026-04-30"

CITY_SINCE_2026 = {"75": "Thành phố Đồng Nai"}
"""Đồng Nai became a centrally-run city on 30 April 2026."""

WARDS_SINCE_2026 = (
    "25270", "25357", "25363", "26116", "26170", "26248", "26326", "26368", "26425", "26485",
)  # fmt: skip
"""The ten communes of Đồng Nai that became wards on 30 April 2026."""

CODE_CONFLICTS = (
    {
        "commune_code": "06970",
        "alias_code": "06978",
        "name": "Xã Ba Chẽ",
        "source": "vietnamadminunits 1.0.4, vietnam-provinces 2025.10: 06970; boundary download of 2026-08: 06978",
        "note": "Two public sources give this commune different codes; both are accepted on input, 06970 is written.",
    },
)

FARTHEST_LINK_KM = 20.0

MAIN = 2.0
"""Weight of the main successor of an old commune; each of the others has 1."""


def _package_file(name: str) -> Path:
    return Path(str(resources.files("vietnamadminunits"))) / "data" / name


def read_package(table: str) -> pd.DataFrame:
    """Read a table of the package: ``admin_units`` or ``admin_units_legacy``."""
    with sqlite3.connect(_package_file("dataset.db")) as connection:
        return pd.read_sql(f"SELECT * FROM {table}", connection)


def provinces_table(units: pd.DataFrame) -> pd.DataFrame:
    """Return the 34 provinces in force: ``province_code, name, short_name, type``."""
    frame = units.drop_duplicates("provinceCode")[["provinceCode", "province", "provinceShort"]]
    frame = frame.set_axis(["province_code", "name", "short_name"], axis=1).sort_values("province_code")
    frame["name"] = frame["province_code"].map(CITY_SINCE_2026).fillna(frame["name"])
    frame["type"] = np.where(frame["name"].str.startswith("Thành phố"), "Thành phố", "Tỉnh")
    return frame.reset_index(drop=True)


def communes_table(units: pd.DataFrame) -> pd.DataFrame:
    """Return the 3,321 communes in force with a point (degrees), area (km2, missing for two) and code aliases."""
    frame = pd.DataFrame(
        {
            "commune_code": units["wardCode"],
            "name": units["ward"],
            "type": units["wardType"],
            "province_code": units["provinceCode"],
            "lat": units["wardLat"],
            "lon": units["wardLon"],
            "area_km2": units["wardAreaKm2"],
        }
    )
    wards = frame["commune_code"].isin(WARDS_SINCE_2026)
    frame.loc[wards, "name"] = frame.loc[wards, "name"].str.replace("Xã ", "Phường ", n=1)
    frame.loc[wards, "type"] = "Phường"
    frame.insert(2, "short_name", frame["name"].map(short_name))
    aliases = {row["commune_code"]: row["alias_code"] for row in CODE_CONFLICTS}
    frame["alias_code"] = frame["commune_code"].map(aliases)
    return frame.sort_values("commune_code").reset_index(drop=True)


def old_provinces_table(legacy: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the 63 provinces of before 1 July 2025 and the province each became part of."""
    converter = json.loads(_package_file("converter_2025.json").read_text(encoding="utf-8"))
    successor = {old: new for new, olds in converter["DICT_PROVINCE"].items() for old in olds}
    code_of = dict(zip(units["provinceKey"], units["provinceCode"], strict=True))
    frame = legacy.drop_duplicates("provinceCode")
    return (
        pd.DataFrame(
            {
                "old_province_code": frame["provinceCode"],
                "name": frame["province"],
                "short_name": frame["provinceShort"],
                "type": np.where(frame["province"].str.startswith("Thành phố"), "Thành phố", "Tỉnh"),
                "province_code": frame["provinceKey"].map(successor).map(code_of),
            }
        )
        .sort_values("old_province_code")
        .reset_index(drop=True)
    )


def old_communes_table(legacy: pd.DataFrame) -> pd.DataFrame:
    """Return the 10,035 communes of before 1 July 2025 with district, point and bounding box (degrees)."""
    legacy = legacy[legacy["wardCode"].notna()]
    box = legacy["wardBounds"].str.extractall(r"(-?\d+\.?\d*)")[0].astype(float).unstack()  # noqa: PD010
    return (
        pd.DataFrame(
            {
                "old_commune_code": legacy["wardCode"],
                "name": legacy["ward"],
                "short_name": legacy["ward"].map(short_name),
                "type": legacy["wardType"],
                "old_district_code": legacy["districtCode"],
                "old_district": legacy["district"],
                "old_province_code": legacy["provinceCode"],
                "lat": legacy["wardLat"],
                "lon": legacy["wardLon"],
                "south": box[0],
                "west": box[1],
                "north": box[2],
                "east": box[3],
            }
        )
        .sort_values("old_commune_code")
        .reset_index(drop=True)
    )


def crosswalk_table(legacy: pd.DataFrame, units: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the links between old and new communes: ``old_code, new_code, kind, share, main``.

    ``kind`` is ``whole`` when all of the old commune went into one new commune and ``partial`` when it was divided.
    ``share`` is the assumed part of the old commune's people that went there: 1 for whole, otherwise equal parts
    except that the part named as the main successor gets twice the weight of the others; ``main`` is ``yes`` for that
    one, of which every old commune has exactly one. The five island districts without communes appear with their
    district code padded to ``D`` + code, so that no unit is without a past.

    Parameters
    ----------
    legacy, units
        The tables of the package, see :func:`read_package`.
    corrections
        ``crosswalk_corrections.csv``: links ``removed`` and ``added``; other rows only document.
    """
    converter = json.loads(_package_file("converter_2025.json").read_text(encoding="utf-8"))
    legacy = legacy.fillna({"wardKey": "", "wardCode": "D" + legacy["districtCode"]})
    old_key = legacy["provinceKey"] + "_" + legacy["districtKey"] + "_" + legacy["wardKey"]
    old_of = dict(zip(old_key, legacy["wardCode"], strict=True))
    new_of = dict(zip(zip(units["provinceKey"], units["wardKey"], strict=True), units["wardCode"], strict=True))
    rows = []
    for province, merged in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        rows += [(old_of[old], new_of[province, new], "whole", MAIN) for new, olds in merged.items() for old in olds]
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            for part in parts:
                weight = MAIN if part["isDefaultNewWard"] else 1.0
                rows.append((old_of[old], new_of[province, part["newWardKey"]], "partial", weight))
    links = pd.DataFrame(rows, columns=["old_code", "new_code", "kind", "share"])
    links = links.drop_duplicates(["old_code", "new_code"])
    links = _with_corrections(_without_impossible(links, legacy, units), corrections)
    heaviest = links.sort_values("share", kind="stable").drop_duplicates("old_code", keep="last").index
    links["main"] = np.where(links.index.isin(heaviest), "yes", "no")
    parts = links.groupby("old_code")["new_code"].transform("size")
    links["kind"] = np.where(parts == 1, "whole", "partial")
    links["share"] = (links["share"] / links.groupby("old_code")["share"].transform("sum")).round(6)
    return links.sort_values(["new_code", "old_code"]).reset_index(drop=True)


def _without_impossible(links: pd.DataFrame, legacy: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Drop links over ``FARTHEST_LINK_KM`` whose old commune has another successor three times nearer."""
    old = legacy.set_index("wardCode")[["wardLat", "wardLon"]].reindex(links["old_code"]).to_numpy(float)
    new = units.set_index("wardCode")[["wardLat", "wardLon"]].reindex(links["new_code"]).to_numpy(float)
    north, east = (new - old).T
    distance = pd.Series(111.2 * np.hypot(north, east * np.cos(np.radians(old[:, 0]))), index=links.index)
    nearest = distance.groupby(links["old_code"]).transform("min")
    impossible = (distance > FARTHEST_LINK_KM) & (nearest < distance / 3)
    return links[~impossible].copy()


def _with_corrections(links: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Take out the links listed as ``removed`` and put in those ``added``, as lesser parts."""
    pair = pd.MultiIndex.from_frame(links[["old_code", "new_code"]])
    removed, added = (corrections[corrections["change"] == change] for change in ("removed", "added"))
    kept = links[~pair.isin(pd.MultiIndex.from_frame(removed[["old_code", "new_code"]]))]
    new = added[["old_code", "new_code"]].assign(kind="partial", share=1.0)
    return pd.concat([kept, new], ignore_index=True).drop_duplicates(["old_code", "new_code"])


def build() -> dict[str, int]:
    """Write the unit tables and the crosswalk; return how many rows each has.

    The areas and the lists of corrections are read from ``data/boundaries`` and not written.
    """
    units, legacy = read_package("admin_units"), read_package("admin_units_legacy")
    old = old_communes_table(legacy)
    links = crosswalk_table(legacy, units, read_table("crosswalk_corrections"))
    official, centres = read_table("commune_areas"), read_table("centre_corrections")
    communes = corrected(communes_table(units), old, links, official, centres)
    old = with_true_points(old, communes, links)
    tables = {
        paths.PROVINCES: provinces_table(units),
        paths.COMMUNES: communes,
        paths.OLD_PROVINCES: old_provinces_table(legacy, units),
        paths.OLD_COMMUNES: old,
        paths.CROSSWALK: links,
        paths.CODE_CONFLICTS: pd.DataFrame(CODE_CONFLICTS),
    }
    for path, table in tables.items():
        with replace_file(path) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    return {path.name: len(table) for path, table in tables.items()}
