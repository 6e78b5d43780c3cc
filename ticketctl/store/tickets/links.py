"""Links between tickets. A link is stored once, from one side, and read from both."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from ticketctl.domain.base.records import LINKS, Link
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import link

_add = if_new(link)


def of(tx: Tx, id: int) -> list[Link]:
    """How a ticket stands to others, from whichever side that was noted, by kind and number."""
    own = select(link.c.kind, link.c.other_id).where(link.c.ticket_id == id)
    theirs = select(link.c.kind, link.c.ticket_id).where(link.c.other_id == id)
    found = {Link(*row) for row in tx.execute(own)}
    found |= {Link(LINKS[row.kind], row.ticket_id) for row in tx.execute(theirs)}
    return sorted(found, key=lambda one: (one.kind, one.ticket))


def known(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Is it noted, this way round, that `id` stands to `other` as `kind` says?"""
    return tx.execute(select(link.c.kind).where(*_this(id, kind, other))).first() is not None


def other(tx: Tx, id: int, kind: str) -> int | None:
    """The ticket that `id` stands to as `kind` says, the first of several; None for none."""
    query = select(link.c.other_id).where(link.c.ticket_id == id, link.c.kind == kind)
    return tx.execute(query.order_by(link.c.other_id).limit(1)).scalar()


def add(tx: Tx, id: int, kind: str, other: int, at: datetime) -> bool:
    """Note that `id` stands to `other` as `kind` (of LINKS) says; False if that is known."""
    return _add(tx, {"ticket_id": id, "kind": kind, "other_id": other, "at": at})


def drop(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Forget that; False if it was not known."""
    return bool(tx.execute(delete(link).where(*_this(id, kind, other))).rowcount)


def _this(id: int, kind: str, other: int) -> tuple[ColumnElement[bool], ...]:
    return link.c.ticket_id == id, link.c.kind == kind, link.c.other_id == other
