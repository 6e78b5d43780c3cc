"""The columns of an export: every field of a ticket, named as in the JSON, in one order."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct

from ticketctl.domain.base.records import Comment, Message, Ticket

T = TypeVar("T")

PAGE = 200  # tickets whose messages are read together


class ExportColumn(Struct, frozen=True):
    """A column of an export: its name, its value for a row (text, number, time, bool, None), is it a time."""

    name: str
    value: Callable[[Any], Any]
    is_time: bool = False


def ticket_fields(names: Iterable[str]) -> list[ExportColumn]:
    """The columns of a ticket; `names` are custom fields, each a column of its own."""
    plain = [
        ExportColumn("id", lambda t: t.id),
        ExportColumn("subject", lambda t: t.subject),
        ExportColumn("status", lambda t: t.status),
        ExportColumn("priority", lambda t: t.priority),
        ExportColumn("important", lambda t: t.important),
        ExportColumn("kind", lambda t: t.kind),
        ExportColumn("channel", lambda t: t.channel),
        ExportColumn("mailbox", lambda t: t.mailbox),
        ExportColumn("segment", lambda t: t.segment),
        ExportColumn("source_segment", lambda t: t.source_segment),
        ExportColumn("owner", lambda t: t.owner),
        ExportColumn("type", lambda t: t.type),
        ExportColumn("tags", lambda t: ",".join(t.tags)),
        ExportColumn("customer_id", lambda t: t.customer.id),
        ExportColumn("customer_name", lambda t: t.customer.name),
        ExportColumn("customer_email", lambda t: t.customer.email),
        ExportColumn("created_at", lambda t: t.created_at, is_time=True),
        ExportColumn("updated_at", lambda t: t.updated_at, is_time=True),
        ExportColumn("resolved_at", lambda t: t.resolved_at, is_time=True),
        ExportColumn("closed_at", lambda t: t.closed_at, is_time=True),
        ExportColumn("wait_until", lambda t: t.wait_until, is_time=True),
        ExportColumn("messages_count", lambda t: t.messages_count),
        ExportColumn("comments_count", lambda t: t.comments_count),
        ExportColumn("awaiting", lambda t: t.awaiting),
        ExportColumn("escalation_level", lambda t: t.escalation_level),
        ExportColumn("merged_into", lambda t: t.merged_into),
        ExportColumn("version", lambda t: t.version),
    ]
    return plain + [ExportColumn(f"cf.{name}", _own(name)) for name in names]


MESSAGE_FIELDS = [
    ExportColumn("ticket", lambda m: m.ticket),
    ExportColumn("n", lambda m: m.n),
    ExportColumn("direction", lambda m: m.direction),
    ExportColumn("class", lambda m: m.class_),
    ExportColumn("visibility", lambda m: m.visibility),
    ExportColumn("author", lambda m: m.author),
    ExportColumn("author_name", lambda m: m.author_name),
    ExportColumn("at", lambda m: m.at, is_time=True),
    ExportColumn("subject", lambda m: m.subject),
    ExportColumn("text", lambda m: m.text),
    ExportColumn("message_id", lambda m: m.message_id),
    ExportColumn("delivery", lambda m: m.delivery),
    ExportColumn("attachments", lambda m: ",".join(a.name for a in m.attachments)),
]

COMMENT_FIELDS = [
    ExportColumn("ticket", lambda c: c.ticket),
    ExportColumn("n", lambda c: c.n),
    ExportColumn("author", lambda c: c.author),
    ExportColumn("at", lambda c: c.at, is_time=True),
    ExportColumn("text", lambda c: c.text),
]


class ExportedTicket(Struct, frozen=True):
    """A ticket with the messages and comments to export."""

    ticket: Ticket
    messages: list[Message]
    comments: list[Comment]
    merged: "list[ExportedTicket]" = []  # tickets merged into it


def pages(found: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The same items in lists of at most `size`."""
    iterator = iter(found)
    while page := list(islice(iterator, size)):
        yield page


def _own(name: str) -> Callable[[Ticket], object]:
    def value(ticket: Ticket) -> object:
        found = ticket.fields.get(name)
        return ",".join(map(str, found)) if isinstance(found, list) else found

    return value
