"""``riskmap index``: the scoring engine on any table of units and any framework."""

from __future__ import annotations

import difflib
import inspect
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from dashboard.commands.progress import Bar
from geo.base.errors import InputError
from geo.files.tables import index_by, numbers, read_table, require_columns
from geo.files.write import keep_inputs, replace_file
from models.index.assessment import Assessment, assess
from models.index.framework import FAMILIES, Framework, read_framework
from models.index.methods import parameters

WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".csv": lambda frame, path: frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n"),
    ".xlsx": lambda frame, path: frame.to_excel(path, index=False),
}
EPILOG = """Example: riskmap index countries.csv framework.csv --unit iso3 --out scores.csv --impute mean

FRAMEWORK: code, name, parent, direction, weight and, per row, impute, treat, normalise, aggregate, denominator.
The root has an empty parent; nodes without parts are columns of TABLE.

Methods and their parameters: riskmap methods. Exit codes: 0 done, 2 the input cannot be used (nothing is written)."""


def _names(kind: str) -> str:
    return ", ".join(FAMILIES[kind])


def index(
    table: Annotated[Path, typer.Argument(help="Bảng số liệu: .csv hoặc .xlsx. Data: one row per unit.")],
    framework: Annotated[Path, typer.Argument(help="Khung chỉ báo. The indicator tree: one row per node.")],
    unit: Annotated[str, typer.Option(help="Cột mã đơn vị. Column that names the units.")],
    out: Annotated[Path, typer.Option(help="Tệp kết quả. Result: .csv or .xlsx.")],
    impute: Annotated[str, typer.Option(help=f"Điền giá trị thiếu: {_names('impute')}.")] = "none",
    treat: Annotated[str, typer.Option(help=f"Giá trị ngoại lai: {_names('treat')}.")] = "none",
    normalise: Annotated[str, typer.Option(help=f"Chuẩn hóa: {_names('normalise')}.")] = "minmax",
    aggregate: Annotated[str, typer.Option(help=f"Tổng hợp: {_names('aggregate')}.")] = "arithmetic",
    weights: Annotated[str, typer.Option(help=f"Trọng số: {_names('weight')}.")] = "given",
    group: Annotated[str, typer.Option(help="Cột nhóm (tỉnh). Column with the group of each unit.")] = "",
    missing: Annotated[
        list[str] | None, typer.Option(help="Ký hiệu thiếu số liệu. A mark for missing values.")
    ] = None,
    decimal: Annotated[str, typer.Option(help="Dấu thập phân: . hoặc , – The decimal mark of the table.")] = ".",
    availability: Annotated[float, typer.Option(help="Share of weight that must be present at a node.")] = 0.5,
    screen: Annotated[float, typer.Option(help="Share of indicators a unit needs to take part.")] = 0.0,
    parents: Annotated[Path | None, typer.Option(help="Values of the groups, for impute=parent.")] = None,
    comparisons: Annotated[Path | None, typer.Option(help="Pairs first, second, value, for weights=ahp.")] = None,
    encoding: Annotated[str, typer.Option(help="Bảng mã của CSV. Encoding of a CSV table.")] = "",
    sheet: Annotated[str, typer.Option(help="Trang tính. Sheet of an .xlsx table.")] = "",
    details: Annotated[
        Path | None, typer.Option(help="Thư mục cho các bảng giải trình. Folder for the tables behind the index.")
    ] = None,
    draws: Annotated[int, typer.Option(min=0, help="Monte Carlo draws of weights, for --details.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Số khởi tạo. Seed of the draws.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="In tóm tắt JSON. Print a summary as JSON.")] = False,
) -> None:
    """Tính chỉ số tổng hợp từ một bảng bất kỳ. Compute a composite index from any table of units."""
    _check_target(out, table, framework, parents, comparisons)
    tree = read_framework(
        framework,
        impute=impute,
        treat=treat,
        normalise=normalise,
        aggregate=aggregate,
        weight=weights,
        availability=availability,
        screen=screen,
    )
    cells = read_table(table, unit, encoding=encoding or None, sheet=sheet or None)
    if decimal not in (".", ","):
        raise InputError("index.decimal", mark=decimal)
    marks = missing or []
    values = _measured(cells, tree, marks, decimal, table)
    if group:
        require_columns(cells, [group], path=table)
    result = assess(
        values,
        tree,
        cells[group] if group else None,
        facts=cells,
        parents=None if parents is None else _parents(parents, tree, marks, decimal),
        comparisons=None if comparisons is None else _comparisons(comparisons),
    )
    _require_scores(result)
    if details is not None:
        _write_details(result, details, draws, seed)
    write(result, out, unit)
    _report(result, out, as_json)


def _parents(path: Path, tree: Framework, marks: Sequence[str], decimal: str) -> pd.DataFrame:
    """Return the values of the groups, indexed by the first column of their table."""
    table = read_table(path)
    codes = [node.code for node in tree.indicators if node.code in table.columns]
    groups = index_by(table, str(table.columns[0]), path=path)
    return numbers(groups, codes, missing=marks, decimal=decimal, path=path)


def _comparisons(path: Path) -> pd.DataFrame:
    """Return pairs of parts with how much more the first counts than the second."""
    pairs = read_table(path)
    value = numbers(pairs, ["value"], path=path)
    require_columns(pairs, ["first", "second"], path=path)
    return pairs.assign(value=value["value"])


def _write_details(result: Assessment, folder: Path, draws: int, seed: int) -> None:
    from dashboard.export.index_details import write_details

    with Bar() as bar:
        write_details(
            result,
            folder,
            draws=draws,
            seed=seed,
            progress=lambda done, all_: bar.show("Monte Carlo", done, all_),
        )


def _check_target(out: Path, *inputs: Path | None) -> None:
    """Refuse a result of an unknown kind, or in the place of an input."""
    if out.suffix.lower() not in WRITERS:
        raise InputError("index.ending", path=out, endings=", ".join(WRITERS))
    keep_inputs(out, *inputs)


def _require_scores(result: Assessment) -> None:
    """Refuse a result without a single score, after saying what was noticed."""
    if result.score.isna().all():
        _say(result)
        raise InputError("assessment.nothing_scored")


def _say(result: Assessment) -> None:
    for finding in result.findings:
        typer.secho(f"{finding.message('vi')}\n{finding.message('en')}", err=True, fg=typer.colors.YELLOW)


def write(result: Assessment, path: Path, unit: str) -> None:
    """Write the unit, a column per node and the rank; nothing half written."""
    extra = {"rank": result.rank} | ({"rank_in_group": result.rank_in_group} if result.groups is not None else {})
    codes = [str(code) for code in result.scores.columns]
    if clash := sorted({unit, *extra} & set(codes)):
        raise InputError("index.column_clash", clash)
    frame = result.scores.assign(**extra).rename_axis(unit).reset_index()
    with replace_file(path) as temporary:
        WRITERS[path.suffix.lower()](frame, temporary)


def _measured(cells: pd.DataFrame, tree: Framework, marks: Sequence[str], decimal: str, path: Path) -> pd.DataFrame:
    """Return the columns that the framework measures, and those it divides by, as numbers."""
    codes = [node.code for node in tree.indicators]
    if absent := [code for code in codes if code not in cells.columns]:
        raise InputError("framework.indicator_unknown", absent, columns=", ".join(map(str, cells.columns)))
    below = [node.denominator for node in tree.indicators if node.denominator]
    columns = list(dict.fromkeys([*codes, *below]))
    return numbers(cells, columns, missing=marks, decimal=decimal, path=path)


def _report(result: Assessment, out: Path, as_json: bool) -> None:
    scored = int(result.score.notna().sum())
    if as_json:
        summary = {
            "out": str(out),
            "units": len(result.units),
            "scored": scored,
            "settings": result.framework.digest,
            "findings": [
                {"check": one.code, "rows": one.rows, "message": one.message("en"), "message_vi": one.message("vi")}
                for one in result.findings
            ],
        }
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    _say(result)
    typer.echo(f"{out}: {scored}/{len(result.units)} · {result.framework.digest}")


def methods(
    family: Annotated[str, typer.Argument(help="impute, treat, normalise, weight, aggregate.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="In JSON. Print JSON.")] = False,
) -> None:
    """Liệt kê các phương pháp và tham số. List methods with their parameters: name:key=value,key=value."""
    if family and family not in FAMILIES:
        near = difflib.get_close_matches(family, FAMILIES, n=1, cutoff=0.0)[0]
        raise InputError("index.family", family=family, near=near, families=", ".join(FAMILIES))
    table = [
        {"family": kind, "method": name, "parameters": _parameters(function), "what": _first_line(function)}
        for kind in ([family] if family else FAMILIES)
        for name, function in FAMILIES[kind].items()
    ]
    if as_json:
        typer.echo(json.dumps(table, ensure_ascii=False, indent=1))
        return
    for row in table:
        text = row["method"] + (f":{row['parameters']}" if row["parameters"] else "")
        typer.echo(f"{row['family']:<10} {text}\n{'':<11}{row['what']}")


def _parameters(function: Callable[..., Any]) -> str:
    accepted = parameters(function).values()
    return ",".join(
        f"{one.name}={'…' if one.default in (inspect.Parameter.empty, None) else str(one.default).lower()}"
        for one in accepted
    )


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command(epilog=EPILOG)(index)
    app.command(epilog="Ví dụ / example: riskmap methods normalise")(methods)
