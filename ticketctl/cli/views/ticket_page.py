"""A ticket as a page to read. All text from outside passes `safe`."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl import text_table
from ticketctl.cli.views import bars, customer_panel
from ticketctl.console.times import ago, local
from ticketctl.domain.base import size
from ticketctl.domain.base.proof import NONE, REFUTED
from ticketctl.domain.calendar import age as ages
from ticketctl.safe import terminal, terminal_line

WIDEST = 100  # columns of a text that is easy to read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ticketctl.cli.views.ticket_contents import Page
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Attachment, Comment, Message, Ticket
    from ticketctl.store.desk.ratings import Rating
    from ticketctl.store.queues.recipients import Dead
    from ticketctl.store.tickets.writers import Writer


class Part(NamedTuple):
    """A part of the page, and the message or comment that it is, with its ticket."""

    text: str
    of: int = 0
    entry: "Message | Comment | None" = None


def ticket(app: "App", page: "Page", *, full: bool, urls: bool) -> str:
    """Print the head, the customer, and messages and comments in the order they were written."""
    return "\n\n".join(part.text for part in parts(app, page, lambda *_: full, urls=urls))


def parts(
    app: "App",
    page: "Page",
    is_full: "Callable[[int, int], bool]",
    *,
    urls: bool = False,
    unfold: str = "--full",
) -> "Iterator[Part]":
    """The parts of the page from the top.

    Messages that are not full, by their ticket and number, are without what they quote; `unfold` is how to see it.
    """
    yield Part(_head(app, page))
    entries = sorted(said(page), key=lambda entry: entry[:3])
    hidden = page.held - sum(is_comment == 0 for _, is_comment, _, _ in entries)
    if hidden > 0:
        yield Part(f"({hidden} earlier not shown)")
    for _, is_comment, number, entry in entries:
        of = _of(page, number)
        if is_comment:
            yield Part(_comment(app, entry, of), number, entry)  # type: ignore[arg-type]
        else:
            full = unfold if not is_full(number, entry.n) else ""
            text = _message(app, entry, full, urls, of)  # type: ignore[arg-type]
            yield Part(text, number, entry)
    if page.earlier:
        yield Part(_earlier(app, page))


def _of(page: "Page", number: int) -> str:
    return f" of #{number}" if number != page.ticket.id else ""


def said(page: "Page") -> "Iterator[tuple[datetime, int, int, Message | Comment]]":
    """Messages and comments of this ticket and those merged into it, by time."""
    own = (page.ticket, page.messages, page.comments)
    for of, said, noted in (own, *page.merged):
        yield from ((one.at, 0, of.id, one) for one in said)
        yield from ((one.at, 1, of.id, one) for one in noted)


def _earlier(app: "App", page: "Page") -> str:
    """The customer's other tickets, as `list` shows them (F-A33)."""
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.console import rows as output

    who = terminal_line(page.customer.name or page.customer.email)
    count = len(page.earlier)
    head = f"{count} other ticket{'s' if count > 1 else ''} of {who}, the last changed first"
    width = app.out.width if app.out.is_terminal else None
    rows = output.table(app, ticket_view(app), page.earlier, width=width)
    return f"{app.out.style(head, bold=True)}\n{rows}"


def comments(app: "App", page: "Page") -> str:
    """Print only the comments."""
    found = [_comment(app, one, _of(page, number)) for number, one in comments_of(page)]
    return "\n\n".join(found) or "no comments"


def comments_of(page: "Page") -> "list[tuple[int, Comment]]":
    """The comments of this ticket and those merged into it, by time, each with the number of its ticket."""
    own = (page.ticket, page.messages, page.comments)
    entries = [(of.id, one) for of, _, noted in (own, *page.merged) for one in noted]
    return sorted(entries, key=lambda entry: (entry[1].at, entry[0]))


