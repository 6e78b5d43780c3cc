"""Decodes header values: raw 8-bit bytes (H6), encoded words (RFC 2047, H5), one clean line. Linear time."""

import binascii
import re

from gateway.parse.base64_text import base64
from gateway.parse.charsets import decode
from gateway.parse.clean_text import clean_header

# The start of an encoded word; a language may follow the charset (RFC 2231 section 5).
WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?]{0,40})?\?([BbQq])\?")


def raw_text(value: bytes, body_charset: str | None = None, likely: str | None = None) -> str:
    """Decode the bytes of a value, but not encoded words: as ASCII, UTF-8, the body's charset, or a guess.

    `likely` is the codec detected over the whole mail.
    """
    if value.isascii():
        return value.decode("ascii") if b"\x1b$" not in value else decode.decode(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return decode.decode(value, body_charset, likely)


def text(value: str) -> str:
    """Decode a value to one clean line."""
    return clean_header(decode_words(value) if "=?" in value else value)


def word_end(value: str, opening: re.Match[str], known_end: int) -> int:
    """Return where the payload of an encoded word ends, or -1; `known_end`: the last result, for linear time."""
    if known_end >= opening.end():
        return known_end
    return value.find("?=", opening.end())


def decode_words(value: str) -> str:
    """Decode encoded words; incomplete ones stay as they are.

    Adjacent words of one charset are joined before decoding, because some senders split a character.
    """
    pieces: list[str] = []
    pending: tuple[str, bytes] | None = None
    at = end = 0
    opening = WORD.search(value)
    while opening is not None:
        end = word_end(value, opening, end)
        if end < 0:
            break
        following = WORD.search(value, opening.end())
        stop = end
        if following is not None and following.start() < end:
            stop = following.start()  # the closing mark is missing
        gap = value[at : opening.start()]
        payload = value[opening.end() : stop]
        content = _payload(payload, opening[2])
        # Raw 8-bit bytes in a word are decoded already.
        name = opening[1].lower() if payload.isascii() else "utf-8"
        if pending is not None and not gap.strip() and pending[0] == name:
            pending = (pending[0], pending[1] + content)
        else:
            if pending is not None:
                pieces.append(decode.decode(pending[1], pending[0]))
            if pending is None or gap.strip():
                pieces.append(gap)
            pending = (name, content)
        at = stop + 2 if stop == end else stop
        if following is not None and following.start() < at:
            following = WORD.search(value, at)
        opening = following
    if pending is not None:
        pieces.append(decode.decode(pending[1], pending[0]))
    pieces.append(value[at:])
    return "".join(pieces)


def _payload(payload: str, encoding: str) -> bytes:
    content = payload.encode("utf-8", "surrogatepass")
    if encoding in "bB":
        return base64(content)[0]
    return binascii.a2b_qp(content, header=True)
