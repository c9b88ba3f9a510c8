"""Every block of code in a document runs, or is listed with what is checked of it instead."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import typer.main
from typer.testing import CliRunner

from dashboard.app.cli import app
from geo import units
from geo.base.paths import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").rglob("*.md")]
COMMANDS_OF_RISKMAP = typer.main.get_command(app)
LANGUAGES = {"sh", "python", "powershell", "text"}
"""``text`` is no code; every other block is run or looked into below."""
STARTS_A_SERVER = ("riskmap serve",)
FILES = {
    "table.csv": "code,a,b\nx,1,3\ny,2,2\nz,3,5\n",
    "framework.csv": "code,name,parent,direction,weight\nall,All,,1,1\na,A,all,1,1\nb,B,all,1,1\n",
    "countries.csv": "iso3,region,a,b\nVNM,1,1,3\nLAO,1,2,\nKHM,1,3,5\nTHA,2,4,4\nMMR,2,,6\nCHN,2,6,7\n",
    "doi.csv": "team,commune,province,days_per_week\nĐội 1,Hồng Gai,22,2\nĐội 2,Móng Cái 1,22,2\n",
}
"""The files that a reader of the documents would have."""


def blocks() -> Iterator[tuple[str, str, str]]:
    """Give document, language and text of every block."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            yield str(document.relative_to(ROOT)), language, block


def lines(language: str) -> list[pytest.ParameterSet]:
    """Return every command of the blocks in a language, once."""
    documents = {
        line.strip(): document
        for document, written, block in blocks()
        if written == language
        for line in block.splitlines()
        if line.strip()
    }
    return [pytest.param(line, id=f"{document}: {line[:60]}") for line, document in documents.items()]


def words_of(line: str) -> list[str]:
    """Return the words of a command without comment, variables before it, and the folder of the environment."""
    words = shlex.split(line, comments=True)
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]]


def run_here(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def run_riskmap(words: list[str]) -> None:
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_every_block_says_what_it_is_and_is_looked_into() -> None:
    written = list(blocks())
    assert len(written) > 8
    assert [block for block in written if block[1] not in LANGUAGES] == []


@pytest.mark.parametrize("line", lines("sh"))
def test_a_command_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = words_of(line)
    if words[0] == "make":
        run_here("make", "--dry-run", *words[1:])
    elif words[:3] == ["python", "-m", "pytest"]:
        run_here(sys.executable, *words[1:], "--collect-only", "-p", "no:cacheprovider")
    elif words[0] == "python":
        run_here(sys.executable, *words[1:])
    elif " ".join(words).startswith(STARTS_A_SERVER):
        run_riskmap([*words[1:], "--help"])
    else:
        assert words[0] == "riskmap", f"nobody runs {line!r}"
        monkeypatch.chdir(tmp_path)
        for name, content in FILES.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        run_riskmap(words[1:])
        if "--out" in words:
            out = Path(words[words.index("--out") + 1])
            assert out.is_dir() or out.stat().st_size > 50


@pytest.mark.parametrize("line", lines("powershell"))
def test_a_command_for_windows_names_files_and_programs_that_exist(line: str) -> None:
    for part in line.split(";"):
        words = part.split()
        program = words[0].removeprefix(".venv\\Scripts\\")
        if program == "riskmap":
            run_riskmap([*words[1:], "--help"])
        else:
            assert program in {"py", "python"}
            assert words[1] == "-m" and words[2] in {"venv", "pip", "pytest"}
        for name in (word for word in words if word.endswith((".lock", ".toml", ".py"))):
            assert (ROOT / name).exists(), name


@pytest.mark.parametrize("block", [text for _, language, text in blocks() if language == "python"] or ["pass"])
def test_a_block_of_python_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "<document>", "exec"), {})


def sentences() -> list[str]:
    """Return every command of riskmap that a sentence or a cell of a table names, once."""
    named = set()
    for document in DOCUMENTS:
        if document.name != "CHANGELOG.md":
            text = document.read_text(encoding="utf-8")
            named |= {" ".join(line.split()) for line in re.findall(r"(?<!`)`(riskmap [^`]+)`(?!`)", text)}
    return sorted(named)


