"""Orders from shops (F-A21): one row for each order, as last read.

An order belongs to the customer who has its address as an identity; without one it waits.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from msgspec.structs import replace
from sqlalchemy import Insert, Row, bindparam, func, select, tuple_, update

from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Order
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import insertion
from ticketctl.store.db.schema import customer_order, identity

_AT_ONCE = 500  # orders a statement names

_ATTACH = (
    update(customer_order)
    .where(
        customer_order.c.email == bindparam("of_address"), customer_order.c.customer_id.is_(None)
    )
    .values(customer_id=bindparam("to_customer"))
)
_NEWEST = (
    customer_order.c.placed_at.is_(None),
    customer_order.c.placed_at.desc(),
    customer_order.c.id.desc(),
)
_OF = (
    select(customer_order)
    .where(customer_order.c.customer_id == bindparam("of_customer"))
    .order_by(*_NEWEST)
)
_OWNERS = select(identity.c.value, identity.c.customer_id).where(
    identity.c.kind == EMAIL, identity.c.value.in_(bindparam("addresses", expanding=True))
)


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
    this = (customer_order.c.email == address, customer_order.c.customer_id == customer_id)
    tx.execute(update(customer_order).where(*this).values(customer_id=None))


def of(tx: Tx, customer_id: int) -> list[Order]:
    """A customer's orders, the newest first."""
    return [_record(row) for row in tx.execute(_OF, {"of_customer": customer_id})]


def listing(tx: Tx, limit: int | None) -> list[Order]:
    """All orders, the newest first; at most `limit`, None for all."""
    query = select(customer_order).order_by(*_NEWEST).limit(limit)
    return [_record(row) for row in tx.execute(query)]


def count(tx: Tx) -> int:
    """The number of stored orders."""
    return int(tx.execute(select(func.count()).select_from(customer_order)).scalar_one())


def _known(tx: Tx, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Order]:
    pair = tuple_(customer_order.c.provider, customer_order.c.number)
    rows = tx.execute(select(customer_order).where(pair.in_(list(keys))))
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
    tx.execute(_upsert(tx.dialect.name), rows)


@cache
def _upsert(dialect: str) -> Insert:
    made = insertion(customer_order, dialect)
    names = [one.name for one in customer_order.c if one.name not in ("id", "provider", "number")]
    return made.on_conflict_do_update(
        index_elements=["provider", "number"],
        set_={name: made.excluded[name] for name in names},
    )


def _record(row: Row[object]) -> Order:
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
