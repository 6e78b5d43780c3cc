"""Parts of a condition by the kind of field: numbers and times, words, rows of another table, text."""

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

from ticketctl.domain.base.condition import Value
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, all_of, any_of, expression
from ticketctl.store.tickets import search

Leaf = Callable[[str, Sequence[Value]], Part]

COMPARE: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_NOT = expression(lambda: sa.not_(sa.func.coalesce(hole("condition"), sa.false())))


def negated(part: Part) -> Part:
    """The opposite of a condition; NULL counts as false."""
    return _NOT.part(condition=part)


def column(table: str, name: str) -> Any:
    """A column by the names of its table and its own, in Core."""
    return getattr(t, table).c[name]


def compared(table: str, name: str) -> Leaf:
    """Numbers and times: compared as they are; `none` means no value and `any` any value."""
    where = f"{table}.{name}"

    def by(op: str) -> Expression:
        return expression(
            lambda: COMPARE[op](column(table, name), sa.bindparam("value")),
            table,
            f"{where} {op}",
        )

    operators = {op: by(op) for op in COMPARE}
    absent = {
        "none": expression(lambda: column(table, name).is_(None), table, f"{where} none"),
        "any": expression(lambda: column(table, name).is_not(None), table, f"{where} any"),
    }

    def leaf(op: str, values: Sequence[Value]) -> Part:
        return any_of(
            *(
                absent[v].part() if isinstance(v, str) and v in absent else is_(operators[op], v)
                for v in values
            )
        )

    return leaf


def is_(comparison: Expression, value: Value) -> Part:
    """A comparison with one value."""
    return comparison.part({"value": value})


def words(table: str, name: str, gone: Expression | None = None) -> Leaf:
    """A column of words; `none` means an empty or absent one, or one that is `gone`, and `any` the others."""
    where = f"{table}.{name}"
    equal = expression(lambda: column(table, name) == sa.bindparam("value"), table, f"{where} =")
    among = expression(lambda: in_list(column(table, name), "values"), table, f"{where} in")
    empty = expression(
        lambda: sa.or_(column(table, name).is_(None), column(table, name) == ""),
        table,
        f"{where} none",
    )
    filled = expression(
        lambda: sa.and_(column(table, name).is_not(None), column(table, name) != ""),
        table,
        f"{where} any",
    )

    def leaf(_op: str, values: Sequence[Value]) -> Part:
        words = [value for value in values if value not in ("none", "any")]
        found: list[Part] = []
        if words:
            found.append(is_(equal, words[0]) if len(words) == 1 else among.part({"values": words}))
        if "none" in values:
            found += [empty.part(), *([gone.part()] if gone else [])]
        if "any" in values:
            there = filled.part()
            found.append(all_of(there, negated(gone.part())) if gone else there)
        return any_of(*found)

    return leaf


def in_rows(table: str, row: Leaf, name: str, which: Callable[[], Any] | None = None) -> Leaf:
    """The tickets with a row in another table, which has a `ticket_id`; of some of its rows, if `which` says so."""

    def rows() -> Any:
        return which() if which else sa.true()

    def there() -> Any:
        return sa.exists().where(column(table, "ticket_id") == t.ticket.c.id, rows())

    having = expression(
        lambda: t.ticket.c.id.in_(sa.select(column(table, "ticket_id")).where(rows(), hole("row"))),
        name=f"{name} having",
    )
    some = expression(there, name=f"{name} any")
    none = expression(lambda: sa.not_(there()), name=f"{name} none")

    def leaf(op: str, values: Sequence[Value]) -> Part:
        found: list[Part] = []
        if wanted := [value for value in values if value not in ("none", "any")]:
            found.append(having.part(row=row(op, wanted)))
        found += [none.part()] if "none" in values else []
        found += [some.part()] if "any" in values else []
        return any_of(*found)

    return leaf


def text(part: str | None) -> Leaf:
    """Words within one part of a ticket, such as `subject`; with None in any."""
    return lambda _op, values: any_of(*(search.matches((str(one),), part) for one in values))


def named(field: str, table: Mapping[str, Callable[[], Any]]) -> Leaf:
    """Conditions with names, such as `is:open`."""
    made = {word: expression(make, name=f"{field} {word}") for word, make in table.items()}
    return lambda _op, values: any_of(*(made[str(value)].part() for value in values))
