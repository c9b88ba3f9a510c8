"""The benchmark of the app measures, and the picture of the README can be taken, from the pages as they are."""

import shutil
from pathlib import Path

import pytest

from benchmarks import app
from docs import picture


@pytest.fixture(autouse=True)
def with_chromium() -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser"))):
        pytest.skip("no Chromium")


def test_the_benchmark_of_the_app_runs_at_its_smallest_size() -> None:
    rows = app.measure(smallest=True)
    assert {"app_first_page_cold", "app_slider_province", "app_slider_province_kB", "app_memory_per_session"} <= set(
        rows
    )
    for name in ("app_first_page_cold", "app_slider_province", "app_slider_province_kB"):
        assert 0 < rows[name]["ours"] < 120_000 and rows[name]["reference"] > 0
    assert rows["app_slider_province_kB"]["ratio"] < 1, "a step must send less than the map built anew"


def test_the_picture_of_the_readme_is_the_page(tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    picture.take(path)
    assert path.stat().st_size > 50_000
    assert size_of(path) == size_of(picture.PICTURE) == (1366, 768)


def size_of(png: Path) -> tuple[int, int]:
    head = png.read_bytes()[:24]
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
