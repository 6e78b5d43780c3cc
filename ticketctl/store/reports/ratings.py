"""Survey answers, for reports. An answer counts for the owner, segment and priority at the time of resolution."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.status import ENDED
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import ALWAYS, any_of, expression, sql
from ticketctl.store.db.values import Row
from ticketctl.store.desk.surveys import ASKED
from ticketctl.store.reports.counted import counted_tickets
from ticketctl.store.reports.scope import (
    CHUNK,
    FactKey,
    Scope,
    columns_at,
    everybody,
    instant,
    place_of,
    stream,
    within,
)

_ENDED = [f'"{word}"' for word in sorted(ENDED)]  # as JSON

_ANSWER = ("id", "customer_id", "survey", "scale", "rating", "comment", "at", "owner", "segment")


class Rated(Struct, frozen=True, kw_only=True):
    """A survey answer of the period; `customer` is who gave it."""

    id: int
    place: FactKey  # ticket 0: an answer without a ticket
    customer: int | None
    survey: str
    scale: str  # 1-5 | 0-10
    rating: int
    comment: str


class SurveyRow(Struct, frozen=True):
    """A survey that was sent in the period."""

    place: FactKey


def ratings(tx: Tx, scope: Scope, *, replaced: bool = False) -> Iterator[Rated]:
    """The answers of the period, oldest first; with `replaced` ones, if wanted."""
    which = ALWAYS.part() if replaced else _STANDING.part(scope.instants)
    return map(_rated, stream(tx, _RATINGS, scope, about=_about(scope), which=which))


def later(tx: Tx, scope: Scope) -> Iterator[Rated]:
    """All answers from the beginning of the period to the end of the view, of customers who answered in the period.

    Oldest first. Customers are told apart as they were at the end of the view.
    """
    were = scope.moved.ratings
    known = {**scope.instants, "moved": list(were)}
    for row in tx.stream(_LATER, known, at_once=CHUNK, about=_about(scope)):
        one = _rated(row)
        yield replace(one, customer=were.get(one.id, one.customer))


def surveys(tx: Tx, scope: Scope) -> Iterator[SurveyRow]:
    """The surveys sent in the period."""
    for row in stream(tx, _SURVEYS, scope, counted=counted_tickets(scope)):
        yield SurveyRow(place_of(row, row.at, row.owner, row.segment))


def _about(scope: Scope) -> Part:
    """Answers about tickets of the scope; if it holds all tickets, also answers without a ticket."""
    counted = counted_tickets(scope)
    return any_of(counted, _WITHOUT_TICKET.part()) if everybody(scope) else counted


def _at(at: "sa.ColumnElement[Any]") -> "tuple[sa.ColumnElement[Any], ...]":
    """Owner and segment are stored with the answer; the rest is as it was when the ticket had last ended."""
    return columns_at(_ended_before(at), ("priority", "type"))


def _ended_before(at: "sa.ColumnElement[Any]") -> "sa.ColumnElement[Any]":
    """When the ticket of an answer had last ended by then; then itself if it had not."""
    line = t.event.alias()
    old, new = (sa.cast(column, sa.Text).in_(_ENDED) for column in (line.c.old, line.c.new))
    last = sa.select(sa.func.max(line.c.at)).where(
        line.c.ticket_id == t.ticket.c.id, line.c.field == "status", ~old, new, line.c.at <= at
    )
    return sa.func.coalesce(last.correlate_except(line).scalar_subquery(), at)


def _replaced() -> "sa.ColumnElement[bool]":
    """Did a later answer replace this one before the end of the view?"""
    newer = t.rating.alias()
    later = sa.exists().where(
        newer.c.ticket_id == t.rating.c.ticket_id,
        newer.c.survey == t.rating.c.survey,
        newer.c.id > t.rating.c.id,
        newer.c.at < instant("seen"),
    )
    return (t.rating.c.replaced == 1) & later


def _ratings(*which: "sa.ColumnElement[bool]") -> Any:
    columns = (t.rating.c[name] for name in _ANSWER)
    query = sa.select(*_at(t.rating.c.at), *columns).select_from(t.rating)
    joined = query.outerjoin(t.ticket, t.ticket.c.id == t.rating.c.ticket_id)
    return joined.where(hole("about"), *which).order_by(t.rating.c.at, t.rating.c.id)


def _later() -> Any:
    who = sa.select(t.rating.c.customer_id).where(within(t.rating.c.at))
    theirs = t.rating.c.customer_id.in_(who) | in_list(t.rating.c.id, "moved")
    start, seen = instant("start"), instant("seen")
    return _ratings(t.rating.c.at >= start, t.rating.c.at < seen, theirs)


def _surveys() -> Any:
    sent = t.survey_sent.c
    return (
        sa.select(*_at(sent.at), sent.at, sent.owner, sent.segment)
        .join(t.ticket, t.ticket.c.id == sent.ticket_id)
        .where(within(sent.at), hole("counted"), ASKED())
        .order_by(sent.at, t.ticket.c.id)
    )


_RATINGS = sql(lambda: _ratings(within(t.rating.c.at), hole("which")))
_LATER = sql(_later)
_SURVEYS = sql(_surveys)
_STANDING = expression(lambda: ~_replaced(), "rating")
_WITHOUT_TICKET = expression(lambda: t.rating.c.ticket_id.is_(None), "rating")


def _rated(row: Row) -> Rated:
    if row.of_ticket is None:
        at: datetime = row.at
        where = FactKey(0, row.owner, row.segment, "", 1, "", None, "", at)
    else:
        where = place_of(row, row.at, row.owner, row.segment)
    return Rated(
        id=row.id,
        place=where,
        customer=row.customer_id,
        survey=row.survey,
        scale=row.scale,
        rating=row.rating,
        comment=row.comment,
    )
