"""Doubts about the communes: how long all draws take, and how much less sure provinces are when errors are shared."""

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from geo.base import paths
from geo.layers.indicators import Sources, load_sources
from models.briefing import brief
from models.index.assessment import Assessment
from models.index.framework import read_framework
from models.robustness.choices import Choices
from models.robustness.doubts import doubts
from models.robustness.draws import Draws
from models.robustness.reliability import DRAWS, HELD, reliability
from models.robustness.uncertainty import uncertainty


def spread(assessment: Assessment, choices: Choices, sources: Sources, draws: int) -> pd.Series:
    """Return the mean over provinces of the standard deviation of their mean score over draws, and of communes'."""
    source = Draws(assessment, choices, 50.0)
    (run,) = source.plan(draws, np.random.default_rng(0))
    scores = pd.DataFrame(source.scores(run), columns=assessment.units).T
    by = {"old_province": sources.old_province, "province": sources.communes["province_code"]}
    return pd.Series({name: scores.groupby(one).mean().std(axis=1).mean() for name, one in by.items()})


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    draws, spread_draws = (5, 5) if smallest else (DRAWS, 200)
    sources = load_sources()
    briefing = brief(read_framework(paths.FRAMEWORK), sources)
    choices = doubts(briefing.framework, briefing.table, sources)
    uncertainty(briefing.assessment, 5, choices=choices, in_groups=True)
    start = time.process_time()
    uncertainty(briefing.assessment, draws, choices=choices, in_groups=True, threads=1)
    ours, start = time.process_time() - start, time.process_time()
    scores = briefing.assessment.score.to_numpy()
    for _ in range(draws):
        np.argsort(scores)
    sort = time.process_time() - start
    what = (
        f"{draws} draws of everything in doubt, one thread, time of the processor; reference: as many numpy argsorts"
    )
    results = {"doubts_draws": {"ours": ours, "reference": sort, "ratio": ours / sort, "unit": "s", "what": what}}
    reliable = reliability(briefing.assessment, briefing.table, sources, draws)
    wide = (reliable["rank_high"] - reliable["rank_low"]).mean() / len(reliable)
    lasting = {name: float((reliable[name] >= HELD).mean()) for name in ("class_held", "class_province_held")}
    what = f"mean width of the rank interval, share of all communes; classes held {lasting}; robust: "
    what += (
        f"{reliable['robust'].mean():.3f}; grades {reliable['grade'].value_counts().to_dict()}; reference: the nation"
    )
    results["doubts_width"] = {"ours": wide, "reference": 1.0, "ratio": wide, "unit": "of ranks", "what": what}
    values = replace(choices, tables=(), normalise=(), aggregate={}, imputed=False, weights=False)
    shared = spread(briefing.assessment, values, sources, spread_draws)
    alone = spread(briefing.assessment, replace(values, sharing=None, figures={}), sources, spread_draws)
    for name in shared.index:
        what = f"spread of the mean score of a {name} over draws of errors; reference: errors of communes independent"
        row = {"ours": shared[name], "reference": alone[name], "ratio": shared[name] / alone[name]}
        results[f"doubts_spread_{name}"] = {**row, "unit": "points", "what": what}
    return results
