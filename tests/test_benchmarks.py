"""Every benchmark runs at its smallest size, so that none rots between two measurements."""

import importlib
import math
from pathlib import Path

import pytest

from benchmarks import rules
from benchmarks.__main__ import NAMES, main
from benchmarks.scoring import SMALLEST, Size

WITHOUT_BROWSER = [name for name in NAMES if name != "app"]
"""That of the app is in ``tests/browser``."""


def rows_of(name: str) -> dict[str, dict[str, object]]:
    return importlib.import_module(f"benchmarks.{name}").measure(smallest=True)


def check_rows(rows: dict[str, dict[str, object]]) -> None:
    assert rows
    for key, row in rows.items():
        assert set(row) == {"ours", "reference", "ratio", "unit", "what"}, key
        assert all(isinstance(row[part], str) and row[part] for part in ("unit", "what")), key
        assert all(math.isfinite(float(row[part])) for part in ("ours", "reference", "ratio")), (key, row)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WITHOUT_BROWSER)
def test_a_benchmark_runs_at_its_smallest_size(name: str) -> None:
    document = rules.DOCUMENT.read_bytes()
    check_rows(rows_of(name))
    assert rules.DOCUMENT.read_bytes() == document


def test_the_smallest_size_is_smaller_in_everything() -> None:
    full = Size()
    assert all(getattr(SMALLEST, part) < getattr(full, part) for part in ("units", "draws", "samples", "rounds"))


def test_one_that_fails_is_named_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    row = {"ours": 2.0, "reference": 1.0, "ratio": 2.0, "unit": "s", "what": "a row"}

    def broken(*, smallest: bool) -> dict[str, dict[str, object]]:
        raise NameError("sys")

    for name in NAMES:
        module = importlib.import_module(f"benchmarks.{name}")
        monkeypatch.setattr(module, "measure", lambda *, smallest, name=name: {name: row})
    monkeypatch.setattr("benchmarks.app.measure", broken)
    monkeypatch.setattr("benchmarks.__main__.RESULTS", tmp_path / "results.json")
    with pytest.raises(SystemExit) as ended:
        main(["--smallest"])
    printed = capsys.readouterr().out
    assert ended.value.code == 1
    assert "failed: NameError('sys')" in printed
    assert all(f"{name} …" in printed for name in NAMES)
    assert not (tmp_path / "results.json").exists()


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "scoring" in capsys.readouterr().err
