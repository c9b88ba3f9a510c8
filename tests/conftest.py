"""Fixtures for every test."""

from pathlib import Path

import pytest
from hypothesis import settings

from geo.base.paths import ROOT

settings.register_profile("shared machine", deadline=None, max_examples=50)
settings.load_profile("shared machine")

SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of official polygons and published results beside the project; without it the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip("reference material (../shared) is not here")
    return SHARED


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a folder of its own for what a user imports."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RISKMAP_HOME", str(folder))
    return folder
