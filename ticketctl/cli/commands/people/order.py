"""`ticketctl order`: import and list shop orders (F-A21)."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.shared import param_types
from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.rows import Column, View
from ticketctl.errors import BadInput, NotFound

if TYPE_CHECKING:
    from ticketctl.actions.customers.shop_orders import OrderImport
    from ticketctl.domain.base.records import Order
    from ticketctl.settings.table import Shop
    from ticketctl.store.db.engine import Tx
    from ticketctl.store.db.locks import Keep

LOCK = "order sync"
LIMIT = 50  # on a terminal; machine forms have none

provider_option = click.option(
    "--provider", type=click.Choice(["shopify"]), default="shopify", help="Format of the data."
)


@click.group()
def command() -> None:
    """Import and list customers' orders from shops; an order belongs to the customer with its mail address."""


@command.command(name="list")
@click.option(
    "--customer",
    "who",
    metavar="WHO",
    help="Only orders of this customer: number, address or identity.",
)
@click.option("--limit", type=param_types.COUNT, metavar="N", help="Show at most N; 0 for all.")
@pass_app
def list_(app: App, who: str | None, limit: int | None) -> None:
    """List orders, newest first."""
    from ticketctl.actions.customers import customer
    from ticketctl.store.people import shop_orders

    app.actor()
    most = limit if limit is not None else (0 if rows.is_machine(app) else LIMIT)
    with app.db.read() as tx:
        if who is None:
            found = shop_orders.listing(tx, most or None)
            total = shop_orders.count(tx) if most else len(found)
        else:
            every = shop_orders.of(tx, customer.find(tx, who).id)
            found, total = every[: most or None], len(every)
    rows.rows(app, VIEW, found)
    if len(found) < total:
        app.out.note(f"{len(found)} of {total} shown (--limit 0)")


@command.command(name="import")
@click.argument("file", type=param_types.FILE)
@provider_option
@pass_app
def import_(app: App, file: str, provider: str) -> None:
    """Import orders from a shop's export, Shopify CSV or JSON; - is stdin. Importing twice does no harm."""
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.customers import shop_orders

    read = _read(file)
    actor = app.actor()
    tally = app.db.write(lambda tx: shop_orders.keep(begin(tx, actor), read))
    app.out.data(_told(tally))


@command.command()
@click.argument("shop", required=False)
@provider_option
@click.option(
    "--since", metavar="TIME", help="Fetch orders changed since TIME instead of the last run."
)
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def sync(app: App, shop: str | None, provider: str, since: str | None, wait: bool) -> None:
    """For cron: fetch the orders that changed since the last run from SHOP, or from every [[shop]] of config.toml.

    If another process is already doing this, exit 0 with nothing done.
    """
    from ticketctl.domain.base import when
    from ticketctl.store.db.locks import alone

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


def _fetched(app: App, shop: "Shop", start: Any, still_mine: "Keep") -> "OrderImport":
    """Fetch and store page by page; the position is saved after the last page."""
    from gateway.shops import provider
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.customers import shop_orders as orders
    from ticketctl.settings.secrets import token

    key = token(shop)
    if not key:
        raise BadInput(f"[[shop]] {shop.name} has no token: set token_command or token_file.")
    with app.db.read() as tx:
        until = orders.synced_until(tx, shop.name)
    client = provider(shop, key)
    actor, parts, before = app.actor(), [], until

    def keep(tx: "Tx") -> "OrderImport":
        return orders.keep(begin(tx, actor), page.orders)

    for page in client.orders(start or until):
        still_mine()
        parts.append(app.db.write(keep))
        until = max(filter(None, (until, page.until)), default=None)
    whole = orders.total(parts)
    if until is not None and until != before:
        newest = until
        app.db.write(lambda tx: orders.record_sync(begin(tx, actor), shop.name, whole, newest))
    return whole


def _read(file: str) -> "list[Order]":
    """Read the orders of a CSV or JSON file."""
    import sys

    from ticketctl.domain.formats import shopify

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


def _told(tally: "OrderImport") -> str:
    orders = f"{tally.read} order{'' if tally.read == 1 else 's'}"
    return f"{orders} read, {tally.new} new, {tally.changed} changed"


def _shape(one: "Order") -> dict[str, Any]:
    return json_shapes.order(one) | {"email": one.email, "customer": one.customer}


VIEW: "View[Order]" = View(
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
