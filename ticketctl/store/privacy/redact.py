"""Redacts a person's names and addresses from texts of others: in other customers' tickets and outside tickets.

A mail of somebody else that names the person loses its raw form, and with it the attachments in it; its text stays.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.redact import Blot
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.values import Row
from ticketctl.store.privacy import wipe
from ticketctl.store.privacy.find import Traces, spoken
from ticketctl.store.tickets import search

_QUOTED = 12  # minimum length of a line
_LINES = cache(lambda: (t.event, t.rule_log, t.rating))
_APART = cache(lambda: (t.journal, t.template, t.ban, t.absence, t.imap_mail, t.mail_state))
_SAID = frozenset(
    {"text", "full_text", "data", "comment", "answers"}
)  # columns with texts that people wrote


class _Words(NamedTuple):
    """What to redact: names and addresses everywhere, the person's own lines where people write."""

    names: Blot
    lines: Blot

    def value(self, column: str, value: object) -> object:
        return (self.lines if column in _SAID else self.names).value(value)


def redact_tickets(
    tx: Tx, traces: Traces, ids: Sequence[int], told: Collection[str] = ()
) -> set[str]:
    """Redact a person in other customers' tickets; returns the blobs that are no longer used.

    `told` are lines of theirs that mail about these tickets may quote (`merged_lines`).
    """
    written = t.message.c.ticket_id.in_(ids) & t.message.c.author.in_(traces.addresses)
    lines = [*traces.words, *_lines(tx, written)]
    words = _Words(Blot(traces.words), Blot(lines))
    gone = wipe.wipe_messages(tx, written)
    tx.execute(
        sa.delete(t.participant).where(
            t.participant.c.ticket_id.in_(ids), t.participant.c.address.in_(traces.addresses)
        )
    )
    for row in _redact_rows(tx, t.ticket, t.ticket.c.id.in_(ids), words):
        search.replace(tx, row.id, "subject", 0, row.subject, words.names.text(row.subject))
    gone |= _redact_texts(tx, t.message, t.attachment.c.message_id, ids, words)
    gone |= _redact_texts(tx, t.comment, t.attachment.c.comment_id, ids, words)
    for table in _LINES():
        _redact_rows(tx, table, table.c.ticket_id.in_(ids), words)
    redact_tags(tx, traces, ids)
    quoting = words._replace(lines=Blot([*lines, *told]))
    return (
        gone
        | _redact_outbox(tx, traces, ids, quoting)
        | _redact_inbox(tx, traces, ids, words, gone)
    )


def merged_lines(tx: Tx, traces: Traces) -> set[str]:
    """What a person wrote in tickets that were ever merged: the other ticket's team was notified of it."""
    merged = sa.select(t.event.c.ticket_id).where(
        t.event.c.type == "merged", t.event.c.field == "into"
    )
    found: set[str] = set()
    for some in wipe.chunks(traces.own):
        own = t.message.c.ticket_id.in_(some) & t.message.c.ticket_id.in_(merged)
        found |= _lines(tx, own & t.message.c.author.in_(traces.addresses))
    return found


def redact_tags(tx: Tx, traces: Traces, ids: Sequence[int]) -> None:
    """Remove tags that name a person, also from the history of tags."""
    names = Blot(traces.words)
    mine = t.ticket_tag.c.ticket_id.in_(ids)
    for row in tx.execute(sa.select(t.ticket_tag).where(mine)).all():
        if names.text(row.tag) != row.tag:
            this = (t.ticket_tag.c.ticket_id == row.ticket_id) & (t.ticket_tag.c.tag == row.tag)
            tx.execute(sa.delete(t.ticket_tag).where(this))
    changed = t.event.c.ticket_id.in_(ids) & (t.event.c.field == "tags")
    _redact_rows(tx, t.event, changed, _Words(names, names))


def redact_elsewhere(tx: Tx, traces: Traces) -> int:
    """Redact a person outside tickets: saved queries, canned replies, the journal, reasons; how many rows."""
    names = Blot(traces.words)
    count = sum(len(_redact_rows(tx, table, sa.true(), _Words(names, names))) for table in _APART())
    bare = Blot(traces.words, "erased")  # it stays a valid query, which finds nothing
    for row in tx.execute(sa.select(t.saved_query)).all():
        this = (t.saved_query.c.owner == row.owner) & (t.saved_query.c.name == row.name)
        if (said := bare.text(row.text)) != row.text:
            tx.execute(sa.update(t.saved_query).where(this).values(text=said))
            count += 1
    return count


def _lines(tx: Tx, where: "sa.ColumnElement[bool]") -> set[str]:
    """The lines of the person's messages that are long enough to be recognised in quotes."""
    texts = tx.execute(sa.select(t.message.c.text).where(where)).scalars()
    lines = (line.strip("> \t\r") for one in texts for line in one.split("\n"))
    return {line for line in lines if len(line) >= _QUOTED}


