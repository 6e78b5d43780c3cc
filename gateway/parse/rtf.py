"""Decompresses Outlook's RTF (MS-OXRTFCP) and extracts its text, for a winmail.dat without another body (H14)."""

import re
import struct

from gateway.parse.charsets import decode, names

_COMPRESSED, _AS_IT_IS = b"LZFu", b"MELA"
# The initial dictionary (MS-OXRTFCP section 2.2.2.1).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4096
_MAX_SIZE = 2 << 20  # bytes of RTF
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"),
    *(b"themedata", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"fldinst"),
}
_SIGNS = {
    **dict.fromkeys((b"par", b"line", b"row", b"sect", b"page"), "\n"),
    **dict.fromkeys((b"tab", b"cell"), "\t"),
    **{b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’"},
    **{b"ldblquote": "“", b"rdblquote": "”"},
}
_ESCAPED = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}


def decompress(data: bytes) -> bytes:
    """Return the RTF, at most 2 MB, as far as it is intact; b"" if this is not compressed RTF."""
    if len(data) < 16:
        return b""
    (size,) = struct.unpack_from("<I", data, 4)
    size = min(size, _MAX_SIZE)
    if data[8:12] == _AS_IT_IS:
        return data[16 : 16 + size]
    if data[8:12] != _COMPRESSED:
        return b""
    ring = bytearray(_DICTIONARY.ljust(_RING, b"\0"))
    write, at = len(_DICTIONARY), 16
    out = bytearray()
    while at < len(data) and len(out) < size:
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                piece = data[at : at + 1]
                at += 1
            else:
                reference = int.from_bytes(data[at : at + 2], "big")
                at += 2
                place, length = reference >> 4, (reference & 15) + 2
                if place == write % _RING:
                    return bytes(out)
                piece = _copy(ring, place, length, write)
            for byte in piece:
                ring[write % _RING] = byte
                write += 1
            out += piece
            if at >= len(data):
                break
    return bytes(out[:size])


def _copy(ring: bytearray, place: int, length: int, write: int) -> bytes:
    """Return bytes of the ring from `place` on; they may include bytes that are being written."""
    gap = (write - place) % _RING
    piece = bytes(ring[(place + step) % _RING] for step in range(min(length, gap)))
    return (piece * (length // len(piece) + 1))[:length] if piece else b""


def to_text(rtf: bytes) -> str:
    """Return the text of RTF without invisible groups. One pass, no recursion."""
    return _Reader().read(rtf[:_MAX_SIZE]) if rtf.lstrip().startswith(b"{\\rtf") else ""


class _Reader:
    """Reads the tokens of RTF in one pass."""

    def __init__(self) -> None:
        self.codepage = "cp1252"
        self.text: list[str] = []
        self.waiting = bytearray()  # bytes of one or more characters
        self.skip = 0  # fallback characters left after \u
        self.fallback = 1
        self.hidden = False
        self.stack: list[tuple[bool, int]] = []

    def read(self, rtf: bytes) -> str:
        past = 0
        for found in _TOKEN.finditer(rtf):
            word, number, octet, sign, brace, plain = found.groups()
            if found.start() < past:
                continue  # binary data
            if word == b"bin":
                past = found.end() + max(0, int(number or 0))
            elif brace:
                self.brace(brace)
            elif word:
                self.word(word.lower(), int(number) if number else None)
            elif sign == b"*":
                self.hidden = True
            elif not self.hidden:
                self.take(bytes.fromhex(octet.decode()) if octet else plain or b"", sign)
        self.flush()
        return "".join(self.text)

    def brace(self, brace: bytes) -> None:
        self.flush()
        if brace == b"{":
            self.stack.append((self.hidden, self.fallback))
        elif self.stack:
            self.hidden, self.fallback = self.stack.pop()

    def word(self, word: bytes, number: int | None) -> None:
        if word in _UNSEEN:
            self.hidden = True
        elif word == b"ansicpg" and number:
            self.codepage = f"cp{number}" if names.codec(f"cp{number}") else self.codepage
        elif word == b"uc":
            self.fallback = number or 0
        elif self.hidden:
            return
        elif word == b"u" and number is not None:
            self.flush()
            self.text.append(chr(number % 0x10000))
            self.skip = self.fallback
        elif word in _SIGNS:
            self.flush()
            self.text.append(_SIGNS[word])

    def take(self, content: bytes, sign: bytes | None) -> None:
        if sign is not None:
            self.flush()
            self.text.append(_ESCAPED.get(sign, ""))
            return
        skipped = min(self.skip, len(content))
        self.skip -= skipped
        self.waiting += content[skipped:]

    def flush(self) -> None:
        self.skip = 0
        if self.waiting:
            self.text.append(decode.decode(bytes(self.waiting), self.codepage))
            self.waiting.clear()
