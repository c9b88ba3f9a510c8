"""``riskmap data``: each command does its work, says so in two languages, and ends with the right exit code."""

import hashlib
import importlib
import json
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely

from dashboard.app.cli import main
from dashboard.services import checks
from geo import boundaries, units
from geo.base.errors import DataFault
from geo.base.findings import Finding
from geo.layers import population


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["riskmap", "data", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.fixture
def outlines(tmp_path: Path) -> Path:
    points = units.communes_of("22")
    lon, lat = points["lon"].to_numpy(), points["lat"].to_numpy()
    size = 0.001
    shapes = shapely.box(lon - size, lat - size, lon + size, lat + size)
    path = tmp_path / "xa.gpkg"
    gpd.GeoDataFrame({"ma_xa": points.index}, geometry=shapes, crs=4326).to_file(path)
    return path


def test_boundaries_in_and_out(outlines: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "boundaries", outlines, "--dry-run") == 0
    assert "--dry-run" in capsys.readouterr().out and boundaries.load("22").kind == "schematic"
    assert run(monkeypatch, "boundaries", outlines, "--json", "--source", "Sở", "--as-of", "2025-07-01") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["communes"] == 54 and report["written"] and report["source"] == "Sở"
    assert report["provinces"] == {"22": {"official": 54, "communes": 54}}
    assert {"check", "severity", "count", "message"} <= set(report["findings"][0]) if report["findings"] else True
    assert boundaries.load("22").kind == "official"
    assert run(monkeypatch, "boundaries", "--reset") == 0
    assert boundaries.load("22").kind == "schematic"


def test_what_cannot_be_used_ends_with_2_and_no_traceback(
    tmp_path: Path, outlines: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    text = tmp_path / "a.geojson"
    text.write_text("ma_xa\n1\n", encoding="utf-8")
    for arguments in (
        ["boundaries", text],
        ["boundaries", tmp_path / "absent.zip"],
        ["boundaries"],
        ["boundaries", outlines, "--crs", "VN-2000"],
        ["pull", "nowhere"],
        ["pull", "--url", "ftp://x/y.zip"],
        ["population"],
        ["build", "--only", "moon"],
    ):
        assert run(monkeypatch, *arguments) == 2, arguments
        shown = capsys.readouterr().err
        assert "Traceback" not in shown and len(shown.strip().splitlines()) >= 2, arguments
    assert boundaries.load("22").kind == "schematic"


def test_check_prints_findings_and_figures(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "check", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"findings", "figures"} and set(answer["figures"]) == {"geometry", "population"}
    for finding in answer["findings"]:
        assert {"check", "severity", "count", "message"} <= set(finding)
        assert finding["severity"] in ("info", "warning", "error")
    assert {"units", "files", "code_conflicts", "framework"} <= {one["check"] for one in answer["findings"]}


def test_check_ends_with_1_on_an_error(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def fault() -> list[Finding]:
        raise DataFault("general.file_missing", path="data/x.csv")

    monkeypatch.setattr(checks, "CHECKS", {"units": fault})
    assert run(monkeypatch, "check") == 1
    assert "data/x.csv" in capsys.readouterr().out


def test_pull_downloads_and_imports(outlines: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(outlines.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/xa.gpkg"
    digest = hashlib.sha256(outlines.read_bytes()).hexdigest()
    try:
        assert run(monkeypatch, "pull", "mine", "--url", address, "--sha256", "0" * 64) == 2
        assert boundaries.load("22").kind == "schematic"
        capsys.readouterr()
        assert run(monkeypatch, "pull", "mine", "--url", address, "--download-only", "--json") == 0
        assert json.loads(capsys.readouterr().out)["download"]["sha256"] == digest
        assert run(monkeypatch, "pull", "mine", "--url", address, "--sha256", digest) == 0
    finally:
        server.shutdown()
        server.server_close()
    shown = capsys.readouterr().out
    assert digest in shown and "54 xã" in shown
    assert boundaries.load("22").kind == "official"


def test_known_sources_are_listed_with_their_licence(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, "pull", "--list") == 0
    assert "MIT" in capsys.readouterr().out
    assert run(monkeypatch, "pull", "--list", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "communes_2025"


def test_build_makes_the_parts_in_order(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    made: list[str] = []

    def part(name: str) -> SimpleNamespace:
        if name.endswith("units"):
            raise ImportError(name="vietnamadminunits")
        return SimpleNamespace(build=lambda: made.append(name) or [name])

    monkeypatch.setattr(importlib, "import_module", part)
    assert run(monkeypatch, "build", "--only", "packages", "--only", "geometry") == 0
    assert made == ["geo.build.geometry", "geo.build.packages"]
    assert run(monkeypatch, "build") == 2
    assert "vietnamadminunits" in capsys.readouterr().err and made[2:] == []


def test_tables_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    people = tmp_path / "dan_so.csv"
    people.write_text("ma_xa,dan_so\n00004,123456\n", encoding="utf-8")
    assert run(monkeypatch, "population", people, "--dry-run") == 0
    assert population.population()["population"]["00004"] != 123456
    capsys.readouterr()
    assert run(monkeypatch, "population", people, "--json") == 0
    assert json.loads(capsys.readouterr().out)["communes"] == 1
    assert population.population()["population"]["00004"] == 123456
    assert run(monkeypatch, "population", "--reset") == 0


@pytest.mark.parametrize("command", ["build", "check", "boundaries", "pull", "population"])
def test_every_command_has_help_with_an_example(command: str, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert run(monkeypatch, command, "--help") == 0
    shown = capsys.readouterr().out
    assert f"riskmap data {command}" in shown and "exit codes" in shown
