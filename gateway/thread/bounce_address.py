"""The signed bounce address in a recipient (F3): which mail of ours somebody answers or returns."""

from collections.abc import Iterable

from gateway.thread.match import Match
from ticketctl.domain.base import reference
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.definition.mailbox_addresses import split
from ticketctl.errors import NotFound
from ticketctl.store.db.engine import Tx
from ticketctl.store.queues import outbox


def named(key: bytes, recipients: Iterable[str]) -> int | None:
    """The delivery that an envelope recipient names, if the signature is ours."""
    found = (reference.delivery_of_detail(key, split(one)[1]) for one in recipients)
    return next((one for one in found if one is not None), None)


def match(tx: Tx, key: bytes, recipients: Iterable[str], *, automatic: bool) -> Match | None:
    """The ticket of the mail that went out in that delivery. Answering machines write to its envelope sender from
    whatever address they have (RFC 3834 section 4), and change nothing; a human must belong to the ticket (D9)."""
    delivery = named(key, recipients)
    if delivery is None:
        return None
    try:
        row = outbox.get(tx, outbox.delivery(tx, delivery).outbox)
    except NotFound:  # gone meanwhile
        return None
    if row.ticket is None:
        return None
    why = reason("bounce-address", mail=row.id)
    return Match(row.ticket, why, bound=automatic, parent=row.message)
