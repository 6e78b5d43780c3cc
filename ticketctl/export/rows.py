"""The columns of an export: every field of a ticket, named as in the JSON, in one order."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import attrgetter
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


def _column(name: str, attribute: str = "", *, is_time: bool = False) -> ExportColumn:
    return ExportColumn(name, attrgetter(attribute or name), is_time)


def ticket_fields(names: Iterable[str]) -> list[ExportColumn]:
    """The columns of a ticket; `names` are custom fields, each a column of its own."""
    plain = [
        _column("id"),
        _column("subject"),
        _column("status"),
        _column("priority"),
        _column("important"),
        _column("kind"),
        _column("channel"),
        _column("mailbox"),
        _column("segment"),
        _column("source_segment"),
        _column("owner"),
        _column("type"),
        ExportColumn("tags", lambda t: ",".join(t.tags)),
        _column("customer_id", "customer.id"),
        _column("customer_name", "customer.name"),
        _column("customer_email", "customer.email"),
        _column("created_at", is_time=True),
        _column("updated_at", is_time=True),
        _column("resolved_at", is_time=True),
        _column("closed_at", is_time=True),
        _column("wait_until", is_time=True),
        _column("messages_count"),
        _column("comments_count"),
        _column("awaiting"),
        _column("escalation_level"),
        _column("merged_into"),
        _column("version"),
    ]
    return plain + [ExportColumn(f"cf.{name}", _own(name)) for name in names]


MESSAGE_FIELDS = [
    _column("ticket"),
    _column("n"),
    _column("direction"),
    _column("class", "class_"),
    _column("visibility"),
    _column("author"),
    _column("author_name"),
    _column("at", is_time=True),
    _column("subject"),
    _column("text"),
    _column("message_id"),
    _column("delivery"),
    ExportColumn("attachments", lambda m: ",".join(a.name for a in m.attachments)),
]

COMMENT_FIELDS = [
    _column("ticket"),
    _column("n"),
    _column("author"),
    _column("at", is_time=True),
    _column("text"),
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
