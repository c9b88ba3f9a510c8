"""The checks of ``geo.release.check`` and those that need the models."""

from __future__ import annotations

from collections.abc import Iterator

from geo.base import paths
from geo.base.findings import Finding
from geo.release import check


def check_framework() -> Iterator[Finding]:
    """The shipped framework is a tree that can be computed, and every indicator has a value somewhere."""
    from geo.layers.indicators import load_sources
    from models.briefing import indicator_table
    from models.index.framework import read_framework

    framework = read_framework(paths.FRAMEWORK)
    table = indicator_table(framework, load_sources())
    empty = [str(code) for code in table.values.columns if table.values[code].isna().all()]
    if empty:
        yield Finding("check.framework_empty", "error", len(empty), tuple(empty))
    yield Finding("check.framework", "info", len(framework.nodes), values={"indicators": len(table.values.columns)})


CHECKS: dict[str, check.Check] = check.CHECKS | {"framework": check_framework}
"""Every check by name."""
