"""Cancels a mail that is not yet sent, and undoes what it did to its ticket."""

from ticketctl.actions.base.context import begin
from ticketctl.actions.undo import undo
from ticketctl.domain.base.records import Actor
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import tickets


def cancel(tx: Tx, actor: Actor, id: int) -> None:
    """Cancel a mail. Conflict if it was sent, or may have been, to anybody; NotFound for an unknown mail."""
    row = outbox.get(tx, id)
    if row.ticket is not None:
        tickets.get(tx, row.ticket, lock=True)  # locked before the mail, as every verb does
    outbox.cancel(tx, id)
    if row.ticket is not None:
        undo.withdraw(begin(tx, actor, group=row.group), row)
