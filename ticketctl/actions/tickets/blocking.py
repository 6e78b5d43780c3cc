"""A ticket that blocks another: the other cannot end before it does, and its team is told when it does."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import notifications
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import Refused
from ticketctl.store.tickets import links, tickets

_BLOCKS, _BLOCKED = "blocks", "blocked by"


def require_unblocked(work: Work, ticket: Ticket, verb: str) -> None:
    """Refused, with their numbers, while active tickets block this one."""
    if blockers := _active(work, ticket.id, _BLOCKED):
        them = "it" if len(blockers) == 1 else "them"
        raise Refused(
            f"ticket {ticket.id} is blocked by {_named(blockers)}: resolve or close {them} first, "
            f"or {verb} with --force."
        )


def tell_unblocked(work: Work, ticket: Ticket, new: str) -> None:
    """Tell the teams of the tickets that `ticket` blocked that its status is now `new`, if that ends it."""
    if ticket.status not in status.ACTIVE or new in status.ACTIVE:
        return
    for number in _active(work, ticket.id, _BLOCKS):
        blocked = tickets.get(work.tx, number)
        said = f"#{ticket.id} is {new}."
        if others := _active(work, number, _BLOCKED):
            said += f" This ticket is still blocked by {_named(others)}."
        team = notifications.team(work, blocked, managers=False)
        notifications.tell(work, blocked, "unblocked", team, author=work.actor.name, text=said)


def _active(work: Work, ticket_id: int, kind: str) -> list[int]:
    """The active tickets that this one is linked to as `kind`."""
    return [
        one.ticket
        for one in links.of(work.tx, ticket_id)
        if one.kind == kind and one.status in status.ACTIVE
    ]


def _named(numbers: list[int]) -> str:
    return ", ".join(f"#{one}" for one in numbers)
