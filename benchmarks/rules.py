"""The plan beside the greedy rule and three rules made by hand, in all 34 provinces; writes the table of the docs.

Risk, population and places of the communes are real, the teams invented (fixed seed). Last year's pattern is the log
of the last twelve months where it has activities; elsewhere it is invented: sessions fall on communes by population.
"""

import re
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.allocation import TYPES, invented, real_communes
from geo import units
from geo.base.paths import ROOT
from geo.files.write import replace_file
from geo.layers.indicators import load_sources
from models.planning.compare import compare
from models.planning.optimum import optimise
from models.planning.problem import Problem

DOCUMENT = ROOT / "docs" / "allocation.md"
SETTINGS = {"money": (2.0, 20.0), "ample": (2.0, 40.0), "days": (0.5, 40.0)}
"""Days a week of a team and million VND a team: money is short, both are ample, team-days are short."""
SHOWN = "money"
RULES = ("greedy", "top_risk", "equal", "last_year")
GAP, SECONDS = 0.005, 60.0


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    settings = {SHOWN: SETTINGS[SHOWN]} if smallest else SETTINGS
    provinces = ("11",) if smallest else ()
    tables = {name: compared(*setting, provinces) for name, setting in settings.items()}
    if not smallest:
        write(tables)
    return {
        f"allocation_rules_{name}": {
            "ours": 1.0,
            "reference": float(table[list(RULES)].max(axis=1).median()),
            "ratio": float(1 / table[list(RULES)].max(axis=1).median()),
            "unit": "of the best",
            "what": "value of the plan; reference: the best of greedy and the three hand rules, median of "
            f"{len(table)} provinces (best rule anywhere {table[list(RULES)].to_numpy().max():.4f}); gap at most "
            f"{table['gap'].max():.2%}, at most {table['seconds'].max():.0f} s",
        }
        for name, table in tables.items()
    }


def compared(days: float, money: float, provinces: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return, by province, what each rule reaches as a share of the plan's value, and the plan's gap and seconds."""
    communes = real_communes()
    rows = {}
    for province, part in communes.groupby("province_code"):
        if provinces and province not in provinces:
            continue
        problem = invented(part, days=days, money=money)
        best = optimise(problem, gap=GAP, seconds=SECONDS)
        last, real = last_year(problem)
        shares = compare(problem, best, part["score"], last)["share_of_best"]
        rows[province] = {
            "communes": len(part), "teams": len(problem.teams), **shares[list(RULES)].to_dict(), "real_log": real,
            "gap": best.gap, "seconds": best.seconds,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def last_year(problem: Problem) -> tuple[pd.Series, bool]:
    """Return last year's sessions by commune, and whether the log knows them."""
    sources = load_sources()
    log = sources.activities
    recent = pd.to_datetime(log["date"]) > sources.as_of - pd.DateOffset(years=1)
    sessions = log[recent & log["type"].isin(TYPES)].groupby("commune_code")["events"].sum()
    sessions = sessions.reindex(problem.communes.index).fillna(0.0)
    if sessions.gt(0).any():
        return sessions, True
    people = problem.communes["population"]
    drawn = np.random.default_rng(0).multinomial(2 * len(people), people / people.sum())
    return pd.Series(drawn.astype(float), people.index), False


def write(tables: dict[str, pd.DataFrame]) -> None:
    """Put the tables between their marks in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for mark, written in (("rules", by_province(tables[SHOWN])), ("settings", by_setting(tables))):
        text = re.sub(
            rf"(<!-- {mark} -->\n).*?(<!-- end {mark} -->)", lambda match, w=written: match[1] + w + match[2], text,
            flags=re.DOTALL,
        )  # fmt: skip
    with replace_file(DOCUMENT) as temporary:
        temporary.write_text(text, encoding="utf-8")


def by_province(table: pd.DataFrame) -> str:
    names = units.provinces()["short_name"]
    lines = [
        "| province | communes | teams | gap of the plan | greedy | highest risk | equal split | last year |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for code, row in table.iterrows():
        mark = "" if row["real_log"] else " *"
        lines.append(
            f"| {names[code]} ({code}) | {row['communes']} | {row['teams']} | {100 * row['gap']:.2f} % | "
            + " | ".join(f"{row[rule]:.3f}" for rule in RULES)
            + f"{mark} |"
        )
    return "\n".join(lines) + "\n"


def by_setting(tables: dict[str, pd.DataFrame]) -> str:
    lines = [
        "| days a week, million VND a team | greedy | highest risk | equal split | last year | largest gap |",
        "|---|---|---|---|---|---|",
    ]
    for name, table in tables.items():
        days, money = SETTINGS[name]
        spread = [f"{table[rule].median():.3f} ({table[rule].min():.3f} – {table[rule].max():.3f})" for rule in RULES]
        lines.append(f"| {days:g}, {money:g} | {' | '.join(spread)} | {table['gap'].max():.2%} |")
    return "\n".join(lines).replace("%", " %") + "\n"
