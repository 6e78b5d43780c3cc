"""Turns a condition tree into SQL on `ticket`, put together from prepared parts.

Every value is a parameter; no query text becomes SQL.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Value, Where
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED, SPAM
from ticketctl.store.db.core import hole, in_list, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, all_of, any_of, expression
from ticketctl.store.tickets import custom_fields, search

Leaf = Callable[[str, Sequence[Value]], Part]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_NOT = expression(lambda: sa.not_(sa.func.coalesce(hole("condition"), sa.false())))


def sql(condition: Condition, leaves: Mapping[str, Leaf] | None = None) -> Part:
    """The condition as SQL; an unknown value (NULL) does not match, and its negation does.

    `leaves` take the place of the usual ones of their fields.
    """
    match condition:
        case AllOf(parts):
            return all_of(*(sql(part, leaves) for part in parts))
        case AnyOf(parts):
            return any_of(*(sql(part, leaves) for part in parts))
        case Not(part):
            return negated(sql(part, leaves))
        case Where(field, op, values):
            if leaves and field in leaves:
                return leaves[field](op, values)
            if field.startswith("cf."):
                return custom_fields.field("ticket", field.removeprefix("cf."), op, values)
            if field.startswith("customer.cf."):
                name = field.removeprefix("customer.cf.")
                fits = custom_fields.field("customer", name, op, values)
                return _OF_CUSTOMERS.part(customer=fits)
            return _FIELDS[field](op, values)


def negated(part: Part) -> Part:
    """The opposite of a condition; NULL counts as false."""
    return _NOT.part(condition=part)


def _column(table: str, name: str) -> Any:
    return getattr(t, table).c[name]


def _plain(table: str, name: str) -> Leaf:
    """Numbers and times: compared as they are; `none` means no value and `any` any value."""
    where = f"{table}.{name}"

    def compare(op: str) -> Expression:
        return expression(
            lambda: _COMPARE[op](_column(table, name), sa.bindparam("value")),
            table,
            f"{where} {op}",
        )

    compared = {op: compare(op) for op in _COMPARE}
    absent = {
        "none": expression(lambda: _column(table, name).is_(None), table, f"{where} none"),
        "any": expression(lambda: _column(table, name).is_not(None), table, f"{where} any"),
    }

    def leaf(op: str, values: Sequence[Value]) -> Part:
        return any_of(
            *(
                absent[v].part() if isinstance(v, str) and v in absent else _is(compared[op], v)
                for v in values
            )
        )

    return leaf


def _is(compared: Expression, value: Value) -> Part:
    return compared.part({"value": value})


def _word(table: str, name: str, gone: Expression | None = None) -> Leaf:
    """A column of words; `none` means an empty or absent one, or one that is `gone`, and `any` the others."""
    where = f"{table}.{name}"
    equal = expression(lambda: _column(table, name) == sa.bindparam("value"), table, f"{where} =")
    among = expression(lambda: in_list(_column(table, name), "values"), table, f"{where} in")
    empty = expression(
        lambda: sa.or_(_column(table, name).is_(None), _column(table, name) == ""),
        table,
        f"{where} none",
    )
    filled = expression(
        lambda: sa.and_(_column(table, name).is_not(None), _column(table, name) != ""),
        table,
        f"{where} any",
    )

    def leaf(_op: str, values: Sequence[Value]) -> Part:
        words = [value for value in values if value not in ("none", "any")]
        found: list[Part] = []
        if words:
            found.append(_is(equal, words[0]) if len(words) == 1 else among.part({"values": words}))
        if "none" in values:
            found += [empty.part(), *([gone.part()] if gone else [])]
        if "any" in values:
            there = filled.part()
            found.append(all_of(there, negated(gone.part())) if gone else there)
        return any_of(*found)

    return leaf


def _where_one(table: str, row: Leaf, name: str, which: Callable[[], Any] | None = None) -> Leaf:
    """The tickets with a row in another table, which has a `ticket_id`; of some of its rows, if `which` says so."""

    def rows() -> Any:
        return which() if which else sa.true()

    def there() -> Any:
        return sa.exists().where(_column(table, "ticket_id") == t.ticket.c.id, rows())

    having = expression(
        lambda: t.ticket.c.id.in_(
            sa.select(_column(table, "ticket_id")).where(rows(), hole("row"))
        ),
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


# ---- customers ------------------------------------------------------------------------------------------------------

_OF_CUSTOMERS = expression(
    lambda: t.ticket.c.customer_id.in_(sa.select(t.customer.c.id).where(hole("customer")))
)
_CUSTOMER = expression(lambda: t.ticket.c.customer_id == sa.bindparam("number"))
_NAMED = expression(
    lambda: t.ticket.c.customer_id.in_(
        sa.select(t.customer.c.id).where(
            sa.or_(
                t.customer.c.name.like(sa.bindparam("pattern"), escape="/"),
                sa.func.lower(t.customer.c.name).like(sa.bindparam("lower"), escape="/"),
            )
        )
    )
)
_WITHOUT_ADDRESS = expression(
    lambda: t.ticket.c.customer_id.in_(sa.select(t.customer.c.id).where(t.customer.c.email == ""))
)


def _owners(fits: Any) -> Any:
    owners = sa.select(t.identity.c.customer_id).where(t.identity.c.kind == "email", fits)
    return t.ticket.c.customer_id.in_(owners)


_ADDRESS = expression(lambda: _owners(t.identity.c.value == sa.bindparam("address")))
_DOMAIN = expression(lambda: _owners(t.identity.c.value.like(sa.bindparam("pattern"), escape="/")))


def _customer(_op: str, values: Sequence[Value]) -> Part:
    """A customer's number, address, or a part of the name; `none`: a customer without an address."""
    return any_of(*(_one_customer(str(value)) for value in values))


