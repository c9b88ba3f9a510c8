"""Teams, clubs, shelters and hotlines with their capacity: read from a table of the user's, or from the reports."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geo import units
from geo.base.errors import InputError, UnitNotFound
from geo.datasets import read_table
from geo.datasets.schemas import SCHEMAS
from geo.files import tables
from geo.units.names import fold

SCHEMA = "outreach_places"
HEADERS = {
    "place_id": ("place_id", "mã", "mã nơi", "id"),
    "kind": ("kind", "loại", "loại nơi"),
    "name": ("name", "tên", "tên gọi"),
    "province_code": ("province", "province_code", "tỉnh", "mã tỉnh", "tỉnh, thành phố"),
    "commune_code": ("commune", "commune_code", "xã", "mã xã", "xã, phường", "nơi đóng"),
    "lat": ("lat", "latitude", "vĩ độ"),
    "lon": ("lon", "lng", "longitude", "kinh độ"),
    "count": ("count", "số lượng", "số đội", "số nơi"),
    "people": ("people", "members", "volunteers", "số người", "thành viên", "tình nguyện viên"),
    "capacity": ("capacity", "rooms", "sức chứa", "số phòng", "số giường"),
    "days_per_week": ("days_per_week", "ngày mỗi tuần", "ngày một tuần"),
    "sessions_per_week": ("sessions_per_week", "buổi mỗi tuần", "buổi một tuần"),
    "phone": ("phone", "điện thoại", "số điện thoại", "số gọi"),
    "since": ("since", "ngày thành lập", "thành lập"),
    "note": ("note", "ghi chú"),
    "source": ("source", "nguồn"),
}
VIETNAMESE = {
    "place_id": "mã", "kind": "loại", "name": "tên", "province_code": "tỉnh", "commune_code": "xã",
    "count": "số lượng", "people": "số người", "capacity": "sức chứa", "days_per_week": "ngày mỗi tuần",
    "sessions_per_week": "buổi mỗi tuần", "phone": "điện thoại", "since": "ngày thành lập", "note": "ghi chú",
}  # fmt: skip
"""The headers of the form in Vietnamese; each is one of :data:`HEADERS`."""
KINDS = {
    "team": ("team", "đội", "đội tình nguyện", "đội công tác xã hội tình nguyện", "tình nguyện viên", "volunteers"),
    "club": ("club", "câu lạc bộ", "clb"),
    "shelter": ("shelter", "nhà tạm lánh", "phòng tạm lánh", "nơi tạm lánh"),
    "hotline": ("hotline", "tổng đài", "đường dây nóng"),
}
FIGURES = {
    "count": (1, np.inf), "people": (0, np.inf), "capacity": (0, np.inf), "days_per_week": (0, 7),
    "sessions_per_week": (0, 100), "lat": (7, 23.5), "lon": (102, 117.9),
}  # fmt: skip
PHONE = re.compile(r"\+?\d[\d .-]{1,18}")
DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def read_places(path: str | Path, source: str = "") -> pd.DataFrame:
    """Read a table of places of any kind, one row each; nothing is guessed, every faulty row is named.

    Parameters
    ----------
    path
        CSV or XLSX. Columns, in English or Vietnamese (:data:`HEADERS`): ``kind`` (team, club, shelter, hotline, or
        their Vietnamese names) and ``name``; where it is: ``commune`` (code or name, in force or old) or ``lat`` and
        ``lon`` (degrees), or only ``province``; and if known ``place_id, count`` (1 by default) ``, people, capacity,
        days_per_week, sessions_per_week, phone, since, note, source``.
    source
        Who says so where the row does not; the name of the file by default.

    Returns
    -------
    pandas.DataFrame
        The columns of ``outreach_places`` in :mod:`geo.datasets.schemas`; ``quality`` is ``reported``. Places
        without an identifier get one from kind, place and name, the same every time.

    Raises
    ------
    InputError
        ``places.columns`` when kind or name is missing; ``places.rows`` with every cell that cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "noi.csv"
    >>> _ = file.write_text("Loại,Tên,Xã,Tỉnh,Số người\\nCâu lạc bộ,CLB Hồng Gai,Hồng Gai,22,5\\n", encoding="utf-8")
    >>> read_places(file)[["kind", "commune_code", "people", "count"]].to_numpy().tolist()
    [['club', '06685', 5.0, 1.0]]
    """
    table = _named_columns(tables.read_table(path), path)
    faults: list[str] = []
    columns: dict[str, pd.Series] = {"kind": _kinds(table, faults), "name": table["name"]}
    faults += [f"{row + 2}: name = ∅" for row in table.index[table["name"] == ""]]
    columns["province_code"], columns["commune_code"] = _where(table, faults)
    for name, (low, high) in FIGURES.items():
        columns[name] = _figures(table, name, low, high, faults)
    columns["count"] = columns["count"].fillna(1.0)
    columns["since"] = _days(table, faults)
    columns["phone"] = _phones(table, columns["kind"], faults)
    for name in ("note", "source"):
        columns[name] = table.get(name, pd.Series("", table.index))
    columns["source"] = columns["source"].where(columns["source"] != "", source or Path(path).name)
    _located(columns, faults)
    columns["place_id"] = _identifiers(table, columns, faults)
    if faults:
        faults.sort(key=lambda fault: int(fault.partition(":")[0]))
        raise InputError("places.rows", faults, path=Path(path).name, count=len(faults))
    made = pd.DataFrame(columns).assign(quality="reported")
    return made[list(SCHEMAS[SCHEMA].columns)]


@cache
def reported_places() -> pd.DataFrame:
    """Return the capacity that provinces reported, as places; indexed by ``place_id``.

    Examples
    --------
    >>> float(reported_places().loc["51-DOI", "people"])
    1239.0
    """
    return read_table("outreach_capacity").set_index("place_id")


def with_points(places: pd.DataFrame) -> pd.DataFrame:
    """Return places with a point: their own, else the middle of their commune; ``placed`` says which, or none.

    Returns
    -------
    pandas.DataFrame
        As ``places`` with ``lat, lon`` filled where possible and ``placed`` (``given``, ``commune`` or ``""``).
    """
    middle = units.communes().reindex(places["commune_code"].to_numpy()).set_axis(places.index)
    given = places["lat"].notna() & places["lon"].notna()
    filled = places.assign(
        lat=places["lat"].where(given, middle["lat"]), lon=places["lon"].where(given, middle["lon"])
    )
    known = filled["lat"].notna() & filled["lon"].notna()
    return filled.assign(placed=np.where(given, "given", np.where(known, "commune", "")))


def template(language: str = "vi") -> pd.DataFrame:
    """Return an empty form with one made-up row of every kind, headers in a language.

    Examples
    --------
    >>> list(template("en"))[:3]
    ['place_id', 'kind', 'name']
    """
    rows = pd.DataFrame(
        [
            ["VD-1", "team", "Đội tình nguyện (ví dụ)", "22", "06685", "1", "12", "", "3", "4", "", "", "xoá dòng"],
            ["VD-2", "club", "Câu lạc bộ (ví dụ)", "22", "06706", "1", "5", "", "", "0.25", "", "2022-05-04", ""],
            ["VD-3", "shelter", "Nhà tạm lánh (ví dụ)", "22", "06685", "1", "", "10", "7", "", "", "", ""],
            ["VD-4", "hotline", "Tổng đài (ví dụ)", "22", "", "1", "", "", "7", "", "111", "", "trực 24/24"],
        ],
        columns=[
            "place_id", "kind", "name", "province_code", "commune_code", "count", "people", "capacity",
            "days_per_week", "sessions_per_week", "phone", "since", "note",
        ],
    )  # fmt: skip
    if language != "vi":
        return rows.rename(columns={"province_code": "province", "commune_code": "commune"})
    words = {kind: named[1] for kind, named in KINDS.items()}
    return rows.assign(kind=rows["kind"].map(words)).rename(columns=VIETNAMESE)


def _named_columns(table: pd.DataFrame, path: str | Path) -> pd.DataFrame:
    known = {_plain(header): name for name, headers in HEADERS.items() for header in headers}
    found: dict[str, str] = {}
    for column in table.columns:
        name = known.get(_plain(str(column)))
        if name is not None and name not in found.values():
            found[column] = name
    lacking = [name for name in ("kind", "name") if name not in found.values()]
    if lacking:
        raise InputError("places.columns", path=Path(path).name, columns=", ".join(map(str, table.columns)))
    return table.rename(columns=found)[list(found.values())]


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text).replace("_", " ")).strip()


def _kinds(table: pd.DataFrame, faults: list[str]) -> pd.Series:
    words = {_plain(word): kind for kind, named in KINDS.items() for word in named}
    found = table["kind"].map(lambda text: words.get(_plain(text), ""))
    faults += [f"{row + 2}: kind = {table['kind'][row] or '∅'}" for row in table.index[found == ""]]
    return found


def _where(table: pd.DataFrame, faults: list[str]) -> tuple[pd.Series, pd.Series]:
    provinces = pd.Series(np.nan, table.index, dtype=object)
    communes = provinces.copy()
    for row in table.index:
        wanted, place = str(table.get("province_code", "")[row]) if "province_code" in table else "", ""
        if "commune_code" in table:
            place = str(table["commune_code"][row])
        try:
            province = units.find_province(wanted) if wanted else None
            provinces[row] = province if province else np.nan
            if place:
                communes[row] = units.commune_code(place, province)
                provinces[row] = units.communes().loc[communes[row], "province_code"]
        except UnitNotFound as error:
            near = f" ({'; '.join(error.rows[:3])})" if error.rows else ""
            column = "commune" if place and error.code.startswith("units.commune") else "province"
            faults.append(f"{row + 2}: {column} = {place if column == 'commune' else wanted}{near}")
    return provinces, communes


def _figures(table: pd.DataFrame, name: str, low: float, high: float, faults: list[str]) -> pd.Series:
    if name not in table:
        return pd.Series(np.nan, table.index, dtype=float)
    text = table[name].str.replace(",", ".", regex=False) if name in ("lat", "lon") else table[name]
    found = pd.to_numeric(text.where(text.str.fullmatch(tables.NUMBER)), errors="coerce").astype(float)
    wrong = ((text != "") & found.isna()) | (found.notna() & ~found.between(low, high))
    faults += [f"{row + 2}: {name} = {table[name][row]}" for row in table.index[wrong]]
    return found


def _days(table: pd.DataFrame, faults: list[str]) -> pd.Series:
    if "since" not in table:
        return pd.Series(np.nan, table.index, dtype=object)
    found = {}
    for row, text in table["since"].items():
        named, first = DATE.fullmatch(text), DAY_FIRST.fullmatch(text)
        parts = named.groups() if named else first.groups()[::-1] if first else None
        try:
            found[row] = pd.Timestamp(*map(int, parts)).date().isoformat() if parts else np.nan
        except ValueError:
            parts, found[row] = None, np.nan
        if parts is None and text != "":
            faults.append(f"{int(str(row)) + 2}: since = {text}")
    return pd.Series(found, dtype=object)


def _phones(table: pd.DataFrame, kinds: pd.Series, faults: list[str]) -> pd.Series:
    phones = table.get("phone", pd.Series("", table.index))
    wrong = (phones != "") & ~phones.str.fullmatch(PHONE)
    faults += [f"{row + 2}: phone = {phones[row]}" for row in table.index[wrong]]
    silent = (kinds == "hotline") & (phones == "")
    faults += [f"{row + 2}: phone = ∅" for row in table.index[silent]]
    return phones


def _located(columns: dict[str, pd.Series], faults: list[str]) -> None:
    """Demand that a place be somewhere: a point, a commune, a province; only a hotline may be the nation's."""
    half = columns["lat"].notna() != columns["lon"].notna()
    nowhere = columns["province_code"].isna() & columns["lat"].isna() & (columns["kind"] != "hotline")
    named = {int(fault.partition(":")[0]) for fault in faults if ": province =" in fault or ": commune =" in fault}
    faults += [f"{row + 2}: lat, lon" for row in half.index[half]]
    faults += [f"{row + 2}: commune = ∅" for row in nowhere.index[nowhere] if row + 2 not in named]


def _identifiers(table: pd.DataFrame, columns: dict[str, pd.Series], faults: list[str]) -> pd.Series:
    where = columns["commune_code"].fillna(columns["province_code"]).fillna("VN")
    slug = columns["name"].map(lambda name: re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-"))
    made = columns["kind"] + "-" + where + "-" + slug
    given = table.get("place_id", pd.Series("", table.index))
    found = given.where(given != "", made)
    doubled = found.duplicated(keep="first")
    faults += [f"{row + 2}: place_id = {found[row]}" for row in found.index[doubled]]
    return found
