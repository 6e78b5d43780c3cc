"""Decodes Content-Transfer-Encoding, also if it is damaged (RFC 2045 section 6, H22)."""

import binascii
import re

from gateway.parse import uuencode
from gateway.parse.base64_text import base64, base64_text

_WORD = re.compile(r"[A-Za-z0-9-]+")
_BLANK_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")


def decode(content: bytes, encoding: str, *, is_text: bool = False) -> tuple[bytes, str | None]:
    """Return the decoded bytes of a part, and a defect or ""; an unknown encoding leaves them unchanged.

    A text that is only declared base64, and words below base64, stay in a text.
    """
    word = _WORD.search(encoding)
    name = word[0].lower() if word else ""
    if name == "base64":
        return base64_text(content) if is_text else base64(content)
    if name == "quoted-printable":
        return quoted_printable(content), None
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uuencode.decode(content), None
    if name in ("", "7bit", "8bit", "binary"):
        return content, None
    return content, f'Unknown transfer encoding "{name[:40]}": taken as it is.'


def quoted_printable(content: bytes) -> bytes:
    """Decode quoted-printable; invalid escapes stay as they are, blanks before a soft break are removed."""
    if b"=\r" in content and b"\n" not in content:
        content = content.replace(b"\r", b"\n")  # a2b_qp does not know CR alone as a line end
    if b"= " in content or b"=\t" in content:
        content = _BLANK_SOFT_BREAK.sub(b"=", content)
    return binascii.a2b_qp(content)
