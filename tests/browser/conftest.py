"""A real Chromium and the real app on a free port, once per test session."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlparse

import pytest

from geo.base.paths import ROOT

ARTEFACTS = ROOT / "test-artefacts"
PATIENCE_MS = 120_000
"""How long a step may take on a slow, busy machine."""
LOOPBACK = {"127.0.0.1", "localhost"}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine has an address: a request that leaves it cannot succeed.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))


@dataclass
class Page:
    """A page of the app, and every request it made."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def open(self, **query: str) -> Page:
        """Open a view and wait for the map."""
        self.page.goto(f"{self.address}/?{urlencode(query)}")
        self.painted()
        return self

    @property
    def map(self) -> Any:
        """The frame the map lives in."""
        return next(frame for frame in self.page.frames if "streamlit_folium" in frame.url)

    def told(self) -> dict[str, str]:
        """Return what the map says about itself: classes, version, overlays …"""
        return dict(self.map.evaluate("document.body ? {...document.body.dataset} : {}"))

    def painted(self, unlike: str | None = None, seconds: float = PATIENCE_MS / 1000) -> dict[str, str]:
        """Wait until the map shows an update, another one than ``unlike`` if given."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                told = self.told()
            except StopIteration:
                told = {}
            except Exception as error:
                if "Execution context" not in str(error) and "Frame was detached" not in str(error):
                    raise
                told = {}
            if told.get("painted") and told["painted"] == told.get("version") != unlike:
                return told
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the map was not painted: {self.problems}")

    def settled(self, quiet_ms: int = 700) -> dict[str, str]:
        """Wait until nothing new has been painted for a while."""
        told = self.painted()
        while True:
            self.page.wait_for_timeout(quiet_ms)
            now = self.painted()
            if now["version"] == told["version"]:
                return now
            told = now

    def foreign(self) -> list[str]:
        """Return the requests that went to another machine."""
        return [url for url in self.requests if urlparse(url).hostname not in LOOPBACK | {None}]

    def picture(self, name: str) -> None:
        """Keep a screenshot."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Chromium, or a skipped test with the reason; with ``RISKMAP_REQUIRE_BROWSER=1`` a failure."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None or not Path(path).exists():
        reason = "no Chromium here: install it (Debian: apt install chromium) or set CHROMIUM"
        if os.environ.get("RISKMAP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app, started by its own command with an empty home."""
    with started(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("server") / "log") as address:
        yield address


@contextlib.contextmanager
def started(home: Path, log_file: Path) -> Iterator[str]:
    """Start the app with a folder of its own for what is imported, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"RISKMAP_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dashboard.app.cli", "serve", "--port", str(port), "--no-browser"]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address, process, Path(log.name))
            yield address
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path, seconds: float = PATIENCE_MS / 1000) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the app did not start:\n{log.read_text(errors='replace')}")


@pytest.fixture
def visit(chromium: Any, server: str) -> Iterator[Callable[..., Page]]:
    """Open pages of the app, each in a browser profile of its own."""
    contexts = []

    def opened(width: int = 1366, height: int = 768, language: str = "vi-VN") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=language)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = Page(context.new_page(), server)
        context.on("request", lambda request: page.requests.append(request.url))
        page.page.on("websocket", lambda socket: page.requests.append(socket.url))
        page.page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.page.on("dialog", lambda dialog: (page.problems.append(dialog.message), dialog.dismiss()))
        return page

    yield opened
    for context in contexts:
        context.close()
