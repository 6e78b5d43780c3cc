"""Tests which of several conditions hold for one ticket, in one statement."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, not_, or_, select, true

from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Where
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import conditions, search

_TEXTS: dict[str, tuple[str, ...] | None] = {
    "text": None,
    "subject": ("subject",),
    "body": ("body",),
    "comments": ("comments",),
}


def of(tx: Tx, id: int, asked: Sequence[Condition]) -> list[bool]:
    """Whether each condition holds for the ticket now; nothing holds for an unknown one."""
    row = tx.execute(_statement(tuple(asked)), {"of_ticket": id}).one_or_none()
    return [bool(value) for value in row] if row is not None else [False] * len(asked)


@lru_cache(maxsize=64)
def _statement(asked: tuple[Condition, ...]) -> Select[object]:
    columns: list[ColumnElement[Any]] = [
        func.coalesce(_sql(one), false()).label(f"fits_{n}") for n, one in enumerate(asked)
    ]
    return select(*columns).select_from(ticket).where(ticket.c.id == bindparam("of_ticket"))


def _sql(condition: Condition) -> conditions.Sql:
    """As in lists, but words are searched for in this one ticket only."""
    match condition:
        case AllOf(parts):
            return and_(true(), *map(_sql, parts))
        case AnyOf(parts):
            return or_(false(), *map(_sql, parts))
        case Not(part):
            return not_(func.coalesce(_sql(part), false()))
        case Where(field, "=", values) if field in _TEXTS:
            return or_(*(search.within((str(value),), _TEXTS[field]) for value in values))
        case _:
            return conditions.sql(condition)
