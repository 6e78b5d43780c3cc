"""`ticketctl mailbox`: list, test and authorise mailbox accounts."""

from typing import IO

import click

from ticketctl.console.context import App, pass_app


@click.group("mailbox")
def command() -> None:
    """List, test and authorise the mailboxes of desk.toml and their accounts."""


@command.command(name="list")
@pass_app
def mailboxes(app: App) -> None:
    """List mailboxes: segment, aliases, ways in, last good poll, error, outgoing server."""
    from gateway.mailbox import listing

    listing.show(app)


@command.command(name="test")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@pass_app
def try_(app: App, names: tuple[str, ...]) -> int:
    """Test accounts: do what a poll does, up to moving mail; log in to the outgoing server.

    Each account is logged in to; its folder is opened, searched and a mail fetched from it; the folder that fetched
    mail is moved to is created. No mail is marked, moved or sent.

    NAME is an [[imap]] account, the address of a mailbox, or `outgoing`; default: all. Exit 9 if one fails.
    """
    from gateway.mailbox import check

    return check.show(app, names)


@command.command()
@click.argument("name")
@click.option(
    "--token-file",
    type=click.File(errors="replace"),
    help="Read the refresh token from the first line of FILENAME instead; - is stdin.",
)
@pass_app
def login(app: App, name: str, token_file: IO[str] | None) -> None:
    """Authorise access to the [[imap]] account NAME (OAuth2): print a web address and a code, then wait.

    Run it on the gateway's host, as the gateway's user: the tokens are kept in that user's state folder.
    """
    from gateway.mailbox import login

    login.show(app, name, None if token_file is None else token_file.readline().strip())
