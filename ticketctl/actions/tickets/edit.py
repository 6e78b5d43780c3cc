"""Edits the fields of a ticket; one event for each change (F-Q31)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from ticketctl.actions.base import checks, custom_fields, permission, transitions, types
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.customers import customer
from ticketctl.actions.mail import participants, status_notice
from ticketctl.actions.tickets import assign, blocking, consequences, ending, route
from ticketctl.clock import rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.records import PRIORITIES, Ticket
from ticketctl.domain.definition.definition import Notice
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.safe import header_value
from ticketctl.store.tickets import search, tickets

_NOTICES: dict[str, Notice] = {
    "wait": "waiting",
    "escalate": "escalated",
    "reopen": "reopened",
}


class TicketChanges(Struct, frozen=True, kw_only=True):
    """What to change; UNSET stays as it is."""

    subject: str | UnsetType = UNSET
    priority: str | UnsetType = UNSET
    type: str | UnsetType | None = UNSET
    important: bool | UnsetType = UNSET
    segment: str | UnsetType = UNSET
    owner: str | UnsetType | None = UNSET
    customer: str | UnsetType = UNSET  # an identity or a number; created if new
    due: datetime | UnsetType | None = UNSET  # a manual due time; None: by the service level
    status: str | UnsetType = UNSET
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    fields: dict[str, Any] = {}  # None unsets one


def edit(
    work: Work,
    ticket_id: int,
    changes: TicketChanges,
    *,
    comment: str = "",
    force: bool = False,
    if_version: int | None = None,
) -> bool:
    """Edit a ticket. False if nothing changed. Refused without comment; `force` as in assign and ending.py."""
    checks.require_comment(work, "edit", comment)
    before = ticket = load_for_update(work, ticket_id, if_version)
    ticket = _plain(work, ticket, changes, comment)
    ticket = _tags(work, ticket, changes, comment)
    ticket = custom_fields.change(work, ticket, changes.fields, comment)
    if changes.due is not UNSET and changes.due != ticket.due_by:
        ticket = _due(work, ticket, changes.due, comment)
    if isinstance(changes.customer, str):
        ticket = _customer(work, ticket, changes.customer, comment)
    ticket = _place(work, ticket, changes, _segment(work, before, changes), comment, force)
    if isinstance(changes.status, str):
        set_status(work, ticket, changes.status, comment, force=force)
    changed = tickets.get(work.tx, before.id).version != before.version
    if changed:
        consequences.on_updated(work, ticket_id)
    return changed


def set_status(work: Work, ticket: Ticket, wish: str, comment: str, *, force: bool = False) -> None:
    """Set a ticket's status by the verb that leads there. Refused if none does; `force` as in ending.py."""
    checks.require_one_of(wish, status.STATUSES, "status")
    if wish == ticket.status:
        return
    if wish in status.ENDED:
        verb = "close" if wish == status.CLOSED else "resolve"
        ending.end(work, ticket, verb, comment, force=force)
        return
    verbs = {
        status.WAITING: "wait",
        status.ESCALATED: "escalate",
        status.SPAM: "spam",
        status.OPEN: {status.SPAM: "unspam"}.get(ticket.status, "open"),
    }
    if wish not in verbs:
        raise Refused(f"`edit` cannot set the status to {wish}.")
    verb = "reopen" if wish == status.OPEN and ticket.status in status.ENDED else verbs[wish]
    changed = transitions.step(
        work, ticket, verb, "reopened" if verb == "reopen" else "status", comment
    )
    if verb in _NOTICES:
        status_notice.tell(work, changed, _NOTICES[verb])
    blocking.tell_unblocked(work, ticket, changed.status)


def _plain(work: Work, ticket: Ticket, changes: TicketChanges, comment: str) -> Ticket:
    wanted: dict[str, Any] = {}
    for name in ("subject", "priority", "type", "important"):
        new = getattr(changes, name)
        if new is not UNSET and new != getattr(ticket, name):
            wanted[name] = new
    if "subject" in wanted:
        wanted["subject"] = header_value(wanted["subject"])
        if not wanted["subject"]:
            raise BadInput("the subject must not be empty.")
        search.replace(work.tx, ticket.id, "subject", 0, ticket.subject, wanted["subject"])
    if wanted.get("type"):
        types.check(work, wanted["type"])
    if "priority" in wanted:
        checks.require_one_of(wanted["priority"], PRIORITIES, "priority")
    return _set(work, ticket, wanted, comment)


