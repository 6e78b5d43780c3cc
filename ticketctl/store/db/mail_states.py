"""The states that mail of the queues was in, so that a report of a past day tells what was known then.

A row says since when it has been in its state. A state that it left is kept here, but the first one, which every mail
is in until something is said of it: received, or queued and sending.
"""

from typing import Any

from ticketctl.store.db.core import sa, t

FIRST = {"inbox": ("received",), "outbox": ("queued", "sending")}

_COLUMNS = ("queue", "mail_id", "state", "verdict", "why", "since", "until")


def keeping(queue: "sa.Table", where: "sa.ColumnElement[bool]") -> Any:
    """A statement that keeps the state of mails of a queue that are about to get another one, at `left_at`."""
    left = sa.select(
        sa.literal(queue.name, sa.Text),
        queue.c.id,
        queue.c.state,
        queue.c.verdict if "verdict" in queue.c else sa.null(),
        queue.c.error,
        queue.c.since,
        sa.bindparam("left_at", type_=queue.c.since.type),
    ).where(where, queue.c.state.not_in(FIRST[queue.name]))
    return sa.insert(t.mail_state).from_select(_COLUMNS, left)
