"""Builds header lines whose content cannot break out of the header (L13).

The standard library folds headers differently by version, and sometimes wrongly (a quoted comma loses its quotes). So
lines are built here: ASCII as it is, other text as encoded words of RFC 2047, folded before 76 bytes (L5).
"""

import re
from collections.abc import Sequence
from email.header import Header
from email.utils import formataddr

from ticketctl.errors import Refused

_WIDTH = 76
_MAX_LINE = 998  # RFC 5322 2.1.1
_MAX_NAME, _MAX_TEXT = 120, 500  # characters of a display name, of a subject

# Controls, bidi marks and overrides, zero-width marks, line and paragraph separators, lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_ADDRESS = re.compile(r"""[^\s@<>()\[\],;:\\"\x00-\x20\x7f]+@[^\s@<>()\[\],;:\\"\x00-\x20\x7f]+""")
_IDENTIFIER = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")

# Letters that the standard library's IDNA (RFC 3490) replaces, which gives another domain.
_DEVIATIONS = frozenset("ßς\u200c\u200d")


def header_text(text: str, limit: int = _MAX_TEXT) -> str:
    """Return text for one header: control characters become blanks; cut after `limit` characters."""
    clean = " ".join(_UNSAFE.sub(" ", text).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def unstructured(name: str, value: str) -> bytes:
    """Build a header of free text, encoded by RFC 2047 if it is not ASCII."""
    clean = header_text(value)
    if _needs_no_encoding(clean) and len(name) + len(": ") + len(clean) <= _WIDTH:
        return f"{name}: {clean}\r\n".encode()
    charset = "us-ascii" if _needs_no_encoding(clean) else "utf-8"
    folded = Header(clean, charset, maxlinelen=_WIDTH, header_name=name).encode()
    return _line(name, folded)


def addresses(name: str, people: Sequence[tuple[str, str]]) -> bytes:
    """Build a header of (display name, address) pairs, one a line. The addresses come from `address`."""
    return _line(name, ",\n ".join(_person(display, email) for display, email in people))


def identifiers(name: str, ids: Sequence[str]) -> bytes:
    """Build a header of Message-IDs or URIs in `<>`, one a line, without invalid ones; b"" if none is left."""
    good = [one for one in ids if _IDENTIFIER.fullmatch(one) and len(one) < _MAX_LINE - 20]
    return _line(name, "\n ".join(good)) if good else b""


def file_name(name: str) -> str:
    """Return the parameter `name` for a file's Content-Type, as encoded words if it is not short ASCII.

    RFC 2047 forbids encoded words in a quoted string, but Outlook looks for the name there; others read the
    `filename` of RFC 2231.
    """
    if name.isascii() and len(name) <= 60:
        return f'name="{name}"'
    words = Header(name, "utf-8", maxlinelen=_WIDTH - len('name=""')).encode()
    return f'name="{words}"'


def address(text: str) -> str:
    """Return an address with its domain in ASCII (IDNA); Refused if it is not a valid address (L19)."""
    if (
        not _ADDRESS.fullmatch(text)
        or len(text.encode(errors="replace")) > 254
        or _UNSAFE.search(text)
    ):
        raise Refused(f"{header_text(text, 80)!r} is not an address that mail can be sent to.")
    local, _, domain = text.rpartition("@")
    if domain.isascii():
        return text
    if _DEVIATIONS & set(domain):
        raise Refused(f"the domain of {text} has more than one ASCII form; write it as xn--….")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Refused(f"the domain of {text} cannot be written in ASCII.") from None


def _person(display: str, email: str) -> str:
    name = header_text(display, _MAX_NAME)
    if not name:
        return email
    if _needs_no_encoding(name):
        shown = formataddr((name, "")).removesuffix(" <>")
    else:
        shown = Header(name, "utf-8", maxlinelen=_WIDTH).encode()
    last = shown.rpartition("\n")[2]
    return f"{shown} <{email}>" if len(last) + len(email) < _WIDTH - 8 else f"{shown}\n <{email}>"


def _needs_no_encoding(text: str) -> bool:
    """Is it ASCII that does not look like an encoded word and can be folded at its blanks?"""
    return text.isascii() and "=?" not in text and max(map(len, text.split()), default=0) <= 60


def _line(name: str, folded: str) -> bytes:
    text = f"{name}: {folded}".replace("\n", "\r\n")
    return text.encode() + b"\r\n"
