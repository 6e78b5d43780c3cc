"""Finds the rows about a person, before they are exported or erased."""

import re
from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Column, ColumnElement, Select, Table, Text, cast, func, or_, select

from ticketctl.domain.base.addresses import address_key, readable
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.redact import Blot
from ticketctl.store.db.columns import Json
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import (
    blob,
    customer,
    delivery,
    event,
    identity,
    inbox,
    message,
    outbox,
    participant,
    rating,
    rule_log,
    ticket,
    ticket_tag,
)
from ticketctl.store.tickets import search

# What `search` does not cover. Mail may name a ticket after the merge that brought it there was undone.
_NOTING = (ticket_tag, ticket, event, rule_log, rating, outbox, inbox)
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
    asked = select(ticket.c.id).where(ticket.c.customer_id.in_(customers)).order_by(ticket.c.id)
    own = _ids(tx, asked)
    addresses = _addresses(tx, customers)
    names = set(tx.execute(select(customer.c.name).where(customer.c.id.in_(customers))).scalars())
    wrote = select(message.c.author_name).where(message.c.author.in_(addresses)).distinct()
    names |= set(tx.execute(wrote).scalars())
    others = _others(tx, addresses).difference(own)
    found = Traces(customers, frozenset(addresses), frozenset(names - {""}), own, [], frozenset())
    noted = _noted(tx, found.words).difference(own, others)
    return replace(found, others=sorted(others | noted), noted=frozenset(noted))


def stray_mails(tx: Tx, traces: Traces) -> list[int]:
    """Inbox rows without a ticket that are from the person, or whose raw mail names them."""
    blot = Blot(traces.words)
    apart = (
        select(inbox.c.id, inbox.c.envelope_from, blob.c.content)
        .join(blob, blob.c.sha256 == inbox.c.blob_sha256)
        .where(inbox.c.ticket_id.is_(None))
    )
    with tx.execute(apart, execution_options={"yield_per": _AT_ONCE}) as rows:
        return [
            row.id
            for row in rows
            if address_key(row.envelope_from) in traces.addresses or blot.holds(row.content)
        ]


def _merged_customers(tx: Tx, customer_id: int) -> list[int]:
    found, new = [customer_id], [customer_id]
    while new:
        query = select(customer.c.id).where(customer.c.merged_into.in_(new))
        new = [id for id in tx.execute(query).scalars() if id not in found]
        found += new
    return found


def _addresses(tx: Tx, customers: Sequence[int]) -> set[str]:
    """Their identities, and where they wanted replies, unless that is somebody else's address; also with U-labels."""
    rows = tx.execute(select(identity).where(identity.c.customer_id.in_(customers)))
    found = {one.value if one.kind == EMAIL else f"{one.kind}:{one.value}" for one in rows}
    shown = tx.execute(select(customer.c.email).where(customer.c.id.in_(customers))).scalars()
    taken = select(identity.c.value).where(identity.c.kind == EMAIL)
    wished = (
        select(participant.c.address)
        .join(ticket, ticket.c.id == participant.c.ticket_id)
        .where(
            ticket.c.customer_id.in_(customers),
            participant.c.role == "answer",
            participant.c.address.not_in(taken),
        )
    )
    every = (found | set(shown) | set(tx.execute(wished).scalars())) - {""}
    return every | {readable(one) for one in every if "@xn--" in one or ".xn--" in one}


def _others(tx: Tx, addresses: set[str]) -> set[int]:
    named: list[ColumnElement[bool]] = [search.matches((one,)) for one in addresses]
    asked: list[Select[int]] = [
        select(participant.c.ticket_id).where(participant.c.address.in_(addresses)),
        select(message.c.ticket_id).where(message.c.author.in_(addresses)).distinct(),
        select(inbox.c.ticket_id).where(
            func.lower(inbox.c.envelope_from).in_(addresses), inbox.c.ticket_id.is_not(None)
        ),
        select(outbox.c.ticket_id)
        .join(delivery, delivery.c.outbox_id == outbox.c.id)
        .where(delivery.c.address.in_(addresses), outbox.c.ticket_id.is_not(None)),
        *([select(ticket.c.id).where(or_(*named))] if named else []),
    ]
    return {id for query in asked for id in tx.execute(query).scalars()}


def _noted(tx: Tx, words: Collection[str]) -> set[int]:
    """Tickets that name the person where search does not look: tags, fields, history, mail in and out."""
    parts = {_plain(word) for word in words}
    blot, found = Blot(words), set[int]()
    for table in _NOTING if parts else ():
        number = table.c.id if table is ticket else table.c.ticket_id
        columns = spoken(table, keys=True)
        near = [
            func.lower(cast(column, Text)).contains(part, autoescape=True)
            for column in columns
            for part in parts
        ]
        asked = select(number, *columns).where(number.is_not(None), or_(*near))
        rows = tx.execute(asked)
        found |= {id for id, *said in rows if any(blot.value(one) != one for one in said)}
    return found


def spoken(table: Table, *, keys: bool = False) -> list[Column[object]]:
    """The columns of a table that may hold texts or addresses: every text and JSON value, with `keys` also keys."""
    return [
        one
        for one in table.c
        if isinstance(one.type, Text | Json)
        and not one.foreign_keys
        and (keys or not one.primary_key)
    ]


def _plain(word: str) -> str:
    """The longest part of a word that is the same in JSON, and whose lower case a database knows."""
    return max(_PLAIN.findall(word.lower()), key=len, default="")


def _ids(tx: Tx, query: Select[int]) -> list[int]:
    return list(tx.execute(query).scalars())
