"""Unwraps S/MIME signed-data, and recognises encrypted data (RFC 8551; H17).

Our own small parser goes straight to the signed content; a library would also decode foreign certificates.
"""

from typing import NamedTuple

from gateway.parse.head import Head, split
from gateway.parse.limits import Limits
from gateway.parse.tree import Leaf, build, leaves

_TYPES = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_MIME = ("content-", "mime-version")  # headers of a MIME entity
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = bytes.fromhex("2a864886f70d010703")
_AUTH_ENVELOPED = bytes.fromhex("2a864886f70d0109100117")
_SEQUENCE, _OID, _OCTETS, _OCTETS_IN_PIECES, _EXPLICIT = 0x30, 0x06, 0x04, 0x24, 0xA0
_END_OF_CONTENTS = b"\0\0"
_MAX_DEPTH = 4  # of octet strings in octet strings
_MAX_LAYERS = 3  # signed, encrypted and signed again is the most in use (RFC 8551 section 3.7)


class _Value(NamedTuple):
    """A DER or BER value: its tag, and where its content starts and ends; `end` None: up to an end mark."""

    tag: int
    start: int
    end: int | None


def unwrap(found: list[Leaf], limits: Limits, layers: int = _MAX_LAYERS) -> list[Leaf]:
    """Replace each signed-data by the leaves that it signs, with paths such as `1.m.2`."""
    flat: list[Leaf] = []
    for leaf in found:
        inner = content(leaf.entity.content()[0]) if is_smime(leaf) and layers else None
        flat += (
            [leaf] if inner is None else unwrap(_leaves(leaf, inner, limits), limits, layers - 1)
        )
    return flat


def _leaves(outer: Leaf, inner: bytes, limits: Limits) -> list[Leaf]:
    top = split(inner, limits)
    if not any(name.startswith(_MIME) for name, _ in top.fields):
        top = Head([], 0, [])  # plain text, whatever its first lines look like
    root, _ = build(inner, top, limits)
    return [
        one._replace(path=f"{outer.path}.m.{one.path}", choice=outer.choice or _within(outer, one))
        for one in leaves(root)
    ]


def _within(outer: Leaf, inner: Leaf) -> str | None:
    return None if inner.choice is None else f"{outer.path}.m.{inner.choice}"


def is_smime(leaf: Leaf) -> bool:
    """Is a leaf declared or named as S/MIME?"""
    entity = leaf.entity
    if entity.type in _TYPES:
        return True
    name = entity.disposition[1].get("filename", "") or entity.params.get("name", "")
    return entity.type == "application/octet-stream" and name.lower().endswith(".p7m")


def content(data: bytes) -> bytes | None:
    """Return the MIME entity that signed-data signs; None if this is not signed-data or is damaged."""
    try:
        at, kind = _content_of(data)
        if kind != _SIGNED:
            return None
        at = _inside(data, at, _SEQUENCE)
        for _ in range(2):  # version, digestAlgorithms
            at = _past(data, at)
        at = _inside(data, at, _SEQUENCE)  # encapContentInfo
        at = _inside(data, _past(data, at), _EXPLICIT)
        return b"".join(_octets(data, at, _MAX_DEPTH))
    except (IndexError, ValueError):
        return None


def is_encrypted(data: bytes) -> bool:
    """Is this encrypted (enveloped data)?"""
    try:
        return _content_of(data)[1] in (_ENVELOPED, _AUTH_ENVELOPED)
    except (IndexError, ValueError):
        return False


def _content_of(data: bytes) -> tuple[int, bytes]:
    """Return where the content of a ContentInfo (RFC 5652 section 3) starts, and its type."""
    at = _inside(data, 0, _SEQUENCE)
    kind = _value(data, at)
    if kind.tag != _OID or kind.end is None:
        raise ValueError
    return _inside(data, kind.end, _EXPLICIT), data[kind.start : kind.end]


def _value(data: bytes, at: int) -> _Value:
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length == 0x80:
        return _Value(tag, start, None)
    if length > 0x80:
        count = length - 0x80
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if tag & 0x1F == 0x1F or start + length > len(data):
        raise ValueError
    return _Value(tag, start, start + length)


def _inside(data: bytes, at: int, tag: int) -> int:
    found = _value(data, at)
    if found.tag != tag:
        raise ValueError
    return found.start


def _past(data: bytes, at: int) -> int:
    """Return where the next value starts; end marks are counted if lengths are missing."""
    found = _value(data, at)
    at, open_ = found.end or found.start, int(found.end is None)
    while open_:
        if data[at : at + 2] == _END_OF_CONTENTS:
            open_ -= 1
            at += 2
            continue
        found = _value(data, at)
        open_ += found.end is None
        at = found.end or found.start
    return at


def _octets(data: bytes, at: int, depth: int) -> list[bytes]:
    """Return the bytes of an octet string, in one piece or several."""
    found = _value(data, at)
    if found.tag == _OCTETS and found.end is not None:
        return [data[found.start : found.end]]
    if found.tag != _OCTETS_IN_PIECES or not depth:
        raise ValueError
    pieces: list[bytes] = []
    at = found.start
    end = len(data) if found.end is None else found.end
    while at < end and data[at : at + 2] != _END_OF_CONTENTS:
        pieces += _octets(data, at, depth - 1)
        at = _past(data, at)
    return pieces
