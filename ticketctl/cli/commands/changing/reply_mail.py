"""The text of a reply, and its mail as it will go: written in a transaction that is rolled back."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl import text_table
from ticketctl.cli.shared import canned_replies
from ticketctl.domain.base import size
from ticketctl.safe import terminal, terminal_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.send.preview import MailPreview
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras
    from ticketctl.console.context import App
    from ticketctl.store.db.database import Tx

WIDEST = 100  # columns of a text that is easy to read


class Text(NamedTuple):
    """What a reply says: the agent's own words, below a canned reply if one is named."""

    own: str
    canned: str | None = None
    quotes: bool = True  # the desk quotes --to-message below; False: the text does that itself

    def fill(self, app: "App", work: "Work", number: int) -> str:
        """The text for a ticket; NotFound for an unknown canned reply."""
        if self.canned is None:
            return self.own
        from ticketctl.actions.tickets import reply

        answers = canned_replies.answers(app, work.tx)
        return self.below(answers.fill(self.canned, *reply.names(work, number)))

    def below(self, canned: str) -> str:
        """The text, with the words of the canned reply as filled in for a ticket."""
        return self.own if self.canned is None else f"{canned}\n\n{self.own}".rstrip()


class _RolledBack(Exception):
    """Carries the mail out of the transaction that is rolled back."""

    def __init__(self, mail: "MailPreview") -> None:
        self.mail = mail


def show(app: "App", ticket: int, text: Text, extras: "Extras") -> None:
    """Show the headers that a reader sees, the whole text, and the attachments."""
    mail = _written(app, ticket, text, extras)
    width = min(app.out.width, WIDEST) - 2
    for line in (*_head(mail, extras, width), "", *_wrapped(terminal(mail.text), width)):
        app.out.note(f"  {line}".rstrip())


def _written(app: "App", ticket: int, text: Text, extras: "Extras") -> "MailPreview":
    from msgspec.structs import replace

    from gateway.send import preview
    from gateway.send.desk_snapshot import DeskSnapshot
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets import reply
    from ticketctl.store.queues import outbox

    def attempt(tx: "Tx") -> None:
        work = begin(tx, app.actor(), notify=False)
        words = text.fill(app, work, ticket)
        n = reply.reply(work, ticket, words, replace(extras, status=None, quotes=text.quotes))
        rows = outbox.of_group(tx, work.group, [ticket])
        row = next(row for row in rows if (row.kind, row.message) == ("reply", n))
        if row.channel != "email":
            to = f"{row.to[0]} by {row.channel}, {row.data['visibility']}"
            raise _RolledBack(preview.MailPreview((("To", to),), row.data["text"]))
        raise _RolledBack(preview.preview(row, DeskSnapshot(tx), app.settings))

    try:
        app.db.write(attempt)
    except _RolledBack as undone:
        return undone.mail
    raise AssertionError("the transaction ended without its mail")


def _head(mail: "MailPreview", extras: "Extras", width: int) -> "Iterator[str]":
    """One line a header, wrapped below its value."""
    attached = [
        f"{one.name} ({size.show(len(one.content))}{', in the text' if one.inline else ''})"
        for one in extras.attachments
    ]
    for name, value in (*mail.headers, *(("Attached", one) for one in attached)):
        first, *rest = text_table.wrapped(terminal_line(value), width - 10)
        yield f"{name + ':':<10}{first}"
        yield from (f"{'':<10}{line}" for line in rest)


def _wrapped(text: str, width: int) -> "Iterator[str]":
    for line in text.split("\n"):
        yield from text_table.wrapped(line, width)
