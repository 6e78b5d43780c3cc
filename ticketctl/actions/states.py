"""One step of the life cycle: the status by the table, what goes with it, one line of history."""

from typing import Any

from msgspec.structs import replace

from ticketctl.actions.work import Work
from ticketctl.desk import status
from ticketctl.desk.records import Ticket
from ticketctl.store import tickets


def step(
    work: Work, ticket: Ticket, verb: str, type: str, comment: str = "", **columns: Any
) -> Ticket:
    """Do `verb`: change status and `columns`, write event `type`; the ticket as it is then. Refused by the table."""
    return put(work, ticket, status.after(verb, ticket.status), type, comment, **columns)


def put(
    work: Work, ticket: Ticket, new: str, type: str, comment: str = "", **columns: Any
) -> Ticket:
    """Set a status that the table allows, and what every status implies unless `columns` say otherwise."""
    columns = implied(new) | columns
    tickets.change(work.tx, ticket.id, at=work.at, status=new, **columns)
    work.event(ticket.id, type, field="status", old=ticket.status, new=new, comment=comment)
    known = {name: value for name, value in columns.items() if name in ticket.__struct_fields__}
    return replace(ticket, status=new, version=ticket.version + 1, updated_at=work.at, **known)


def implied(new: str) -> dict[str, Any]:
    """The columns a status brings along: only an ended ticket has an end, only a waiting one waits."""
    columns: dict[str, Any] = {}
    if new != status.WAITING:
        columns["wait_until"] = None
    if new not in status.ENDED:
        columns |= {"resolved_at": None, "closed_at": None, "closed_loop_at": None}
    if new in (status.NEW, status.OPEN):
        columns["awaiting"] = "agent"
    elif new == status.WAITING:
        columns["awaiting"] = "customer"
    elif new != status.ESCALATED:
        columns["awaiting"] = "nobody"
    return columns
