"""Parses Message-IDs: normal form (C3), and those in In-Reply-To and References (D5)."""

import hashlib
import re

_BRACKETED = re.compile(r"<([^<>]*)>")
_SEPARATORS = re.compile(r"[\s,;\"'<>]+")
_COMMENT = re.compile(r"\([^()]*\)")
_MAX_LENGTH = 998  # bytes of a line (RFC 5322 section 2.1.1)
_MAX_IDS = 1000  # ids of one header


def message_id(value: str) -> str | None:
    """Return the first id in normal form `<…>`, with its case; None if there is none."""
    bracketed = _BRACKETED.search(value)
    if bracketed is not None:
        return _normal(bracketed[1])
    words = _SEPARATORS.split(_COMMENT.sub(" ", value).strip())
    return _normal("".join(words) if len(words) < 3 else next(filter(None, words), ""))


def scan(value: str) -> tuple[str, ...]:
    """Return every id of the header, in order, each once.

    Ids without brackets count if they have an @ and are not in a comment.
    """
    found: dict[str, None] = {}
    at = 0
    for bracketed in _BRACKETED.finditer(value):
        _add(found, _bare(value[at : bracketed.start()]))
        _add(found, [bracketed[1]])
        at = bracketed.end()
        if len(found) >= _MAX_IDS:
            break
    else:
        _add(found, _bare(value[at:]))
    return tuple(found)


def in_reply_to(value: str) -> str | None:
    """Return the first id of In-Reply-To: one in brackets, else without (old mail programs write phrases there)."""
    bracketed = (_normal(found[1]) for found in _BRACKETED.finditer(value))
    return next((found for found in bracketed if found), None) or next(iter(scan(value)), None)


def _bare(text: str) -> list[str]:
    if "@" not in text:
        return []
    return [word for word in _SEPARATORS.split(_COMMENT.sub(" ", text)) if "@" in word]


def _add(found: dict[str, None], words: list[str]) -> None:
    for word in words:
        normal = _normal(word)
        if normal and len(found) < _MAX_IDS:
            found.setdefault(normal)


def _normal(inner: str) -> str | None:
    inner = "".join(inner.split())
    if not inner:
        return None
    if len(inner.encode("utf-8", "replace")) > _MAX_LENGTH:
        inner = hashlib.sha256(inner.encode("utf-8", "replace")).hexdigest() + "@long.invalid"
    return f"<{inner}>"
