"""Survey answers. A later answer for the same ticket and survey replaces the earlier one, which is kept."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Row, Select, delete, insert, select, update

from ticketctl.errors import NotFound
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.schema import rating as table

_newest = select(table).order_by(table.c.id.desc()).limit(1)


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
) -> tuple[int, bool]:
    """Store an answer; its number, and whether it is new.

    It is not new if `answer_id` is known, or if the ticket's last answer to this survey says the same (F-Q9).
    """
    known = _by_id(tx, survey, answer_id) if answer_id else None
    before = of(tx, ticket, survey) if ticket is not None else None
    if known is None and before and (before.rating, before.comment) == (rating, comment):
        known = before
    if known is not None:
        return known.id, False
    if before is not None:
        tx.execute(update(table).where(table.c.id == before.id).values(replaced=1))
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
    }
    return new_id(tx.execute(insert(table), row)), True


def get(tx: Tx, id: int) -> Rating:
    """An answer by number; NotFound for an unknown one."""
    found = _first(tx, select(table).where(table.c.id == id))
    if found is None:
        raise NotFound(f"no survey answer {id}.")
    return found


def of(tx: Tx, ticket: int, survey: str) -> Rating | None:
    """The current answer to one survey about a ticket."""
    return _first(tx, _newest.where(table.c.ticket_id == ticket, table.c.survey == survey))


def withdraw(tx: Tx, id: int) -> None:
    """Delete an answer; the one that it replaced counts again. NotFound for an unknown one."""
    gone = get(tx, id)
    tx.execute(delete(table).where(table.c.id == id))
    before = of(tx, gone.ticket, gone.survey) if gone.ticket is not None else None
    if before is not None:
        tx.execute(update(table).where(table.c.id == before.id).values(replaced=0))


def latest(tx: Tx, ticket: int) -> Rating | None:
    """The customer's last answer about a ticket, to any survey."""
    return _first(tx, _newest.where(table.c.ticket_id == ticket))


def _by_id(tx: Tx, survey: str, answer_id: str) -> Rating | None:
    query = select(table).where(table.c.survey == survey, table.c.answer_id == answer_id)
    return _first(tx, query)


def _first(tx: Tx, query: Select[object]) -> Rating | None:
    row = tx.execute(query).first()
    return _record(row) if row else None


def _record(row: Row[object]) -> Rating:
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
    )
