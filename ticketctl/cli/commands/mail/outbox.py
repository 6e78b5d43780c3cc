"""`ticketctl outbox`: list, retry and cancel outgoing mail, and answers on other channels."""

from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from ticketctl.cli.shared import param_types, queue_commands
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.domain.base.records import Delivery, OutboxRow
from ticketctl.errors import BadInput, NotFound, Refused

if TYPE_CHECKING:
    from ticketctl.settings.table import Settings
    from ticketctl.store.db.database import Tx

STATES = ("queued", "sending", "sent", "uncertain", "failed", "cancelled", "bounced")


@click.group()
def command() -> None:
    """List, retry and cancel outgoing mail."""


@command.command("list")
@click.argument("ticket", type=param_types.TICKET, required=False)
@click.option(
    "--state", type=click.Choice(STATES, case_sensitive=False), help="Only mail in this state."
)
@click.option(
    "--limit", type=param_types.COUNT, metavar="N", help="Show only the newest N; 0 for all."
)
@pass_app
def list_(app: App, ticket: int | None, state: str | None, limit: int | None) -> None:
    """List outgoing mail, sent or not, newest first: all, or that of one TICKET."""
    from functools import partial

    from ticketctl.store.queues import outbox

    listing = partial(outbox.listing, ticket=ticket)
    rows.rows(app, VIEW, queue_commands.newest(app, listing, state, limit))


@command.command()
@click.argument("mail", type=param_types.MAIL, metavar="ID")
@click.option("--raw", is_flag=True, help="Write a recipient's copy as it goes over the wire.")
@click.option(
    "--to", metavar="ADDRESS", help="Whose copy --raw writes; the first recipient's if not given."
)
@pass_app
def show(app: App, mail: int, raw: bool, to: str | None) -> None:
    """Show a mail: its text, and what became of it for each recipient.

    Each recipient gets a copy of their own: Reply-To, List-Unsubscribe and the DKIM signature differ. With --raw a
    mail that was not sent yet is composed as it will be.
    """
    from ticketctl.store.queues import outbox

    if to is not None and not raw:
        raise BadInput("--to says whose copy --raw writes; give --raw too.")
    number = mail
    with app.db.read() as tx:
        row = access.mail(app, tx, outbox.get(tx, number))
        deliveries = outbox.deliveries(tx, number)
        content = _copy(app, tx, row, _one_of(deliveries, to)) if raw else b""
        text = "" if raw or app.options.json else _text(app, tx, row)
    if raw:
        if to is None and len(deliveries) > 1:
            rest = ", ".join(one.address for one in deliveries[1:])
            app.out.note(
                f"this is the copy of {deliveries[0].address}; --to shows those of {rest}."
            )
        app.out.bytes(content)
        return
    each = [_delivery(one) for one in deliveries]
    lines = [f"{one.state} {one.address} {one.reply or ''}" for one in deliveries]
    lines += ["", *text.splitlines()] if text else []
    more = {
        "created_at": json_shapes.when(row.created_at),
        "cc": list(row.cc),
        "bcc": list(row.bcc),
    }
    as_json = {"deliveries": each} if app.options.json else {}
    queue_commands.facts(app, shape(row) | more | as_json, lines)


@command.command()
@param_types.mails_argument(required=True)
@pass_app
def retry(app: App, mails: Selection) -> None:
    """Queue failed, uncertain or waiting mail to be sent at once, to the recipients who did not get it."""
    from ticketctl.store.queues import outbox

    queue_commands.each(app, mails.numbers, "queued", outbox.get, outbox.retry)


@command.command()
@param_types.mails_argument(required=True)
@pass_app
def cancel(app: App, mails: Selection) -> None:
    """Cancel mail that has not gone to anyone yet; a cancelled reply counts as never written."""
    from ticketctl.actions.undo import cancel
    from ticketctl.store.queues import outbox

    def action(tx: "Tx", number: int) -> None:
        cancel.cancel(tx, app.actor(), number)

    queue_commands.each(app, mails.numbers, "cancelled", outbox.get, action)


@command.command()
@click.pass_context
def flush(ctx: click.Context) -> None:
    """Send queued mail that is due, where no gateway is running."""
    from ticketctl.cli.commands.mail.gateway import send

    ctx.forward(send)


