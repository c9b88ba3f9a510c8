"""The whole nation from the command line: time and peak memory, beside merely importing the libraries."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

IMPORTS = "import numpy, pandas, geopandas, scipy.spatial, pandera.pandas, typer"


def measure(*, smallest: bool = False) -> dict[str, dict[str, Any]]:
    runs = 1 if smallest else 3
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "nation.gpkg"
        command = [sys.executable, "-m", "dashboard.app.cli", "assess", "--nation", "--out", str(out)]
        ours = [run(command) for _ in range(runs)]
    imports = [run([sys.executable, "-c", IMPORTS]) for _ in range(runs)]
    seconds, memory = (statistics.median(pair[k] for pair in ours) for k in (0, 1))
    import_seconds, import_memory = (statistics.median(pair[k] for pair in imports) for k in (0, 1))
    return {
        "assess_nation_seconds": row(
            seconds, import_seconds, "s", "riskmap assess --nation to GeoPackage, cold process"
        ),
        "assess_nation_memory": row(memory, import_memory, "MB", "peak resident memory of the same command"),
    }


def row(ours: float, reference: float, unit: str, what: str) -> dict[str, Any]:
    what = f"{what}; reference: a process that only imports the libraries"
    return {"ours": ours, "reference": reference, "ratio": ours / reference, "unit": unit, "what": what}


def run(command: list[str]) -> tuple[float, float]:
    """Run a command to its end; return its seconds and peak resident megabytes."""
    begun = time.perf_counter()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.02)
    _, errors = process.communicate()
    if process.returncode:
        raise RuntimeError(errors.decode())
    return time.perf_counter() - begun, peak / 1e6
