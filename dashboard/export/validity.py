"""What the yardsticks say, in words: for ``docs/validity.md``, the command and the analyst's page alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from dashboard import locale
from dashboard.locale import LANGUAGES, Texts, texts
from geo import units
from geo.layers import yardsticks
from models.index.pathways import NO_LEAD
from models.validity.agreement import weight_influence
from models.validity.province_picture import Picture, filled, picture
from models.validity.yardsticks import Case

DIGITS = {"ratio": 2, "share": 1, "points": 1, "communes": 0, "provinces": 0}
"""Digits by unit; shares and points are written in per cent."""
WRITTEN = {"share": "validity.percent", "points": "validity.points"}
EVIDENCE = {
    "evidence_domestic": ("share_domestic_trafficking_pct", "2018-2022"),
    "evidence_male": ("share_male_victims_pct", "2018-2022"),
    "evidence_city": ("victim_cases_received", "2024 (9 months)"),
    "evidence_returned": ("citizens_returned_moc_bai", "2025-07"),
}
"""Published figures that the page names: measure and period in ``trafficking_evidence.csv``."""
RULE = "\n\n---\n\n"


def figure(value: float, unit: str, text: Texts) -> str:
    """Write a value of a yardstick.

    Examples
    --------
    >>> figure(0.3171, "share", texts("vi")), figure(0.3171, "ratio", texts("en"))
    ('31,7%', '0.32')
    """
    if np.isnan(value):
        return text.number(value)
    if unit in WRITTEN:
        return text(WRITTEN[unit], value=text.number(100 * value, DIGITS[unit]))
    written = text.number(abs(value), DIGITS[unit])
    return f"\N{MINUS SIGN}{written}" if value < 0 and written.strip("0.,") else written


def interval(low: float, high: float, facts: pd.Series, text: Texts) -> str:
    """Write the interval of a yardstick; empty where it has none."""
    if np.isnan(low) or np.isnan(high):
        return ""
    key = "validity.range_provinces" if facts["spread"] == "provinces" else "validity.range"
    return text(key, low=figure(low, facts["unit"], text), high=figure(high, facts["unit"], text))


def floor_of(facts: pd.Series, text: Texts) -> str:
    """Write the floor of a yardstick; empty where nothing is asked."""
    floor = float(facts["floor"])
    if np.isnan(floor):
        return ""
    key = "validity.at_least" if facts["better"] == "more" else "validity.at_most"
    return text(key, value=figure(floor, facts["unit"], text))


def verdict(row: pd.Series, text: Texts) -> str:
    """Say whether the floor of a yardstick is reached, and in which provinces it is not."""
    if np.isnan(row["value"]):
        return text("validity.not_here")
    if pd.isna(row["met"]):
        return text("validity.not_asked")
    if row["met"]:
        return text("validity.met")
    if row["missed_in"]:
        return text("validity.missed_in", names=", ".join(units.provinces()["short_name"][list(row["missed_in"])]))
    return text("validity.missed")


def name_of(facts: pd.Series, text: Texts) -> str:
    """Return what a yardstick is called, with a mark where it is circular."""
    mark = f" ({text('validity.circular')})" if facts["circular"] == "yes" else ""
    return f"{facts[f'name_{text.language}']}{mark}"


def shown(table: pd.DataFrame, text: Texts) -> pd.DataFrame:
    """Return the yardsticks in words.

    Parameters
    ----------
    table
        As :func:`models.validity.yardsticks.validity` returns it.

    Returns
    -------
    pandas.DataFrame
        By yardstick: ``name, value, interval, floor, verdict, caution`` and ``before, before_interval`` (what the
        last version measured; empty where it was not).
    """
    about, past = yardsticks.yardsticks(), yardsticks.history()
    past = past[past["version"] == past["version"].iloc[-1]].set_index("yardstick")
    rows = {}
    for code, row in table.iterrows():
        facts = about.loc[code]
        earlier = past.loc[code] if code in past.index else None
        rows[code] = {
            "name": name_of(facts, text),
            "value": figure(row["value"], facts["unit"], text),
            "interval": interval(row["low"], row["high"], facts, text),
            "floor": floor_of(facts, text),
            "verdict": verdict(row, text),
            "caution": facts[f"caution_{text.language}"],
            "before": "" if earlier is None else figure(earlier["value"], facts["unit"], text),
            "before_interval": "" if earlier is None else interval(earlier["low"], earlier["high"], facts, text),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("yardstick")


def pathway_name(code: str, text: Texts) -> str:
    """Return what a pathway is called; what no pathway leads has a word of its own."""
    return text("validity.no_lead") if code == NO_LEAD else text.either(f"patterns.pathway_{code}", code)


def leads_sentence(one: Picture, text: Texts) -> str:
    """Say in how many communes of a province each pathway leads."""
    return "; ".join(
        text("validity.lead_count", name=pathway_name(str(code), text), number=text.number(number))
        for code, number in one.leads.items()
    )


def list_sentence(one: Picture, text: Texts) -> str:
    """Say where the first communes of the list of a province lie."""
    first = text.number(len(one.first))
    told = text("validity.picture_first", border=text.number(one.figure("first_border")), first=first)
    if len(one.communes["old_province"].unique()) > 1:
        names = one.first["old_province"].map(units.old_provinces()["short_name"]).value_counts()
        parts = ", ".join(
            text("validity.old_count", name=name, number=text.number(number)) for name, number in names.items()
        )
        told = f"{told} {text('validity.picture_old', first=first, names=parts)}"
    return told


def picture_sentence(one: Picture, text: Texts) -> str:
    """Say how many communes of a province are in the national top fifth, which ways lead, where its list lies."""
    top = text(
        "validity.picture_top",
        top=text.number(one.figure("top")),
        communes=text.number(one.figure("communes")),
        share=text.number(one.figure("share")),
    )
    return f"{top} {text('validity.picture_leads', leads=leads_sentence(one, text))} {list_sentence(one, text)}"


def note_of(one: Picture, province: str, text: Texts) -> tuple[str, str] | None:
    """Return the verdict and the written note on a province with its figures; none where there is no note."""
    notes = yardsticks.province_notes()
    if province not in notes.index:
        return None
    row = notes.loc[province]
    return text(f"validity.verdict_{row['verdict']}"), filled(row[f"note_{text.language}"], one, text.number)


def document(case: Case, table: pd.DataFrame) -> str:
    """Return ``docs/validity.md``: Vietnamese, then English; all figures from the case.

    Parameters
    ----------
    case
        The framework as it ships.
    table
        What :func:`models.validity.yardsticks.validity` says of it.
    """
    codes = units.provinces().index
    pictures = {str(province): picture(case.briefing, case.sources, str(province)) for province in codes}
    parts = [_one_language(case, table, pictures, texts(language)) for language in LANGUAGES]
    return RULE.join(part.strip() for part in parts) + "\n"


def _one_language(case: Case, table: pd.DataFrame, pictures: dict[str, Picture], text: Texts) -> str:
    template = (Path(locale.__file__).parent / f"validity.{text.language}.md").read_text(encoding="utf-8")
    words = shown(table, text)
    values = {
        "draws": text.number(case.draws),
        "table_yardsticks": _yardstick_table(words, text),
        "table_missed": _missed(case, table, text),
        "table_cautions": "\n".join(f"- **{row['name']}.** {row['caution']}" for _, row in words.iterrows()),
        "table_weights": _weight_table(case, text),
        "table_provinces": _province_table(case, pictures, text),
        "notes": _notes(pictures, text),
        **_published(text),
    }
    for code, row in words.iterrows():
        values |= {str(code): row["value"], f"{code}_range": row["interval"], f"{code}_before": row["before"]}
        values |= {f"floor_{code}": row["floor"]}
        values |= {f"{code}_{part}": text.number(float(table.loc[code, part])) for part in ("count", "total")}
    for name in ("top_11", "communes_11", "top_46", "communes_46"):
        part, province = name.rsplit("_", 1)
        values[name] = text.number(pictures[province].figure(part))
    for name in ("top_old_02", "communes_old_02"):
        values[name] = text.number(pictures["08"].figure(name))
    return template.format(**values)


def _rows(heads: list[str], rows: list[list[str]], right: int = 0) -> str:
    """Return a table of Markdown; the last ``right`` columns stand to the right."""
    rule = ["---"] * (len(heads) - right) + ["---:"] * right
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows))


def _yardstick_table(words: pd.DataFrame, text: Texts) -> str:
    version = str(yardsticks.history()["version"].iloc[-1])
    heads = [
        text("validity.yardstick"), text("validity.before", version=version), text("validity.interval"),
        text("validity.now"), text("validity.interval"), text("validity.floor"), text("validity.verdict"),
    ]  # fmt: skip
    columns = ["name", "before", "before_interval", "value", "interval", "floor", "verdict"]
    return _rows(heads, [[str(row[column]) for column in columns] for _, row in words.iterrows()])


def _missed(case: Case, table: pd.DataFrame, text: Texts) -> str:
    about, lines = yardsticks.yardsticks(), []
    names = units.provinces()["short_name"]

    def places(codes: tuple[str, ...], column: str, unit: str) -> str:
        values = case.provinces[column]
        named = [(names[code], figure(float(values[code]), unit, text)) for code in codes]
        return ", ".join(text("validity.missed_place", name=name, value=value) for name, value in named)

    for code, row in table[table["met"].eq(False).fillna(False)].iterrows():
        facts = about.loc[code]
        called, unit = name_of(facts, text), str(facts["unit"])
        if not row["missed_in"]:
            value, floor = figure(row["value"], unit, text), floor_of(facts, text)
            lines.append(text("validity.missed_plain", name=called, value=value, floor=floor))
            continue
        line = text("validity.missed_why", name=called, places=places(row["missed_in"], str(code), unit))
        if text.has(f"validity.why_{code}"):
            why = places(row["missed_in"], "score_population", "ratio")
            line = f"{line} {text(f'validity.why_{code}', places=why)}"
        lines.append(line)
    return "\n".join(f"- {line}" for line in lines or [text("validity.missed_none")])


def weight_rows(case: Case, text: Texts) -> list[list[str]]:
    """Return dimensions and ways with their importance as stated, their influence and their share of the level."""
    framework = case.briefing.framework
    rows = []
    for code, row in weight_influence(case.briefing.assessment, case.stated).iterrows():
        node = framework.node(str(code))
        name = node.facts.get("name_en") if text.language == "en" else node.name
        shares = (row["stated"], row["influence"], row["level"])
        rows.append([str(name or code), *(figure(float(share), "share", text) for share in shares)])
    return rows


def _weight_table(case: Case, text: Texts) -> str:
    heads = [text(f"validity.{column}") for column in ("node", "stated", "influence", "level")]
    return _rows(heads, weight_rows(case, text), right=3)


def _province_table(case: Case, pictures: dict[str, Picture], text: Texts) -> str:
    names = units.provinces()["short_name"]
    heads = [text("place.province")]
    columns = ("communes", "top", "first_percentile", "first_population", "score_population")
    heads += [text("validity.leads"), *(text(f"validity.{column}") for column in columns)]
    rows = []
    for province, row in case.provinces.iterrows():
        numbers = [
            text.number(row["communes"]),
            f"{text.number(row['top'])} ({figure(row['top_share'], 'share', text)})",
            figure(row["first_percentile"], "share", text),
            figure(row["first_population"], "ratio", text),
            figure(row["score_population"], "ratio", text),
        ]
        leads = "; ".join(
            f"{pathway_name(str(code), text)} {text.number(number)}"
            for code, number in pictures[str(province)].leads.items()
        )
        rows.append([str(names[province]), leads, *numbers])
    return _rows(heads, rows, right=5)


def _notes(pictures: dict[str, Picture], text: Texts) -> str:
    names, parts = units.provinces()["short_name"], []
    for province, one in pictures.items():
        note = note_of(one, province, text)
        if note is not None:
            leads = text("validity.picture_leads", leads=leads_sentence(one, text))
            parts.append(f"**{names[province]}** – *{note[0]}.* {note[1]}\n\n> {leads} {list_sentence(one, text)}")
    return "\n\n".join(parts)


def _published(text: Texts) -> dict[str, str]:
    table = yardsticks.evidence()
    rows = {
        key: table[(table["measure"] == one) & (table["period"] == when)] for key, (one, when) in EVIDENCE.items()
    }
    return {key: text.number(float(row["value"].iloc[0])) for key, row in rows.items()}
