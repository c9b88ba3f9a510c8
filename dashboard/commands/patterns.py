"""``riskmap patterns`` and ``riskmap terrain``: patterns of the scores, and what incidents say of the index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from dashboard.commands.assess import parse_settings
from dashboard.commands.progress import Bar
from geo import units
from geo.base import paths
from geo.base.errors import InputError

Province = Annotated[str | None, typer.Option(help="Mã hoặc tên tỉnh. Province, code or name.")]
Nation = Annotated[bool, typer.Option("--nation", help="Cả nước. All provinces.")]
FrameworkFile = Annotated[
    Path | None, typer.Option(help="Khung chỉ báo, ví dụ data/indicators/frameworks/*.csv. Framework file.")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="NODE=WEIGHT, lặp lại được. Repeatable.")]
Restricted = Annotated[bool, typer.Option(help="Gồm cả chỉ báo không công bố. Include restricted.")]
Json = Annotated[bool, typer.Option("--json", help="In tóm tắt dạng JSON. Print a summary as JSON.")]

PATTERNS = """
Ví dụ / Examples:

  riskmap patterns --nation --out hinh_the

  riskmap patterns --province 22 --framework data/indicators/frameworks/china.csv --out qn --json

Tệp / Files: communes.csv (vùng điểm cao, cụm, kiểu, tuyến / high areas, clusters, types, pathways), clusters.csv,
types.csv, type_profile.csv, pathways.csv, summary.json.

Mã thoát / exit codes: 0 xong / done; 2 tùy chọn không dùng được / the input cannot be used."""

TERRAIN = """
Ví dụ / Examples:

  riskmap terrain vu_viec.xlsx --province 22

  riskmap terrain vu_viec.csv --nation --cell-km 5 --out kiem_chung --json

INCIDENTS: CSV/XLSX, mỗi dòng một vụ: ngày, vĩ độ, kinh độ hoặc ngày, xã, tỉnh / one per row: date, lat, lon or date,
commune, province. Vụ việc không được lưu và không vào điểm số; số nhỏ bị che. Incidents are not stored and never
enter a score; small counts are suppressed.

Mã thoát / exit codes: 0 xong / done; 2 tệp hoặc tùy chọn không dùng được / the input cannot be used."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("patterns", epilog=PATTERNS)(patterns_command)
    app.command("terrain", epilog=TERRAIN)(terrain_command)


def patterns_command(
    out: Annotated[Path, typer.Option(help="Thư mục cho các bảng kết quả. Folder for the tables.")],
    province: Province = None,
    nation: Nation = False,
    framework: FrameworkFile = None,
    set_: Set = None,
    seed: Annotated[int, typer.Option(help="Số gieo ngẫu nhiên. Seed of permutations and samples.")] = 0,
    restricted: Restricted = False,
    json_: Json = False,
) -> None:
    """Tìm vùng cần phối hợp, kiểu xã, tuyến cần lưu ý nhất. Find high areas, types of communes, leading pathways."""
    from dashboard.export.patterns import Patterns, pattern_summary, pattern_tables, write_tables
    from geo import boundaries
    from geo.layers.indicators import load_sources
    from models.patterns.communes import neighbours, pathway_scores, short_names, side_by_side, spots, types_of
    from models.patterns.typology import Settings

    code = _place(province, nation)
    changed = _public(restricted)
    with Bar() as bar:
        bar.show("Chấm điểm / scoring", 0, 0)
        assessment = _assessed(framework, set_, restricted)
        bar.show("Điểm nóng / hot spots", 0, 0)
        found = spots(assessment.score, neighbours(boundaries.load(None, "200m").frame.geometry), seed=seed)
        keys = {node.code: f"{{{node.code}}}" for node in assessment.framework.indicators}
        types = types_of(
            assessment, keys, Settings(seed=seed), lambda done, wanted: bar.show("Kiểu xã / types", done, wanted)
        )
        bar.show("Con đường / pathways", 0, 0)
        general = assessment if framework is None and not set_ else _assessed(None, None, restricted)
        beside = side_by_side(pathway_scores(load_sources(), changed=changed), general)
        words = {language: short_names(assessment.framework, language) for language in ("vi", "en")}
        names = {
            language: {int(kind): name.format(**known) for kind, name in types.table["name"].items()}
            for language, known in words.items()
        }
        made = Patterns(found, types, names, beside, assessment.framework.digest)
        codes = units.communes().index if code is None else units.communes_of(code).index
        summary = pattern_summary(made, codes)
        write_tables(pattern_tables(made, codes), out)
        _write_summary(summary, out)
    if json_:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    typer.echo(
        f"{out}: Moran I {summary['moran_i']}; {summary['hot']} xã điểm cao / high, "
        f"{summary['cold']} xã điểm thấp / low, {summary['clusters']} vùng / areas"
    )
    for one in summary["types"]:
        typer.echo(f"  {one['type']}. {one['name']} / {one['name_en']}: {one['units']} ({one['stability']})")
    typer.echo("  " + ", ".join(f"{name}: {count}" for name, count in summary["leading"].items()))


