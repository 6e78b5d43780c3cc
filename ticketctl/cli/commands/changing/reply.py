"""`ticketctl reply IDS`: a public answer to the customer, by mail."""

from typing import TYPE_CHECKING, NamedTuple

import click

from ticketctl.cli.commands.changing import reply_editor, reply_preview
from ticketctl.cli.commands.changing.reply_mail import Text
from ticketctl.cli.commands.changing.reply_preview import Preview
from ticketctl.cli.shared import (
    attached_files,
    bulk_action,
    canned_replies,
    collision_guard,
    param_types,
    prompts,
    send_preview,
    text_input,
)
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.shared.option_groups import gathered
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app
from ticketctl.console.streams import NOT_SENT, Unanswered
from ticketctl.errors import Refused
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras


class ReplyOptions(NamedTuple):
    """The options of `reply` alone."""

    to_message: int | None
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    no_cc: bool
    mail: bool
    canned: str | None
    attach: tuple[str, ...]
    inline: tuple[str, ...]
    status: str | None
    close: bool
    fields: tuple[str, ...]
    delay: int | None
    force: bool


_options = gathered(
    "how",
    ReplyOptions,
    click.option(
        "--to-message",
        type=param_types.NUMBER,
        metavar="N",
        help="Reply to message N, and quote it.",
    ),
    click.option(
        "--cc", multiple=True, metavar="ADDRESS", help="Add to Cc for this and later replies."
    ),
    click.option("--bcc", multiple=True, metavar="ADDRESS", help="Add to Bcc for this reply."),
    click.option("--no-cc", is_flag=True, help="Send to the customer only."),
    click.option("--mail", is_flag=True, help="Answer by mail a ticket of another channel."),
    canned_replies.option("Begin with this canned reply; -m is added below it.", kind="reply"),
    click.option(
        "--attach",
        type=param_types.FILE,
        multiple=True,
        metavar="FILE",
        help="Attach FILE; repeat for more.",
    ),
    click.option(
        "--inline",
        multiple=True,
        metavar="FILE",
        help="Show an image where the text says [FILE], or at the end.",
    ),
    click.option(
        "--status",
        type=click.Choice(["open", "waiting", "resolved", "closed"], case_sensitive=False),
        help="Set this status after sending.",
    ),
    click.option("--close", is_flag=True, help="Same as --status closed."),
    click.option(
        "--set",
        "fields",
        multiple=True,
        type=param_types.TICKET_FIELD,
        metavar="NAME=VALUE",
        help="Set a custom field before sending.",
    ),
    click.option(
        "--delay",
        type=param_types.SPAN,
        metavar="SPAN",
        help="Wait this long before sending: 30s, 5m; a bare number is seconds.",
    ),
    click.option(
        "--force",
        is_flag=True,
        help="Proceed even if the ticket changed meanwhile, or another blocks it.",
    ),
)


