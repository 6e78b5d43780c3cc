"""What an export writes: columns, and tickets with their messages and comments."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import Struct

from ticketctl.domain.base.records import Comment, Message, Ticket

T = TypeVar("T")

PAGE = 200  # tickets whose messages are read together


class ExportColumn(Struct, frozen=True):
    """A column of an export: its name, its value for a row (text, number, time, date, bool, None), is it a time."""

    name: str
    value: Callable[[Any], Any]
    is_time: bool = False


def _column(name: str, attribute: str = "", *, is_time: bool = False) -> ExportColumn:
    return ExportColumn(name, attrgetter(attribute or name), is_time)


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