def terrain_command(
    incidents: Annotated[Path, typer.Argument(help="Bảng vụ việc (.csv, .xlsx). Table of incidents.")],
    province: Province = None,
    nation: Nation = False,
    out: Annotated[
        Path | None, typer.Option(help="Thư mục cho các bảng đã che số nhỏ. Folder for the tables.")
    ] = None,
    cell_km: Annotated[float, typer.Option(help="Cạnh ô lưới, km. Side of a cell.")] = 2.0,
    k: Annotated[int, typer.Option(help="Che số đếm dưới mức này, ít nhất 10. Hide counts below; 10 or more.")] = 10,
    framework: FrameworkFile = None,
    set_: Set = None,
    seed: Annotated[int, typer.Option(help="Số gieo ngẫu nhiên. Seed.")] = 0,
    json_: Json = False,
) -> None:
    """Đối chiếu chỉ số với vụ việc đã ghi nhận. Set the index against recorded incidents; it is never fed by them."""
    from dashboard.export.patterns import validation_summary, validation_tables, write_tables
    from geo import boundaries
    from geo.intake.incidents import read_incidents
    from models.incidents.validation import FLOOR, validate

    code = _place(province, nation)
    if k < FLOOR:
        raise InputError("incidents.floor", floor=FLOOR, given=k)
    with Bar() as bar:
        bar.show("read", 0, 0)
        given = read_incidents(incidents)
        assessment = _assessed(framework, set_, False)
        found = validate(
            given,
            boundaries.load(code, "200m").frame.geometry,
            assessment.score,
            cell_m=1000 * cell_km,
            k=k,
            seed=seed,
            progress=lambda done, wanted: bar.show("Mô hình / models", done, wanted),
        )
        summary = {"settings_hash": assessment.framework.digest, **validation_summary(found)}
        if out is not None:
            write_tables(validation_tables(found), out)
            _write_summary(summary, out)
    if json_:
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
        return
    typer.echo(VERDICTS[found.verdict])
    for title, table in validation_tables(found).items():
        typer.echo(f"\n{title}\n{_printed(table)}")


VERDICTS = {
    "better": "Chỉ số tốt hơn ngẫu nhiên và hơn khoảng cách. The index is better than chance and than distance.",
    "weaker": "Chỉ số tốt hơn ngẫu nhiên, không hơn khoảng cách. The index is better than chance, not than distance.",
    "chance": "Chỉ số không hơn ngẫu nhiên. The index is no better than chance.",
    "hidden": "Quá ít vụ để so sánh. Too few incidents to compare.",
}


def _place(province: str | None, nation: bool) -> str | None:
    if nation == (province is not None):
        raise InputError("general.province_or_nation")
    return None if province is None else units.find_province(province)


def _public(restricted: bool) -> Any:
    from dashboard.scenario.analysis import without_restricted

    return (lambda tree: tree) if restricted else without_restricted


def _assessed(framework: Path | None, set_: list[str] | None, restricted: bool) -> Any:
    from geo.layers.indicators import load_sources
    from models.briefing import indicator_table, tuned
    from models.index.assessment import assess
    from models.index.framework import read_framework

    given = parse_settings(set_ or [])
    tree = tuned(_public(restricted)(read_framework(framework or paths.FRAMEWORK)), given)
    sources = load_sources()
    return assess(indicator_table(tree, sources).values, tree, sources.communes["province_code"])


def _write_summary(summary: dict[str, Any], out: Path) -> None:
    from geo.files.write import replace_file

    with replace_file(out / "summary.json") as temporary:
        temporary.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")


def _printed(table: pd.DataFrame) -> str:
    return table.to_string(index=False, na_rep="–")
