"""Links between tickets. A link is stored once, from one side, and read from both."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from ticketctl.domain.base.records import LINKS, Link
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import link

_add = if_new(link)


def of(tx: Tx, id: int) -> list[Link]:
    """A ticket's links, stored from either side, by kind and number."""
    own = select(link.c.kind, link.c.other_id).where(link.c.ticket_id == id)
    theirs = select(link.c.kind, link.c.ticket_id).where(link.c.other_id == id)
    found = {Link(*row) for row in tx.execute(own)}
    found |= {Link(LINKS[row.kind], row.ticket_id) for row in tx.execute(theirs)}
    return sorted(found, key=lambda one: (one.kind, one.ticket))


def exists(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Is it stored, in this direction, that `id` is linked to `other` as `kind`?"""
    return tx.execute(select(link.c.kind).where(*_this(id, kind, other))).first() is not None


def other(tx: Tx, id: int, kind: str) -> int | None:
    """The first ticket that `id` is linked to as `kind`; None for none."""
    query = select(link.c.other_id).where(link.c.ticket_id == id, link.c.kind == kind)
    return tx.execute(query.order_by(link.c.other_id).limit(1)).scalar()


def add(tx: Tx, id: int, kind: str, other: int, at: datetime) -> bool:
    """Store that `id` is linked to `other` as `kind` (of LINKS). False if it is stored already."""
    return _add(tx, {"ticket_id": id, "kind": kind, "other_id": other, "at": at})


def drop(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Delete a link. False if there is none."""
    return bool(tx.execute(delete(link).where(*_this(id, kind, other))).rowcount)


def _this(id: int, kind: str, other: int) -> tuple[ColumnElement[bool], ...]:
    return link.c.ticket_id == id, link.c.kind == kind, link.c.other_id == other