def _redact_texts(
    tx: Tx, table: "sa.Table", owner: object, ids: Sequence[int], words: _Words
) -> set[str]:
    """Redact messages or comments, and drop the raw mail that names the person."""
    part = "body" if table is t.message else "comments"
    changed = _redact_rows(tx, table, table.c.ticket_id.in_(ids), words)
    for row in changed:
        whole = row.text if part == "comments" or row.full_text is None else row.full_text
        if search.forget(tx, row.ticket_id, part, row.n, whole):  # not for a withdrawn reply
            search.index(tx, row.ticket_id, part, row.n, words.lines.text(whole))
    raw = {row.id: row.blob_sha256 for row in changed if row.blob_sha256}
    raw |= _blobs_with_name(tx, table, table.c.ticket_id.in_(ids), words)
    tx.execute(sa.update(table).where(table.c.id.in_(list(raw))).values(blob_sha256=None))
    return set(raw.values()) | wipe.delete_attachments(tx, owner, list(raw), in_raw=True)


def _redact_outbox(tx: Tx, traces: Traces, ids: Sequence[int], words: _Words) -> set[str]:
    """Redact mail about these tickets: the person is no longer a recipient, and unsent mail is composed anew."""
    mine = t.outbox.c.ticket_id.in_(ids)
    named: dict[int, str | None] = {**_blobs_with_name(tx, t.outbox, mine, words)}
    alone = []
    for row in tx.execute(sa.select(t.outbox).where(mine)).all():
        people = {
            name: [one for one in getattr(row, name) if address_key(one) not in traces.addresses]
            for name in ("to", "cc", "bcc")
        }
        if not any(people.values()):
            alone.append(row.id)
        elif any(people[name] != getattr(row, name) for name in people):
            tx.execute(sa.update(t.outbox).where(t.outbox.c.id == row.id).values(**people))
            named[row.id] = row.blob_sha256
    gone = wipe.wipe_outbox(tx, alone)
    named |= {row.id: row.blob_sha256 for row in _redact_rows(tx, t.outbox, mine, words)}
    tx.execute(sa.update(t.outbox).where(t.outbox.c.id.in_(list(named))).values(blob_sha256=None))
    of_him = sa.select(t.delivery.c.id).where(
        t.delivery.c.address.in_(traces.addresses),
        t.delivery.c.outbox_id.in_(sa.select(t.outbox.c.id).where(mine)),
    )
    wipe.wipe_deliveries(tx, list(tx.execute(of_him).scalars()))
    return gone | {sha for sha in named.values() if sha}


def _redact_inbox(
    tx: Tx, traces: Traces, ids: Sequence[int], words: _Words, gone: Collection[str]
) -> set[str]:
    """Redact mail that came to these tickets: from the person, naming them, or dropped as a message."""
    mine = t.inbox.c.ticket_id.in_(ids)
    rows = tx.execute(
        sa.select(t.inbox.c.id, t.inbox.c.envelope_from, t.inbox.c.blob_sha256, t.blob.c.content)
        .join(t.blob, t.blob.c.sha256 == t.inbox.c.blob_sha256)
        .where(mine)
    )
    mails = [
        row.id
        for row in rows
        if address_key(row.envelope_from) in traces.addresses
        or row.blob_sha256 in gone
        or words.lines.holds(row.content)
    ]
    dropped = wipe.wipe_inbox(tx, mails)
    _redact_rows(tx, t.inbox, mine, words)
    return dropped


def _blobs_with_name(
    tx: Tx, table: "sa.Table", where: "sa.ColumnElement[bool]", words: _Words
) -> dict[int, str]:
    """The blobs of some rows that name the person, by row number."""
    query = (
        sa.select(table.c.id, t.blob.c.sha256, t.blob.c.content)
        .join(t.blob, t.blob.c.sha256 == table.c.blob_sha256)
        .where(where)
    )
    return {row.id: row.sha256 for row in tx.execute(query) if words.lines.holds(row.content)}


def _redact_rows(
    tx: Tx, table: "sa.Table", where: "sa.ColumnElement[bool]", words: _Words
) -> list[Row]:
    """Redact all texts of some rows; returns the changed rows as they were."""
    columns = spoken(table)
    changed = []
    for row in tx.execute(sa.select(table).where(where)).all():
        was = {one.name: row.as_dict()[one.name] for one in columns}
        new = {name: words.value(name, value) for name, value in was.items()}
        new = {name: value for name, value in new.items() if value != was[name]}
        if new:
            this = (one == row.as_dict()[one.name] for one in table.primary_key)
            tx.execute(sa.update(table).where(*this).values(**new))
            changed.append(row)
    return changed
