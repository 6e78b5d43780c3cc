"""Surveys by mail: who is to be asked, who was asked, and the results. Each survey asks once about a ticket."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from msgspec import Struct

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.status import ENDED
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import conditions

# The customer is reachable: by an address of theirs that does not bounce, their reply address, or a bridge.
_REACHED = cache(
    lambda: sa.or_(
        sa.exists().where(
            t.identity.c.customer_id == t.ticket.c.customer_id,
            t.identity.c.kind == "email",
            t.identity.c.undeliverable_at.is_(None),
        ),
        sa.exists().where(
            t.participant.c.ticket_id == t.ticket.c.id, t.participant.c.role == "answer"
        ),
        in_list(t.ticket.c.channel, "channels"),
        sa.exists().where(
            t.message.c.ticket_id == t.ticket.c.id,
            t.message.c.direction == "in",
            in_list(t.message.c.channel, "channels"),
        ),
    )
)
# A human wrote, or an agent opened the ticket for them. Machines are not asked.
_HUMAN = cache(
    lambda: sa.or_(
        t.ticket.c.last_customer_at.is_not(None),
        ~sa.exists().where(t.message.c.ticket_id == t.ticket.c.id, t.message.c.direction == "in"),
    )
)
# Nobody who has unsubscribed (no mail), or whose survey mail was cancelled, was asked, or is asked again.
ASKED = cache(
    lambda: sa.and_(
        t.survey_sent.c.outbox_id.is_not(None),
        ~sa.exists().where(
            t.outbox.c.id == t.survey_sent.c.outbox_id, t.outbox.c.state == "cancelled"
        ),
    )
)
_OTHER = cache(lambda: t.ticket.alias("asked_about"))
# Any survey asked the customer since a time, about any ticket of theirs.
_ASKED_SINCE = cache(
    lambda: (
        sa.exists()
        .where(_OTHER().c.id == t.survey_sent.c.ticket_id)
        .where(_OTHER().c.customer_id == t.ticket.c.customer_id)
        .where(t.survey_sent.c.at > sa.bindparam("asked_since"), ASKED())
    )
)
# Written so that no other index is used: the index on resolved_at makes this quick.
_STATUS = cache(lambda: t.ticket.c.status + "")
_SEGMENT = cache(lambda: t.ticket.c.segment + "")
_DUE = sql(
    lambda: (
        sa.select(t.ticket.c.resolved_at, t.ticket.c.id)
        .join(t.customer, t.customer.c.id == t.ticket.c.customer_id)
        .where(
            t.ticket.c.resolved_at >= sa.bindparam("since"),
            t.ticket.c.resolved_at <= sa.bindparam("until"),
            _STATUS().in_(sorted(ENDED)),
            sa.not_(in_list(t.customer.c.email, "inside")),
            _REACHED(),
            _HUMAN(),
            ~_ASKED_SINCE(),
            ~sa.exists().where(
                t.survey_sent.c.ticket_id == t.ticket.c.id,
                t.survey_sent.c.survey == sa.bindparam("asked_by"),
            ),
            sa.or_(
                t.ticket.c.resolved_at > sa.bindparam("since"),
                t.ticket.c.id > sa.bindparam("last_id"),
            ),
        )
        .order_by(t.ticket.c.resolved_at, t.ticket.c.id)
        .limit(sa.bindparam("most"))
    )
)
_ASKED_LATELY = sql(
    lambda: sa.select(sa.exists().where(t.ticket.c.id == sa.bindparam("of_ticket"), _ASKED_SINCE()))
)
_OF_SEGMENTS = sql(lambda: _DUE().where(in_list(_SEGMENT(), "segments")))
_MARK = sql(lambda: sa.insert(t.survey_sent))
_OF = sql(
    lambda: (
        sa.select(t.survey_sent)
        .where(t.survey_sent.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.survey_sent.c.at.desc(), t.survey_sent.c.survey)
    )
)
_SENT = sql(
    lambda: (
        sa.select(t.survey_sent.c.survey, sa.func.count().label("sent"))
        .where(ASKED(), hole("condition"))
        .group_by(t.survey_sent.c.survey)
    )
)
_ANSWERED = sql(
    lambda: (
        sa.select(
            t.rating.c.survey,
            sa.func.count().label("answered"),
            sa.func.avg(t.rating.c.rating).label("mean"),
        )
        .where(t.rating.c.replaced == 0, hole("condition"))
        .group_by(t.rating.c.survey)
    )
)
_MINE = cache(lambda: sa.select(t.ticket.c.id).where(hole("condition")))
_SENT_ABOUT = expression(lambda: t.survey_sent.c.ticket_id.in_(_MINE()), "survey_sent")
_ANSWERED_ABOUT = expression(lambda: t.rating.c.ticket_id.in_(_MINE()), "rating")
_VERSIONS = sql(
    lambda: (
        sa.select(t.definition.c.at, t.definition.c.document)
        .where(
            t.definition.c.version
            >= sa.func.coalesce(
                sa.select(sa.func.max(t.definition.c.version))
                .where(t.definition.c.at <= sa.bindparam("back_to"))
                .scalar_subquery(),
                0,
            )
        )
        .order_by(t.definition.c.version.desc())
    )
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
    channels: Collection[str],
    after: ResolvedCursor | None,
    limit: int,
    asked_since: datetime,
) -> list[ResolvedCursor]:
    """Tickets resolved between two times that `survey` has not asked about, the earliest first, from `after` on.

    In these segments (none: in all), with a customer whose address is deliverable and not `inside`, or who wrote on one
    of the `channels`, and who got no survey after `asked_since`.
    """
    values = {
        "since": after.at if after else since,
        "until": until,
        "inside": list(inside),
        "channels": list(channels),
        "asked_by": survey,
        "last_id": after.ticket if after else 0,
        "most": limit,
        "asked_since": asked_since,
    }
    found = tx.execute(
        _OF_SEGMENTS if segments else _DUE,
        values | ({"segments": list(segments)} if segments else {}),
    )
    return [ResolvedCursor(row.resolved_at, row.id) for row in found]


def asked_lately(tx: Tx, ticket_id: int, since: datetime) -> bool:
    """Did a survey ask the customer of a ticket after a time, about this one or another?"""
    asked = {"of_ticket": ticket_id, "asked_since": since}
    return bool(tx.execute(_ASKED_LATELY, asked).scalar_one())


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
        _MARK,
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
    return [_record(row) for row in tx.execute(_OF, {"of_ticket": ticket_id})]


def figures(tx: Tx, seen: Condition = EVERYTHING) -> dict[str, Figures]:
    """The results of each survey that was ever sent or answered, over the tickets of `seen`, by name.

    Answers about no ticket count only for those who may see all tickets.
    """
    asked = answered = all_of()
    if seen != EVERYTHING:
        mine = conditions.sql(seen)
        asked, answered = _SENT_ABOUT.part(condition=mine), _ANSWERED_ABOUT.part(condition=mine)
    sent = {row.survey: row.sent for row in tx.execute(_SENT, condition=asked)}
    answers = {row.survey: row for row in tx.execute(_ANSWERED, condition=answered)}
    return {
        name: Figures(
            sent.get(name, 0),
            answers[name].answered if name in answers else 0,
            round(float(answers[name].mean), 4) if name in answers else None,
        )
        for name in sorted(sent.keys() | answers.keys())
    }


def _record(row: Row) -> SentSurvey:
    return SentSurvey(
        ticket=row.ticket_id,
        survey=row.survey,
        scale=row.scale,
        at=row.at,
        outbox=row.outbox_id,
        segment=row.segment,
        owner=row.owner,
    )
