"""Erases a person's data: numbers, times and states stay, so that counts stay right; texts and names go (F-R40).

The person's own tickets lose every text. In other tickets their messages do, and their name is redacted from the rest.
Message-IDs stay as hashes, so that a late answer still finds its ticket.
"""

from collections.abc import Collection
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.redact import BLOT
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.privacy import redact, wipe
from ticketctl.store.privacy.find import Traces, stray_mails

_NOBODY: dict[str, Any] = {
    "name": BLOT,
    "email": "",
    "language": None,
    "profile": {},
    "last_seen_at": None,
    "last_page": None,
}


class Erased(Struct, frozen=True):
    """How much of a person's data was erased."""

    tickets: int  # of the person
    other_tickets: int  # that they took part in
    messages: int  # of the person's own tickets
    identities: int
    orders: int
    mails: int  # raw mails and attachments
    elsewhere: int  # texts outside tickets: saved queries, canned replies, the journal …


def erase_person(tx: Tx, traces: Traces, keep: Collection[str]) -> Erased:
    """Erase a person's data; of their tickets' custom fields, those named in `keep` stay."""
    gone: set[str] = set()
    messages = 0
    told = redact.merged_lines(tx, traces)
    for some in wipe.chunks(traces.own):
        mine = t.message.c.ticket_id.in_(some)
        messages += len(tx.execute(sa.select(t.message.c.id).where(mine)).all())
        gone |= wipe.wipe_messages(tx, mine)
        gone |= wipe.wipe_comments(tx, t.comment.c.ticket_id.in_(some))
        wipe.wipe_history(tx, some)
        redact.redact_tags(tx, traces, some)
        wipe.wipe_subjects(tx, some, keep)
        gone |= wipe.wipe_outbox(tx, _ids(tx, t.outbox, t.outbox.c.ticket_id.in_(some)))
        gone |= wipe.wipe_inbox(tx, _ids(tx, t.inbox, t.inbox.c.ticket_id.in_(some)))
        taking_part = t.participant.c.address.in_(traces.addresses) | (
            t.participant.c.role == "answer"
        )
        tx.execute(sa.delete(t.participant).where(t.participant.c.ticket_id.in_(some), taking_part))
    spoke = [one for one in traces.others if one not in traces.noted]
    for others in (spoke, sorted(traces.noted)):  # their own lines may be quoted there
        for some in wipe.chunks(others):
            gone |= redact.redact_tickets(tx, traces, some, told)
    gone |= _apart(tx, traces)
    elsewhere = redact.redact_elsewhere(tx, traces) + _unsubscribed(tx, traces)
    identities, orders = _person(tx, traces)
    return Erased(
        len(traces.own),
        len(traces.others),
        messages,
        identities,
        orders,
        wipe.delete_blobs(tx, gone),
        elsewhere,
    )


def _apart(tx: Tx, traces: Traces) -> set[str]:
    """Erase mail that belongs to no ticket."""
    told = sa.select(t.delivery.c.outbox_id).where(t.delivery.c.address.in_(traces.addresses))
    apart = _ids(tx, t.outbox, t.outbox.c.ticket_id.is_(None) & t.outbox.c.id.in_(told))
    return wipe.wipe_outbox(tx, apart) | wipe.wipe_inbox(tx, stray_mails(tx, traces))


def _person(tx: Tx, traces: Traces) -> tuple[int, int]:
    """Erase the person's own rows; how many identities and orders there were."""
    ids = traces.customers
    numbers = [str(one) for one in ids]
    tx.execute(
        sa.delete(t.journal).where(t.journal.c.kind == "customer", t.journal.c.subject.in_(numbers))
    )
    tx.execute(sa.update(t.rating).where(t.rating.c.customer_id.in_(ids)).values(**wipe.NO_ANSWER))
    tx.execute(sa.update(t.customer).where(t.customer.c.id.in_(ids)).values(**_NOBODY))
    known = tx.execute(sa.delete(t.identity).where(t.identity.c.customer_id.in_(ids))).rowcount
    bought = t.customer_order.c.customer_id.in_(ids) | t.customer_order.c.email.in_(
        traces.addresses
    )
    return known, tx.execute(sa.delete(t.customer_order).where(bought)).rowcount


def _unsubscribed(tx: Tx, traces: Traces) -> int:
    """Erase what the person's addresses have unsubscribed from; how many rows."""
    theirs = t.unsubscribed.c.address.in_(traces.addresses)
    return tx.execute(sa.delete(t.unsubscribed).where(theirs)).rowcount


def _ids(tx: Tx, table: "sa.Table", where: "sa.ColumnElement[bool]") -> list[int]:
    return list(tx.execute(sa.select(table.c.id).where(where)).scalars())
