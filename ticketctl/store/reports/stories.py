"""Tickets with their history, for reports: to compute how each was at an instant.

Each function runs a few statements, however many tickets there are; events come in the order of the tickets and are
joined while reading.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE, ENDED
from ticketctl.domain.sla.policy import reference
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row
from ticketctl.store.reports import replies
from ticketctl.store.reports.counted import all_tickets, counted_tickets
from ticketctl.store.reports.resolved import breached_by, quoted
from ticketctl.store.reports.scope import (
    CHUNK,
    FactKey,
    Scope,
    columns_at,
    instant,
    opened_at,
    place,
    stream,
    within,
)

# What changes in a ticket, as history names it.
TIMELINE = ("status", "owner", "segment", "priority", "type", "subject", "policy")


class Change(Struct, frozen=True, gc=False):
    """An event: the old and new value of a field."""

    n: int
    at: datetime
    actor: str
    type: str
    field: str
    old: Any
    new: Any
    group: str


class Story(Struct, frozen=True, gc=False):
    """A ticket as it is, with its changes, to compute how it was."""

    place: FactKey  # as it is now; at: when its first message came
    opened_at: datetime  # when it was made: after its first message if it was split off (only from `standing`)
    now: dict[str, Any]  # the fields of TIMELINE
    changes: tuple[Change, ...]
    breached_by: str | None = None  # the policy by which its resolution clock breached, as `gold@3`
    replies: int = (
        0  # of agents that the changes do not tell of: it was opened with them, or split off
    )


def resolved(tx: Tx, scope: Scope, numbers: Sequence[int]) -> Iterator[Story]:
    """These tickets with all their changes, by number, and by whose policy they breached in the period or before."""
    known = {"numbers": numbers, "end": scope.end}
    lines = tx.stream(_RESOLVED_LINES, known, at_once=CHUNK)
    for one, row in _stories(tx.stream(_RESOLVED, known, at_once=CHUNK), lines):
        yield replace(one, replies=row.untold or 0, breached_by=row.breached_by)


def of_ticket(tx: Tx, number: int) -> Story:
    """One ticket with all its changes."""
    known = {"number": number}
    lines = tx.execute(_LINES_OF_TICKET, known)
    return next(one for one, _ in _stories(tx.execute(_OF_TICKET, known), lines))


def resolved_plainly(tx: Tx, scope: Scope) -> tuple[int, int]:
    """How many tickets were resolved in the period, of those in which no change of status was taken back in it; how
    many others there are.
    """
    counted = counted_tickets(scope)
    plain, others = tx.execute(_RESOLVED_PLAINLY, scope.instants, counted=counted).one()
    return plain, others


def taken_back(tx: Tx, scope: Scope) -> Iterator[tuple[Change, ...]]:
    """The changes of status in the period of each ticket in which some of them were taken back."""
    rows = stream(tx, _TAKEN_BACK, scope, counted=counted_tickets(scope))
    for _, lines in groupby(rows, lambda row: row.ticket_id):
        yield tuple(map(_change, lines))


def standing(tx: Tx, scope: Scope, since: datetime) -> Iterator[Story]:
    """The tickets that may have been open at some time from `since` to the end of the scope, with their changes since.

    Also those that became spam or were merged later: they were open then.
    """
    known = {"end": scope.end, "since": since}
    lines = tx.stream(_STANDING_LINES, known, at_once=CHUNK, every=all_tickets(scope))
    rows = tx.stream(_STANDING, known, at_once=CHUNK, every=all_tickets(scope))
    for one, row in _stories(rows, lines):
        yield replace(one, opened_at=row.opened_at)


def last_words(tx: Tx, scope: Scope, since: datetime, end: datetime) -> dict[int, str | None]:
    """Who wrote last before an instant, `in` or `out`, in each of these tickets."""
    known = {"end": scope.end, "since": since, "said_before": end}
    rows = tx.stream(_LAST_WORDS, known, at_once=CHUNK, every=all_tickets(scope))
    return {row.id: row.last_word for row in rows}


def _may_stand() -> Any:
    step = t.event.alias()
    later = sa.select(step.c.ticket_id).where(
        step.c.at >= instant("since"), step.c.field == "status"
    )
    which = t.ticket.c.status.in_(sorted(ACTIVE)) | t.ticket.c.id.in_(later)
    return which & hole("every") & (t.ticket.c.created_at < instant("end"))


def _is_back() -> "sa.ColumnElement[bool]":
    return t.event.c.type.in_((replies.UNDONE, "unmerged"))


def _resolved_plainly() -> Any:
    old, new = (sa.cast(column, sa.Text) for column in (t.event.c.old, t.event.c.new))
    resolution = old.in_(quoted(ACTIVE)) & new.in_(quoted(ENDED))
    was_ended, is_back = _any(resolution) == 1, _any(_is_back()) == 1
    tickets = (
        sa.select(t.event.c.ticket_id, is_back.label("is_back"))
        .where(t.event.c.field == "status", within(t.event.c.at))
        .group_by(t.event.c.ticket_id)
        .having(was_ended | is_back)
        .subquery()
    )
    joined = tickets.join(t.ticket, t.ticket.c.id == tickets.c.ticket_id)
    numbers = (sa.func.count().filter(which) for which in (~tickets.c.is_back, tickets.c.is_back))
    return sa.select(*numbers).select_from(joined).where(hole("counted"))


def _any(condition: "sa.ColumnElement[bool]") -> Any:
    return sa.func.max(sa.case((condition, 1), else_=0))


def _taken_back() -> Any:
    there = sa.select(t.event.c.ticket_id).where(
        within(t.event.c.at), t.event.c.field == "status", _is_back()
    )
    return (
        _lines(t.event.c.field == "status", within(t.event.c.at))
        .join(t.ticket, t.ticket.c.id == t.event.c.ticket_id)
        .where(t.event.c.ticket_id.in_(there.correlate(None)), hole("counted"))
    )


def _lines(*which: "sa.ColumnElement[bool]") -> Any:
    columns = ("ticket_id", *Change.__struct_fields__[:-1], "undo_group")
    told = t.event.c.field.in_(TIMELINE) | t.event.c.type.in_((replies.REPLIED, "split"))
    told |= (t.event.c.type == replies.UNDONE) & t.event.c.field.in_(("message", "messages"))
    query = sa.select(*(t.event.c[name] for name in columns)).where(*which, told)
    return query.order_by(t.event.c.ticket_id, t.event.c.n)


def _tickets(which: Any, *more: "sa.ColumnElement[Any]") -> Any:
    return sa.select(
        *columns_at(t.ticket.c.created_at, ()), t.ticket.c.created_at, t.ticket.c.subject, t.ticket.c.status,
        t.ticket.c.policy, t.ticket.c.policy_version, *more,
    ).where(which).order_by(t.ticket.c.id)  # fmt: skip


_RESOLVED = sql(
    lambda: _tickets(
        in_list(t.ticket.c.id, "numbers"),
        replies.without_event().label("untold"),
        breached_by().label("breached_by"),
    )
)
_RESOLVED_LINES = sql(lambda: _lines(in_list(t.event.c.ticket_id, "numbers")))
_OF_TICKET = sql(lambda: _tickets(t.ticket.c.id == sa.bindparam("number")))
_LINES_OF_TICKET = sql(lambda: _lines(t.event.c.ticket_id == sa.bindparam("number")))
_RESOLVED_PLAINLY = sql(_resolved_plainly)
_TAKEN_BACK = sql(_taken_back)
_STANDING = sql(lambda: _tickets(_may_stand(), opened_at().label("opened_at")))
_STANDING_LINES = sql(
    lambda: _lines(
        t.event.c.ticket_id.in_(sa.select(t.ticket.c.id).where(_may_stand())),
        t.event.c.at >= instant("since"),
    )
)
_LAST_WORDS = sql(
    lambda: sa.select(t.ticket.c.id, replies.last_word().label("last_word")).where(_may_stand())
)


def _stories(rows: Iterable[Row], lines: Iterable[Row]) -> Iterator[tuple[Story, Row]]:
    """Each ticket with its history and its row; both come by number."""
    histories = groupby(lines, lambda row: row.ticket_id)
    number, changes = next(histories, (None, iter(())))
    for row in rows:
        while number is not None and number < row.of_ticket:
            number, changes = next(histories, (None, iter(())))
        mine = tuple(map(_change, changes)) if number == row.of_ticket else ()
        yield _story(row, mine), row


def _story(row: Row, changes: tuple[Change, ...]) -> Story:
    named = row.policy is not None and row.policy_version is not None
    now = {
        "status": row.status,
        "owner": row.of_owner,
        "segment": row.of_segment,
        "priority": PRIORITIES[row.of_priority],
        "type": row.of_type,
        "subject": row.subject,
        "policy": reference(row.policy, row.policy_version) if named else None,
    }
    return Story(place(row, row.created_at), row.created_at, now, changes)


def _change(row: Row) -> Change:
    return Change(*row[1:])  # the columns of `_lines`
