"""`ticketctl gateway`: receive mail, file it, send mail."""

import sys

import click

from ticketctl.cli.commands.administration import demo
from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base.records import CHANNELS


@click.group("gateway")
def command() -> None:
    """Receive mail, file it, and send mail."""


@command.command()
@pass_app
def serve(app: App) -> None:
    """Run SMTP, LMTP, IMAP, intake and sender under one supervisor, until SIGTERM or Ctrl-C.

    Waits for its database if that is away. SIGHUP makes it read config.toml again, except where a terminal sends it.
    """
    from gateway.run.start import serve

    sys.exit(serve(app))


command.add_command(demo.command, "demo")

_authserv_id = click.option(
    "--authserv-id",
    default="",
    metavar="ID",
    help="Trust Authentication-Results headers with this id; default: trust none.",
)


@command.command()
@click.option(
    "--sender", default=None, metavar="ADDRESS", help="Envelope sender; default: Return-Path."
)
@click.option(
    "--recipient",
    multiple=True,
    metavar="ADDRESS",
    help="Mailbox; default: taken from the mail's headers.",
)
@click.option(
    "--channel",
    type=click.Choice(CHANNELS, case_sensitive=False),
    metavar="CHANNEL",
    help=f"Read JSON lines; this is the channel of lines without one: {', '.join(CHANNELS)}.",
)
@_authserv_id
@click.argument("files", nargs=-1, type=param_types.FILE, metavar="[FILE]...")
@pass_app
def ingest(
    app: App,
    sender: str | None,
    recipient: tuple[str, ...],
    channel: str | None,
    authserv_id: str,
    files: tuple[str, ...],
) -> None:
    """Receive mail from stdin, .eml files, mbox files or Maildirs, and messages of other channels as JSON lines.

    Exit 75 means try again later. docs/json.md describes the JSON lines.
    """
    from gateway.run.ingest import IngestOptions, ingest

    ingest(app, IngestOptions(sender, recipient, channel, authserv_id), files or ("-",))


@command.command()
@click.option("--wait", is_flag=True, help="Wait for another process that is polling the mailbox.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@pass_app
def poll(app: App, wait: bool, names: tuple[str, ...]) -> None:
    """Fetch mail once from all [[imap]] accounts, or only those named, then file it."""
    from gateway.intake.worker import Worker
    from gateway.receive.imap import poll

    try:
        count = poll.poll_all(app.db, app.settings, names, wait=wait)
    finally:  # what the other accounts gave is filed also when one is in trouble
        Worker(app.db, app.settings).drain()
    app.out.note(f"{count} fetched.")


@command.command(name="file")
@pass_app
def file_(app: App) -> None:
    """File the mail waiting in the inbox, for hosts without a running gateway."""
    from gateway.intake.worker import Worker

    app.out.note(f"{Worker(app.db, app.settings).drain()} filed.")


@command.command()
@pass_app
def send(app: App) -> None:
    """Send queued mail that is due, and answers on the channels of config.toml."""
    from gateway.bridge.sender import BridgeSender
    from gateway.send.sender import Sender

    answers = BridgeSender(app.db, app.settings).drain()
    app.out.note(f"{answers + Sender(app.db, app.settings).once()} sent.")


@command.command()
@click.option(
    "--exit-status",
    is_flag=True,
    help="Exit 10 if no gateway files or sends mail, or a mailbox cannot be polled.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "prometheus"], case_sensitive=False),
    help="`prometheus`: metrics for the textfile collector; needs the extra `metrics`.",
)
@pass_app
def status(app: App, exit_status: bool, form: str | None) -> int:
    """Show gateways, waiting and held mail, and mailboxes. Exit 9 if mail has waited for 15 minutes."""
    from gateway.run import status

    if form == "prometheus":
        status.metrics(app)
        return 0
    if form == "json":
        app.options = app.options._replace(json="*")
    return status.show(app, exit_status=exit_status)


@command.command()
@click.option(
    "--recipient", multiple=True, metavar="ADDRESS", help="As if it was received for this mailbox."
)
@click.option(
    "--sender", default=None, metavar="ADDRESS", help="As if it had this envelope sender."
)
@_authserv_id
@click.argument("files", nargs=-1, type=param_types.FILE, metavar="[FILE]...")
@pass_app
def explain(
    app: App,
    recipient: tuple[str, ...],
    sender: str | None,
    authserv_id: str,
    files: tuple[str, ...],
) -> None:
    """Show what would happen to a mail, and why; store nothing."""
    from gateway.intake import explain

    explain.show(app, recipient, sender, files or ("-",), authserv_id)
