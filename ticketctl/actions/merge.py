"""merge and unmerge: a pointer that later mail follows (D15); nothing moves, so nothing is lost on the way back."""

from ticketctl.actions import after, checks, states
from ticketctl.actions.work import Work
from ticketctl.desk.records import Participant, Ticket
from ticketctl.errors import Conflict
from ticketctl.store import tickets


def merge(work: Work, ticket_id: int, into: int, *, comment: str = "") -> int:
    """Merge a ticket into another, or into what that one was merged into; the number of the final one.

    Whoever wrote to the one may write to the other from then on, but is not in copy of its answers unless both
    have the same customer. Conflict for one that is merged already, and for a circle.
    """
    checks.comment(work, "merge", comment)
    target_id = tickets.final(work.tx, into)
    if target_id == ticket_id:
        raise Conflict(f"ticket {into} is ticket {ticket_id}, or merged into it.")
    for one in sorted((ticket_id, target_id)):
        tickets.get(work.tx, one, lock=True)
    source, target = checks.opened(work, ticket_id), checks.opened(work, target_id)
    states.step(work, source, "merge", "merged", comment, merged_into=target.id)
    tickets.change(work.tx, target.id, at=work.at)
    work.event(target.id, "merged", field="from", new=source.id, comment=comment)
    _people(work, source, target)
    after.updated(work, source.id)
    return target.id


def unmerge(work: Work, ticket_id: int, *, comment: str = "") -> None:
    """Make a merged ticket its own again, and open. Refused for one that is not merged."""
    checks.comment(work, "unmerge", comment)
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    checks.access(work, ticket)
    states.step(work, ticket, "unmerge", "unmerged", comment, merged_into=None)
    if ticket.merged_into is not None:
        work.event(ticket.merged_into, "unmerged", field="from", old=ticket.id, comment=comment)
    after.updated(work, ticket_id)


def _people(work: Work, source: Ticket, target: Ticket) -> None:
    same = source.customer.id == target.customer.id
    others = tickets.participants(work.tx, source.id)
    requester = (
        () if same else (Participant(source.customer.email, source.customer.name, "mailed"),)
    )
    for one in (*requester, *others):
        if one.address and one.address != target.customer.email:
            keeps = one.role == "expert" or (same and one.role == "cc")
            role = one.role if keeps else "mailed"
            tickets.add_participant(work.tx, target.id, Participant(one.address, one.name, role))
