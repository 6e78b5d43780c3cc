"""Records delivery reports on tickets, and tells the owner of failures (F2, F13, L11)."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import notifications
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import Delivery, OutboxRow, Ticket
from ticketctl.errors import NotFound
from ticketctl.store.queues import deliveries, outbox, recipients
from ticketctl.store.tickets import events, tickets

BOUNCED, DELIVERED, DELAYED, FAILED = "bounced", "delivered", "delayed", "mail-failed"
REPORTED = "reported"  # a receipt or complaint: neither delivered nor failed
_BAD = (BOUNCED, FAILED)
_QUIET = timedelta(days=7)
# Statuses of RFC 3463 about the address: 5.1.x, a closed mailbox, and unspecific ones.
_OF_ADDRESS = ("5.1.", "5.2.1", "5.0.")
# Actions of RFC 3464 section 2.3.3.
_OUTCOME = {
    "failed": BOUNCED,
    "delayed": DELAYED,
    "delivered": DELIVERED,
    "relayed": DELIVERED,
    "expanded": DELIVERED,
}


class Reported(Protocol):
    """A recipient in a delivery report: action and status by RFC 3464, and whether the failure is permanent."""

    @property
    def address(self) -> str:
        """Of the recipient."""

    @property
    def action(self) -> str:
        """Of RFC 3464: failed, delayed, delivered, relayed, expanded."""

    @property
    def status(self) -> str:
        """An enhanced status code, as 5.1.1."""

    @property
    def hard(self) -> bool:
        """Is it for good?"""

    @property
    def diagnostic(self) -> str:
        """What the other server said."""


class ReportFlags(Protocol):
    """The kind of a report that names no recipient."""

    @property
    def is_bounce(self) -> bool:
        """Could a mail not be delivered?"""

    @property
    def is_delay_notice(self) -> bool:
        """Is a mail only late?"""

    @property
    def is_dsn_success(self) -> bool:
        """Did a mail arrive?"""


class RecipientStatus(Struct, frozen=True):
    """What a report says of one recipient; `outcome` "" if it says nothing."""

    address: str
    outcome: str
    why: str
    dead: bool = False  # the address is permanently undeliverable


class FiledReport(Struct, frozen=True):
    """The ticket and mail that a report was recorded on; without a ticket, `reasons` says why."""

    ticket: int | None = None
    message: int | None = None
    reasons: tuple[Reason, ...] = ()


def outcomes(recipients: Iterable[Reported]) -> tuple[RecipientStatus, ...]:
    """Convert the recipients of a report."""
    return tuple(
        RecipientStatus(
            address_key(one.address), _OUTCOME.get(one.action, ""), one.diagnostic, _dead(one)
        )
        for one in recipients
    )


def _dead(one: Reported) -> bool:
    """Is it a permanent failure of the address, not of this mail (F6)?"""
    return one.hard and (not one.status or one.status.startswith(_OF_ADDRESS))


def report(
    work: Work,
    *,
    delivery: int | None,
    original_message_id: str | None,
    recipients: Sequence[RecipientStatus],
    flags: ReportFlags,
    blob: str,
) -> FiledReport:
    """Record a bounce or delivery report on its mail, one event a recipient (F10); it never sends mail outside.

    The mail is found only by the signed bounce address (`delivery`) or its Message-ID (F11).
    """
    bounced = _delivery(work, delivery)
    row = outbox.get(work.tx, bounced.outbox) if bounced else None
    if row is None and original_message_id:
        row = outbox.by_message_id(work.tx, original_message_id)
    if row is None:
        return FiledReport(reasons=(reason("report-about-no-mail-of-ours"),))
    default = _by_flags(flags)
    for one, result in _matched(outbox.deliveries(work.tx, row.id), bounced, recipients):
        outcome = result.outcome or default
        if outcome == BOUNCED and one.state not in ("bounced", "cancelled"):
            outbox.mark_bounced(work.tx, one.id, result.why, work.at)
        dead = outcome == BOUNCED and result.dead
        note(work, row, one.address, outcome, result.why, dead=dead, blob=blob)
    return FiledReport(row.ticket, row.message, (reason("report-about-our-mail", mail=row.id),))


def note(
    work: Work,
    row: OutboxRow,
    address: str,
    outcome: str,
    why: str = "",
    *,
    dead: bool = False,
    blob: str | None = None,
) -> None:
    """Record on the ticket that a mail bounced, was delivered, is delayed, or could not be sent (`mail-failed`).

    `why` is the diagnosis, `blob` the report. `dead`: the address is permanently undeliverable, so automatic mail no
    longer goes there. The ticket's agents are told of failures once for each address; of a colleague's address the
    managers are, once while it fails (F13).
    """
    if dead:
        recipients.mark_undeliverable(work.tx, address, work.at, why)
    if row.ticket is None:
        return
    ticket = tickets.get(work.tx, row.ticket, lock=True)
    names = _to_be_told(work, ticket, row, address) if outcome in _BAD else ()
    said = {"mail": row.id, "kind": row.kind, "message": row.message, "report": blob}
    work.event(ticket.id, outcome, field=address_key(address), new=said, comment=why)
    if names:
        text = f"{address}: {why}" if why else address
        notifications.tell(
            work, ticket, "bounce", names, author=address, author_address=address, text=text
        )


def _to_be_told(work: Work, ticket: Ticket, row: OutboxRow, address: str) -> tuple[str, ...]:
    """The agents who do not know yet that mail to this address fails.

    A colleague's address is told of again after a week without a failure.
    """
    colleague = work.definition.agent_by_email(address)
    if colleague is None:
        return () if _told(work, ticket, address) else notifications.team(work, ticket)
    last = deliveries.last_failed(work.tx, address_key(address), besides=row.id)
    if last is not None and work.at - last < _QUIET:
        return ()
    others = [one for one in notifications.managers(work, ticket) if one != colleague.name]
    return notifications.with_stand_ins(work, ticket, others)


def _delivery(work: Work, id: int | None) -> Delivery | None:
    try:
        return outbox.delivery(work.tx, id) if id is not None else None
    except NotFound:  # signed by us, but deleted in the meantime
        return None


def _by_flags(flags: ReportFlags) -> str:
    if flags.is_delay_notice:
        return DELAYED
    if flags.is_dsn_success:
        return DELIVERED
    return BOUNCED if flags.is_bounce else REPORTED


def _matched(
    ours: Sequence[Delivery], bounced: Delivery | None, recipients: Sequence[RecipientStatus]
) -> list[tuple[Delivery, RecipientStatus]]:
    """Our deliveries that a report is about, each with its status.

    If a report names an unknown recipient and the mail had only one, it is that one (forwarding).
    """
    by_address = {one.address: one for one in recipients}
    found = [(one, by_address[one.address]) for one in ours if one.address in by_address]
    only = bounced or (ours[0] if len(ours) == 1 else None)
    if only and all(one.id != only.id for one, _ in found):
        found.append((only, recipients[0] if recipients else RecipientStatus(only.address, "", "")))
    return found


def _told(work: Work, ticket: Ticket, address: str) -> bool:
    return any(one.field == address_key(address) for one in events.of(work.tx, ticket.id, _BAD))
