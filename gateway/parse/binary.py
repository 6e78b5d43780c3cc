"""Tells a file from a text that it is only called (H11, J5)."""

import re

from gateway.parse.charsets import names

_MAGIC = (
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"Rar!\x1a",
    b"7z\xbc\xaf\x27\x1c",
    b"\xd0\xcf\x11\xe0\xa1\xb1",
    b"II*\x00",
    b"MM\x00*",
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Not NUL, tab, line ends, and what ISO-2022 needs.
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x10-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 8192  # bytes
_MIN = 3
_SHARE = 0.02


def is_binary(content: bytes, declared: str | None) -> bool:
    """Is this no text, whatever it is called? Text has next to no control characters."""
    if content.startswith(_MAGIC):
        return True
    wide = (names.codec(declared or "") or "").startswith(
        ("utf-16", "utf-32", "cp037", "cp500", "cp1140")
    )
    if wide or content.startswith(_WIDE_MARKS):
        return False
    sample = content[:_SAMPLE]
    return len(_CONTROL.findall(sample)) >= max(_MIN, _SHARE * len(sample))
