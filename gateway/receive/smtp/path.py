"""The path of MAIL and RCPT: `<ana@example.org> SIZE=12` -> address and parameters (RFC 5321 4.1.2, RFC 6531)."""

import re
from collections.abc import Iterable

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"@[^\s<>\x00-\x1f\x7f]+'
_PLAIN = r'[^\s<>"\x00-\x1f\x7f]+'
_ANGLE = re.compile(rf"<(?:@[^<>:\s]*:)?({_QUOTED}|{_PLAIN}|)>(?:\s+(.*))?\Z", re.DOTALL)
_BARE = re.compile(rf"({_QUOTED}|{_PLAIN})(?:\s+(.*))?\Z", re.DOTALL)
_PARAMETER = re.compile(r"([A-Z0-9][A-Z0-9-]*)(?:=([!-<>-~]+))?")  # RFC 5321 4.1.2
_SIZE = re.compile(r"[0-9]{1,20}")  # RFC 1870 4


def split(text: str) -> tuple[str, str] | None:
    """Address and what follows it; None where there is no address. `<>` has the address "".

    Liberal in what is an address, since a refusal here is for ever: source routes are dropped (RFC 5321 C),
    missing angle brackets are forgiven, odd characters kept. Blanks and control characters are not.
    """
    found = (_ANGLE if text.startswith("<") else _BARE).match(text)
    if found is None:
        return None
    # Parameters are ASCII: what is not must not become so by a change of case, as \u017f becomes S.
    return found[1], (found[2] or "").encode("ascii", "replace").decode()


def parameters(words: Iterable[str]) -> dict[str, str | bool] | None:
    """The parameters of MAIL or RCPT, in upper case: values by name, True for none; None where the syntax is wrong."""
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
    """An address as text that can be stored: octets that are no UTF-8 become U+FFFD."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
