"""Records as the JSON that scripts rely on: keys never depend on the data, absent is null."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import (
    Attachment,
    Comment,
    Customer,
    Event,
    Link,
    Message,
    Order,
    Participant,
    Ticket,
)
from ticketctl.domain.calendar import sla_word
from ticketctl.domain.definition.definition import Definition

if TYPE_CHECKING:
    from ticketctl.store.desk.ratings import Rating
    from ticketctl.store.queues.recipients import Dead
    from ticketctl.store.queues.unsubscribed import Unsubscribed


def when(stamp: datetime | None) -> str | None:
    """RFC 3339 in UTC, or null."""
    return rfc3339(stamp) if stamp else None


def ticket(one: Ticket, age_alert: str, now: datetime) -> dict[str, object]:
    """An element of `list --json`; ages and service levels as they are `now`."""
    return {
        "id": one.id,
        "subject": one.subject,
        "status": one.status,
        "priority": one.priority,
        "important": one.important,
        "kind": one.kind,
        "channel": one.channel,
        "mailbox": one.mailbox,
        "segment": one.segment,
        "source_segment": one.source_segment,
        "owner": one.owner,
        "type": one.type,
        "tags": list(one.tags),
        "customer": {"id": one.customer.id, "name": one.customer.name, "email": one.customer.email},
        "created_at": when(one.created_at),
        "updated_at": when(one.updated_at),
        "resolved_at": when(one.resolved_at),
        "closed_at": when(one.closed_at),
        "messages_count": one.messages_count,
        "comments_count": one.comments_count,
        "awaiting": one.awaiting,
        "escalation_level": one.escalation_level,
        "merged_into": one.merged_into,
        "age_alert": age_alert,
        "sla": {
            "state": sla_word.state(one, now),
            "clock": one.due_clock,
            "due_at": when(one.due_at),
        },
        "fields": one.fields,
        "version": one.version,
        "response_id": one.response_id,
        "customer_comment": one.customer_comment,
        "closed_loop_at": when(one.closed_loop_at),
        "awaiting_since": when(one.awaiting_since),
    }


# The names above, which an empty list has too.
TICKET = (
    "id", "subject", "status", "priority", "important", "kind", "channel", "mailbox", "segment",
    "source_segment", "owner", "type", "tags", "customer", "created_at", "updated_at",
    "resolved_at", "closed_at", "messages_count", "comments_count", "awaiting",
    "escalation_level", "merged_into", "age_alert", "sla", "fields", "version", "response_id",
    "customer_comment", "closed_loop_at", "awaiting_since",
)  # fmt: skip


def whole(
    one: Ticket,
    age_alert: str,
    now: datetime,
    *,
    definition: Definition,
    messages: Sequence[Message],
    comments: Sequence[Comment],
    participants: Sequence[Participant],
    watchers: Sequence[str],
    answers_to: str,
    links: Sequence[Link],
    person: Customer,
    earlier: Sequence[int],
    orders: Sequence[Order],
    dead: "Sequence[Dead]",
    merged: Sequence[tuple[Ticket, Sequence[Message], Sequence[Comment]]],
    clocks: Sequence[dict[str, object]] = (),
    csat: "Rating | None" = None,
    history: Sequence[Event] = (),
) -> dict[str, object]:
    """The object of `show --json`; each of `merged` with what was said in it, `clocks` as sla_clocks.py shapes them."""
    return ticket(one, age_alert, now) | {
        "messages": [message(each) for each in messages],
        "comments": [comment(each) for each in comments],
        "watchers": list(watchers),
        "participants": [each.address for each in participants if each.role == "cc"],
        "answers_to": answers_to or None,
        "links": [
            {"kind": each.kind, "ticket": each.ticket, "status": each.status} for each in links
        ],
        "merged": [
            {
                "id": each.id,
                "subject": each.subject,
                "messages": [message(one) for one in said],
                "comments": [comment(one) for one in noted],
            }
            for each, said, noted in merged
        ],
        "customer": customer(person, earlier, orders, definition)
        | {
            "undeliverable": [
                {"address": each.address, "since": when(each.since), "why": each.why}
                for each in dead
            ]
        },
        "clocks": list(clocks),
        "csat": answer(csat),
        "history": [event(each) for each in history],
    }


def answer(one: "Rating | None") -> dict[str, object] | None:
    """A customer's survey answer, or null."""
    if one is None:
        return None
    return {
        "survey": one.survey,
        "scale": one.scale,
        "rating": one.rating,
        "comment": one.comment,
        "at": when(one.at),
        "id": one.id,
        "answers": [{"question": asked, "answer": said} for asked, said in one.answers],
        "url": one.url,
    }


def unsubscribed(one: "Unsubscribed") -> dict[str, object]:
    """An address and the mail it has unsubscribed from."""
    return {"address": one.address, "from": one.mail, "since": when(one.at), "by": one.actor}


def message(one: Message) -> dict[str, object]:
    """An element of `messages`."""
    return {
        "n": one.n,
        "direction": one.direction,
        "class": one.class_,
        "visibility": one.visibility,
        "channel": one.channel,
        "author": one.author,
        "author_name": one.author_name,
        "proof": one.proof,
        "at": when(one.at),
        "subject": one.subject,
        "text": one.text,
        "full_text": one.full_text,
        "message_id": one.message_id,
        "in_reply_to": one.in_reply_to,
        "permalink": one.permalink,
        "delivery": one.delivery,
        "attachments": [attachment(each) for each in one.attachments],
    }


def attachment(one: Attachment) -> dict[str, object]:
    """An element of `attachments`."""
    return {
        "n": one.n,
        "name": one.name,
        "type": one.type,
        "size": one.size,
        "sha256": one.sha256,
        "inline": one.inline,
    }


def comment(one: Comment) -> dict[str, object]:
    """An element of `comments`."""
    return {"n": one.n, "author": one.author, "at": when(one.at), "text": one.text}


def profile(one: Customer, definition: Definition) -> dict[str, object]:
    """The profile of a customer with every field of desk.toml; null for an empty one (F-A17)."""
    known = [field.name for field in definition.fields if field.on == "customer"]
    return dict.fromkeys(known) | one.profile


def customer(
    one: Customer, earlier: Sequence[int], orders: Sequence[Order], definition: Definition
) -> dict[str, object]:
    """The customer panel of `show`."""
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "identities": list(one.identities),
        "language": one.language,
        "profile": profile(one, definition),
        "orders": [order(each) for each in orders],
        "last_seen_at": when(one.last_seen_at),
        "last_page": one.last_page,
        "tickets": list(earlier),
    }


def order(one: Order) -> dict[str, object]:
    """An element of `customer.orders`."""
    return {
        "number": one.number,
        "total": one.total,
        "currency": one.currency,
        "financial_status": one.financial_status,
        "fulfilment_status": one.fulfilment_status,
        "placed_at": when(one.placed_at),
        "provider": one.provider,
    }


def event(one: Event) -> dict[str, object]:
    """An element of `history --json`."""
    return {
        "n": one.n,
        "at": when(one.at),
        "actor": one.actor,
        "os_user": one.os_user,
        "type": one.type,
        "field": one.field,
        "old": one.old,
        "new": one.new,
        "comment": one.comment,
        "group": one.group,
    }
