"""What every table in ``data/`` must look like; tables are checked once, where they are read (``geo.datasets``).

The schemas are also where ``geo.build.packages`` takes the fields of the ``datapackage.json`` files from, so that the
check and the description cannot differ.
"""

from __future__ import annotations

import copy
from typing import Any

import pandera.pandas as pa

from geo.vocabulary import (
    CONFIDENCES,
    LEVELS,
    NEIGHBOURS,
    QUALITIES,
    REGIONS,
    REPORT_ROLES,
    CrossingType,
    FlowKind,
    OutreachGroup,
    PlaceKind,
    ZoneStatus,
    ZoneType,
)

COMMUNE = r"^\d{5}$"
PROVINCE = r"^\d{2}$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
VIETNAM = {"lat": (7.0, 23.5), "lon": (102.0, 117.9)}
"""Degrees that hold the whole country, Trường Sa included."""


def _text(about: str, *, empty: bool = False, choice: Any = None, like: str | None = None) -> pa.Column:
    """Make a column of text; an empty cell is "" and only allowed where ``empty``."""
    checks = [pa.Check.isin([*map(str, choice), *([""] if empty else [])])] if choice is not None else []
    if like is not None:
        checks.append(pa.Check.str_matches(f"(?:{like}|^$)" if empty else like))
    elif not empty and choice is None:
        checks.append(pa.Check.str_length(min_value=1))
    return pa.Column(str, checks, description=about, metadata={"kind": "text"})


def _code(about: str, like: str, *, empty: bool = False) -> pa.Column:
    """Make a column of codes; an empty cell is NaN."""
    return pa.Column(str, pa.Check.str_matches(like), nullable=empty, description=about, metadata={"kind": "code"})


def _number(about: str, low: float | None = None, high: float | None = None, *, empty: bool = True) -> pa.Column:
    """Make a column of numbers; an empty cell is NaN."""
    checks = [pa.Check.ge(low)] if low is not None else []
    if high is not None:
        checks.append(pa.Check.le(high))
    return pa.Column(float, checks, nullable=empty, description=about, metadata={"kind": "number"})


def _day(about: str, *, empty: bool = False) -> pa.Column:
    """Make a column of days; an empty cell is NaN."""
    return pa.Column(str, pa.Check.str_matches(DATE), nullable=empty, description=about, metadata={"kind": "date"})


def _optional(column: pa.Column) -> pa.Column:
    """Let a column be absent from a file: its cells are then empty."""
    absent = copy.copy(column)
    absent.required = False
    return absent


def _origin(quality: str | None = "reported") -> dict[str, pa.Column]:
    """Make the columns every row of facts carries."""
    kinds = QUALITIES if quality is None else [quality]
    return {
        "quality": _text("observed, reported, modelled or synthetic", choice=kinds),
        "source": _text("who says so, as a citation"),
        "as_of": _text("the day, month, year or period the figure is for; 'undated' where the source has no date"),
        "confidence": _text("how sure the compilation is: high, medium, low", choice=CONFIDENCES),
    }


def _table(
    columns: dict[str, pa.Column], unique: list[str] | None = None, checks: list[pa.Check] | None = None
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, unique=unique, strict=False, checks=checks)


_NOTE = _text("remark", empty=True)
_OLD_PROVINCE = _code("province of before 1 July 2025", PROVINCE)
_PROVINCE = _code("province in force", PROVINCE)
_COMMUNE = _code("commune in force", COMMUNE)
_POINT = {
    "lat": _number("latitude, degrees WGS 84; empty where no point is known", *VIETNAM["lat"]),
    "lon": _number("longitude, degrees WGS 84; empty where no point is known", *VIETNAM["lon"]),
    "coordinate_source": _text("where the point comes from", empty=True),
    "coordinate_confidence": _text("low: derived, 1-10 km off", empty=True, choice=CONFIDENCES),
}
_LEVEL = {
    "level": _text("what kind of unit the row is about", choice=LEVELS),
    "old_province_code": _code("province of before 1 July 2025", PROVINCE, empty=True),
    "province_code": _code("province in force", PROVINCE, empty=True),
    "region_code": _code("socio-economic region", r"^[A-Z]{3}$", empty=True),
}

