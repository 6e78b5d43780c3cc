"""The age colour of a ticket: yellow over 18 h, red over 24 h by default, strictly more than (features C14, C15)."""

from datetime import datetime, timedelta

from ticketctl.desk.definition import Alerts
from ticketctl.desk.records import Ticket
from ticketctl.desk.status import ACTIVE

NONE, YELLOW, RED = "none", "yellow", "red"


def alert(ticket: Ticket, alerts: Alerts, now: datetime) -> str:
    """`none`, `yellow` or `red`; only tickets not ended have an age."""
    if ticket.status not in ACTIVE:
        return NONE
    age = now - _basis(ticket, alerts.basis)
    if age > timedelta(seconds=alerts.red):
        return RED
    return YELLOW if age > timedelta(seconds=alerts.yellow) else NONE


def _basis(ticket: Ticket, basis: str) -> datetime:
    if basis == "updated":
        return ticket.updated_at
    if basis == "last_customer_message":
        return ticket.last_customer_at or ticket.created_at
    return ticket.created_at
