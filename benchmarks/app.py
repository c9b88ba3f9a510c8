"""The app in a real browser: first page, one slider step, kilobytes and memory, beside plain Streamlit and folium."""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import textwrap
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from dashboard.commands import serve
from geo.base.paths import ROOT

STEPS = 5
"""Steps measured after one that warms up; a slider that starts at 2 and ends at 5 has six steps of a half."""
SESSIONS = 4
PLACES = (("22", "22", "50m"), ("VN", None, "200m"))
"""Place in the address, province and level of the outlines."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
EMPTY = 'import streamlit as st\nst.write("ready")\n'
REBUILT = """
import sys

sys.path.insert(0, {root!r})
import folium
import streamlit as st
from folium.template import Template
from streamlit_folium import st_folium
from geo import boundaries

class Painted(folium.MacroElement):
    _template = Template(
        "{{% macro script(this, kwargs) %}}requestAnimationFrame(() => {{ document.body.dataset.painted = "
        "{{{{ this.value }}}}; }});{{% endmacro %}}"
    )
    def __init__(self, value):
        super().__init__()
        self._name, self.value = "Painted", value

@st.cache_resource
def frame():
    outlines = boundaries.load({province!r}, {level!r}).frame[["geometry"]].reset_index()
    return outlines.assign(position=range(len(outlines)))

weight = st.slider("w", 0.0, 5.0, 1.0, 0.5)
colours = ["#fdf3d8", "#f3bf7c", "#d9826a", "#a4547c", "#5a2f6b"]
painting = folium.Map(location=[16, 107], zoom_start=6, tiles=None, prefer_canvas=True)
folium.Map.default_js = [("leaflet", {static!r} + "/vendor/leaflet/leaflet.js")]
folium.Map.default_css = [("leaflet", {static!r} + "/vendor/leaflet/leaflet.css")]
folium.GeoJson(
    frame(), style_function=lambda feature: {{"weight": 0.5, "fillOpacity": 1, "color": "#fff",
    "fillColor": colours[int(feature["properties"]["position"] * (1 + weight)) % 5]}},
).add_to(painting)
Painted(int(weight * 10)).add_to(painting)
st_folium(painting, key=f"map{{weight}}", returned_objects=[], use_container_width=True)
"""


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    """Return the rows of this benchmark; the smallest size is one province, one step and one session."""
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        return _measured(browser, Path(folder), smallest)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Open a Chromium without a window; ``CHROMIUM`` names another one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise RuntimeError("no Chromium: set CHROMIUM or install it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _measured(browser: Any, folder: Path, smallest: bool) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    pages, steps, sessions = (2, 1, 1) if smallest else (3, STEPS, SESSIONS)
    places = PLACES[:1] if smallest else PLACES
    with server() as (ours, process), server(_file(folder, "empty.py", EMPTY)) as (empty, idle):
        first = [_first_page(browser, ours, map_painted) for _ in range(pages)]
        plain = [_first_page(browser, empty, _text_shown) for _ in range(pages)]
        rows["app_first_page_cold"] = _row(
            first[0], plain[0], "ms", "first page of a fresh server; ref.: empty Streamlit app"
        )
        rows["app_first_page_warm"] = _row(
            statistics.median(first[1:]),
            statistics.median(plain[1:]),
            "ms",
            "first page, server warm; ref.: empty app",
        )
        for place, province, level in places:
            stepped = _steps(browser, f"{ours}/?province={place}&overlays=", ".st-key-weight-border", steps)
            name = "province" if province else "nation"
            code = REBUILT.format(root=str(ROOT), province=province, level=level, static=f"{ours}/app/static")
            with server(_file(folder, f"rebuilt_{name}.py", code)) as (rebuilt, _):
                theirs = _steps(browser, rebuilt, "[data-testid=stSlider]", steps)
            what = f"one slider step to a recoloured map, {name}; ref.: folium.GeoJson rebuilt"
            rows[f"app_slider_{name}"] = _row(stepped[0], theirs[0], "ms", what)
            rows[f"app_slider_{name}_kB"] = _row(stepped[1], theirs[1], "kB", f"{what}, sent by the server")
        rows["app_memory_per_session"] = _row(
            _memory(browser, ours, process, map_painted, sessions),
            max(_memory(browser, empty, idle, _text_shown, sessions), 0.1),
            "MB",
            "server memory per open session, province; ref.: empty app",
        )
    return rows


def _steps(browser: Any, address: str, slider: str, steps: int) -> tuple[float, float]:
    """Return the median milliseconds and kilobytes of a slider step; the first step only warms up."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.goto(address)
    painted = map_painted(page)
    handle = page.locator(f"{slider} input[type=range]").first
    times, sizes = [], []
    for _ in range(steps + 1):
        page.wait_for_timeout(900)
        received.clear()
        if handle.evaluate("slider => slider.value === slider.max"):
            raise RuntimeError(f"the slider {slider} has fewer than {steps + 1} steps left")
        begun = time.perf_counter()
        handle.press("ArrowRight")
        painted = map_painted(page, unlike=painted)
        times.append(1000 * (time.perf_counter() - begun))
        page.wait_for_timeout(300)
        sizes.append(sum(received) / 1000)
    page.close()
    return statistics.median(times[1:]), statistics.median(sizes[1:])


def map_painted(page: Any, unlike: str | None = None, seconds: float = 120) -> str:
    """Wait until the map shows another version than ``unlike``; return the version it shows."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for frame in page.frames:
            if "streamlit_folium" not in frame.url:
                continue
            with contextlib.suppress(Exception):
                painted = frame.evaluate("document.body ? document.body.dataset.painted : null")
                if painted and painted != unlike:
                    return str(painted)
        page.wait_for_timeout(4)
    raise RuntimeError("the map was not painted")


def _text_shown(page: Any) -> str:
    page.get_by_text("ready").wait_for()
    return "ready"


def _first_page(browser: Any, address: str, ready: Callable[[Any], str]) -> float:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    begun = time.perf_counter()
    page.goto(address)
    ready(page)
    taken = 1000 * (time.perf_counter() - begun)
    page.close()
    return taken


def _memory(browser: Any, address: str, process: psutil.Process, ready: Callable[[Any], str], sessions: int) -> float:
    before = process.memory_info().rss
    pages = [browser.new_page() for _ in range(sessions)]
    for page in pages:
        page.goto(address)
        ready(page)
    time.sleep(1)
    after = process.memory_info().rss
    for page in pages:
        page.close()
    return (after - before) / sessions / 1e6


@contextlib.contextmanager
def server(script: Path | None = None, home: str | None = None) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the app, or a script of Streamlit's, on a free port; give its address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = serve.command(port)
    if script is not None:
        command[1:5] = ["-m", "streamlit", "run", str(script)]
    environment = os.environ if home is None else {**os.environ, "RISKMAP_HOME": home}
    process = psutil.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str, seconds: float = 90) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"no answer from {address}")


def _file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def _row(ours: float, reference: float, unit: str, what: str) -> dict[str, Any]:
    return {"ours": ours, "reference": reference, "ratio": ours / reference, "unit": unit, "what": what}
