"""Reverts the lines of history that create, split, merge and link tickets."""

from ticketctl.actions.base import transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.recent_changes import last_change_since
from ticketctl.actions.revert.reversal import Reversal
from ticketctl.clock import parse
from ticketctl.domain.base import status
from ticketctl.domain.base.records import LINKS, Event, Participant
from ticketctl.domain.sla import happenings
from ticketctl.errors import Conflict
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import events, links, message_moves, tickets


def revert_creation(step: Reversal) -> object:
    """Mark a ticket made by hand as spam; merge one that was split off back into its source.

    Its number is never reused. Conflict if anything else happened to it.
    """
    _require_untouched(step, step.ticket.id)
    source = (step.line.way_back or {}).get("from")
    new = status.MERGED if source else status.SPAM
    columns = transitions.columns_of(new) | {"merged_into": source}
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at, status=new, **columns)
    return step.line.new


def revert_split(step: Reversal) -> object:
    """Move messages back under their old numbers. Conflict if anything else happened to the new ticket."""
    tx, new_id, was = step.work.tx, int(step.line.new), step.line.way_back
    _require_untouched(step, new_id)
    numbers = {old: n for n, old in enumerate(step.line.old, 1)}
    message_moves.put_back(tx, step.ticket.id, new_id, numbers)
    columns = {"kind": was["kind"]}
    for name in ("last_customer_at", "first_reply_at"):
        columns[name] = was[name] and parse(was[name])
    if step.since("message"):
        columns["last_customer_at"] = step.ticket.last_customer_at
    tickets.change(tx, step.ticket.id, at=step.work.at, **columns)
    return step.line.new


def revert_merge(step: Reversal) -> object:
    """Unmerge a ticket; participants that only the merge added to the other ticket are removed."""
    tx, ticket = step.work.tx, step.ticket
    if step.line.field == "from":
        remove_merged_people(step.work, step.line)
    if step.line.field != "status":
        return step.line.new
    now = step.still(ticket.status)
    old = str(step.line.old)
    columns = transitions.restored_columns(old, step.line.way_back)
    tickets.change(tx, ticket.id, at=step.work.at, status=old, merged_into=None, **columns)
    return now


def last_merge(tx: Tx, target_id: int, source_id: int) -> Event:
    """The last event by which one ticket was merged into another."""
    lines = events.of(tx, target_id, ("merged",))
    return next(one for one in reversed(lines) if (one.field, one.new) == ("from", source_id))


def remove_merged_people(work: Work, line: Event) -> list[list[str]]:
    """Remove the participants that a merge added, by its event `from`; returns them for `way_back`."""
    tx, kept = work.tx, line.way_back or {}
    ticket = tickets.get(tx, line.ticket)
    joined = kept.get("joined", ())
    left = [one for one in tickets.participants(tx, ticket.id) if one.address in joined]
    for one in left:
        tickets.remove_participant(tx, ticket.id, one.address)
    tickets.change(tx, ticket.id, at=work.at)
    return [[one.address, one.name, one.role] for one in left]


def changes_since(work: Work, line: Event) -> list[Event]:
    """What others did to a ticket since an event and did not undo.

    A merge and unmerge of the ticket itself do not count.
    """
    lines = happenings.standing(events.of(work.tx, line.ticket))
    later = [one for one in lines if one.n > line.n and one.group != line.group]
    return [one for one in later if status.MERGED not in (one.old, one.new)]


def revert_unmerge(step: Reversal) -> object:
    """Merge a ticket again. Conflict if that would make a circle."""
    tx, ticket, kept = step.work.tx, step.ticket, step.line.way_back
    if step.line.field == "from":
        for address, name, role in kept["left"]:
            tickets.add_participant(tx, ticket.id, Participant(address, name, role))
        tickets.change(tx, ticket.id, at=step.work.at)
        return step.line.new
    now = step.still(ticket.status)
    if tickets.final(tx, kept["into"]) == ticket.id:
        raise Conflict(f"ticket {kept['into']} was merged into ticket {ticket.id} since.")
    columns = transitions.columns_of(status.MERGED) | {"merged_into": kept["into"]}
    tickets.change(tx, ticket.id, at=step.work.at, status=status.MERGED, **columns)
    return now


def revert_link(step: Reversal) -> object:
    """Remove a link; of its two events, the one that has its direction does it."""
    if step.line.field in LINKS:
        links.drop(step.work.tx, step.ticket.id, str(step.line.field), int(step.line.new))
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at)
    return step.line.new


def revert_unlink(step: Reversal) -> object:
    """Add a link again."""
    if step.line.field in LINKS:
        kind, other = str(step.line.field), int(step.line.old)
        if not links.exists(step.work.tx, other, kind, step.ticket.id):
            links.add(step.work.tx, step.ticket.id, kind, other, step.work.at)
    tickets.change(step.work.tx, step.ticket.id, at=step.work.at)
    return step.line.new


def _require_untouched(step: Reversal, ticket_id: int) -> None:
    """Conflict if anything happened to the ticket since it was made."""
    did = last_change_since(step.work, ticket_id, step.line.group)
    if did:
        raise Conflict(f"ticket {ticket_id} cannot be taken back: {did}.")