def _head(app: "App", page: "Page") -> str:
    one = page.ticket
    lines = [
        app.out.style(f"#{one.id}  {terminal_line(one.subject)}", bold=True),
        _row("status", _status(app, one)),
        *(_row(name, value) for name, value in _customer(app, page)),
        *(_row("no mail", _dead(app, each)) for each in page.dead),
        _row("answers", _answers(page)),
        _row(
            "also", ", ".join(terminal_line(p.address) for p in page.participants if p.role == "cc")
        ),
        _row(
            "experts",
            ", ".join(terminal_line(p.address) for p in page.participants if p.role == "expert"),
        ),
        _row("owner", one.owner or "nobody"),
        *(_row("writing", _writing(app, each)) for each in page.writers if each.agent != app.me()),
        _row("watched", f"by {', '.join(page.watchers)}" if page.watchers else ""),
        _row(
            "segment",
            one.segment
            + (f" (came to {one.source_segment})" if one.source_segment != one.segment else ""),
        ),
        _row("mailbox", f"{one.mailbox} ({one.channel}, {one.kind})"),
        *_clocks(app, page),
        _row("type", one.type or ""),
        _row("tags", ", ".join(one.tags)),
        *(_row(name, str(value)) for name, value in sorted(one.fields.items())),
        _row("created", f"{local(one.created_at, app.zone)} ({ago(one.created_at, app.now)})"),
        _row("updated", f"{local(one.updated_at, app.zone)} ({ago(one.updated_at, app.now)})"),
        _row("rated", _rated(page)),
        _row("merged", _merged(page)),
        _row("join", _joinable(app, page)),
        _row("links", ", ".join(f"{it.kind} #{it.ticket} ({it.status})" for it in page.links)),
    ]
    return "\n".join(line for line in lines if line)


def _customer(app: "App", page: "Page") -> "Iterator[customer_panel.Row]":
    """The customer panel; last seen only if that was not in this ticket."""
    one = page.customer
    yield "customer", customer_panel.named(one)
    yield from customer_panel.known_by(one)
    yield from customer_panel.profile(app, one)
    if one.last_page or one.last_seen_at != page.ticket.last_customer_at:
        yield from customer_panel.seen(app, one)
    yield from customer_panel.bought(app, page.orders)


def _writing(app: "App", one: "Writer") -> str:
    """`ben, a reply since 14:02`"""
    return f"{one.agent}, a {one.kind} since {one.since.astimezone(app.zone):%H:%M}"


def _graded(one: "Rating") -> str:
    """`4 of 5 (csat)`"""
    from ticketctl.domain.rules.survey import bounds

    return f"{one.rating} of {bounds(one.scale)[1]} ({one.survey})"


def _rated(page: "Page") -> str:
    one = page.answer
    return ": ".join(part for part in (_graded(one), one.comment) if part) if one else ""


def response(app: "App", one: "Rating") -> str:
    """A survey answer: rating, time, ticket, comment, the other questions, and where it can be read."""
    about = f" about ticket {one.ticket}" if one.ticket is not None else ""
    head = f"{_graded(one)}{about}, {local(one.at, app.zone)}"
    parts = [head, *([_body(app, one.comment)] if one.comment else [])]
    parts += [f"{terminal_line(asked)}\n{_body(app, said)}" for asked, said in one.answers]
    return "\n\n".join([*parts, *([terminal_line(one.url)] if one.url else [])])


def _clocks(app: "App", page: "Page") -> "Iterator[str]":
    """The service level: a due time set by hand, and each clock that is not void."""
    from ticketctl.cli.views import sla_clocks

    due_by = page.ticket.due_by
    yield _row("due", f"{local(due_by, app.zone)}, set by hand" if due_by else "")
    lines = sla_clocks.panel(app, [one for one in page.clocks if one.state != "void"])
    yield from (_row("sla" if n == 0 else " ", line) for n, line in enumerate(lines))


def _merged(page: "Page") -> str:
    """The ticket this one was merged into, or the tickets merged into it."""
    if page.final != page.ticket.id:
        return f"into #{page.final}: `ticketctl show {page.final}` has the conversation"
    return ", ".join(f"#{one.ticket.id} is in here" for one in page.merged)


def _joinable(app: "App", page: "Page") -> str:
    """The customer's running ticket on another channel that this one may belong to, and how to join them (F-L8)."""
    from ticketctl.domain.base import status
    from ticketctl.domain.base.subject import bare_subject

    def about(one: "Ticket") -> str:
        return bare_subject(app.definition.settings.name, one.subject).casefold()

    here = page.ticket
    related = {link.ticket for link in page.links if link.kind == "related"}
    earlier = (
        one
        for one in page.earlier
        if one.id < here.id
        and {one.status, here.status} <= status.ACTIVE
        and one.channel != here.channel
        and one.customer.id == here.customer.id
        and (one.id in related or about(one) == about(here))
    )
    one = next(earlier, None)
    if one is None:
        return ""
    return f"with #{one.id} by {one.channel}: `ticketctl merge {here.id} --into {one.id}`"


