"""Parses the argument of MAIL and RCPT, such as `<ana@example.org> SIZE=12` (RFC 5321 4.1.2, RFC 6531)."""

import re
from collections.abc import Iterable

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"@[^\s<>\x00-\x1f\x7f]+'
_PLAIN = r'[^\s<>"\x00-\x1f\x7f]+'
_ANGLE = re.compile(rf"<(?:@[^<>:\s]*:)?({_QUOTED}|{_PLAIN}|)>(?:\s+(.*))?\Z", re.DOTALL)
_BARE = re.compile(rf"({_QUOTED}|{_PLAIN})(?:\s+(.*))?\Z", re.DOTALL)
_PARAMETER = re.compile(r"([A-Z0-9][A-Z0-9-]*)(?:=([!-<>-~]+))?")  # RFC 5321 4.1.2
_SIZE = re.compile(r"[0-9]{1,20}")  # RFC 1870 4


def split(text: str) -> tuple[str, str] | None:
    """Split into the address and the rest; None without an address. `<>` has the address "".

    Accepts many forms, because a refusal here is permanent: source routes are dropped (RFC 5321 C), angle brackets
    may be missing, odd characters are kept. Blanks and control characters are not accepted.
    """
    found = (_ANGLE if text.startswith("<") else _BARE).match(text)
    if found is None:
        return None
    # Parameters are ASCII: other letters must not become ASCII by a change of case, as \u017f becomes S.
    return found[1], (found[2] or "").encode("ascii", "replace").decode()


def parameters(words: Iterable[str]) -> dict[str, str | bool] | None:
    """Parse parameters, in upper case: values by name, True without a value; None if the syntax is wrong."""
    found: dict[str, str | bool] = {}
    for word in words:
        parts = _PARAMETER.fullmatch(word)
        if parts is None or parts[1] in found:
            return None
        found[parts[1]] = parts[2] or True
    if "SIZE" in found and not _SIZE.fullmatch(str(found["SIZE"])):
        return None
    return found


def unicode(address: str) -> str:
    """Return an address as valid text: bytes that are not UTF-8 become U+FFFD."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