@click.command()
@tickets_argument()
@_options
@text_input.text_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    how: ReplyOptions,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Reply to the customer: by mail, or on the ticket's channel if desk.toml names a bridge for it.

    On a terminal it is shown first; -y sends it at once. The editor shows the last messages and comments below a line;
    nothing below it is sent. Then the reply is shown as it will go: s sends it, e opens the editor again, c
    keeps the text as an internal comment, a sends nothing.
    """
    from msgspec.structs import replace

    from ticketctl.actions.base.load import load_for_update
    from ticketctl.actions.tickets import comment, edit, reply
    from ticketctl.store.tickets import tickets as store

    fields = pairs(how.fields)
    extras = _extras(how)
    preview = reply_preview.read(app, tickets, bulk, typed, how.canned, extras)
    asks = _asks(app, tickets, bulk)
    if asks:
        reply_preview.confirm_start(app, preview)
    if how.force or preview.version is not None:
        bulk = bulk._replace(if_version=None if how.force else preview.version)
    if tickets.only is not None and (asks or text_input.opens_editor(app, typed)):
        announced = collision_guard.announced(app, tickets.only, "reply")
        click.get_current_context().with_resource(announced)
    text = _text(app, tickets, preview, typed, how.canned)
    text, internal = _agreed(app, tickets, preview, text, extras) if asks else (text, False)
    extras = replace(extras, quotes=text.quotes)
    if extras.status in ("resolved", "closed") and not internal:
        fields = prompts.needed(app, tickets, fields)

    def action(work: "Work", number: int) -> str:
        words = text.fill(app, work, number)
        load_for_update(work, number, bulk.if_version)
        if fields:
            edit.edit(work, number, edit.TicketChanges(fields=fields), comment="set by reply")
        if internal:
            kept = attached_files.plain(extras.attachments)
            return f"comment {comment.comment(work, number, words, attachments=kept)}"
        ticket = store.get(work.tx, number)
        last = reply_editor.last_line(work, ticket) if is_alone and not asks else ""
        elsewhere = "" if asks else collision_guard.elsewhere(work, ticket)
        n = reply.reply(work, number, words, extras)
        notes["elsewhere", number], notes["last", number] = elsewhere, last
        notes.update(_unreachable(work, number))
        return f"message {n} queued" + (f" for {work.delay} s" if work.delay else "")

    def answer(work: "Work", number: int) -> str:
        return str(reply.reply(work, number, text.fill(app, work, number), extras))

    is_alone = tickets.only is not None
    notes: dict[tuple[str, int], str] = {}
    try:
        ask = send_preview.answering(app, answer)
        bulk_action.run(app, tickets, bulk, action, ask=ask, delay=how.delay)
    finally:
        for note in filter(None, notes.values()):
            app.out.note(note)


def _asks(app: App, tickets: Selection, bulk: bulk_action.BulkOptions) -> bool:
    """True if there is a terminal to ask on and the tickets were named one by one."""
    named = bulk_action.are_named(tickets, bulk)
    return named and app.out.may_ask and not app.yes and not bulk.dry_run


def _extras(how: ReplyOptions) -> "Extras":
    """The options besides the text."""
    from ticketctl.actions.tickets import reply

    return reply.Extras(
        to_message=how.to_message,
        cc=how.cc,
        bcc=how.bcc,
        no_cc=how.no_cc,
        by_mail=how.mail,
        status="closed" if how.close else how.status,
        attachments=attached_files.images(how.inline) + attached_files.read(how.attach),
        force=how.force,
    )


def _unreachable(work: "Work", number: int) -> dict[tuple[str, int], str]:
    """Warnings about recipients that mail does not reach, by address (F6)."""
    from ticketctl.store.queues import outbox, recipients

    sent = [r for r in outbox.of_group(work.tx, work.group, [number]) if r.kind == "reply"]
    found = recipients.undeliverable_addresses(
        work.tx, [one for row in sent for one in (*row.to, *row.cc, *row.bcc)]
    )
    return {
        (one.address, number): terminal_line(
            f"warning: mail to {one.address} failed permanently on {one.since:%Y-%m-%d}: {one.why}"
        )
        for one in found
    }


def _text(
    app: App,
    tickets: Selection,
    preview: Preview,
    typed: text_input.TextOptions,
    canned: str | None,
) -> Text:
    """The agent's text; may be empty with a canned reply. -e opens the filled-in reply for one ticket."""
    if canned is None:
        if text_input.opens_editor(app, typed):
            return reply_preview.write(app, preview)
        own = text_input.read(app, typed)
        if not own.strip():
            raise Refused(
                'a reply needs text; give -m "…", -m - for standard input, or --canned NAME.'
            )
        return Text(own)
    if not typed.edit:
        return Text(text_input.read(app, typed), canned)
    start = reply_preview.editable(tickets, preview, Text("", canned))
    return reply_preview.write(app, preview, start)


_ANSWERS = {"send": "", "edit": "", "comment": " instead", "abort": ""}


def _agreed(
    app: App, tickets: Selection, preview: Preview, text: Text, extras: "Extras"
) -> tuple[Text, bool]:
    """Show the mail and ask what to do. Returns the text and whether it becomes a comment; Unanswered for no."""
    while True:
        reply_preview.summarise(app, preview, text, extras)
        try:
            answer = app.out.choose(_ANSWERS, {"yes": "send", "no": "abort"})  # as mutt asks
        except Unanswered:
            answer = "abort"
        if answer == "abort":
            raise Unanswered(NOT_SENT)
        if answer != "edit":
            return text, answer == "comment"
        start = reply_preview.editable(tickets, preview, text)
        text = reply_preview.write(app, preview, start, quotes=text.quotes)
