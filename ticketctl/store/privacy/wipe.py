"""Empties rows of personal content and keeps their numbers, times and states."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from ticketctl import clock
from ticketctl.domain.base.redact import BLOT
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.store.db import blobs, mail_states
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import search

AT_ONCE = 500  # rows a statement names
NO_ANSWER = {"comment": "", "answers": None, "url": None}  # of a rating, which stays
ERASED_MAIL = 0  # the outbox row of a survey whose mail was erased before it was sent

_INCOMING = cache(lambda: t.message.c.direction == "in")
_FOREIGN = sql(
    lambda: t.comment.c.author.contains("@", autoescape=True)
)  # an expert's, or of somebody who claims to be an agent
_UNSENT = cache(lambda: t.outbox.c.state.in_(("queued", "sending", "uncertain")))

_MESSAGE: Callable[[], dict[str, Any]] = cache(
    lambda: {
        "author": sa.case((_INCOMING(), BLOT), else_=t.message.c.author),
        "author_name": sa.case((_INCOMING(), ""), else_=t.message.c.author_name),
        "subject": "",
        "text": BLOT,
        "full_text": None,
        "message_id": None,
        "in_reply_to": None,
        "permalink": None,
        "thread": None,
        "blob_sha256": None,
    }
)
_COMMENT: Callable[[], dict[str, Any]] = cache(
    lambda: {
        "author": sa.case((_FOREIGN(), BLOT), else_=t.comment.c.author),
        "text": BLOT,
        "blob_sha256": None,
    }
)
_OUTBOX: Callable[[], dict[str, Any]] = cache(
    lambda: {
        "to": [],
        "cc": [],
        "bcc": [],
        "subject": "",
        "in_reply_to": None,
        "references": [],
        "data": {},
        "error": None,
        "blob_sha256": None,
        "state": sa.case((_UNSENT(), "cancelled"), else_=t.outbox.c.state),
        "next_try_at": None,
    }
)
_DELIVERY: Callable[[], dict[str, Any]] = cache(
    lambda: {
        "address": sa.literal(f"{BLOT} ") + sa.cast(t.delivery.c.id, sa.Text),
        "base": "",
        "reply": None,
        "state": sa.case((t.delivery.c.state == "queued", "cancelled"), else_=t.delivery.c.state),
    }
)
_INBOX: Callable[[], dict[str, Any]] = cache(
    lambda: {
        "envelope_from": "",
        "recipients": [],
        "remote": "",
        "authenticated": "",
        "trace": "",
        "message_id": None,
        "reasons": [],
        "error": None,
        "state": "done",
        "verdict": sa.func.coalesce(t.inbox.c.verdict, "dropped"),
    }
)
# Fields whose values stay in history, and types of lines: they contain no personal data, and clocks and reports are
# told from them.
_KEPT = (
    "status", "owner", "priority", "important", "segment", "type", "level", "tags", "policy", "messages",
)  # fmt: skip
_KEPT_TYPES = (*NOTICES, "survey")
_ASKED = "asked"  # in `way_back` of a merge: since when the question waited that it brought


def chunks(ids: Sequence[object]) -> Iterator[Sequence[Any]]:
    """Split ids into chunks that fit into one statement."""
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def wipe_messages(tx: Tx, where: "sa.ColumnElement[bool]") -> set[str]:
    """Empty messages and delete their attachments; returns their blobs."""
    rows = tx.execute(
        sa.select(
            t.message.c.id,
            t.message.c.ticket_id,
            t.message.c.n,
            t.message.c.text,
            t.message.c.full_text,
        ).where(where)
    ).all()
    for row in rows:
        whole = row.text if row.full_text is None else row.full_text
        search.forget(tx, row.ticket_id, "body", row.n, whole)
    return _wipe_rows(
        tx, t.message, t.attachment.c.message_id, [row.id for row in rows], _MESSAGE()
    )


def wipe_comments(tx: Tx, where: "sa.ColumnElement[bool]") -> set[str]:
    """Empty comments and delete their attachments; returns their blobs."""
    rows = tx.execute(
        sa.select(t.comment.c.id, t.comment.c.ticket_id, t.comment.c.n, t.comment.c.text).where(
            where
        )
    ).all()
    for row in rows:
        search.forget(tx, row.ticket_id, "comments", row.n, row.text)
    return _wipe_rows(
        tx, t.comment, t.attachment.c.comment_id, [row.id for row in rows], _COMMENT()
    )


def wipe_outbox(tx: Tx, ids: Sequence[int]) -> set[str]:
    """Remove texts and recipients from outbox rows; unsent mail is cancelled. Returns their blobs.

    An answer or survey whose mail was cancelled by people counts as never given. One whose mail goes with an erasure
    was given, so it no longer names that mail.
    """
    found: set[str] = set()
    for some in chunks(ids):
        mine = t.outbox.c.id.in_(some)
        unsent = sa.select(t.outbox.c.id).where(mine, _UNSENT())
        asked = t.survey_sent.c.outbox_id.in_(unsent)
        tx.execute(sa.update(t.survey_sent).where(asked).values(outbox_id=ERASED_MAIL))
        tx.execute(sa.update(t.outbox).where(mine, _UNSENT()).values(message_n=None))
        found |= _shas(tx, sa.select(t.outbox.c.blob_sha256).where(mine))
        _end(tx, t.outbox, mine & _UNSENT())
        tx.execute(sa.update(t.outbox).where(mine).values(**_OUTBOX()))
        _wipe_states(tx, t.outbox, some)
        told = sa.select(t.delivery.c.id).where(t.delivery.c.outbox_id.in_(some))
        wipe_deliveries(tx, list(tx.execute(told).scalars()))
    return found


def wipe_deliveries(tx: Tx, ids: Sequence[int]) -> None:
    """Remove the address from deliveries; unsent ones are cancelled."""
    for some in chunks(ids):
        tx.execute(sa.update(t.delivery).where(t.delivery.c.id.in_(some)).values(**_DELIVERY()))


def wipe_inbox(tx: Tx, ids: Sequence[int]) -> set[str]:
    """Remove sender and content from inbox rows, which are then done. Returns their blobs."""
    found: set[str] = set()
    for some in chunks(ids):
        mine = t.inbox.c.id.in_(some)
        found |= _shas(tx, sa.select(t.inbox.c.blob_sha256).where(mine))
        at = tx.execute(sa.select(sa.func.min(t.inbox.c.received_at)).where(mine)).scalar_one()
        _end(tx, t.inbox, mine & (t.inbox.c.state != "done"))
        tx.execute(
            sa.update(t.inbox).where(mine).values(**_INBOX(), blob_sha256=blobs.put(tx, b"", at))
        )
        _wipe_states(tx, t.inbox, some)
    return found


def wipe_history(tx: Tx, ids: Sequence[int]) -> None:
    """Remove all texts from the history of tickets; numbers and words of ours stay."""
    mine, row = t.event.c.ticket_id.in_(ids), t.event.c
    brought = sa.select(row.id, row.way_back).where(mine, row.type == "merged", row.field == "from")
    asked = {
        one.id: one.way_back[_ASKED]
        for one in tx.execute(brought)
        if _ASKED in (one.way_back or {})
    }
    tx.execute(sa.update(t.event).where(mine).values(comment=None, way_back=None))
    for id, since in asked.items():
        tx.execute(sa.update(t.event).where(row.id == id).values(way_back={_ASKED: since}))
    told = (sa.func.coalesce(row.field, "").not_in(_KEPT), row.type.not_in(_KEPT_TYPES))
    for one in tx.execute(sa.select(row.id, row.old, row.new).where(mine, *told)).all():
        old, new = (each if isinstance(each, int | float) else None for each in (one.old, one.new))
        if (old, new) != (one.old, one.new):
            tx.execute(sa.update(t.event).where(row.id == one.id).values(old=old, new=new))
    tx.execute(sa.update(t.rule_log).where(t.rule_log.c.ticket_id.in_(ids)).values(did=[]))
    tx.execute(sa.update(t.rating).where(t.rating.c.ticket_id.in_(ids)).values(**NO_ANSWER))


def wipe_subjects(tx: Tx, ids: Sequence[int], keep: Iterable[str]) -> None:
    """Remove subject and custom fields from tickets, except the fields in `keep`."""
    kept = set(keep)
    rows = tx.execute(
        sa.select(t.ticket.c.id, t.ticket.c.subject, t.ticket.c.fields).where(
            t.ticket.c.id.in_(ids)
        )
    )
    for row in rows.all():
        search.forget(tx, row.id, "subject", 0, row.subject)
        fields = {name: value for name, value in row.fields.items() if name in kept}
        new = {"subject": BLOT, "fields": fields, "version": t.ticket.c.version + 1}
        tx.execute(sa.update(t.ticket).where(t.ticket.c.id == row.id).values(**new))


def delete_attachments(tx: Tx, owner: Any, ids: Sequence[int], *, in_raw: bool = False) -> set[str]:
    """Delete the attachments of messages or comments, or only those `in_raw` mail; returns blobs of their own."""
    found: set[str] = set()
    for some in chunks(ids):
        mine = owner.in_(some)
        if in_raw:
            mine = sa.and_(mine, t.attachment.c.part.is_not(None))
        found |= _shas(
            tx, sa.select(t.attachment.c.sha256).where(mine, t.attachment.c.part.is_(None))
        )
        tx.execute(sa.delete(t.attachment).where(mine))
    return found


def delete_blobs(tx: Tx, shas: Iterable[str]) -> int:
    """Delete these blobs, except those still needed; how many were deleted."""
    needed = [
        sa.select(t.message.c.blob_sha256),
        sa.select(t.comment.c.blob_sha256),
        sa.select(t.inbox.c.blob_sha256),
        sa.select(t.outbox.c.blob_sha256),
        sa.select(t.attachment.c.sha256).where(t.attachment.c.part.is_(None)),
    ]
    gone = 0
    for some in chunks(sorted(shas)):
        unused = [
            t.blob.c.sha256.not_in(query.where(query.selected_columns[0].in_(some)))
            for query in needed
        ]
        gone += tx.execute(sa.delete(t.blob).where(t.blob.c.sha256.in_(some), *unused)).rowcount
    return gone


def _end(tx: Tx, queue: "sa.Table", where: "sa.ColumnElement[bool]") -> None:
    """Note when mails that are about to be wiped got another state, for reports of days before."""
    now = clock.now()
    tx.execute(mail_states.keeping(queue, where), {"left_at": now})
    tx.execute(sa.update(queue).where(where).values(since=now))


def _wipe_states(tx: Tx, queue: "sa.Table", ids: Sequence[int]) -> None:
    mine = (t.mail_state.c.queue == queue.name) & t.mail_state.c.mail_id.in_(ids)
    tx.execute(sa.update(t.mail_state).where(mine).values(why=None))


def _wipe_rows(
    tx: Tx, table: "sa.Table", owner: object, ids: Sequence[int], values: Mapping[str, object]
) -> set[str]:
    found = delete_attachments(tx, owner, ids)
    for some in chunks(ids):
        mine = table.c.id.in_(some)
        found |= _shas(tx, sa.select(table.c.blob_sha256).where(mine))
        tx.execute(sa.update(table).where(mine).values(**values))
    return found


def _shas(tx: Tx, query: "sa.Select[Any]") -> set[str]:
    return {sha for sha in tx.execute(query).scalars() if sha is not None}
