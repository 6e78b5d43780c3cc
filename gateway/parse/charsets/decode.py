"""Decodes bytes: by the declared charset, UTF-8, detection, or cp1252; nothing is dropped (H3, H4)."""

import re

from gateway.parse.charsets import iso2022_jp
from gateway.parse.charsets.detection import detect
from gateway.parse.charsets.names import codec

# In these, bytes below 128 are not ASCII.
_NOT_ASCII = {"utf-7", "hz", "cp037", "cp500", "cp1140", "utf-16", "utf-16-le", "utf-16-be"}
_NOT_ASCII |= {"utf-32", "utf-32-le", "utf-32-be"}
_SINGLE_BYTE = ("cp125", "cp437", "cp7", "cp8", "iso8859", "koi8", "mac", "hp-roman8")
_LOW = re.compile(
    rb"[\x00-\x06]"
)  # in wide characters: the first byte of a letter of most writings
_FEW = 3  # characters beyond ASCII, with fewer any UTF-8 may be chance


def decode(content: bytes, declared: str | None = None, likely: str | None = None) -> str:
    """Decode `content`; `declared` is the charset's name as written in the mail. Never fails.

    `likely` is the codec detected over the whole mail, for text of an unknown charset.
    """
    name = codec(declared) if declared else None
    if content.isascii():
        return _decode_seven_bit(content, name)
    if name and not is_undeclared(declared):
        text = _as_utf8(content) if name.startswith(_SINGLE_BYTE) else None
        if text is None:
            # cp1252 is ISO-8859-1 as declared; bytes undefined in it only occur in other charsets.
            text = _strict(content, name)
        if text is not None:
            return text.removeprefix("\ufeff")
    return _guess(content, name, likely)


def is_undeclared(declared: str | None) -> bool:
    """Is the charset missing, unknown, or us-ascii? With 8-bit bytes that counts as undeclared (H3)."""
    lowered = (declared or "").lower()
    is_ascii = "ascii" in lowered or "646" in lowered or "x3.4" in lowered
    return is_ascii or codec(lowered) is None


def _as_utf8(content: bytes) -> str | None:
    """Return the text if it is UTF-8 under the name of a charset of single bytes, and not by chance."""
    text = _strict(content, "utf-8")
    if text is None:
        return None
    beyond = [char for char in text if char > "\x7f"]
    if any("\x80" <= char <= "\x9f" for char in beyond):
        return None
    usual = all(char < "\u0180" or "\u2000" <= char <= "\u20cf" for char in beyond)
    return text if usual or len(beyond) >= _FEW else None


def _decode_seven_bit(content: bytes, name: str | None) -> str:
    if b"\x1b$" in content or b"\x1b(" in content:
        # ISO-2022 looks like ASCII to all other steps, so it comes first.
        escaped = name if name and name.startswith("iso2022") else "iso2022_jp_ext"
        text = _strict(content, escaped)
        if text is None and b"\x1b$)C" in content:
            text = _strict(content, "iso2022_kr")
        return text if text is not None else _replaced(content, escaped)
    wide = name is not None and name[:6] in ("utf-16", "utf-32")
    if name in _NOT_ASCII and (not wide or _LOW.search(content)):
        text = _strict(content, name or "")
        if text is not None:
            return text
    return content.decode("ascii")


def _strict(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _replaced(content: bytes, name: str) -> str:
    if name.startswith("iso2022_jp"):
        return iso2022_jp.decode(content)
    return content.decode(name, "replace")


def _guess(content: bytes, name: str | None, likely: str | None) -> str:
    text = _strict(content, "utf-8")
    if text is not None:
        return text.removeprefix("\ufeff")
    for candidate in (name, "utf-8"):
        if candidate and candidate != "cp1252":
            text = _replaced(content, candidate)
            if _mostly_right(text):
                return text.removeprefix("\ufeff")
    for found in (likely, detect(content)):
        text = _strict(content, found) if found else None
        if text is not None:
            return text
    return content.decode("cp1252", "replace")


def _mostly_right(text: str) -> bool:
    """Are there few bad bytes in much good text? Then the text is damaged, but the declared charset is right."""
    bad = text.count("\ufffd")
    good = len(text) - bad - len(text.encode("ascii", "ignore"))
    return good >= 2 * bad