NOT_SHIPPED = frozenset({"outreach_places"})
"""Tables that only a user has."""
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "border_crossings": _table(
        {
            "crossing_id": _code("identifier", r"^BC\d{3}$"),
            "name_vi": _text("name"),
            "name_en": _text("name without diacritics or in English", empty=True),
            "type": _text("international, main, secondary, opening, airport, seaport", choice=CrossingType),
            "mode": _text("road, rail, river, foot, air, sea"),
            "neighbour": _text(
                "country on the other side; empty for airports and seaports", empty=True, choice=NEIGHBOURS
            ),
            "counterpart": _text("the crossing on the other side", empty=True),
            "old_province_code": _OLD_PROVINCE,
            "province_code": _PROVINCE,
            "commune_code": _code("commune in force", COMMUNE, empty=True),
            "old_place": _text("commune and district of before 1 July 2025", empty=True),
            **_POINT,
            "border_km": _number("kilometres from the land border, as compiled", 0, 60),
            "road": _text("road", empty=True),
            **_origin(),
            "note": _NOTE,
        },
        unique=["crossing_id"],
    ),
    "industrial_zones": _table(
        {
            "zone_id": _code("identifier", r"^IZ\d{3}$"),
            "name_vi": _text("name"),
            "name_en": _text("name in English", empty=True),
            "type": _text("kind of zone", choice=ZoneType),
            "status": _text("unknown: on the map only, no proof that it operates", choice=ZoneStatus),
            "old_province_code": _OLD_PROVINCE,
            "province_code": _PROVINCE,
            "commune_code": _code("commune in force", COMMUNE, empty=True),
            "old_place": _text("commune and district of before 1 July 2025", empty=True),
            "area_ha_official": _number("hectares by decision or announcement", 0, 100_000),
            "area_ha_mapped": _number("hectares of the outline on the map", 0, 100_000),
            **_POINT,
            **_origin(),
            "note": _NOTE,
        },
        unique=["zone_id"],
    ),
    "regions": _table(
        {
            "old_province_code": _OLD_PROVINCE,
            "old_province": _text("its name"),
            "province_code": _PROVINCE,
            "region_code": _text("one of six socio-economic regions", choice=REGIONS),
            "region_vi": _text("region in Vietnamese"),
            "region_en": _text("region in English"),
            **{name: column for name, column in _origin().items() if name != "quality"},
        },
        unique=["old_province_code"],
    ),
    "migration_flows": _table(
        {
            "flow_id": _code("identifier", r"^MF\d{2}$"),
            "kind": _text("matrix: one cell of the 6 x 6 table; headline: one figure of the press", choice=FlowKind),
            "origin_region": _code("region left; empty: all other regions", r"^[A-Z]{3}$", empty=True),
            "destination_region": _code("region reached; empty: all other regions", r"^[A-Z]{3}$", empty=True),
            "migrants": _number(
                "people who lived in the one at the beginning and in the other at the end", 0, empty=False
            ),
            "period_start": _day("first day"),
            "period_end": _day("last day"),
            "years": _number("length; figures over 1 year and over 5 years must not be mixed", 1, 5, empty=False),
            **_origin(),
            "note": _NOTE,
        },
        unique=["flow_id"],
    ),
    "migration_headlines": _table(
        {
            "level": _text("nation", choice=["nation"]),
            "indicator": _text("what is counted"),
            "year": _number("year", 2000, 2030, empty=False),
            "value": _number("figure", empty=False),
            "unit": _text("unit"),
            "period": _text("time counted"),
            **_origin(),
            "note": _NOTE,
        }
    ),
    "province_migration": _table(
        {
            **_LEVEL,
            "indicator": _text("rate or count"),
            "period": _text("year or years"),
            "basis": _text("1 year and 5 years must not be mixed", choice=["1 year", "5 years"]),
            "value": _number("figure", empty=False),
            "unit": _text("unit"),
            **_origin(),
            "note": _NOTE,
        }
    ),
    "province_statistics": _table(
        {
            **_LEVEL,
            "indicator": _text("name of the series"),
            "year": _number("year", 2000, 2030, empty=False),
            "value": _number("figure", empty=False),
            "unit": _text("unit"),
            **_origin(),
            "note": _NOTE,
        },
        unique=["level", "old_province_code", "province_code", "region_code", "indicator", "year"],
    ),
    "ethnic_minority_regions": _table(
        {
            "level": _text("nation or province", choice=["nation", "province"]),
            "province_code": _code("province in force", PROVINCE, empty=True),
            "indicator": _text("what is counted"),
            "year": _number("first year of the classification", 2000, 2030, empty=False),
            "value": _number("communes or hamlets", 0, empty=False),
            "unit": _text("unit"),
            **_origin(),
            "note": _NOTE,
        }
    ),
    "commune_region_iii": _table(
        {
            "commune_code": _COMMUNE,
            "province_code": _PROVINCE,
            "indicator": _text("region_iii or special_difficulty_hamlets"),
            "year": _number("first year of the classification", 2000, 2030, empty=False),
            "value": _number("1 for a commune of region III; else hamlets", 0, empty=False),
            "unit": _text("unit"),
            **_origin(),
            "note": _NOTE,
        },
        unique=["commune_code", "indicator", "year"],
    ),
    "trafficking_evidence": _table(
        {
            **_LEVEL,
            "measure": _text("what is counted"),
            "period": _text("time counted"),
            "value": _text("figure, or 'yes' for a qualitative mention"),
            "role": _text("validation: for plausibility, never for a score", choice=["validation"]),
            **_origin(),
            "note": _NOTE,
        }
    ),
    "outreach_reported": _table(
        {
            "report_id": _code("identifier", r"^RO\d{2}$"),
            "old_province_code": _code("province of before 1 July 2025; empty: not named", PROVINCE, empty=True),
            "province_code": _code("province in force", PROVINCE, empty=True),
            "period_start": _day("first day"),
            "period_end": _day("last day"),
            "figure_vi": _text("what the figure is, in Vietnamese"),
            "figure_en": _text("what the figure is, in English"),
            "activity": _text("what was done, in the words of the compilation"),
            "type": _text(
                "type of activity, see outreach_types; empty for capacity, context, plans, outcomes", empty=True
            ),
            "reported_measure": _text("what the report counts"),
            "measure": _text(
                "the column of outreach_activities it counts as",
                empty=True,
                choice=["events", "people_reached", "items"],
            ),
            "value": _number("figure; empty where fewer than ten people would show", 0),
            "unit": _text("unit"),
            "role": _text("activity, capacity, context, plan or outcome", choice=REPORT_ROLES),
            "part_of": _code("the row that already counts this one", r"^RO\d{2}$", empty=True),
            "places": _text("old districts or communes named by the report, separated by ';'", empty=True),
            **_origin(),
            "note": _NOTE,
            "note_vi": _text("remark in Vietnamese", empty=True),
        },
        unique=["report_id"],
    ),
    "outreach_documents": _table(
        {
            "document_id": _code("identifier", r"^RD\d{2}$"),
            "old_province_code": _code("province of before 1 July 2025; empty: not named", PROVINCE, empty=True),
            "province_code": _code("province in force", PROVINCE, empty=True),
            "number": _text("number and sign of the document"),
            "day": _day("day of the document, where the report names it", empty=True),
            "issuer": _text("who issued it"),
            "subject_vi": _text("what it is about, in Vietnamese"),
            "subject_en": _text("what it is about, in English"),
            **_origin(),
            "note": _NOTE,
        },
        unique=["document_id"],
    ),
    "outreach_checklists": _table(
        {
            "occasion": _text("what the list is for"),
            "month_day": _code("day of the occasion", r"^\d{2}-\d{2}$"),
            "position": _number("order in the list", 1, empty=False),
            "text_vi": _text("what is to be done, in Vietnamese"),
            "text_en": _text("what is to be done, in English"),
            "days_after": _number("suggested days from the occasion until it is due; negative: before", empty=False),
            **_origin(),
            "note": _NOTE,
        },
        unique=["occasion", "position"],
    ),
    "outreach_types": _table(
        {
            "type": _code("identifier", r"^[a-z_]+$"),
            "vi": _text("name in Vietnamese"),
            "en": _text("name in English"),
            "group": _text("community, media, material, staff or service", choice=OutreachGroup),
            "item_vi": _text("what an item is, in Vietnamese", empty=True),
            "item_en": _text("what an item is, in English", empty=True),
        },
        unique=["type"],
    ),
    "outreach_parameters": _table(
        {
            "type": _code("type of activity, see outreach_types", r"^[a-z_]+$"),
            "counted_by": _text("what one unit is", choice=["events", "items", "people"]),
            "reach_per_event": _number("people one unit reaches where nobody counted them", 0, empty=False),
            "strength": _number("what one contact counts beside a session face to face", 0, 1, empty=False),
            "half_life_months": _number("months after which a contact counts half", 0.1, empty=False),
            "unit_cost": _number("million VND a unit, without travel", 0, empty=False),
            "team_days": _number("days of a team a unit, without travel", 0, empty=False),
            "volunteer_days": _number("days of volunteers a unit", 0, empty=False),
            "planned": _text("whether plans choose it unless told otherwise", choice=["yes", "no"]),
            "quality": _text("of reach_per_event: reported, or modelled for an assumption", choice=QUALITIES),
            "evidence_grade": _text("of the whole row, A to D; D is an assumption", choice=["A", "B", "C", "D"]),
            "source": _text("who says so"),
            "as_of": _day("state of the figures"),
            "confidence": _text("how sure", choice=CONFIDENCES),
            "note": _NOTE,
        },
        unique=["type"],
    ),
    "outreach_activities": _table(
        {
            "activity_id": _text("identifier"),
            "date": _day("day of the activity, or the first day of the month the row sums"),
            "commune_code": _code("commune in force; empty: for the whole province", COMMUNE, empty=True),
            "province_code": _PROVINCE,
            "old_province_code": _code("province of before 1 July 2025", PROVINCE, empty=True),
            "type": _code("type of activity, see outreach_types", r"^[a-z_]+$"),
            "events": _number("sessions, classes, broadcasts; empty: not counted", 0),
            "people_reached": _number("people, counted each time they took part; empty: not counted", 0),
            "women": _optional(_number("women and girls among them; empty: not counted", 0)),
            "men": _optional(_number("men and boys among them; empty: not counted", 0)),
            "children": _optional(_number("under 18, also counted as women or men; empty: not counted", 0)),
            "items": _number("copies, panels, posts, teams, by type; empty: not counted", 0),
            "team": _text("who did it", empty=True),
            "partner": _optional(_text("who else took part", empty=True)),
            "note": _optional(_NOTE),
            "quality": _text("synthetic in the demonstration log, reported in yours", choice=QUALITIES),
            "source": _text("the report whose total the row is a part of, or your file"),
        },
        unique=["activity_id"],
    ),
    "outreach_places": _table(
        {
            "place_id": _text("identifier"),
            "kind": _text("team, club, shelter or hotline", choice=PlaceKind),
            "name": _text("what it is called"),
            "province_code": _code("province in force", PROVINCE, empty=True),
            "commune_code": _code("commune in force; empty: for the whole province", COMMUNE, empty=True),
            "lat": _number("latitude, degrees WGS 84; empty: the middle of the commune", *VIETNAM["lat"]),
            "lon": _number("longitude, degrees WGS 84; empty: the middle of the commune", *VIETNAM["lon"]),
            "count": _number("how many such places the row stands for; 1 for a place of its own", 1, empty=False),
            "people": _number("members, volunteers or staff in all of them; empty: not counted", 0),
            "capacity": _number("rooms, beds or lines in all of them; empty: not counted", 0),
            "days_per_week": _number("days a week one of them can work; empty: not known", 0, 7),
            "sessions_per_week": _number("sessions a week one of them can hold; empty: no limit", 0, 100),
            "phone": _text("number of a hotline or an office, never of a person", empty=True),
            "since": _day("day it was founded", empty=True),
            "note": _NOTE,
            "quality": _text("of the row", choice=QUALITIES),
            "source": _text("who says so"),
        },
        unique=["place_id"],
    ),
    "population": _table(
        {
            "commune_code": _COMMUNE,
            "population": _number("people", 0, 1_000_000),
            "low": _number("lower end of the range that held 8 of 10 checked communes", 0),
            "high": _number("upper end", 0),
            "quality": _text("modelled, or reported and observed where you imported figures", choice=QUALITIES),
            "source": _text("who says so"),
            "as_of": _text("what time it is for"),
        },
        unique=["commune_code"],
    ),
    "provinces": _table(
        {
            "province_code": _PROVINCE,
            "name": _text("name with its type"),
            "short_name": _text("name"),
            "type": _text("type"),
        },
        unique=["province_code"],
    ),
    "communes": _table(
        {
            "commune_code": _COMMUNE,
            "name": _text("name with its type"),
            "short_name": _text("name"),
            "type": _text("Xã, Phường or Đặc khu", choice=["Xã", "Phường", "Đặc khu"]),
            "province_code": _PROVINCE,
            "lat": _number("latitude of a point in the middle, degrees WGS 84", *VIETNAM["lat"]),
            "lon": _number("longitude, degrees WGS 84", *VIETNAM["lon"]),
            "area_km2": _number("square kilometres", 0),
            "alias_code": _text("another code that some sources use", empty=True, like=COMMUNE),
            "area_quality": _text(
                "modelled where the source gave a namesake's area", choice=["reported", "modelled"]
            ),
        },
        unique=["commune_code"],
    ),
    "old_provinces": _table(
        {
            "old_province_code": _OLD_PROVINCE,
            "name": _text("name with its type"),
            "short_name": _text("name"),
            "type": _text("type"),
            "province_code": _code("the province in force that followed", PROVINCE),
        },
        unique=["old_province_code"],
    ),
    "old_communes": _table(
        {
            "old_commune_code": _code("commune of before 1 July 2025", COMMUNE),
            "name": _text("name with its type"),
            "short_name": _text("name"),
            "type": _text("Xã, Phường or Thị trấn", choice=["Xã", "Phường", "Thị trấn"]),
            "old_district_code": _text("district"),
            "old_district": _text("its name"),
            "old_province_code": _OLD_PROVINCE,
            **{
                name: _number(f"{about}, degrees WGS 84")
                for name, about in {
                    "lat": "latitude of a point inside",
                    "lon": "longitude of a point inside",
                    "south": "southern end",
                    "west": "western end",
                    "north": "northern end",
                    "east": "eastern end",
                }.items()
            },
        },
        unique=["old_commune_code"],
    ),
    "crosswalk": _table(
        {
            "old_code": _code(
                "commune of before 1 July 2025, or D and the code of an island district", r"^(\d{5}|D\d{3})$"
            ),
            "new_code": _COMMUNE,
            "kind": _text("whether all or a part of the old commune went there", choice=["whole", "partial"]),
            "share": _number(
                "assumed part of the old commune; the shares of an old commune sum to 1", 0, 1, empty=False
            ),
        },
        unique=["old_code", "new_code"],
    ),
    "code_conflicts": _table(
        {
            "commune_code": _COMMUNE,
            "alias_code": _code("the other code", COMMUNE),
            "name": _text("name"),
            "source": _text("who uses which"),
            "note": _NOTE,
        },
        unique=["commune_code", "alias_code"],
    ),
}
SCHEMAS["outreach_capacity"] = SCHEMAS["outreach_places"].add_columns(
    {
        "reports": _text("the rows of outreach_reported it expresses, separated by ';'"),
        "as_of": _text("the day, month, year or period the figures are for"),
        "confidence": _text("how sure the compilation is: high, medium, low", choice=CONFIDENCES),
    }
)
