"""Parses the head of a mail into (name, value) pairs, tolerantly (H20, H24)."""

import re
from bisect import bisect_right
from typing import NamedTuple

from gateway.parse import lost_indent
from gateway.parse.limits import Limits
from gateway.parse.lost_indent import WELL_KNOWN

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r+\n|\n|\r")
_LEADING_BLANK = re.compile(rb"(?:[ \t]*[\r\n])*")
_END = {b"\n": re.compile(rb"\n\r*\n"), b"\r": re.compile(rb"\r\r")}
_NAME = re.compile(rb"[!-9;-~]+\Z")
_MBOX = re.compile(rb">?From [^:\s]")
_LOOK_AHEAD = 5  # lines


class _Following:
    """Where well-known headers follow in a head; found at the first line that is none."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines
        self._known: list[int] | None = None

    def has_header(self, number: int, within: int) -> bool:
        """Does one of these next lines begin a well-known header?"""
        if self._known is None:
            known = enumerate(self._lines)
            self._known = [at for at, line in known if WELL_KNOWN.match(line)]
        at = bisect_right(self._known, number)
        return at < len(self._known) and self._known[at] <= number + within

    def continues(self, field: list[bytes], line: bytes, number: int) -> bool:
        """Does a line that is no header continue the one above, as more headers follow?"""
        if lost_indent.is_base64(field, line):
            return self.has_header(number, len(self._lines))
        return lost_indent.is_likely(field, line) and self.has_header(number, _LOOK_AHEAD)


class Head(NamedTuple):
    """Fields in order (lower-case name, unfolded raw value), where the body starts, and defects."""

    fields: list[tuple[str, bytes]]
    body: int
    defects: list[str]

    def first(self, name: str) -> bytes:
        """Return the first value that is not blank (H30), or b""."""
        return next((value for key, value in self.fields if key == name and value.strip()), b"")

    def all(self, name: str) -> list[bytes]:
        """Return every value, in order."""
        return [value for key, value in self.fields if key == name]


def split(raw: bytes, limits: Limits) -> Head:
    """Parse the head of a mail, or of a returned message inside a report."""
    defects: list[str] = []
    start = _first_line(raw, defects)
    first_end = _LINE_END.search(raw, start, start + limits.head_bytes)
    newline = b"\r" if first_end is not None and first_end[0] == b"\r" else b"\n"
    stop, body = _extent(raw, start, newline, limits, defects)
    lines = raw[start:stop].split(newline)
    fields: list[list[bytes]] = []
    following = _Following(lines)
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t") and (fields or not WELL_KNOWN.match(line.strip())):
            if fields:
                fields[-1].append(line)
            continue
        line = line if fields else line.lstrip(b" \t")
        if fields and lost_indent.is_certain(fields[-1], line):
            fields[-1].append(b" " + line)
            continue
        colon = line.find(b":")
        if colon > 0 and _NAME.match(line[:colon].rstrip()):
            fields.append([line[:colon].rstrip(), line[colon + 1 :]])
        elif not line or _MBOX.match(line):
            continue
        elif fields and following.continues(fields[-1], line, number):
            fields[-1].append(b" " + line)
        elif following.has_header(number, _LOOK_AHEAD):
            defects.append("A line of the head is no header: skipped.")
        else:
            defects.append("No blank line between head and text.")
            body = start + sum(len(before) + 1 for before in lines[:number])
            break
    return Head(_join(fields, limits, defects), body, defects)


def _first_line(raw: bytes, defects: list[str]) -> int:
    """Skip blank lines, a byte order mark and an mbox line (H20)."""
    start = len(_BOM) if raw.startswith(_BOM) else 0
    blank = _LEADING_BLANK.match(raw, start)
    start = blank.end() if blank else start
    if _MBOX.match(raw, start):
        defects.append("An mbox line stands before the head.")
    return start


def _extent(
    raw: bytes, start: int, newline: bytes, limits: Limits, defects: list[str]
) -> tuple[int, int]:
    """Return the lines of the head, and where the body starts."""
    limit = start + limits.head_bytes
    end = _END[newline].search(raw, start, limit)
    if end is not None:
        return end.start(), end.end()
    if limit >= len(raw):
        return len(raw), len(raw)
    defects.append("The head is too long: cut.")
    cut = raw.rfind(newline, start, limit)
    cut = cut if cut > start else limit
    return cut, cut


def _join(fields: list[list[bytes]], limits: Limits, defects: list[str]) -> list[tuple[str, bytes]]:
    if len(fields) > limits.headers:
        defects.append(f"More than {limits.headers} headers: the rest is left out.")
        del fields[limits.headers :]
    joined: list[tuple[str, bytes]] = []
    for name, *lines in fields:
        value = b"".join(lines) if len(lines) > 1 else lines[0]
        if len(value) > limits.header_bytes:
            defects.append(f"Header {name.decode()[:40]} is too long: cut.")
            value = value[: limits.header_bytes]
        joined.append((name.decode().lower(), value))
    return joined
