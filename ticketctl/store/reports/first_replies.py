"""The first replies of a period, for reports, with what their clocks measured."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl import clock
from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.store.db.core import hole, json_row, json_rows, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.reports import replies
from ticketctl.store.reports.counted import counted_tickets
from ticketctl.store.reports.scope import (
    ACTED_ON,
    CHUNK,
    FactKey,
    Scope,
    alike,
    changes_since,
    instant,
    place_alike,
    policy_then,
    was_at,
    within,
)


class FirstReplies(Struct, frozen=True):
    """First replies that are alike, each as open and real seconds by its clock, ticket and instant as RFC 3339."""

    place: FactKey
    each: list[tuple[int, int, int, str]]
    unmeasured: "Unmeasured | None"  # no clock measured them


class Unmeasured(Struct, frozen=True):
    """What the time until a reply is computed from if no clock measured it."""

    created_at: datetime
    policy: str | None  # `gold@3`
    was_away: bool  # the ticket was spam or merged before


def first_replies(tx: Tx, scope: Scope, *, timed: bool) -> Iterator[FirstReplies]:
    """The first replies of the period; none for a ticket that an agent opened.

    Those that are alike come together; at different instants they are only alike if not `timed`.
    """
    known = {**scope.instants, "timed": int(timed)}
    for row in tx.stream(_FIRST_REPLIES, known, at_once=CHUNK, counted=counted_tickets(scope)):
        place = place_alike(row.alike, row.timed_at or scope.start)
        yield FirstReplies(
            place, row.each, _unmeasured(*row.unmeasured) if row.unmeasured else None
        )


def _unmeasured(
    created_at: str,
    policy: str | None,
    version: int | None,
    was_policy: str | None,
    was_away: int,
) -> Unmeasured:
    then = policy_then(policy, version, was_policy)
    return Unmeasured(clock.parse(created_at), then, bool(was_away))


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
    rows = (
        sa.select(
            json_row(*alike(replied.c.actor, changes_since(replied.c.at, ACTED_ON))).label("alike"),
            sa.case((sa.bindparam("timed", type_=sa.Integer) == 1, replied.c.at)).label("timed_at"),
            sa.case((t.clock_outcome.c.used.is_(None), _no_clock(replied.c.at))).label(
                "unmeasured"
            ),
            t.clock_outcome.c.used,
            t.clock_outcome.c.elapsed,
            replied.c.ticket_id,
            replied.c.at,
        )
        .select_from(first)
        .join(replied, (replied.c.ticket_id == first.c.ticket_id) & (replied.c.n == first.c.n))
        .join(t.ticket, t.ticket.c.id == replied.c.ticket_id)
        .outerjoin(t.clock_outcome, by_clock)
        .where(within(replied.c.at), ~replies.opened_by_agent(), hole("counted"))
        .subquery()
    )
    key = (rows.c.alike, rows.c.timed_at, rows.c.unmeasured)
    each = json_rows(rows.c.used, rows.c.elapsed, rows.c.ticket_id, rows.c.at)
    return sa.select(*key, each.label("each")).group_by(*key)


def _no_clock(at: "sa.ColumnElement[Any]") -> Any:
    ticket = t.ticket.c
    was_away = sa.case((_was_away(at), 1), else_=0)
    was_policy = was_at("policy", at)
    return json_row(ticket.created_at, ticket.policy, ticket.policy_version, was_policy, was_away)


_FIRST_REPLIES = sql(_first_replies)


def _was_away(at: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    gone = t.event.alias()
    away = sa.cast(gone.c.new, sa.Text).in_((f'"{SPAM}"', f'"{MERGED}"'))
    return sa.exists().where(
        gone.c.ticket_id == t.ticket.c.id, gone.c.field == "status", away, gone.c.at <= at
    )
