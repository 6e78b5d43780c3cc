"""Writes `-o FILE`: `-` is standard output; a regular file is replaced whole or not at all.

Devices, FIFOs and links are written through. The desk's own files are never written.
"""

import os
import stat
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from ticketctl.console.context import App
from ticketctl.errors import BadInput, Refused

_STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
# Endings that say a format, whether or not we write it.
_SAYING = frozenset(
    ("xlsx", "csv", "tsv", "json", "ndjson", "mbox", "html", "md", "pdf", "xls", "ods", "doc", "docx", "odt", "xml",
     "yaml", "yml", "zip", "gz", "eml", "png", "svg", "db", "sqlite", "parquet")
)  # fmt: skip


def form_of(target: str, asked: str | None, forms: Collection[str], usual: str) -> str:
    """The format of a file: as requested, else by its extension, else the default.

    BadInput for an extension of another or an unknown format.
    """
    ending = Path(target).suffix.lstrip(".").lower()
    if is_stdout(target) or not ending:
        return asked or usual
    if asked and ending in _SAYING and ending != asked:
        raise BadInput(
            f"{target} ends in .{ending}, but the format is {asked}; end it in .{asked}."
        )
    if not asked and ending not in forms:
        raise BadInput(
            f"there is no format {ending}; end {target} in one of {', '.join(f'.{one}' for one in forms)}, "
            "or give --format."
        )
    return asked or ending


@contextmanager
def opened(target: str) -> Iterator[IO[bytes]]:
    """The open target of `-o`; BadInput if it cannot be written, Refused for a file of the desk itself."""
    if is_stdout(target):
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    refuse_own(path)
    try:
        with _through(path) if is_written_through(path) else _replaced(path) as out:
            yield out
    except BrokenPipeError:  # the reader of a FIFO has seen enough
        raise
    except OSError as trouble:
        if trouble.filename and path.name not in str(trouble.filename):
            raise
        raise BadInput(f"{target!r} cannot be written: {trouble.strerror}.") from None


def is_stdout(target: str) -> bool:
    """True if the name means standard output."""
    return target in _STDOUT


def refuse_own(path: Path) -> None:
    """Refused for the desk's own database, settings or desk.toml, under any name."""
    context = click.get_current_context(silent=True)
    app = context.find_object(App) if context else None
    for own, what in _own(app) if app else ():
        if _is_same(path, own):
            raise Refused(f"{path} {what}; give another file.")


def _own(app: App) -> Iterator[tuple[Path, str]]:
    from ticketctl.settings import load
    from ticketctl.store.db import sqlite_files

    folders = []
    if app.db.is_sqlite:
        named = Path(str(app.db.url.database)).absolute()
        # SQLite puts -wal and -shm beside the file that a link leads to.
        for path in (named, named.resolve()):
            database, *beside = sqlite_files.of(path)
            yield database, "is the database in use"
            yield from ((one, "belongs to the database in use") for one in beside)
            folders.append(path.parent)
    for one in load.paths(app.config_file):
        yield one, "is a settings file of this desk"
        folders.append(one.parent)
    yield from ((folder / "desk.toml", "describes this desk") for folder in folders)


def _is_same(path: Path, own: Path) -> bool:
    """True for the same file, or the same path if neither exists yet."""
    try:
        return path.samefile(own)
    except OSError:
        return os.path.realpath(path) == os.path.realpath(own)


def is_written_through(path: Path) -> bool:
    """True if the name exists and must not be replaced by a new file."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return not stat.S_ISREG(found.st_mode) or found.st_nlink > 1


@contextmanager
def _through(path: Path) -> Iterator[IO[bytes]]:
    with path.open("wb") as out:
        yield out


@contextmanager
def _replaced(path: Path) -> Iterator[IO[bytes]]:
    """A temporary file that takes over name, mode and owner once it is synced."""
    before = path.stat() if path.exists() else None
    if before and not os.access(path, os.W_OK):
        raise PermissionError(0, "it is read-only")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as out:
            yield out
            out.flush()
            if before:
                _like(out.fileno(), before)
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _like(descriptor: int, before: os.stat_result) -> None:
    if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()) and os.geteuid() == 0:
        os.chown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