def _one_customer(value: str) -> Part:
    if re.fullmatch("[0-9]{1,18}", value, re.ASCII):
        return _CUSTOMER.part({"number": int(value)})
    if "@" in value or value == "none":
        return _one_email(value)
    return _NAMED.part({"pattern": f"%{plain(value)}%", "lower": f"%{plain(value.lower())}%"})


def _email(_op: str, values: Sequence[Value]) -> Part:
    return any_of(*(_one_email(str(value)) for value in values))


def _one_email(value: str) -> Part:
    """An address of the customer, or `@domain` for every address there; `none`: no address."""
    if value == "none":
        return _WITHOUT_ADDRESS.part()
    address = address_key(value)
    if address.startswith("@"):
        return _DOMAIN.part({"pattern": f"%{plain(address)}"})
    return _ADDRESS.part({"address": address})


def plain(text: str) -> str:
    """A text within the pattern of a LIKE ... ESCAPE '/': it stands for itself."""
    return re.sub("[/%_]", r"/\g<0>", text)


# ---- the rest -------------------------------------------------------------------------------------------------------


def _priority(op: str, values: Sequence[Value]) -> Part:
    return _RANK(op, [PRIORITIES.index(str(value)) for value in values])


def _answer(name: str, field: str, scale: str | None = None) -> Leaf:
    """A column of the customer's latest survey answer about the ticket, if it is on that scale."""

    def compared(op: str) -> Any:
        latest = (
            sa.select(sa.func.max(t.rating.c.id))
            .where(t.rating.c.ticket_id == t.ticket.c.id)
            .correlate(t.ticket)
            .scalar_subquery()
        )
        scaled = t.rating.c.scale == scale if scale else sa.true()
        fits = _COMPARE[op](t.rating.c[name], sa.bindparam("value"))
        return sa.exists().where(t.rating.c.id == latest, scaled, fits)

    def by(op: str) -> Expression:
        return expression(lambda: compared(op), name=f"{field} {op}")

    answers = {op: by(op) for op in _COMPARE}
    return lambda op, values: any_of(*(_is(answers[op], value) for value in values))


def _text(part: str | None) -> Leaf:
    return lambda _op, values: any_of(*(search.matches((str(one),), part) for one in values))


def _named(field: str, table: Mapping[str, Callable[[], Any]]) -> Leaf:
    made = {word: expression(make, name=f"{field} {word}") for word, make in table.items()}
    return lambda _op, values: any_of(*(made[str(value)].part() for value in values))


def _active() -> Any:
    return t.ticket.c.status.in_(sorted(ACTIVE))


