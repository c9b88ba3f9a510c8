"""What a command shows on the terminal while it works; nothing at all when its output goes elsewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

STAGES = {
    "read": "Đọc tệp / reading",
    "check": "Kiểm tra mã và vị trí / codes and places",
    "repair": "Khớp ranh giới / fitting borders",
    "simplify": "Đơn giản hóa / simplifying",
    "write": "Ghi / writing",
}


class Bar:
    """A progress bar on standard error whose stages come one after another."""

    def __init__(self, *, bytes_: bool = False) -> None:
        console = Console(stderr=True)
        counter = DownloadColumn() if bytes_ else MofNCompleteColumn()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            counter,
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, stage: str, done: int, total: int) -> None:
        """Show how far ``stage`` is; a total of 0 means that nobody knows."""
        self._bar.update(self._task, description=STAGES.get(stage, stage), completed=done, total=total or None)


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
    """Show a moving sign on the terminal while something takes its time."""
    console = Console(stderr=True)
    with console.status(what) if console.is_terminal else contextlib.nullcontext():
        yield
