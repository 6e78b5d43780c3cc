"""Parses read receipts (message disposition notifications, RFC 8098)."""

from msgspec import Struct

from gateway.parse import message_ids, report
from gateway.parse.charsets import decode
from gateway.parse.limits import DEFAULT, Limits

TYPES = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_KNOWN = frozenset({"displayed", "deleted", "dispatched", "processed", "denied", "failed"})


class ReadReceipt(Struct, frozen=True):
    """Who had the mail ("" if not said), what became of it (RFC 8098 3.2.6; "" if not said), and its Message-ID."""

    recipient: str
    disposition: str
    message_id: str | None


def read(raw: bytes, limits: Limits = DEFAULT) -> ReadReceipt | None:
    """Return the receipt in a mail; None if it has no part for it."""
    leaves = report.leaves(raw, limits)
    part = next((leaf for leaf in leaves if leaf.entity.type in TYPES), None)
    if part is None:
        return None
    found: dict[str, str] = {}
    for name, value in report.fields(decode.decode(part.entity.content()[0])):
        found.setdefault(name, value)
    recipient = found.get("final-recipient") or found.get("original-recipient", "")
    words = found.get("disposition", "").rpartition(";")[2].partition("/")[0].lower().split()
    return ReadReceipt(
        recipient=report.recipient_of(recipient),
        disposition=words[0] if words and words[0] in _KNOWN else "",
        message_id=message_ids.message_id(found.get("original-message-id", ""))
        or report.returned_id(leaves, limits),
    )
