"""What a search found in its tickets: which messages, comments and subjects have the words, and who wrote them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import json

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.tx import Tx
from ticketctl.store.tickets.search import fold, other_forms

_EACH = 3  # hits of a ticket
_MANY = 8  # terms
_READ = 30_000  # characters of a text, about 100 kB at most


class Term(NamedTuple):
    """A folded word or phrase; if `goes_on`, its last word is the beginning of a word."""

    phrase: str
    goes_on: bool


class Hit(NamedTuple):
    """A text with one of the terms. `ticket` is the one it is in, which may be merged into the one that was found."""

    part: str  # body | comments | subject
    ticket: int
    n: int  # of the message or comment, 0 for a subject
    author: str | None  # None: a subject
    author_name: str
    at: datetime
    text: str  # its first _READ characters


def _hits() -> Any:
    """The newest texts of each ticket with one of the terms, the subject last."""
    entry, message, comment = t.search_entry, t.message, t.comment
    part = (
        sa.select(t.ticket.c.id.label("root"), t.ticket.c.id)
        .where(in_list(t.ticket.c.id, "ids"))
        .cte("part", recursive=True)
    )
    part = part.union(
        sa.select(part.c.root, t.ticket.c.id).where(t.ticket.c.merged_into == part.c.id)
    )
    said = sa.func.coalesce(message.c.at, comment.c.at, t.ticket.c.created_at)
    last = sa.case((entry.c.part == "subject", 1), else_=0)
    found = (
        sa.select(
            part.c.root,
            entry.c.ticket_id,
            entry.c.part,
            entry.c.n,
            message.c.id.label("message_id"),
            comment.c.id.label("comment_id"),
            said.label("said_at"),
            sa.func.row_number()
            .over(
                partition_by=part.c.root,
                order_by=(last, said.desc(), entry.c.part.desc(), entry.c.n.desc()),
            )
            .label("place"),
        )
        .join_from(part, entry, entry.c.ticket_id == part.c.id)
        .join(t.ticket, t.ticket.c.id == entry.c.ticket_id)
        .outerjoin(message, _numbered(message, "body"))
        .outerjoin(comment, _numbered(comment, "comments"))
        .where(in_list(entry.c.part, "parts"), _has_words())
        .where(sa.or_(last == 1, message.c.id.is_not(None), comment.c.id.is_not(None)))
        .subquery("found")
    )
    text = sa.func.coalesce(message.c.full_text, message.c.text, comment.c.text, t.ticket.c.subject)
    return (
        sa.select(
            found.c.root,
            found.c.part,
            found.c.ticket_id,
            found.c.n,
            sa.func.coalesce(message.c.author, comment.c.author).label("author"),
            sa.func.coalesce(message.c.author_name, "").label("author_name"),
            found.c.said_at,
            sa.func.substr(text, 1, _READ).label("text"),
        )
        .join_from(found, t.ticket, t.ticket.c.id == found.c.ticket_id)
        .outerjoin(message, message.c.id == found.c.message_id)
        .outerjoin(comment, comment.c.id == found.c.comment_id)
        .where(found.c.place <= _EACH)
        .order_by(found.c.root, found.c.place)
    )


def _numbered(table: Any, part: str) -> Any:
    entry = t.search_entry
    return sa.and_(
        entry.c.part == part, table.c.ticket_id == entry.c.ticket_id, table.c.n == entry.c.n
    )


def _has_words() -> Any:
    from ticketctl.store.tickets import elements

    return elements.EntryHas(sa.bindparam("query", type_=sa.Text))


_HITS = sql(_hits)
_KNOWN = sql(
    lambda: sa.text(
        "SELECT value FROM json_each(:queries) AS one"
        " WHERE EXISTS (SELECT 1 FROM search_text WHERE search_text MATCH one.value)"
    ).columns(value=sa.Text)
)


def terms(words: Iterable[str]) -> list[Term]:
    """The terms as `search.matches` looks for them, with the other forms of words, without those that have no word."""
    return [
        Term(phrase, one.endswith("*"))
        for one in words
        for phrase in (fold(one), *other_forms(one))
        if phrase
    ]


def of(
    tx: Tx, ticket_ids: Sequence[int], wanted: Sequence[Term], parts: Sequence[str]
) -> dict[int, list[Hit]]:
    """Up to three hits of each ticket in these parts of it, the newest first, a subject last."""
    found: defaultdict[int, list[Hit]] = defaultdict(list)
    if tx.is_sqlite and len(wanted) > _MANY:
        wanted = _known(tx, wanted)
    if ticket_ids and wanted:
        values = {"ids": ticket_ids, "parts": parts, "query": _query(tx, wanted)}
        for root, *hit in tx.execute(_HITS, values):
            found[root].append(Hit(*hit))
    return found


def _known(tx: Tx, wanted: Sequence[Term]) -> list[Term]:
    """Those of the terms that any text has: FTS5 looks up each of them again in each text of a ticket."""
    queries = {_one(term): term for term in wanted}
    found = tx.execute(_KNOWN, {"queries": json.encode([*queries]).decode()}).scalars()
    return [queries[one] for one in found]


def _query(tx: Tx, wanted: Iterable[Term]) -> str:
    """Any of the terms, as the database writes it. Folded words are no syntax."""
    if tx.is_sqlite:
        return " OR ".join(map(_one, wanted))
    phrases = ((one.phrase.replace(" ", " <-> "), ":*" if one.goes_on else "") for one in wanted)
    return " | ".join(f"({phrase}{star})" for phrase, star in phrases)


def _one(term: Term) -> str:
    """A term as FTS5 reads it."""
    return f'"{term.phrase}"{"*" if term.goes_on else ""}'
