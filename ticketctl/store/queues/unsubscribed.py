"""Who has unsubscribed from reports or surveys by mail. All forms of an address are one."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, select

from ticketctl.domain.base.addresses import address_key
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import unsubscribed as table

_add = if_new(table)


class Unsubscribed(Struct, frozen=True):
    """An address, the mail it no longer gets (reports, surveys), since when, and who recorded it."""

    address: str
    mail: str
    at: datetime
    actor: str


def add(tx: Tx, address: str, mail: str, *, at: datetime, actor: str) -> bool:
    """Unsubscribe an address; False if it was unsubscribed already."""
    return _add(tx, {"address": address_key(address), "mail": mail, "at": at, "actor": actor})


def remove(tx: Tx, address: str, mail: str) -> bool:
    """Subscribe an address again; False if it was not unsubscribed."""
    this = (table.c.address == address_key(address)) & (table.c.mail == mail)
    return bool(tx.execute(delete(table).where(this)).rowcount)


def among(tx: Tx, addresses: Collection[str], mail: str) -> frozenset[str]:
    """Those of these addresses, as written, that have unsubscribed from `mail`."""
    forms = {one: address_key(one) for one in addresses}
    query = select(table.c.address).where(
        table.c.mail == mail, table.c.address.in_(set(forms.values()))
    )
    gone = frozenset(tx.execute(query).scalars())
    return frozenset(one for one, form in forms.items() if form in gone)


def of(tx: Tx, addresses: Collection[str]) -> list[Unsubscribed]:
    """What these addresses have unsubscribed from, by address."""
    return _found(tx, {address_key(one) for one in addresses})


def listing(tx: Tx) -> list[Unsubscribed]:
    """Everybody who has unsubscribed, by address."""
    return _found(tx, None)


def _found(tx: Tx, forms: Collection[str] | None) -> list[Unsubscribed]:
    query = select(table).order_by(table.c.address, table.c.mail)
    rows = tx.execute(query if forms is None else query.where(table.c.address.in_(forms)))
    return [Unsubscribed(row.address, row.mail, row.at, row.actor) for row in rows]
