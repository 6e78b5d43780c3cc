"""Survey answers. A later answer for the same ticket and survey replaces the earlier one, which is kept."""

from datetime import datetime

from msgspec import Struct

from ticketctl.errors import NotFound
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import Statement, sql
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.tx import Values
from ticketctl.store.db.values import Row

_GET = sql(lambda: sa.select(t.rating).where(t.rating.c.id == sa.bindparam("of_id")))
_BY_ANSWER_ID = sql(
    lambda: sa.select(t.rating).where(
        t.rating.c.survey == sa.bindparam("of_survey"),
        t.rating.c.answer_id == sa.bindparam("of_answer"),
    )
)
_LATEST = sql(
    lambda: (
        sa.select(t.rating)
        .where(t.rating.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.rating.c.id.desc())
        .limit(1)
    )
)
_OF = sql(lambda: _LATEST().where(t.rating.c.survey == sa.bindparam("of_survey")))
_INSERT = sql(lambda: sa.insert(t.rating).returning(t.rating.c.id))
_REPLACE = sql(
    lambda: (
        sa.update(t.rating)
        .where(t.rating.c.id == sa.bindparam("of_id"))
        .values(replaced=sa.bindparam("is_replaced"))
    )
)
_DELETE = sql(lambda: sa.delete(t.rating).where(t.rating.c.id == sa.bindparam("of_id")))


Answers = tuple[tuple[str, str], ...]  # questions with their answers, in the order of the survey


class Rating(Struct, frozen=True, kw_only=True):
    """A survey answer; `scale` is 1-5 or 0-10, `segment` and `owner` are the ticket's when it was resolved."""

    id: int
    ticket: int | None
    customer: int | None
    survey: str
    scale: str
    rating: int
    comment: str
    at: datetime
    via: str  # mail | command | line
    answer_id: str | None  # a repeated id is stored once
    segment: str
    owner: str | None
    replaced: bool
    answers: Answers = ()
    url: str | None = None  # where another program shows the whole answer


def add(
    tx: Tx,
    *,
    ticket: int | None,
    customer: int | None,
    survey: str,
    scale: str,
    rating: int,
    at: datetime,
    via: str,
    comment: str = "",
    answer_id: str | None = None,
    segment: str = "",
    owner: str | None = None,
    answers: Answers = (),
    url: str | None = None,
) -> tuple[int, bool]:
    """Store an answer; its number, and whether it is new.

    It is not new if `answer_id` is known, or if the ticket's last answer to this survey says the same (F-Q9).
    """
    known = _by_id(tx, survey, answer_id) if answer_id else None
    before = of(tx, ticket, survey) if ticket is not None else None
    said = (rating, comment, answers, url)
    if (
        known is None
        and before
        and said == (before.rating, before.comment, before.answers, before.url)
    ):
        known = before
    if known is not None:
        return known.id, False
    if before is not None:
        tx.execute(_REPLACE, {"of_id": before.id, "is_replaced": 1})
    row = {
        "ticket_id": ticket,
        "customer_id": customer,
        "survey": survey,
        "scale": scale,
        "rating": rating,
        "comment": comment,
        "at": at,
        "via": via,
        "answer_id": answer_id,
        "segment": segment,
        "owner": owner,
        "answers": [[*pair] for pair in answers] or None,
        "url": url,
    }
    return new_id(tx.execute(_INSERT, row)), True


def get(tx: Tx, id: int) -> Rating:
    """An answer by number; NotFound for an unknown one."""
    found = _first(tx, _GET, {"of_id": id})
    if found is None:
        raise NotFound(f"no survey answer {id}.")
    return found


def of(tx: Tx, ticket: int, survey: str) -> Rating | None:
    """The current answer to one survey about a ticket."""
    return _first(tx, _OF, {"of_ticket": ticket, "of_survey": survey})


def withdraw(tx: Tx, id: int) -> None:
    """Delete an answer; the one that it replaced counts again. NotFound for an unknown one."""
    gone = get(tx, id)
    tx.execute(_DELETE, {"of_id": id})
    before = of(tx, gone.ticket, gone.survey) if gone.ticket is not None else None
    if before is not None:
        tx.execute(_REPLACE, {"of_id": before.id, "is_replaced": 0})


def latest(tx: Tx, ticket: int) -> Rating | None:
    """The customer's last answer about a ticket, to any survey."""
    return _first(tx, _LATEST, {"of_ticket": ticket})


def _by_id(tx: Tx, survey: str, answer_id: str) -> Rating | None:
    return _first(tx, _BY_ANSWER_ID, {"of_survey": survey, "of_answer": answer_id})


def _first(tx: Tx, query: Statement, values: Values) -> Rating | None:
    row = tx.execute(query, values).first()
    return _record(row) if row else None


def _record(row: Row) -> Rating:
    return Rating(
        id=row.id,
        ticket=row.ticket_id,
        customer=row.customer_id,
        survey=row.survey,
        scale=row.scale,
        rating=row.rating,
        comment=row.comment,
        at=row.at,
        via=row.via,
        answer_id=row.answer_id,
        segment=row.segment,
        owner=row.owner,
        replaced=bool(row.replaced),
        answers=tuple((question, answer) for question, answer in row.answers or ()),
        url=row.url,
    )
