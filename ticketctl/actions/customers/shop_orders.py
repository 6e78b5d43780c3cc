"""Imports orders from a shop or a file (F-A21)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl import clock
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import Order
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import journal
from ticketctl.store.people import shop_orders

SHOP = "shop"  # kind of journal lines


class OrderImport(Struct, frozen=True):
    """The result of importing orders."""

    read: int
    new: int
    changed: int


def keep(work: Work, read: Sequence[Order]) -> OrderImport:
    """Store orders as read; those that did not change are skipped."""
    new, changed = shop_orders.keep(work.tx, read, work.at)
    return OrderImport(len({(one.provider, one.number) for one in read}), new, changed)


def total(parts: Sequence[OrderImport]) -> OrderImport:
    """The sum of several results."""
    return OrderImport(
        sum(one.read for one in parts),
        sum(one.new for one in parts),
        sum(one.changed for one in parts),
    )


def record_sync(work: Work, shop: str, tally: OrderImport, until: datetime) -> None:
    """Record how far a shop has been read: the time of the newest change in the orders read."""
    told = {"until": clock.rfc3339(until), "read": tally.read}
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind=SHOP,
        subject=shop,
        type="synced",
        group=work.group,
        new=told,
    )


def synced_until(tx: Tx, shop: str) -> datetime | None:
    """How far a shop has been read before; None if never."""
    last = journal.last(tx, SHOP, shop)
    return clock.parse(last.new["until"]) if last else None
