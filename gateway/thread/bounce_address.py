"""Finds the ticket by the signed bounce address among the recipients (F3)."""

from collections.abc import Iterable

from gateway.thread.match import Match
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.definition.mailbox_addresses import split
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import outbox


def delivery_of(key: bytes, recipients: Iterable[str]) -> int | None:
    """Return the delivery that an envelope recipient names, if the signature is valid."""
    found = (signed_addresses.delivery_of_detail(key, split(one)[1]) for one in recipients)
    return next((one for one in found if one is not None), None)


def match(tx: Tx, key: bytes, recipients: Iterable[str], *, automatic: bool) -> Match | None:
    """Return the ticket of the mail that was sent in that delivery.

    Automatic answers go to the envelope sender, from any address (RFC 3834 section 4), and change nothing; a person
    must belong to the ticket (D9).
    """
    delivery = delivery_of(key, recipients)
    if delivery is None:
        return None
    try:
        row = outbox.get(tx, outbox.delivery(tx, delivery).outbox)
    except NotFound:  # deleted in the meantime
        return None
    if row.ticket is None:
        return None
    why = reason("bounce-address", mail=row.id)
    return Match(row.ticket, why, bound=automatic, parent=row.message)
