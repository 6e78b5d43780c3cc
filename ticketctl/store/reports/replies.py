"""Agents' replies, from the history: no split, merge or erasure changes what it says of an earlier month."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, exists, func, or_, select

from ticketctl.domain.base.records import AUTOMATIC
from ticketctl.domain.base.status import MERGED
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import event, message, ticket
from ticketctl.store.reports.scope import Scope, opened_at, status_in, stream
from ticketctl.store.tickets.last_word import stands

REPLIED, UNDONE = "replied", "undone"


def is_reply(line: FromClause) -> ColumnElement[bool]:
    """Is an event an agent's reply that was not undone?"""
    back = event.alias()
    undone = exists().where(
        back.c.ticket_id == line.c.ticket_id,
        back.c.type == UNDONE,
        back.c.field == "message",
        back.c.undo_group == line.c.undo_group,
        cast(back.c.new, Text) == cast(line.c.new, Text),
    )
    return and_(line.c.type == REPLIED, line.c.actor.not_in(AUTOMATIC), ~undone)


def opened_by_agent() -> ColumnElement[bool]:
    """Did an agent open `ticket` with a message to the customer?"""
    return exists().where(
        message.c.ticket_id == ticket.c.id,
        message.c.n == 1,
        message.c.at <= ticket.c.created_at,
        message.c.direction == "out",
        message.c["class"] == "human",
    )


def without_event() -> ColumnElement[int | None]:
    """How many of the agents' messages in `ticket` no event tells of: it was opened with them, or split off."""
    line = event.alias()
    told = exists().where(
        line.c.ticket_id == message.c.ticket_id,
        line.c.type == REPLIED,
        cast(line.c.new, Text) == cast(message.c.n, Text),
    )
    number = (
        select(func.count())
        .select_from(message)
        .where(
            message.c.ticket_id == ticket.c.id,
            message.c.direction == "out",
            message.c["class"] == "human",
            message.c.at <= opened_at(),
            ~told.correlate(message),
        )
        .correlate(ticket)
        .scalar_subquery()
    )
    return case((ticket.c.first_reply_at <= opened_at(), number))


def of_merged(tx: Tx, scope: Scope) -> Counter[int]:
    """The replies in tickets that were merged at the end of the scope, by the ticket they had come to."""
    return _passed_on(_sources(tx, scope))


def _sources(tx: Tx, scope: Scope) -> dict[int, tuple[int, int]]:
    """The merged tickets: what each was merged into, and how many replies it had."""
    left = select(event.c.ticket_id).where(event.c.at >= scope.end, event.c.type == "unmerged")
    moved = event.alias("moved")
    target = (
        select(cast(moved.c.new, Text))
        .where(moved.c.ticket_id == ticket.c.id, moved.c.field == "into", moved.c.at < scope.end)
        .order_by(moved.c.n.desc())
        .limit(1)
        .correlate(ticket)
        .scalar_subquery()
    )
    said = event.alias("said")
    replies = (
        select(func.count())
        .select_from(said)
        .where(said.c.ticket_id == ticket.c.id, is_reply(said), said.c.at < scope.end)
        .correlate(ticket)
        .scalar_subquery()
    )
    query = select(
        ticket.c.id,
        target.label("target"),
        (replies + func.coalesce(without_event(), 0)).label("replies"),
    ).where(
        ticket.c.merged_into.is_not(None) | ticket.c.id.in_(left),
        status_in(scope, (MERGED,)),
    )
    return {
        row.id: (int(row.target), row.replies)
        for row in stream(tx, query)
        if row.target is not None
    }


def _passed_on(sources: dict[int, tuple[int, int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for target, replies in sources.values():
        seen: set[int] = set()
        while target in sources and target not in seen:
            seen.add(target)
            target = sources[target][0]
        found[target] += replies
    return found


def last_word(end: datetime) -> ColumnElement[Any]:
    """The direction of the last message of people in `ticket` before an instant, without withdrawn ones."""
    return (
        select(message.c.direction)
        .where(message.c.ticket_id == ticket.c.id, _said_before(end))
        .order_by(message.c.n.desc())
        .limit(1)
        .correlate(ticket)
        .scalar_subquery()
    )


def last_word_of(
    tx: Tx, number: int, end: datetime, moved: Sequence[tuple[int, int]]
) -> str | None:
    """The same for one ticket from which messages were split off later: `moved` are their new ticket and number."""
    places = [message.c.ticket_id == number]
    places += [(message.c.ticket_id == other) & (message.c.n == n) for other, n in moved]
    query = select(message.c.direction).where(_said_before(end), or_(*places))
    newest = query.order_by(message.c.at.desc(), message.c.id.desc()).limit(1)
    found: str | None = tx.execute(newest).scalar()
    return found


def _said_before(end: datetime) -> ColumnElement[bool]:
    return stands() & (message.c.at < end)
