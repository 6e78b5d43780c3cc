"""Surveys by mail: who is to be asked, who was asked, and the results. Each survey asks once about a ticket."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Row, and_, bindparam, exists, func, insert, or_, select

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.status import ENDED
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import (
    customer,
    definition,
    identity,
    message,
    outbox,
    participant,
    rating,
    ticket,
)
from ticketctl.store.db.schema import survey_sent as table
from ticketctl.store.tickets import conditions

# The customer is reachable: by an address of theirs that does not bounce, or their reply address.
_REACHED = or_(
    exists().where(
        identity.c.customer_id == ticket.c.customer_id,
        identity.c.kind == "email",
        identity.c.undeliverable_at.is_(None),
    ),
    exists().where(participant.c.ticket_id == ticket.c.id, participant.c.role == "answer"),
)
# A human wrote, or an agent opened the ticket for them. Machines are not asked.
_HUMAN = or_(
    ticket.c.last_customer_at.is_not(None),
    ~exists().where(message.c.ticket_id == ticket.c.id, message.c.direction == "in"),
)
# Nobody who has unsubscribed (no mail), or whose survey mail was cancelled, was asked, or is asked again.
ASKED = and_(
    table.c.outbox_id.is_not(None),
    ~exists().where(outbox.c.id == table.c.outbox_id, outbox.c.state == "cancelled"),
)
# Written so that no other index is used: the index on resolved_at makes this quick.
_STATUS, _SEGMENT = ticket.c.status + "", ticket.c.segment + ""
_DUE = (
    select(ticket.c.resolved_at, ticket.c.id)
    .join(customer, customer.c.id == ticket.c.customer_id)
    .where(
        ticket.c.resolved_at >= bindparam("since"),
        ticket.c.resolved_at <= bindparam("until"),
        _STATUS.in_(sorted(ENDED)),
        customer.c.email.not_in(bindparam("inside", expanding=True)),
        _REACHED,
        _HUMAN,
        ~exists().where(table.c.ticket_id == ticket.c.id, table.c.survey == bindparam("asked_by")),
        or_(ticket.c.resolved_at > bindparam("since"), ticket.c.id > bindparam("last_id")),
    )
    .order_by(ticket.c.resolved_at, ticket.c.id)
    .limit(bindparam("most"))
)
_OF_SEGMENTS = _DUE.where(_SEGMENT.in_(bindparam("segments", expanding=True)))
_OF = select(table).where(table.c.ticket_id == bindparam("of_ticket"))
_VERSIONS = (
    select(definition.c.at, definition.c.document)
    .where(
        definition.c.version
        >= func.coalesce(
            select(func.max(definition.c.version))
            .where(definition.c.at <= bindparam("back_to"))
            .scalar_subquery(),
            0,
        )
    )
    .order_by(definition.c.version.desc())
)


class ResolvedCursor(Struct, frozen=True):
    """A position in the tickets ordered by resolution: where a page ends and the next begins."""

    at: datetime
    ticket: int


class SentSurvey(Struct, frozen=True, kw_only=True):
    """A survey sent about a ticket, or not sent (`outbox` None) because the customer has unsubscribed.

    `segment` and `owner` are the ticket's when it was resolved.
    """

    ticket: int
    survey: str
    scale: str
    at: datetime
    outbox: int | None
    segment: str
    owner: str | None


class Figures(Struct, frozen=True):
    """The results of a survey: tickets asked about, current answers, and their mean (None without any)."""

    sent: int
    answered: int
    mean: float | None


def due(
    tx: Tx,
    survey: str,
    *,
    segments: Sequence[str],
    since: datetime,
    until: datetime,
    inside: Collection[str],
    after: ResolvedCursor | None,
    limit: int,
) -> list[ResolvedCursor]:
    """Tickets resolved between two times that `survey` has not asked about, the earliest first, from `after` on.

    In these segments (none: in all), with a customer whose address is deliverable and not `inside`.
    """
    values = {
        "since": after.at if after else since,
        "until": until,
        "inside": list(inside),
        "asked_by": survey,
        "last_id": after.ticket if after else 0,
        "most": limit,
    }
    found = tx.execute(
        _OF_SEGMENTS if segments else _DUE,
        values | ({"segments": list(segments)} if segments else {}),
    )
    return [ResolvedCursor(row.resolved_at, row.id) for row in found]


def exists_since(tx: Tx, survey: str, back_to: datetime) -> datetime | None:
    """Since when the survey has existed without a break, looking back to a time; None if it does not exist."""
    found = None
    for row in tx.execute(_VERSIONS, {"back_to": back_to}):
        if all(one["name"] != survey for one in row.document.get("surveys", ())):
            break
        found = row.at
    return found


def mark(tx: Tx, sent: SentSurvey) -> None:
    """Record that a customer was asked, or has unsubscribed.

    A second time is a database error (the ticket was not locked).
    """
    tx.execute(
        insert(table),
        {
            "ticket_id": sent.ticket,
            "survey": sent.survey,
            "scale": sent.scale,
            "at": sent.at,
            "outbox_id": sent.outbox,
            "segment": sent.segment,
            "owner": sent.owner,
        },
    )


def of(tx: Tx, ticket_id: int) -> list[SentSurvey]:
    """The surveys sent about a ticket, or not, the last first."""
    found = tx.execute(_OF.order_by(table.c.at.desc(), table.c.survey), {"of_ticket": ticket_id})
    return [_record(row) for row in found]


def figures(tx: Tx, seen: Condition = EVERYTHING) -> dict[str, Figures]:
    """The results of each survey that was ever sent or answered, over the tickets of `seen`, by name.

    Answers about no ticket count only for those who may see all tickets.
    """
    asked = select(table.c.survey, func.count().label("sent")).where(ASKED)
    given = select(
        rating.c.survey, func.count().label("answered"), func.avg(rating.c.rating).label("mean")
    ).where(rating.c.replaced == 0)
    if seen != EVERYTHING:
        mine = select(ticket.c.id).where(conditions.sql(seen))
        asked = asked.where(table.c.ticket_id.in_(mine))
        given = given.where(rating.c.ticket_id.in_(mine))
    sent = {row.survey: row.sent for row in tx.execute(asked.group_by(table.c.survey))}
    answers = {row.survey: row for row in tx.execute(given.group_by(rating.c.survey))}
    return {
        name: Figures(
            sent.get(name, 0),
            answers[name].answered if name in answers else 0,
            round(float(answers[name].mean), 4) if name in answers else None,
        )
        for name in sorted(sent.keys() | answers.keys())
    }


def _record(row: Row[object]) -> SentSurvey:
    return SentSurvey(
        ticket=row.ticket_id,
        survey=row.survey,
        scale=row.scale,
        at=row.at,
        outbox=row.outbox_id,
        segment=row.segment,
        owner=row.owner,
    )
