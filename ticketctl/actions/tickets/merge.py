"""Merges tickets and splits them again. The merged ticket points at the other, where later mail goes (D15)."""

from ticketctl.actions.base import awaiting, checks, kinds, permission, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_two_for_update, require_version
from ticketctl.actions.revert.relations import last_merge, remove_merged_people
from ticketctl.actions.tickets import blocking, consequences, takeover
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Event, Participant, Ticket
from ticketctl.errors import Conflict, Refused
from ticketctl.store.tickets import events, tickets


def merge(
    work: Work, ticket_id: int, into: int, *, comment: str = "", if_version: int | None = None
) -> int:
    """Merge a ticket into another, or into the one that was merged into; the number of the final ticket.

    Participants of the merged ticket may write to the other, but get no copies unless both have the same customer.
    Open questions and due times carry over (takeover.py). Conflict if it is merged already, and for a circle.
    """
    checks.require_comment(work, "merge", comment)
    target_id = tickets.final(work.tx, into)
    if target_id == ticket_id:
        same = (
            "cannot be merged into itself"
            if into == ticket_id
            else f"already contains ticket {into}"
        )
        raise Conflict(f"ticket {ticket_id} {same}.")
    source, target = load_two_for_update(work, ticket_id, target_id, if_version)
    asked = takeover.question(work, source)
    transitions.step(work, source, "merge", "merged", comment, merged_into=target.id)
    work.event(source.id, "merged", field="into", new=target.id, comment=comment)
    tickets.change(work.tx, target.id, at=work.at)
    joined = [one.address for one in _people(work, source, target)]
    work.event(
        target.id,
        "merged",
        field="from",
        new=source.id,
        comment=comment,
        way_back={"joined": joined} | takeover.owed(source, asked),
    )
    takeover.take(work, source, target, comment)
    kinds.settle(work, target.id)
    if tickets.get(work.tx, target.id).status not in status.ACTIVE:
        blocking.tell_unblocked(work, source, status.MERGED)
    consequences.on_updated(work, source.id)
    consequences.on_updated(work, target.id)
    if asked and target.awaiting != "agent":
        takeover.notify(work, source, tickets.get(work.tx, target.id))
    return target.id


def unmerge(
    work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None
) -> None:
    """Make a merged ticket independent again, as it was before. Refused if it is not merged.

    Tickets merged into it come along; what came to the other ticket in the meantime stays there.
    """
    checks.require_comment(work, "unmerge", comment)
    target_id = tickets.get(work.tx, ticket_id).merged_into
    tickets.lock(work.tx, (ticket_id, target_id or ticket_id))
    ticket = tickets.get(work.tx, ticket_id)
    permission.require(work, ticket)
    if target_id is not None:
        permission.require(work, tickets.get(work.tx, target_id))
    require_version(work, ticket, if_version)
    status.after("unmerge", ticket.status)
    if ticket.merged_into is None or ticket.merged_into != target_id:
        raise Conflict(f"ticket {ticket_id} was just unmerged or merged again; look at it again.")
    was = _last_merge(work, ticket_id)
    came = last_merge(work.tx, target_id, ticket_id)
    takeover.give_back(work, ticket_id, target_id, came, comment)
    left = remove_merged_people(work, came)
    tickets.change(
        work.tx,
        ticket_id,
        at=work.at,
        status=was.old,
        merged_into=None,
        **transitions.restored_columns(was.old, was.way_back),
    )
    work.event(
        ticket_id,
        "unmerged",
        field="status",
        old=ticket.status,
        new=was.old,
        comment=comment,
        way_back={"into": target_id},
    )
    work.event(
        target_id,
        "unmerged",
        field="from",
        old=ticket_id,
        comment=comment,
        way_back={"left": left},
    )
    awaiting.settle(work, ticket_id)
    awaiting.settle(work, target_id)
    for one in (ticket_id, target_id, tickets.final(work.tx, target_id)):
        kinds.settle(work, one)
    consequences.on_updated(work, ticket_id)
    consequences.on_updated(work, target_id)


def left_out(work: Work, ticket_id: int, into: int) -> str:
    """The customer of a merged ticket, if answers to the other ticket do not go to them; else ""."""
    customer, other = (tickets.get(work.tx, one).customer for one in (ticket_id, into))
    people = tickets.participants(work.tx, into)
    told = {one.address for one in people if one.role in ("cc", "answer")}
    if customer.id == other.id or customer.email in told:
        return ""
    return customer.name or customer.email


def _last_merge(work: Work, ticket_id: int) -> Event:
    """The newest event by which a ticket was merged."""
    lines = events.of(work.tx, ticket_id, ("merged",))
    found = next((one for one in reversed(lines) if one.new == status.MERGED), None)
    if found is None:
        raise Refused(f"ticket {ticket_id} came from a split that was undone, so it is empty.")
    return found


def _people(work: Work, source: Ticket, target: Ticket) -> list[Participant]:
    """Add the source's people to the target, and return those that are new."""
    same = source.customer.id == target.customer.id
    others = tickets.participants(work.tx, source.id)
    requester = (
        () if same else (Participant(source.customer.email, source.customer.name, "mailed"),)
    )
    new = []
    for one in (*requester, *others):
        if one.address and one.address != target.customer.email:
            keeps = one.role == "expert" or (same and one.role == "cc")
            who = Participant(one.address, one.name, one.role if keeps else "mailed")
            if tickets.add_participant(work.tx, target.id, who):
                new.append(who)
    return new
