"""Turns a condition tree into SQL on `ticket`, put together from prepared parts.

Every value is a parameter; no query text becomes SQL.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Value, Where
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED, SPAM
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import ALWAYS, NEVER, Expression, all_of, any_of, expression
from ticketctl.store.tickets import custom_fields, customer_conditions, leaves


def sql(condition: Condition, own: Mapping[str, leaves.Leaf] | None = None) -> Part:
    """The condition as SQL; an unknown value (NULL) does not match, and its negation does.

    Leaves of one's `own` take the place of the usual ones of their fields.
    """
    match condition:
        case AllOf(parts):
            return all_of(*(sql(part, own) for part in parts))
        case AnyOf(parts):
            return any_of(*(sql(part, own) for part in parts))
        case Not(part):
            return leaves.negated(sql(part, own))
        case Where(field, op, values):
            if own and field in own:
                return own[field](op, values)
            if field.startswith("cf."):
                return custom_fields.field("ticket", field.removeprefix("cf."), op, values)
            if field.startswith("customer.cf."):
                name = field.removeprefix("customer.cf.")
                fits = custom_fields.field("customer", name, op, values)
                return customer_conditions.OF_CUSTOMERS.part(customer=fits)
            return _FIELDS[field](op, values)


def _priority(op: str, values: Sequence[Value]) -> Part:
    return _RANK(op, [PRIORITIES.index(str(value)) for value in values])


def _answer(name: str, field: str, scale: str | None = None) -> leaves.Leaf:
    """A column of the customer's latest survey answer about the ticket, if it is on that scale."""

    def compared(op: str) -> Any:
        latest = (
            sa.select(sa.func.max(t.rating.c.id))
            .where(t.rating.c.ticket_id == t.ticket.c.id)
            .correlate(t.ticket)
            .scalar_subquery()
        )
        scaled = t.rating.c.scale == scale if scale else sa.true()
        fits = leaves.COMPARE[op](t.rating.c[name], sa.bindparam("value"))
        return sa.exists().where(t.rating.c.id == latest, scaled, fits)

    def by(op: str) -> Expression:
        return expression(lambda: compared(op), name=f"{field} {op}")

    answers = {op: by(op) for op in leaves.COMPARE}
    return lambda op, values: any_of(*(leaves.is_(answers[op], value) for value in values))


def _wrote_last(op: str) -> Expression:
    """Compares when the customer wrote last; for one who has not yet, when the ticket was made."""
    return expression(
        lambda: leaves.COMPARE[op](
            sa.func.coalesce(t.ticket.c.last_customer_at, t.ticket.c.created_at),
            sa.bindparam("value", type_=t.ticket.c.created_at.type),
        ),
        name=f"last_customer {op}",
    )


_WROTE_LAST = {op: _wrote_last(op) for op in ("<", ">=")}


def _last_customer(op: str, values: Sequence[Value]) -> Part:
    found = {"none": NEVER.part(), "any": ALWAYS.part()}  # every ticket has such a time
    return any_of(*(found.get(str(v)) or leaves.is_(_WROTE_LAST[op], v) for v in values))


def _active() -> Any:
    return t.ticket.c.status.in_(sorted(ACTIVE))


def _clock(kind: str) -> leaves.Leaf:
    """The tickets by when their running clock of a kind is due."""

    def which() -> Any:
        return sa.and_(
            t.clock.c.kind == kind, t.clock.c.stopped_at.is_(None), t.clock.c.due_at.is_not(None)
        )

    return leaves.in_rows("clock", _DUE, f"sla.{kind}", which)


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
_RANK = leaves.compared("ticket", "priority")
_DUE = leaves.compared("clock", "due_at")

_FIELDS: dict[str, leaves.Leaf] = {
    "id": leaves.compared("ticket", "id"),
    "created": leaves.compared("ticket", "created_at"),
    "updated": leaves.compared("ticket", "updated_at"),
    "last_customer": _last_customer,
    "resolved": leaves.compared("ticket", "resolved_at"),
    "closed": leaves.compared("ticket", "closed_at"),
    "priority": _priority,
    "status": leaves.words("ticket", "status"),
    "owner": leaves.words("ticket", "owner", _GONE),
    "segment": leaves.words("ticket", "segment"),
    "source_segment": leaves.words("ticket", "source_segment"),
    "mailbox": leaves.words("ticket", "mailbox"),
    "channel": leaves.words("ticket", "channel"),
    "type": leaves.words("ticket", "type"),
    "kind": leaves.words("ticket", "kind"),
    "awaiting": leaves.words("ticket", "awaiting"),
    "language": leaves.words("ticket", "language"),
    "watcher": leaves.in_rows("watcher", leaves.words("watcher", "agent"), "watcher"),
    "tag": leaves.in_rows("ticket_tag", leaves.words("ticket_tag", "tag"), "tag"),
    "due": leaves.compared("ticket", "due_at"),
    "warn": leaves.compared("ticket", "warn_at"),
    "sla_state": leaves.words("ticket", "sla_state"),
    "sla.first": _clock("first"),
    "sla.next": _clock("next"),
    "sla.resolve": _clock("resolve"),
    "sla.assign": _clock("assign"),
    "customer": customer_conditions.customer,
    "email": customer_conditions.email,
    "text": leaves.text(None),
    "subject": leaves.text("subject"),
    "body": leaves.text("body"),
    "comments": leaves.text("comments"),
    "rating": _answer("rating", "rating"),
    "csat": _answer("rating", "csat", "1-5"),
    "nps": _answer("rating", "nps", "0-10"),
    "survey": _answer("survey", "survey"),
    "is": leaves.named("is", IS),
    "has": leaves.named("has", HAS),
}
