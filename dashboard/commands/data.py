"""``riskmap data``: make, check and replace what the product works with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.commands.progress import Bar, working
from geo.base.errors import InputError

if TYPE_CHECKING:
    from geo.base.findings import Finding
    from geo.release.pull import Download

data = typer.Typer(
    no_args_is_help=True,
    help="Dữ liệu: tạo, kiểm tra, thay bằng số liệu của bạn. Data: make, check, replace with your own.",
)
Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON. Print the result as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi. Check only, write nothing.")]
Reset = Annotated[bool, typer.Option("--reset", help="Bỏ bản đã nhập. Forget what was imported.")]
CODES = "Mã thoát / exit codes: 0 xong / done; 2 tệp hoặc tùy chọn không dùng được / the input cannot be used."
COLOURS = {"error": typer.colors.RED, "warning": typer.colors.YELLOW}

BUILD = {
    "units": "geo.build.units",
    "geometry": "geo.build.geometry",
    "population": "geo.build.population",
    "outreach": "geo.build.outreach",
    "packages": "geo.build.packages",
}
"""What ``data build`` makes, in the order in which one needs the other."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(data, name="data")


@data.command(
    epilog="Ví dụ / example: riskmap data build --only population --only packages\n\n"
    "Cần / needs: pip install 'riskmap[build]', npm. " + CODES
)
def build(
    only: Annotated[
        list[str] | None, typer.Option(help=f"Chỉ phần này, lặp lại được. Only this part: {', '.join(BUILD)}.")
    ] = None,
) -> None:
    """Tạo lại data/ từ các nguồn công khai. Make data/ again from public sources."""
    import importlib

    wanted = only or list(BUILD)
    if unknown := [name for name in wanted if name not in BUILD]:
        raise InputError("data.part_unknown", unknown, known=", ".join(BUILD))
    for number, name in enumerate([part for part in BUILD if part in wanted], 1):
        with working(f"{number}/{len(wanted)} {name}"):
            try:
                made = importlib.import_module(BUILD[name]).build()
            except ImportError as error:
                raise InputError("data.build_needs", part=name, package=error.name or error) from error
        shown = ", ".join(map(str, made.items() if isinstance(made, dict) else made))
        typer.echo(f"{name}: {shown}")


@data.command(
    epilog="Ví dụ / examples: riskmap data check; riskmap data check --json > check.json\n\n"
    "Mã thoát / exit codes: 0 không có lỗi / no error; 1 có lỗi / an error was found."
)
def check(as_json: Json = False) -> None:
    """Kiểm tra dữ liệu đang dùng. Check the data in use."""
    from dashboard.services.checks import CHECKS
    from geo.release.check import figures, run

    with Bar() as bar:
        done = iter(range(len(CHECKS)))
        found = run(CHECKS, lambda name: bar.show(name, next(done), len(CHECKS)))
    measured = figures()
    if as_json:
        typer.echo(_json({"findings": [one.to_dict() for one in found], "figures": measured}))
    else:
        _print(found)
        _print_figures(measured)
    raise typer.Exit(1 if any(one.severity == "error" for one in found) else 0)


@data.command(
    epilog="Ví dụ / examples:\n\nriskmap data boundaries xa_2025.zip\n\n"
    "riskmap data boundaries ranh_gioi.zip --crs EPSG:9210 --dry-run\n\nriskmap data boundaries --reset\n\n" + CODES
)
def boundaries(
    path: Annotated[
        Path | None,
        typer.Argument(help="zip (GeoJSON từng xã, Shapefile), .gpkg, .geojson, .parquet. File with the outlines."),
    ] = None,
    crs: Annotated[
        str | None, typer.Option(help="Hệ tọa độ nếu tệp ghi thiếu hoặc sai: EPSG:… Coordinate system to use.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Tên lớp nếu tệp có nhiều lớp. Which layer.")] = None,
    source: Annotated[str | None, typer.Option(help="Nguồn ranh giới. Where the outlines come from.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Ngày của ranh giới, 2025-07-01. Day of the outlines.")] = None,
    skip_unknown: Annotated[
        bool,
        typer.Option("--skip-unknown", help="Bỏ qua dòng không khớp xã nào. Leave out rows of no known commune."),
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
    reset: Reset = False,
) -> None:
    """Thay ranh giới sơ đồ bằng ranh giới chính thức. Use official outlines instead of the schematic ones."""
    from geo import boundaries as outlines

    if reset and path is None:
        return _told_reset(outlines.reset(), as_json)
    _import_outlines(
        _given(path, "boundaries"), as_json, crs=crs, layer=layer, source=source, as_of=as_of,
        skip_unknown=skip_unknown, dry_run=dry_run,
    )  # fmt: skip
    return None


@data.command(
    epilog="Ví dụ / examples:\n\nriskmap data pull\n\nriskmap data pull --list\n\n"
    "riskmap data pull rieng --url https://example.org/xa.zip --download-only\n\n" + CODES
)
def pull(
    source: Annotated[str, typer.Argument(help="Tên nguồn (xem --list). Name of the source.")] = "communes_2025",
    url: Annotated[str | None, typer.Option(help="Địa chỉ khác. Another address.")] = None,
    sha256: Annotated[str | None, typer.Option(help="Mã kiểm tra cần khớp. Checksum to expect.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Tải lại dù đã có. Download again.")] = False,
    download_only: Annotated[
        bool, typer.Option("--download-only", help="Chỉ tải, không nhập. Do not import what was downloaded.")
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="Liệt kê các nguồn. List the known sources.")] = False,
    as_json: Json = False,
) -> None:
    """Tải ranh giới từ nguồn đã biết rồi nhập. Download outlines from a known source and import them."""
    from geo.release import pull as downloads

    if list_:
        return _list_sources(as_json)
    wanted = downloads.find(source, url=url, sha256=sha256)
    if not as_json:
        typer.echo(f"{wanted.title_vi or wanted.name}\n{wanted.url}")
        typer.echo(f"Giấy phép / licence: {wanted.licence or '?'} {wanted.licence_url}")
    with Bar(bytes_=True) as bar:
        got = downloads.pull(wanted, refresh=refresh, progress=lambda here, total: bar.show(wanted.name, here, total))
    if not as_json:
        _print_download(got)
    if download_only:
        if as_json:
            typer.echo(_json({"download": got.to_dict()}))
        return None
    about = f"{wanted.publisher} ({wanted.licence})" if wanted.publisher else wanted.url
    extra = {"download": got.to_dict()}
    _import_outlines(got.path, as_json, extra, source=about, as_of=wanted.as_of or None)
    return None


