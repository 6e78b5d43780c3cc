"""Lists of tickets, and how many there are.

A list is read in pages by key: the last ticket of a page is where the next one starts, so a page costs the same at any
depth, and nothing is skipped or shown twice while tickets come in.
"""

from collections.abc import Generator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from ticketctl.domain.base.condition import NEWEST_FIRST, Condition, Sort, Where, both
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import STATUSES
from ticketctl.store.db.core import hole, in_list, most, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Statement, all_of, sql
from ticketctl.store.db.tx import Tx
from ticketctl.store.tickets import conditions, search, sorting, urgency
from ticketctl.store.tickets.tickets import some

_SHORT = 100  # tickets of a page that is read as a short one
_CHUNK = 500  # rows a server-side cursor brings at once
_FEW = 2000  # tickets that are sorted as quickly as an index brings the first of them

_NUMBERS = sql(
    lambda: (
        sa.select(t.ticket.c.id)
        .where(hole("condition"))
        .order_by(hole("order"))
        .limit(most("limit"))
    )
)
_NUMBERS_BY_CUSTOMER = sql(lambda: _with_customer(_NUMBERS()))
# SQLite sorts few tickets rather than reading all in order only where it knows that few are wanted.
_PAGE = sql(lambda: _NUMBERS().limit(_SHORT))
_PAGE_BY_CUSTOMER = sql(lambda: _with_customer(_PAGE()))
_COUNT = sql(lambda: sa.select(sa.func.count()).select_from(t.ticket).where(hole("condition")))
_COUNT_UP_TO = sql(
    lambda: sa.select(sa.func.count()).select_from(
        sa.select(t.ticket.c.id).where(hole("condition")).limit(most("limit")).subquery("some")
    )
)
_COUNT_AMONG = sql(
    lambda: (
        sa.select(sa.func.count())
        .select_from(t.ticket)
        .where(in_list(t.ticket.c.id, "among"), hole("condition"))
    )
)
_OVERVIEW = sql(
    lambda: (
        sa.select(t.ticket.c.status, sa.func.count().label("number"))
        # status by status, by index
        .where(hole("condition"), t.ticket.c.status.in_(STATUSES))
        .group_by(t.ticket.c.status)
    )
)
# For words that are searched: the tickets found, one by one; coalesce keeps off the index of statuses.
_OVERVIEW_OF_FOUND = sql(
    lambda: (
        sa.select(t.ticket.c.status, sa.func.count().label("number"))
        .where(hole("condition"))
        .group_by(sa.func.coalesce(t.ticket.c.status, ""), t.ticket.c.status)
    )
)


def page(
    tx: Tx,
    condition: Condition,
    sort: Sequence[Sort],
    limit: int | None,
    after: Ticket | None = None,
) -> list[Ticket]:
    """The first tickets in an order, or those after `after`; at most `limit`, None for all."""
    where = conditions.sql(condition)
    if after is not None:
        where = all_of(where, sorting.past(sort, after))
    return some(tx, _first(tx, _numbers(sort, limit), limit, where, sorting.by(sort)))


def stream(tx: Tx, condition: Condition, sort: Sequence[Sort]) -> Generator[Ticket, None, None]:
    """All tickets of a condition, in order, by a server-side cursor; close it within the transaction."""
    return _stream(tx, _numbers(sort, None), conditions.sql(condition), sorting.by(sort))


def urgent(
    tx: Tx,
    condition: Condition,
    now: datetime,
    limit: int | None,
    then: Sequence[Sort] = NEWEST_FIRST,
    *,
    of: int | None = None,
) -> list[Ticket]:
    """The tickets of a condition that are to be looked at first (see urgency.py); None for all.

    `of`: how many there are, if known. A few are sorted by one statement.
    """
    numbers: list[int] = []
    at_once = limit is None or (of is not None and of <= _FEW)
    for part in urgency.readings(condition, now, then, all_wanted=at_once):
        left = None if limit is None else limit - len(numbers)
        if left != 0:
            numbers += _first(tx, _numbers((), left), left, part.where, part.order)
    return some(tx, numbers)


def stream_urgent(
    tx: Tx, condition: Condition, now: datetime, then: Sequence[Sort] = NEWEST_FIRST
) -> Generator[Ticket, None, None]:
    """As `urgent`, all of them, as `stream` reads them."""
    for part in urgency.readings(condition, now, then, all_wanted=True):
        yield from _stream(tx, _numbers((), None), part.where, part.order)


def _first(tx: Tx, statement: Statement, limit: int | None, where: Part, order: Part) -> list[int]:
    found = tx.execute(statement, {"limit": limit}, condition=where, order=order)
    return [row.id for row in islice(found, limit)]


def _stream(
    tx: Tx, statement: Statement, where: Part, order: Part
) -> Generator[Ticket, None, None]:
    numbers = tx.stream(statement, {"limit": None}, at_once=_CHUNK, condition=where, order=order)
    while chunk := [row.id for row in islice(numbers, _CHUNK)]:
        yield from some(tx, chunk)


def count(tx: Tx, condition: Condition) -> int:
    """How many tickets a condition holds for."""
    return int(tx.execute(_COUNT, condition=conditions.sql(condition)).scalar_one())


def count_up_to(tx: Tx, condition: Condition, limit: int) -> int:
    """How many tickets a condition holds for, at most `limit`; no more are read."""
    where = conditions.sql(condition)
    return int(tx.execute(_COUNT_UP_TO, {"limit": limit}, condition=where).scalar_one())


def count_among(tx: Tx, condition: Condition, ids: Sequence[int]) -> int:
    """For how many of these tickets a condition holds."""
    where = conditions.sql(condition)
    return int(tx.execute(_COUNT_AMONG, {"among": ids}, condition=where).scalar_one())


def overview(tx: Tx, condition: Condition) -> dict[str, int]:
    """How many tickets of a condition are in each status, without empty statuses."""
    statement = _OVERVIEW_OF_FOUND if search.narrows(condition) else _OVERVIEW
    found = tx.execute(statement, condition=conditions.sql(condition))
    return {row.status: row.number for row in found}


def older_open(tx: Tx, condition: Condition, before: datetime) -> int:
    """How many tickets of a condition are active and were created before `before` (the list's footer)."""
    older = both(Where("created", "<", (before,)), Where("is", "=", ("open",)))
    return count(tx, both(condition, older))


def _numbers(sort: Sequence[Sort], limit: int | None) -> Statement:
    """The numbers in order: if the database must sort, it sorts little, mostly from an index alone."""
    is_short = limit is not None and limit <= _SHORT
    if any(key.field == "customer" for key in sort):
        return _PAGE_BY_CUSTOMER if is_short else _NUMBERS_BY_CUSTOMER
    return _PAGE if is_short else _NUMBERS


def _with_customer(query: Any) -> Any:
    return query.join(t.customer, t.customer.c.id == t.ticket.c.customer_id)
