"""Makes the demonstration log: invented activities by commune that add up exactly to what provinces reported.

Nobody publishes prevention work by commune. So that maps and plans can be tried, the reported totals are spread over
the communes of the old province a report covers: by population, with noise from a fixed seed, with communes left out.
Every row is ``synthetic``. What a report does not count stays missing; victims, capacity, context are never spread.
The log covers each province for the time its report is about, and no day more.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from geo import datasets, layers, units
from geo.base import paths
from geo.base.periods import merged
from geo.datasets.schemas import SCHEMAS
from geo.files.write import replace_file
from geo.units import crosswalk
from geo.units.names import fold

SEED = "riskmap demonstration log 1"
MEASURES = ("events", "people_reached", "items")
NOT_REPORTED = ("women", "men", "children", "partner", "note")
"""What no report tells; it stays empty."""
LEFT_OUT = 0.1
"""The part of communes for which the log has nothing at all."""


@dataclass(frozen=True)
class Habit:
    """How activities of a type are spread: part of the communes that hold them, months, whether by commune at all."""

    active: float = 1.0
    months: tuple[int, ...] = tuple(range(1, 13))
    by_commune: bool = True


HABITS = {
    "direct_session": Habit(0.9),
    "mobile_loudspeaker": Habit(0.75),
    "broadcast": Habit(0.85),
    "social_media": Habit(0.7),
    "counselling": Habit(0.6),
    "banner": Habit(0.9, (7,)),
    "vocational_support": Habit(0.7, (3, 6, 9, 12)),
    "leaflet": Habit(0.8, (3, 7)),
    "handbook": Habit(0.8, (7,)),
    "panel": Habit(1.0, (6, 7)),
    "media_programme": Habit(by_commune=False),
    "news_item": Habit(by_commune=False),
}
TEAMS = {
    "community": "Đội công tác xã hội tình nguyện",
    "media": "Đài truyền thanh cơ sở",
    "material": "Phòng LĐ-TB&XH",
    "staff": "Sở LĐ-TB&XH",
    "service": "Trung tâm dịch vụ việc làm",
    "support": "Trung tâm dịch vụ việc làm",
}


def build(folder: Path = paths.INDICATORS) -> list[Path]:
    """Write ``outreach_activities.csv`` and ``outreach_periods.csv`` and return their paths."""
    tables = {paths.OUTREACH_ACTIVITIES.name: demonstration_log(), paths.OUTREACH_PERIODS.name: reported_periods()}
    for name, table in tables.items():
        with replace_file(folder / name) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
    return [folder / name for name in tables]


def reported_periods() -> pd.DataFrame:
    """Return the time that the demonstration log covers in each old province: that of its report's activities."""
    reported = layers.outreach_reported()
    wanted = reported[(reported["role"] == "activity") & reported["value"].notna()]
    rows = []
    for area, part in wanted.groupby("old_province_code"):
        about = {
            "commune_code": None,
            **part.iloc[0][["quality", "source", "as_of"]],
            "confidence": "high",
        }
        days = zip(part["period_start"], part["period_end"], strict=True)
        rows += [{"old_province_code": area, "first_day": a, "last_day": b, **about} for a, b in merged(list(days))]
    return pd.DataFrame(rows, columns=list(SCHEMAS["outreach_periods"].columns))


def demonstration_log() -> pd.DataFrame:
    """Return the log, one row per commune, type and month; the same every time."""
    reported = layers.outreach_reported()
    people = datasets.read_table("population").set_index("commune_code")["population"]
    parts = [_spread(report, people) for report in activities_reported(reported)]
    log = pd.concat(parts, ignore_index=True).sort_values(["date", "province_code", "commune_code", "type"])
    group = layers.outreach_types()["group"]
    log = log.assign(
        activity_id=[f"D{number:05d}" for number in range(1, len(log) + 1)],
        team=log["type"].map(group).map(TEAMS),
        quality="synthetic",
    )
    whole = {measure: log[measure].astype("Int64") for measure in MEASURES}
    return log.assign(**whole)[list(SCHEMAS["outreach_activities"].columns)]


@dataclass(frozen=True)
class Report:
    """What one report says of one type of activity in one period: totals by measure, with the rows they stand in."""

    rows: tuple[str, ...]
    old_province: str
    province: str
    type: str
    start: pd.Timestamp
    end: pd.Timestamp
    totals: dict[str, int]
    places: tuple[str, ...]
    audience: str = ""
    topic: str = ""


def activities_reported(reported: pd.DataFrame) -> list[Report]:
    """Return the activities to spread: figures of the same activity together, parts taken off their total."""
    wanted = reported[(reported["role"] == "activity") & reported["value"].notna()]
    inner = wanted.dropna(subset=["part_of"]).set_index("report_id")
    reports = []
    keys = ["old_province_code", "province_code", "type", "period_start", "period_end", "activity"]
    for (old, new, kind, start, end, _), rows in wanted.groupby(keys, sort=False):
        parts = inner[inner["part_of"].isin(rows["report_id"])]
        first, last = pd.Timestamp(start), pd.Timestamp(end)
        if len(parts):
            last = pd.Timestamp(parts["period_start"].min()) - pd.Timedelta(days=1)
        taken = parts.groupby("measure")["value"].sum()
        totals = {row.measure: int(row.value - taken.get(row.measure, 0)) for row in rows.itertuples()}
        places = tuple(filter(None, (name.strip() for name in rows["places"].iloc[0].split(";"))))
        said = rows.iloc[0][["audience", "topic"]]
        reports.append(Report(tuple(rows["report_id"]), old, new, kind, first, last, totals, places, *said))
    return reports


