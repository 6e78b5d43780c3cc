"""Redacts a person's names and addresses from texts of others: in other customers' tickets and outside tickets.

A mail of somebody else that names the person loses its raw form, and with it the attachments in it; its text stays.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Table, delete, select, true, update

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.redact import Blot
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import (
    absence,
    attachment,
    ban,
    blob,
    comment,
    delivery,
    event,
    imap_mail,
    inbox,
    journal,
    mail_state,
    message,
    outbox,
    participant,
    rating,
    rule_log,
    saved_query,
    template,
    ticket,
    ticket_tag,
)
from ticketctl.store.privacy import wipe
from ticketctl.store.privacy.find import Traces, spoken
from ticketctl.store.tickets import search

_QUOTED = 12  # minimum length of a line
_LINES: tuple[Table, ...] = (event, rule_log, rating)
_APART: tuple[Table, ...] = (journal, template, ban, absence, imap_mail, mail_state)
_SAID = frozenset({"text", "full_text", "data", "comment"})  # columns with texts that people wrote


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
    written = message.c.ticket_id.in_(ids) & message.c.author.in_(traces.addresses)
    lines = [*traces.words, *_lines(tx, written)]
    words = _Words(Blot(traces.words), Blot(lines))
    gone = wipe.wipe_messages(tx, written)
    tx.execute(
        delete(participant).where(
            participant.c.ticket_id.in_(ids), participant.c.address.in_(traces.addresses)
        )
    )
    for row in _redact_rows(tx, ticket, ticket.c.id.in_(ids), words):
        search.replace(tx, row.id, "subject", 0, row.subject, words.names.text(row.subject))
    gone |= _redact_texts(tx, message, attachment.c.message_id, ids, words)
    gone |= _redact_texts(tx, comment, attachment.c.comment_id, ids, words)
    for table in _LINES:
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
    merged = select(event.c.ticket_id).where(event.c.type == "merged", event.c.field == "into")
    found: set[str] = set()
    for some in wipe.chunks(traces.own):
        own = message.c.ticket_id.in_(some) & message.c.ticket_id.in_(merged)
        found |= _lines(tx, own & message.c.author.in_(traces.addresses))
    return found


def redact_tags(tx: Tx, traces: Traces, ids: Sequence[int]) -> None:
    """Remove tags that name a person, also from the history of tags."""
    names = Blot(traces.words)
    mine = ticket_tag.c.ticket_id.in_(ids)
    for row in tx.execute(select(ticket_tag).where(mine)).all():
        if names.text(row.tag) != row.tag:
            this = (ticket_tag.c.ticket_id == row.ticket_id) & (ticket_tag.c.tag == row.tag)
            tx.execute(delete(ticket_tag).where(this))
    changed = event.c.ticket_id.in_(ids) & (event.c.field == "tags")
    _redact_rows(tx, event, changed, _Words(names, names))


def redact_elsewhere(tx: Tx, traces: Traces) -> int:
    """Redact a person outside tickets: saved queries, canned replies, the journal, reasons; how many rows."""
    names = Blot(traces.words)
    count = sum(len(_redact_rows(tx, table, true(), _Words(names, names))) for table in _APART)
    bare = Blot(traces.words, "erased")  # it stays a valid query, which finds nothing
    for row in tx.execute(select(saved_query)).all():
        this = (saved_query.c.owner == row.owner) & (saved_query.c.name == row.name)
        if (said := bare.text(row.text)) != row.text:
            tx.execute(update(saved_query).where(this).values(text=said))
            count += 1
    return count


def _lines(tx: Tx, where: ColumnElement[bool]) -> set[str]:
    """The lines of the person's messages that are long enough to be recognised in quotes."""
    texts = tx.execute(select(message.c.text).where(where)).scalars()
    lines = (line.strip("> \t\r") for one in texts for line in one.split("\n"))
    return {line for line in lines if len(line) >= _QUOTED}


