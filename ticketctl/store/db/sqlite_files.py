"""File permissions of a SQLite database: only its owner may open it, and a group if one is named."""

import grp
import os
import stat
from pathlib import Path

from ticketctl.errors import DatabaseTrouble, NotFound, Refused

_BESIDE = ("", "-wal", "-shm", "-journal")


def make(path: Path) -> None:
    """Create an empty file (0600) and its folder (0700) if missing; SQLite gives its mode to -wal and -shm."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as trouble:
        raise DatabaseTrouble(
            f"cannot make the folder {path.parent}: {trouble.strerror}."
        ) from trouble
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    except OSError as trouble:
        raise DatabaseTrouble(f"cannot make the file {path}: {trouble.strerror}.") from trouble


def of(path: Path) -> list[Path]:
    """A database's file, and those that SQLite puts beside it."""
    return [path.with_name(path.name + ending) for ending in _BESIDE]


def share(path: Path, group: str) -> list[Path]:
    """Give a group access: 0660, and 0770 for the folder if it contains nothing else; returns what was left alone.

    The folder passes its group on (setgid); otherwise -wal would get the group of the first writer.
    """
    gid = _gid(group)
    files = [one for one in of(path) if one.exists()]
    try:
        for one in files:
            os.chown(one, -1, gid)
            one.chmod(0o660)
        if set(path.parent.iterdir()) - set(files):
            return [path.parent]
        os.chown(path.parent, -1, gid)
        path.parent.chmod(0o2770)
    except OSError as trouble:
        raise Refused(
            f"{trouble.filename or path} cannot be given to the group {group}: {trouble.strerror}."
        ) from None
    return []


def exposed(path: Path) -> list[Path]:
    """The database files and their folder that others than owner and group may open."""
    return [one for one in (path.parent, *of(path)) if is_exposed(one)]


def is_exposed(path: Path) -> bool:
    """May others than owner and group open it? False if it does not exist."""
    try:
        return bool(path.stat().st_mode & stat.S_IRWXO)
    except OSError:
        return False


def _gid(group: str) -> int:
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        raise NotFound(f'this host has no group "{group}".') from None
