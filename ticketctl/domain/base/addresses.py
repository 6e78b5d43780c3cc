"""The one form in which mail addresses are compared and stored: NFC, lower case, international domains in ASCII.

A domain has two spellings (RFC 5890): U-labels such as `müller.example`, and A-labels such as `xn--mller-kva.example`.
A-labels are the form of the DNS, of SMTP and of Authentication-Results, so they are ours.
"""

import re
import unicodedata

_LONGEST = 1_000  # characters; no address is as long, and normalising takes quadratic time
# Letters are mapped as UTS 46 does it for the DNS: compatibility forms, the ideographic dot, characters without width.
_MAPPED = {0x3002: ".", 0xAD: None, 0x200B: None, 0x2060: None, 0xFEFF: None}
_DOMAIN = re.compile(r"(?:[a-z0-9._*?-]|[^\x00-\x7f])+")
_WILD = re.compile(r"[*?]")


def address_key(address: str) -> str:
    """An address, or a pattern of addresses such as `*@müller.example`, for comparing. It need not be valid."""
    written = address.strip()
    if written.isascii() or len(written) > _LONGEST:
        return written.lower()
    local, at, host = written.rpartition("@")
    if not at:
        return unicodedata.normalize("NFC", written).lower()
    return f"{unicodedata.normalize('NFC', local).lower()}@{domain(host)}"


def domain(written: str) -> str:
    """A domain in lower-case A-labels; one that has none stays as it is.

    ß and ς keep their own A-labels (RFC 5891): `straße.example` is another domain than `strasse.example`.
    """
    low = unicodedata.normalize("NFC", written[:_LONGEST]).lower() + written[_LONGEST:]
    if low.isascii() or len(low) > _LONGEST:
        return low
    mapped = unicodedata.normalize("NFKC", low).translate(_MAPPED).lower()
    if not _DOMAIN.fullmatch(mapped):
        return low
    return ".".join(map(_a_label, unicodedata.normalize("NFC", mapped).split(".")))


def readable(address: str) -> str:
    """An address with U-labels, as people write it."""
    local, at, host = address.rpartition("@")
    return f"{local}{at}{'.'.join(map(_u_label, host.split('.')))}"


def _a_label(label: str) -> str:
    if label.isascii() or _WILD.search(label):
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


def _u_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        found = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    return found if _a_label(found) == label else label
