"""Outgoing mail: queued in the transaction that decided it, sent to each recipient separately (L11, L18).

So are answers that go out through the bridge of another channel; they have one recipient.

queued ─claim─> sending ─settle─> sent, failed, uncertain, or queued again for a later try; sent ─> bounced.
Times are desk time; only the claim is a lease on the machine's clock.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl import clock
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import OutboxRow
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import mail_states
from ticketctl.store.db.core import hole, in_list, most, sa, setting, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.values import Row, storable
from ticketctl.store.queues import deliveries as recipients
from ticketctl.store.queues.deliveries import Recipient, deliveries, delivery, settle_delivery

__all__ = [
    "NewMail",
    "Recipient",
    "by_message_id",
    "cancel",
    "deliveries",
    "delivery",
    "get",
    "listing",
    "mark_bounced",
    "of_group",
    "queue",
    "retry",
    "settle_delivery",
    "waiting",
]

QUEUED, SENDING, SENT = "queued", "sending", "sent"
UNCERTAIN, FAILED, CANCELLED, BOUNCED = "uncertain", "failed", "cancelled", "bounced"
EMAIL = "email"
FIRST_THAT_ONE_IS_IN = (QUEUED, UNCERTAIN, FAILED, CANCELLED, BOUNCED, SENT)

_QUEUE = sql(lambda: sa.insert(t.outbox).returning(t.outbox.c.id))
_SET = sql(lambda: setting(sa.update(t.outbox).where(t.outbox.c.id == sa.bindparam("of_id"))))
_OF_GROUP = sql(
    lambda: (
        sa.select(t.outbox)
        .where(
            in_list(t.outbox.c.ticket_id, "tickets"),
            t.outbox.c.undo_group == sa.bindparam("of_group"),
        )
        .order_by(t.outbox.c.id)
    )
)
_GET = sql(lambda: sa.select(t.outbox).where(t.outbox.c.id == sa.bindparam("of_id")))
_LOCK = sql(lambda: _GET().with_for_update())
_BY_MESSAGE_ID = sql(
    lambda: sa.select(t.outbox).where(t.outbox.c.message_id == sa.bindparam("of_message_id"))
)
_LISTING = sql(
    lambda: (
        sa.select(t.outbox)
        .where(hole("condition"))
        .order_by(t.outbox.c.id.desc())
        .limit(most("limit"))
    )
)
_IN_STATE = expression(lambda: t.outbox.c.state == sa.bindparam("state"), "outbox")
_ABOUT = expression(lambda: t.outbox.c.ticket_id == sa.bindparam("of_ticket"), "outbox")
_BEFORE = expression(lambda: t.outbox.c.id < sa.bindparam("before_id"), "outbox")
_WAITING = sql(
    lambda: (
        sa.select(t.outbox.c.state, sa.func.count().label("rows"))
        .where(t.outbox.c.state.in_((QUEUED, SENDING, UNCERTAIN, FAILED)))
        .group_by(t.outbox.c.state)
    )
)
_OLDEST_DUE = sql(
    lambda: sa.select(sa.func.min(t.outbox.c.next_try_at)).where(
        t.outbox.c.state.in_((QUEUED, SENDING))
    )
)
_KEEP_STATE = sql(lambda: mail_states.keeping(t.outbox, t.outbox.c.id == sa.bindparam("of_id")))


class NewMail(Struct, frozen=True, kw_only=True):
    """A mail for the outbox. It is due at `not_before`, or at once; `group` is the undo group of its command."""

    kind: str
    mailbox: str
    to: Sequence[str]
    subject: str
    message_id: str
    language: str
    data: Mapping[str, Any]
    at: datetime
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    ticket: int | None = None
    message: int | None = None
    in_reply_to: str | None = None
    references: Sequence[str] = ()
    not_before: datetime | None = None
    group: str = ""
    channel: str = EMAIL


def queue(tx: Tx, mail: NewMail) -> int:
    """Add a mail to the outbox, with one delivery for each address of to, cc and bcc; returns the row's id."""
    addresses = dict.fromkeys(address_key(address) for address in (*mail.to, *mail.cc, *mail.bcc))
    if not addresses:
        raise ValueError("a mail to nobody")
    values = {
        "kind": mail.kind,
        "channel": mail.channel,
        "ticket_id": mail.ticket,
        "message_n": mail.message,
        "undo_group": mail.group,
        "mailbox": mail.mailbox,
        "to": tuple(mail.to),
        "cc": tuple(mail.cc),
        "bcc": tuple(mail.bcc),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": tuple(mail.references),
        "language": mail.language,
        "data": dict(mail.data),
        "state": QUEUED,
        "created_at": mail.at,
        "next_try_at": mail.not_before or mail.at,
    }
    id = new_id(tx.execute(_QUEUE, values))
    recipients.make(tx, id, mail.kind, addresses, mail.at)
    return id


def mark_bounced(tx: Tx, delivery_id: int, why: str, at: datetime) -> None:
    """Record that the mail bounced from one recipient, and set the row's state unless other deliveries are pending."""
    settle_delivery(tx, delivery_id, BOUNCED, why, at)
    id = delivery(tx, delivery_id).outbox
    if _lock(tx, id).state not in (QUEUED, SENDING):
        state = _outcome(recipients.states(tx, id))
        _leave(tx, id, at, state=state, error=storable(why) or None)


