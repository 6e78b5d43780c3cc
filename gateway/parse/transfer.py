"""Decodes Content-Transfer-Encoding, also if it is damaged (RFC 2045 section 6, H22)."""

import binascii
import re

from gateway.parse import uuencode

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64) - {ord("=")})
_WORD = re.compile(r"[A-Za-z0-9-]+")
_BLANK_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_ONLY_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")


def decode(content: bytes, encoding: str) -> tuple[bytes, str | None]:
    """Return the decoded bytes of a part, and a defect or ""; an unknown encoding leaves them unchanged."""
    word = _WORD.search(encoding)
    name = word[0].lower() if word else ""
    if name == "base64":
        return base64(content)
    if name == "quoted-printable":
        return quoted_printable(content), None
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return uuencode.decode(content), None
    if name in ("", "7bit", "8bit", "binary"):
        return content, None
    return content, f'Unknown transfer encoding "{name[:40]}": taken as it is.'


def base64(content: bytes) -> tuple[bytes, str | None]:
    """Decode base64 tolerantly: skip junk, repair padding, join separately padded blocks."""
    padding = content.find(b"=")
    # Only a rest that is base64 too is another block; a mailing list's footer is not.
    if 0 <= padding < len(content) - 4 and _has_more(content, padding):
        return _base64_blocks(content), "Base64 in several padded blocks: joined."
    try:
        return binascii.a2b_base64(content), None
    except binascii.Error:
        return _mend(content), "Damaged base64: decoded as far as it goes."


def _has_more(content: bytes, padding: int) -> bool:
    tail = content[padding:].lstrip(b"=").strip()
    return bool(tail) and _ONLY_BASE64.fullmatch(tail) is not None


def _base64_blocks(content: bytes) -> bytes:
    blocks = re.split(rb"=+", content)
    return b"".join(_mend(block) for block in blocks if block)


def _mend(content: bytes) -> bytes:
    clean = content.translate(None, _NOT_BASE64)
    clean = clean.split(b"=", 1)[0]
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))


def quoted_printable(content: bytes) -> bytes:
    """Decode quoted-printable; invalid escapes stay as they are, blanks before a soft break are removed."""
    if b"=\r" in content and b"\n" not in content:
        content = content.replace(b"\r", b"\n")  # a2b_qp does not know CR alone as a line end
    if b"= " in content or b"=\t" in content:
        content = _BLANK_SOFT_BREAK.sub(b"=", content)
    return binascii.a2b_qp(content)
