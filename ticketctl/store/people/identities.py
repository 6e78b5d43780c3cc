"""Single identities of customers, as rows that can be removed and put back."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, insert, select, update

from ticketctl.domain.base.identity import Identity
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import customer, customer_order, identity, rating, ticket


class Held(Struct, frozen=True):
    """An identity as stored."""

    kind: str
    value: str
    created_at: datetime
    undeliverable_at: datetime | None
    undeliverable_why: str | None


_COLUMNS = [identity.c[name] for name in Held.__struct_fields__]


def drop(tx: Tx, customer_id: int, named: Identity) -> Held | None:
    """Remove an identity from a customer and return it; None if it is not theirs."""
    this = (*_is(named), identity.c.customer_id == customer_id)
    row = tx.execute(select(*_COLUMNS).where(*this)).first()
    if row is None:
        return None
    tx.execute(delete(identity).where(*this))
    return Held(*row)


def put_back(tx: Tx, customer_id: int, held: Held) -> bool:
    """Put an identity back as it was. False if somebody has it."""
    named = Identity(held.kind, held.value)
    if tx.execute(select(identity.c.id).where(*_is(named))).first() is not None:
        return False
    columns = {name: getattr(held, name) for name in Held.__struct_fields__}
    tx.execute(insert(identity).values(customer_id=customer_id, **columns))
    return True


def unmake(tx: Tx, customer_id: int) -> bool:
    """Delete a customer with all their identities; their orders wait again. False if they have anything else."""
    tied = (ticket.c.customer_id, rating.c.customer_id, customer.c.merged_into)
    if any(tx.execute(select(one).where(one == customer_id).limit(1)).first() for one in tied):
        return False
    owned = customer_order.c.customer_id == customer_id
    tx.execute(update(customer_order).where(owned).values(customer_id=None))
    tx.execute(delete(identity).where(identity.c.customer_id == customer_id))
    tx.execute(delete(customer).where(customer.c.id == customer_id))
    return True


def _is(named: Identity) -> tuple[Any, ...]:
    return (identity.c.kind == named.kind, identity.c.value == named.value)