def retry(tx: Tx, id: int) -> None:
    """Retry the undelivered recipients of a failed, uncertain or waiting mail now; Conflict in other states."""
    row = _lock(tx, id)
    if row.state not in (QUEUED, FAILED, UNCERTAIN):
        raise Conflict(f"mail {id} cannot be tried again: it is {row.state}.")
    recipients.requeue(tx, id)
    now = clock.now()
    _leave(tx, id, now, state=QUEUED, attempts=0, next_try_at=now, error=None)


def cancel(tx: Tx, id: int) -> None:
    """Cancel a mail. Conflict if it was sent, or may have been, to anybody."""
    row = _lock(tx, id)
    gone = recipients.states(tx, id) & {recipients.SENT, recipients.UNCERTAIN, recipients.BOUNCED}
    if row.state not in (QUEUED, FAILED) or gone:
        raise Conflict(
            f"mail {id} cannot be cancelled: it is {row.state}"
            + (", and already went to a recipient." if gone and row.state != SENT else ".")
        )
    recipients.cancel(tx, id)
    _leave(tx, id, clock.now(), state=CANCELLED, next_try_at=None)


def of_group(tx: Tx, group: str, tickets: Collection[int]) -> list[OutboxRow]:
    """The mails about these tickets that one command queued, oldest first."""
    rows = tx.execute(_OF_GROUP, {"tickets": tickets, "of_group": group})
    return [record(row) for row in rows]


def get(tx: Tx, id: int) -> OutboxRow:
    """One row; NotFound for an unknown one."""
    return _one(tx.execute(_GET, {"of_id": id}).first(), str(id))


def by_message_id(tx: Tx, message_id: str) -> OutboxRow | None:
    """The mail of ours with this Message-ID, which a bounce is about."""
    row = tx.execute(_BY_MESSAGE_ID, {"of_message_id": message_id}).first()
    return record(row) if row else None


def listing(
    tx: Tx,
    state: str | None = None,
    limit: int | None = None,
    before_id: int | None = None,
    ticket: int | None = None,
) -> list[OutboxRow]:
    """Rows, newest first, optionally of one state or ticket; `before_id` continues below the page before."""
    wanted = [] if state is None else [_IN_STATE.part({"state": state})]
    wanted += [] if ticket is None else [_ABOUT.part({"of_ticket": ticket})]
    wanted += [] if before_id is None else [_BEFORE.part({"before_id": before_id})]
    rows = tx.execute(_LISTING, {"limit": limit}, condition=all_of(*wanted))
    return [record(row) for row in rows]


def waiting(tx: Tx) -> dict[str, int]:
    """The number of rows queued, sending, uncertain and failed."""
    none = dict.fromkeys((QUEUED, SENDING, UNCERTAIN, FAILED), 0)
    return none | {row.state: row.rows for row in tx.execute(_WAITING)}


def oldest_due(tx: Tx) -> datetime | None:
    """When the oldest mail that waits or is being sent became due; may be in the future."""
    oldest: datetime | None = tx.execute(_OLDEST_DUE).scalar_one()
    return oldest


def _outcome(states: Collection[str]) -> str:
    """The row's state from those of its deliveries."""
    return next(state for state in FIRST_THAT_ONE_IS_IN if state in states)


def _lock(tx: Tx, id: int) -> OutboxRow:
    """Lock a row, so that no sender claims it."""
    return _one(tx.execute(_LOCK, {"of_id": id}).first(), str(id))


def _leave(tx: Tx, id: int, at: datetime, **values: object) -> None:
    """Change the state of a row, and keep what it was."""
    tx.execute(_KEEP_STATE, {"of_id": id, "left_at": at})
    _set(tx, id, since=at, **values)


def _set(tx: Tx, id: int, **values: object) -> None:
    if tx.execute(_SET, {"of_id": id, **values}).rowcount != 1:
        raise NotFound(f"no mail {id} in the outbox.")


def _one(row: Row | None, id: str) -> OutboxRow:
    if row is None:
        raise NotFound(f"no mail {id} in the outbox.")
    return record(row)


def record(row: Row) -> OutboxRow:
    """The record of a row with all columns of the outbox."""
    c = row.as_dict()
    return OutboxRow(
        id=c["id"],
        kind=c["kind"],
        ticket=c["ticket_id"],
        message=c["message_n"],
        mailbox=c["mailbox"],
        to=tuple(c["to"]),
        cc=tuple(c["cc"]),
        bcc=tuple(c["bcc"]),
        subject=c["subject"],
        message_id=c["message_id"],
        in_reply_to=c["in_reply_to"],
        references=tuple(c["references"]),
        language=c["language"],
        data=c["data"],
        state=c["state"],
        attempts=c["attempts"],
        created_at=c["created_at"],
        next_try_at=c["next_try_at"],
        error=c["error"],
        blob=c["blob_sha256"],
        group=c["undo_group"],
        channel=c["channel"],
    )
