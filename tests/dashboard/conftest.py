"""Fixtures for the tests of the app."""

import pytest

from dashboard.cache import cached


@pytest.fixture(autouse=True)
def undrawn_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page waits for the rank intervals of an analyst's settings, nor starts the thread that draws them."""
    monkeypatch.setattr(cached, "doubted_with", lambda settings, restricted: None)
