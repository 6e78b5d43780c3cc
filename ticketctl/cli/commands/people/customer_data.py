"""`ticketctl customer export` and `erase`: export and erase personal data (F-R40)."""

import click

from ticketctl.console.context import App, pass_app


@click.command()
@click.argument("who", metavar="WHO")
@click.option("-o", "target", default="-", metavar="FILE", help="Write to FILE; - is stdout.")
@click.option("--comments", is_flag=True, help="Include internal comments and reasons.")
@pass_app
def export(app: App, who: str, target: str, comments: bool) -> None:
    """Export the data we hold on a person as JSON: identities, tickets, and messages in other people's tickets.

    Internal comments and reasons are left out without --comments.
    """
    from ticketctl.cli.commands.people import customer_data_run

    customer_data_run.export(app, who, target, comments)


@click.command()
@click.argument("who", metavar="WHO")
@click.option("--dry-run", is_flag=True, help="Count what would be erased; erase nothing.")
@pass_app
def erase(app: App, who: str, dry_run: bool) -> None:
    """Erase a person: names, addresses, texts, raw mail, attachments. Counts stay. Asks first; cannot be undone."""
    from ticketctl.cli.commands.people import customer_data_run

    customer_data_run.erase(app, who, dry_run)
