"""The tickets of a period, for reports: made, answered, touched. A few statements, however many tickets there are."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_, select

from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock_outcome as outcome
from ticketctl.store.db.schema import event, ticket
from ticketctl.store.reports import replies
from ticketctl.store.reports.moved import Insiders
from ticketctl.store.reports.scope import (
    CHANGING,
    FactKey,
    Scope,
    all_tickets,
    columns_at,
    counted_tickets,
    opened_at,
    place,
    place_of,
    policy_of,
    seen,
    seen_columns,
    stream,
    within,
)


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
    policy: str | None  # `gold@3`
    used: int | None  # open seconds of its clock; None: it had none
    elapsed: int | None  # real seconds of its clock
    was_away: bool  # it was spam or merged before


def created(tx: Tx, scope: Scope) -> Iterator[Created]:
    """The tickets made in the period, by number: by owner and segment then."""
    answered = ticket.c.first_reply_at < scope.end
    answered |= replies.opened_by_agent() | _replied_before(scope.end)
    query = select(
        *columns_at(opened_at()),
        *seen_columns(scope, "subject", "status", "owner"),
        opened_at().label("opened_at"),
        answered.label("answered"),
    )
    for row in stream(
        tx, query.where(_opened(scope), counted_tickets(scope)).order_by(ticket.c.id)
    ):
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
    counted = func.count().filter(counted_tickets(scope))
    query = select(counted, func.count()).select_from(ticket).where(_opened(scope), every)
    number, total = tx.execute(query).one()
    return number, total - number


def first_replies(tx: Tx, scope: Scope) -> Iterator[FirstReply]:
    """The first replies of the period, by ticket; none for a ticket that an agent opened."""
    said, some = event.alias("said"), event.alias("some")
    here = select(some.c.ticket_id).where(within(scope, some.c.at), some.c.type == replies.REPLIED)
    first = (
        select(said.c.ticket_id, func.min(said.c.n).label("n"))
        .where(said.c.ticket_id.in_(here), replies.is_reply(said), said.c.at < scope.end)
        .group_by(said.c.ticket_id)
        .subquery()
    )
    replied = event.alias("replied")
    by_clock = and_(
        outcome.c.ticket_id == ticket.c.id,
        outcome.c.kind == "first",
        outcome.c.at == replied.c.at,
        outcome.c.answered_by.is_not(None),
    )
    query = (
        select(
            *columns_at(replied.c.at, (*CHANGING, "policy")), *seen_columns(scope, "subject"),
            ticket.c.created_at, replied.c.actor, replied.c.at, outcome.c.used, outcome.c.elapsed,
            _was_away(replied.c.at).label("was_away"),
        )
        .select_from(first)
        .join(replied, (replied.c.ticket_id == first.c.ticket_id) & (replied.c.n == first.c.n))
        .join(ticket, ticket.c.id == replied.c.ticket_id)
        .outerjoin(outcome, by_clock)
        .where(within(scope, replied.c.at), ~replies.opened_by_agent(), counted_tickets(scope))
        .order_by(ticket.c.id)
    )  # fmt: skip
    for row in stream(tx, query):
        yield FirstReply(
            place_of(row, row.at, row.actor),
            seen(row, "subject"),
            row.created_at,
            policy_of(row),
            row.used,
            row.elapsed,
            bool(row.was_away),
        )


def touched(tx: Tx, scope: Scope, agents: Iterable[str]) -> Iterator[FactKey]:
    """Each ticket once for every agent who acted on it in the period. Erasing its customer is no work on it."""
    acts = (
        select(event.c.ticket_id, event.c.actor, func.min(event.c.at).label("at"))
        .where(within(scope, event.c.at), event.c.actor.in_(tuple(agents)))
        .where(event.c.type != "erased")
        .group_by(event.c.actor, event.c.ticket_id)
        .subquery()
    )
    query = (
        select(*columns_at(acts.c.at), acts.c.actor, acts.c.at)
        .select_from(acts)
        .join(ticket, ticket.c.id == acts.c.ticket_id)
        .where(counted_tickets(scope))
    )
    for row in stream(tx, query):
        yield place_of(row, row.at, row.actor)


def _opened(scope: Scope) -> ColumnElement[bool]:
    """The tickets made in the period; those split off then may have older messages."""
    made, line = event.alias(), event.alias()
    split = select(made.c.ticket_id).where(within(scope, made.c.at), made.c.n == 1)
    older = (ticket.c.created_at < scope.start) & ticket.c.id.in_(split)
    later = exists().where(line.c.ticket_id == ticket.c.id, line.c.n == 1, line.c.at >= scope.end)
    return or_(within(scope, ticket.c.created_at) & ~later, older)


def _replied_before(end: datetime) -> ColumnElement[bool]:
    line = event.alias()
    return exists().where(line.c.ticket_id == ticket.c.id, replies.is_reply(line), line.c.at < end)


def _was_away(at: ColumnElement[Any]) -> ColumnElement[bool]:
    gone = event.alias()
    away = cast(gone.c.new, Text).in_((f'"{SPAM}"', f'"{MERGED}"'))
    return exists().where(
        gone.c.ticket_id == ticket.c.id, gone.c.field == "status", away, gone.c.at <= at
    )
