"""What an export has of a ticket: every field, under the names of the JSON, in one order."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct

from ticketctl.domain.base.records import Comment, Message, Ticket

T = TypeVar("T")

PAGE = 200  # tickets whose messages are read together


class Field(Struct, frozen=True):
    """A column of an export: its name, its value of a row (text, number, time, bool, None), is that a time."""

    name: str
    value: Callable[[Any], Any]
    is_time: bool = False


def ticket_fields(names: Iterable[str]) -> list[Field]:
    """The columns of a ticket; `names` are the desk's own fields, each a column of its own."""
    plain = [
        Field("id", lambda t: t.id),
        Field("subject", lambda t: t.subject),
        Field("status", lambda t: t.status),
        Field("priority", lambda t: t.priority),
        Field("important", lambda t: t.important),
        Field("kind", lambda t: t.kind),
        Field("channel", lambda t: t.channel),
        Field("mailbox", lambda t: t.mailbox),
        Field("segment", lambda t: t.segment),
        Field("source_segment", lambda t: t.source_segment),
        Field("owner", lambda t: t.owner),
        Field("type", lambda t: t.type),
        Field("tags", lambda t: ",".join(t.tags)),
        Field("customer_id", lambda t: t.customer.id),
        Field("customer_name", lambda t: t.customer.name),
        Field("customer_email", lambda t: t.customer.email),
        Field("created_at", lambda t: t.created_at, is_time=True),
        Field("updated_at", lambda t: t.updated_at, is_time=True),
        Field("resolved_at", lambda t: t.resolved_at, is_time=True),
        Field("closed_at", lambda t: t.closed_at, is_time=True),
        Field("wait_until", lambda t: t.wait_until, is_time=True),
        Field("messages_count", lambda t: t.messages_count),
        Field("comments_count", lambda t: t.comments_count),
        Field("awaiting", lambda t: t.awaiting),
        Field("escalation_level", lambda t: t.escalation_level),
        Field("merged_into", lambda t: t.merged_into),
        Field("version", lambda t: t.version),
    ]
    return plain + [Field(f"cf.{name}", _own(name)) for name in names]


MESSAGE_FIELDS = [
    Field("ticket", lambda m: m.ticket),
    Field("n", lambda m: m.n),
    Field("direction", lambda m: m.direction),
    Field("class", lambda m: m.class_),
    Field("visibility", lambda m: m.visibility),
    Field("author", lambda m: m.author),
    Field("author_name", lambda m: m.author_name),
    Field("at", lambda m: m.at, is_time=True),
    Field("subject", lambda m: m.subject),
    Field("text", lambda m: m.text),
    Field("message_id", lambda m: m.message_id),
    Field("delivery", lambda m: m.delivery),
    Field("attachments", lambda m: ",".join(a.name for a in m.attachments)),
]

COMMENT_FIELDS = [
    Field("ticket", lambda c: c.ticket),
    Field("n", lambda c: c.n),
    Field("author", lambda c: c.author),
    Field("at", lambda c: c.at, is_time=True),
    Field("text", lambda c: c.text),
]


class Entry(Struct, frozen=True):
    """A ticket with what was asked for beside it."""

    ticket: Ticket
    messages: list[Message]
    comments: list[Comment]
    merged: "list[Entry]" = []  # what was merged into it


def pages(found: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The same things in lists of at most `size`."""
    iterator = iter(found)
    while page := list(islice(iterator, size)):
        yield page


def _own(name: str) -> Callable[[Ticket], Any]:
    def value(ticket: Ticket) -> Any:
        found = ticket.fields.get(name)
        return ",".join(map(str, found)) if isinstance(found, list) else found

    return value
