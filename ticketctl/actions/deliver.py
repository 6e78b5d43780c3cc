"""deliver: what became of an outgoing mail, noted on its ticket; the owner hears of failures (F13, L11)."""

from ticketctl.actions import notices
from ticketctl.actions.work import Work
from ticketctl.desk.records import Delivery, Ticket
from ticketctl.store import events, outbox, reach, tickets

BOUNCED, DELIVERED, DELAYED, FAILED = "bounced", "delivered", "delayed", "mail-failed"
_BAD = (BOUNCED, FAILED)


def note(
    work: Work, delivery: Delivery, outcome: str, why: str = "", *, hard: bool = False
) -> int | None:
    """Note that a mail bounced, was delivered, is delayed, or could not be sent (`mail-failed`).

    `why` is the diagnosis. `hard`: nothing will ever reach the address; then no automatic mail goes there.
    The owner, or the segment, is told of failures once a ticket and address. Returns the ticket, if there is one.
    """
    if outcome == BOUNCED and delivery.state not in ("bounced", "cancelled"):
        outbox.settle_delivery(work.tx, delivery.id, "bounced", why, work.at)
    if hard:
        reach.mark_undeliverable(work.tx, delivery.address, work.at, why)
    row = outbox.get(work.tx, delivery.outbox)
    if row.ticket is None:
        return None
    ticket = tickets.get(work.tx, row.ticket, lock=True)
    news = outcome in _BAD and not _told(work, ticket, delivery.address)
    said = {"mail": row.id, "kind": row.kind, "message": row.message}
    work.event(ticket.id, outcome, field=delivery.address, new=said, comment=why)
    if news:
        text = f"{delivery.address}: {why}" if why else delivery.address
        names = notices.team(work, ticket)
        notices.tell(work, ticket, "bounce", names, author=delivery.address, text=text)
    return ticket.id


def _told(work: Work, ticket: Ticket, address: str) -> bool:
    return any(one.field == address for one in events.of(work.tx, ticket.id, _BAD))
