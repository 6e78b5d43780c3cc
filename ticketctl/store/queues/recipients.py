"""Who may get mail: a ticket's customer side, undeliverable addresses, automatic mail so far (E7, L8, L16)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.identity import EMAIL, base
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.values import escape_like
from ticketctl.store.queues.deliveries import CANCELLED

_AUTOMATIC = sql(
    lambda: (
        sa.select(t.delivery.c.created_at, t.outbox.c.subject)
        .join(t.outbox, t.outbox.c.id == t.delivery.c.outbox_id)
        .where(
            t.delivery.c.base == sa.bindparam("to_address"),
            in_list(t.delivery.c.kind, "kinds"),
            t.delivery.c.created_at > sa.bindparam("since"),
            t.delivery.c.state != CANCELLED,
        )
        .limit(sa.bindparam("most"))
    )
)


def _answered(since: str, most: str) -> Any:
    return (
        sa.select(t.delivery.c.base)
        .where(
            t.delivery.c.kind == "ack",
            t.delivery.c.created_at > sa.bindparam(since),
            t.delivery.c.state != CANCELLED,
        )
        .order_by(t.delivery.c.created_at.desc())
        .limit(sa.bindparam(most))
    )


_ANSWERED = sql(lambda: _answered("since", "most"))


def _automatic_and_answered() -> Any:
    """The automatic mails to an address, and a row with the numbers of acknowledgements, of a domain and of all."""
    mails = _AUTOMATIC().subquery()
    all = _answered("answered_since", "most_answered").subquery()
    in_domain = sa.case((all.c.base.like(sa.bindparam("in_domain"), escape="/"), 1))
    nothing = sa.null().label("of_domain"), sa.null().label("of_all")
    counts = sa.func.count(in_domain), sa.func.count()
    return sa.union_all(
        sa.select(mails.c.created_at, mails.c.subject, *nothing),
        sa.select(sa.null(), sa.null(), *counts).select_from(all),
    )


_AUTOMATIC_AND_ANSWERED = sql(_automatic_and_answered)

_CUSTOMER_SIDE = sql(
    lambda: sa.union(
        sa.select(t.identity.c.value)
        .join(t.ticket, t.ticket.c.customer_id == t.identity.c.customer_id)
        .where(t.ticket.c.id == sa.bindparam("of_ticket"), t.identity.c.kind == "email"),
        sa.select(t.participant.c.address).where(
            t.participant.c.ticket_id == sa.bindparam("of_ticket"), t.participant.c.role != "expert"
        ),
    )
)

# By customer alone: SQLite might otherwise go through all addresses, in order.
_PEOPLE = sql(
    lambda: sa.union_all(
        sa.select(
            t.identity.c.value.label("address"), t.identity.c.kind, sa.null().label("role")
        ).where(t.identity.c.customer_id == sa.bindparam("of_customer")),
        sa.select(t.participant.c.address, sa.null(), t.participant.c.role).where(
            t.participant.c.ticket_id == sa.bindparam("of_ticket")
        ),
    )
)

_REACHED = sql(
    lambda: (
        sa.select(t.outbox.c.message_id, t.outbox.c.ticket_id, t.delivery.c.address)
        .join(t.delivery, t.delivery.c.outbox_id == t.outbox.c.id)
        .where(
            in_list(t.outbox.c.message_id, "ids"),
            t.delivery.c.state != CANCELLED,
        )
    )
)

_TOLD = sql(
    lambda: sa.union(
        sa.select(t.participant.c.address).where(
            t.participant.c.ticket_id == sa.bindparam("of_ticket")
        ),
        sa.select(t.delivery.c.address)
        .join(t.outbox, t.outbox.c.id == t.delivery.c.outbox_id)
        .where(t.outbox.c.ticket_id == sa.bindparam("of_ticket"), t.delivery.c.state != CANCELLED),
    )
)

_UNDELIVERABLE = sql(
    lambda: sa.select(
        t.identity.c.value, t.identity.c.undeliverable_at, t.identity.c.undeliverable_why
    ).where(
        t.identity.c.kind == "email",
        in_list(t.identity.c.value, "addresses"),
        t.identity.c.undeliverable_at.is_not(None),
    )
)

_REVIVE = sql(
    lambda: (
        sa.update(t.identity)
        .where(
            t.identity.c.kind == "email",
            t.identity.c.value == sa.bindparam("of_address"),
            t.identity.c.undeliverable_at.is_not(None),
        )
        .values(undeliverable_at=None, undeliverable_why=None)
    )
)

_IS_ACKNOWLEDGEMENT = sql(
    lambda: (
        sa.select(t.outbox.c.id)
        .where(in_list(t.outbox.c.message_id, "ids"), t.outbox.c.kind == "ack")
        .limit(1)
    )
)

_MARK = sql(
    lambda: (
        sa.update(t.identity)
        .where(t.identity.c.kind == "email", t.identity.c.value == sa.bindparam("of_address"))
        .values(undeliverable_at=sa.bindparam("since"), undeliverable_why=sa.bindparam("why"))
    )
)

_MAILED = sql(
    lambda: (
        sa.select(t.delivery.c.id)
        .join(t.outbox, t.outbox.c.id == t.delivery.c.outbox_id)
        .where(
            t.delivery.c.address == sa.bindparam("to_address"),
            t.delivery.c.state != CANCELLED,
            t.outbox.c.ticket_id == sa.bindparam("of_ticket"),
            hole("condition"),
        )
        .limit(1)
    )
)
_OF_KIND = expression(lambda: t.delivery.c.kind == sa.bindparam("kind"), "delivery")


class Dead(Struct, frozen=True):
    """An undeliverable address, since when, and what the other server said."""

    address: str
    since: datetime
    why: str


class People(Struct, frozen=True):
    """The addresses (lower case) of a ticket's customer, and of its participants by role, in order."""

    customer: frozenset[str]
    participants: list[tuple[str, str]]

    @property
    def outside(self) -> frozenset[str]:
        """The customer's side: all but experts."""
        return self.customer | {who for who, role in self.participants if role != "expert"}

    @property
    def answers_elsewhere(self) -> str:
        """The address that replies go to, if it is not the customer's; else ""."""
        asked = next((who for who, role in self.participants if role == "answer"), "")
        return "" if asked in self.customer else asked


