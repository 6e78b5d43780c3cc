"""Reads mails from files: a single mail, an mbox, a Maildir. One bad mail does not stop the others."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

_PIECE = 65_536  # bytes read at once
_DATED = re.compile(rb"From \S*+\s.{0,99}\d\d:\d\d(?::\d\d)?\b.{0,99}\d{4}\s{0,9}\Z")
_FIELD = re.compile(rb"[!-9;-~]+:")
_QUOTED = re.compile(rb">+From ")


class Item(NamedTuple):
    """A mail, or the problem with one. `place` says where it is."""

    place: str
    raw: bytes = b""
    problem: str = ""


def from_maildir(path: Path, largest: int) -> Iterator[Item]:
    """Yield the mails in `cur` and `new`; subfolders are reported as problems."""
    if not ((path / "cur").is_dir() and (path / "new").is_dir()):
        yield Item(str(path), problem="it is not a Maildir: it has no new and cur.")
        return
    for folder in sorted(path.glob(".?*/cur")):
        yield Item(str(folder.parent), problem="it is a subfolder; name it to read its mail.")
    for name in ("cur", "new"):
        for file in sorted((path / name).iterdir()):
            if not file.name.startswith("."):
                yield _maildir_file(file, largest)


def _maildir_file(path: Path, largest: int) -> Item:
    try:
        if path.is_symlink() or not path.is_file():  # reading a FIFO would block
            return Item(str(path), problem="it is not a regular file.")
        with path.open("rb") as file:
            return whole(str(path), file, largest)
    except OSError as trouble:
        return Item(str(path), problem=f"it cannot be read: {trouble.strerror}.")


def from_file(name: str, file: IO[bytes], largest: int) -> Iterator[Item]:
    """Yield the mails of an mbox, or the single mail."""
    start = file.readline(_PIECE)
    if start.startswith(b"From "):
        yield from _mbox(name, file, largest)
    else:
        yield whole(name, file, largest, start)


def whole(name: str, file: IO[bytes], largest: int, start: bytes = b"") -> Item:
    """Read the rest of a file as one mail that begins with `start`."""
    raw = start + file.read(max(largest + 1 - len(start), 0))
    return Item(name, problem=_too_large(largest)) if len(raw) > largest else Item(name, raw)


def _too_large(largest: int) -> str:
    return f"it has more than {largest} bytes (max_message_size)."


def _mbox(name: str, file: IO[bytes], largest: int) -> Iterator[Item]:
    """Yield the mails after the first `From ` line.

    One `>` is removed from `>From ` and `>>From ` (mboxrd). Some programs (mboxcl) do not quote `From ` in text, so it
    begins a new mail only after an empty line and if it has a date or a header field follows.
    """
    number, mail = 1, _Mail(largest)
    at_start, empty, held = True, False, b""
    for piece in iter(lambda: file.readline(_PIECE), b""):
        if held:
            if _DATED.match(held) or _FIELD.match(piece):
                yield mail.item(f"{name}, mail {number}")
                number, mail = number + 1, _Mail(largest)
            else:
                mail.add(held)
            held = b""
        if at_start and empty and piece.startswith(b"From "):
            held = piece
        else:
            mail.add(piece[1:] if at_start and _QUOTED.match(piece) else piece)
        empty = at_start and not piece.strip(b"\r\n")
        at_start = piece.endswith(b"\n")
    mail.add(held)
    yield mail.item(f"{name}, mail {number}")


class _Mail:
    """Collects the lines of one mail of an mbox; not kept if it is too large."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._lines: list[bytes] = []
        self._size = 0

    def add(self, line: bytes) -> None:
        self._size += len(line)
        if self._size <= self._largest + 2:
            self._lines.append(line)

    def item(self, place: str) -> Item:
        """Return the mail without the empty line that belongs to the mbox."""
        last = self._lines[-1] if self._lines else b""
        blank = len(last) if not last.strip(b"\r\n") else 0
        if self._size - blank > self._largest:
            return Item(place, problem=_too_large(self._largest))
        return Item(place, b"".join(self._lines[:-1] if blank else self._lines))
