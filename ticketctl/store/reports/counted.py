"""Which tickets a report counts, by what they were at the end of its view, as SQL on `ticket`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from operator import eq, ge, gt, le, lt

import msgspec

from ticketctl.domain.base.condition import Value, Where
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, all_of, any_of, expression
from ticketctl.store.reports.scope import Scope, instant, was_before
from ticketctl.store.tickets import conditions

_ASKED = (
    "status",
    "owner",
    "segment",
    "priority",
    "type",
)  # fields of a query that are read as they were
_EMPTY = ("null", '""')  # an empty field, as JSON


def counted_tickets(scope: Scope) -> Part:
    """The tickets of the scope, as SQL on `ticket`."""
    return all_of(_NOT_AWAY.part(scope.instants), all_tickets(scope))


def all_tickets(scope: Scope) -> Part:
    """The tickets of the condition that were there, also spam and merged ones."""
    leaves = {name: partial(_leaf_before, name, scope.seen) for name in _ASKED}
    return all_of(
        conditions.sql(scope.condition, leaves),
        conditions.sql(scope.visible),
        _WAS_THERE.part(scope.instants),
        *_outside(scope),
    )


def _outside(scope: Scope) -> list[Part]:
    """Not those with an agent as customer. History has the address of a customer who was replaced since."""
    agents = scope.insiders
    if not agents.addresses:
        return []
    values = {
        "seen": scope.seen,
        "addresses": [msgspec.json.encode(one).decode() for one in agents.addresses],
        "customers": agents.customers,
        "joined": agents.joined,
        "left": agents.left,
    }
    return [_OUTSIDE.part(values)]


def _inside() -> "sa.ColumnElement[bool]":
    theirs = in_list(t.ticket.c.customer_id, "customers")
    joined, left = (in_list(t.ticket.c.id, name) for name in ("joined", "left"))
    was = was_before("customer")
    now = sa.or_(sa.and_(theirs, sa.not_(joined)), left)
    return sa.case((was.is_(None), now), else_=in_list(was, "addresses"))


def _leaf_before(field: str, seen: datetime, op: str, values: Sequence[Value]) -> Part:
    """Compares a field as it was at the end of the view."""
    now = conditions.sql(Where(field, op, tuple(values)))
    return _BEFORE[field].part({"seen": seen}, now=now, then=_fits(field, seen, op, values))


def _fits(field: str, seen: datetime, op: str, values: Sequence[Value]) -> Part:
    """Compares what history says that a field was."""
    words = {value for value in values if value not in ("none", "any")}
    if field == "priority":
        words = {one for one in PRIORITIES for value in words if _RANKED[op](one, value)}
    quoted = [msgspec.json.encode(word).decode() for word in sorted(words, key=str)]
    known = {"seen": seen, "words": [*quoted, *(_EMPTY if "none" in values else ())]}
    filled = [_WAS_FILLED[field].part(known)] if "any" in values else []
    return any_of(_WAS_AMONG[field].part(known), *filled)


def _rank(compare: Callable[[int, int], bool]) -> Callable[[str, Value], bool]:
    return lambda one, value: compare(PRIORITIES.index(one), PRIORITIES.index(str(value)))


_RANKED = {"=": _rank(eq), "<": _rank(lt), "<=": _rank(le), ">": _rank(gt), ">=": _rank(ge)}


def status_in(*words: str) -> "sa.ColumnElement[bool]":
    """The tickets whose status was one of these at the end of the view."""
    was = was_before("status")
    quoted = [msgspec.json.encode(word).decode() for word in words]
    return sa.case((was.is_(None), t.ticket.c.status.in_(words)), else_=was.in_(quoted))


def _was_there() -> "sa.ColumnElement[bool]":
    """The tickets made before the end of the view. One that was split off is older than its own history."""
    line, seen = t.event.alias(), instant("seen")
    later = sa.exists().where(line.c.ticket_id == t.ticket.c.id, line.c.n == 1, line.c.at >= seen)
    return (t.ticket.c.created_at < seen) & sa.case(
        (t.ticket.c.updated_at >= seen, ~later), else_=True
    )


_NOT_AWAY = expression(lambda: sa.not_(status_in(SPAM, MERGED)))
_WAS_THERE = expression(_was_there)
_OUTSIDE = expression(lambda: sa.not_(_inside()))


def _before(field: str) -> Expression:
    return expression(
        lambda: sa.case((was_before(field).is_(None), hole("now")), else_=hole("then")),
        name=f"{field} before",
    )


def _was_among(field: str) -> Expression:
    return expression(lambda: in_list(was_before(field), "words"), name=f"{field} was")


def _was_filled(field: str) -> Expression:
    return expression(lambda: was_before(field).not_in(_EMPTY), name=f"{field} was not empty")


_BEFORE = {field: _before(field) for field in _ASKED}
_WAS_AMONG = {field: _was_among(field) for field in _ASKED}
_WAS_FILLED = {field: _was_filled(field) for field in _ASKED if field != "priority"}
