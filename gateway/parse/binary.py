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
    b"\xfd7zXZ\x00",
    b"SQLite format 3\x00",
)
_MAGIC_FORM = re.compile(
    rb"BZh[1-9]1AY&SY|RIFF.{4}(?:WEBP|WAVE|AVI )|\x00{3}.ftyp|OggS\x00", re.DOTALL
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Not NUL, tab, line ends, and what ISO-2022 needs.
_CONTROL = bytes((*range(0x01, 0x09), 0x0B, *range(0x10, 0x1B), *range(0x1C, 0x20), 0x7F))
_SAMPLE = 8192  # bytes
_MIN = 3
_SHARE = 0.02
_SHARE_OF_ZEROS = 0.1


def is_binary(content: bytes, declared: str | None) -> bool:
    """Is this no text, whatever it is called? Text has next to no control characters."""
    if content.startswith(_MAGIC) or _MAGIC_FORM.match(content):
        return True
    wide = (names.codec(declared or "") or "").startswith(
        ("utf-16", "utf-32", "cp037", "cp500", "cp1140")
    )
    if wide or content.startswith(_WIDE_MARKS):
        return False
    sample = content[:_SAMPLE]
    zeros = sample.rstrip(b"\0")
    if b"\0\0\0" in zeros and zeros.count(0) >= _SHARE_OF_ZEROS * len(zeros):
        return True  # in UTF-16 without a mark they stand between letters
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control >= max(_MIN, _SHARE * len(sample))