def _redact_texts(
    tx: Tx, table: Table, owner: object, ids: Sequence[int], words: _Words
) -> set[str]:
    """Redact messages or comments, and drop the raw mail that names the person."""
    part = "body" if table is message else "comments"
    changed = _redact_rows(tx, table, table.c.ticket_id.in_(ids), words)
    for row in changed:
        whole = row.text if part == "comments" or row.full_text is None else row.full_text
        if search.forget(tx, row.ticket_id, part, row.n, whole):  # not for a withdrawn reply
            search.index(tx, row.ticket_id, part, row.n, words.lines.text(whole))
    raw = {row.id: row.blob_sha256 for row in changed if row.blob_sha256}
    raw |= _blobs_with_name(tx, table, table.c.ticket_id.in_(ids), words)
    tx.execute(update(table).where(table.c.id.in_(list(raw))).values(blob_sha256=None))
    return set(raw.values()) | wipe.delete_attachments(tx, owner, list(raw), in_raw=True)


def _redact_outbox(tx: Tx, traces: Traces, ids: Sequence[int], words: _Words) -> set[str]:
    """Redact mail about these tickets: the person is no longer a recipient, and unsent mail is composed anew."""
    mine = outbox.c.ticket_id.in_(ids)
    named: dict[int, str | None] = {**_blobs_with_name(tx, outbox, mine, words)}
    alone = []
    for row in tx.execute(select(outbox).where(mine)).all():
        people = {
            name: [one for one in getattr(row, name) if address_key(one) not in traces.addresses]
            for name in ("to", "cc", "bcc")
        }
        if not any(people.values()):
            alone.append(row.id)
        elif any(people[name] != getattr(row, name) for name in people):
            tx.execute(update(outbox).where(outbox.c.id == row.id).values(**people))
            named[row.id] = row.blob_sha256
    gone = wipe.wipe_outbox(tx, alone)
    named |= {row.id: row.blob_sha256 for row in _redact_rows(tx, outbox, mine, words)}
    tx.execute(update(outbox).where(outbox.c.id.in_(list(named))).values(blob_sha256=None))
    of_him = select(delivery.c.id).where(
        delivery.c.address.in_(traces.addresses),
        delivery.c.outbox_id.in_(select(outbox.c.id).where(mine)),
    )
    wipe.wipe_deliveries(tx, list(tx.execute(of_him).scalars()))
    return gone | {sha for sha in named.values() if sha}


def _redact_inbox(
    tx: Tx, traces: Traces, ids: Sequence[int], words: _Words, gone: Collection[str]
) -> set[str]:
    """Redact mail that came to these tickets: from the person, naming them, or dropped as a message."""
    mine = inbox.c.ticket_id.in_(ids)
    rows = tx.execute(
        select(inbox.c.id, inbox.c.envelope_from, inbox.c.blob_sha256, blob.c.content)
        .join(blob, blob.c.sha256 == inbox.c.blob_sha256)
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
    _redact_rows(tx, inbox, mine, words)
    return dropped


def _blobs_with_name(
    tx: Tx, table: Table, where: ColumnElement[bool], words: _Words
) -> dict[int, str]:
    """The blobs of some rows that name the person, by row number."""
    query = (
        select(table.c.id, blob.c.sha256, blob.c.content)
        .join(blob, blob.c.sha256 == table.c.blob_sha256)
        .where(where)
    )
    return {row.id: row.sha256 for row in tx.execute(query) if words.lines.holds(row.content)}


def _redact_rows(
    tx: Tx, table: Table, where: ColumnElement[bool], words: _Words
) -> list[Row[object]]:
    """Redact all texts of some rows; returns the changed rows as they were."""
    columns = spoken(table)
    changed = []
    for row in tx.execute(select(table).where(where)).all():
        was = {one.name: row._mapping[one] for one in columns}
        new = {name: words.value(name, value) for name, value in was.items()}
        new = {name: value for name, value in new.items() if value != was[name]}
        if new:
            this = (one == row._mapping[one] for one in table.primary_key)
            tx.execute(update(table).where(*this).values(**new))
            changed.append(row)
    return changed
