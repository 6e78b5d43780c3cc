"""Ends an attempt at a mail, in the caller's transaction."""

from datetime import datetime

from ticketctl import clock
from ticketctl.actions.base import context
from ticketctl.actions.mail import delivery as delivery_reports
from ticketctl.domain.base.records import OutboxRow
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import outbox, sending


def end(tx: Tx, row: OutboxRow, retry_at: datetime | None, error: str | None) -> None:
    """End the attempt at a row. Without `retry_at` it is given up, and the waiting recipients have failed."""
    if retry_at is None:
        for one in outbox.deliveries(tx, row.id):
            if one.state == outbox.QUEUED:
                why = error or "it could not be delivered in time."
                outbox.settle_delivery(tx, one.id, outbox.FAILED, why, clock.now())
                report_failure(tx, row, one.address, why)
    sending.settle(tx, row.id, retry_at=retry_at, error=error)


def report_failure(tx: Tx, row: OutboxRow, address: str, why: str) -> None:
    """Record in the ticket, and tell its owner, that a recipient will not get this mail (L11)."""
    work = context.begin(tx, context.GATEWAY)
    delivery_reports.note(work, row, address, delivery_reports.FAILED, why)
