"""Orders from shops (F-A21): one row for each order, as last read.

An order belongs to the customer who has its address as an identity; without one it waits.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec.structs import replace

from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Order
from ticketctl.store.db.core import in_list, insertion, most, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row

_AT_ONCE = 500  # orders a statement names

_ATTACH = sql(
    lambda: (
        sa.update(t.customer_order)
        .where(
            t.customer_order.c.email == sa.bindparam("of_address"),
            t.customer_order.c.customer_id.is_(None),
        )
        .values(customer_id=sa.bindparam("to_customer"))
    )
)


def waiting_for(address: Any) -> Any:
    """An expression: does an order wait for a customer with this address?"""
    order = t.customer_order.c
    return sa.exists().where(order.email == address, order.customer_id.is_(None))


_NEWEST = cache(
    lambda: (
        t.customer_order.c.placed_at.is_(None),
        t.customer_order.c.placed_at.desc(),
        t.customer_order.c.id.desc(),
    )
)
_RELEASE = sql(
    lambda: (
        sa.update(t.customer_order)
        .where(
            t.customer_order.c.email == sa.bindparam("of_address"),
            t.customer_order.c.customer_id == sa.bindparam("of_customer"),
        )
        .values(customer_id=None)
    )
)
_LISTING = sql(lambda: sa.select(t.customer_order).order_by(*_NEWEST()).limit(most("limit")))
_COUNT = sql(lambda: sa.select(sa.func.count()).select_from(t.customer_order))
_KNOWN = sql(
    lambda: sa.select(t.customer_order).where(
        in_list(t.customer_order.c.provider, "providers"),
        in_list(t.customer_order.c.number, "numbers"),
    )
)
_OF = sql(
    lambda: (
        sa.select(t.customer_order)
        .where(t.customer_order.c.customer_id == sa.bindparam("of_customer"))
        .order_by(*_NEWEST())
    )
)
_OWNERS = sql(
    lambda: sa.select(t.identity.c.value, t.identity.c.customer_id).where(
        t.identity.c.kind == EMAIL,
        in_list(t.identity.c.value, "addresses"),
    )
)


def _upsert() -> Any:
    made = insertion(t.customer_order)
    names = [one.name for one in t.customer_order.c if one.name not in ("id", "provider", "number")]
    return made.on_conflict_do_update(
        index_elements=["provider", "number"],
        set_={name: made.excluded[name] for name in names},
    )


_UPSERT = sql(_upsert)


def keep(tx: Tx, read: Sequence[Order], at: datetime) -> tuple[int, int]:
    """Store orders as read, each (provider, number) once; how many are new, how many changed."""
    new = changed = 0
    for start in range(0, len(read), _AT_ONCE):
        some = {(one.provider, one.number): one for one in read[start : start + _AT_ONCE]}
        known = _known(tx, some)
        fresh = [one for key, one in some.items() if key not in known]
        other = [one for key, one in some.items() if key in known and known[key] != _plain(one)]
        new, changed = new + len(fresh), changed + len(other)
        _write(tx, [*fresh, *other], at)
    return new, changed


def attach(tx: Tx, address: str, customer_id: int) -> None:
    """Give a customer the orders that wait for their address."""
    tx.execute(_ATTACH, {"of_address": address, "to_customer": customer_id})


def release(tx: Tx, address: str, customer_id: int) -> None:
    """Let the orders of an address wait again, when it is no longer a customer's."""
    tx.execute(_RELEASE, {"of_address": address, "of_customer": customer_id})


def of(tx: Tx, customer_id: int) -> list[Order]:
    """A customer's orders, the newest first."""
    return [_record(row) for row in tx.execute(_OF, {"of_customer": customer_id})]


def listing(tx: Tx, limit: int | None) -> list[Order]:
    """All orders, the newest first; at most `limit`, None for all."""
    return [_record(row) for row in tx.execute(_LISTING, {"limit": limit})]


def count(tx: Tx) -> int:
    """The number of stored orders."""
    return int(tx.execute(_COUNT).scalar_one())


def _known(tx: Tx, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Order]:
    """The stored orders with these keys, and perhaps others: a provider's with the number of another's."""
    providers, numbers = ({key[place] for key in keys} for place in (0, 1))
    rows = tx.execute(_KNOWN, {"providers": providers, "numbers": numbers})
    return {(row.provider, row.number): _plain(_record(row)) for row in rows}


def _plain(one: Order) -> Order:
    """An order without what only we know of it."""
    return replace(one, customer=None)


def _write(tx: Tx, orders: Sequence[Order], at: datetime) -> None:
    if not orders:
        return
    found = tx.execute(_OWNERS, {"addresses": sorted({one.email for one in orders})})
    owners = {row.value: row.customer_id for row in found}
    rows = [
        {
            "customer_id": owners.get(one.email),
            "provider": one.provider,
            "number": one.number,
            "email": one.email,
            "total": one.total,
            "currency": one.currency,
            "financial_status": one.financial_status,
            "fulfilment_status": one.fulfilment_status,
            "placed_at": one.placed_at,
            "at": at,
        }
        for one in orders
    ]
    tx.execute(_UPSERT, rows)


def _record(row: Row) -> Order:
    return Order(
        provider=row.provider,
        number=row.number,
        email=row.email,
        total=row.total,
        currency=row.currency,
        financial_status=row.financial_status,
        fulfilment_status=row.fulfilment_status,
        placed_at=row.placed_at,
        customer=row.customer_id,
    )
