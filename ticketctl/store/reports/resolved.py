"""The tickets that were resolved in a period, told by the database where their history is plain.

It is plain if agents worked on the ticket, resolved it once, and nothing that counts came after but closing it, and
nothing was undone, merged or split off. The others are replayed (`stories.resolved`).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.records import AUTOMATIC
from ticketctl.domain.base.status import ENDED, NEW, OPEN
from ticketctl.domain.sla.sla_clock import BREACHED, MET
from ticketctl.store.db.core import hole, json_row, json_rows, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.reports import replies
from ticketctl.store.reports.counted import counted_tickets
from ticketctl.store.reports.scope import (
    CHUNK,
    FactKey,
    Scope,
    alike,
    instant,
    place_alike,
    policy_then,
    within,
)

WORKED = (NEW, OPEN)  # the statuses of a plain history before the resolution


class Ended(Struct, frozen=True):
    """Plain tickets that were resolved in the period and are alike."""

    place: FactKey  # at the resolution
    policy: str | None  # of their resolution clock, or the ticket's, as `gold@3`
    replies: int  # of agents, to each
    owners: int  # how often the owner of each changed
    each: list[tuple[int, str, str]]  # number, creation, resolution, both as RFC 3339


def ended(tx: Tx, scope: Scope, *, timed: bool) -> Iterator[Ended | list[int]]:
    """The plain tickets resolved in the period, and the numbers of all others whose status changed in it.

    Those that are alike come together; at different instants they are only alike if not `timed`.
    """
    known = {**scope.instants, "timed": int(timed)}
    for row in tx.stream(_ENDED, known, at_once=CHUNK, counted=counted_tickets(scope)):
        if row.alike is None:
            yield [number for number, _, _ in row.each]
            continue
        *key, policy, version, breached_by, said, untold, owners = row.alike
        yield Ended(
            place_alike(key, row.timed_at or scope.start),
            breached_by or policy_then(policy, version, None),
            said + (untold or 0),
            owners,
            row.each,
        )


def ended_there() -> Any:
    """The tickets whose status changed in the period."""
    step = t.event.alias()
    return sa.select(step.c.ticket_id).where(within(step.c.at), step.c.field == "status")


def quoted(words: Iterable[str]) -> list[str]:
    """Words as JSON, as history has them."""
    return [f'"{word}"' for word in sorted(words)]


def breached_by() -> "sa.ColumnElement[str | None]":
    """The policy of the last resolution clock of `ticket`, if it breached: a later one does not apply to it."""
    name = t.clock_outcome.c.policy + "@" + sa.cast(t.clock_outcome.c.policy_version, sa.Text)
    last = (
        sa.select(sa.case((t.clock_outcome.c.outcome == BREACHED, name)))
        .where(
            t.clock_outcome.c.ticket_id == t.ticket.c.id,
            t.clock_outcome.c.kind == "resolve",
            t.clock_outcome.c.outcome.in_((MET, BREACHED)),
            t.clock_outcome.c.at < instant("end"),
        )
        .order_by(t.clock_outcome.c.cycle.desc(), t.clock_outcome.c.at.desc())
        .limit(1)
    )
    return last.correlate(t.ticket).scalar_subquery()


def _histories() -> Any:
    """What the history of each ticket tells whose status changed in the period."""
    line = t.event.c
    old, new = (sa.cast(column, sa.Text) for column in (line.old, line.new))
    step = line.field == "status"
    was_worked, is_ended = old.in_(quoted(WORKED)), new.in_(quoted(ENDED))
    resolution = step & was_worked & is_ended
    closing = step & old.in_(quoted(ENDED)) & is_ended
    usual = resolution | closing | (step & was_worked & new.in_(quoted(WORKED)))
    back = line.type.in_(("merged", "split", replies.UNDONE, "unmerged"))
    said = (line.type == replies.REPLIED) & line.actor.not_in(sorted(AUTOMATIC))
    known = line.at < instant("end")
    counts = line.field.in_(("status", "owner", "segment", "priority", "type", "subject", "policy"))
    return (
        sa.select(
            line.ticket_id,
            sa.func.max(sa.case((usual, 0), (step | back, 1), else_=0)).label("odd"),
            _number(resolution).label("resolutions"),
            sa.func.max(sa.case((resolution, line.at))).label("at"),
            sa.func.max(sa.case((resolution, line.n))).label("n"),
            sa.func.max(sa.case((closing, 0), (counts | said, line.n), else_=0)).label("last"),
            _number(said & known).label("replies"),
            _number((line.field == "owner") & known).label("owners"),
        )
        .where(line.ticket_id.in_(ended_there()), counts | said | back)
        .group_by(line.ticket_id)
        .subquery()
    )


def _number(condition: "sa.ColumnElement[bool]") -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _ended() -> Any:
    told = _histories()
    odd = (told.c.odd == 1) | (told.c.resolutions > 1) | (told.c.last > told.c.n)
    ticket = t.ticket.c
    plain = json_row(
        *alike(ticket.owner), ticket.policy, ticket.policy_version, breached_by(), told.c.replies,
        replies.without_event(), told.c.owners,
    )  # fmt: skip
    timed = sa.bindparam("timed", type_=sa.Integer) == 1
    rows = (
        sa.select(
            sa.case((sa.not_(odd), plain)).label("alike"),
            sa.case((timed & sa.not_(odd), told.c.at)).label("timed_at"),
            ticket.id,
            ticket.created_at,
            told.c.at,
        )
        .select_from(told)
        .join(t.ticket, ticket.id == told.c.ticket_id)
        .where(odd | within(told.c.at), hole("counted"))
        .subquery()
    )
    key = (rows.c.alike, rows.c.timed_at)
    each = json_rows(rows.c.id, rows.c.created_at, rows.c.at)
    return sa.select(*key, each.label("each")).group_by(*key)


_ENDED = sql(_ended)
