"""Message-IDs: normal form (C3) and scanning of In-Reply-To and References (D5)."""

import hashlib
import re

_BRACKETED = re.compile(r"<([^<>]*)>")
_SEPARATORS = re.compile(r"[\s,;\"'<>]+")
_COMMENT = re.compile(r"\([^()]*\)")
_LONGEST = 998  # octets of a line (RFC 5322 section 2.1.1)
_MOST = 1000  # ids of one header


def message_id(value: str) -> str | None:
    """The id in normal form `<…>`, case kept; None if there is none. The first of several counts."""
    bracketed = _BRACKETED.search(value)
    if bracketed is not None:
        return _normal(bracketed[1])
    words = _SEPARATORS.split(_COMMENT.sub(" ", value).strip())
    return _normal("".join(words) if len(words) < 3 else next(filter(None, words), ""))


def scan(value: str) -> tuple[str, ...]:
    """Every id of the header, in order, once each.

    Ids without brackets are taken as well if they have an @ and stand outside of a comment.
    """
    found: dict[str, None] = {}
    at = 0
    for bracketed in _BRACKETED.finditer(value):
        _add(found, _bare(value[at : bracketed.start()]))
        _add(found, [bracketed[1]])
        at = bracketed.end()
        if len(found) >= _MOST:
            break
    else:
        _add(found, _bare(value[at:]))
    return tuple(found)


def in_reply_to(value: str) -> str | None:
    """The first id of In-Reply-To: one in brackets, else a bare one (old clients write phrases there)."""
    bracketed = (_normal(found[1]) for found in _BRACKETED.finditer(value))
    return next((found for found in bracketed if found), None) or next(iter(scan(value)), None)


def _bare(text: str) -> list[str]:
    if "@" not in text:
        return []
    return [word for word in _SEPARATORS.split(_COMMENT.sub(" ", text)) if "@" in word]


def _add(found: dict[str, None], words: list[str]) -> None:
    for word in words:
        normal = _normal(word)
        if normal and len(found) < _MOST:
            found.setdefault(normal)


def _normal(inner: str) -> str | None:
    inner = "".join(inner.split())
    if not inner:
        return None
    if len(inner.encode("utf-8", "replace")) > _LONGEST:
        inner = hashlib.sha256(inner.encode("utf-8", "replace")).hexdigest() + "@long.invalid"
    return f"<{inner}>"
