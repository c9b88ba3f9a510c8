"""Rank intervals, reckoned once for each set of data and settings: kept on disk, made by one thread.

What a page waits for is computed behind it and read in milliseconds ever after. A file is named by everything its
content follows from, so that none is ever out of date; the oldest go when there are more than :data:`KEPT`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd

from geo.base import paths
from geo.files.write import replace_file
from geo.layers.indicators import IndicatorTable, Sources
from models.briefing import Briefing
from models.index.assessment import Assessment
from models.robustness.doubts import Assumptions
from models.robustness.reliability import DRAWS, drawn, graded, undrawn

KEPT = 16
"""Files; one holds a sixth of a megabyte."""
HELD = 32
"""Sets of intervals in memory."""
WAITING = 4
"""Sets asked for and not yet begun: who moves a slider wants the last ones."""
LOG = logging.getLogger(__name__)


def reliability_of(briefing: Briefing, sources: Sources, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return how far each commune's rank can be relied on; intervals are read if they were made before.

    Parameters
    ----------
    briefing
        Scores and indicators.
    sources, draws, seed
        See :func:`models.robustness.reliability.reliability`, whose columns are returned.
    """
    key = key_of(briefing.assessment, briefing.table, draws, seed)
    ranks = read(key)
    if ranks is None:
        ranks = drawn(briefing.assessment, briefing.table, sources, draws, seed)
        write(key, ranks)
    return graded(briefing.assessment, briefing.table, ranks)


def key_of(assessment: Assessment, table: IndicatorTable, draws: int = DRAWS, seed: int = 0) -> str:
    """Return what changes when and only when the intervals may: settings, data, assumptions and program."""
    settings = [assessment.framework.digest, draws, seed, Assumptions().stated(), program()]
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    digest.update(table.values.to_numpy(dtype=float).tobytes())
    for column in table.quality.columns:
        digest.update(table.quality[column].cat.codes.to_numpy().tobytes())
    return digest.hexdigest()[:20]


@cache
def program() -> str:
    """Return what changes with the program that reckons."""
    digest = hashlib.sha256()
    for room in ("geo", "models"):
        for path in sorted((paths.ROOT / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def read(key: str) -> pd.DataFrame | None:
    """Return the intervals kept under a key; None if there are none that can be read."""
    path = _path(key)
    try:
        frame = pd.read_feather(path).set_index("commune_code")
        frame.attrs = json.loads(frame.attrs.pop("made_with"))
        os.utime(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError) as fault:
        LOG.warning("%s cannot be read and is made again: %s", path, fault)
        return None
    return frame


def write(key: str, frame: pd.DataFrame) -> None:
    """Keep intervals under a key; where nothing can be written they are reckoned again next time."""
    kept = frame.rename_axis("commune_code").reset_index()
    kept.attrs = {"made_with": json.dumps(frame.attrs)}
    try:
        with replace_file(_path(key)) as path:
            kept.to_feather(path)
        files = sorted(_path(key).parent.glob("intervals-*.feather"), key=_last_used, reverse=True)
        for old in files[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError as fault:
        LOG.warning("rank intervals cannot be kept: %s", fault)


def _path(key: str) -> Path:
    return paths.home() / "cache" / f"intervals-{key}.feather"


def _last_used(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0


class Reckoner:
    """One thread that makes what is asked for, what was asked for last first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[str, pd.DataFrame] = OrderedDict()
        self._waiting: OrderedDict[str, Callable[[], pd.DataFrame]] = OrderedDict()
        self._busy: str | None = None
        self._thread: threading.Thread | None = None

    def get(self, key: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
        """Return the intervals of a key; None while they are being made.

        Parameters
        ----------
        make
            Called in the thread if nobody made them before. If it fails, the fault is logged and nothing is known.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        if (frame := read(key)) is not None:
            with self._lock:
                self._hold(key, frame)
            return frame
        with self._lock:
            if key in self._held:
                return self._held[key]
            if key != self._busy:
                self._waiting[key] = make
                self._waiting.move_to_end(key)
            while len(self._waiting) > WAITING:
                self._waiting.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="intervals", daemon=True)
                self._thread.start()
        return None

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to make; return whether that came about in time."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._thread is None

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._busy = self._thread = None
                    return
                self._busy, make = self._waiting.popitem()
                key = self._busy
            try:
                frame = make()
            except Exception:
                LOG.exception("rank intervals could not be reckoned")
                frame = undrawn()
            else:
                write(key, frame)
            with self._lock:
                self._hold(key, frame)

    def _hold(self, key: str, frame: pd.DataFrame) -> None:
        self._held[key] = frame
        self._held.move_to_end(key)
        while len(self._held) > HELD:
            self._held.popitem(last=False)


RECKONER = Reckoner()
"""The one thread of this process."""
