"""Documents that drift fail: every command in them runs, every link leads somewhere, every habit exists."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.app.cli import app
from geo.base.paths import ROOT

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "data").rglob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(riskmap .+)$", README, re.MULTILINE)
NOT_RUN = ("riskmap serve",)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_readme_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if command.startswith(NOT_RUN):
        pytest.skip("starts a server; the browser tests do")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_text("code,a,b\nx,1,3\ny,2,2\nz,3,5\n")
    (tmp_path / "framework.csv").write_text(
        "code,name,parent,direction,weight\nall,All,,1,1\na,A,all,1,1\nb,B,all,1,1\n"
    )
    result = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    if "--out" in command:
        assert Path(shlex.split(command)[-1]).stat().st_size > 50


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_habits_named_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for document in DOCUMENTS:
        for target in re.findall(r"\bmake (\w+)\b(?=[ \n`])", document.read_text(encoding="utf-8")):
            if target in {"run", "test", "check", "bench", "lock", "clean"}:
                assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_every_command_has_help_and_an_example() -> None:
    import typer.main

    def walk(command, name):  # type: ignore[no-untyped-def]
        for key, child in getattr(command, "commands", {}).items():
            yield from walk(child, f"{name} {key}")
        if not getattr(command, "commands", None):
            yield name, command

    for name, command in walk(typer.main.get_command(app), "riskmap"):
        told = f"{command.help or ''} {command.epilog or ''}"
        assert command.help, name
        assert name in told, f"{name} shows no example"
