"""Turns a condition tree into SQL on `ticket`. Every value is a bound parameter; no query text becomes SQL."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, false, func, not_, or_, select, true

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Value, Where
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED, SPAM
from ticketctl.store.db.schema import (
    attachment,
    clock,
    comment,
    customer,
    customer_order,
    identity,
    message,
    rating,
    ticket,
    ticket_tag,
)
from ticketctl.store.tickets import custom_fields, gone_owners, search

Sql = ColumnElement[bool]
Leaf = Callable[[str, Sequence[Value]], Sql]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}


def sql(condition: Condition, leaves: Mapping[str, Leaf] | None = None) -> Sql:
    """The condition as SQL; an unknown value (NULL) does not match, and its negation does.

    `leaves` take the place of the usual ones of their fields.
    """
    match condition:
        case AllOf(parts):
            return and_(true(), *(sql(part, leaves) for part in parts))
        case AnyOf(parts):
            return or_(false(), *(sql(part, leaves) for part in parts))
        case Not(part):
            return not_(func.coalesce(sql(part, leaves), false()))
        case Where(field, op, values):
            if leaves and field in leaves:
                return leaves[field](op, values)
            if field.startswith("cf."):
                return custom_fields.field(ticket.c.fields, field.removeprefix("cf."), op, values)
            if field.startswith("customer.cf."):
                return _profile(field.removeprefix("customer.cf."), op, values)
            return _FIELDS[field](op, values)


def _plain(column: ColumnElement[object]) -> Leaf:
    """Numbers and times: compared as they are; `none` means no value and `any` any value."""
    absent: dict[Value, Sql] = {"none": column.is_(None), "any": column.is_not(None)}

    def leaf(op: str, values: Sequence[Value]) -> Sql:
        return or_(*(absent[v] if v in absent else _COMPARE[op](column, v) for v in values))

    return leaf


def _where_one(key: ColumnElement[object], row: Leaf, *which: Sql) -> Leaf:
    """The tickets with a row in another table, `key` being the ticket's number there."""

    def leaf(op: str, values: Sequence[Value]) -> Sql:
        found: list[Sql] = []
        if wanted := [value for value in values if value not in ("none", "any")]:
            found.append(ticket.c.id.in_(select(key).where(*which, row(op, wanted))))
        there = exists().where(key == ticket.c.id, *which)
        found += [not_(there)] if "none" in values else []
        found += [there] if "any" in values else []
        return or_(*found)

    return leaf


def _word(column: ColumnElement[object], *nothing: Sql) -> Leaf:
    """A column of words; `none` means an empty or absent one, or `nothing`, and `any` the others."""
    empty = or_(column.is_(None), column == "", *nothing)

    def leaf(_op: str, values: Sequence[Value]) -> Sql:
        words = [value for value in values if value not in ("none", "any")]
        found: list[Sql] = []
        if words:
            found.append(column == words[0] if len(words) == 1 else column.in_(words))
        if "none" in values:
            found.append(empty)
        if "any" in values:
            found.append(not_(empty))
        return or_(*found)

    return leaf


def _priority(op: str, values: Sequence[Value]) -> Sql:
    ranks = [PRIORITIES.index(str(value)) for value in values]
    return or_(*(_COMPARE[op](ticket.c.priority, rank) for rank in ranks))


def _customer(_op: str, values: Sequence[Value]) -> Sql:
    """A customer's number, address, or a part of the name; `none`: a customer without an address."""
    return or_(*(_one_customer(str(value)) for value in values))


def _one_customer(value: str) -> Sql:
    if re.fullmatch("[0-9]{1,18}", value, re.ASCII):
        return ticket.c.customer_id == int(value)
    if "@" in value or value == "none":
        return _one_email(value)
    named = or_(
        customer.c.name.contains(value, autoescape=True),
        func.lower(customer.c.name).contains(value.lower(), autoescape=True),
    )
    return ticket.c.customer_id.in_(select(customer.c.id).where(named))


def _profile(name: str, op: str, values: Sequence[Value]) -> Sql:
    """A custom field of the customer."""
    fits = custom_fields.field(customer.c.profile, name, op, values)
    return ticket.c.customer_id.in_(select(customer.c.id).where(fits))


def _email(_op: str, values: Sequence[Value]) -> Sql:
    return or_(*(_one_email(str(value)) for value in values))


def _one_email(value: str) -> Sql:
    """An address of the customer, or `@domain` for every address there; `none`: no address."""
    if value == "none":
        return ticket.c.customer_id.in_(select(customer.c.id).where(customer.c.email == ""))
    address = address_key(value)
    if address.startswith("@"):
        fits = identity.c.value.endswith(address, autoescape=True)
    else:
        fits = identity.c.value == address
    owners = select(identity.c.customer_id).where(identity.c.kind == "email", fits)
    return ticket.c.customer_id.in_(owners)