def _answers(page: "Page") -> str:
    """Where answers go, if not to one of the customer's addresses."""
    return (
        f"go to {page.answers_to}, which is not an address of the customer"
        if page.answers_to
        else ""
    )


def _dead(app: "App", one: "Dead") -> str:
    why = f": {one.why}" if one.why else ""
    return f"reaches {one.address} since {local(one.since, app.zone)}{why}"


def _row(name: str, value: str) -> str:
    return f"{name:<10}{terminal_line(value)}" if value else ""


def _status(app: "App", one: "Ticket") -> str:
    age = ages.alert(one, app.definition, app.now)
    words = [one.status, one.priority]
    words += ["important"] if one.important else []
    words += [f"age {age}"] if age != ages.NONE else []
    words += [f"level {one.escalation_level}"] if one.escalation_level else []
    words += [f"until {local(one.wait_until, app.zone)}"] if one.wait_until else []
    return ", ".join(words)


def message(app: "App", one: "Message", *, margin: int = 0) -> str:
    """One message, as `show` has it; `margin` columns of the terminal are kept free."""
    return _message(app, one, "--full", False, "", margin)


def _message(app: "App", one: "Message", unfold: str, urls: bool, of: str, margin: int = 0) -> str:
    """A message; with all that it quotes, if `unfold` does not say how to see that."""
    address = f" <{one.author}>" if "@" in one.author else ""
    who = terminal_line(one.author_name + address) or terminal_line(one.author)
    arrow = "→" if one.direction == "out" else "←"
    marks = [
        _seen_by(app, one),
        one.channel if one.channel not in ("email", "manual") else "",
        one.class_ if one.class_ != "human" else "",
        _doubt(one),
        one.delivery or "",
    ]
    head = f"{arrow} message {one.n}{of}, {who}, {local(one.at, app.zone)}"
    head += "".join(f", {mark}" for mark in marks if mark)
    text = one.text if unfold else one.full_text
    lines = [
        app.out.style(head, fg="cyan" if one.direction == "in" else "green"),
        _body(app, text, margin),
    ]
    if unfold and one.full_text != one.text:
        lines.append(app.out.style(f"(more was quoted: {unfold})", dim=True))
    lines += [_attachment(a) for a in one.attachments]
    if urls and one.permalink:
        lines.append(terminal_line(one.permalink))
    return "\n".join(lines)


def _doubt(one: "Message") -> str:
    """A mark for a sender who is not proven; the first mail of a ticket is marked only if refuted."""
    if one.proof == REFUTED:
        return "sender refuted"
    return "sender not proven" if one.proof == NONE and one.n > 1 else ""


def _seen_by(app: "App", one: "Message") -> str:
    """Who can read it (F-A7), with a padlock if the terminal can show one."""
    lock = one.visibility == "private" and app.out.is_terminal and bars.is_unicode()
    return f"\N{LOCK} {one.visibility}" if lock else one.visibility


def _comment(app: "App", one: "Comment", of: str = "") -> str:
    head = (
        f"* comment {one.n}{of}, {terminal_line(one.author)}, {local(one.at, app.zone)}, internal"
    )
    return "\n".join(
        [
            app.out.style(head, fg="yellow"),
            _body(app, one.text),
            *map(_attachment, one.attachments),
        ]
    )


def _body(app: "App", text: str, margin: int = 0) -> str:
    """The text; on a terminal its long lines are broken between words."""
    safe = terminal(text).rstrip() or "(no text)"
    if not app.out.is_terminal:
        return safe
    safe = safe.expandtabs()
    width = min(app.out.width - margin, WIDEST)
    return "\n".join(part for line in safe.split("\n") for part in text_table.wrapped(line, width))


def _attachment(one: "Attachment") -> str:
    inline = ", inline" if one.inline else ""
    return f"  [{one.n}] {terminal_line(one.name)} ({terminal_line(one.type)}, {size.show(one.size)}{inline})"
