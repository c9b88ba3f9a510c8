"""What every table in ``data/`` must look like; tables are checked once, where they are read (``geo.datasets``).

The schemas are also where ``geo.build.packages`` takes the fields of the ``datapackage.json`` files from, so that the
check and the description cannot differ.
"""

from __future__ import annotations

import pandera.pandas as pa

from geo.base.vocabulary import (
    CONFIDENCES,
    NEIGHBOURS,
    QUALITIES,
    REGIONS,
    ZONE_AREAS,
    CrossingType,
    FlowKind,
    ZoneStatus,
    ZoneType,
)
from geo.datasets.fields import (
    COMMUNE,
    COMMUNE_CODE,
    LEVEL,
    NOTE,
    OLD_PROVINCE_CODE,
    POINT,
    PROVINCE,
    PROVINCE_CODE,
    VIETNAM,
    code,
    day,
    number,
    optional,
    origin,
    table,
    text,
)
from geo.datasets.schemas_outreach import TABLES
from geo.datasets.schemas_validity import TABLES as VALIDITY

NOT_SHIPPED = frozenset({"outreach_places"})
"""Tables that only a user has."""
SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "border_crossings": table(
        {
            "crossing_id": code("identifier", r"^BC\d{3}$"),
            "name_vi": text("name"),
            "name_en": text("name without diacritics or in English", empty=True),
            "type": text(
                "international, main, secondary, opening, airport, domestic_airport, seaport", choice=CrossingType
            ),
            "mode": text("road, rail, river, foot, air, sea"),
            "neighbour": text(
                "country on the other side; empty for airports and seaports", empty=True, choice=NEIGHBOURS
            ),
            "counterpart": text("the crossing on the other side", empty=True),
            "old_province_code": OLD_PROVINCE_CODE,
            "province_code": PROVINCE_CODE,
            "commune_code": code("commune in force", COMMUNE, empty=True),
            "old_place": text("commune and district of before 1 July 2025", empty=True),
            **POINT,
            "border_km": number("kilometres from the land border, as compiled", 0, 60),
            "part_of": code("the gate that counts in its place: both are one", r"^BC\d{3}$", empty=True),
            "road": text("road", empty=True),
            **origin(),
            "note": NOTE,
        },
        unique=["crossing_id"],
    ),
    "industrial_zones": table(
        {
            "zone_id": code("identifier", r"^IZ\d{3}$"),
            "name_vi": text("name"),
            "name_en": text("name in English", empty=True),
            "type": text("kind of zone", choice=ZoneType),
            "status": text("unknown: on the map only, no proof that it operates", choice=ZoneStatus),
            "old_province_code": OLD_PROVINCE_CODE,
            "province_code": PROVINCE_CODE,
            "commune_code": code("commune in force", COMMUNE, empty=True),
            "old_place": text("commune and district of before 1 July 2025", empty=True),
            "area_ha_official": number("hectares by decision or announcement", 0, 100_000),
            "area_ha_mapped": number("hectares of the outline on the map", 0, 100_000),
            "area_basis": text(
                "which of the two areas counts; empty: the official one, else the mapped",
                empty=True,
                choice=ZONE_AREAS,
            ),
            "part_of": code("the zone whose area holds this one", r"^IZ\d{3}$", empty=True),
            "distinct_from": code(
                "a zone so near that it looks like this one, and is another", r"^IZ\d{3}$", empty=True
            ),
            **POINT,
            **origin(),
            "note": NOTE,
        },
        unique=["zone_id"],
    ),
    "regions": table(
        {
            "old_province_code": OLD_PROVINCE_CODE,
            "old_province": text("its name"),
            "province_code": PROVINCE_CODE,
            "region_code": text("one of six socio-economic regions", choice=REGIONS),
            "region_vi": text("region in Vietnamese"),
            "region_en": text("region in English"),
            **{name: column for name, column in origin().items() if name != "quality"},
        },
        unique=["old_province_code"],
    ),
    "migration_flows": table(
        {
            "flow_id": code("identifier", r"^MF\d{2}$"),
            "kind": text("matrix: one cell of the 6 x 6 table; headline: one figure of the press", choice=FlowKind),
            "origin_region": code("region left; empty: all other regions", r"^[A-Z]{3}$", empty=True),
            "destination_region": code("region reached; empty: all other regions", r"^[A-Z]{3}$", empty=True),
            "migrants": number(
                "people who lived in the one at the beginning and in the other at the end", 0, empty=False
            ),
            "period_start": day("first day"),
            "period_end": day("last day"),
            "years": number("length; figures over 1 year and over 5 years must not be mixed", 1, 5, empty=False),
            **origin(),
            "note": NOTE,
        },
        unique=["flow_id"],
    ),
    "migration_headlines": table(
        {
            "level": text("nation", choice=["nation"]),
            "indicator": text("what is counted"),
            "year": number("year", 2000, 2030, empty=False),
            "value": number("figure", empty=False),
            "unit": text("unit"),
            "period": text("time counted"),
            **origin(),
            "note": NOTE,
        }
    ),
    "province_migration": table(
        {
            **LEVEL,
            "indicator": text("rate or count"),
            "period": text("year or years"),
            "basis": text("1 year and 5 years must not be mixed", choice=["1 year", "5 years"]),
            "value": number("figure", empty=False),
            "unit": text("unit"),
            **origin(),
            "note": NOTE,
        }
    ),
    "province_statistics": table(
        {
            **LEVEL,
            "indicator": text("name of the series"),
            "year": number("year", 2000, 2030, empty=False),
            "value": number("figure", empty=False),
            "unit": text("unit"),
            **origin(),
            "note": NOTE,
        },
        unique=["level", "old_province_code", "province_code", "region_code", "indicator", "year"],
    ),
    "old_districts": table(
        {
            "old_district_code": code("district of before 1 July 2025", r"^\d{3}$"),
            "name": text("name with its type"),
            "old_province_code": OLD_PROVINCE_CODE,
            "population_census": number("people counted on 1 April 2019; empty where the district was divided", 0),
            "net_migration_rate_5yr": number(
                "census: arrivals less departures in the five years to 1 April 2019, per 1,000 people", -1000, 1000
            ),
            "urban_population_share": number("census: per cent of people in wards and townships", 0, 100),
            "population_growth_2009_2019": number("censuses: per cent a year", -20, 20),
            "households_piped_or_drilled_well_water": number(
                "census: per cent of households with piped water or a drilled well", 0, 100
            ),
            "households_flush_toilet": number("census: per cent of households with a flush toilet", 0, 100),
            "households_flush_toilet_indoor": number(
                "census: per cent of households with a flush toilet indoors", 0, 100
            ),
            "travel_time_to_city": number(
                "Malaria Atlas Project: mean minutes to the nearest city by the fastest way of 2015", 0
            ),
            "travel_time_to_airport": number(
                "Malaria Atlas Project: mean minutes to the nearest airport by the fastest way of 2015", 0
            ),
            "mean_elevation": number("metres above sea level, mean of the area", -10, 3200),
            "forest_share": number("ESA land cover: per cent of the area under forest", 0, 100),
            "cropland_share": number("ESA land cover: per cent of the area under crops", 0, 100),
            "socioeconomic_values_shared_by_a_group": number(
                "1: the census values stand for a group of districts, not for this one alone", 0, 1, empty=False
            ),
            **origin(),
            "note": NOTE,
        },
        unique=["old_district_code"],
    ),
    "commune_facts": table(
        {
            "commune_code": COMMUNE_CODE,
            "mountain_class": number("0 none, 1 mountainous (miền núi), 2 highland (vùng cao)", 0, 2, empty=False),
            "island": number("1: an island commune, or one of which a part is an island; empty: open", 0, 1),
            "national_highway_km": number("straight kilometres from the commune's point to a national highway", 0),
            "expressway_km": number("straight kilometres to an expressway", 0),
            "railway_km": number("straight kilometres to a railway line", 0),
            **origin(),
            "note": NOTE,
        },
        unique=["commune_code"],
    ),
    "neighbour_towns": table(
        {
            "geonameid": code("identifier of GeoNames", r"^\d+$"),
            "name": text("name"),
            "neighbour": text("country", choice=NEIGHBOURS),
            "lat": number("latitude, degrees WGS 84", 5, 30, empty=False),
            "lon": number("longitude, degrees WGS 84", 97, 115, empty=False),
            "population": number("people; empty where GeoNames has none", 1),
            "border_km": number("kilometres from the land border, as compiled", 0, 60, empty=False),
            **origin(),
            "note": NOTE,
        },
        unique=["geonameid"],
    ),
    "ethnic_minority_regions": table(
        {
            "level": text("nation or province", choice=["nation", "province"]),
            "province_code": code("province in force", PROVINCE, empty=True),
            "indicator": text("what is counted"),
            "year": number("first year of the classification", 2000, 2030, empty=False),
            "value": number("communes or hamlets", 0, empty=False),
            "unit": text("unit"),
            **origin(),
            "note": NOTE,
        }
    ),
    "commune_region_iii": table(
        {
            "commune_code": COMMUNE_CODE,
            "province_code": PROVINCE_CODE,
            "indicator": text("region_iii or special_difficulty_hamlets"),
            "year": number("first year of the classification", 2000, 2030, empty=False),
            "value": number("1 for a commune of region III; else hamlets", 0, empty=False),
            "unit": text("unit"),
            **origin(),
            "note": NOTE,
        },
        unique=["commune_code", "indicator", "year"],
    ),
    "trafficking_evidence": table(
        {
            **LEVEL,
            "measure": text("what is counted"),
            "period": text("time counted"),
            "value": text("figure, or 'yes' for a qualitative mention"),
            "role": text("validation: for plausibility, never for a score", choice=["validation"]),
            **origin(),
            "note": NOTE,
        }
    ),
    "population": table(
        {
            "commune_code": COMMUNE_CODE,
            "population": number(
                "people: the dossier's figure scaled to the 2024 average population of the old province, or modelled",
                0,
                1_000_000,
            ),
            "low": number("modelled figures: lower end of the range that held 8 of 10 reported communes", 0),
            "high": number("modelled figures: upper end", 0),
            "registered": optional(
                number(
                    "registered and temporary residents as the dossier of 2025 has them; empty where not usable",
                    0,
                    1_000_000,
                )
            ),
            "quality": text("reported (scaled), modelled, or as stated for figures you imported", choice=QUALITIES),
            "source": text("who says so"),
            "as_of": text("what time it is for"),
            "note": optional(NOTE),
        },
        unique=["commune_code"],
    ),
    "provinces": table(
        {
            "province_code": PROVINCE_CODE,
            "name": text("name with its type"),
            "short_name": text("name"),
            "type": text("type"),
        },
        unique=["province_code"],
    ),
    "communes": table(
        {
            "commune_code": COMMUNE_CODE,
            "name": text("name with its type"),
            "short_name": text("name"),
            "type": text("Xã, Phường or Đặc khu", choice=["Xã", "Phường", "Đặc khu"]),
            "province_code": PROVINCE_CODE,
            "lat": number("latitude of a point in the middle, degrees WGS 84", *VIETNAM["lat"]),
            "lon": number("longitude, degrees WGS 84", *VIETNAM["lon"]),
            "area_km2": number("square kilometres", 0),
            "alias_code": text("another code that some sources use", empty=True, like=COMMUNE),
            "centre_confidence": text(
                "medium: put elsewhere than the source had it; low: known to lie outside", choice=CONFIDENCES
            ),
            "area_quality": text("modelled where no source has a plausible area", choice=["reported", "modelled"]),
            "area_source": text("who says so, as a citation"),
            "area_as_of": day("day of the area"),
            "area_confidence": text("low: the official figure contradicts the map", choice=CONFIDENCES),
        },
        unique=["commune_code"],
    ),
    "old_provinces": table(
        {
            "old_province_code": OLD_PROVINCE_CODE,
            "name": text("name with its type"),
            "short_name": text("name"),
            "type": text("type"),
            "province_code": code("the province in force that followed", PROVINCE),
        },
        unique=["old_province_code"],
    ),
    "old_communes": table(
        {
            "old_commune_code": code("commune of before 1 July 2025", COMMUNE),
            "name": text("name with its type"),
            "short_name": text("name"),
            "type": text("Xã, Phường or Thị trấn", choice=["Xã", "Phường", "Thị trấn"]),
            "old_district_code": text("district"),
            "old_district": text("its name"),
            "old_province_code": OLD_PROVINCE_CODE,
            **{
                name: number(f"{about}, degrees WGS 84")
                for name, about in {
                    "lat": "latitude of a point inside",
                    "lon": "longitude of a point inside",
                    "south": "southern end",
                    "west": "western end",
                    "north": "northern end",
                    "east": "eastern end",
                }.items()
            },
            "point_quality": text(
                "modelled: the source gave a namesake's point or the district's", choice=["reported", "modelled"]
            ),
        },
        unique=["old_commune_code"],
    ),
    "crosswalk": table(
        {
            "old_code": code(
                "commune of before 1 July 2025, or D and the code of an island district", r"^(\d{5}|D\d{3})$"
            ),
            "new_code": COMMUNE_CODE,
            "kind": text("whether all or a part of the old commune went there", choice=["whole", "partial"]),
            "share": number(
                "assumed part of the old commune; the shares of an old commune sum to 1", 0, 1, empty=False
            ),
            "main": text("whether this is the main successor; every old commune has one", choice=["yes", "no"]),
        },
        unique=["old_code", "new_code"],
    ),
    "crosswalk_corrections": table(
        {
            "old_code": code("commune of before 1 July 2025", COMMUNE),
            "new_code": COMMUNE_CODE,
            "change": text(
                "removed, added: against the source; refused: another source has the link, this one has not; kept: "
                "looks wrong and is right",
                choice=["removed", "added", "refused", "kept"],
            ),
            "reason": text("why"),
            **{name: column for name, column in origin().items() if name != "quality"},
        },
        unique=["old_code", "new_code"],
    ),
    "centre_corrections": table(
        {
            "commune_code": COMMUNE_CODE,
            "lat": number("latitude put in the place of the source's, degrees WGS 84", *VIETNAM["lat"]),
            "lon": number("longitude, degrees WGS 84", *VIETNAM["lon"]),
            "change": text(
                "moved; doubted: outside, nothing better known; kept: the outline is wrong, not the centre",
                choice=["moved", "doubted", "kept"],
            ),
            "reason": text("why"),
            **{name: column for name, column in origin().items() if name != "quality"},
        },
        unique=["commune_code"],
    ),
    "commune_areas": table(
        {
            "commune_code": COMMUNE_CODE,
            "area_km2": number("official area, square kilometres", 0, empty=False),
            **origin(),
            "note": NOTE,
        },
        unique=["commune_code"],
    ),
    "code_conflicts": table(
        {
            "commune_code": COMMUNE_CODE,
            "alias_code": code("the other code", COMMUNE),
            "name": text("name"),
            "source": text("who uses which"),
            "note": NOTE,
        },
        unique=["commune_code", "alias_code"],
    ),
    **TABLES,
    **VALIDITY,
}
