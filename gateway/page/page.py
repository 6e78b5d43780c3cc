"""Writes tickets as one self-contained HTML page: no scripts, nothing loaded, for light and dark, any width."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import IO
from zoneinfo import ZoneInfo

from gateway.page.message_body import body, text
from gateway.page.style import STYLE
from ticketctl.console.times import local
from ticketctl.domain.base import size
from ticketctl.domain.base.records import Attachment, Comment, Message, Ticket
from ticketctl.safe import terminal_line
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import conversations

# A second protection besides the sanitiser: what slips through can neither run nor load.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_HEAD = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>{{title}}</title><style>{STYLE}</style></head><body>
"""
_NOT_HAD = ("cancelled", "failed", "bounced")  # mail that nobody received is marked
_END = "</body></html>\n"


def write_html(
    out: IO[bytes],
    tx: Tx,
    found: Iterable[Ticket],
    *,
    zone: ZoneInfo,
    title: str,
    comments: bool,
) -> int:
    """Write the page, ticket by ticket; return how many. Comments are internal, so only if asked for."""
    out.write(_HEAD.replace("{title}", _line(title)).encode())
    count = 0
    for ticket in found:
        for piece in _ticket(tx, ticket, zone, comments=comments):
            out.write(piece.encode("utf-8", "replace"))
        count += 1
    out.write(_END.encode())
    return count


def _ticket(tx: Tx, ticket: Ticket, zone: ZoneInfo, *, comments: bool) -> Iterator[str]:
    yield f'<article><header><h1><span class="number">#{ticket.id}</span> {_line(ticket.subject)}</h1><dl>'
    for name, value in _facts(ticket, zone):
        if value:
            yield f"<div><dt>{name}</dt><dd>{_line(value)}</dd></div>"
    yield "</dl></header>\n"
    entries: list[Message | Comment] = [*conversations.all_messages(tx, ticket.id)]
    entries += conversations.all_comments(tx, ticket.id) if comments else []
    for entry in sorted(entries, key=lambda one: one.at):
        of = f" of #{entry.ticket}" if entry.ticket != ticket.id else ""
        if isinstance(entry, Message):
            yield _message(tx, entry, zone, of)
        else:
            yield _comment(entry, zone, of)
    yield "</article>\n"


def _facts(ticket: Ticket, zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    yield "Status", f"{ticket.status}, {ticket.priority}"
    yield "Customer", f"{ticket.customer.name} <{ticket.customer.email}>".strip()
    yield "Owner", ticket.owner or "nobody"
    yield "Segment", ticket.segment
    yield "Mailbox", ticket.mailbox
    yield "Tags", ", ".join(ticket.tags)
    yield "Created", local(ticket.created_at, zone)
    yield "Updated", local(ticket.updated_at, zone)


def _message(tx: Tx, one: Message, zone: ZoneInfo, of: str) -> str:
    way = "out" if one.direction == "out" else "in"
    who = f"{one.author_name} <{one.author}>" if "@" in one.author else one.author
    raw = blobs.get(tx, one.blob) if one.blob and way == "in" else None
    shown = body(one, raw)
    name = f"Message {one.n}{of}" + (f", {one.delivery}" if one.delivery in _NOT_HAD else "")
    return _entry(way, name, who, local(one.at, zone), shown, one.attachments)


def _comment(one: Comment, zone: ZoneInfo, of: str) -> str:
    kind = f"Comment {one.n}{of}, internal"
    return _entry("comment", kind, one.author, local(one.at, zone), text(one.text), one.attachments)


def _entry(
    kind: str, name: str, who: str, at: str, shown: str, attachments: Iterable[Attachment]
) -> str:
    files = "".join(
        f"<li>{_line(one.name)} <small>{_line(one.type)}, {size.show(one.size)}</small></li>"
        for one in attachments
        if not one.inline
    )
    below = f'<ul class="files">{files}</ul>' if files else ""
    head = f"<h2>{_line(name)}</h2> <b>{_line(who)}</b> <time>{at}</time>"
    return f'<section class="{kind}"><header>{head}</header>{shown}{below}</section>\n'


def _line(value: str) -> str:
    return escape(terminal_line(value))
