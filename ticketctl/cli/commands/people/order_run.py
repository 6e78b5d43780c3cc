"""What `ticketctl order` does."""

import sys
from datetime import datetime
from pathlib import Path

from gateway.shops import provider
from ticketctl.actions.base.context import begin
from ticketctl.actions.customers import customer, shop_orders
from ticketctl.actions.customers.shop_orders import OrderImport
from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.view import Column, View
from ticketctl.domain.base import when
from ticketctl.domain.base.records import Order
from ticketctl.domain.formats import shopify
from ticketctl.errors import BadInput, NotFound
from ticketctl.settings.secrets import token
from ticketctl.settings.table import Shop
from ticketctl.store.db.database import Tx
from ticketctl.store.db.locks import Keep, alone
from ticketctl.store.people import shop_orders as order_store

LOCK = "order sync"

LIMIT = 50  # on a terminal; machine forms have none


def list_(app: App, who: str | None, limit: int | None) -> None:
    """List orders, newest first."""
    app.actor()
    most = limit if limit is not None else (0 if rows.is_machine(app) else LIMIT)
    with app.db.read() as tx:
        if who is None:
            found = order_store.listing(tx, most or None)
            total = order_store.count(tx) if most else len(found)
        else:
            every = order_store.of(tx, customer.find(tx, who).id)
            found, total = every[: most or None], len(every)
    rows.rows(app, VIEW, found)
    if len(found) < total:
        app.out.note(f"{len(found)} of {total} shown (--limit 0)")


def run_import(app: App, file: str, provider: str) -> None:
    """Import orders from a shop's export, Shopify CSV or JSON; - is stdin."""
    read = _read(file)
    actor = app.actor()
    tally = app.db.write(lambda tx: shop_orders.keep(begin(tx, actor), read))
    app.out.data(_told(tally))


def sync(app: App, shop: str | None, provider: str, since: str | None, wait: bool) -> None:
    """For cron: fetch the orders that changed since the last run from SHOP, or from every [[shop]] of config.toml."""
    app.actor()
    start = when.past(since, now=app.now, zone=app.zone) if since else None
    shops = [one for one in app.settings.shop if one.provider == provider]
    if shop is not None:
        shops = [one for one in shops if one.name == shop]
    if not shops:
        what = f'no shop "{shop}"' if shop else "no shop"
        raise NotFound(f"there is {what} in config.toml: add [[shop]] with name, url and token.")
    with alone(app.db, LOCK, wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        for one in shops:
            app.out.data(f"{one.name}: {_told(_fetched(app, one, start, keep))}")


def _fetched(app: App, shop: Shop, start: datetime | None, still_mine: Keep) -> OrderImport:
    """Fetch and store page by page; the position is saved after the last page."""
    key = token(shop)
    if not key:
        raise BadInput(f"[[shop]] {shop.name} has no token: set token_command or token_file.")
    with app.db.read() as tx:
        until = shop_orders.synced_until(tx, shop.name)
    client = provider(shop, key)
    actor, parts, before = app.actor(), [], until

    def keep(tx: Tx) -> OrderImport:
        return shop_orders.keep(begin(tx, actor), page.orders)

    for page in client.orders(start or until):
        still_mine()
        parts.append(app.db.write(keep))
        until = max(filter(None, (until, page.until)), default=None)
    whole = shop_orders.total(parts)
    if until is not None and until != before:
        newest = until
        app.db.write(lambda tx: shop_orders.record_sync(begin(tx, actor), shop.name, whole, newest))
    return whole


def _read(file: str) -> list[Order]:
    """Read the orders of a CSV or JSON file."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as trouble:
        raise BadInput(f"{file!r} cannot be read: {trouble.strerror}.") from None
    if content.lstrip()[:1] in (b"{", b"["):
        return shopify.from_json(content).orders
    try:
        return shopify.from_csv(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{file!r} is not UTF-8 text.") from None


def _told(tally: OrderImport) -> str:
    orders = f"{tally.read} order{'' if tally.read == 1 else 's'}"
    return f"{orders} read, {tally.new} new, {tally.changed} changed"


def _shape(one: Order) -> dict[str, object]:
    return json_shapes.order(one) | {"email": one.email, "customer": one.customer}


VIEW: View[Order] = View(
    [
        Column("number", lambda one: one.number),
        Column("placed", lambda one: one.placed_at),
        Column("total", lambda one: one.total),
        Column("currency", lambda one: one.currency),
        Column("financial", lambda one: one.financial_status),
        Column("fulfilment", lambda one: one.fulfilment_status),
        Column("customer", lambda one: one.customer),
        Column("email", lambda one: one.email, cut=1),
        Column("provider", lambda one: one.provider),
    ],
    ("number", "placed", "total", "currency", "financial", "fulfilment", "customer", "email"),
    _shape,
    lambda one: one.number,
    ("number", "total", "currency", "financial_status", "fulfilment_status", "placed_at", "provider", "email",
     "customer"),
)  # fmt: skip