def command_of(line: str) -> tuple[Any, str, list[str]]:
    """Return the command a line calls, its name and the words behind it."""
    command, name, words = COMMANDS_OF_RISKMAP, [], line.split()[1:]
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words[0]]
        name.append(words.pop(0))
    return command, " ".join(name), words


@pytest.mark.parametrize("line", sentences())
def test_a_command_named_in_a_sentence_exists_with_its_options(line: str) -> None:
    command, name, words = command_of(line)
    assert name or words == ["--help"]
    assert words == [] or words[0].startswith("-") or not hasattr(command, "commands"), f"{words[0]} is no command"
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= options


def incidents() -> str:
    places = units.communes_of("22").iloc[:10]
    rows = [f"{day:02d}/03/2025,{unit.lat},{unit.lon}" for day in range(1, 21) for unit in places.itertuples()]
    return "\n".join(["ngày,vĩ độ,kinh độ", *rows])


def outlines() -> str:
    places = units.communes_of("22")
    lon, lat, size = places["lon"].to_numpy(), places["lat"].to_numpy(), 0.001
    shapes = shapely.box(lon - size, lat - size, lon + size, lat + size)
    return str(gpd.GeoDataFrame({"ma_xa": places.index}, geometry=shapes, crs=4326).to_json())


OWN_FILES: dict[str, tuple[str, Callable[[], str]]] = {
    "data boundaries": ("xa.geojson", outlines),
    "data population": ("dan_so.csv", lambda: "ma_xa,dan_so\n00004,123456\n"),
    "outreach import": (
        "nhat_ky.csv",
        lambda: "Ngày,Xã,Loại,Số người\n30/07/2025,06712,Tuyên truyền trực tiếp,500\n",
    ),
    "outreach hours": ("gio.csv", lambda: "team,commune_code,hours\nD1,06712,0.5\n"),
    "terrain": ("vu_viec.csv", incidents),
}
"""What a user would bring, by the command that takes it."""
PLACEHOLDERS = {"PATH", "FILE", "TỆP"}


@pytest.mark.parametrize("line", [line for line in sentences() if PLACEHOLDERS & set(line.split())])
def test_a_command_that_takes_a_file_takes_one(line: str, tmp_path: Path) -> None:
    _, name, words = command_of(line.removesuffix(" …"))
    if name == "assess":
        for framework in sorted((ROOT / "data" / "indicators" / "frameworks").glob("*.csv")):
            out = tmp_path / f"{framework.stem}.csv"
            filled = [str(framework) if word in PLACEHOLDERS else word for word in words]
            run_riskmap(["assess", *filled, "--province", "22", "--out", str(out)])
            assert out.stat().st_size > 50
        return
    file, content = OWN_FILES[name]
    path = tmp_path / file
    path.write_text(content(), encoding="utf-8")
    run_riskmap([*name.split(), *(str(path) if word in PLACEHOLDERS else word for word in words)])


@pytest.mark.parametrize("line", [line for line in sentences() if re.search(r" --out \S+| \S+\.xlsx$", line)])
def test_a_command_in_a_sentence_that_writes_writes(line: str, tmp_path: Path) -> None:
    words = line.split()
    path = tmp_path / Path(words[-1]).name
    if not PLACEHOLDERS & {path.stem}:
        run_riskmap([*words[1:-1], str(path)])
        assert path.stat().st_size > 50


def test_every_command_has_help_and_an_example() -> None:
    def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        for key, child in getattr(command, "commands", {}).items():
            yield from walk(child, f"{name} {key}")
        if not getattr(command, "commands", None):
            yield name, command

    for name, command in walk(COMMANDS_OF_RISKMAP, "riskmap"):
        assert command.help, name
        assert name in f"{command.help or ''} {command.epilog or ''}", f"{name} shows no example"
