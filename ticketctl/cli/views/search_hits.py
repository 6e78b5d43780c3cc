"""Where a search found its words: the line below a ticket in a table, `hits` in JSON."""

from collections.abc import Generator, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from ticketctl.console import rows
from ticketctl.console.context import App
from ticketctl.console.json_shapes import when
from ticketctl.console.view import View
from ticketctl.domain.base.records import Ticket
from ticketctl.safe import terminal_line
from ticketctl.text_table import cut, wide

if TYPE_CHECKING:
    from ticketctl.store.db.database import Tx
    from ticketctl.store.tickets.hits import Hit

_AT_ONCE = 50  # tickets of one statement
_WITH_HITS = ("table", "json", "ndjson", "template")
_PARTS = {"body": "body", "comments": "comment", "subject": "subject"}  # their names in JSON
_LEAST = 12  # columns of a snippet, however narrow the terminal is
_NAME = 24  # columns of a name


class Hits:
    """Reads the hits of the tickets of one list, and shows them."""

    def __init__(self, words: Sequence[str], fields: Sequence[str]) -> None:
        from ticketctl.store.tickets import hits

        self.words = words
        self._terms = hits.terms(words)
        self._parts = list(_PARTS) if "text" in fields else list(fields)
        self._found: dict[int, list[Hit]] = {}  # of tickets that were read and are not yet shown

    def read(self, app: App, tx: "Tx", tickets: Iterable[Ticket]) -> Generator[Ticket, None, None]:
        """The tickets, whose hits are known from now on; one statement for many of them."""
        from ticketctl.store.tickets import hits

        source = iter(tickets)
        shows = rows.form(app) in _WITH_HITS
        while some := list(islice(source, _AT_ONCE)):
            if shows:
                self._found |= hits.of(tx, [one.id for one in some], self._terms, self._parts)
            yield from some

    def view(self, app: App, of_tickets: View[Ticket]) -> View[Ticket]:
        """The tickets with their hits."""

        def shape(one: Ticket) -> dict[str, Any]:
            found = self._found.pop(one.id, [])
            return of_tickets.shape(one) | {"hits": [self._shape(hit) for hit in found]}

        def below(one: Ticket) -> list[str]:
            return [self._line(app, one, hit) for hit in self._found.pop(one.id, [])[:1]]

        return of_tickets._replace(shape=shape, fields=(*of_tickets.fields, "hits"), below=below)

    def _shape(self, hit: "Hit") -> dict[str, object]:
        from ticketctl.store.tickets.snippets import snippet

        return {
            "part": _PARTS[hit.part],
            "ticket": hit.ticket,
            "n": hit.n or None,
            "author": hit.author,
            "at": when(hit.at),
            "snippet": snippet(hit.text, self._terms),
        }

    def _line(self, app: App, ticket: Ticket, hit: "Hit") -> str:
        """`message 3, Carl Customer: …the refund has not come…`, within the terminal."""
        from ticketctl.store.tickets.snippets import marked, snippet

        where = {
            "body": f"message {hit.n}",
            "comments": f"internal comment {hit.n}",
            "subject": "subject",
        }[hit.part]
        if hit.ticket != ticket.id:
            where += f" of ticket {hit.ticket}"
        name = cut(terminal_line(hit.author_name or hit.author or ""), _NAME)
        label = f"  {where}, {name}: " if name else f"  {where}: "
        room = max(_LEAST, app.out.width - wide(label))
        said = snippet(hit.text, self._terms, room // 3)
        if app.out.colours:
            words = cut(said, room)
            return label + marked(words, self._terms, lambda word: app.out.style(word, bold=True))
        return label + cut(marked(said, self._terms, lambda word: f"*{word}*"), room)
