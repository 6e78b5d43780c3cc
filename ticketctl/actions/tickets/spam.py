"""Marks tickets as spam and as not spam. Spam is kept, and never answered."""

from ticketctl.actions.base import checks, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import notifications
from ticketctl.actions.tickets import blocking, consequences, route
from ticketctl.store.tickets import tickets


def spam(work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None) -> None:
    """Mark a ticket as spam: no mail about it is sent from then on."""
    _mark(work, ticket_id, "spam", comment, if_version)


def unspam(work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None) -> None:
    """Mark a ticket as not spam: it is open, and assigned like a new one; its owner is notified."""
    _mark(work, ticket_id, "unspam", comment, if_version)
    before = tickets.get(work.tx, ticket_id)
    ticket = route.place(work, before)
    consequences.update_clocks(work, ticket_id)
    if ticket.owner and not before.owner:
        me = work.actor.name
        notifications.tell(work, ticket, "assigned", (ticket.owner,), author=me, text=comment)


def _mark(work: Work, ticket_id: int, verb: str, comment: str, if_version: int | None) -> None:
    checks.require_comment(work, verb, comment)
    ticket = load_for_update(work, ticket_id, if_version)
    blocking.tell_unblocked(
        work, ticket, transitions.step(work, ticket, verb, "status", comment).status
    )
    consequences.on_updated(work, ticket_id)
