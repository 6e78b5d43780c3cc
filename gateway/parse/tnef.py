"""Extracts the files and the text of a winmail.dat, Outlook's own format (MS-OXTNEF; H14).

tnefparse is not used, because it loops as often as a forged count says, and strips NULs from the end of files. Here
every count is checked against the actual bytes, so the time is linear in the size.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from gateway.parse import rtf
from gateway.parse.charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BHHI")  # level, attribute, its type, length of its data
_EMBEDDED = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage before a message
_MAX_DEPTH = 5  # of messages in messages

_BODY, _TITLE, _DATA, _RENDERING = 0x800C, 0x8010, 0x800F, 0x9002
_MESSAGE_PROPERTIES, _FILE_PROPERTIES, _CODEPAGE = 0x9003, 0x9005, 0x9007
_P_BODY, _P_HTML, _P_RTF, _P_INTERNET_CODEPAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
_P_DISPLAY_NAME, _P_OBJECT, _P_SHORT_NAME, _P_LONG_NAME = 0x3001, 0x3701, 0x3704, 0x3707
_P_MIME, _P_CONTENT_ID = 0x370E, 0x3712
# Bytes of the property types of fixed size, with padding.
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_UNICODE = 0x1F
_VARIABLE = {0x0, 0x0D, 0x1E, _UNICODE, 0x102}


class PackedFile(Struct):
    """A file inside a winmail.dat."""

    name: str = ""
    type: str = "application/octet-stream"
    content: bytes = b""
    content_id: str = ""
    is_message: bool = False  # its content is read on its own


class Unpacked(Struct):
    """The content of a winmail.dat. `text` and `html`: its own body, or empty; `rtf`: still compressed."""

    files: list[PackedFile]
    text: str = ""
    html: str = ""
    rtf: bytes = b""


class _Property(NamedTuple):
    id: int
    type: int
    value: bytes

    def words(self, codepage: str) -> str:
        """Return the value of a text property."""
        if self.type == _UNICODE:
            return self.value.decode("utf-16-le", "replace").split("\0")[0]
        return decode.decode(self.value.split(b"\0")[0], codepage)


def unpack(content: bytes) -> Unpacked | None:
    """Return the files and the body, as far as the structure is intact; None if this is not TNEF."""
    if not content.startswith(SIGNATURE):
        return None
    found = Unpacked(files=[])
    waiting = [(content, 0)]
    while waiting:
        stream, depth = waiting.pop()
        for inner in _read(stream, found, top=depth == 0):
            if depth < _MAX_DEPTH:
                waiting.append((inner, depth + 1))
    found.files = [
        file for file in found.files if file.content or (file.name and not file.is_message)
    ]
    if not (found.text.strip() or found.html.strip()):
        found.text = rtf.to_text(rtf.decompress(found.rtf))
    return found


def _read(stream: bytes, found: Unpacked, *, top: bool) -> Iterator[bytes]:
    """Collect from one message; return the streams of messages embedded in it."""
    codepage = "cp1252"
    file = PackedFile()
    for attribute, data in _attributes(stream):
        if attribute == _CODEPAGE and len(data) >= 4:
            codepage = f"cp{int.from_bytes(data[:4], 'little')}"
        elif attribute == _RENDERING:
            file = PackedFile()
            found.files.append(file)
        elif attribute == _TITLE:
            file.name = file.name or decode.decode(data.split(b"\0")[0], codepage)
        elif attribute == _DATA:
            file.content = data
        elif attribute == _FILE_PROPERTIES:
            inner = _describe(file, data, codepage)
            if inner:
                yield inner
        elif attribute == _BODY and top:
            found.text = decode.decode(data.rstrip(b"\0"), codepage)
        elif attribute == _MESSAGE_PROPERTIES and top:
            _take_body(found, data, codepage)


def _attributes(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # past signature and key
    while at + _HEAD.size <= len(stream):
        _level, attribute, _type, length = _HEAD.unpack_from(stream, at)
        at += _HEAD.size
        yield attribute, stream[at : at + length]
        at += length + 2  # past the checksum


def _describe(file: PackedFile, data: bytes, codepage: str) -> bytes:
    """Set name, type and content of a file from its properties; return the stream of an embedded message."""
    inner = b""
    names: dict[int, str] = {}
    for found in _properties(data):
        if found.id in (_P_LONG_NAME, _P_SHORT_NAME, _P_DISPLAY_NAME):
            names[found.id] = found.words(codepage)
        elif found.id == _P_MIME:
            file.type = found.words(codepage).lower() or file.type
        elif found.id == _P_CONTENT_ID:
            file.content_id = found.words(codepage)
        elif found.id == _P_OBJECT and found.value.startswith(_EMBEDDED):
            inner = found.value[len(_EMBEDDED) :]
            file.is_message = True
        elif found.id == _P_OBJECT and not file.content:
            file.content = found.value
    best = names.get(_P_LONG_NAME) or names.get(_P_SHORT_NAME) or file.name
    file.name = best or names.get(_P_DISPLAY_NAME, "")
    return inner


def _take_body(found: Unpacked, data: bytes, codepage: str) -> None:
    html = b""
    internet = codepage
    for one in _properties(data):
        if one.id == _P_INTERNET_CODEPAGE and len(one.value) >= 4:
            number = int.from_bytes(one.value[:4], "little")
            internet = {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1"}.get(
                number, f"cp{number}"
            )
        elif one.id == _P_HTML:
            html = one.value.rstrip(b"\0")
        elif one.id == _P_BODY:
            found.text = one.words(codepage)
        elif one.id == _P_RTF:
            found.rtf = one.value
    found.html = decode.decode(html, internet)


def _properties(data: bytes) -> Iterator[_Property]:
    """Yield the properties of a stream until it ends or is invalid."""
    at = 4
    try:
        for _ in range(min(int.from_bytes(data[:4], "little"), len(data) // 4)):
            type_, id_ = struct.unpack_from("<HH", data, at)
            at += 4
            if id_ >= 0x8000:
                at = _past_name(data, at)
            several, type_ = bool(type_ & 0x1000), type_ & 0x0FFF
            count = 1
            if several or type_ in _VARIABLE:
                (count,) = struct.unpack_from("<I", data, at)
                at += 4
            for _ in range(min(count, len(data) // 2)):
                value, at = _value(data, at, type_)
                yield _Property(id_, type_, value)
    except (struct.error, KeyError):
        return  # truncated, or a type of unknown size: keep what came before


def _past_name(data: bytes, at: int) -> int:
    (kind,) = struct.unpack_from("<I", data, at + 16)
    if kind == 0:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return int(at + 24 + length + -length % 4)


def _value(data: bytes, at: int, type_: int) -> tuple[bytes, int]:
    if type_ not in _VARIABLE:
        end = at + _FIXED[type_]
        if end > len(data):
            raise struct.error
        return data[at:end], end
    (length,) = struct.unpack_from("<I", data, at)
    at += 4
    return data[at : at + length], int(at + length + -length % 4)
