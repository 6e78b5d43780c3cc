"""The SLA state of a ticket: one word for programs, a few letters for a table (F-A15)."""

from datetime import datetime

from ticketctl.domain.base.records import Ticket

OK, WARN, BREACH, PAUSED, MET = "ok", "warn", "breach", "paused", "met"

_RECORDED = {"paused": PAUSED, "met": MET, "breached": BREACH}


def state(ticket: Ticket, now: datetime) -> str | None:
    """`ok`, `warn`, `breach`, `paused` or `met`; None: no clock. Due at this very second is in time."""
    if ticket.sla_state in _RECORDED:
        return _RECORDED[ticket.sla_state]
    if ticket.due_at is None:
        return None
    if now > ticket.due_at:
        return BREACH
    return WARN if ticket.warn_at and now >= ticket.warn_at else OK


def word(ticket: Ticket, now: datetime, *, short: bool = False) -> str:
    """`ok 2h10m`, `warn 0h20m`, `breach +1h05m`, `paused`, `met`, `-`: in real time.

    `short`: from ten hours on without minutes, from four days on without hours.
    """
    found = state(ticket, now)
    if found is None:
        return "-"
    if ticket.due_at is None or found in (PAUSED, MET):
        return found
    left = int((ticket.due_at - now).total_seconds())
    return f"{found} {'+' if left < 0 else ''}{_span(abs(left), short=short)}"


def _span(seconds: int, *, short: bool) -> str:
    """`2h10m`; from four days on `4d02h`."""
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 96:
        return f"{hours // 24}d" if short else f"{hours // 24}d{hours % 24:02}h"
    return f"{hours}h" if short and hours >= 10 else f"{hours}h{minutes:02}m"
