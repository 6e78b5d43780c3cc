"""Agents' replies, from the history: no split, merge or erasure changes what it says of an earlier month."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ticketctl.domain.base.records import AUTOMATIC
from ticketctl.domain.base.status import MERGED
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import any_of, expression, sql
from ticketctl.store.reports.counted import status_in
from ticketctl.store.reports.scope import CHUNK, Scope, instant, opened_at
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
    return sa.and_(line.c.type == REPLIED, line.c.actor.not_in(sorted(AUTOMATIC)), ~undone)


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


def of_merged(tx: Tx, scope: Scope, targets: Sequence[int]) -> Counter[int]:
    """The replies in tickets that were merged at the end of the scope, by the ticket they had come to.

    Only of those that came to one of `targets`.
    """
    known = {**scope.instants, "targets": targets}
    sources = {
        row.id: (int(row.target), row.replies)
        for row in tx.stream(_SOURCES, known, at_once=CHUNK)
        if row.target is not None
    }
    return _passed_on(sources)


def _sources() -> Any:
    """The tickets merged into `targets`: what each was merged into, and how many replies it had."""
    end = instant("end")
    left, moved = t.event.alias("left"), t.event.alias("moved")
    parted = sa.exists().where(
        left.c.ticket_id == t.ticket.c.id, left.c.type == "unmerged", left.c.at >= end
    )
    target = (
        sa.select(sa.cast(moved.c.new, sa.Text))
        .where(moved.c.ticket_id == t.ticket.c.id, moved.c.field == "into", moved.c.at < end)
        .order_by(moved.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )
    said = t.event.alias("said")
    replies = (
        sa.select(sa.func.count())
        .select_from(said)
        .where(said.c.ticket_id == t.ticket.c.id, is_reply(said), said.c.at < end)
        .correlate(t.ticket)
        .scalar_subquery()
    )
    return sa.select(
        t.ticket.c.id,
        target.label("target"),
        (replies + sa.func.coalesce(without_event(), 0)).label("replies"),
    ).where(
        t.ticket.c.id.in_(sa.select(_merged_into_targets().c.id)),
        t.ticket.c.merged_into.is_not(None) | parted,
        status_in(MERGED),
    )


def _merged_into_targets() -> "sa.CTE":
    """The targets, and all that were ever merged into one of them."""
    came = t.event.alias("came")
    reached = (
        sa.select(t.ticket.c.id)
        .where(in_list(t.ticket.c.id, "targets"))
        .cte("reached", recursive=True)
    )
    source = sa.cast(sa.cast(came.c.new, sa.Text), sa.BigInteger)
    return reached.union(
        sa.select(source).where(
            came.c.ticket_id == reached.c.id, came.c.type == "merged", came.c.field == "from"
        )
    )


_SOURCES = sql(_sources)


def _passed_on(sources: dict[int, tuple[int, int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for target, replies in sources.values():
        seen: set[int] = set()
        while target in sources and target not in seen:
            seen.add(target)
            target = sources[target][0]
        found[target] += replies
    return found


def last_word() -> "sa.ColumnElement[Any]":
    """The direction of the last message of people in `ticket` before `said_before`, without withdrawn ones."""
    return (
        sa.select(t.message.c.direction)
        .where(t.message.c.ticket_id == t.ticket.c.id, _stood())
        .order_by(t.message.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )


def _stood() -> "sa.ColumnElement[bool]":
    return stands() & (t.message.c.at < instant("said_before"))


_LAST_WORD = sql(
    lambda: (
        sa.select(t.message.c.direction)
        .where(_stood(), hole("places"))
        .order_by(t.message.c.at.desc(), t.message.c.id.desc())
        .limit(1)
    )
)
_OF_TICKET = expression(lambda: t.message.c.ticket_id == sa.bindparam("of_ticket"), "message")
_AT_PLACE = expression(
    lambda: sa.and_(
        t.message.c.ticket_id == sa.bindparam("of_ticket"), t.message.c.n == sa.bindparam("of_n")
    ),
    "message",
)


def last_word_of(
    tx: Tx, number: int, end: datetime, moved: Sequence[tuple[int, int]]
) -> str | None:
    """The same for one ticket from which messages were split off later: `moved` are their new ticket and number."""
    places = [_OF_TICKET.part({"of_ticket": number})]
    places += [_AT_PLACE.part({"of_ticket": other, "of_n": n}) for other, n in moved]
    found: str | None = tx.execute(
        _LAST_WORD, {"said_before": end}, places=any_of(*places)
    ).scalar()
    return found
