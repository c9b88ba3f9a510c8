"""What the tables of outreach must look like: reports, types, rates, messages, the log, places, checklists."""

from __future__ import annotations

from enum import StrEnum

import pandera.pandas as pa

from geo.base.vocabulary import (
    CONFIDENCES,
    MESSAGE_STATES,
    QUALITIES,
    REPORT_ROLES,
    Audience,
    OutreachGroup,
    PlaceKind,
    StatementKind,
    Topic,
)
from geo.datasets.fields import (
    COMMUNE,
    NOTE,
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


def several(about: str, words: type[StrEnum]) -> pa.Column:
    """Make a column of words of a closed list, separated by ';'; an empty cell means that nobody says."""
    one = "|".join(words)
    return text(
        f"{about}: {', '.join(words)}; several are separated by ';'", empty=True, like=rf"^(?:{one})(?:;(?:{one}))*$"
    )


AUDIENCE = several("whom it spoke to, where somebody says so", Audience)
TOPIC = several("which way into trafficking it spoke of, where somebody says so", Topic)
TABLES: dict[str, pa.DataFrameSchema] = {
    "outreach_reported": table(
        {
            "report_id": code("identifier", r"^RO\d{2}$"),
            "old_province_code": code("province of before 1 July 2025; empty: not named", PROVINCE, empty=True),
            "province_code": code("province in force", PROVINCE, empty=True),
            "period_start": day("first day"),
            "period_end": day("last day"),
            "figure_vi": text("what the figure is, in Vietnamese"),
            "figure_en": text("what the figure is, in English"),
            "activity": text("what was done, in the words of the compilation"),
            "type": text(
                "type of activity, see outreach_types; empty for capacity, context, plans, outcomes", empty=True
            ),
            "reported_measure": text("what the report counts"),
            "measure": text(
                "the column of outreach_activities it counts as",
                empty=True,
                choice=["events", "people_reached", "items"],
            ),
            "value": number("figure; empty where fewer than ten people would show, or where none is given", 0),
            "unit": text("unit"),
            "role": text("activity, capacity, context, plan or outcome", choice=REPORT_ROLES),
            "part_of": code("the row that already counts this one", r"^RO\d{2}$", empty=True),
            "places": text("old districts or communes named by the report, separated by ';'", empty=True),
            "audience": AUDIENCE,
            "topic": TOPIC,
            **origin(),
            "note": NOTE,
            "note_vi": text("remark in Vietnamese", empty=True),
        },
        unique=["report_id"],
    ),
    "outreach_statements": table(
        {
            "statement_id": code("identifier", r"^RS\d{3}$"),
            "old_province_code": code("province of before 1 July 2025; empty: not named", PROVINCE, empty=True),
            "province_code": code("province in force", PROVINCE, empty=True),
            "period_start": day("first day of the time it is about"),
            "period_end": day("last day"),
            "kind": text("what is said: " + ", ".join(StatementKind), choice=StatementKind),
            "text_vi": text("the fact in Vietnamese, in the words of the field"),
            "text_en": text("the fact in English"),
            "audience": AUDIENCE,
            "topic": TOPIC,
            "reports": text("the rows of outreach_reported it belongs to, separated by ';'", empty=True),
            **origin(),
            "note": NOTE,
        },
        unique=["statement_id"],
    ),
    "outreach_words": table(
        {
            "column": text("the column of outreach_activities it may stand in", choice=["audience", "topic"]),
            "code": text("how it is kept", choice=[*Audience, *Topic]),
            "vi": text("name in Vietnamese"),
            "en": text("name in English"),
            "synonyms": text("what else is read as it, separated by ';'", empty=True),
        },
        unique=["column", "code"],
    ),
    "outreach_periods": table(
        {
            "old_province_code": code("province of before 1 July 2025 that is covered", PROVINCE),
            "commune_code": code(
                "the commune the period is for, from its first activity on; empty: all of the province, since "
                "everything that was done in it is in the log",
                COMMUNE,
                empty=True,
            ),
            "first_day": day("first day covered"),
            "last_day": day("last day covered"),
            "quality": text("of the row", choice=QUALITIES),
            "source": text("who says so: a report, or your file"),
            "as_of": optional(text("the day, month, year or period the figures are for", empty=True)),
            "confidence": optional(text("how sure the compilation is", empty=True, choice=CONFIDENCES)),
        }
    ),
    "outreach_documents": table(
        {
            "document_id": code("identifier", r"^RD\d{2}$"),
            "old_province_code": code("province of before 1 July 2025; empty: not named", PROVINCE, empty=True),
            "province_code": code("province in force", PROVINCE, empty=True),
            "number": text("number and sign of the document"),
            "day": day("day of the document, where the report names it", empty=True),
            "issuer": text("who issued it"),
            "subject_vi": text("what it is about, in Vietnamese"),
            "subject_en": text("what it is about, in English"),
            **origin(),
            "note": NOTE,
        },
        unique=["document_id"],
    ),
    "outreach_checklists": table(
        {
            "occasion": text("what the list is for"),
            "month_day": code("day of the occasion", r"^\d{2}-\d{2}$"),
            "position": number("order in the list", 1, empty=False),
            "text_vi": text("what is to be done, in Vietnamese"),
            "text_en": text("what is to be done, in English"),
            "days_after": number("suggested days from the occasion until it is due; negative: before", empty=False),
            **origin(),
            "note": NOTE,
        },
        unique=["occasion", "position"],
    ),
    "pathway_messages": table(
        {
            "pathway": text("the way into trafficking the message is about; general: any", choice=Topic),
            "position": number("order among the messages of the pathway", 1, empty=False),
            "audience_vi": text("the group to invite, in Vietnamese"),
            "audience_en": text("the group to invite, in English"),
            "message_vi": text("what to say, in Vietnamese"),
            "message_en": text("what to say, in English"),
            "status": text("draft until the province's steering committee has approved it", choice=MESSAGE_STATES),
            "evidence_grade": text(
                "A to D, of what the message rests on: a law counts as C, D is advice nobody has tested",
                choice=["A", "B", "C", "D"],
            ),
            "source": text("the law, report or document the message rests on"),
            "as_of": text("the day or year of the source, or since when the law is in force"),
            "confidence": text("how sure the compilation is: high, medium, low", choice=CONFIDENCES),
            "note": NOTE,
        },
        unique=["pathway", "position"],
    ),
    "outreach_types": table(
        {
            "type": code("identifier", r"^[a-z_]+$"),
            "vi": text("name in Vietnamese"),
            "en": text("name in English"),
            "group": text("community, media, material, staff, service or support", choice=OutreachGroup),
            "item_vi": text("what an item is, in Vietnamese", empty=True),
            "item_en": text("what an item is, in English", empty=True),
        },
        unique=["type"],
    ),
    "outreach_parameters": table(
        {
            "type": code("type of activity, see outreach_types", r"^[a-z_]+$"),
            "counted_by": text("what one unit is", choice=["events", "items", "people"]),
            "reach_per_event": number("people one unit reaches where nobody counted them", 0, empty=False),
            "strength": number("what one contact counts beside a session face to face", 0, 1, empty=False),
            "half_life_months": number("months after which a contact counts half", 0.1, empty=False),
            "unit_cost": number("million VND a unit, without travel", 0, empty=False),
            "team_days": number("days of a team a unit, without travel", 0, empty=False),
            "volunteer_days": number("days of volunteers a unit", 0, empty=False),
            "planned": text("whether plans choose it unless told otherwise", choice=["yes", "no"]),
            "quality": text("of reach_per_event: reported, or modelled for an assumption", choice=QUALITIES),
            "evidence_grade": text("of the whole row, A to D; D is an assumption", choice=["A", "B", "C", "D"]),
            "source": text("who says so"),
            "as_of": day("state of the figures"),
            "confidence": text("how sure", choice=CONFIDENCES),
            "note": NOTE,
        },
        unique=["type"],
    ),
    "outreach_activities": table(
        {
            "activity_id": text("identifier"),
            "date": day("day of the activity, or the first day of the month the row sums"),
            "commune_code": code("commune in force; empty: for the whole province", COMMUNE, empty=True),
            "province_code": PROVINCE_CODE,
            "old_province_code": code("province of before 1 July 2025", PROVINCE, empty=True),
            "type": code("type of activity, see outreach_types", r"^[a-z_]+$"),
            "events": number("sessions, classes, broadcasts; empty: not counted", 0),
            "people_reached": number("people, counted each time they took part; empty: not counted", 0),
            "women": optional(number("women and girls among them; empty: not counted", 0)),
            "men": optional(number("men and boys among them; empty: not counted", 0)),
            "children": optional(number("under 18, also counted as women or men; empty: not counted", 0)),
            "items": number("copies, panels, posts, teams, by type; empty: not counted", 0),
            "team": text("who did it", empty=True),
            "partner": optional(text("who else took part", empty=True)),
            "note": optional(NOTE),
            "audience": optional(AUDIENCE),
            "topic": optional(TOPIC),
            "quality": text("synthetic in the demonstration log, reported in yours", choice=QUALITIES),
            "source": text("the report whose total the row is a part of, or your file"),
        },
        unique=["activity_id"],
    ),
    "outreach_places": table(
        {
            "place_id": text("identifier"),
            "kind": text("team, club, shelter or hotline", choice=PlaceKind),
            "name": text("what it is called"),
            "province_code": code("province in force", PROVINCE, empty=True),
            "commune_code": code("commune in force; empty: for the whole province", COMMUNE, empty=True),
            "lat": number("latitude, degrees WGS 84; empty: the middle of the commune", *VIETNAM["lat"]),
            "lon": number("longitude, degrees WGS 84; empty: the middle of the commune", *VIETNAM["lon"]),
            "count": number("how many such places the row stands for; 1 for a place of its own", 1, empty=False),
            "people": number("members, volunteers or staff in all of them; empty: not counted", 0),
            "capacity": number("rooms, beds or lines in all of them; empty: not counted", 0),
            "days_per_week": number("days a week one of them can work; empty: not known", 0, 7),
            "sessions_per_week": number("sessions a week one of them can hold; empty: no limit", 0, 100),
            "phone": text("number of a hotline or an office, never of a person", empty=True),
            "since": day("day it was founded", empty=True),
            "note": NOTE,
            "quality": text("of the row", choice=QUALITIES),
            "source": text("who says so"),
        },
        unique=["place_id"],
    ),
}
TABLES["outreach_capacity"] = TABLES["outreach_places"].add_columns(
    {
        "reports": text("the rows of outreach_reported it expresses, separated by ';'"),
        "as_of": text("the day, month, year or period the figures are for"),
        "confidence": text("how sure the compilation is: high, medium, low", choice=CONFIDENCES),
    }
)
