"""Downloading known sources of geodata: resumed when the line breaks, checked, with licence and date on record."""

from __future__ import annotations

import csv
import datetime
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import urlsplit

import pooch
import requests

from geo.base import paths
from geo.base.errors import InputError
from geo.files import write

DEFAULT = "communes_2025"
LARGEST = 2 << 30
BLOCK = 1 << 18
ATTEMPTS = 6
TIMEOUT = 30.0
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """A file to download: where it is, who made it, under which licence, of which day; what it must hash to.

    ``sha256`` is empty when nobody has said it before: it is then recorded on the first download.
    """

    name: str
    url: str
    title_vi: str = ""
    title_en: str = ""
    publisher: str = ""
    licence: str = ""
    licence_url: str = ""
    as_of: str = ""
    bytes: int = 0
    sha256: str = ""
    checksum_from: str = ""
    note: str = ""


@dataclass(frozen=True)
class Download:
    """A file that is here: its path, checksum and size, whether the checksum was known before, and its source."""

    source: Source
    path: Path
    sha256: str
    bytes: int
    checksum_known: bool
    fetched: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the download as plain values for JSON."""
        return vars(self) | {"source": asdict(self.source), "path": str(self.path)}


def sources() -> dict[str, Source]:
    """Return the known sources by name.

    Examples
    --------
    >>> sources()["communes_2025"].licence
    'MIT'
    """
    with paths.SOURCES.open(encoding="utf-8", newline="") as stream:
        rows = [row | {"bytes": int(row["bytes"] or 0)} for row in csv.DictReader(stream)]
    return {str(row["name"]): Source(**cast(dict[str, Any], row)) for row in rows}


def find(name: str = DEFAULT, *, url: str | None = None, sha256: str | None = None) -> Source:
    """Return a known source, perhaps at another address, or an unknown one at ``url``.

    Raises
    ------
    InputError
        When the name is unknown and no address is given, or the address is none of http or https.
    """
    listed = sources()
    if url is None and name not in listed:
        raise InputError("pull.source_unknown", list(listed), given=name)
    source = listed.get(name, Source(name=name, url=""))
    if url is not None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError("pull.url", given=url)
        source = replace(source, url=url)
    if sha256 is not None:
        digits = sha256.strip().lower().removeprefix("sha256:")
        if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
            raise InputError("pull.sha256", given=sha256)
        source = replace(source, sha256=digits, checksum_from="--sha256")
    return source


def pull(
    source: Source,
    *,
    folder: Path | None = None,
    refresh: bool = False,
    attempts: int = ATTEMPTS,
    wait: float = 2.0,
    progress: Progress | None = None,
) -> Download:
    """Download a source unless it is here already, and check what came.

    A transfer that breaks goes on where it stopped when the server can do that, and starts again when it cannot; what
    came so far is kept for the next call. A file takes its name only once it is whole and its checksum is right.

    Parameters
    ----------
    folder
        Where to keep the file; by default ``downloads`` in the home folder.
    refresh
        Whether to download again although the file is here.
    attempts, wait
        How often to try, and how many seconds to wait after the first failure (twice as long after each).
    progress
        Called with the bytes that are here and those expected (0 when the server does not say).

    Raises
    ------
    InputError
        When the server cannot be reached, refuses, or sends a file with another checksum.
    """
    folder = folder or paths.home() / "downloads"
    try:
        return _pull(source, folder, refresh, attempts, wait, progress)
    except requests.RequestException as error:
        raise InputError("pull.unreachable", url=source.url, reason=type(error).__name__) from error
    except OSError as error:
        raise InputError("pull.cannot_write", path=folder, reason=error.strerror or error) from error


def _pull(
    source: Source, folder: Path, refresh: bool, attempts: int, wait: float, progress: Progress | None
) -> Download:
    folder.mkdir(parents=True, exist_ok=True)
    pooch.get_logger().setLevel("WARNING")
    target = folder / f"{source.name}{Path(urlsplit(source.url).path).suffix or '.bin'}"
    expected = source.sha256 or ("" if refresh else _recorded(folder, source))
    if refresh:
        target.unlink(missing_ok=True)
    transfer = _Transfer(source, target.with_name(target.name + ".part"), attempts, wait, progress)
    try:
        pooch.retrieve(
            source.url,
            f"sha256:{expected}" if expected else None,
            target.name,
            folder,
            downloader=transfer,
            progressbar=False,
        )
    except ValueError as error:
        transfer.forget()
        raise InputError("pull.checksum", name=source.name, url=source.url, expected=expected) from error
    transfer.forget()
    digest = write.file_hash(target)
    _record(folder, source, digest, target.stat().st_size)
    return Download(source, target, digest, target.stat().st_size, bool(expected), transfer.started)


class _Transfer:
    """A downloader for pooch that keeps what came, and asks for the rest when the line breaks."""

    def __init__(self, source: Source, part: Path, attempts: int, wait: float, progress: Progress | None) -> None:
        self.source, self.part, self.attempts, self.wait = source, part, attempts, wait
        self.progress = progress or (lambda *_: None)
        self.about = part.with_suffix(".json")
        self.started = False

    def __call__(self, url: str, output: str | IO[bytes], _pooch: Any, check_only: bool = False) -> None:
        self.started = True
        for attempt in range(1, self.attempts + 1):
            try:
                self._fetch(url)
                break
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
                if attempt == self.attempts:
                    raise InputError(
                        "pull.broken",
                        url=url,
                        attempts=attempt,
                        received=f"{self._here() / 2**20:,.1f}",
                        reason=type(error).__name__,
                    ) from error
                time.sleep(self.wait * 2 ** (attempt - 1))
        self.part.replace(str(output))

    def forget(self) -> None:
        """Drop what was kept for resuming."""
        self.part.unlink(missing_ok=True)
        self.about.unlink(missing_ok=True)

    def _here(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _fetch(self, url: str) -> None:
        tag = self._tag(url)
        here = self._here() if tag else 0
        headers = {"Accept-Encoding": "identity"}
        if here:
            headers |= {"Range": f"bytes={here}-", "If-Range": tag}
        with requests.get(url, stream=True, timeout=TIMEOUT, headers=headers) as answer:
            if answer.status_code == 416:
                self.forget()
                raise requests.ConnectionError("the part kept does not fit")
            if answer.status_code >= 500 or answer.status_code == 429:
                raise requests.ConnectionError(f"status {answer.status_code}")
            if answer.status_code not in (200, 206):
                raise InputError("pull.refused", url=url, status=answer.status_code)
            if answer.status_code == 200:
                here = 0
            total = here + int(answer.headers.get("Content-Length", 0))
            if total > LARGEST:
                raise InputError("pull.too_large", url=url, size=f"{total / 2**20:,.0f}", limit=LARGEST >> 20)
            self._note(url, answer.headers)
            self._receive(answer, here, total)
        if total > here and self._here() < total:
            raise requests.ConnectionError("the line broke")

    def _receive(self, answer: requests.Response, here: int, total: int) -> None:
        with self.part.open("ab" if here else "wb") as out:
            for block in answer.iter_content(BLOCK):
                here += len(block)
                if here > LARGEST:
                    raise InputError("pull.too_large", url=self.source.url, size=here >> 20, limit=LARGEST >> 20)
                out.write(block)
                self.progress(here, total or self.source.bytes)

    def _tag(self, url: str) -> str:
        """Return what tells this version of the file from another, if the kept part came from this address."""
        try:
            about = json.loads(self.about.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ""
        return str(about.get("tag", "")) if about.get("url") == url else ""

    def _note(self, url: str, headers: Any) -> None:
        tag = headers.get("ETag", "")
        tag = "" if tag.startswith("W/") else tag or headers.get("Last-Modified", "")
        self.about.write_text(json.dumps({"url": url, "tag": tag}), encoding="utf-8")


def _records(folder: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((folder / "downloads.json").read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _recorded(folder: Path, source: Source) -> str:
    entry = _records(folder).get(source.name, {})
    return str(entry.get("sha256", "")) if entry.get("url") == source.url else ""


def _record(folder: Path, source: Source, digest: str, size: int) -> None:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    entry = {"url": source.url, "sha256": digest, "bytes": size, "date": now, "licence": source.licence}
    records = _records(folder)
    if records.get(source.name, {}).get("sha256") == digest:
        return
    with write.replace_file(folder / "downloads.json") as temporary:
        text = json.dumps(records | {source.name: entry}, ensure_ascii=False, indent=2)
        temporary.write_text(text + "\n", encoding="utf-8")
