"""The tickets of a period, for reports: made, answered, touched. A few statements, however many tickets there are."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.reports import replies
from ticketctl.store.reports.counted import all_tickets, counted_tickets
from ticketctl.store.reports.moved import Insiders
from ticketctl.store.reports.scope import (
    CHUNK,
    FactKey,
    Scope,
    columns_at,
    instant,
    opened_at,
    place,
    place_of,
    policy_of,
    seen,
    seen_columns,
    stream,
    was_at,
    within,
)

_CHANGED = ("segment", "priority", "type")  # what counts of a ticket beside an agent who acted


class Created(Struct, frozen=True, gc=False):
    """A ticket of the period; `answered`: an agent had answered it when the period ended."""

    place: FactKey
    subject: str
    status: str
    owner: str | None  # when the period ended
    answered: bool


class FirstReply(Struct, frozen=True, gc=False):
    """The first reply to a ticket, and the policy in force for it."""

    place: FactKey
    subject: str
    created_at: datetime
    used: int | None  # open seconds of its clock; None: it had none
    elapsed: int | None  # real seconds of its clock
    policy: str | None  # `gold@3`, if it had no clock
    was_away: bool  # it had no clock, and was spam or merged before


def created(tx: Tx, scope: Scope) -> Iterator[Created]:
    """The tickets made in the period, by number: by owner and segment then."""
    for row in stream(tx, _CREATED, scope, counted=counted_tickets(scope)):
        yield Created(
            place(row, row.opened_at),
            seen(row, "subject"),
            seen(row, "status"),
            seen(row, "owner"),
            bool(row.answered),
        )


def made(tx: Tx, scope: Scope) -> tuple[int, int]:
    """How many tickets were made, and how many more that no report counts: spam, merged ones, our own."""
    every = all_tickets(replace(scope, insiders=Insiders()))
    counted = counted_tickets(scope)
    number, total = tx.execute(_MADE, scope.instants, counted=counted, every=every).one()
    return number, total - number


def first_replies(tx: Tx, scope: Scope) -> Iterator[FirstReply]:
    """The first replies of the period, by ticket; none for a ticket that an agent opened."""
    for row in stream(tx, _FIRST_REPLIES, scope, counted=counted_tickets(scope)):
        yield FirstReply(
            place_of(row, row.at, row.actor),
            seen(row, "subject"),
            row.created_at,
            row.used,
            row.elapsed,
            policy_of(row),
            bool(row.was_away),
        )


def touched(tx: Tx, scope: Scope, agents: Iterable[str]) -> Iterator[FactKey]:
    """Each ticket once for every agent who acted on it in the period. Erasing its customer is no work on it."""
    known = {**scope.instants, "agents": tuple(agents)}
    for row in tx.stream(_TOUCHED, known, at_once=CHUNK, counted=counted_tickets(scope)):
        yield place_of(row, row.at, row.actor)


def _created() -> Any:
    answered = t.ticket.c.first_reply_at < instant("end")
    answered |= replies.opened_by_agent() | _replied()
    query = sa.select(
        *columns_at(opened_at()),
        *seen_columns("subject", "status", "owner"),
        opened_at().label("opened_at"),
        answered.label("answered"),
    )
    return query.where(_opened(), hole("counted")).order_by(t.ticket.c.id)


def _made() -> Any:
    counted = sa.func.count().filter(hole("counted"))
    query = sa.select(counted, sa.func.count()).select_from(t.ticket)
    return query.where(_opened(), hole("every"))


def _first_replies() -> Any:
    said, some, end = t.event.alias("said"), t.event.alias("some"), instant("end")
    here = sa.select(some.c.ticket_id).where(within(some.c.at), some.c.type == replies.REPLIED)
    first = (
        sa.select(said.c.ticket_id, sa.func.min(said.c.n).label("n"))
        .where(said.c.ticket_id.in_(here), replies.is_reply(said), said.c.at < end)
        .group_by(said.c.ticket_id)
        .subquery()
    )
    replied = t.event.alias("replied")
    by_clock = sa.and_(
        t.clock_outcome.c.ticket_id == t.ticket.c.id,
        t.clock_outcome.c.kind == "first",
        t.clock_outcome.c.at == replied.c.at,
        t.clock_outcome.c.answered_by.is_not(None),
    )
    unmeasured = t.clock_outcome.c.used.is_(None)  # what only counts then is not looked up else
    return (
        sa.select(
            *columns_at(replied.c.at, _CHANGED), *seen_columns("subject"),
            t.ticket.c.created_at, replied.c.actor, replied.c.at, t.clock_outcome.c.used, t.clock_outcome.c.elapsed,
            sa.case((unmeasured, was_at("policy", replied.c.at))).label("was_policy"),
            sa.case((unmeasured, _was_away(replied.c.at))).label("was_away"),
        )
        .select_from(first)
        .join(replied, (replied.c.ticket_id == first.c.ticket_id) & (replied.c.n == first.c.n))
        .join(t.ticket, t.ticket.c.id == replied.c.ticket_id)
        .outerjoin(t.clock_outcome, by_clock)
        .where(within(replied.c.at), ~replies.opened_by_agent(), hole("counted"))
        .order_by(t.ticket.c.id)
    )  # fmt: skip


def _touched() -> Any:
    acts = (
        sa.select(t.event.c.ticket_id, t.event.c.actor, sa.func.min(t.event.c.at).label("at"))
        .where(within(t.event.c.at), in_list(t.event.c.actor, "agents"))
        .where(t.event.c.type != "erased")
        .group_by(t.event.c.actor, t.event.c.ticket_id)
        .subquery()
    )
    return (
        sa.select(*columns_at(acts.c.at, _CHANGED), acts.c.actor, acts.c.at)
        .select_from(acts)
        .join(t.ticket, t.ticket.c.id == acts.c.ticket_id)
        .where(hole("counted"))
    )


_CREATED = sql(_created)
_MADE = sql(_made)
_FIRST_REPLIES = sql(_first_replies)
_TOUCHED = sql(_touched)


def _opened() -> "sa.ColumnElement[bool]":
    """The tickets made in the period; those split off then may have older messages."""
    made, line = t.event.alias(), t.event.alias()
    split = sa.select(made.c.ticket_id).where(within(made.c.at), made.c.n == 1)
    older = (t.ticket.c.created_at < instant("start")) & t.ticket.c.id.in_(split)
    later = sa.exists().where(
        line.c.ticket_id == t.ticket.c.id, line.c.n == 1, line.c.at >= instant("end")
    )
    here = sa.case((t.ticket.c.updated_at >= instant("end"), ~later), else_=sa.true())
    return sa.or_(within(t.ticket.c.created_at) & here, older)


def _replied() -> "sa.ColumnElement[bool]":
    line = t.event.alias()
    return sa.exists().where(
        line.c.ticket_id == t.ticket.c.id, replies.is_reply(line), line.c.at < instant("end")
    )


def _was_away(at: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    gone = t.event.alias()
    away = sa.cast(gone.c.new, sa.Text).in_((f'"{SPAM}"', f'"{MERGED}"'))
    return sa.exists().where(
        gone.c.ticket_id == t.ticket.c.id, gone.c.field == "status", away, gone.c.at <= at
    )
