"""Canned replies that the team shares (F-C13, F-T16), one row a language."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Row, bindparam, delete, insert, select

from ticketctl.domain.base.condition import Condition, Where, both
from ticketctl.domain.rules.canned import REPLY, Canned, best
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import template as table
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import conditions

_EVERY = select(table).order_by(table.c.name, table.c.language)
_NAMED = _EVERY.where(table.c.name == bindparam("of_name"))
_INSERT = insert(table)
_DELETE = delete(table).where(
    table.c.name == bindparam("of_name"), table.c.language == bindparam("of_language")
)


def every(tx: Tx) -> list[Canned]:
    """All canned replies, by name and language."""
    return [_record(row) for row in tx.execute(_EVERY)]


def by_language(tx: Tx, name: str) -> list[Canned]:
    """The languages of a canned reply; empty for an unknown name."""
    return [_record(row) for row in tx.execute(_NAMED, {"of_name": name})]


def get(tx: Tx, name: str, language: str) -> Canned | None:
    """A canned reply in one language; None if there is none."""
    return next((one for one in by_language(tx, name) if one.language == language), None)


def answer(tx: Tx, name: str, languages: Sequence[str]) -> str | None:
    """The canned reply of that name in the first of these languages that exists, else in any; None for none."""
    found = best([one for one in by_language(tx, name) if one.kind == REPLY], languages)
    return found.text if found else None


def store(tx: Tx, one: Canned) -> None:
    """Store a canned reply, replacing one of the same name and language; `at` and `actor` say who wrote it when."""
    drop(tx, one.name, one.language)
    tx.execute(_INSERT, {column.name: getattr(one, column.name) for column in table.c})


def drop(tx: Tx, name: str, language: str) -> None:
    """Delete a canned reply."""
    tx.execute(_DELETE, {"of_name": name, "of_language": language})


def tickets_with_fields(
    tx: Tx, type: str | None, among: Condition
) -> Iterator[tuple[int, dict[str, object]]]:
    """Number and custom fields of each ticket that has some, is not merged, and is of `type`, if given."""
    condition = both(among, Where("type", "=", (type,))) if type else among
    rows = tx.execute(
        select(ticket.c.id, ticket.c.fields)
        .where(conditions.sql(condition), ticket.c.merged_into.is_(None))
        .order_by(ticket.c.id)
        .execution_options(yield_per=1000)
    )
    return ((row.id, row.fields) for row in rows if row.fields)


def _record(row: Row[object]) -> Canned:
    return Canned(**row._mapping)
