"""Which tickets a report counts, and the key of each fact."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, exists, false, not_, or_, select

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.domain.definition.definition import Definition
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import event, identity, ticket
from ticketctl.store.tickets import conditions

_CHUNK = 1000  # rows a server-side cursor brings at once


class Scope(Struct, frozen=True):
    """From `start` until before `end`, as seen at `now`: the tickets of `condition`.

    Spam, merged tickets, and those with an agent as customer are left out.
    """

    start: datetime
    end: datetime
    now: datetime
    condition: Condition
    insiders: tuple[str, ...] = ()  # addresses of agents, lower case

    @property
    def until(self) -> datetime:
        """The last instant that the report covers: its end, or now if that is earlier."""
        return min(self.end, self.now)


class FactKey(Struct, frozen=True):
    """What a fact is counted under: its ticket, owner and segment, and when it was."""

    ticket: int
    agent: str | None
    segment: str
    source_segment: str
    priority: int
    channel: str
    type: str | None
    mailbox: str
    at: datetime


PLACE = (
    ticket.c.id.label("of_ticket"),
    ticket.c.owner.label("of_owner"),
    ticket.c.segment.label("of_segment"),
    ticket.c.source_segment,
    ticket.c.priority,
    ticket.c.channel.label("of_channel"),
    ticket.c.type.label("of_type"),
    ticket.c.mailbox.label("of_mailbox"),
)


def scope(
    definition: Definition, start: datetime, end: datetime, now: datetime, condition: Condition
) -> Scope:
    """The scope of a report."""
    return Scope(
        start, end, now, condition, tuple(agent.email.lower() for agent in definition.agents)
    )


def place(row: Row[object], at: datetime, agent: str | None, segment: str | None = None) -> FactKey:
    """The key of a fact from a row with the columns PLACE; `segment` None: the ticket's present one."""
    return FactKey(
        row.of_ticket,
        agent,
        row.of_segment if segment is None else segment,
        row.source_segment,
        row.priority,
        row.of_channel,
        row.of_type,
        row.of_mailbox,
        at,
    )


def counted_tickets(scope: Scope) -> ColumnElement[bool]:
    """The tickets of the scope, as SQL on `ticket`."""
    return ticket.c.status.not_in((SPAM, MERGED)) & all_tickets(scope)


def all_tickets(scope: Scope) -> ColumnElement[bool]:
    """The tickets of the condition, also spam and merged ones."""
    inside: ColumnElement[bool] = false()
    if scope.insiders:
        inside = exists().where(
            identity.c.customer_id == ticket.c.customer_id,
            identity.c.kind == "email",
            identity.c.value.in_(scope.insiders),
        )
    return conditions.sql(scope.condition) & not_(inside)


def everybody(scope: Scope) -> bool:
    """Does the scope hold all tickets, so that facts without a ticket belong to it too?"""
    return scope.condition == EVERYTHING


def within(scope: Scope, *times: ColumnElement[object]) -> ColumnElement[bool]:
    """True if one of these times is in the period; each is looked up by its own index."""
    return or_(*((time >= scope.start) & (time < scope.end) for time in times))


def moved_after(at: ColumnElement[object], field: str = "segment") -> ColumnElement[object]:
    """The field's value at an instant, if history says that it changed later; else NULL."""
    return (
        select(event.c.old)
        .where(event.c.ticket_id == ticket.c.id, event.c.field == field, event.c.at > at)
        .order_by(event.c.n)
        .limit(1)
        .correlate_except(event)
        .scalar_subquery()
    )


def stream(
    tx: Tx, query: Select[object], values: Mapping[str, object] | None = None
) -> Iterator[Row[object]]:
    """The rows of a statement by a server-side cursor, with constant memory."""
    with tx.execute(query, values or {}, execution_options={"yield_per": _CHUNK}) as rows:
        yield from rows
