"""What an agent sees and answers before a reply is written and sent: read once, in one transaction."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl.cli.commands.changing import reply_editor, reply_mail
from ticketctl.cli.commands.changing.reply_editor import Beside
from ticketctl.cli.commands.changing.reply_mail import Text
from ticketctl.cli.shared import collision_guard, mail_preview
from ticketctl.cli.shared.bulk_action import are_named
from ticketctl.console.streams import NOT_SENT
from ticketctl.errors import BadInput
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras
    from ticketctl.cli.shared.bulk_action import BulkOptions
    from ticketctl.cli.shared.text_input import TextOptions
    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket


class Addressed(NamedTuple):
    """The recipients of the reply to a ticket."""

    ticket: "Ticket"
    to: str
    copies: list[str]


class Preview(NamedTuple):
    """What was read before the reply is written."""

    addressed: tuple[Addressed, ...] = ()
    news: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    canned: str | None = None  # filled in for the first ticket
    version: int | None = None  # of the one ticket whose text is still to be written
    beside: Beside = Beside()  # for the editor, with one ticket
    last: str = ""  # who wrote last in the one ticket


def read(
    app: "App",
    tickets: "Selection",
    bulk: "BulkOptions",
    typed: "TextOptions",
    canned: str | None,
    extras: "Extras",
) -> Preview:
    """Read what an agent is shown. Refused if the reply to the one ticket can reach nobody."""
    asks = app.out.may_ask and are_named(tickets, bulk)
    guards = collision_guard.is_needed(app, tickets, bulk, typed)
    edits = asks or typed.edit or app.options.recover
    fills = canned is not None and bool(tickets.numbers) and edits
    if not (guards or edits or fills):
        return Preview()
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets import reply
    from ticketctl.store.tickets import tickets as store

    with app.db.read() as tx:
        work = begin(tx, app.actor())
        only = store.get(tx, tickets.only) if tickets.only is not None else None
        if asks and only is not None:
            reply.may_answer(work, only, by_mail=extras.by_mail)
        shown = Preview(
            canned=Text("", canned).fill(app, work, tickets.numbers[0]) if fills else None,
            version=only.version if guards and only is not None else None,
            beside=reply_editor.read(app, work, only, extras) if edits and only else Beside(),
            last=reply_editor.last_line(work, only) if asks and only else "",
        )
        if not asks:
            return shown
        found = [only] if only is not None else store.some(tx, tickets.numbers)
        return shown._replace(
            addressed=tuple(_addressed(work, one, extras) for one in found),
            news=(
                *filter(None, (collision_guard.news(app, work, one) for one in found)),
                *collision_guard.writing(app, work, found),
            ),
            elsewhere=tuple(filter(None, (collision_guard.elsewhere(work, one) for one in found))),
        )


def confirm_start(app: "App", preview: Preview) -> None:
    """Show what others did, and where the reply goes if not to the customer. Unanswered for no."""
    for lines, question in (
        (preview.news, "Answer anyway?"),
        (preview.elsewhere, "Send it there?"),
    ):
        for line in lines:
            app.out.note(line)
        if lines:
            app.out.agree(question, NOT_SENT)


def summarise(app: "App", preview: Preview, text: Text, extras: "Extras") -> None:
    """Show who wrote last, and the mail as it will go; of several only the first, and where the others go."""
    if preview.last:
        app.out.note(preview.last)
    if preview.addressed:
        mail = reply_mail.written(app, preview.addressed[0].ticket.id, text, extras)
        mail_preview.show(app, mail, extras.attachments)
    for one in preview.addressed[1:]:
        copies = [] if extras.no_cc else one.copies
        also = f", copy to {', '.join(copies)}" if copies else ""
        name = f"{one.ticket.customer.name} <{one.to}>".strip()
        app.out.note(
            terminal_line(f"also ticket {one.ticket.id}, {one.ticket.subject}: to {name}{also}")
        )


def write(app: "App", preview: Preview, start: str = "", *, quotes: bool = True) -> Text:
    """The reply as the editor leaves it, begun with a text; a message to be quoted stands below that."""
    from ticketctl.cli.shared import editor

    quote = preview.beside.quote if quotes else ""

    def own(text: str) -> str:
        return text.removesuffix(quote).rstrip()

    text = editor.edited(
        app,
        f"{start}\n\n{quote}" if quote else start or None,
        below=preview.beside.below,
        take_up=str,
        keep=lambda text: text if own(text) else "",
    )
    return Text(own(text), quotes=text.endswith(quote) if quote else quotes)


def editable(tickets: "Selection", preview: Preview, text: Text) -> str:
    """The text to open in an editor; a canned reply is filled in for one ticket, BadInput for several."""
    if text.canned is None:
        return text.own
    if tickets.only is None:
        raise BadInput("-e with --canned works on one ticket at a time.")
    return text.below(preview.canned or "")


def _addressed(work: "Work", ticket: "Ticket", extras: "Extras") -> Addressed:
    from ticketctl.actions.mail import channel_answer, customer_mail
    from ticketctl.actions.tickets import reply
    from ticketctl.store.tickets import tickets

    if not extras.by_mail and channel_answer.bridge_of_last(work, ticket):
        return Addressed(ticket, reply.recipients(work, ticket, extras)[0][0], [])
    copies = [one.address for one in tickets.participants(work.tx, ticket.id) if one.role == "cc"]
    to = customer_mail.answer_address(work, ticket) or ticket.customer.email
    return Addressed(ticket, to, copies)