def _one_of(deliveries: list[Delivery], to: str | None) -> str:
    """The recipient `to`, or the first one."""
    from ticketctl.domain.base.addresses import address_key

    known = [one.address for one in deliveries]
    wanted = known[0] if to is None else address_key(to)
    if wanted not in known:
        raise NotFound(f"{to} is no recipient of this mail; its recipients: {', '.join(known)}.")
    return wanted


def _copy(app: App, tx: "Tx", row: OutboxRow, address: str) -> bytes:
    """The copy of one recipient, or the line for the bridge of another channel, as sent or as it will be."""
    from functools import partial

    from gateway.send.composer import Composer
    from gateway.send.desk_snapshot import DeskSnapshot
    from ticketctl.store.db import blobs

    load, desk = partial(blobs.get, tx), DeskSnapshot(tx)
    if row.channel != "email":
        from gateway.bridge import line, words

        if row.blob:
            return load(row.blob)
        return line.compose(row, load, *words.of(row, desk, app.settings))
    try:
        composer = Composer(app.settings)
    except Refused as no_key:
        app.out.trouble(f"shown without its DKIM signature: {no_key}")
        composer = Composer(_unsigned(app.settings))
    content = load(row.blob) if row.blob else composer.content(row, desk, load)
    return composer.copy(content, row, address, desk)


def _text(app: App, tx: "Tx", row: OutboxRow) -> str:
    """What the mail says, as plain text; what a message of the ticket says on another channel stands in the ticket."""
    from email import message_from_bytes, policy
    from functools import partial

    from gateway.send.composer import Composer
    from gateway.send.desk_snapshot import DeskSnapshot
    from ticketctl.store.db import blobs

    if row.channel != "email" and row.message is not None:
        return ""
    load = partial(blobs.get, tx)
    try:
        if row.channel != "email":
            from gateway.bridge import words

            return words.of(row, DeskSnapshot(tx), app.settings)[0]
        composer = Composer(_unsigned(app.settings))
        content = load(row.blob) if row.blob else composer.content(row, DeskSnapshot(tx), load)
    except Refused as trouble:
        app.out.trouble(f"shown without its text: {trouble}")
        return ""
    body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
    return str(body.get_content()).strip() if body else ""


def _unsigned(settings: "Settings") -> "Settings":
    outgoing = replace(settings.outgoing, dkim_domain="", dkim_selector="", dkim_key_file="")
    return replace(settings, outgoing=outgoing)


def shape(row: OutboxRow) -> dict[str, object]:
    """An element of `outbox list --json`."""
    return {
        "id": row.id,
        "kind": row.kind,
        "channel": row.channel,
        "ticket": row.ticket,
        "to": list(row.to),
        "subject": row.subject,
        "message_id": row.message_id,
        "state": row.state,
        "attempts": row.attempts,
        "next_try_at": json_shapes.when(row.next_try_at),
        "error": row.error,
    }


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "address": one.address,
        "state": one.state,
        "reply": one.reply,
        "at": json_shapes.when(one.at),
    }


def _style(row: OutboxRow) -> dict[str, object] | None:
    return {"fg": "red"} if row.state in ("failed", "uncertain", "bounced") else None


VIEW: View[OutboxRow] = View(
    [
        Column("id", lambda r: r.id, _style),
        Column("created_at", lambda r: r.created_at, yields=2),
        Column("kind", lambda r: r.kind),
        Column("channel", lambda r: r.channel, rare=True, usual="email"),
        Column("ticket", lambda r: r.ticket),
        Column("mailbox", lambda r: r.mailbox, cut=True),
        Column("to", lambda r: r.to, cut=True),
        Column("subject", lambda r: r.subject, cut=True),
        Column("message_id", lambda r: r.message_id, cut=True),
        Column("state", lambda r: r.state),
        Column("attempts", lambda r: r.attempts),
        Column("next_try_at", lambda r: r.next_try_at, rare=True, yields=1),
        Column("error", lambda r: r.error, cut=True, rare=True),
    ],
    (
        "id",
        "created_at",
        "kind",
        "channel",
        "ticket",
        "to",
        "subject",
        "state",
        "next_try_at",
        "error",
    ),
    shape,
    lambda r: r.id,
)
