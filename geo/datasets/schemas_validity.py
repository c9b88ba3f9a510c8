"""The tables that a score is held against: lists of places, yardsticks, what earlier versions measured, notes."""

from __future__ import annotations

import pandera.pandas as pa

from geo.base.vocabulary import Verdict, YardstickUnit
from geo.datasets.fields import COMMUNE, NOTE, PROVINCE, PROVINCE_CODE, code, number, origin, table, text

_COMPILED = {name: column for name, column in origin().items() if name != "quality"}
_YARDSTICK = code("identifier of the yardstick", r"^[a-z][a-z0-9_]+$")

TABLES: dict[str, pa.DataFrameSchema] = {
    "validation_lists": table(
        {
            "list": text("which list", choice=["origin_transit", "industrial", "labour_abroad"]),
            "old_province_code": code("province of before 1 July 2025 that is named", PROVINCE, empty=True),
            "commune_code": code("commune in force that is named; empty where a province is", COMMUNE, empty=True),
            "role": text("validation: a score is held against it, none is made from it", choice=["validation"]),
            **origin(),
            "note": NOTE,
        },
        unique=["list", "old_province_code", "commune_code"],
    ),
    "yardsticks": table(
        {
            "yardstick": _YARDSTICK,
            "name_vi": text("name in Vietnamese"),
            "name_en": text("name in English"),
            "unit": text(
                "of value and floor: ratio, share, points (0 to 1), communes, provinces", choice=YardstickUnit
            ),
            "better": text("which way is better; neither: no verdict follows", choice=["more", "less", "neither"]),
            "floor": number("what must be reached, or not exceeded; empty: nothing is asked"),
            "spread": text(
                "low and high: the middle 95 % when clusters are drawn again; or the lowest and highest province",
                choice=["clusters", "provinces", "none"],
            ),
            "circular": text("yes: it is reckoned from what is in the score", choice=["yes", "no"]),
            "caution_vi": text("what it flatters or cannot say, in Vietnamese"),
            "caution_en": text("what it flatters or cannot say, in English"),
            **_COMPILED,
        },
        unique=["yardstick"],
    ),
    "yardstick_history": table(
        {
            "version": text("of the product"),
            "yardstick": _YARDSTICK,
            "value": number("as measured with that version", empty=False),
            "low": number("lower end, see spread in yardsticks.csv"),
            "high": number("upper end"),
            **origin("modelled"),
            "note": NOTE,
        },
        unique=["version", "yardstick"],
    ),
    "province_notes": table(
        {
            "province_code": PROVINCE_CODE,
            "verdict": text("whether the map or the expectation is nearer the truth", choice=Verdict),
            "note_vi": text("what the score sees and what it cannot, in Vietnamese; numbers are placeholders"),
            "note_en": text("the same in English"),
            **_COMPILED,
        },
        unique=["province_code"],
    ),
}
