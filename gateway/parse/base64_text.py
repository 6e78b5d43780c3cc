"""Decodes base64 tolerantly: junk, padding, several blocks, and words that are no base64 at all (H22). Linear time."""

import binascii
import re

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64) - {ord("=")})
_PADDED = _BASE64 + b"="
_LINE = re.compile(rb"[ \t]*+([A-Za-z0-9+/]*+={0,3}+)(?:[ \t]*+(?:[\r\n]++|\Z)|(?<==)(?=[ \t]))")
_LONG = re.compile(rb"[A-Za-z0-9+/]{40}")  # a run of this length is base64, not a word
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16
_CONTINUATION = bytes(range(0x80, 0xC0))  # of UTF-8
_WORD = 20  # characters of the longest single word that is told from damaged base64
_SHORT = 40  # characters of a line that may be a word
_FEW = 2  # words above base64, with fewer it may be a damaged line
_SAMPLE = 4096  # bytes


def base64(content: bytes) -> tuple[bytes, str | None]:
    """Decode base64; words below it, such as a mailing list's footer, are left out."""
    return _decode(content[: _end(content, is_text=False)])


def base64_text(content: bytes) -> tuple[bytes, str | None]:
    """Decode a text: one that is only declared base64 stays as it is, words below base64 are kept."""
    if _is_plain(content):
        return content, "Declared as base64, but plain text: taken as it is."
    above, content = _words_above(content)
    end = _end(content, is_text=True)
    decoded, defect = _decode(content[:end])
    if above:
        decoded, defect = above + b"\n" + decoded, "Words above the base64: kept as they are."
    below = content[end:].strip()
    if below:
        return decoded + b"\n" + below, "Words below the base64: kept as they are."
    return decoded, defect


def _words_above(content: bytes) -> tuple[bytes, bytes]:
    """Return words such as a gateway's warning, and the base64 that begins in a line below them."""
    found = _LONG.search(content[:_SAMPLE])
    above = content[: found.start()] if found else b""
    if found is None or len(above.split()) < _FEW or not above.endswith((b"\n", b"\r")):
        return b"", content
    below = content[found.start() :]
    is_words = (
        _is_words(above) and not _is_words(_mend(above)) and _is_words(_mend(below[:_SAMPLE]))
    )
    return (above.strip(), below) if is_words else (b"", content)


def _end(content: bytes, *, is_text: bool) -> int:
    """Return where base64 ends and words begin that no base64 follows; else the length."""
    padding = content.find(b"=")
    only_at_end = padding < 0 or not content[padding:].strip(b"=\r\n")
    if only_at_end and not is_text and not content.translate(None, _PADDED + b"\r\n"):
        return len(content)
    at = good = size = 0  # `good`: where the last complete block ends; `size`: of its characters
    padded = False
    words = None if is_text else False  # does the base64 so far hold words?
    while at < len(content) and (line := _LINE.match(content, at)) is not None:
        block = line[1]
        if block and 0 < good == at and len(block) < _SHORT:
            if words is None:
                words = _is_words(_mend(content[:at][:_SAMPLE]))
            if (padded and len(block) % 4) or (words and not _is_words(_mend(block))):
                break
        at = line.end()
        padded = block.endswith(b"=") or (padded and not block)
        size = 0 if padded else size + len(block)
        good = at if size % 4 == 0 else good
    else:
        if at >= len(content):
            return at
        rest = content[at : at + _SAMPLE]
        good = at if len(rest.split()) > 1 else good
    return good if good and not _LONG.search(content, good) else len(content)


def _is_plain(content: bytes) -> bool:
    """Is a text declared base64 in plain words?"""
    sample = content[:_SAMPLE].strip()
    if not sample or _CONTROL.search(sample) or _LONG.search(sample):
        return False
    first, *rest = sample.splitlines()
    if first.strip().translate(None, _PADDED):
        return not _is_words(_mend(sample), at_start=True)
    decoded = _mend(first)
    if not rest and len(first) % 4 == 1 and len(first) < _WORD:
        return True  # no base64 has this length
    if len(first) >= _WORD and len(first) % 4 == 0 and not first[1:].islower():
        return False  # no word is so long and has capitals inside
    if _is_words(decoded) or first.endswith(b"=") or decoded.startswith(_WIDE_MARKS):
        return False
    if any(line.translate(None, _PADDED) for line in rest):
        return True
    return bool(_CONTROL.search(decoded))


def _is_words(content: bytes, *, at_start: bool = False) -> bool:
    """Is this UTF-8 text, perhaps cut inside its last character, and inside its first unless it is `at_start`?"""
    if not at_start:
        content = content[:3].lstrip(_CONTINUATION) + content[3:]
    text = content.decode("utf-8", "ignore").encode()
    return (
        bool(text)
        and len(text) > len(content) - 4
        and content.startswith(text)
        and not _CONTROL.search(text)
    )


def _decode(content: bytes) -> tuple[bytes, str | None]:
    padding = content.find(b"=")
    if padding >= 0 and content[padding:].strip(b"= \t\r\n"):
        blocks = re.split(rb"=+", content)
        joined = b"".join(_mend(block) for block in blocks if block)
        return joined, "Base64 in several padded blocks: joined."
    try:
        return binascii.a2b_base64(content), None
    except binascii.Error:
        return _mend(content), "Damaged base64: decoded as far as it goes."


def _mend(content: bytes) -> bytes:
    clean = content.translate(None, _NOT_BASE64)
    clean = clean.split(b"=", 1)[0]
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
