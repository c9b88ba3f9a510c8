"""``riskmap site``: where teams, clubs or shelters should be based."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.commands.progress import working
from dashboard.export import plan_words
from dashboard.locale import texts
from geo import units
from geo.base.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from models.planning.siting import Sites

ENDINGS = (".csv", ".geojson")
EXAMPLES = """
Ví dụ / Examples:

  riskmap site --province 22 --model p_median --count 6 --out noi_dat_doi.csv

  riskmap site --province "Nghệ An" --model covering --count 8 --hours 1 --weight burden --out doi.geojson

  riskmap site --province 19 --model set_covering --hours 0.75 --json

Mô hình / models:
p_median: tổng quãng đường ngắn nhất / least way for all together;
covering: nhiều người nhất trong tầm / most people within reach;
capacitated: như trên, mỗi điểm có hạn / the same, each site limited;
set_covering: ít điểm nhất để mọi xã trong tầm / fewest sites with every commune within reach;
p_center: quãng đường xa nhất là ngắn nhất / least longest way.

Giờ đi đường theo mô hình tốc độ, giả định / hours follow the speed model, assumptions.

Mã thoát / exit codes: 0 xong / done; 2 dữ liệu vào không dùng được (không ghi gì) / the input cannot be used (nothing
is written).
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("site", epilog=EXAMPLES)(site_command)


def site_command(
    province: Annotated[str, typer.Option(help="Mã hoặc tên tỉnh. Province, code or name.")],
    model: Annotated[str, typer.Option(help="Mô hình. Model, see below.")] = "p_median",
    count: Annotated[int, typer.Option(min=1, help="Số điểm. How many sites.")] = 5,
    hours: Annotated[float, typer.Option(min=0.05, help="Trong tầm mấy giờ đi. Radius, hours one way.")] = 1.0,
    weight: Annotated[
        str,
        typer.Option(
            help="people: dân số; burden: người cần tuyên truyền, tính theo nguy cơ. What counts: people, or people "
            "not yet reached, counted by risk."
        ),
    ] = "people",
    capacity: Annotated[
        float | None, typer.Option(help="Mỗi điểm phục vụ được bao nhiêu. What one site can serve (capacitated).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Tệp kết quả: .csv, .geojson. Result file.")] = None,
    seconds: Annotated[float, typer.Option(help="Giới hạn thời gian giải. Time limit of the solver.")] = 60.0,
    json_: Annotated[bool, typer.Option("--json", help="In tóm tắt dạng JSON. Print a summary as JSON.")] = False,
) -> None:
    """Chọn nơi đặt đội, câu lạc bộ, nhà tạm lánh. Choose where teams, clubs or shelters should be based."""
    from dashboard.export.geodata import check_ending

    if out is not None:
        check_ending(out, ENDINGS)
    code = units.find_province(province)
    with working("Đang tìm nơi đặt / Siting"):
        from geo.base import paths
        from geo.layers.indicators import load_sources
        from models.briefing import brief
        from models.index.framework import read_framework
        from models.planning import plan as planning
        from models.planning.siting import site

        sources = load_sources()
        communes = planning.placed(brief(read_framework(paths.FRAMEWORK), sources), sources, code)
        found = site(
            communes, model=model, count=count, hours=hours, weight=weight, capacity=capacity, seconds=seconds
        )  # fmt: skip
        if out is not None:
            _write(found, out, code)
    _tell(found, communes, out, as_json=json_)


def _write(found: Sites, out: Path, province: str) -> None:
    from dashboard.export.geodata import guarded
    from geo.files.write import replace_file

    table = found.communes.assign(
        is_base=found.communes.index.isin(found.bases), model=found.model, radius_hours=found.hours,
        weight=found.weight,
    ).reset_index()  # fmt: skip
    try:
        with replace_file(out) as temporary:
            if out.suffix.lower() == ".csv":
                text = guarded(table).to_csv(index=False, lineterminator="\n", float_format="%.6g")
                temporary.write_text(text, encoding="utf-8-sig")
            else:
                _geojson(table, temporary, province)
    except OSError as error:
        raise InputError("export.not_written", path=out, reason=error.strerror or error) from error


def _geojson(table: pd.DataFrame, path: Path, province: str) -> None:
    import geopandas as gpd

    from dashboard.export.geodata import COORDINATE_DIGITS

    shapes = plan_words.shapes(province).reindex(table["commune_code"])
    frame = gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=4326)
    frame.to_file(
        path, driver="GeoJSON", engine="pyogrio", layer="sites", COORDINATE_PRECISION=COORDINATE_DIGITS, RFC7946="YES"
    )


def _tell(found: Sites, communes: pd.DataFrame, out: Path | None, *, as_json: bool) -> None:
    names = communes["name"]
    if as_json:
        figures = {
            "model": found.model,
            "bases": list(found.bases),
            "names": [names[code] for code in found.bases],
            "share_served": round(found.share_served, 6),
            "mean_hours": round(found.mean_hours, 4),
            "objective": round(found.siting.objective, 4),
            "bound": round(found.siting.bound, 4),
            "gap": round(found.siting.gap, 6),
            "unknown_people": list(found.unknown),
            "out": None if out is None else str(out),
        }
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    for code in found.bases:
        served = found.communes["base"] == code
        typer.echo(f"{code} {names[code]}: {int(served.sum())} xã / communes")
    vi, en = (
        (text.percent(found.share_served, 1), text.number(found.mean_hours, 2), text.percent(found.siting.gap, 2))
        for text in (texts("vi"), texts("en"))
    )
    typer.echo(
        f"{len(found.bases)} điểm phục vụ {vi[0]}, trung bình {vi[1]} giờ; kém lời giải tốt nhất không quá {vi[2]} / "
        f"{len(found.bases)} sites serve {en[0]}, {en[1]} hours on average; within {en[2]} of the best"
    )
