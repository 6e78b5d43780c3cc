"""Changes a ticket's status as the table of the life cycle allows, with the columns that go with it."""

from typing import Any

from msgspec.structs import replace

from ticketctl.actions.base import permission
from ticketctl.actions.base.awaiting import awaiting
from ticketctl.actions.base.context import Work
from ticketctl.clock import parse, rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.store.tickets import tickets

_TIMES = ("wait_until", "resolved_at", "closed_at", "closed_loop_at")


def step(
    work: Work, ticket: Ticket, verb: str, type: str, comment: str = "", **columns: object
) -> Ticket:
    """Run `verb`: change status and `columns`, write event `type`, return the ticket. Refused by the life cycle.

    NotAllowed if the definition reserves the verb to others (F-T3).
    """
    new = status.after(verb, ticket.status)
    permission.require_answering(work, ticket, verb)
    return set_status(work, ticket, new, type, comment, **columns)


def set_status(
    work: Work, ticket: Ticket, new: str, type: str, comment: str = "", **columns: object
) -> Ticket:
    """Set a status that the life cycle allows, with the columns that go with it unless `columns` says otherwise."""
    columns = columns_of(new) | columns
    if "awaiting" not in columns:
        columns["awaiting"] = awaiting(work.tx, ticket.id, new)
    tickets.change(work.tx, ticket.id, at=work.at, status=new, **columns)
    work.event(
        ticket.id,
        type,
        field="status",
        old=ticket.status,
        new=new,
        comment=comment,
        way_back=saved_columns(ticket),
    )
    known = {name: value for name, value in columns.items() if name in ticket.__struct_fields__}
    return replace(ticket, status=new, version=ticket.version + 1, updated_at=work.at, **known)


def columns_of(new: str) -> dict[str, object]:
    """The columns that go with a status: only an ended ticket has an end, only a waiting one a wake-up time."""
    columns: dict[str, Any] = {}
    if new != status.WAITING:
        columns["wait_until"] = None
    if new not in status.ENDED:
        columns |= {"resolved_at": None, "closed_at": None, "closed_loop_at": None}
    return columns


def saved_columns(ticket: Ticket) -> dict[str, object]:
    """The columns that go with a ticket's present status, as JSON, for `given_back`."""
    times = ((name, getattr(ticket, name)) for name in _TIMES)
    return {name: at and rfc3339(at) for name, at in times}


def restored_columns(old: str, kept: dict[str, Any] | None) -> dict[str, object]:
    """The columns to restore with the status `old`, from what was `kept`."""
    known = {name: value for name, value in (kept or {}).items() if name in _TIMES}
    return columns_of(old) | {name: value and parse(value) for name, value in known.items()}
