"""Access checks for reading tickets and mail."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from ticketctl.errors import DatabaseTrouble, NotAllowed

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition
    from ticketctl.domain.base.records import InboxRow, OutboxRow, Ticket
    from ticketctl.store.db.database import Tx

Mail = TypeVar("Mail", "InboxRow", "OutboxRow")


def check(app: "App", tx: "Tx", ticket: "Ticket") -> None:
    """NotAllowed (exit 4) if the agent is not in the ticket's segment, its owner or an admin (F-A37)."""
    app.definition_in(tx)
    actor = app.actor()
    if actor.role == "admin":
        return
    from ticketctl.actions.base import permission
    from ticketctl.actions.base.context import begin

    permission.require(begin(tx, actor), ticket)


def visible(app: "App") -> "Condition":
    """The condition for tickets that `check` allows, for commands that search tickets (F-A37).

    NotAllowed (exit 4) if the user is unknown.
    """
    from ticketctl.domain.rules import access

    return access.visible(app.definition, app.actor())


def operator(app: "App", what: str) -> None:
    """NotAllowed (exit 4) for an agent who is not an admin; `what` affects the whole desk.

    An account that is not an agent, such as cron's, is limited only by the database's permissions; if the database
    holds no desk of this version, nobody has a role.
    """
    try:
        actor = app.actor()
    except (NotAllowed, DatabaseTrouble):
        return
    if actor.role != "admin":
        raise NotAllowed(f"only admins may {what}; you are {actor.name} ({actor.role}).")


def mail(app: "App", tx: "Tx", row: Mail) -> Mail:
    """The row; NotAllowed (exit 4) if `mails` leaves it out."""
    if not mails(app, tx, [row]):
        whose = f"belongs to ticket {row.ticket}" if row.ticket else f"came to {row.mailbox}"
        raise NotAllowed(f"mail {row.id} {whose}, which is not in your segments.")
    return row


def mails(app: "App", tx: "Tx", rows: Sequence[Mail]) -> Sequence[Mail]:
    """The rows that the actor may read, because mail reveals what its ticket says (F-A23, F-A37).

    Mail without a ticket may be read by the agents of its mailbox; outgoing mail without one, a report, by admins.
    """
    from ticketctl.domain.base.records import InboxRow
    from ticketctl.domain.rules import access
    from ticketctl.store.tickets import tickets

    definition, actor = app.definition_in(tx), app.actor()
    if not (closed := access.hidden(definition, actor)):
        return rows
    found = tickets.some(tx, sorted({row.ticket for row in rows if row.ticket}))
    seen = {one.id for one in found if access.sees(definition, actor, one)}
    mine = {box.address for box in definition.mailboxes if box.segment not in closed}
    return [
        row
        for row in rows
        if (row.ticket in seen if row.ticket else isinstance(row, InboxRow) and row.mailbox in mine)
    ]
