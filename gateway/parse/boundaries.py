"""Renames the boundaries of multiparts that have the boundary of one around them (H23). Linear time."""

import re
from typing import NamedTuple

from gateway.parse import params
from gateway.parse.head import split
from gateway.parse.headers import raw_text
from gateway.parse.limits import Limits

_DECLARED = re.compile(rb"boundary[ \t]*+=[ \t]*+\"?([^\"\r\n;]{1,200})", re.IGNORECASE)
_DASHED = re.compile(rb"(?:\A|(?<=[\r\n]))--([^\r\n]{1,250})")
_HEAD_END = re.compile(rb"\r?\n\r?\n|\r\r")
_MAX_HEAD = 64 << 10  # bytes of the head of a part


class _Open(NamedTuple):
    """A multipart that is not closed: its boundary, and the one it gets instead."""

    declared: bytes
    given: bytes


def rename(body: bytes, boundary: bytes, limits: Limits) -> bytes:
    """Return the body of a multipart in which no multipart has the boundary of one around it."""
    declared = (
        [found[1].strip() for found in _DECLARED.finditer(body)] if b"oundary" in body else []
    )
    if len({boundary, *declared}) == len(declared) + 1:
        return body
    open_ = [_Open(boundary, boundary)]
    pieces: list[bytes] = []
    at = 0
    for found in _DASHED.finditer(body):
        if found.start() < at:
            continue
        level, closing = _level(open_, found[1].rstrip(b" \t"))
        if level is None:
            continue
        del open_[level + 1 :]
        given = open_[level].given
        pieces += [body[at : found.start()], b"--", given, b"--" if closing else b""]
        at = found.end()
        if closing:
            del open_[max(level, 1) :]
            continue
        head_end = _HEAD_END.search(body, at, at + _MAX_HEAD)
        inner = _inner_boundary(body[at : head_end.end()], limits) if head_end else b""
        if head_end is None or not inner or len(open_) >= limits.depth:
            continue
        new = inner
        if any(one.declared == inner for one in open_):
            new = b"%s.%d" % (inner[:180], len(pieces))
            replaced = _replaced(body[at : head_end.end()], inner, new)
            if not replaced:
                continue
            pieces.append(replaced)
            at = head_end.end()
        open_.append(_Open(inner, new))
    return b"".join([*pieces, body[at:]])


def _level(open_: list[_Open], text: bytes) -> tuple[int | None, bool]:
    """Return which open multipart a line delimits, the innermost first, and whether it closes it."""
    for level in range(len(open_) - 1, -1, -1):
        if text == open_[level].declared:
            return level, False
        if text == open_[level].declared + b"--":
            return level, True
    return None, False


def _inner_boundary(head: bytes, limits: Limits) -> bytes:
    """Return the boundary if these are the headers of a multipart."""
    value = split(head.lstrip(b" \t\r\n"), limits).first("content-type")
    type_, found = params.parse(raw_text(value))
    boundary = found.get("boundary", "").rstrip() if type_.startswith("multipart/") else ""
    return boundary.encode("utf-8", "surrogateescape")


def _replaced(head: bytes, old: bytes, new: bytes) -> bytes:
    found = re.search(rb"boundary[ \t]*+=[ \t]*+\"?", head, re.IGNORECASE)
    if found is None or not head.startswith(old, found.end()):
        return b""
    return head[: found.end()] + new + head[found.end() + len(old) :]
