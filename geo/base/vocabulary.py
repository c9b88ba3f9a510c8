"""The words that tables may use: types, states, qualities."""

from __future__ import annotations

from enum import StrEnum


class CrossingType(StrEnum):
    """Kinds of places where people leave or enter the country.

    A ``domestic_airport`` is listed as a border gate and has no flights abroad as far as known: on the map, in no
    indicator.
    """

    INTERNATIONAL = "international"
    MAIN = "main"
    SECONDARY = "secondary"
    OPENING = "opening"
    AIRPORT = "airport"
    DOMESTIC_AIRPORT = "domestic_airport"
    SEAPORT = "seaport"


LAND_CROSSINGS = (
    CrossingType.INTERNATIONAL,
    CrossingType.MAIN,
    CrossingType.SECONDARY,
    CrossingType.OPENING,
)
GATEWAYS = (CrossingType.AIRPORT, CrossingType.SEAPORT)
ZONE_AREAS = ("official", "mapped")


class Neighbour(StrEnum):
    """Countries with a land border."""

    CHINA = "China"
    LAOS = "Laos"
    CAMBODIA = "Cambodia"


class ZoneType(StrEnum):
    """Kinds of industrial and economic zones."""

    INDUSTRIAL_PARK = "industrial_park"
    INDUSTRIAL_CLUSTER = "industrial_cluster"
    EXPORT_PROCESSING_ZONE = "export_processing_zone"
    HIGH_TECH_PARK = "high_tech_park"
    COASTAL_ECONOMIC_ZONE = "coastal_economic_zone"
    BORDER_ECONOMIC_ZONE = "border_economic_zone"
    OTHER = "other"


class ZoneStatus(StrEnum):
    """How far a zone is; ``unknown`` stands on the map and no document says that it operates."""

    OPERATING = "operating"
    ESTABLISHED = "established"
    UNDER_CONSTRUCTION = "under_construction"
    PLANNED = "planned"
    TO_BE_CONVERTED = "to_be_converted"
    UNKNOWN = "unknown"


class FlowKind(StrEnum):
    """A cell of the region matrix, or a single published figure."""

    MATRIX = "matrix"
    HEADLINE = "headline"


class OutreachGroup(StrEnum):
    """Whom an activity is for: people face to face, by media, by printed matter; staff; single persons.

    ``support`` helps single persons (jobs, training) without telling anybody about trafficking.
    """

    COMMUNITY = "community"
    MEDIA = "media"
    MATERIAL = "material"
    STAFF = "staff"
    SERVICE = "service"
    SUPPORT = "support"


class Audience(StrEnum):
    """Whom an activity spoke to."""

    RESIDENTS = "residents"
    PUPILS = "pupils"
    STUDENTS = "students"
    WORKERS = "workers"
    AT_RISK = "at_risk"
    OFFICIALS = "officials"
    VICTIMS_FAMILIES = "victims_families"


class Topic(StrEnum):
    """Which way into trafficking an activity spoke of: the codes of the pathways of the framework, or of all."""

    CHINA = "china"
    LAOS = "laos"
    CAMBODIA = "cambodia"
    LEAVING = "leaving"
    ARRIVING = "arriving"
    GENERAL = "general"


class StatementKind(StrEnum):
    """What a report says in words: not every fact is a figure."""

    CONTEXT = "context"
    ORGANISATION = "organisation"
    TARGET_GROUP = "target_group"
    PURPOSE = "purpose"
    ACTIVITY = "activity"
    CONTENT = "content"
    SLOGAN = "slogan"
    SUPPORT = "support"
    INTENTION = "intention"


class PlaceKind(StrEnum):
    """Places that outreach starts from, with a capacity of their own."""

    TEAM = "team"
    CLUB = "club"
    SHELTER = "shelter"
    HOTLINE = "hotline"


class YardstickUnit(StrEnum):
    """What a yardstick of validity is measured in; ratios, shares and points (differences of shares) from 0 to 1."""

    RATIO = "ratio"
    SHARE = "share"
    POINTS = "points"
    COMMUNES = "communes"
    PROVINCES = "provinces"


class Verdict(StrEnum):
    """Which is nearer the truth where the picture of a province surprises: the map, the expectation, both in part."""

    MAP = "map"
    EXPECTATION = "expectation"
    BOTH = "both"
    OPEN = "open"


NEIGHBOURS = tuple(Neighbour)
QUALITIES = ("observed", "reported", "modelled", "synthetic")
CONFIDENCES = ("high", "medium", "low")
LEVELS = ("old_province", "province", "region", "nation")
REGIONS = ("NMM", "RRD", "NCC", "CHL", "SOE", "MRD")
MESSAGE_STATES = ("draft", "approved")
REPORT_ROLES = ("activity", "capacity", "context", "plan", "outcome")
