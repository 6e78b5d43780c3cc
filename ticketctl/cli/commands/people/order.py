"""`ticketctl order`: import and list shop orders (F-A21)."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app

provider_option = click.option(
    "--provider",
    type=click.Choice(["shopify"], case_sensitive=False),
    default="shopify",
    help="Shop system that wrote FILE.",
    show_default=True,
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
    from ticketctl.cli.commands.people import order_run

    order_run.list_(app, who, limit)


@command.command(name="import")
@click.argument("file", type=param_types.FILE)
@provider_option
@pass_app
def import_(app: App, file: str, provider: str) -> None:
    """Import orders from a shop's export, Shopify CSV or JSON; - is stdin. Importing twice does no harm."""
    from ticketctl.cli.commands.people import order_run

    order_run.run_import(app, file, provider)


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
    from ticketctl.cli.commands.people import order_run

    order_run.sync(app, shop, provider, since, wait)
