"""Finds the rows about a person, before they are exported or erased."""

import re
from collections.abc import Collection, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.addresses import address_key, readable
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.redact import Blot
from ticketctl.store.db.columns import Json
from ticketctl.store.db.core import sa, spliced, t
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import search

# What `search` does not cover. Mail may name a ticket after the merge that brought it there was undone.
_NOTING = cache(lambda: (t.ticket_tag, t.ticket, t.event, t.rule_log, t.rating, t.outbox, t.inbox))
_PLAIN = re.compile(r"[ !#-\[\]-~]+")
_AT_ONCE = 50  # raw mails in memory


class Traces(Struct, frozen=True):
    """A person: their customers' numbers, their names and addresses, and the tickets they are in."""

    customers: list[int]  # the customer, and those merged into it
    addresses: frozenset[str]  # as in participants, senders and recipients
    names: frozenset[str]
    own: list[int]  # tickets that they requested
    others: list[int]  # tickets of others where they wrote, had mail, or are named
    noted: frozenset[int]  # those of them that name the person only in tags, fields or history

    @property
    def words(self) -> list[str]:
        """The person's addresses, and their names if more than a first name."""
        return [*self.addresses, *(name for name in self.names if " " in name.strip())]


def of(tx: Tx, customer_id: int) -> Traces:
    """Find everything about a person."""
    customers = _merged_customers(tx, customer_id)
    asked = (
        sa.select(t.ticket.c.id)
        .where(t.ticket.c.customer_id.in_(customers))
        .order_by(t.ticket.c.id)
    )
    own = _ids(tx, asked)
    addresses = _addresses(tx, customers)
    names = set(
        tx.execute(sa.select(t.customer.c.name).where(t.customer.c.id.in_(customers))).scalars()
    )
    wrote = sa.select(t.message.c.author_name).where(t.message.c.author.in_(addresses)).distinct()
    names |= set(tx.execute(wrote).scalars())
    others = _others(tx, addresses).difference(own)
    found = Traces(customers, frozenset(addresses), frozenset(names - {""}), own, [], frozenset())
    noted = _noted(tx, found.words).difference(own, others)
    return replace(found, others=sorted(others | noted), noted=frozenset(noted))


def stray_mails(tx: Tx, traces: Traces) -> list[int]:
    """Inbox rows without a ticket that are from the person, or whose raw mail names them."""
    blot = Blot(traces.words)
    apart = (
        sa.select(t.inbox.c.id, t.inbox.c.envelope_from, t.blob.c.content)
        .join(t.blob, t.blob.c.sha256 == t.inbox.c.blob_sha256)
        .where(t.inbox.c.ticket_id.is_(None))
    )
    return [
        row.id
        for row in tx.stream(apart, at_once=_AT_ONCE)
        if address_key(row.envelope_from) in traces.addresses or blot.holds(row.content)
    ]


def _merged_customers(tx: Tx, customer_id: int) -> list[int]:
    found, new = [customer_id], [customer_id]
    while new:
        query = sa.select(t.customer.c.id).where(t.customer.c.merged_into.in_(new))
        new = [id for id in tx.execute(query).scalars() if id not in found]
        found += new
    return found


def _addresses(tx: Tx, customers: Sequence[int]) -> set[str]:
    """Their identities, and where they wanted replies, unless that is somebody else's address; also with U-labels."""
    rows = tx.execute(sa.select(t.identity).where(t.identity.c.customer_id.in_(customers)))
    found = {one.value if one.kind == EMAIL else f"{one.kind}:{one.value}" for one in rows}
    shown = tx.execute(
        sa.select(t.customer.c.email).where(t.customer.c.id.in_(customers))
    ).scalars()
    taken = sa.select(t.identity.c.value).where(t.identity.c.kind == EMAIL)
    wished = (
        sa.select(t.participant.c.address)
        .join(t.ticket, t.ticket.c.id == t.participant.c.ticket_id)
        .where(
            t.ticket.c.customer_id.in_(customers),
            t.participant.c.role == "answer",
            t.participant.c.address.not_in(taken),
        )
    )
    every = (found | set(shown) | set(tx.execute(wished).scalars())) - {""}
    return every | {readable(one) for one in every if "@xn--" in one or ".xn--" in one}


def _others(tx: Tx, addresses: set[str]) -> set[int]:
    if not addresses:  # they were erased before
        return set()
    named: list[sa.ColumnElement[bool]] = [spliced(search.matches((one,))) for one in addresses]
    asked: list[sa.Select[int]] = [
        sa.select(t.participant.c.ticket_id).where(t.participant.c.address.in_(addresses)),
        sa.select(t.message.c.ticket_id).where(t.message.c.author.in_(addresses)).distinct(),
        sa.select(t.inbox.c.ticket_id).where(
            sa.func.lower(t.inbox.c.envelope_from).in_(addresses), t.inbox.c.ticket_id.is_not(None)
        ),
        sa.select(t.outbox.c.ticket_id)
        .join(t.delivery, t.delivery.c.outbox_id == t.outbox.c.id)
        .where(t.delivery.c.address.in_(addresses), t.outbox.c.ticket_id.is_not(None)),
        sa.select(t.ticket.c.id).where(sa.or_(*named)),
    ]
    return {id for query in asked for id in tx.execute(query).scalars()}


def _noted(tx: Tx, words: Collection[str]) -> set[int]:
    """Tickets that name the person where search does not look: tags, fields, history, mail in and out."""
    parts = {_plain(word) for word in words}
    blot, found = Blot(words), set[int]()
    for table in _NOTING() if parts else ():
        number = table.c.id if table is t.ticket else table.c.ticket_id
        columns = spoken(table, keys=True)
        near = [
            sa.func.lower(sa.cast(column, sa.Text)).contains(part, autoescape=True)
            for column in columns
            for part in parts
        ]
        asked = sa.select(number, *columns).where(number.is_not(None), sa.or_(*near))
        rows = tx.execute(asked)
        found |= {id for id, *said in rows if any(blot.value(one) != one for one in said)}
    return found


def spoken(table: "sa.Table", *, keys: bool = False) -> "list[sa.Column[object]]":
    """The columns of a table that may hold texts or addresses: every text and JSON value, with `keys` also keys."""
    return [
        one
        for one in table.c
        if isinstance(one.type, sa.Text | Json)
        and not one.foreign_keys
        and (keys or not one.primary_key)
    ]


def _plain(word: str) -> str:
    """The longest part of a word that is the same in JSON, and whose lower case a database knows."""
    return max(_PLAIN.findall(word.lower()), key=len, default="")


def _ids(tx: Tx, query: "sa.Select[int]") -> list[int]:
    return list(tx.execute(query).scalars())
