"""Identities of customers: an e-mail address, a phone number, or a name in a network (`twitter:@ana`)."""

import re
import unicodedata

from msgspec import Struct

from ticketctl.domain.base import values
from ticketctl.domain.base.addresses import address_key
from ticketctl.errors import BadInput

EMAIL, PHONE = "email", "phone"

_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,30}")
_LONGEST = 200
_READ = 1000  # characters; none is as long, and normalising takes quadratic time


class Identity(Struct, frozen=True):
    """`kind:value`, the value as compared: lower case, a phone number without blanks."""

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


def parse(written: str) -> Identity:
    """An identity as people type it: `ana@x.example`, `+34 600 11 22 33`, `twitter:@ana`, `email:…`, `phone:…`.

    BadInput if it is none of these.
    """
    text = unicodedata.normalize("NFC", written.strip()[:_READ])
    kind, colon, value = text.partition(":")
    if colon and _KIND.fullmatch(kind.lower()):
        return of(kind.lower(), value)
    if _PHONE.fullmatch(text):
        return of(PHONE, text)
    if text.rfind("@") > 0:
        return of(EMAIL, text)
    raise BadInput(
        f'"{written}" is not an identity; write an address like carl@customer.example, '
        "a phone number like +34600112233, or KIND:NAME like twitter:@ana."
    )


def of(kind: str, value: str) -> Identity:
    """The identity of a known kind; BadInput for a value that the kind does not allow."""
    text = unicodedata.normalize("NFC", value.strip()[:_READ])
    if kind == EMAIL:
        return Identity(EMAIL, _address(text))
    if kind == PHONE:
        return Identity(PHONE, _number(text))
    if not _KIND.fullmatch(kind):
        raise BadInput(f'"{kind}" is not a kind of identity; write a word like twitter.')
    if not values.title(text) or len(text) > _LONGEST:
        raise BadInput(f"a {kind} name has at most {_LONGEST} characters.")
    return Identity(kind, text.lower())


def _address(text: str) -> str:
    try:
        return values.address(text)
    except BadInput:
        raise BadInput(
            f'"{text}" is not a mail address; write it like carl@customer.example.'
        ) from None


def _number(text: str) -> str:
    """The digits, after `+` if the country is given; `00` in front gives it too."""
    if not _PHONE.fullmatch(text):
        raise BadInput(f'"{text}" is not a phone number; write it like +34600112233.')
    digits = re.sub(r"[^0-9]", "", text)
    if text.startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def base(address: str) -> str:
    """An e-mail address in lower case without its detail: `ana+x@b.example` is `ana@b.example`."""
    local, at, domain = address_key(address).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
