"""Assigns tickets to an owner or a segment, and takes them."""

from ticketctl.actions.base import checks, permission
from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import notifications, status_notice
from ticketctl.actions.tickets import consequences, route
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.rules.routing import Choice
from ticketctl.errors import Conflict, Refused


def assign(
    work: Work,
    ticket_id: int,
    who: str | None,
    *,
    comment: str = "",
    steal: bool = False,
    force: bool = False,
    if_version: int | None = None,
) -> bool:
    """Assign a ticket to the agent `who`, or to nobody (None), and notify them. False if it is theirs already.

    Refused for an agent outside the segment unless an admin forces it (F-Q22); Conflict for another's ticket
    without `steal` (F-Q23).
    """
    checks.require_comment(work, "assign", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    return _give(work, ticket, "assign", who, comment, steal, force)


def auto(
    work: Work,
    ticket_id: int,
    *,
    strategy: str | None = None,
    comment: str = "",
    steal: bool = False,
    if_version: int | None = None,
) -> Choice:
    """Assign a ticket by a routing strategy (None: its segment's, else `load`); who and why, or why nobody (F-T9).

    The reason is in history. The new owner is notified, or the managers if there is none. Conflict for an owned
    ticket without `steal`; Refused for an ended one, and if only its owner could have it.
    """
    checks.require_comment(work, "assign", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    if ticket.status not in status.ACTIVE:
        raise Refused(
            f"ticket {ticket.id} is {ticket.status}: only active tickets can be assigned."
        )
    permission.require(work, ticket, "assign")
    if not steal:
        _unowned(work, ticket)
    chosen = route.choose(work, ticket, strategy)
    owner = work.definition.owner(ticket)
    if owner and chosen.name is None:
        raise Refused(f"ticket {ticket.id} stays {public_name(owner)}'s: {chosen.reason}.")
    if chosen.name is None:
        route.own(work, ticket, chosen)
    elif chosen.name != ticket.owner:
        own(work, ticket, chosen.name, "; ".join(filter(None, (comment.strip(), chosen.reason))))
        consequences.on_updated(work, ticket.id)
    return chosen


def take(
    work: Work,
    ticket_id: int,
    *,
    comment: str = "",
    steal: bool = False,
    if_version: int | None = None,
) -> bool:
    """Make the actor the owner of a ticket. False if they are already. Conflict if it is another's, without `steal`."""
    checks.require_comment(work, "take", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    return _give(work, ticket, "take", work.actor.name, comment, steal, False)


def _give(
    work: Work,
    ticket: Ticket,
    verb: str,
    who: str | None,
    comment: str,
    steal: bool,
    force: bool,
) -> bool:
    if who == ticket.owner:
        return False
    permission.require(work, ticket, verb)
    require_assignable(work, ticket, who, steal=steal, force=force)
    own(work, ticket, who, comment)
    consequences.on_updated(work, ticket.id)
    return True


def require_assignable(
    work: Work, ticket: Ticket, who: str | None, *, steal: bool, force: bool
) -> None:
    """Conflict, Refused or NotFound, as in `assign`, if a ticket cannot get this new owner."""
    if who == ticket.owner:
        return
    if who == work.actor.name and not steal:
        _unowned(work, ticket)
    if who is not None:
        checks.require_eligible_owner(work, who, ticket.segment, force=force)


def _unowned(work: Work, ticket: Ticket) -> None:
    if ticket.owner and work.definition.owner(ticket):
        raise Conflict(f"ticket {ticket.id} is already {public_name(ticket.owner)}'s; use --steal.")


def own(work: Work, ticket: Ticket, who: str | None, comment: str) -> Ticket:
    """Set the owner without checks, write the event, notify the owner, and return the ticket."""
    before, ticket = ticket.owner, route.give(work, ticket, who, comment)
    if who and not before:
        status_notice.tell(work, ticket, "taken")
    names = (who,) if who else ()
    notifications.tell(work, ticket, "assigned", names, author=work.actor.name, text=comment)
    return ticket
