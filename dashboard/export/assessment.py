"""The table that exports hold: one row per commune, every figure with its quality, the settings and the day."""

from __future__ import annotations

import datetime

import geopandas as gpd
import pandas as pd

from geo import units
from geo.boundaries import Boundaries
from models.briefing import Briefing
from models.index.pathways import ways

LEADING = (
    "rank_first", "rank_first_national", "rank_burden",
    "score", "rank_national", "rank_province", "class", "class_province", "leading", "indicators_missing",
    "score_quality", "population", "population_quality",
    "people_reached", "coverage", "coverage_quality", "coverage_known", "people_unreached", "sessions_needed",
    "remaining", "relative_risk", "burden",
)  # fmt: skip


def public_indicators(briefing: Briefing) -> list[str]:
    """Return the indicators that may be shown to everybody (column ``public`` of the framework)."""
    facts = briefing.table.facts
    return [code for code in briefing.table.values.columns if facts.get("public", {}).get(code, "yes") != "no"]


def parts_of(briefing: Briefing) -> list[str]:
    """Return the nodes whose scores are exported: the dimensions, and the ways into the risk where it has any."""
    nodes = (*briefing.framework.dimensions, *ways(briefing.framework))
    return list(dict.fromkeys(node.code for node in nodes if node.code != briefing.framework.root.code))


def export_frame(
    briefing: Briefing,
    boundaries: Boundaries,
    province: str | None = None,
    *,
    restricted: bool = False,
    today: datetime.date | None = None,
    doubts: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return what an export holds, in the order of the list to visit first of the area.

    Parameters
    ----------
    briefing
        Scores and indicators.
    boundaries
        The geometry the maps use.
    province
        Code of the province; the nation for ``None``.
    restricted
        Whether indicators that are in no public view are included.
    today
        The day written into the export; today if none is given.
    doubts
        Rank intervals and grades as :func:`models.robustness.reliability.reliability` returns them; their columns,
        with the number of draws and the seed, are only there if they are given.
    """
    order = "rank_first_national" if province is None else "rank_first"
    communes = briefing.of(province).sort_values(order, na_position="last", kind="stable")
    codes = communes.index
    shown = list(briefing.table.values.columns) if restricted else public_indicators(briefing)
    parts = [
        pd.DataFrame(
            {
                "commune_code": codes,
                "commune_name": communes["name"].to_numpy(),
                "province_code": communes["province_code"].to_numpy(),
                "province_name": communes["province_code"].map(units.provinces()["name"]).to_numpy(),
            },
            index=codes,
        ),
        communes[list(LEADING)],
        communes[parts_of(briefing)],
        briefing.table.values.loc[codes, shown],
        briefing.table.quality.loc[codes, shown].astype(object).add_suffix("_quality"),
    ]
    if doubts is not None:
        made = {f"rank_{name}": doubts.attrs.get(name) for name in ("draws", "seed")}
        parts.insert(2, doubts.loc[codes].assign(**made))
    frame = pd.concat(parts, axis=1)
    frame["settings_hash"] = briefing.framework.digest
    frame["risk_ratio"], frame["outreach_most"] = briefing.assumptions.ratio, briefing.assumptions.most
    frame["activities_until"] = briefing.as_of.date().isoformat()
    frame["assessed_on"] = (today or datetime.date.today()).isoformat()
    shapes = boundaries.frame.reindex(codes)
    frame["geometry_kind"] = shapes["geometry_kind"].to_numpy() if "geometry_kind" in shapes else boundaries.kind
    return gpd.GeoDataFrame(
        frame.reset_index(drop=True), geometry=shapes.geometry.to_numpy(), crs=boundaries.frame.crs
    )


def file_name(briefing: Briefing, province: str | None, ending: str, today: datetime.date | None = None) -> str:
    """Return the name of a download: what, where, the day, the settings."""
    place = "vietnam" if province is None else province
    return f"riskmap_{place}_{(today or datetime.date.today()).isoformat()}_{briefing.framework.digest}{ending}"
