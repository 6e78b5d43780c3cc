"""Which mail is filed: its identity and content by mailbox, so that the same mail is filed once (C1, C5, C6)."""

from datetime import datetime, timedelta
from typing import Any

from ticketctl.store.db.core import insertion, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new

_mark = if_new("filed")

_FILED_IN_TICKET = sql(
    lambda: (
        sa.select(t.inbox.c.id)
        .join(t.filed, t.filed.c.mailbox == t.inbox.c.mailbox)
        .where(
            t.inbox.c.ticket_id == sa.bindparam("t"),
            t.filed.c.identity == sa.bindparam("i"),
            t.filed.c.content == sa.bindparam("c"),
            t.filed.c.inbox_id == t.inbox.c.id,
        )
        .limit(1)
    )
)
_FILED_LATELY = sql(
    lambda: _FILED_IN_TICKET().where(
        t.filed.c.at > sa.bindparam("after"), t.filed.c.at < sa.bindparam("before")
    )
)
_UNMARK = sql(
    lambda: sa.delete(t.filed).where(
        t.filed.c.mailbox == sa.bindparam("of_mailbox"),
        t.filed.c.identity == sa.bindparam("i"),
        t.filed.c.content == sa.bindparam("c"),
        t.filed.c.inbox_id == sa.bindparam("of_id"),
    )
)


def _marking_lately() -> Any:
    """A mail that was filed long before or after counts as another one, which takes its place."""
    row = insertion(t.filed)
    return row.on_conflict_do_update(
        index_elements=list(t.filed.primary_key),
        set_={"inbox_id": row.excluded.inbox_id, "at": row.excluded.at},
        where=sa.or_(t.filed.c.at <= sa.bindparam("after"), t.filed.c.at >= sa.bindparam("before")),
    ).returning(t.filed.c.inbox_id)


_MARK_LATELY = sql(_marking_lately)


def mark(tx: Tx, mailbox: str, identity: str, content: str, inbox_id: int, at: datetime) -> bool:
    """Record that this mail is filed for this mailbox. False if the same mail was filed before (C1, C5)."""
    row = {"mailbox": mailbox, "identity": identity, "content": content}
    return _mark(tx, row | {"inbox_id": inbox_id, "at": at})


def mark_lately(
    tx: Tx, mailbox: str, identity: str, content: str, inbox_id: int, at: datetime, span: timedelta
) -> bool:
    """As `mark`, for mail that counts as new if it comes `span` or more after the last."""
    row = {"mailbox": mailbox, "identity": identity, "content": content, "inbox_id": inbox_id}
    apart = {"after": at - span, "before": at + span}
    return tx.execute(_MARK_LATELY, {**row, "at": at, **apart}).first() is not None


def unmark(tx: Tx, mailbox: str, identity: str, content: str, inbox_id: int) -> None:
    """Forget that this mail was filed, as it is held instead."""
    of = {"of_mailbox": mailbox, "i": identity, "c": content, "of_id": inbox_id}
    tx.execute(_UNMARK, of)


def is_in_ticket(tx: Tx, identity: str, content: str, ticket_id: int) -> bool:
    """Was the same mail filed in this ticket, through any mailbox (C6)?"""
    of = {"i": identity, "c": content, "t": ticket_id}
    return tx.execute(_FILED_IN_TICKET, of).first() is not None


def is_lately_in_ticket(
    tx: Tx, identity: str, content: str, ticket_id: int, at: datetime, span: timedelta
) -> bool:
    """As `is_in_ticket`, for mail that counts as new if it comes `span` or more apart."""
    of = {"i": identity, "c": content, "t": ticket_id, "after": at - span, "before": at + span}
    return tx.execute(_FILED_LATELY, of).first() is not None
