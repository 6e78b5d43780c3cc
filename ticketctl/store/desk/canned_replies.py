"""Canned replies that the team shares (F-C13, F-T16), one row a language."""

from collections.abc import Iterator, Sequence

from msgspec.structs import asdict

from ticketctl.domain.base.condition import Condition, Where, both
from ticketctl.domain.rules.canned import REPLY, Canned, best
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import conditions

_EVERY = sql(lambda: sa.select(t.template).order_by(t.template.c.name, t.template.c.language))
_NAMED = sql(lambda: _EVERY().where(t.template.c.name == sa.bindparam("of_name")))
_INSERT = sql(lambda: sa.insert(t.template))
_DELETE = sql(
    lambda: sa.delete(t.template).where(
        t.template.c.name == sa.bindparam("of_name"),
        t.template.c.language == sa.bindparam("of_language"),
    )
)
_FIELDS = sql(
    lambda: (
        sa.select(t.ticket.c.id, t.ticket.c.fields)
        .where(hole("condition"), t.ticket.c.merged_into.is_(None))
        .order_by(t.ticket.c.id)
    )
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
    tx.execute(_INSERT, asdict(one))


def drop(tx: Tx, name: str, language: str) -> None:
    """Delete a canned reply."""
    tx.execute(_DELETE, {"of_name": name, "of_language": language})


def tickets_with_fields(
    tx: Tx, type: str | None, among: Condition
) -> Iterator[tuple[int, dict[str, object]]]:
    """Number and custom fields of each ticket that has some, is not merged, and is of `type`, if given."""
    condition = both(among, Where("type", "=", (type,))) if type else among
    rows = tx.stream(_FIELDS, at_once=1000, condition=conditions.sql(condition))
    return ((row.id, row.fields) for row in rows if row.fields)


def _record(row: Row) -> Canned:
    return Canned(**row.as_dict())
