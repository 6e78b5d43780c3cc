"""Header lines, built so that nothing inside them can end them (L13).

The standard library refolds headers differently, and in some versions wrongly (a quoted comma loses its quotes), so
lines are made here: ASCII text as it is, the rest as encoded words of RFC 2047, folded before 76 octets (L5).
"""

import re
from collections.abc import Sequence
from email.header import Header
from email.utils import formataddr

from ticketctl.errors import Refused

_WIDTH = 76
_LONGEST_LINE = 998  # RFC 5322 2.1.1
_CUT_NAME, _CUT_TEXT = 120, 500  # characters of a display name, of a subject

# Controls, bidi marks and overrides, zero-width marks, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:\\"\x00-\x20\x7f]+@[^\s@<>()\[\],;:\\"\x00-\x20\x7f]+""")
_IDENTIFIER = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")

# What the IDNA of the standard library (RFC 3490) turns into another letter, so into another domain.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


def one_line(text: str, limit: int = _CUT_TEXT) -> str:
    """Text for one header: controls become blanks, and what is longer than `limit` characters is cut."""
    clean = " ".join(_UNSAFE.sub(" ", text).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def unstructured(name: str, value: str) -> bytes:
    """A header of free text, RFC 2047 where it is not ASCII."""
    clean = one_line(value)
    charset = "us-ascii" if _as_it_is(clean) else "utf-8"
    folded = Header(clean, charset, maxlinelen=_WIDTH, header_name=name).encode()
    return _line(name, folded)


def addresses(name: str, people: Sequence[tuple[str, str]]) -> bytes:
    """A header of (display name, address) pairs, one a line; addresses as `address` returns them."""
    return _line(name, ",\n ".join(_person(display, email) for display, email in people))


def identifiers(name: str, ids: Sequence[str]) -> bytes:
    """A header of Message-IDs, one a line; what is no Message-ID is left out. Empty where nothing is left."""
    good = [one for one in ids if _IDENTIFIER.fullmatch(one) and len(one) < _LONGEST_LINE - 20]
    return _line(name, "\n ".join(good)) if good else b""


def address(text: str) -> str:
    """An address as SMTP takes it: its domain in ASCII (IDNA). Refused for what is no address (L19)."""
    if (
        not _ADDRESS.fullmatch(text)
        or len(text.encode(errors="replace")) > 254
        or _UNSAFE.search(text)
    ):
        raise Refused(f"{one_line(text, 80)!r} is not an address mail can be sent to.")
    local, _, domain = text.rpartition("@")
    if domain.isascii():
        return text
    if _DEVIATIONS & set(domain):
        raise Refused(f"the domain of {text} has no certain ASCII form; write it as xn--….")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Refused(f"the domain of {text} cannot be written in ASCII.") from None


def _person(display: str, email: str) -> str:
    name = one_line(display, _CUT_NAME)
    if not name:
        return email
    if _as_it_is(name):
        shown = formataddr((name, "")).removesuffix(" <>")
    else:
        shown = Header(name, "utf-8", maxlinelen=_WIDTH).encode()
    last = shown.rpartition("\n")[2]
    return f"{shown} <{email}>" if len(last) + len(email) < _WIDTH - 8 else f"{shown}\n <{email}>"


def _as_it_is(text: str) -> bool:
    """ASCII that cannot be taken for an encoded word and can be folded at its blanks."""
    return text.isascii() and "=?" not in text and max(map(len, text.split()), default=0) <= 60


def _line(name: str, folded: str) -> bytes:
    text = f"{name}: {folded}".replace("\n", "\r\n")
    return text.encode() + b"\r\n"
