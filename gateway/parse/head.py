"""Parses the head of a mail into (name, value) pairs, tolerantly (H20, H24)."""

import re
from typing import NamedTuple

from gateway.parse.limits import Limits

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r+\n|\n|\r")
_LEADING_BLANK = re.compile(rb"(?:[ \t]*[\r\n])*")
_END = {b"\n": re.compile(rb"\n\r*\n"), b"\r": re.compile(rb"\r\r")}
_NAME = re.compile(rb"[!-9;-~]+\Z")
_MBOX = re.compile(rb">?From [^:\s]")
# Names by which a line after a broken one is a header, not the text.
_WELL_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|reply-to|in-reply-to"
    rb"|references|return-path|delivered-to|sender|x-[!-9;-~]+)[ \t]*:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    rb"(?:x-google-)?dkim-signature|arc-[a-z-]+|domainkey-signature", re.IGNORECASE
)
# `tag=value;` or a piece of base64: one word, or several that end in a semicolon.
_TAGS = re.compile(rb"[a-z]{1,2}=[^\r\n]*|[A-Za-z0-9+/=]{16,};?", re.DOTALL)
_LOOK_AHEAD = 5  # lines


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
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t") and (fields or not _WELL_KNOWN.match(line.strip())):
            if fields:
                fields[-1].append(line)
            continue
        line = line if fields else line.lstrip(b" \t")
        if fields and _lost_its_indent(fields[-1], line):
            fields[-1].append(b" " + line)
            continue
        colon = line.find(b":")
        if colon > 0 and _NAME.match(line[:colon].rstrip()):
            fields.append([line[:colon].rstrip(), line[colon + 1 :]])
        elif not line or _MBOX.match(line):
            continue
        elif _header_follows(lines, number):
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


def _lost_its_indent(field: list[bytes], line: bytes) -> bool:
    """Is a line the rest of a signature's value, which some gateways write without its indent?"""
    if not _SIGNATURE.match(field[0]) or not _TAGS.fullmatch(line):
        return False
    return not _WELL_KNOWN.match(line)


def _header_follows(lines: list[bytes], number: int) -> bool:
    following = lines[number + 1 : number + 1 + _LOOK_AHEAD]
    return any(_WELL_KNOWN.match(line) for line in following)


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