def _set(work: Work, ticket: Ticket, wanted: dict[str, object], comment: str) -> Ticket:
    """Set columns, one event each."""
    if not wanted:
        return ticket
    tickets.change(work.tx, ticket.id, at=work.at, **wanted)
    for name, new in wanted.items():
        old = getattr(ticket, name)
        work.event(ticket.id, name, field=name, old=old, new=new, comment=comment)
    return tickets.get(work.tx, ticket.id)


def _due(work: Work, ticket: Ticket, new: datetime | None, comment: str) -> Ticket:
    tickets.change(work.tx, ticket.id, at=work.at, due_by=new)
    old, told = (at and rfc3339(at) for at in (ticket.due_by, new))
    work.event(ticket.id, "due", field="due_by", old=old, new=told, comment=comment)
    return tickets.get(work.tx, ticket.id)


def _tags(work: Work, ticket: Ticket, changes: TicketChanges, comment: str) -> Ticket:
    new = (set(ticket.tags) | {tag(one) for one in changes.add_tags}) - set(changes.remove_tags)
    old = set(ticket.tags)
    if new == old:
        return ticket
    tickets.set_tags(work.tx, ticket.id, sorted(new - old), sorted(old - new))
    tickets.change(work.tx, ticket.id, at=work.at)
    work.event(ticket.id, "tags", field="tags", old=sorted(old), new=sorted(new), comment=comment)
    return tickets.get(work.tx, ticket.id)


def tag(given: str) -> str:
    """A tag, normalised. BadInput if it is invalid."""
    if not given.strip() or given != header_value(given) or "," in given:
        raise BadInput(
            f'"{given}" is not a tag: write one or more words on one line, without commas.'
        )
    return given


def _customer(work: Work, ticket: Ticket, given: str, comment: str) -> Ticket:
    new = customer.meet(work, given)
    if new.id == ticket.customer.id:
        participants.reset_answer_address(work, ticket.id, ticket.customer.email, comment)
        return ticket
    # The former requester's reply address does not apply to the new one.
    left = [
        one
        for one in tickets.participants(work.tx, ticket.id)
        if one.role == "answer" or one.address == new.email
    ]
    for one in left:
        tickets.remove_participant(work.tx, ticket.id, one.address)
    tickets.change(work.tx, ticket.id, at=work.at, customer_id=new.id)
    work.event(
        ticket.id,
        "customer",
        field="customer",
        old=customer.word(work.tx, ticket.customer.id),
        new=customer.word(work.tx, new.id),
        comment=comment,
        way_back={
            "id": ticket.customer.id,
            "left": [[one.address, one.name, one.role] for one in left],
        },
    )
    return tickets.get(work.tx, ticket.id)


def _segment(work: Work, ticket: Ticket, changes: TicketChanges) -> str:
    """The new segment: the given one, else that of the new type (F-T12), else none."""
    if isinstance(changes.segment, str):
        if work.definition.segment(changes.segment) is None:
            raise NotFound(f'no segment "{changes.segment}".')
        return changes.segment
    if isinstance(changes.type, str) and changes.type != ticket.type:
        declared = work.definition.type(changes.type)
        return (declared.segment if declared else "") or ticket.segment
    return ticket.segment


def _place(
    work: Work, ticket: Ticket, changes: TicketChanges, segment: str, comment: str, force: bool
) -> Ticket:
    """Set the segment, then the owner: the given one, else by the new segment (F-Q34)."""
    owner = changes.owner
    moved = segment != ticket.segment
    if moved:
        permission.require(work, ticket, "move")
        ticket = _set(work, ticket, {"segment": segment}, comment)
        if owner is UNSET:
            return _owner_in_new_segment(work, ticket, comment)
    if owner is UNSET or (owner == ticket.owner and not moved):
        return ticket
    if isinstance(owner, str):
        checks.require_eligible_owner(work, owner, ticket.segment, force=force)
    if owner == ticket.owner:
        return ticket
    if not moved:
        permission.require(work, ticket, "assign")
    return assign.own(work, ticket, owner or None, comment)


def _owner_in_new_segment(work: Work, ticket: Ticket, comment: str) -> Ticket:
    """The owner of a ticket in a new segment: by routing, its sole manager, or nobody."""
    chosen = route.choice(work, ticket)
    if chosen and chosen.name:
        if chosen.name == ticket.owner:
            return ticket
        return assign.own(work, ticket, chosen.name, chosen.reason)
    if ticket.owner:
        ticket = assign.own(work, ticket, None, comment)
    return route.own(work, ticket, chosen) if chosen else ticket