def _clock(kind: str) -> Leaf:
    """The tickets by when their running clock of a kind is due."""

    def which() -> Any:
        return sa.and_(
            t.clock.c.kind == kind, t.clock.c.stopped_at.is_(None), t.clock.c.due_at.is_not(None)
        )

    return _where_one("clock", _DUE, f"sla.{kind}", which)


def _holds(found: Callable[[Any], Any]) -> Any:
    """The tickets for which this is true, or for one merged into them."""
    part = t.ticket.alias("part")  # one that was merged
    above = (
        sa.select(part.c.merged_into.label("id"))
        .where(part.c.merged_into.is_not(None), found(part))
        .cte("above", recursive=True, nesting=True)
    )
    gone = t.ticket.alias("gone")
    next_one = sa.select(gone.c.merged_into).where(
        gone.c.id == above.c.id, gone.c.merged_into.is_not(None)
    )
    return sa.or_(found(t.ticket), t.ticket.c.id.in_(sa.select(above.union(next_one).c.id)))


def _with_attachment(one: Any) -> Any:
    of_message = t.attachment.c.message_id == t.message.c.id
    of_comment = t.attachment.c.comment_id == t.comment.c.id
    return sa.or_(
        sa.exists().where(t.message.c.ticket_id == one.c.id, of_message),
        sa.exists().where(t.comment.c.ticket_id == one.c.id, of_comment),
    )


def gone_owner() -> Any:
    """The owner of `ticket` is no longer an agent, in Core; they count as no owner."""
    from ticketctl.store.tickets import elements

    return elements.GoneOwner()


IS: dict[str, Callable[[], Any]] = {
    "open": _active,
    "ended": lambda: t.ticket.c.status.in_(sorted(ENDED)),
    "spam": lambda: t.ticket.c.status == SPAM,
    "merged": lambda: t.ticket.c.status == MERGED,
    "important": lambda: t.ticket.c.important == 1,
    "awaiting-agent": lambda: sa.and_(_active(), t.ticket.c.awaiting == "agent"),
    "awaiting-customer": lambda: sa.and_(_active(), t.ticket.c.awaiting == "customer"),
}

HAS: dict[str, Callable[[], Any]] = {
    "comment": lambda: _holds(lambda one: one.c.comments_count > 0),
    "attachment": lambda: _holds(_with_attachment),
    "order": lambda: sa.exists().where(t.customer_order.c.customer_id == t.ticket.c.customer_id),
}

_GONE = expression(gone_owner, name="gone owner")
_RANK = _plain("ticket", "priority")
_DUE = _plain("clock", "due_at")

_FIELDS: dict[str, Leaf] = {
    "id": _plain("ticket", "id"),
    "created": _plain("ticket", "created_at"),
    "updated": _plain("ticket", "updated_at"),
    "resolved": _plain("ticket", "resolved_at"),
    "closed": _plain("ticket", "closed_at"),
    "priority": _priority,
    "status": _word("ticket", "status"),
    "owner": _word("ticket", "owner", _GONE),
    "segment": _word("ticket", "segment"),
    "source_segment": _word("ticket", "source_segment"),
    "mailbox": _word("ticket", "mailbox"),
    "channel": _word("ticket", "channel"),
    "type": _word("ticket", "type"),
    "kind": _word("ticket", "kind"),
    "awaiting": _word("ticket", "awaiting"),
    "language": _word("ticket", "language"),
    "tag": _where_one("ticket_tag", _word("ticket_tag", "tag"), "tag"),
    "due": _plain("ticket", "due_at"),
    "warn": _plain("ticket", "warn_at"),
    "sla_state": _word("ticket", "sla_state"),
    "sla.first": _clock("first"),
    "sla.next": _clock("next"),
    "sla.resolve": _clock("resolve"),
    "sla.assign": _clock("assign"),
    "customer": _customer,
    "email": _email,
    "text": _text(None),
    "subject": _text("subject"),
    "body": _text("body"),
    "comments": _text("comments"),
    "rating": _answer("rating", "rating"),
    "csat": _answer("rating", "csat", "1-5"),
    "nps": _answer("rating", "nps", "0-10"),
    "survey": _answer("survey", "survey"),
    "is": _named("is", IS),
    "has": _named("has", HAS),
}
