"""Which tickets may be looked at."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketctl.cli.desk_context import Desk
    from ticketctl.desk.condition import Condition
    from ticketctl.desk.records import Ticket
    from ticketctl.store.engine import Tx


def check(desk: "Desk", tx: "Tx", ticket: "Ticket") -> None:
    """NotAllowed (exit 4) for who is neither in the ticket's segment nor its owner nor an admin (A37)."""
    actor = desk.actor()
    if actor.role == "admin":
        return
    from ticketctl.actions import checks
    from ticketctl.actions.work import begin

    checks.access(begin(tx, actor), ticket)


def visible(desk: "Desk") -> "Condition":
    """The tickets that `check` lets pass, for every command that finds tickets by itself (A37).

    NotAllowed (exit 4) where we cannot tell who is asking.
    """
    from ticketctl.desk import access

    return access.visible(desk.definition, desk.actor())
