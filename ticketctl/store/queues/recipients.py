"""Who may get mail: a ticket's customer side, undeliverable addresses, automatic mail so far (E7, L8, L16)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, select, union, update

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.identity import base
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import delivery, identity, outbox, participant, ticket
from ticketctl.store.queues.deliveries import CANCELLED

_AUTOMATIC = (
    select(delivery.c.created_at, outbox.c.subject)
    .join(outbox, outbox.c.id == delivery.c.outbox_id)
    .where(
        delivery.c.base == bindparam("to_address"),
        delivery.c.kind.in_(bindparam("kinds", expanding=True)),
        delivery.c.created_at > bindparam("since"),
        delivery.c.state != CANCELLED,
    )
    .limit(bindparam("most"))
)

_ANSWERED = (
    select(delivery.c.base)
    .where(
        delivery.c.kind == "ack",
        delivery.c.created_at > bindparam("since"),
        delivery.c.state != CANCELLED,
    )
    .order_by(delivery.c.created_at.desc())
    .limit(bindparam("most"))
)

_CUSTOMER_SIDE = union(
    select(identity.c.value)
    .join(ticket, ticket.c.customer_id == identity.c.customer_id)
    .where(ticket.c.id == bindparam("of_ticket"), identity.c.kind == "email"),
    select(participant.c.address).where(
        participant.c.ticket_id == bindparam("of_ticket"), participant.c.role != "expert"
    ),
)

_REACHED = (
    select(outbox.c.message_id, outbox.c.ticket_id, delivery.c.address)
    .join(delivery, delivery.c.outbox_id == outbox.c.id)
    .where(outbox.c.message_id.in_(bindparam("ids", expanding=True)), delivery.c.state != CANCELLED)
)

_TOLD = union(
    select(participant.c.address).where(participant.c.ticket_id == bindparam("of_ticket")),
    select(delivery.c.address)
    .join(outbox, outbox.c.id == delivery.c.outbox_id)
    .where(outbox.c.ticket_id == bindparam("of_ticket"), delivery.c.state != CANCELLED),
)

_UNDELIVERABLE = select(
    identity.c.value, identity.c.undeliverable_at, identity.c.undeliverable_why
).where(
    identity.c.kind == "email",
    identity.c.value.in_(bindparam("addresses", expanding=True)),
    identity.c.undeliverable_at.is_not(None),
)

_REVIVE = (
    update(identity)
    .where(
        identity.c.kind == "email",
        identity.c.value == bindparam("of_address"),
        identity.c.undeliverable_at.is_not(None),
    )
    .values(undeliverable_at=None, undeliverable_why=None)
)


class Dead(Struct, frozen=True):
    """An undeliverable address, since when, and what the other server said."""

    address: str
    since: datetime
    why: str


def customer_side(tx: Tx, ticket_id: int) -> frozenset[str]:
    """All addresses (lower case) of a ticket's customer and its participants, without experts."""
    return frozenset(tx.execute(_CUSTOMER_SIDE, {"of_ticket": ticket_id}).scalars())


def automatic_mails(
    tx: Tx, address: str, kinds: Sequence[str], since: datetime, most: int
) -> list[tuple[datetime, str]]:
    """When mail of these kinds was sent to an address (ignoring +detail) since a time, with subjects; up to `most`."""
    found = tx.execute(
        _AUTOMATIC,
        {"to_address": base(address), "kinds": list(kinds), "since": since, "most": most},
    )
    return [(row.created_at, row.subject) for row in found]


def acknowledged_addresses(tx: Tx, since: datetime, most: int) -> list[str]:
    """The addresses that automatic answers (acknowledgements) went to since a time; at most `most`."""
    return list(tx.execute(_ANSWERED, {"since": since, "most": most}).scalars())


def is_acknowledgement(tx: Tx, message_ids: Sequence[str]) -> bool:
    """Is one of these Message-IDs that of an acknowledgement of ours?"""
    query = select(outbox.c.id).where(outbox.c.message_id.in_(message_ids), outbox.c.kind == "ack")
    return tx.execute(query.limit(1)).first() is not None


def undeliverable(tx: Tx, addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses (lower case) that are undeliverable."""
    return frozenset(tx.execute(_UNDELIVERABLE, {"addresses": list(addresses)}).scalars())


def mark_undeliverable(tx: Tx, address: str, at: datetime, why: str) -> bool:
    """Mark an address as permanently undeliverable. False if it is no customer's."""
    change = (
        update(identity)
        .where(identity.c.kind == "email", identity.c.value == address_key(address))
        .values(undeliverable_at=at, undeliverable_why=why)
    )
    return bool(tx.execute(change).rowcount)


def undeliverable_addresses(tx: Tx, addresses: Collection[str]) -> list[Dead]:
    """Those of these addresses (any case) that are undeliverable, with the day and the reason."""
    keys = [address_key(one) for one in addresses]
    return [
        Dead(row.value, row.undeliverable_at, row.undeliverable_why or "")
        for row in tx.execute(_UNDELIVERABLE, {"addresses": keys})
    ]


def mark_deliverable(tx: Tx, address: str) -> None:
    """Mark an address as deliverable again: somebody wrote from it."""
    tx.execute(_REVIVE, {"of_address": address_key(address)})


def issued(tx: Tx, message_ids: Sequence[str], addresses: frozenset[str]) -> dict[str, int | None]:
    """Those of these Message-IDs that are of mails we sent only to these addresses (lower case), in order, with their
    tickets.
    """
    reached: dict[str, set[str]] = {}
    about: dict[str, int | None] = {}
    for row in tx.execute(_REACHED, {"ids": list(message_ids)}):
        reached.setdefault(row.message_id, set()).add(row.address)
        about[row.message_id] = row.ticket_id
    return {one: about[one] for one in message_ids if reached.get(one, {""}) <= addresses}


def all_addresses(tx: Tx, ticket_id: int) -> frozenset[str]:
    """Addresses (lower case) connected with a ticket: the customer side, experts, whoever was sent mail about it."""
    found = tx.execute(_TOLD, {"of_ticket": ticket_id}).scalars()
    return customer_side(tx, ticket_id) | frozenset(address_key(one) for one in found)


def was_mailed(tx: Tx, ticket_id: int, address: str, kind: str = "") -> bool:
    """Was mail about the ticket sent to this address (D9)? With `kind`, only mail of that kind counts."""
    query = (
        select(delivery.c.id)
        .join(outbox, outbox.c.id == delivery.c.outbox_id)
        .where(
            delivery.c.address == address_key(address),
            delivery.c.state != CANCELLED,
            outbox.c.ticket_id == ticket_id,
        )
    )
    if kind:
        query = query.where(delivery.c.kind == kind)
    return tx.execute(query.limit(1)).first() is not None
