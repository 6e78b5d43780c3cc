"""Full-text search: FTS5 on SQLite, tsvector on PostgreSQL, with the same results on both.

Texts and search words both go through `fold`, which leaves only plain words and blanks. So no text is ever syntax to
FTS5 or PostgreSQL, and case and accents make no difference on either.
"""

import re
from collections.abc import Collection, Iterable

from sqlalchemy import Boolean, ColumnElement, and_, delete, false, text, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ticketctl.normal_form import normal_form
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import search_entry

PARTS = ("subject", "body", "comments", "fields")

# Indexed octets of one text. PostgreSQL refuses a tsvector over 1 MiB, which this never reaches:
# a word takes at most twice its octets there.
_MOST = 500_000

_ACCENTS = re.compile("[\u0300-\u036f]")
# Chinese and Japanese have no blanks between words, so each character is a word (and a word is a phrase).
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# PostgreSQL indexes no word over 2046 octets: longer ones are cut into a phrase of pieces.
_WORDS = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]{{1,200}}")

_INDEX = text(
    "INSERT INTO search_entry (ticket_id, part, n, text_vector)"
    " VALUES (:ticket, :part, :n, to_tsvector('simple', :words))"
    " ON CONFLICT (ticket_id, part, n) DO UPDATE SET text_vector = excluded.text_vector"
)
# SQLite: a new entry has a new number, so that the old FTS5 entry is no longer found.
_ENTRY = text(
    "INSERT OR REPLACE INTO search_entry (ticket_id, part, n) VALUES (:ticket, :part, :n)"
    " RETURNING id"
)
_ENTRY_TEXT = text("INSERT INTO search_text (rowid, text) VALUES (:id, :words)")
_FORGET_TEXT = text(
    "INSERT INTO search_text (search_text, rowid, text) VALUES ('delete', :id, :words)"
)


def fold(words: str) -> str:
    """Text for comparing: words in lower case without accents, separated by one blank."""
    if not words.isascii():
        words = _ACCENTS.sub("", normal_form("NFKD", words).casefold())
    return " ".join(_WORDS.findall(words.lower()))


def index(tx: Tx, ticket_id: int, part: str, n: int, text: str) -> None:
    """Index a text of a ticket, replacing what was indexed there; `n` is the number of message or comment, else 0."""
    entry = {"ticket": ticket_id, "part": part, "n": n}
    words = _indexed(text)
    if tx.dialect.name == "postgresql":
        tx.execute(_INDEX, entry | {"words": words})
        return
    id = tx.execute(_ENTRY, entry).scalar_one()
    tx.execute(_ENTRY_TEXT, {"id": id, "words": words})


def forget(tx: Tx, ticket_id: int, part: str, n: int, text: str) -> bool:
    """Remove a text from the index. False if none was indexed.

    `text` is what was indexed (FTS5 keeps no copy).
    """
    gone = tx.execute(
        delete(search_entry)
        .where(
            search_entry.c.ticket_id == ticket_id,
            search_entry.c.part == part,
            search_entry.c.n == n,
        )
        .returning(search_entry.c.id)
    ).scalar()
    if gone is not None and tx.dialect.name == "sqlite":
        tx.execute(_FORGET_TEXT, {"id": gone, "words": _indexed(text)})
    return gone is not None


def replace(tx: Tx, ticket_id: int, part: str, n: int, old: str, new: str) -> None:
    """Index `new` instead of `old`."""
    forget(tx, ticket_id, part, n, old)
    index(tx, ticket_id, part, n, new)


def matches(terms: Iterable[str], parts: Collection[str] | None = None) -> ColumnElement[bool]:
    """A condition on `ticket.id`: every term (a word or phrase) is somewhere in these parts of the ticket, or of one
    merged into it.

    A term without any word in it, such as `---`, matches nothing.
    """
    return and_(true(), *(_holds(fold(term), parts) for term in terms))


def within(terms: Iterable[str], parts: Collection[str] | None = None) -> ColumnElement[bool]:
    """As `matches`, for one known ticket: quick for one, slow for searching."""
    folded = [fold(term) for term in terms]
    asked = sorted(parts or PARTS)
    return and_(true(), *(_Within(one, *asked) if one else false() for one in folded))


def _holds(phrase: str, parts: Collection[str] | None) -> ColumnElement[bool]:
    return _Found(phrase, *sorted(parts or PARTS)) if phrase else false()


def _indexed(text: str) -> str:
    words = fold(text[:_MOST])
    return words.encode()[:_MOST].decode(errors="ignore")


class _Found(FunctionElement[bool]):
    """Has the ticket an entry with a (folded) phrase in one of some parts? Arguments: the phrase, the parts."""

    type = Boolean()
    inherit_cache = True


# With each ticket found, the ticket it was merged into, through chains.
_REACHED = (
    "ticket.id IN (WITH RECURSIVE reached (id) AS ({found} UNION"
    " SELECT gone.merged_into FROM reached CROSS JOIN ticket AS gone"
    " WHERE gone.id = reached.id AND gone.merged_into IS NOT NULL) SELECT id FROM reached)"
)


@compiles(_Found, "sqlite")
def _found_on_sqlite(element: _Found, compiler: SQLCompiler, **options: object) -> str:
    """CROSS JOIN: looks up the few entries that FTS5 finds, instead of testing all."""
    phrase, *parts = (compiler.process(clause, **options) for clause in element.clauses)
    return _REACHED.format(
        found="SELECT search_entry.ticket_id FROM search_text"  # noqa: S608
        " CROSS JOIN search_entry ON search_entry.id = search_text.rowid"
        f" WHERE search_text MATCH '\"' || {phrase} || '\"' AND search_entry.part IN ({', '.join(parts)})"
    )


@compiles(_Found, "postgresql")
def _found_on_postgresql(element: _Found, compiler: SQLCompiler, **options: object) -> str:
    phrase, *parts = (compiler.process(clause, **options) for clause in element.clauses)
    return _REACHED.format(
        found="SELECT search_entry.ticket_id FROM search_entry"  # noqa: S608
        f" WHERE search_entry.text_vector @@ phraseto_tsquery('simple', {phrase})"
        f" AND search_entry.part IN ({', '.join(parts)})"
    )


# The ticket, and those merged into it.
_PARTS = (
    "(WITH RECURSIVE held (id) AS (SELECT ticket.id UNION SELECT part.id FROM held"
    " JOIN ticket AS part ON part.merged_into = held.id) SELECT id FROM held)"
)


class _Within(FunctionElement[bool]):
    """As `_Found`, but tests the entries of the one ticket."""

    type = Boolean()
    inherit_cache = True


@compiles(_Within, "sqlite")
def _within_on_sqlite(element: _Within, compiler: SQLCompiler, **options: object) -> str:
    phrase, *parts = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        "EXISTS (SELECT 1 FROM search_entry"  # noqa: S608
        " CROSS JOIN search_text ON search_text.rowid = search_entry.id"
        f" WHERE search_entry.ticket_id IN {_PARTS} AND search_entry.part IN ({', '.join(parts)})"
        f" AND search_text MATCH '\"' || {phrase} || '\"')"
    )


@compiles(_Within, "postgresql")
def _within_on_postgresql(element: _Within, compiler: SQLCompiler, **options: object) -> str:
    phrase, *parts = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        "EXISTS (SELECT 1 FROM search_entry"  # noqa: S608
        f" WHERE search_entry.ticket_id IN {_PARTS} AND search_entry.part IN ({', '.join(parts)})"
        f" AND search_entry.text_vector @@ phraseto_tsquery('simple', {phrase}))"
    )
