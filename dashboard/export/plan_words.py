"""What a plan says beside its table: notes, further sheets, why it departs from the list to visit first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from dashboard.export.workplan import WorkPlan
from dashboard.locale import Texts, texts
from geo import boundaries
from models.planning.allocate import Allocation
from models.planning.compare import floor_prices, marginal_curve
from models.planning.plan import Given, agreed, beside


def reasons(table: pd.DataFrame, made: Allocation, given: Given, text: Texts) -> list[str]:
    """Return in words whether the plan visits each commune of :func:`agreed`, and why not."""
    names, hours = given.communes["name"], text.number(made.problem.limits.most_hours, 1)
    return [
        text(
            f"plan.agreement_{row['state']}",
            sessions=row["sessions"],
            hours=hours,
            about=", ".join(str(names.get(one, one)) for one in row["about"]),
            **{figure: text.number(row[figure], 1) for figure in ("gain", "instead", "better")},
        )
        for row in table.to_dict("records")
    ]


def notes(given: Given, language: str, robust: float | None) -> tuple[str, ...]:
    """Return what a reader of the plan must know, in the language."""
    text = texts(language)
    told = []
    if number := int(given.communes["population_quality"].eq("modelled").sum()):
        told.append(text("plan.note_population", number=number))
    if not given.logged:
        told.append(text("plan.note_log"))
    told.append(text("plan.note_ratio", ratio=text.number(given.ratio, 1)))
    if robust is not None:
        told.append(text("plan.note_robust", share=text.number(100 * robust)))
    return tuple(told)


def tables(made: Allocation, given: Given, language: str) -> dict[str, pd.DataFrame]:
    """Return the further sheets of the workbook: the list to visit first, comparison, more money, price of floors."""
    text = texts(language)
    first = agreed(made, given)
    shown = first.rename(columns={"name": "commune_name"})[
        ["commune_name", "class", "people_unreached", "sessions_needed", "sessions"]
    ]
    compared = beside(made, given)
    found = {
        "list": shown.assign(why=reasons(first, made, given, text)),
        "compare": compared.rename(index={rule: text(f"plan.rule_{rule}") for rule in compared.index}),
        "curve": marginal_curve(made.problem),
    }
    if made.problem.limits.floors:
        found["floors"] = floor_prices(made.problem)
    return found


def work_plan(
    made: Allocation,
    given: Given,
    start: dt.date,
    language: str,
    robust: float | None,
    *,
    further: Mapping[str, pd.DataFrame] | None = None,
    extra: tuple[str, ...] = (),
) -> WorkPlan:
    """Return the plan with all that its files say; ``extra`` are notes besides the usual ones."""
    told = (*notes(given, language, robust), *extra)
    digest = given.briefing.framework.digest
    rank = "rank_first_national" if given.national else "rank_first"
    known = given.communes[[rank, given.classes, "people_unreached", "sessions_needed", "relative_risk"]]
    known = known.rename(columns={rank: "rank_first", given.classes: "class"})
    return WorkPlan(made, start, language, dt.date.today(), digest, told, dict(further or {}), known)


def shapes(province: str | None) -> gpd.GeoSeries:
    """Return the outlines of the communes, for the map file."""
    return boundaries.load(province).frame.geometry
