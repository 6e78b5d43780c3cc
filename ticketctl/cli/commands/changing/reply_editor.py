"""What an agent sees in the editor while writing a reply: the message quoted above the line, the rest below it."""

import re
from typing import TYPE_CHECKING, NamedTuple

from ticketctl import text_table
from ticketctl.console.times import ago, local
from ticketctl.domain.base import size
from ticketctl.safe import terminal, terminal_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Comment, Message, Ticket

LAST = 8  # messages and comments
LINES, WIDTH = 15, 76  # of each

# What an editor takes for settings of the file.
_SETTINGS = re.compile(r"\b(?:vim?[<=>]?\d*|ex|Local Variables)(?=:)|-(?=\*-)", re.IGNORECASE)


class Beside(NamedTuple):
    """What the editor shows beside the text."""

    quote: str = ""  # the message of --to-message, as the reply quotes it
    below: str = ""


def read(app: "App", work: "Work", ticket: "Ticket", extras: "Extras") -> Beside:
    """Read the last messages and comments of a ticket, and what the reply will carry."""
    below = [*_head(work, ticket, extras), *_conversation(app, work, ticket)]
    shown = "".join(f"# {line}".rstrip() + "\n" for line in ["", *below])
    return Beside(_quote(app, work, ticket, extras), harmless(shown))


def harmless(text: str) -> str:
    """A text in which an editor finds no settings of its own (`vim:`, `-*-`, `Local Variables:`)."""
    return _SETTINGS.sub(lambda found: f"{found[0]}\u200b", text)


def last_line(work: "Work", ticket: "Ticket") -> str:
    """Who wrote last in a ticket, when, and how it begins; "" if nobody did."""
    from ticketctl.store.tickets import messages

    said = [one for one in messages.of(work.tx, ticket.id, LAST) if one.delivery != "cancelled"]
    written: list[Message | Comment] = [*said, *messages.comments(work.tx, ticket.id, 1)]
    latest = max(reversed(written), key=lambda one: one.at, default=None)
    if latest is None:
        return ""
    began = terminal_line(latest.text) or "(no text)"
    line = f"ticket {ticket.id}, last: {_who(latest)}, {ago(latest.at, work.at)}: {began}"
    return text_table.cut(line, 79)


def _quote(app: "App", work: "Work", ticket: "Ticket", extras: "Extras") -> str:
    if extras.to_message is None:
        return ""
    from pathlib import Path

    from ticketctl.actions.tickets import reply
    from ticketctl.store.tickets import messages
    from ticketctl.templating.render import MailTemplates

    settings = work.definition.settings
    folder = Path(app.settings.templates) if app.settings.templates else None
    quoted = reply.quote(messages.get(work.tx, ticket.id, extras.to_message))
    data = {"quote": quoted, "timezone": settings.timezone}
    templates = MailTemplates(folder, settings.language)
    text = templates.quotation(ticket.language or settings.language, data)
    return harmless(terminal(text))


def _head(work: "Work", ticket: "Ticket", extras: "Extras") -> "Iterator[str]":
    """Recipients, subject and attachments, as far as they are known before there is a text."""
    from ticketctl.actions.mail import outbound
    from ticketctl.actions.tickets import reply

    names = ("To", "Cc", "Bcc")
    for name, people in zip(names, reply.recipients(work, ticket, extras), strict=True):
        if people:
            yield from _field(name, ", ".join(people))
    yield from _field("Subject", outbound.reply_subject(work, ticket))
    for file in extras.attachments:
        yield from _field("Attached", f"{file.name} ({size.show(len(file.content))})")


def _field(name: str, value: str) -> "Iterator[str]":
    first, *rest = text_table.wrapped(terminal_line(value), WIDTH - 10)
    yield f"{name + ':':<10}{first}"
    yield from (f"{'':<10}{line}" for line in rest)


def _conversation(app: "App", work: "Work", ticket: "Ticket") -> "Iterator[str]":
    """The last messages and comments, oldest first, also of tickets merged into this one."""
    from ticketctl.cli.views import ticket_contents, ticket_page

    page = ticket_contents.read(work.tx, ticket.id, work.definition, work.at, last=LAST)
    entries = sorted(ticket_page.said(page), key=lambda entry: entry[:3])
    if len(entries) > LAST or page.held > LAST:
        yield from ("", f"(earlier: `ticketctl show {ticket.id}`)")
    for _, is_comment, of, entry in entries[-LAST:]:
        where = f"{'comment' if is_comment else 'message'} {entry.n}"
        where += f" of #{of}" if of != ticket.id else ""
        where += ", not sent" if getattr(entry, "delivery", "") == "cancelled" else ""
        yield from ("", f"--- {_who(entry)}, {local(entry.at, app.zone)}, {where} ---")
        yield from _lines(entry.text)
        yield from (f"[{file.n}] {terminal_line(file.name)}" for file in entry.attachments)


def _who(one: "Message | Comment") -> str:
    """`customer, Carl`, `to the customer, Ana`, `INTERNAL, ben`."""
    from ticketctl.domain.base.records import Comment

    if isinstance(one, Comment):
        return f"INTERNAL, {terminal_line(one.author)}"
    name = terminal_line(one.author_name or one.author)
    return f"customer, {name}" if one.direction == "in" else f"to the customer, {name}"


def _lines(text: str) -> "Iterator[str]":
    """The first lines of a text."""
    whole = terminal(text).strip("\n") or "(no text)"
    lines = [part for line in whole.split("\n") for part in text_table.wrapped(line, WIDTH)]
    yield from lines[:LINES]
    if len(lines) > LINES:
        yield f"… {len(lines) - LINES} more lines"
