"""`ticketctl inbox`: mail taken in, with its verdict and the reasons; held mail tried again or given up."""

import click

from ticketctl.cli.shared import param_types, queue_commands
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.domain.base import envelope_sender
from ticketctl.domain.base.records import InboxRow
from ticketctl.errors import BadInput


@click.group()
def command() -> None:
    """Show received mail, with verdict and reasons; retry or drop held mail."""


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(["received", "done", "held"], case_sensitive=False),
    help="Only mail in this state.",
)
@click.option(
    "--limit", type=param_types.COUNT, metavar="N", help="Show only the newest N; 0 for all."
)
@pass_app
def list_(app: App, state: str | None, limit: int | None) -> None:
    """List received mail, newest first."""
    from ticketctl.store.queues import inbox

    rows.rows(app, VIEW, queue_commands.newest(app, inbox.listing, state, limit))


@command.command()
@click.argument("mail", type=param_types.MAIL, metavar="ID")
@click.option("--raw", is_flag=True, help="Write the mail as received, byte for byte.")
@pass_app
def show(app: App, mail: int, raw: bool) -> None:
    """Show a mail: its envelope, what was decided, and why."""
    from ticketctl.store.queues import inbox

    number = mail
    with app.db.read() as tx:
        row = access.mail(app, tx, inbox.get(tx, number))
        content = inbox.raw(tx, number) if raw else b""
    if raw:
        app.out.bytes(content)
    elif app.options.json:
        queue_commands.facts(app, shape(row))
    else:
        queue_commands.facts(
            app,
            shape(row) | {"reasons": [], "reason_slugs": []},
            [f"- {why}" for why in row.reasons],
        )


@command.command()
@click.argument("mail", type=param_types.MAIL, metavar="ID")
@pass_app
def explain(app: App, mail: int) -> None:
    """Show what would be decided about a mail now, and why; change nothing."""
    from gateway.intake import explain

    explain.show_stored(app, mail)


@command.command()
@param_types.mails_argument(required=False)
@click.option("--all", "every", is_flag=True, help="Retry all held mail.")
@pass_app
def retry(app: App, mails: Selection, every: bool) -> None:
    """Process held mail again."""
    from ticketctl.store.queues import inbox

    if every != mails.is_empty:
        raise BadInput("name the mails to try again, or give --all.")
    numbers = list(mails.numbers)
    if every:
        with app.db.read() as tx:
            held = access.mails(app, tx, inbox.listing(tx, inbox.HELD))
            numbers = [row.id for row in reversed(held)]
        if not numbers:
            app.out.note("no mail is held.")
    queue_commands.each(app, numbers, "waits to be filed", inbox.get, inbox.retry)


@command.command()
@param_types.mails_argument(required=True)
@pass_app
def drop(app: App, mails: Selection) -> None:
    """Drop held mail; it stays listed, and its raw text is kept."""
    from ticketctl.store.queues import inbox

    queue_commands.each(app, mails.numbers, "dropped", inbox.get, inbox.drop)


def shape(row: InboxRow) -> dict[str, object]:
    """An element of `inbox list --json`."""
    return {
        "id": row.id,
        "received_at": json_shapes.when(row.received_at),
        "via": row.via,
        "envelope_from": envelope_sender.to_text(row.via, row.envelope_from),
        "recipients": list(row.recipients),
        "message_id": row.message_id,
        "size": row.size,
        "state": row.state,
        "verdict": row.verdict,
        "class": row.class_,
        "ticket": row.ticket,
        "message": row.message,
        "reasons": [one.text for one in row.reasons],
        "reason_slugs": [one.slug for one in row.reasons],
        "error": row.error,
        "attempts": row.attempts,
    }


VIEW: View[InboxRow] = View(
    [
        Column("id", lambda r: r.id, lambda r: {"fg": "red"} if r.state == "held" else None),
        Column("received_at", lambda r: r.received_at),
        Column("via", lambda r: r.via),
        Column("mailbox", lambda r: r.mailbox, cut=True),
        Column(
            "envelope_from", lambda r: envelope_sender.to_text(r.via, r.envelope_from), cut=True
        ),
        Column("recipients", lambda r: r.recipients, cut=True),
        Column("message_id", lambda r: r.message_id, cut=True),
        Column("size", lambda r: r.size),
        Column("state", lambda r: r.state),
        Column("verdict", lambda r: r.verdict),
        Column("class", lambda r: r.class_),
        Column("ticket", lambda r: r.ticket),
        Column("message", lambda r: r.message),
        Column("reasons", lambda r: "; ".join(map(str, r.reasons)), cut=True),
        Column("error", lambda r: r.error, cut=True, rare=True),
        Column("attempts", lambda r: r.attempts),
    ],
    ("id", "received_at", "state", "verdict", "ticket", "envelope_from", "size", "error"),
    shape,
    lambda r: r.id,
)
