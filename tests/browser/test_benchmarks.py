"""The benchmark of the app measures, and the picture of the README can be taken, from the pages as they are."""

import multiprocessing
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from benchmarks import app
from docs import picture


@pytest.fixture(autouse=True)
def with_chromium() -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser"))):
        pytest.skip("no Chromium")


def test_the_benchmark_of_the_app_runs_at_its_smallest_size() -> None:
    rows = apart(app.measure, smallest=True)
    assert {"app_first_page_cold", "app_slider_province", "app_slider_province_kB", "app_memory_per_session"} <= set(
        rows
    )
    for name in ("app_first_page_cold", "app_slider_province", "app_slider_province_kB"):
        assert 0 < rows[name]["ours"] < 120_000 and rows[name]["reference"] > 0
    assert rows["app_slider_province_kB"]["ratio"] < 1, "a step must send less than the map built anew"


def test_the_picture_of_the_readme_is_the_page(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    apart(picture.take, path)
    assert path.stat().st_size > 50_000
    assert size_of(path) == size_of(picture.PICTURE) == (1366, 768)


def apart(work: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Work in a process of its own: the browser of the other tests is open in this one, and there may be only one."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        return processes.submit(work, *arguments, **options).result(timeout=240)


def size_of(png: Path) -> tuple[int, int]:
    head = png.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
