"""What the panes show, read from the database and made into lines."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ticketctl import text_table
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.most_urgent import most_urgent
from ticketctl.cli.shared import last_seen
from ticketctl.cli.views import ticket_contents, ticket_page
from ticketctl.cli.views.customer_panel import named
from ticketctl.cli.views.ticket_contents import Page
from ticketctl.cli.views.ticket_table import ticket_view
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.domain.base.records import Message, Ticket
from ticketctl.domain.calendar import sla_word
from ticketctl.safe import terminal_line
from ticketctl.ui import queues
from ticketctl.ui.news import News
from ticketctl.ui.panes.choice_list import Choice
from ticketctl.ui.panes.conversation import Part
from ticketctl.ui.panes.drawn import folded
from ticketctl.ui.queues import Counted, Found, Queue

NEW = "•"  # before a queue with something new
WRITTEN = "✎"  # before a ticket to which somebody is writing


class Listed(NamedTuple):
    """The tickets of a queue, as lines below a head."""

    queue: Queue | None = None
    tickets: Sequence[Ticket] = ()
    head: str = ""
    lines: Sequence[Choice] = ()
    older: int = 0
    written: frozenset[int] = frozenset()  # tickets to which others are writing


class ShownPage(NamedTuple):
    """A ticket, what is most important of it in a line, and the parts of its page."""

    page: Page
    ticket: Ticket
    title: str
    head: str
    parts: Sequence[Part]


def counted(app: App, news: News, typed: Queue | None) -> tuple[list[Counted], News]:
    """Every queue, how many tickets it has, and how many have something new since its last look.

    The query `typed` last is a queue, too.
    """
    known = queues.queues(app)
    own = [typed] if typed and typed not in known else []
    return queues.counts(app, [*known, *own], news)


def queue_lines(found: Sequence[Counted], room: int) -> list[Choice]:
    """A line for each queue: its name, and how many tickets it has; a sign where something is new."""
    lines = []
    for queue, count, new in found:
        number = (
            f"{queues.MOST - 1}+"
            if count == queues.MOST
            else str(count if count is not None else "?")
        )
        name = text_table.cut(terminal_line(queue.name), room - 5)
        blanks = " " * (room - text_table.wide(name) - len(number))
        lines.append(Choice(queue.name, f"{name}{blanks}{number}", NEW if new else " "))
    return lines


def listed(app: App, queue: Queue, limit: int) -> Listed:
    """The first tickets of a queue, as `list` shows them."""
    return laid(app, of_found(app, queue, queues.tickets(app, queue, limit)))


def of_found(app: App, queue: Queue, found: Found) -> Listed:
    """Tickets that were read already, not yet in lines."""
    others = (one.ticket for one in found.version.writers if one.agent != app.me())
    return Listed(queue, found.tickets, older=found.older, written=frozenset(others))


def laid(app: App, listed: Listed) -> Listed:
    """The same tickets in lines of another width."""
    if not listed.tickets:
        return listed
    table = rows.table(app, ticket_view(app), listed.tickets, width=app.out.width)
    head, _, *lines = table.split("\n")
    choices = [
        Choice(str(one.id), line, WRITTEN if one.id in listed.written else " ")
        for one, line in zip(listed.tickets, lines, strict=True)
    ]
    return listed._replace(head=head, lines=choices)


def page(
    app: App, number: int, unfolded: Collection[tuple[int, int]], *, look: bool = False
) -> ShownPage:
    """The page of a ticket, as `show` has it; these messages with what they quote. `look`: the agent reads it."""
    with app.db.read() as tx:
        definition = app.definition_in(tx)
        found = ticket_contents.read(tx, number, definition, app.now, among=access.visible(app))
        access.check(app, tx, found.ticket)
    if look:
        last_seen.at(app, app.actor().name, found.ticket)
    return page_laid(app, found, unfolded)


def page_laid(app: App, found: Page, unfolded: Collection[tuple[int, int]]) -> ShownPage:
    """The page in lines of some width; these messages with what they quote."""

    def is_full(of: int, n: int) -> bool:
        return (of, n) in unfolded

    title = terminal_line(f"#{found.ticket.id} {found.ticket.subject}")
    parts = [
        _part(app, one) for one in ticket_page.parts(app, found, is_full, unfold="f unfolds it")
    ]
    if text_table.wide(title) <= app.out.width:  # else the page has it whole
        parts[0] = Part(parts[0].lines[1:])
    return ShownPage(found, found.ticket, title, _head(app, found), parts)


def _part(app: App, one: ticket_page.Part) -> Part:
    lines = folded(one.text, app.out.width)
    if isinstance(one.entry, Message):
        return Part(lines, one.entry.direction, (one.of, one.entry.n))
    return Part(lines, "comment" if one.entry else "")


def _head(app: App, page: Page) -> str:
    """What an agent asks of a ticket first: who writes to it, its state, its owner, its time, whose it is."""
    ticket = page.ticket
    others = (one for one in page.writers if one.agent != app.me())
    words = [f"{WRITTEN} {one.agent} writes a {one.kind}" for one in others]
    words += [ticket.status, ticket.priority, ticket.owner or "nobody"]
    words += [word] if (word := sla_word.word(ticket, app.now, short=True)) != "-" else []
    words += [named(page.customer)]
    return text_table.cut(" · ".join(words), app.out.width)


def next_ticket(app: App) -> int:
    """The most urgent ticket that the agent can take or has; NotFound for none."""
    with app.db.read() as tx:
        return most_urgent(begin(tx, app.actor()))
