"""Tests which of several conditions hold for one ticket, in one statement."""

from collections.abc import Sequence

from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Where
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import all_of, any_of, expression, in_order, sql
from ticketctl.store.tickets import conditions, leaves, search

_TEXTS = {"text": None, "subject": "subject", "body": "body", "comments": "comments"}
_FITS = expression(lambda: sa.func.coalesce(hole("condition"), sa.false()))
_ANSWERS = sql(
    lambda: (
        sa.select(hole("answers"))
        .select_from(t.ticket)
        .where(t.ticket.c.id == sa.bindparam("of_ticket"))
    )
)


def of(tx: Tx, id: int, asked: Sequence[Condition]) -> list[bool]:
    """Whether each condition holds for the ticket now; nothing holds for an unknown one."""
    answers = in_order(*(_FITS.part(condition=_sql(one)) for one in asked))
    row = tx.execute(_ANSWERS, {"of_ticket": id}, answers=answers).first()
    return [bool(value) for value in row] if row is not None else [False] * len(asked)


def _sql(condition: Condition) -> Part:
    """As in lists, but words are searched for in this one ticket only."""
    match condition:
        case AllOf(parts):
            return all_of(*map(_sql, parts))
        case AnyOf(parts):
            return any_of(*map(_sql, parts))
        case Not(part):
            return leaves.negated(_sql(part))
        case Where(field, "=", values) if field in _TEXTS:
            return any_of(*(search.within((str(value),), _TEXTS[field]) for value in values))
        case _:
            return conditions.sql(condition)
