"""Customers. Identities are `kind:value` with the value in lower case (G1)."""

from datetime import datetime
from functools import cache
from typing import Any

from msgspec.structs import replace

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Customer
from ticketctl.errors import Conflict, NotFound
from ticketctl.normal_form import normal_form
from ticketctl.store.db.core import in_list, insertion, sa, setting, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.values import Row
from ticketctl.store.people import shop_orders

_other = cache(lambda: t.identity.alias())
_identities = cache(
    lambda: (
        sa.select(sa.func.aggregate_strings(_other().c.kind + ":" + _other().c.value, "\n"))
        .where(_other().c.customer_id == t.customer.c.id)
        .scalar_subquery()
        .label("identities")
    )
)
SELECT = cache(lambda: sa.select(t.customer, _identities()))
_GET = sql(lambda: SELECT().where(t.customer.c.id == sa.bindparam("of_customer")))
_BY_IDENTITY = sql(
    lambda: (
        SELECT()
        .add_columns(t.identity.c.undeliverable_at)
        .join(t.identity, t.identity.c.customer_id == t.customer.c.id)
        .where(
            t.identity.c.kind == sa.bindparam("of_kind"),
            t.identity.c.value == sa.bindparam("of_value"),
        )
    )
)
_INSERT = sql(lambda: sa.insert(t.customer).returning(t.customer.c.id))


def _claiming() -> Any:
    """Take an identity unless somebody has it; returns whether an order waits for it."""
    return (
        insertion(t.identity)
        .on_conflict_do_nothing()
        .returning(shop_orders.waiting_for(sa.bindparam("waits")).label("has_orders"))
    )


_CLAIM = sql(_claiming)
_LAST_WORD = sql(
    lambda: sa.select(sa.func.max(t.ticket.c.last_customer_at)).where(
        t.ticket.c.customer_id == sa.bindparam("of_customer")
    )
)
_SET = sql(
    lambda: setting(sa.update(t.customer).where(t.customer.c.id == sa.bindparam("of_customer")))
)
_LOCK = sql(
    lambda: (
        sa.select(t.customer.c.id)
        .where(in_list(t.customer.c.id, "ids"))
        .order_by(t.customer.c.id)
        .with_for_update()
    )
)
_DELETE = sql(lambda: sa.delete(t.customer).where(t.customer.c.id == sa.bindparam("of_customer")))


def key(kind: str, value: str) -> str:
    """An identity's value for comparing: trimmed, NFC, lower case; an address as `address_key` has it."""
    if kind == EMAIL:
        return address_key(value)
    return normal_form("NFC", value.strip()).lower()


def get(tx: Tx, id: int) -> Customer:
    """A customer by number; NotFound for an unknown one."""
    row = tx.execute(_GET, {"of_customer": id}).first()
    if row is None:
        raise NotFound(f"no customer {id}.")
    return record(row)


def final(tx: Tx, id: int) -> Customer:
    """The customer that this one was merged into, through chains; itself if it was not. NotFound."""
    found = get(tx, id)
    seen = {id}
    while found.merged_into is not None and found.merged_into not in seen:
        seen.add(found.merged_into)
        found = get(tx, found.merged_into)
    return found


def by_identity(tx: Tx, kind: str, value: str) -> Customer | None:
    """The customer with this identity, ignoring case; None for a stranger."""
    row = _with_identity(tx, kind, value)
    return record(row) if row else None


def _with_identity(tx: Tx, kind: str, value: str) -> Row | None:
    return tx.execute(_BY_IDENTITY, {"of_kind": kind, "of_value": key(kind, value)}).first()


def find_or_create(
    tx: Tx, *, email: str, name: str, language: str | None, at: datetime
) -> Customer:
    """`find_or_create_by` an e-mail address."""
    return find_or_create_by(tx, EMAIL, email, name=name, language=language, at=at)


def find_or_create_by(
    tx: Tx, kind: str, value: str, *, name: str, language: str | None, at: datetime
) -> Customer:
    """The customer with an identity, created if new; an unknown name or language is filled in later (G1, F-L2).

    Without a name and an address, the name is that of the identity, so that lists can show it. Safe against two at
    once: the second waits for the first and gets its customer.
    """
    return _find_or_create(tx, kind, value, name, language, at)[0]


def find_or_create_writer(
    tx: Tx, *, email: str, name: str, language: str | None, at: datetime
) -> tuple[Customer, bool]:
    """As `find_or_create`, and whether mail to this address is known to fail."""
    return _find_or_create(tx, EMAIL, email, name, language, at)


