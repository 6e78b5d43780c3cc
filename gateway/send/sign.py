"""Signs outgoing mail with DKIM (RFC 6376, L14)."""

from collections.abc import Callable
from pathlib import Path

import dkim

from ticketctl.errors import Refused
from ticketctl.settings import secrets
from ticketctl.settings.table import Outgoing

Sign = Callable[[bytes], bytes]

# Each is listed once more than it occurs, so that nobody can add one on the way (RFC 6376 8.15).
_SIGNED = (
    *(b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references"),
    *(b"reply-to", b"auto-submitted", b"mime-version", b"content-type"),
    b"content-transfer-encoding",
)
# Only in mail that has the first (RFC 8058 section 4): mailing lists add their own to what passes through them.
_UNSUBSCRIBE = (b"list-unsubscribe", b"list-unsubscribe-post")
_RELAXED = (b"relaxed", b"relaxed")  # white space may change on the way


def signer(outgoing: Outgoing) -> Sign:
    """Return a function that puts a DKIM-Signature before a mail; without a key it changes nothing.

    Refused if some of the three settings are missing, or the key is missing, readable by others or not an RSA key.
    """
    given = {
        "dkim_domain": outgoing.dkim_domain,
        "dkim_selector": outgoing.dkim_selector,
        "dkim_key_file": outgoing.dkim_key_file,
    }
    absent = [name for name, value in given.items() if not value]
    if len(absent) == len(given):
        return lambda content: content
    if absent:
        raise Refused(f"DKIM signing needs {' and '.join(absent)} in [outgoing] too.")
    key = secrets.private_file(Path(outgoing.dkim_key_file), "DKIM key")
    domain, selector = outgoing.dkim_domain.encode(), outgoing.dkim_selector.encode()

    def sign(content: bytes) -> bytes:
        mail = dkim.DKIM(content)
        occurring = [name.lower() for name, _ in mail.headers]
        signed = (*_SIGNED, *(_UNSUBSCRIBE if _UNSUBSCRIBE[0] in occurring else ()))
        listed = [*signed, *(name for name in occurring if name in signed)]
        signature: bytes = mail.sign(
            selector, domain, key, canonicalize=_RELAXED, include_headers=listed
        )
        return signature + content

    try:
        sign(b"From: probe\r\n\r\n")
    except (dkim.DKIMException, ValueError, IndexError, TypeError):
        raise Refused(
            f"the DKIM key {outgoing.dkim_key_file} cannot be read as an RSA private key (PEM)."
        ) from None
    return sign
