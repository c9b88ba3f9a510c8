"""``riskmap assess``: score the communes of a province or the nation and write them to a file."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from geo import units
from geo.base import paths
from geo.base.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd

EXAMPLES = """
Ví dụ / Examples:

  riskmap assess --province 22 --out quang_ninh.csv

  riskmap assess --province "Tây Ninh" --set border=6 --set access=0 --out tay_ninh.gpkg

  riskmap assess --province 22 --set china_crossing.half_distance_km=5 --out gan_cua_khau.csv

  riskmap assess --nation --draws 2000 --out nation.parquet

Dòng xếp theo danh sách cần đến trước: mức nguy cơ cao nhất trong tỉnh (hoặc cả nước), rồi số người chưa tiếp cận.
Cột burden: số người chưa tiếp cận, tính theo nguy cơ. / Rows come in the order of the list to visit first: the
highest class of risk in the province (or nation), then people not reached. burden: people not reached, by risk.
"""


FIRST = 10
"""Communes of the list to visit first that the summary names."""
Ratio = Annotated[
    float | None,
    typer.Option(
        help="Nguy cơ của nhóm 20 % xã cao nhất gấp mấy lần nhóm 20 % thấp nhất, 3–9 (giả định, 5). Risk of the top "
        "fifth of communes to the bottom fifth."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess", epilog=EXAMPLES)(assess_command)


def parse_settings(settings: list[str]) -> dict[str, float]:
    """Read ``NODE=WEIGHT`` and ``NODE.PARAMETER=VALUE`` settings.

    Examples
    --------
    >>> parse_settings(["border=6", "poverty=0.5"])
    {'border': 6.0, 'poverty': 0.5}
    """
    values = {}
    for setting in settings:
        node, _, value = setting.partition("=")
        try:
            values[node.strip()] = float(value)
        except ValueError as error:
            raise InputError("spec.setting", given=setting) from error
    return values


def assess_command(
    out: Annotated[Path, typer.Option(help="Tệp kết quả: .csv, .geojson, .gpkg, .parquet. Result file.")],
    province: Annotated[str | None, typer.Option(help="Mã hoặc tên tỉnh. Province, code or name.")] = None,
    nation: Annotated[bool, typer.Option("--nation", help="Cả nước. All provinces.")] = False,
    framework: Annotated[Path | None, typer.Option(help="Khung chỉ báo (CSV/XLSX). Framework file.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="NODE=WEIGHT hoặc NODE.PARAMETER=VALUE, lặp lại được. Repeatable."),
    ] = None,
    ratio: Ratio = None,
    most: Annotated[
        float | None,
        typer.Option(
            help="Phần nguy cơ giảm được khi tuyên truyền đến mọi người, 0.1–0.5 (giả định, 0.3). The part of the "
            "risk that outreach takes away at full coverage."
        ),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            min=0,
            help="Số lần tính lại để biết hạng chắc đến đâu; 0 thì bỏ qua. "
            "Draws behind rank intervals and grades of reliability; 0 leaves them out.",
        ),
    ] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Cùng số này thì cùng kết quả. Seed of the draws.")] = 0,
    restricted: Annotated[bool, typer.Option(help="Gồm cả chỉ báo không công bố. Include restricted.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="In tóm tắt dạng JSON. Print a summary as JSON.")] = False,
) -> None:
    """Chấm điểm nguy cơ từng xã và ghi ra tệp. Score every commune and write a file."""
    from dashboard.export.geodata import check_ending, write_frame

    if nation == (province is not None):
        raise InputError("general.province_or_nation")
    code = None if province is None else units.find_province(province)
    check_ending(out)
    settings = parse_settings(set_ or [])
    with working("Đang tính / Computing"):
        frame, digest = _assessed(
            framework, settings, code, ratio=ratio, most=most, draws=draws, seed=seed, restricted=restricted
        )
        write_frame(frame, out)
    _report(frame, out, digest, draws, seed, as_json=json_)


def _assessed(
    framework: Path | None,
    settings: dict[str, float],
    code: str | None,
    *,
    ratio: float | None,
    most: float | None,
    draws: int,
    seed: int,
    restricted: bool,
) -> tuple[gpd.GeoDataFrame, str]:
    """Return the rows of the file, and the digest of the settings."""
    from dashboard.cache import intervals
    from dashboard.export.assessment import export_frame
    from geo import boundaries
    from geo.layers.indicators import load_sources
    from models.briefing import brief, tuned
    from models.index.framework import read_framework
    from models.outreach.priority import Assumptions

    usual = Assumptions()
    assumed = Assumptions(usual.ratio if ratio is None else ratio, usual.most if most is None else most).checked()
    tree = tuned(read_framework(framework or paths.FRAMEWORK), settings)
    sources = load_sources()
    briefing = brief(tree, sources, assumptions=assumed)
    doubts = intervals.reliability_of(briefing, sources, draws, seed) if draws else None
    frame = export_frame(briefing, boundaries.load(code, "50m"), code, restricted=restricted, doubts=doubts)
    return frame, tree.digest


def _report(frame: gpd.GeoDataFrame, out: Path, digest: str, draws: int, seed: int, *, as_json: bool) -> None:
    """Say what was written."""
    if as_json:
        summary = {
            "out": str(out),
            "communes": len(frame),
            "settings_hash": digest,
            "draws": draws,
            "seed": seed,
            "first": frame["commune_code"].head(FIRST).tolist(),
        }
        typer.echo(json.dumps(summary))
        return
    sure = f"; {draws} lần rút / draws, seed {seed}" if draws else ""
    typer.echo(f"{out}: {len(frame)} xã / communes, settings {digest}{sure}")
    typer.echo(f"Nơi cần đến trước / first: {', '.join(frame['commune_name'].head(FIRST))}")


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show a moving sign on the terminal while something takes its time."""
    console = Console(stderr=True)
    with console.status(what) if console.is_terminal else contextlib.nullcontext():
        yield
