"""Writes tickets as one HTML page for people outside: no scripts, nothing loaded, for light, dark, print, any width.

It tells what a customer may know: their own messages and ours, public names, the fields that desk.toml calls
public, no comment, no history, no other field. Our own words on it are in the customer's language.
"""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain, islice
from typing import IO
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from gateway.page import fields, labels
from gateway.page.files import Link, items
from gateway.page.labels import Labels
from gateway.page.message_body import body
from gateway.page.style import STYLE
from ticketctl.actions.base.context import public_name
from ticketctl.clock import rfc3339
from ticketctl.console.times import local
from ticketctl.domain.base.records import Message, Ticket
from ticketctl.domain.definition.definition import Definition
from ticketctl.safe import terminal_line
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import conversations
from ticketctl.templating.direction import direction

# A second protection besides the sanitiser: what slips through can neither run nor load.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_HEAD = f"""<!doctype html>
<html {{language}}><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>{{title}}</title><style>{STYLE}</style></head><body>
"""
_NOT_HAD = ("failed", "bounced")  # mail that nobody received is marked
_TOLD = ("waiting", "resolved", "closed")  # statuses that a customer knows; all others are "open"
_END = "</body></html>\n"


def write_html(
    out: IO[bytes],
    tx: Tx,
    found: Iterable[Ticket],
    *,
    zone: ZoneInfo,
    definition: Definition,
    link: Link | None = None,
) -> int:
    """Write the page, ticket by ticket; return how many. Without `link`, attachments are only named."""
    tickets = iter(found)
    first = list(islice(tickets, 2))
    one = first[0] if len(first) == 1 else None
    name, own = definition.settings.name, labels.of("", definition.settings.language)
    title = f"#{one.id} {one.subject}, {name}" if one else f"{name}: {own.tickets}"
    language = _language(one) if one else f'lang="{own.language}" dir="ltr"'
    out.write(_HEAD.replace("{language}", language).replace("{title}", _line(title)).encode())
    count = 0
    for ticket in chain(first, tickets):
        for piece in _ticket(tx, ticket, zone, definition, link):
            out.write(piece.encode("utf-8", "replace"))
        count += 1
    out.write(_END.encode())
    return count


def _ticket(
    tx: Tx, ticket: Ticket, zone: ZoneInfo, definition: Definition, link: Link | None
) -> Iterator[str]:
    say = labels.of(ticket.language or "", definition.settings.language)
    yield f"<article {_language(ticket)}><header>"
    subject = f'<bdi class="subject">{_line(ticket.subject)}</bdi>'
    yield f'<h1><span class="number">#{ticket.id}</span> {subject}</h1><dl>'
    for name, value in _facts(ticket, zone, definition.settings.name, say):
        if value:
            yield f'<div><dt lang="{say.language}">{name}</dt><dd><bdi>{_line(value)}</bdi></dd></div>'
    for name, value in fields.public(tx, ticket, definition, say):
        yield f'<div><dt lang=""><bdi>{_line(name)}</bdi></dt><dd><bdi>{_line(value)}</bdi></dd></div>'
    yield "</dl></header>\n"
    for one in sorted(conversations.all_messages(tx, ticket.id), key=lambda one: one.at):
        if one.delivery != "cancelled":  # words that were taken back
            numbered = say.message_of if one.ticket != ticket.id else say.message
            name = numbered.format(n=one.n, ticket=one.ticket)
            yield _message(tx, one, zone, name, say, link)
    yield "</article>\n"


def _facts(
    ticket: Ticket, zone: ZoneInfo, desk_name: str, say: Labels
) -> Iterator[tuple[str, str]]:
    yield say.desk, desk_name
    yield say.customer, f"{ticket.customer.name} <{ticket.customer.email}>".strip()
    yield say.agent, public_name(ticket.owner or "")
    yield say.status, say.words[ticket.status if ticket.status in _TOLD else "open"]
    yield say.opened, local(ticket.created_at, zone)
    yield say.zone, zone.key


def _message(
    tx: Tx, one: Message, zone: ZoneInfo, name: str, say: Labels, link: Link | None
) -> str:
    way = "out" if one.direction == "out" else "in"
    raw = blobs.get(tx, one.blob) if one.blob and way == "in" else None
    if one.delivery in _NOT_HAD:
        name += f", {say.words[one.delivery]}"
    files = "".join(f"<li>{item}</li>" for item in items(tx, one, link, say.not_kept))
    below = f'<ul class="files">{files}</ul>' if files else ""
    at = f'<time datetime="{rfc3339(one.at)}">{local(one.at, zone)}</time>'
    head = (
        f'<h2 lang="{say.language}">{_line(name)}</h2> <b><bdi>{_line(_author(one))}</bdi></b> {at}'
    )
    return f'<section class="{way}"><header>{head}</header>{body(one, raw)}{below}</section>\n'


def _author(one: Message) -> str:
    """Return who wrote a message: of ours only the public name."""
    if one.direction == "out":
        return one.author_name or public_name(one.author.partition("@")[0])
    return f"{one.author_name} <{one.author}>".strip() if "@" in one.author else one.author


def _language(ticket: Ticket) -> str:
    """Return the attributes for text in the ticket's language; if that is unknown, its subject tells the direction."""
    if ticket.language:
        return f'lang="{escape(ticket.language)}" dir="{direction(ticket.language)}"'
    strong = (sort for one in ticket.subject if (sort := bidirectional(one)) in ("L", "R", "AL"))
    return f'lang="" dir="{"ltr" if next(strong, "L") == "L" else "rtl"}"'


def _line(value: str) -> str:
    return escape(terminal_line(value))