def _answer(column: ColumnElement[object], scale: str | None = None) -> Leaf:
    """A column of the customer's latest survey answer about the ticket, if it is on that scale."""
    latest = (
        select(func.max(rating.c.id))
        .where(rating.c.ticket_id == ticket.c.id)
        .correlate(ticket)
        .scalar_subquery()
    )
    scaled = rating.c.scale == scale if scale else true()

    def leaf(op: str, values: Sequence[Value]) -> Sql:
        fits = or_(*(_COMPARE[op](column, value) for value in values))
        return exists().where(rating.c.id == latest, scaled, fits)

    return leaf


def _text(parts: tuple[str, ...] | None) -> Leaf:
    def leaf(_op: str, values: Sequence[Value]) -> Sql:
        return or_(*(search.matches((str(value),), parts) for value in values))

    return leaf


def _named(table: dict[str, Sql]) -> Leaf:
    def leaf(_op: str, values: Sequence[Value]) -> Sql:
        return or_(*(table[str(value)] for value in values))

    return leaf


_active = ticket.c.status.in_(sorted(ACTIVE))


def _clock(kind: str) -> Leaf:
    """The tickets by when their running clock of a kind is due."""
    which = (clock.c.kind == kind, clock.c.stopped_at.is_(None), clock.c.due_at.is_not(None))
    return _where_one(clock.c.ticket_id, _plain(clock.c.due_at), *which)


IS: dict[str, Sql] = {
    "open": _active,
    "ended": ticket.c.status.in_(sorted(ENDED)),
    "spam": ticket.c.status == SPAM,
    "merged": ticket.c.status == MERGED,
    "important": ticket.c.important == 1,
    "awaiting-agent": and_(_active, ticket.c.awaiting == "agent"),
    "awaiting-customer": and_(_active, ticket.c.awaiting == "customer"),
}

_part = ticket.alias("part")  # one that was merged


def _holds(name: str, found: Callable[[Any], Sql]) -> Sql:
    """The tickets for which this is true, or for one merged into them; `name` must be unique in a statement."""
    above = (
        select(_part.c.merged_into.label("id"))
        .where(_part.c.merged_into.is_not(None), found(_part))
        .cte(f"above_{name}", recursive=True)
    )
    gone = ticket.alias("gone")
    next_one = select(gone.c.merged_into).where(
        gone.c.id == above.c.id, gone.c.merged_into.is_not(None)
    )
    return or_(found(ticket), ticket.c.id.in_(select(above.union(next_one).c.id)))


def _with_attachment(one: Table) -> Sql:
    return or_(
        exists().where(message.c.ticket_id == one.c.id, attachment.c.message_id == message.c.id),
        exists().where(comment.c.ticket_id == one.c.id, attachment.c.comment_id == comment.c.id),
    )


HAS: dict[str, Sql] = {
    "comment": _holds("comment", lambda one: one.c.comments_count > 0),
    "attachment": _holds("attachment", _with_attachment),
    "order": exists().where(customer_order.c.customer_id == ticket.c.customer_id),
}

_FIELDS: dict[str, Leaf] = {
    "id": _plain(ticket.c.id),
    "created": _plain(ticket.c.created_at),
    "updated": _plain(ticket.c.updated_at),
    "resolved": _plain(ticket.c.resolved_at),
    "closed": _plain(ticket.c.closed_at),
    "priority": _priority,
    "status": _word(ticket.c.status),
    "owner": _word(ticket.c.owner, gone_owners.Owner()),
    "segment": _word(ticket.c.segment),
    "source_segment": _word(ticket.c.source_segment),
    "mailbox": _word(ticket.c.mailbox),
    "channel": _word(ticket.c.channel),
    "type": _word(ticket.c.type),
    "kind": _word(ticket.c.kind),
    "awaiting": _word(ticket.c.awaiting),
    "language": _word(ticket.c.language),
    "tag": _where_one(ticket_tag.c.ticket_id, _word(ticket_tag.c.tag)),
    "due": _plain(ticket.c.due_at),
    "warn": _plain(ticket.c.warn_at),
    "sla_state": _word(ticket.c.sla_state),
    "sla.first": _clock("first"),
    "sla.next": _clock("next"),
    "sla.resolve": _clock("resolve"),
    "sla.assign": _clock("assign"),
    "customer": _customer,
    "email": _email,
    "text": _text(None),
    "subject": _text(("subject",)),
    "body": _text(("body",)),
    "comments": _text(("comments",)),
    "rating": _answer(rating.c.rating),
    "csat": _answer(rating.c.rating, "1-5"),
    "nps": _answer(rating.c.rating, "0-10"),
    "survey": _answer(rating.c.survey),
    "is": _named(IS),
    "has": _named(HAS),
}
