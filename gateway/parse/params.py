"""Parses parameters of Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231; H7). Linear time."""

import re
from urllib.parse import unquote_to_bytes

from gateway.parse.charsets import decode

_TOKEN = re.compile(r'[^";]+|"(?:[^"\\]|\\.)*"?|;', re.DOTALL)
_SECTION = re.compile(r"([^*]+)\*(?:(\d{1,3})(\*)?)?\Z")
_TYPE = re.compile(r"([!#-'*+.0-9A-Z^-z|~-]+)\s*(/\s*[!#-'*+.0-9A-Z^-z|~-]+)?")


def parse(value: str) -> tuple[str, dict[str, str]]:
    """Return the value before the parameters in lower case, and the decoded parameters by lower-case name.

    `filename*` has priority over `filename` (H7); of two equal names the first counts.
    """
    first, *pieces = _pieces(value)
    word, rest = _first_word(first)
    if rest:
        pieces.insert(0, rest)  # a missing semicolon: text/plain charset=utf-8
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bool, str]]] = {}
    for piece in pieces:
        key, equals, given = piece.partition("=")
        key = key.strip().lower()
        if not equals or not key:
            continue
        section = _SECTION.match(key) if "*" in key else None
        if section is None:
            plain.setdefault(key, _unquote(given))
        else:
            extended = section[2] is None or section[3] is not None
            number = int(section[2] or 0)
            sections.setdefault(section[1], {}).setdefault(number, (extended, _unquote(given)))
    return word, plain | {name: _join(some) for name, some in sections.items()}


def _pieces(value: str) -> list[str]:
    if '"' not in value:
        return value.split(";")
    pieces = [""]
    for token in _TOKEN.findall(value):
        if token == ";":
            pieces.append("")
        else:
            pieces[-1] += token
    return pieces


def _first_word(piece: str) -> tuple[str, str]:
    found = _TYPE.match(piece.strip())
    if not found:
        return "", piece
    return "".join(found[0].split()).lower(), piece.strip()[found.end() :]


def _unquote(given: str) -> str:
    given = given.strip()
    if given[:1] != '"':
        return given
    closing = given.rfind('"')
    inner = given[1:closing] if closing > 0 else given[1:]
    return inner.replace("\\\\", "\\").replace('\\"', '"')


def _join(sections: dict[int, tuple[bool, str]]) -> str:
    """Join and decode continuations (RFC 2231 sections 3 and 4)."""
    ordered = [sections[number] for number in sorted(sections)]
    if not any(extended for extended, _ in ordered):
        return "".join(text for _, text in ordered)
    first = ordered[0][1]
    name = "utf-8"
    if ordered[0][0] and first.count("'") >= 2:
        name, _language, first = first.split("'", 2)
        ordered[0] = (True, first)
    content = b"".join(
        unquote_to_bytes(text) if extended else text.encode("utf-8", "surrogateescape")
        for extended, text in ordered
    )
    return decode.decode(content, name or "utf-8")