def people(tx: Tx, ticket_id: int, customer_id: int) -> People:
    """The people of a ticket of this customer."""
    of = {"of_ticket": ticket_id, "of_customer": customer_id}
    rows = tx.execute(_PEOPLE, of).all()
    return People(
        frozenset(row.address for row in rows if row.kind == EMAIL),
        sorted((row.address, row.role) for row in rows if row.role),
    )


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


class Automatic(Struct, frozen=True):
    """Automatic mail so far: to an address (when, subject), and acknowledgements to its domain and to all."""

    to_address: list[tuple[datetime, str]]
    to_domain: int
    to_all: int


def automatic(
    tx: Tx,
    address: str,
    kinds: Sequence[str],
    since: datetime,
    most: int,
    *,
    acks_since: datetime,
    most_acks: int,
) -> Automatic:
    """`automatic_mails` to an address, and the latest `most_acks` acknowledgements since a time, counted."""
    values = {"to_address": base(address), "kinds": list(kinds), "since": since, "most": most}
    values |= {"answered_since": acks_since, "most_answered": most_acks}
    domain = address_key(address).rpartition("@")[2]
    values["in_domain"] = f"%@{escape_like(domain)}"
    *mails, counts = sorted(
        tx.execute(_AUTOMATIC_AND_ANSWERED, values), key=lambda row: row.of_all is not None
    )
    sent = [(row.created_at, row.subject) for row in mails]
    return Automatic(sent, counts.of_domain, counts.of_all)


def acknowledged_addresses(tx: Tx, since: datetime, most: int) -> list[str]:
    """The addresses that automatic answers (acknowledgements) went to since a time; at most `most`."""
    return list(tx.execute(_ANSWERED, {"since": since, "most": most}).scalars())


def is_acknowledgement(tx: Tx, message_ids: Sequence[str]) -> bool:
    """Is one of these Message-IDs that of an acknowledgement of ours?"""
    asked = {"ids": message_ids}
    return bool(message_ids) and tx.execute(_IS_ACKNOWLEDGEMENT, asked).first() is not None


def undeliverable(tx: Tx, addresses: Collection[str]) -> frozenset[str]:
    """Those of these addresses (lower case) that are undeliverable."""
    return frozenset(tx.execute(_UNDELIVERABLE, {"addresses": list(addresses)}).scalars())


def mark_undeliverable(tx: Tx, address: str, at: datetime, why: str) -> bool:
    """Mark an address as permanently undeliverable. False if it is no customer's."""
    row = {"of_address": address_key(address), "since": at, "why": why}
    return bool(tx.execute(_MARK, row).rowcount)


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
    of = {"to_address": address_key(address), "of_ticket": ticket_id}
    counted = all_of(_OF_KIND.part({"kind": kind})) if kind else all_of()
    return tx.execute(_MAILED, of, condition=counted).first() is not None