def spread(total: int, weights: Sequence[float] | np.ndarray, offset: float = 0.5) -> np.ndarray:
    """Divide a whole number over cells by weight, into whole numbers that sum to it exactly.

    Systematic sampling: ``total`` equally spaced marks along the summed weights; a cell gets those that fall on it.

    Examples
    --------
    >>> spread(10, [1, 2, 2]).tolist(), spread(1, [1, 2, 2]).tolist()
    ([2, 4, 4], [0, 1, 0])
    """
    ends = np.cumsum(np.asarray(weights, dtype=float))
    marks = (np.arange(total) + offset) / max(total, 1) * ends[-1]
    return np.bincount(np.searchsorted(ends, marks, side="right").clip(max=len(ends) - 1), minlength=len(ends))


def _spread(report: Report, people: pd.Series) -> pd.DataFrame:
    habit = HABITS.get(report.type, Habit())
    communes = _communes(report, habit) if habit.by_commune else [None]
    cells = [(commune, month) for commune in communes for month in _months(report, habit)]
    cells.sort(key=lambda cell: _uniform(report.type, report.start, cell))
    weight = [_weight(report, commune, people) * _busy(month) for commune, month in cells]
    measures = [measure for measure in MEASURES if measure in report.totals]
    main = "items" if "events" not in measures and "items" in measures else measures[0]
    counted = {main: spread(report.totals[main], weight)}
    for measure in measures:
        if measure != main:
            attendance = [np.exp(0.45 * _normal(report.type, measure, cell)) for cell in cells]
            counted[measure] = spread(report.totals[measure], counted[main] * np.array(attendance))
    frame = pd.DataFrame(
        {
            "date": [
                _day(report, month, int(number)) for (_, month), number in zip(cells, counted[main], strict=True)
            ],
            "commune_code": [commune for commune, _ in cells],
            "province_code": report.province,
            "old_province_code": report.old_province,
            "type": report.type,
            **{measure: counted.get(measure, pd.NA) for measure in MEASURES},
            **dict.fromkeys(NOT_REPORTED, ""),
            "audience": report.audience,
            "topic": report.topic,
            "source": f"outreach_reported {'+'.join(report.rows)}",
        }
    )
    return frame[counted[main] > 0]


def _communes(report: Report, habit: Habit) -> list[str]:
    area = crosswalk.main_old_province()
    every = [code for code in units.communes().index if area[code] == report.old_province]
    if report.places:
        return sorted(set(every) & _named(report))
    kept = [code for code in every if _uniform(code, "left out") >= LEFT_OUT]
    return [code for code in kept if _uniform(code, report.type, "active") < habit.active] or kept


def _named(report: Report) -> set[str]:
    """Return the communes in force that hold most of an old commune, or of an old district, the report names."""
    names = {fold(place) for place in report.places}
    old = units.old_communes()
    old = old[old["old_province_code"] == report.old_province]
    links = crosswalk.links().sort_values("share").drop_duplicates("old_code", keep="last").set_index("old_code")
    district = old["old_district"].map(lambda name: fold(name).partition(" ")[2])
    in_district = district.map(lambda name: any(name.endswith(wanted) for wanted in names))
    found = old[in_district] if in_district.any() else old[old["short_name"].map(fold).isin(names)]
    return set(links.loc[found.index, "new_code"])


def _months(report: Report, habit: Habit) -> list[pd.Timestamp]:
    every = [month.to_timestamp() for month in pd.period_range(report.start, report.end, freq="M")]
    return [month for month in every if month.month in habit.months] or every


def _weight(report: Report, commune: str | None, people: pd.Series) -> float:
    if commune is None:
        return 1.0
    size = people.get(commune, np.nan)
    return (size if size > 0 else 1.0) ** 0.9 * np.exp(0.5 * _normal(commune, report.type, report.start))


def _busy(month: pd.Timestamp) -> float:
    """July holds the day against trafficking (30 July); Tết leaves little time."""
    return {7: 2.0, 1: 0.6, 2: 0.6}.get(month.month, 1.0)


def _day(report: Report, month: pd.Timestamp, number: int) -> str:
    if number != 1:
        return max(month, report.start).date().isoformat()
    last = calendar.monthrange(month.year, month.month)[1]
    day = month + pd.Timedelta(days=int(_uniform(report.type, report.rows, month, "day") * last))
    return min(max(day, report.start), report.end).date().isoformat()


def _uniform(*key: object) -> float:
    """Return a number in (0, 1) that depends on the seed and the key alone, on every machine."""
    digest = hashlib.sha256("|".join(map(str, (SEED, *key))).encode()).hexdigest()
    return (int(digest[:12], 16) + 0.5) / 16**12


def _normal(*key: object) -> float:
    return NormalDist().inv_cdf(_uniform(*key))