def _find_or_create(
    tx: Tx, kind: str, value: str, name: str, language: str | None, at: datetime
) -> tuple[Customer, bool]:
    row = _with_identity(tx, kind, value)
    if row is None:
        made = _create(tx, kind, key(kind, value), name, language, at)
        if made is not None:
            return made, False
        row = _with_identity(tx, kind, value)
    if row is None:
        raise Conflict(f"the customer {value} was removed just now; try again.")
    return _filled(tx, record(row), name, language), row.undeliverable_at is not None


def add_identity(tx: Tx, customer_id: int, kind: str, value: str, at: datetime) -> bool:
    """Add an identity to a customer. False if they have it already, Conflict if another customer has it."""
    if _claim(tx, customer_id, kind, key(kind, value), at):
        return True
    holder = by_identity(tx, kind, value)
    if holder is not None and holder.id == customer_id:
        return False
    if holder is None:
        raise Conflict(
            f"{kind}:{key(kind, value)} was taken by another customer just now; try again."
        )
    named = f"customer {holder.id}" + (f" ({holder.name})" if holder.name else "")
    raise Conflict(
        f"{kind}:{key(kind, value)} belongs to {named}: if both are the same person, run "
        f"`ticketctl customer merge {holder.id} --into {customer_id}`."
    )


def lock(tx: Tx, *ids: int) -> None:
    """Lock these customers until we commit."""
    tx.execute(_LOCK, {"ids": ids}).all()


def change(tx: Tx, id: int, **columns: object) -> None:
    """Set columns of a customer; NotFound for an unknown one."""
    if not tx.execute(_SET, columns | {"of_customer": id}).rowcount:
        raise NotFound(f"no customer {id}.")


def last_seen(tx: Tx, one: Customer) -> Customer:
    """The customer, with when they were last seen: on a page, or by a message of theirs."""
    return latest(one, tx.execute(_LAST_WORD, {"of_customer": one.id}).scalar())


def latest(one: Customer, word_at: datetime | None) -> Customer:
    """The customer, last seen at `word_at` if that is later."""
    known = [at for at in (one.last_seen_at, word_at) if at is not None]
    return replace(one, last_seen_at=max(known, default=None))


def _create(
    tx: Tx, kind: str, value: str, name: str, language: str | None, at: datetime
) -> Customer | None:
    """Create a customer with this identity; None if it was taken in the meantime."""
    email = value if kind == EMAIL else ""
    name = name or ("" if email else value)
    row: dict[str, Any] = {"name": name, "email": email, "language": language}
    row |= {"profile": {}, "created_at": at}
    id = new_id(tx.execute(_INSERT, row))
    if not _claim(tx, id, kind, value, at):
        tx.execute(_DELETE, {"of_customer": id})
        return None
    return Customer(
        id=id,
        name=name,
        email=email,
        identities=(f"{kind}:{value}",),
        language=language,
        profile={},
        last_seen_at=None,
    )


def _claim(tx: Tx, customer_id: int, kind: str, value: str, at: datetime) -> bool:
    """Take an identity that nobody has, with the orders that waited for its address (F-A21)."""
    row = {"customer_id": customer_id, "kind": kind, "value": value, "created_at": at}
    made = tx.execute(_CLAIM, row | {"waits": value}).first()
    if made is None:
        return False
    if kind == EMAIL and made.has_orders:
        shop_orders.attach(tx, value, customer_id)
    return True


def _filled(tx: Tx, found: Customer, name: str, language: str | None) -> Customer:
    missing: dict[str, Any] = {}
    if name and (not found.name or _is_makeshift(found)):
        missing["name"] = name
    if language and not found.language:
        missing["language"] = language
    if not missing:
        return found
    change(tx, found.id, **missing)
    return get(tx, found.id)


def _is_makeshift(one: Customer) -> bool:
    """Is the name only that of an identity?"""
    return one.name in (each.partition(":")[2] for each in one.identities)


def record(row: Row) -> Customer:
    """The record of a row of `SELECT`."""
    return Customer(
        id=row.id,
        name=row.name,
        email=row.email,
        identities=tuple(sorted(row.identities.split("\n"))) if row.identities else (),
        language=row.language,
        profile=row.profile,
        last_seen_at=row.last_seen_at,
        last_page=row.last_page,
        merged_into=row.merged_into,
    )
