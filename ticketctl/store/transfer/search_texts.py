"""Makes the search index anew from the texts of the desk."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from ticketctl.store.db.core import t
from ticketctl.store.db.tx import Tx
from ticketctl.store.tickets import search

_AT_ONCE = 500


def index_again(from_: Tx, to: Tx, told: Callable[[int], None]) -> None:
    """Index in `to` each text that `from_` has in its index; `told` hears how many more are done."""
    for count, (ticket, part, n, text) in enumerate(_texts(from_), 1):
        search.index(to, ticket, part, n, text)
        if count % _AT_ONCE == 0:
            to.flush()
            told(_AT_ONCE)
    to.flush()


def _texts(tx: Tx) -> Iterator[tuple[int, str, int, str]]:
    entry, ticket, message, comment = t.search_entry, t.ticket, t.message, t.comment
    sources = {
        "subject": (ticket.c.subject, ticket, entry.c.ticket_id == ticket.c.id),
        "body": (
            func.coalesce(message.c.full_text, message.c.text),
            message,
            (entry.c.ticket_id == message.c.ticket_id) & (entry.c.n == message.c.n),
        ),
        "comments": (
            comment.c.text,
            comment,
            (entry.c.ticket_id == comment.c.ticket_id) & (entry.c.n == comment.c.n),
        ),
    }
    for part, (text, table, same) in sources.items():
        wanted = select(entry.c.ticket_id, entry.c.n, text).join(table, same)
        for number, n, said in tx.stream(wanted.where(entry.c.part == part), at_once=_AT_ONCE):
            yield number, part, n, said
