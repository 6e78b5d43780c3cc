"""Who has unsubscribed from reports or surveys by mail. All forms of an address are one."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from ticketctl.domain.base.addresses import address_key
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.rows import if_new

_add = if_new("unsubscribed")
_REMOVE = sql(
    lambda: sa.delete(t.unsubscribed).where(
        t.unsubscribed.c.address == sa.bindparam("of_address"),
        t.unsubscribed.c.mail == sa.bindparam("of_mail"),
    )
)
_AMONG = sql(
    lambda: sa.select(t.unsubscribed.c.address).where(
        t.unsubscribed.c.mail == sa.bindparam("of_mail"),
        in_list(t.unsubscribed.c.address, "addresses"),
    )
)
_FOUND = sql(
    lambda: (
        sa.select(t.unsubscribed)
        .where(hole("condition"))
        .order_by(t.unsubscribed.c.address, t.unsubscribed.c.mail)
    )
)
_OF = expression(lambda: in_list(t.unsubscribed.c.address, "addresses"), "unsubscribed")


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
    this = {"of_address": address_key(address), "of_mail": mail}
    return bool(tx.execute(_REMOVE, this).rowcount)


def among(tx: Tx, addresses: Collection[str], mail: str) -> frozenset[str]:
    """Those of these addresses, as written, that have unsubscribed from `mail`."""
    forms = {one: address_key(one) for one in addresses}
    found = tx.execute(_AMONG, {"of_mail": mail, "addresses": set(forms.values())})
    gone = frozenset(found.scalars())
    return frozenset(one for one, form in forms.items() if form in gone)


def of(tx: Tx, addresses: Collection[str]) -> list[Unsubscribed]:
    """What these addresses have unsubscribed from, by address."""
    return _found(tx, _OF.part({"addresses": {address_key(one) for one in addresses}}))


def listing(tx: Tx) -> list[Unsubscribed]:
    """Everybody who has unsubscribed, by address."""
    return _found(tx, all_of())


def _found(tx: Tx, which: Part) -> list[Unsubscribed]:
    rows = tx.execute(_FOUND, condition=which)
    return [Unsubscribed(row.address, row.mail, row.at, row.actor) for row in rows]
