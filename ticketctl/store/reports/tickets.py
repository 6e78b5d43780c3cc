"""The tickets of a period, for reports, from their rows and their history.

Each function runs a few statements, however many tickets there are; related rows come in the order of the tickets and
are joined while reading.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, Table, Text, cast, exists, func, select

from ticketctl.domain.base.status import ACTIVE, MERGED
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock, event, message, outbox, ticket
from ticketctl.store.queues.outbox import CANCELLED
from ticketctl.store.reports.scope import (
    PLACE,
    FactKey,
    Scope,
    all_tickets,
    counted_tickets,
    moved_after,
    place,
    stream,
    within,
)

_TIMELINE = ("status", "owner", "segment")


class Created(Struct, frozen=True):
    """A ticket of the period; `answered`: an agent had answered it when the period ended."""

    place: FactKey
    subject: str
    status: str
    answered: bool


class FirstReply(Struct, frozen=True):
    """The first reply to a ticket, with the calendar and target in force for it."""

    place: FactKey
    subject: str
    created_at: datetime
    policy: str | None
    policy_version: int | None


class Change(Struct, frozen=True):
    """An event: old and new status, owner or segment."""

    n: int
    at: datetime
    type: str
    field: str
    old: Any
    new: Any
    group: str


class Story(Struct, frozen=True):
    """A ticket as it is, with its changes of status, owner and segment, to compute how it was.

    `replies`: how often agents had replied at the end of the period.
    """

    place: FactKey  # as it is now; at: when it was made
    subject: str
    status: str
    awaiting: str
    created_at: datetime
    updated_at: datetime
    policy: str | None
    policy_version: int | None
    replies: int
    changes: tuple[Change, ...]


def created(tx: Tx, scope: Scope) -> Iterator[Created]:
    """The tickets created in the period, by number, under their present owner."""
    query = select(
        *PLACE, ticket.c.subject, ticket.c.status, ticket.c.created_at, ticket.c.first_reply_at
    )
    query = query.where(within(scope, ticket.c.created_at), counted_tickets(scope)).order_by(
        ticket.c.id
    )
    for row in stream(tx, query):
        answered = row.first_reply_at is not None and row.first_reply_at < scope.end
        where = place(row, row.created_at, row.of_owner)
        yield Created(where, row.subject, row.status, answered)


def came_in(tx: Tx, scope: Scope) -> int:
    """How many tickets were created."""
    return _number(tx, within(scope, ticket.c.created_at), counted_tickets(scope))


def left_out(tx: Tx, scope: Scope) -> int:
    """How many created tickets no report counts: spam, merged ones, our own."""
    every = Scope(scope.start, scope.end, scope.now, scope.condition)
    return _number(tx, within(scope, ticket.c.created_at), all_tickets(every)) - came_in(tx, scope)


def _number(tx: Tx, *which: ColumnElement[bool]) -> int:
    return int(tx.execute(select(func.count()).select_from(ticket).where(*which)).scalar_one())


def first_replies(tx: Tx, scope: Scope) -> Iterator[FirstReply]:
    """The first replies of the period, by ticket; none for a ticket that an agent began with a reply."""
    replied = event.alias("replied")
    by_clock = (clock.c.ticket_id == ticket.c.id, clock.c.kind == "first", clock.c.cycle == 1)
    query = (
        select(
            *PLACE, ticket.c.subject, ticket.c.created_at, message.c.author, message.c.at,
            func.coalesce(clock.c.policy, ticket.c.policy).label("of_policy"),
            func.coalesce(clock.c.policy_version, ticket.c.policy_version).label("of_version"),
            moved_after(message.c.at).label("was_segment"),
        )
        .select_from(replied)
        .join(ticket, (ticket.c.id == replied.c.ticket_id) & (ticket.c.first_reply_at == replied.c.at))
        .join(message, (message.c.ticket_id == ticket.c.id)
              & (cast(message.c.n, Text) == cast(replied.c.new, Text)))
        .outerjoin(clock, by_clock[0] & by_clock[1] & by_clock[2])
        .where(within(scope, replied.c.at), replied.c.type == "replied", _human(message), counted_tickets(scope))
        .order_by(ticket.c.id, message.c.n)
    )  # fmt: skip
    for _, rows in groupby(stream(tx, query), lambda row: row.of_ticket):
        row = next(iter(rows))
        where = place(row, row.at, row.author, row.was_segment)
        yield FirstReply(where, row.subject, row.created_at, row.of_policy, row.of_version)


def resolved(tx: Tx, scope: Scope) -> Iterator[Story]:
    """The tickets whose status changed in the period, by number, with their changes."""
    there = _changed(scope)
    which = counted_tickets(scope) & ticket.c.id.in_(there)
    return _stories(tx, scope, which, _lines(event.c.ticket_id.in_(there)))


def ended(tx: Tx, scope: Scope) -> Iterator[tuple[int, tuple[Change, ...]]]:
    """The changes of status in the period, by ticket."""
    query = _lines(event.c.field == "status", within(scope, event.c.at)).join(
        ticket, ticket.c.id == event.c.ticket_id
    )
    for number, rows in groupby(
        stream(tx, query.where(counted_tickets(scope))), lambda row: row.ticket_id
    ):
        yield number, tuple(_change(row) for row in rows)


def standing(tx: Tx, scope: Scope) -> Iterator[Story]:
    """The tickets that may have been open at the end of the period, with their later changes.

    Also those that became spam or were merged later: they were open then.
    """
    later = select(event.c.ticket_id).where(event.c.at >= scope.end, event.c.field == "status")
    which: ColumnElement[bool] = ticket.c.status.in_(sorted(ACTIVE))
    if scope.end <= scope.now:
        which |= ticket.c.id.in_(later)
    which &= all_tickets(scope) & (ticket.c.created_at < scope.end)
    lines = _lines(event.c.ticket_id.in_(select(ticket.c.id).where(which)), event.c.at >= scope.end)
    return _stories(tx, scope, which, lines)


def last_word(tx: Tx, scope: Scope) -> dict[int, str]:
    """Who wrote last before the end of the period, `in` or `out`, for tickets that changed since then."""
    newest = (
        select(message.c.ticket_id, func.max(message.c.n).label("n"))
        .where(message.c["class"] == "human", message.c.at < scope.end, _not_withdrawn(message))
        .where(message.c.ticket_id.in_(select(ticket.c.id).where(ticket.c.updated_at >= scope.end)))
        .group_by(message.c.ticket_id)
        .subquery()
    )
    query = select(message.c.ticket_id, message.c.direction).join(
        newest, (newest.c.ticket_id == message.c.ticket_id) & (newest.c.n == message.c.n)
    )
    return {row.ticket_id: row.direction for row in tx.execute(query)}


def touched(tx: Tx, scope: Scope, agents: Iterable[str]) -> Iterator[FactKey]:
    """Each ticket once for every agent who acted on it in the period."""
    query = (
        select(*PLACE, event.c.actor, func.min(event.c.at).label("at"))
        .join(ticket, ticket.c.id == event.c.ticket_id)
        .where(within(scope, event.c.at), event.c.actor.in_(tuple(agents)), counted_tickets(scope))
        .group_by(event.c.actor, ticket.c.id)
    )
    for row in stream(tx, query):
        yield place(row, row.at, row.actor)


def _changed(scope: Scope) -> Select[object]:
    return select(event.c.ticket_id).where(within(scope, event.c.at), event.c.field == "status")


def _lines(*which: ColumnElement[bool]) -> Select[object]:
    columns = ("ticket_id", "n", "at", "type", "field", "old", "new", "undo_group")
    query = select(*(event.c[name] for name in columns)).where(*which, event.c.field.in_(_TIMELINE))
    return query.order_by(event.c.ticket_id, event.c.n)


def _stories(
    tx: Tx, scope: Scope, which: ColumnElement[bool], lines: Select[object]
) -> Iterator[Story]:
    columns = (
        "subject",
        "status",
        "awaiting",
        "created_at",
        "updated_at",
        "policy",
        "policy_version",
    )
    rows = select(*PLACE, *(ticket.c[name] for name in columns), _replies(scope)).where(which)
    merged = _merged_replies(tx, scope)
    histories = groupby(stream(tx, lines), lambda row: row.ticket_id)
    number, changes = next(histories, (None, iter(())))
    for row in stream(tx, rows.order_by(ticket.c.id)):
        while number is not None and number < row.of_ticket:
            number, changes = next(histories, (None, iter(())))
        mine = tuple(map(_change, changes)) if number == row.of_ticket else ()
        yield _story(row, mine, merged.get(row.of_ticket, 0))


def _story(row: Row[object], changes: tuple[Change, ...], merged_replies: int) -> Story:
    return Story(
        place(row, row.created_at, row.of_owner),
        row.subject,
        row.status,
        row.awaiting,
        row.created_at,
        row.updated_at,
        row.policy,
        row.policy_version,
        row.replies + merged_replies,
        changes,
    )


def _change(row: Row[object]) -> Change:
    return Change(row.n, row.at, row.type, row.field, row.old, row.new, row.undo_group)


def _merged_replies(tx: Tx, scope: Scope) -> Counter[int]:
    """The replies in tickets merged before the end of the period, by the ticket they are in."""
    came = exists().where(
        event.c.ticket_id == ticket.c.id,
        event.c.field == "status",
        event.c.new == MERGED,
        event.c.at < scope.end,
    )
    query = select(ticket.c.id, ticket.c.merged_into, _replies(scope)).where(
        ticket.c.merged_into.is_not(None), came
    )
    rows = list(stream(tx, query))
    into = {row.id: row.merged_into for row in rows}
    found: Counter[int] = Counter()
    for row in rows:
        target = row.merged_into
        while target in into:
            target = into[target]
        found[target] += row.replies
    return found


def _replies(scope: Scope) -> ColumnElement[int]:
    """How many replies a ticket had at the end of the period, without withdrawn ones."""
    return (
        select(func.count())
        .select_from(message)
        .where(message.c.ticket_id == ticket.c.id, message.c.at < scope.end, _human(message))
        .correlate(ticket)
        .scalar_subquery()
        .label("replies")
    )


def _human(table: Table) -> ColumnElement[bool]:
    said: ColumnElement[bool] = (table.c.direction == "out") & (table.c["class"] == "human")
    return said & _not_withdrawn(table)


def _not_withdrawn(table: Table) -> ColumnElement[bool]:
    return ~exists().where(
        outbox.c.ticket_id == table.c.ticket_id,
        outbox.c.message_n == table.c.n,
        outbox.c.kind.in_(("reply", "resolution")),
        outbox.c.state == CANCELLED,
    ).correlate(table)
