"""The tickets of a period, for reports: made, touched. A few statements, however many tickets there are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.reports import replies
from ticketctl.store.reports.counted import all_tickets, counted_tickets
from ticketctl.store.reports.moved import Insiders
from ticketctl.store.reports.scope import (
    ACTED_ON,
    CHUNK,
    FactKey,
    Scope,
    columns_at,
    instant,
    opened_at,
    place,
    place_of,
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


def subjects(tx: Tx, scope: Scope, numbers: Sequence[int]) -> dict[int, str]:
    """The subjects of these tickets at the end of the view."""
    rows = tx.execute(_SUBJECTS, {**scope.instants, "numbers": numbers})
    return {row.id: seen(row, "subject") for row in rows}


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


def _touched() -> Any:
    acts = (
        sa.select(t.event.c.ticket_id, t.event.c.actor, sa.func.min(t.event.c.at).label("at"))
        .where(within(t.event.c.at), in_list(t.event.c.actor, "agents"))
        .where(t.event.c.type != "erased")
        .group_by(t.event.c.actor, t.event.c.ticket_id)
        .subquery()
    )
    return (
        sa.select(*columns_at(acts.c.at, ACTED_ON), acts.c.actor, acts.c.at)
        .select_from(acts)
        .join(t.ticket, t.ticket.c.id == acts.c.ticket_id)
        .where(hole("counted"))
    )


_CREATED = sql(_created)
_MADE = sql(_made)
_TOUCHED = sql(_touched)
_SUBJECTS = sql(
    lambda: sa.select(t.ticket.c.id, *seen_columns("subject")).where(
        in_list(t.ticket.c.id, "numbers")
    )
)


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
