"""Bans senders: their mail is kept as spam and never answered (G15)."""

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.errors import NotFound
from ticketctl.store.queues import bans


def add(work: Work, pattern: str, comment: str = "") -> None:
    """Ban a sender. NotAllowed if it affects customers with tickets that the actor may not see."""
    permission.require_senders(work, pattern)
    bans.add(work.tx, pattern, at=work.at, actor=work.actor.name, comment=comment)


def remove(work: Work, pattern: str) -> None:
    """Lift a ban. NotFound if the sender is not banned, NotAllowed as in `add`."""
    permission.require_senders(work, pattern)
    if not bans.remove(work.tx, pattern):
        raise NotFound(f"{pattern!r} is not blocked; `ticketctl ban list` lists blocked senders.")