@data.command(
    epilog="Ví dụ / examples:\n\nriskmap data population dan_so.xlsx --source 'Cục Thống kê' --as-of 2025\n\n"
    "riskmap data population --reset\n\n" + CODES
)
def population(
    path: Annotated[Path | None, typer.Argument(help="CSV/XLSX: ma_xa, dan_so. Table of codes and people.")] = None,
    source: Annotated[str | None, typer.Option(help="Nguồn số liệu. Who says so.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Thời điểm của số liệu. For what time.")] = None,
    quality: Annotated[str, typer.Option(help="reported | observed")] = "reported",
    dry_run: DryRun = False,
    as_json: Json = False,
    reset: Reset = False,
) -> None:
    """Thay số dân có sẵn bằng số liệu của bạn. Use your own population figures instead of the shipped ones."""
    from geo.layers import population as people

    if reset and path is None:
        return _told_reset(people.forget_population(), as_json)
    with working("population"):
        done = people.import_population(
            _given(path, "population"), source=source, as_of=as_of, quality=quality, dry_run=dry_run
        )
    old = " (mã cũ đã quy đổi / old codes converted)" if done.old_codes else ""
    text = f"{done.communes} xã / communes, {done.people:,} người / people{old}; "
    return _told(done, text + f"{done.left_shipped} xã giữ số có sẵn / communes keep the shipped figure", as_json)


def _given(path: Path | None, command: str) -> Path:
    if path is None:
        raise InputError("data.path_missing", command=command)
    return path


def _import_outlines(path: Path, as_json: bool, extra: dict[str, Any] | None = None, **options: Any) -> None:
    from geo.boundaries import import_boundaries

    with Bar() as bar:
        report = import_boundaries(path, stage=bar.show, **options)
    if as_json:
        typer.echo(_json((extra or {}) | report.to_dict()))
        return
    _print(report.findings)
    provinces = ", ".join(f"{code}: {have}/{total}" for code, (have, total) in report.provinces.items())
    typer.echo(
        f"{report.communes} xã / communes ({report.crs}); {report.vertices:,} đỉnh / vertices; "
        "thay đổi diện tích lớn nhất / largest change of area "
        f"{report.largest_change:.3f} % ({report.largest_change_code})\n"
        f"Đang dùng ranh giới chính thức / official outlines now: {report.in_force}/3321 ({provinces})"
    )
    if not report.written:
        typer.echo("Chưa ghi gì (--dry-run). Nothing was written (--dry-run).")


def _list_sources(as_json: bool) -> None:
    from geo.release import pull as downloads

    known = downloads.sources().values()
    if as_json:
        typer.echo(_json([vars(one) for one in known]))
        return
    for one in known:
        typer.echo(
            f"{one.name}: {one.title_vi}\n  {one.title_en}\n  {one.publisher} · {one.licence} · {one.licence_url}"
        )
        typer.echo(
            f"  {one.url}\n  {one.bytes / 2**20:.0f} MB · SHA-256 {one.sha256 or '–'} ({one.checksum_from})\n"
            f"  {one.note}"
        )


def _print_download(got: Download) -> None:
    known = "đúng mã đã biết / as known" if got.checksum_known else "lần đầu, đã ghi lại / first seen, recorded"
    typer.echo(f"{got.path} · {got.bytes / 2**20:,.1f} MB · SHA-256 {got.sha256} ({known})")


def _print(found: Iterable[Finding]) -> None:
    """Show findings, Vietnamese first; errors and warnings in colour."""
    for one in found:
        for language in ("vi", "en"):
            text = f"{one.message(language)} {one.remedy(language)}".strip()
            mark = {"error": "✗", "warning": "!", "info": "·"}[one.severity] if language == "vi" else " "
            typer.secho(f"{mark} {text}", fg=COLOURS.get(one.severity), dim=language == "en")


def _print_figures(measured: dict[str, dict[str, Any]]) -> None:
    for name, values in measured.items():
        plain = ", ".join(f"{key} {value}" for key, value in values.items() if isinstance(value, (int, float, str)))
        typer.echo(f"{name}: {plain}")


def _told(done: Any, text: str, as_json: bool) -> None:
    if as_json:
        typer.echo(_json(vars(done)))
        return
    typer.echo(text)
    typer.echo(str(done.path) if done.path else "Chưa ghi gì (--dry-run). Nothing was written (--dry-run).")


def _told_reset(there: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(_json({"reset": there}))
    elif there:
        typer.echo("Đã bỏ bản nhập; dùng lại dữ liệu có sẵn. What was imported is gone; the shipped data are back.")
    else:
        typer.echo("Chưa có bản nhập nào. Nothing had been imported.")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str, allow_nan=False)
