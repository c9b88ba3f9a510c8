"""Takes the picture of the README from the page as it is: ``python -m docs.picture``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.app import chromium, map_painted, server
from geo.base.paths import ROOT

PICTURE = ROOT / "docs" / "map.png"
VIEW = "province=22&overlays=crossings"
SIZE = {"width": 1366, "height": 768}
QUIET_MS, WAIT_MS = 2500, 60_000


def take(path: Path = PICTURE) -> None:
    """Serve the app with nothing imported, open a province, wait until the map is quiet, and keep the picture."""
    with tempfile.TemporaryDirectory() as home, server(home=home) as (address, _), chromium() as browser:
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{address}/?{VIEW}")
        painted, waited = map_painted(page), 0
        while waited < WAIT_MS:
            page.wait_for_timeout(QUIET_MS)
            waited += QUIET_MS
            now = map_painted(page)
            if now == painted and page.locator("[data-testid=stStatusWidget]").count() == 0:
                break
            painted = now
        page.screenshot(path=path)


if __name__ == "__main__":
    take(Path(sys.argv[1]) if sys.argv[1:] else PICTURE)
