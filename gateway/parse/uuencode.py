"""Decodes uuencode, as a transfer encoding and as files inside a text (H15)."""

import binascii
import re
from typing import NamedTuple

_END = re.compile(rb"\nend[ \t]*\r?(?:\n|\Z)")
_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)


class UuencodedFile(NamedTuple):
    """A file in a text: its name and bytes, and where it is."""

    name: bytes
    content: bytes
    start: int
    end: int


def decode(content: bytes) -> bytes:
    """Decode uuencoded lines; the begin line may be missing, bad lines are skipped."""
    begin = _BEGIN.search(content)
    lines = content[begin.end() :].lstrip(b"\r\n") if begin else content
    return _lines(lines.splitlines())[0]


def files(content: bytes) -> list[UuencodedFile]:
    """Return every complete `begin 644 name … end` block of a text, in order."""
    found: list[UuencodedFile] = []
    at = 0
    while (begin := _BEGIN.search(content, at)) is not None:
        body = begin.end()
        end = _END.search(content, body)
        if end is None:
            break
        decoded, good = _lines(content[body : end.start()].splitlines())
        if good and decoded:
            found.append(UuencodedFile(begin[1].strip(), decoded, begin.start(), end.end()))
        at = end.end()
    return found


def without_files(content: bytes, found: list[UuencodedFile]) -> bytes:
    """Return the text without these files."""
    rest: list[bytes] = []
    at = 0
    for file in found:
        rest.append(content[at : file.start])
        at = file.end
    return b"".join([*rest, content[at:]])


def _lines(lines: list[bytes]) -> tuple[bytes, bool]:
    """Return the decoded bytes, and whether every line was valid."""
    decoded: list[bytes] = []
    good = True
    for line in lines:
        if not line.strip() or line == b"`":
            continue
        if line == b"end":
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # For encoders that pad wrongly, take as many bytes as the length says (as the uu module does).
            count = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                good = False
    return b"".join(decoded), good
