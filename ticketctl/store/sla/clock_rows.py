"""SLA clocks as stored, and the columns of a ticket that show the most urgent one."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Insert, bindparam, delete, func, select, update

from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.sla.sla_clock import RUNNING, Clock
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock, message, sla_event, ticket
from ticketctl.store.sla import stored

FAILED = "failed"  # the state of a ticket whose clocks could not be computed

_PLAIN = stored.plain(Clock)
_KEY = ("ticket_id", "kind", "cycle")
_OF = select(clock).where(clock.c.ticket_id == bindparam("of_ticket")).order_by(clock.c.id)
_PRESSED = ("policy", "policy_version", "due_at", "due_clock", "warn_at", "sla_state")
_PRESS = update(ticket).where(ticket.c.id == bindparam("of_ticket"))
_DUE = select(clock.c.ticket_id).where(clock.c.next_at <= bindparam("now"))


def of(tx: Tx, ticket_id: int) -> tuple[Clock, ...]:
    """The clocks of a ticket, in the order in which they began."""
    return tuple(
        Clock(**stored.values(row, _PLAIN)) for row in tx.execute(_OF, {"of_ticket": ticket_id})
    )


def save(tx: Tx, ticket_id: int, before: Sequence[Clock], now: Sequence[Clock]) -> None:
    """Write the differences from `before`, which is what is stored; one statement, whatever the number.

    A clock whose start was undone is deleted with its events.
    """
    known = {(one.kind, one.cycle): one for one in before}
    kept = {(one.kind, one.cycle): one for one in now}
    for key in known.keys() - kept.keys():
        _forget(tx, ticket_id, *key)
    changed = [one for key, one in kept.items() if known.get(key) != one]
    if changed:
        rows = [stored.row(ticket_id, one, _PLAIN) for one in changed]
        tx.execute(_upsert(tx.dialect.name), rows)


def save_pressing(tx: Tx, one: Ticket) -> None:
    """Store policy, due time and state of a ticket. Version and time of change stay: nobody changed it."""
    values = {name: getattr(one, name) for name in _PRESSED}
    tx.execute(_PRESS, {"of_ticket": one.id, **values})


def set_policy(tx: Tx, ticket_id: int, policy: str | None, version: int | None) -> None:
    """Set the policy of a ticket and its version; the ticket's version stays."""
    values = {"policy": policy, "policy_version": version}
    tx.execute(_PRESS.values(**values), {"of_ticket": ticket_id})


def words(tx: Tx, ticket_id: int) -> dict[int, bool]:
    """The messages in a ticket now, by number: is it from a human on the customer's side?"""
    query = select(message.c.n, message.c.direction, message.c["class"]).where(
        message.c.ticket_id == ticket_id
    )
    return {n: (side, kind) == ("in", "human") for n, side, kind in tx.execute(query)}


def due(tx: Tx, now: datetime) -> list[int]:
    """The tickets with something to record or notify, the longest due first."""
    query = _DUE.group_by(clock.c.ticket_id).order_by(func.min(clock.c.next_at), clock.c.ticket_id)
    return list(tx.execute(query, {"now": now}).scalars())


def running(tx: Tx, after: int, limit: int) -> list[int]:
    """Active tickets by number, from `after` on."""
    query = select(ticket.c.id).where(ticket.c.status.in_(ACTIVE), ticket.c.id > after)
    return list(tx.execute(query.order_by(ticket.c.id).limit(limit)).scalars())


def uncomputable(tx: Tx) -> list[int]:
    """The active tickets with a clock that cannot be computed, or that will never be due."""
    never = select(clock.c.ticket_id).where(
        clock.c.stopped_at.is_(None), clock.c.state == RUNNING, clock.c.due_at.is_(None)
    )
    bad = ticket.c.id.in_(never) | (ticket.c.sla_state == FAILED)
    query = select(ticket.c.id).where(ticket.c.status.in_(ACTIVE), bad)
    return list(tx.execute(query.order_by(ticket.c.id)).scalars())


@cache
def _upsert(dialect: str) -> Insert:
    return stored.upsert(clock, _PLAIN, _KEY, dialect)


def _forget(tx: Tx, ticket_id: int, kind: str, cycle: int) -> None:
    for table, name in ((sla_event, sla_event.c.clock), (clock, clock.c.kind)):
        this = (table.c.ticket_id == ticket_id, name == kind, table.c.cycle == cycle)
        tx.execute(delete(table).where(*this))
