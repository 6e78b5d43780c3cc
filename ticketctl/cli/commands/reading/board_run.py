"""What `ticketctl board` does."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from ticketctl import text_table
from ticketctl.cli.shared import no_results
from ticketctl.cli.shared.filters import (
    Filters,
    age_colours,
    longest_waiting_first,
    mentions,
    parsed,
    wanted,
)
from ticketctl.cli.shared.query_names import refuse_unknown
from ticketctl.cli.views.groups import Group, groups
from ticketctl.cli.views.ticket_table import WAITS, style, ticket_view
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.console.times import ago
from ticketctl.console.view import Column, View
from ticketctl.domain.base.condition import Condition, Sort, Where, both
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import STATUSES
from ticketctl.domain.calendar import sla_word
from ticketctl.domain.calendar.age import NONE, alert
from ticketctl.safe import terminal_line
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import saved_queries, ticket_lists

NARROWEST, WIDEST = 17, 36  # columns of a terminal that a column of the board takes

USUAL = ("new", "open", "waiting", "escalated", "resolved", "closed")  # shown even where empty


class Pile(NamedTuple):
    """One column: its name, how many tickets it has, those shown."""

    name: str
    total: int
    tickets: Sequence[Ticket]


class Card(NamedTuple):
    """A ticket and the column it lies in."""

    column: str
    ticket: Ticket


def run(app: App, query: tuple[str, ...], by: str, limit: int | None, filters: Filters) -> None:
    """Show tickets in columns side by side, as many as fit on the terminal."""
    asked = wanted(app, query, filters)
    condition = both(access.visible(app), asked.condition)
    sort = asked.sort or longest_waiting_first(asked.condition)
    machine = rows.is_machine(app)
    with app.db.read() as tx:
        refuse_unknown(app, tx, condition)
        columns = list(_columns(app, tx, condition, by))
        fitted = limit is None and not machine
        most = list(_most(app, columns)) if fitted else [limit or 0] * len(columns)
        piles = [_pile(app, tx, *each, sort) for each in zip(columns, most, strict=True)]
    if not any(pile.tickets for pile in piles):
        no_results.tell(app, condition)
    if not machine:
        _draw(app, piles)
    elif rows.form(app) in ("json", "ndjson", "template"):
        rows.rows(app, _pile_view(app), piles)
    else:
        cards = (Card(pile.name, one) for pile in piles for one in pile.tickets)
        rows.rows(app, _card_view(app), cards)


def _columns(app: App, tx: Tx, condition: Condition, by: str) -> Iterator[Group]:
    """Columns: every status, the values of another field among active tickets, or the saved queries."""
    if by == "query":
        yield from _queries(app, tx, condition)
        return
    if by != "status" and not mentions(condition, ("status", "is")):
        condition = both(condition, Where("is", "=", ("open",)))
    found = {group.name: group for group in groups(tx, condition, by, age_colours(app))}
    if by != "status":
        yield from found.values()
        return
    for name in STATUSES:
        if name in found or name in USUAL:
            yield found.get(name, Group(name, 0, Where("status", "=", (name,))))


def _queries(app: App, tx: Tx, condition: Condition) -> Iterator[Group]:
    for one in saved_queries.usable(tx, app.me()):
        those = both(condition, parsed(app, one.text).condition)
        yield Group(one.name, ticket_lists.count(tx, those), those)


def _pile(app: App, tx: Tx, column: Group, most: int, sort: Sequence[Sort]) -> Pile:
    shown: Sequence[Ticket] = ()
    if column.tickets and sort:
        shown = ticket_lists.page(tx, column.condition, sort, most or None)
    elif column.tickets:
        shown = ticket_lists.urgent(tx, column.condition, app.now, most or None, of=column.tickets)
    return Pile(column.name, column.tickets, shown)


# ---- for programs ---------------------------------------------------------------------------------------------------


def _pile_view(app: App) -> View[Pile]:
    ticket = ticket_view(app).shape
    return View(
        [],
        [],
        lambda pile: {
            "column": pile.name,
            "count": pile.total,
            "tickets": [ticket(one) for one in pile.tickets],
        },
        lambda pile: pile.name,
        ("column", "count", "tickets"),
    )


def _card_view(app: App) -> View[Card]:
    view = ticket_view(app)

    def of_ticket(column: Column[Ticket]) -> Column[Card]:
        return Column(column.name, lambda card: column.value(card.ticket))

    columns = [Column[Card]("column", lambda card: card.column), *map(of_ticket, view.columns)]
    shown = ["column", *view.default]
    return View(columns, shown, lambda card: view.shape(card.ticket), lambda card: card.ticket.id)


# ---- for people -----------------------------------------------------------------------------------------------------


def _per_band(width: int) -> int:
    """How many columns fit side by side; further ones go below."""
    return max(1, (width + text_table.GAP) // (NARROWEST + text_table.GAP))


def _most(app: App, columns: Sequence[Group]) -> Iterator[int]:
    """How many two-line cards of each column the terminal has room for: what a band does not need, others get."""
    count = _per_band(app.out.width)
    bands = [columns[start : start + count] for start in range(0, len(columns), count)]
    left = app.out.height - 1 - len(bands) * 3  # the prompt; a head of two lines and a blank one
    needs = [2 * max(column.tickets for column in band) for band in bands]
    rooms = [0] * len(bands)
    for done, n in enumerate(sorted(range(len(bands)), key=needs.__getitem__)):
        rooms[n] = min(needs[n], left // (len(bands) - done))
        left -= rooms[n]
    for band, room, need in zip(bands, rooms, needs, strict=True):
        footer = room < need
        yield from [max(3, (room - footer) // 2)] * len(band)


def _draw(app: App, piles: Sequence[Pile]) -> None:
    if not piles:
        app.out.note("nothing to show.")
        return
    count = min(_per_band(app.out.width), len(piles))
    room = min((app.out.width + text_table.GAP) // count - text_table.GAP, WIDEST)
    bands = [piles[start : start + count] for start in range(0, len(piles), count)]
    app.out.page("\n\n".join("\n".join(_band(app, band, room)) for band in bands))


def _band(app: App, piles: Sequence[Pile], room: int) -> Iterator[str]:
    """The lines of columns side by side, each `room` wide."""
    for cells in zip_longest(*(_cells(app, pile, room) for pile in piles), fillvalue=("", {})):
        texts = [text_table.cut(text, room) for text, _ in cells]
        gaps = [" " * (room + text_table.GAP - text_table.wide(text)) for text in texts]
        line = "".join(
            app.out.style(text, **look) + gap if text else gap
            for text, (_, look), gap in zip(texts, cells, gaps, strict=True)
        )
        yield line.rstrip()


def _cells(app: App, pile: Pile, room: int) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The styled lines of a column."""
    yield f"{terminal_line(pile.name)} {pile.total}", {"bold": True}
    yield "-" * room, {}
    for one in pile.tickets:
        age = alert(one, app.definition, app.now)
        look = style(one, age)
        yield f"#{one.id} {terminal_line(one.subject)}", look
        turn = WAITS if one.awaiting == "agent" else " "
        yield f"{turn} {_about(app, one, age)}", look
    if pile.total > len(pile.tickets):
        yield f"… {pile.total - len(pile.tickets)} more", {"dim": True}


def _about(app: App, one: Ticket, age: str) -> str:
    """Urgency, owner, and time since the last change."""
    level = sla_word.word(one, app.now, short=True)
    words = [
        "*" if one.important else "",
        level if level != "-" else "",
        age if age != NONE else "",
        one.owner or terminal_line(one.customer.name or one.customer.email),
        ago(one.updated_at, app.now).removesuffix(" ago"),
    ]
    return " ".join(word for word in words if word)
