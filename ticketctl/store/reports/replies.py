"""Agents' replies, from the history: no split, merge or erasure changes what it says of an earlier month."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ticketctl.domain.base.records import AUTOMATIC
from ticketctl.domain.base.status import MERGED
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.reports.scope import Scope, opened_at, status_in, stream
from ticketctl.store.tickets.last_word import stands

REPLIED, UNDONE = "replied", "undone"


def is_reply(line: "sa.FromClause") -> "sa.ColumnElement[bool]":
    """Is an event an agent's reply that was not undone?"""
    back = t.event.alias()
    undone = sa.exists().where(
        back.c.ticket_id == line.c.ticket_id,
        back.c.type == UNDONE,
        back.c.field == "message",
        back.c.undo_group == line.c.undo_group,
        sa.cast(back.c.new, sa.Text) == sa.cast(line.c.new, sa.Text),
    )
    return sa.and_(line.c.type == REPLIED, line.c.actor.not_in(AUTOMATIC), ~undone)


def opened_by_agent() -> "sa.ColumnElement[bool]":
    """Did an agent open `ticket` with a message to the customer?"""
    return sa.exists().where(
        t.message.c.ticket_id == t.ticket.c.id,
        t.message.c.n == 1,
        t.message.c.at <= t.ticket.c.created_at,
        t.message.c.direction == "out",
        t.message.c["class"] == "human",
    )


def without_event() -> "sa.ColumnElement[int | None]":
    """How many of the agents' messages in `ticket` no event tells of: it was opened with them, or split off."""
    line = t.event.alias()
    told = sa.exists().where(
        line.c.ticket_id == t.message.c.ticket_id,
        line.c.type == REPLIED,
        sa.cast(line.c.new, sa.Text) == sa.cast(t.message.c.n, sa.Text),
    )
    number = (
        sa.select(sa.func.count())
        .select_from(t.message)
        .where(
            t.message.c.ticket_id == t.ticket.c.id,
            t.message.c.direction == "out",
            t.message.c["class"] == "human",
            t.message.c.at <= opened_at(),
            ~told.correlate(t.message),
        )
        .correlate(t.ticket)
        .scalar_subquery()
    )
    return sa.case((t.ticket.c.first_reply_at <= opened_at(), number))


def of_merged(tx: Tx, scope: Scope) -> Counter[int]:
    """The replies in tickets that were merged at the end of the scope, by the ticket they had come to."""
    return _passed_on(_sources(tx, scope))


def _sources(tx: Tx, scope: Scope) -> dict[int, tuple[int, int]]:
    """The merged tickets: what each was merged into, and how many replies it had."""
    left = sa.select(t.event.c.ticket_id).where(
        t.event.c.at >= scope.end, t.event.c.type == "unmerged"
    )
    moved = t.event.alias("moved")
    target = (
        sa.select(sa.cast(moved.c.new, sa.Text))
        .where(moved.c.ticket_id == t.ticket.c.id, moved.c.field == "into", moved.c.at < scope.end)
        .order_by(moved.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )
    said = t.event.alias("said")
    replies = (
        sa.select(sa.func.count())
        .select_from(said)
        .where(said.c.ticket_id == t.ticket.c.id, is_reply(said), said.c.at < scope.end)
        .correlate(t.ticket)
        .scalar_subquery()
    )
    query = sa.select(
        t.ticket.c.id,
        target.label("target"),
        (replies + sa.func.coalesce(without_event(), 0)).label("replies"),
    ).where(
        t.ticket.c.merged_into.is_not(None) | t.ticket.c.id.in_(left),
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


def last_word(end: datetime) -> "sa.ColumnElement[Any]":
    """The direction of the last message of people in `ticket` before an instant, without withdrawn ones."""
    return (
        sa.select(t.message.c.direction)
        .where(t.message.c.ticket_id == t.ticket.c.id, _said_before(end))
        .order_by(t.message.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )


def last_word_of(
    tx: Tx, number: int, end: datetime, moved: Sequence[tuple[int, int]]
) -> str | None:
    """The same for one ticket from which messages were split off later: `moved` are their new ticket and number."""
    places = [t.message.c.ticket_id == number]
    places += [(t.message.c.ticket_id == other) & (t.message.c.n == n) for other, n in moved]
    query = sa.select(t.message.c.direction).where(_said_before(end), sa.or_(*places))
    newest = query.order_by(t.message.c.at.desc(), t.message.c.id.desc()).limit(1)
    found: str | None = tx.execute(newest).scalar()
    return found


def _said_before(end: datetime) -> "sa.ColumnElement[bool]":
    return stands() & (t.message.c.at < end)
