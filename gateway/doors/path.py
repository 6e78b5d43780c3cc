"""The path of MAIL and RCPT: `<ana@example.org> SIZE=12` -> address and parameters (RFC 5321 4.1.2, RFC 6531)."""

import re

_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*"@[^\s<>\x00-\x1f\x7f]+'
_PLAIN = r'[^\s<>"\x00-\x1f\x7f]+'
_ANGLE = re.compile(rf"<(?:@[^<>:\s]*:)?({_QUOTED}|{_PLAIN}|)>(?:\s+(.*))?\Z", re.DOTALL)
_BARE = re.compile(rf"({_QUOTED}|{_PLAIN})(?:\s+(.*))?\Z", re.DOTALL)


def split(text: str) -> tuple[str, str] | None:
    """Address and what follows it; None where there is no address. `<>` has the address "".

    Liberal in what is an address, since a refusal here is for ever: source routes are dropped (RFC 5321 C),
    missing angle brackets are forgiven, odd characters kept. Blanks and control characters are not.
    """
    found = (_ANGLE if text.startswith("<") else _BARE).match(text)
    return (found[1], found[2] or "") if found else None


def unicode(address: str) -> str:
    """An address as text that can be stored: octets that are no UTF-8 become U+FFFD."""
    return address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
