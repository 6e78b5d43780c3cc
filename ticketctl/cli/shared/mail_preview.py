"""A mail to a customer as it will go: written in a transaction that is rolled back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ticketctl import text_table
from ticketctl.domain.base import size
from ticketctl.safe import terminal, terminal_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.send.preview import MailPreview
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.mail.outgoing_attachments import NewAttachment
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import OutboxRow
    from ticketctl.store.db.database import Tx

WIDEST = 100  # columns of a text that is easy to read


def rehearsed(
    app: "App", ticket: int, write: "Callable[[Work], object]", *, notify: bool = True
) -> "MailPreview | None":
    """The first mail about a ticket that `write` would send to the customer's side; None if it would send none."""

    def attempt(tx: "Tx") -> "MailPreview | None":
        rows = _written(app, tx, ticket, write, notify=notify)
        return _as_read(app, tx, rows[0]) if rows else None

    return app.db.rehearse(attempt)


def recipients(app: "App", ticket: int, write: "Callable[[Work], object]") -> str:
    """The addresses on the customer's side of a ticket that `write` would mail; "" for none."""

    def attempt(tx: "Tx") -> str:
        rows = _written(app, tx, ticket, write)
        people = (one for row in rows for one in _people(row))
        return ", ".join(dict.fromkeys(people))

    return app.db.rehearse(attempt)


def show(app: "App", mail: "MailPreview", attached: "Sequence[NewAttachment]" = ()) -> None:
    """Show the headers that a reader sees, the whole text, and the attachments."""
    width = min(app.out.width, WIDEST) - 2
    for line in (*_head(mail, attached, width), "", *_wrapped(terminal(mail.text), width)):
        app.out.note(f"  {line}".rstrip())


def _written(
    app: "App", tx: "Tx", ticket: int, write: "Callable[[Work], object]", *, notify: bool = True
) -> "list[OutboxRow]":
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import outbound
    from ticketctl.store.queues import outbox

    work = begin(tx, app.actor(), notify=notify)
    write(work)
    rows = outbox.of_group(tx, work.group, [ticket])
    return [one for one in rows if one.kind in outbound.FOR_CUSTOMERS]


def _as_read(app: "App", tx: "Tx", row: "OutboxRow") -> "MailPreview":
    from gateway.bridge import words
    from gateway.send import preview
    from gateway.send.desk_snapshot import DeskSnapshot

    desk = DeskSnapshot(tx)
    if row.channel != "email":
        said, _ = words.of(row, desk, app.settings)
        return preview.MailPreview((("To", _people(row)[0]),), said)
    return preview.preview(row, desk, app.settings)


def _people(row: "OutboxRow") -> list[str]:
    """The recipients of a mail; on another channel `twitter:@ana by chat, private`."""
    if row.channel != "email":
        return [f"{row.to[0]} by {row.channel}, {row.data['visibility']}"]
    return [*row.to, *row.cc, *row.bcc]


def _head(mail: "MailPreview", attached: "Sequence[NewAttachment]", width: int) -> "Iterator[str]":
    """One line a header, wrapped below its value."""
    files = [
        f"{one.name} ({size.show(len(one.content))}{', in the text' if one.inline else ''})"
        for one in attached
    ]
    for name, value in (*mail.headers, *(("Attached", one) for one in files)):
        first, *rest = text_table.wrapped(terminal_line(value), width - 10)
        yield f"{name + ':':<10}{first}"
        yield from (f"{'':<10}{line}" for line in rest)


def _wrapped(text: str, width: int) -> "Iterator[str]":
    for line in text.split("\n"):
        yield from text_table.wrapped(line, width)
