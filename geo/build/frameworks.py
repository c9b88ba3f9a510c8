"""The frameworks by pathway, cut out of the general framework so that nothing is stated twice.

The column ``pathway`` of ``framework.csv`` says what is one: a ``way`` is a part of the union of ways (across a
border, leaving, arriving), a ``variant`` a part of a way that is looked at by itself (to China, to Laos, to
Cambodia). A way without variants is a pathway; so is a way with all its variants but one taken out.

    python -m geo.build.frameworks   # after framework.csv changed
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from geo.base import paths
from geo.files.write import replace_file

WAY = "way"
VARIANT = "variant"


def pathways(framework: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the framework of each pathway, by the code of its node, in the order of the general framework.

    Parameters
    ----------
    framework
        Rows of the general framework, text: ``code, parent, pathway`` and the others.

    Examples
    --------
    >>> rows = [("risk", "", ""), ("border", "risk", "way"), ("a", "border", "variant"), ("b", "border", "variant")]
    >>> framework = pd.DataFrame(rows, columns=["code", "parent", "pathway"]).assign(weight="1", name="")
    >>> {code: table["code"].tolist() for code, table in pathways(framework).items()}
    {'a': ['border', 'a'], 'b': ['border', 'b']}
    """
    tables = {}
    for way in framework.loc[framework["pathway"] == WAY, "code"]:
        branch = _below(framework, way)
        variants = branch.loc[branch["pathway"] == VARIANT, "code"].tolist()
        for code in variants or [way]:
            others = [row for other in variants if other != code for row in _below(branch, other)["code"]]
            tables[code] = _rooted(branch[~branch["code"].isin(others)], way, code)
    order = framework["code"].tolist()
    return dict(sorted(tables.items(), key=lambda item: order.index(item[0])))


def _below(framework: pd.DataFrame, top: str) -> pd.DataFrame:
    """Return the rows of a node and of everything below it."""
    codes = {top}
    while True:
        more = codes | set(framework.loc[framework["parent"].isin(codes), "code"])
        if more == codes:
            return framework[framework["code"].isin(codes)]
        codes = more


def _rooted(branch: pd.DataFrame, way: str, code: str) -> pd.DataFrame:
    """Make the way the root and give it the name of the pathway."""
    table = branch.set_index("code", drop=False)
    words = table.columns.intersection(["name", "name_en", "short", "short_en", "evidence", "evidence_en"])
    table.loc[way, words] = table.loc[code, words]
    group = table.loc[code, "parent"]
    if code != way and group != way:
        # The node that chose among the variants has one part left: that part takes its place.
        kept = ["parent", "weight", *words]
        table.loc[code, kept] = table.loc[group, kept]
        table = table.drop(group)
    table.loc[way, ["parent", "weight"]] = ["", "1"]
    return table.reset_index(drop=True)


def build(source: Path = paths.FRAMEWORK, folder: Path = paths.PATHWAYS) -> list[Path]:
    """Write the framework of each pathway and return the files."""
    framework = pd.read_csv(source, dtype=str, keep_default_na=False)
    written = []
    for code, table in pathways(framework).items():
        target = folder / f"{code}.csv"
        with replace_file(target) as temporary:
            table.to_csv(temporary, index=False, lineterminator="\n")
        written.append(target)
    return written


if __name__ == "__main__":
    for file in build():
        print(file)
