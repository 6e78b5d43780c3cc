"""The states that mail of the queues was in, so that a report of a past day tells what was known then.

A row says since when it has been in its state. A state that it left is kept here, but the first one, which every mail
is in until something is said of it: received, or queued and sending.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, insert, literal, null, select

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import mail_state

FIRST = {"inbox": ("received",), "outbox": ("queued", "sending")}

_COLUMNS = ("queue", "mail_id", "state", "verdict", "why", "since", "until")


def keep(tx: Tx, queue: Table, where: ColumnElement[bool], at: datetime) -> None:
    """Keep the state of mails of the inbox or the outbox that are about to get another one."""
    left = select(
        literal(queue.name),
        queue.c.id,
        queue.c.state,
        queue.c.verdict if "verdict" in queue.c else null(),
        queue.c.error,
        queue.c.since,
        literal(at, queue.c.since.type),
    ).where(where, queue.c.state.not_in(FIRST[queue.name]))
    tx.execute(insert(mail_state).from_select(_COLUMNS, left))
