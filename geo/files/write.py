"""Writing files so that a killed process leaves either the old file or the new one, never half of it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from geo.base.errors import InputError


@contextlib.contextmanager
def replace_file(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success flush it to disk and put it in the place of ``path``.

    The temporary file keeps the ending of ``path``, so that writers which choose a format by the ending work.
    On an exception the temporary file is removed and ``path`` stays as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replace_file(folder / "a.txt") as temporary:
    ...     _ = temporary.write_text("done")
    >>> (folder / "a.txt").read_text()
    'done'
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}.", suffix=target.suffix)
    os.close(handle)
    temporary = Path(name)
    temporary.unlink()
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def keep_inputs(out: str | Path, *inputs: str | Path | None) -> None:
    """Refuse a result that would be written over one of the files it is made from.

    Raises
    ------
    InputError
        ``general.overwrites_input``, also where the same file has two names.

    Examples
    --------
    >>> keep_inputs("scores.csv", "table.csv", None)
    """
    for path in inputs:
        if path is None:
            continue
        with contextlib.suppress(OSError):
            same = Path(out).resolve() == Path(path).resolve() or Path(out).samefile(path)
            if same:
                raise InputError("general.overwrites_input", path=path)


def file_hash(path: str | Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
