"""Single identities of customers, as rows that can be removed and put back."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ticketctl.domain.base.identity import Identity
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql


class Held(Struct, frozen=True):
    """An identity as stored."""

    kind: str
    value: str
    created_at: datetime
    undeliverable_at: datetime | None
    undeliverable_why: str | None


def _is() -> Any:
    return sa.and_(
        t.identity.c.kind == sa.bindparam("of_kind"), t.identity.c.value == sa.bindparam("of_value")
    )


def _is_theirs() -> Any:
    return sa.and_(_is(), t.identity.c.customer_id == sa.bindparam("of_customer"))


def _has_more() -> Any:
    tied = (t.ticket.c.customer_id, t.rating.c.customer_id, t.customer.c.merged_into)
    return sa.or_(*(sa.exists().where(one == sa.bindparam("of_customer")) for one in tied))


_HELD = sql(
    lambda: sa.select(*(t.identity.c[name] for name in Held.__struct_fields__)).where(_is_theirs())
)
_DROP = sql(lambda: sa.delete(t.identity).where(_is_theirs()))
_TAKEN = sql(lambda: sa.select(t.identity.c.id).where(_is()))
_INSERT = sql(lambda: sa.insert(t.identity))
_HAS_MORE = sql(lambda: sa.select(_has_more()))
_LET_ORDERS_WAIT = sql(
    lambda: (
        sa.update(t.customer_order)
        .where(t.customer_order.c.customer_id == sa.bindparam("of_customer"))
        .values(customer_id=None)
    )
)
_DROP_ALL = sql(
    lambda: sa.delete(t.identity).where(t.identity.c.customer_id == sa.bindparam("of_customer"))
)
_DELETE = sql(lambda: sa.delete(t.customer).where(t.customer.c.id == sa.bindparam("of_customer")))


def drop(tx: Tx, customer_id: int, named: Identity) -> Held | None:
    """Remove an identity from a customer and return it; None if it is not theirs."""
    this = {"of_kind": named.kind, "of_value": named.value, "of_customer": customer_id}
    row = tx.execute(_HELD, this).first()
    if row is None:
        return None
    tx.execute(_DROP, this)
    return Held(*row)


def put_back(tx: Tx, customer_id: int, held: Held) -> bool:
    """Put an identity back as it was. False if somebody has it."""
    if tx.execute(_TAKEN, {"of_kind": held.kind, "of_value": held.value}).first() is not None:
        return False
    tx.execute(_INSERT, {"customer_id": customer_id, **asdict(held)})
    return True


def unmake(tx: Tx, customer_id: int) -> bool:
    """Delete a customer with all their identities; their orders wait again. False if they have anything else."""
    this = {"of_customer": customer_id}
    if tx.execute(_HAS_MORE, this).scalar_one():
        return False
    for statement in (_LET_ORDERS_WAIT, _DROP_ALL, _DELETE):
        tx.execute(statement, this)
    return True
