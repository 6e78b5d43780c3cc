"""SLA clocks as stored, and the columns of a ticket that show the most urgent one."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.sla.sla_clock import RUNNING, Clock
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.sla import stored
from ticketctl.store.tickets import pending

FAILED = "failed"  # the state of a ticket whose clocks could not be computed

_PLAIN = stored.plain(Clock)
_KEY = ("ticket_id", "kind", "cycle")
_OF = sql(
    lambda: (
        sa.select(t.clock)
        .where(t.clock.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.clock.c.id)
    )
)
_PRESSED = ("policy", "policy_version", "due_at", "due_clock", "warn_at", "sla_state")
_DUE = sql(
    lambda: (
        sa.select(t.clock.c.ticket_id)
        .where(t.clock.c.next_at <= sa.bindparam("now"))
        .group_by(t.clock.c.ticket_id)
        .order_by(sa.func.min(t.clock.c.next_at), t.clock.c.ticket_id)
    )
)
_WORDS = sql(
    lambda: sa.select(t.message.c.n, t.message.c.direction, t.message.c["class"]).where(
        t.message.c.ticket_id == sa.bindparam("of_ticket")
    )
)
_ACTIVE = cache(
    lambda: (
        sa.select(t.ticket.c.id)
        .where(t.ticket.c.status.in_(sorted(ACTIVE)))
        .order_by(t.ticket.c.id)
    )
)
_RUNNING = sql(
    lambda: _ACTIVE().where(t.ticket.c.id > sa.bindparam("after")).limit(sa.bindparam("most"))
)
_NEVER_DUE = cache(
    lambda: sa.select(t.clock.c.ticket_id).where(
        t.clock.c.stopped_at.is_(None), t.clock.c.state == RUNNING, t.clock.c.due_at.is_(None)
    )
)
_UNCOMPUTABLE = sql(
    lambda: _ACTIVE().where(sa.or_(t.ticket.c.id.in_(_NEVER_DUE()), t.ticket.c.sla_state == FAILED))
)
_FORGET = sql(
    lambda: sa.delete(t.clock).where(
        t.clock.c.ticket_id == sa.bindparam("of_ticket"),
        t.clock.c.kind == sa.bindparam("of_kind"),
        t.clock.c.cycle == sa.bindparam("of_cycle"),
    )
)
_FORGET_EVENTS = sql(
    lambda: sa.delete(t.sla_event).where(
        t.sla_event.c.ticket_id == sa.bindparam("of_ticket"),
        t.sla_event.c.clock == sa.bindparam("of_kind"),
        t.sla_event.c.cycle == sa.bindparam("of_cycle"),
    )
)
_UPSERT = sql(lambda: stored.upsert(t.clock, _PLAIN, _KEY))


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
        tx.execute(_UPSERT, rows)


def save_pressing(tx: Tx, one: Ticket) -> None:
    """Store policy, due time and state of a ticket. Version and time of change stay: nobody changed it."""
    pending.set_quietly(tx, one.id, **{name: getattr(one, name) for name in _PRESSED})


def set_policy(tx: Tx, ticket_id: int, policy: str | None, version: int | None) -> None:
    """Set the policy of a ticket and its version; the ticket's version stays."""
    pending.set_quietly(tx, ticket_id, policy=policy, policy_version=version)


def words(tx: Tx, ticket_id: int) -> dict[int, bool]:
    """The messages in a ticket now, by number: is it from a human on the customer's side?"""
    found = tx.execute(_WORDS, {"of_ticket": ticket_id})
    return {n: (side, kind) == ("in", "human") for n, side, kind in found}


def due(tx: Tx, now: datetime) -> list[int]:
    """The tickets with something to record or notify, the longest due first."""
    return tx.execute(_DUE, {"now": now}).scalars()


def running(tx: Tx, after: int, limit: int) -> list[int]:
    """Active tickets by number, from `after` on."""
    return tx.execute(_RUNNING, {"after": after, "most": limit}).scalars()


def uncomputable(tx: Tx) -> list[int]:
    """The active tickets with a clock that cannot be computed, or that will never be due."""
    return tx.execute(_UNCOMPUTABLE).scalars()


def _forget(tx: Tx, ticket_id: int, kind: str, cycle: int) -> None:
    this = {"of_ticket": ticket_id, "of_kind": kind, "of_cycle": cycle}
    tx.execute(_FORGET_EVENTS, this)
    tx.execute(_FORGET, this)
