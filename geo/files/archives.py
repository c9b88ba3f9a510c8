"""Zip files of strangers: what is in one, checked before a single byte of it is unpacked."""

from __future__ import annotations

import itertools
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from geo.base.errors import InputError

NESTED = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".kmz", ".jar")
IGNORED_FOLDERS = ("__MACOSX",)
IGNORED_FILES = (".ds_store", "thumbs.db", "desktop.ini")
BLOCK = 1 << 20


@dataclass(frozen=True)
class ArchiveLimits:
    """How much a zip file may hold.

    The public download of all communes has 3,355 files, 629 MB unpacked, and packs 13 to 1; Deflate alone reaches
    1,000 to 1.
    """

    entries: int = 6_000
    entry_bytes: int = 400 << 20
    total_bytes: int = 2 << 30
    ratio: int = 150


def members(path: Path | IO[bytes], name: str, limits: ArchiveLimits | None = None) -> list[zipfile.ZipInfo]:
    """Return the files of a zip that may be read, without folders and the litter of operating systems.

    Parameters
    ----------
    path
        The zip file, or its bytes as a stream.
    name
        What to call it in messages.

    Raises
    ------
    InputError
        When the file is damaged, encrypted or too large, when it holds another archive, or when an entry would
        leave the folder it is unpacked into.
    """
    limits = limits or ArchiveLimits()
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise InputError("archives.damaged", name=name, reason=error) from error
    if len(entries) > limits.entries:
        raise InputError("archives.too_many", name=name, count=len(entries), limit=limits.entries)
    _check_names(entries, name)
    files = [entry for entry in entries if not entry.is_dir() and not _is_litter(entry.filename)]
    _check_content(files, name)
    _check_sizes(entries, name, limits)
    if not files:
        raise InputError("archives.empty", name=name)
    return files


def extract(path: Path, entry: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one entry to ``target``, never more bytes than the entry declares.

    Raises
    ------
    InputError
        When the content does not fit what the directory of the zip says of it.
    """
    written = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(entry) as stream, target.open("xb") as out:
            while block := stream.read(BLOCK):
                written += len(block)
                if written > entry.file_size:
                    raise InputError("archives.bomb", [entry.filename], name=path.name)
                out.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise InputError("archives.damaged", [entry.filename], name=path.name, reason=error) from error


def suffix(entry: zipfile.ZipInfo) -> str:
    """Return the ending of an entry in lower case, with its dot."""
    return PurePosixPath(entry.filename).suffix.lower()


def stem(entry: zipfile.ZipInfo) -> str:
    """Return an entry's path without its ending, in lower case: what the parts of one Shapefile share."""
    return str(PurePosixPath(entry.filename).with_suffix("")).casefold()


def _check_names(entries: list[zipfile.ZipInfo], name: str) -> None:
    unsafe, special, seen, twice = [], [], set(), []
    for entry in entries:
        raw = entry.orig_filename
        parts = PurePosixPath(raw.replace("\\", "/")).parts
        if "\x00" in raw or raw.startswith(("/", "\\")) or ".." in parts or (parts and ":" in parts[0]):
            unsafe.append(raw.replace("\x00", "?"))
        mode = entry.external_attr >> 16
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            special.append(raw)
        folded = "/".join(parts).casefold()
        if folded in seen:
            twice.append(raw)
        seen.add(folded)
    if unsafe:
        raise InputError("archives.unsafe_path", unsafe, name=name)
    if special:
        raise InputError("archives.symlink", special, name=name)
    if twice:
        raise InputError("archives.duplicate", twice, name=name)


def _check_content(files: list[zipfile.ZipInfo], name: str) -> None:
    encrypted = [entry.filename for entry in files if entry.flag_bits & 0x1]
    if encrypted:
        raise InputError("archives.encrypted", encrypted, name=name)
    nested = [entry.filename for entry in files if suffix(entry) in NESTED]
    if nested:
        raise InputError("archives.nested", nested, name=name)
    method = [e.filename for e in files if e.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    if method:
        raise InputError("archives.method", method, name=name)


def _check_sizes(entries: list[zipfile.ZipInfo], name: str, limits: ArchiveLimits) -> None:
    big = [
        entry.filename
        for entry in entries
        if entry.file_size > limits.entry_bytes
        or entry.file_size > max(entry.compress_size, 1) * limits.ratio + BLOCK
    ]
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if big or total > limits.total_bytes or total > packed * limits.ratio + BLOCK * 8:
        raise InputError("archives.bomb", big, name=name, size=f"{total / 2**20:,.0f}")
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    for before, after in itertools.pairwise(ordered):
        if before.header_offset + before.compress_size > after.header_offset:
            raise InputError(
                "archives.bomb", [before.filename, after.filename], name=name, size=f"{total / 2**20:,.0f}"
            )


def _is_litter(filename: str) -> bool:
    path = PurePosixPath(filename)
    return (
        any(part in IGNORED_FOLDERS for part in path.parts)
        or path.name.casefold() in IGNORED_FILES
        or path.name.startswith("._")
    )
