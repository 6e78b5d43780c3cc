"""Tickets: create, read, change; their participants; what was merged into which."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import PRIORITIES, Customer, Participant, Person, Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.errors import NotFound
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.tx import Tx, Values
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import last_word, pending, search

_CHUNK = 500  # ids that a statement names at once

_tags = cache(
    lambda: (
        sa.select(sa.func.aggregate_strings(t.ticket_tag.c.tag, "\n"))
        .where(t.ticket_tag.c.ticket_id == t.ticket.c.id)
        .scalar_subquery()
        .label("tags")
    )
)
_customer_comment = cache(
    lambda: (
        sa.select(t.rating.c.comment)
        .where(t.rating.c.id == t.ticket.c.response_id)
        .scalar_subquery()
        .label("customer_comment")
    )
)


def _merged_sum(counter: str) -> "sa.Label[int]":
    """What the tickets merged into one count together, also through chains; 0 for most, by one look at an index."""
    source, deeper = t.ticket.alias("source"), t.ticket.alias("deeper")
    inside = (
        sa.select(source.c.id, source.c[counter].label("held"))
        .where(source.c.merged_into == t.ticket.c.id)
        .correlate(t.ticket)
        .cte("inside", recursive=True, nesting=True)
    )
    inside = inside.union(
        sa.select(deeper.c.id, deeper.c[counter]).where(deeper.c.merged_into == inside.c.id)
    )
    total = sa.select(sa.func.sum(inside.c.held)).scalar_subquery()
    has_any = sa.exists().where(source.c.merged_into == t.ticket.c.id).correlate(t.ticket)
    return sa.case((has_any, total), else_=0).label(f"merged_{counter}")


SELECT = cache(
    lambda: sa.select(
        t.ticket,
        t.customer.c.name.label("customer_name"),
        t.customer.c.email.label("customer_email"),
        _tags(),
        _customer_comment(),
        last_word.waiting_since().label("awaiting_since"),
        _merged_sum("messages_count"),
        _merged_sum("comments_count"),
    ).join(t.customer, t.customer.c.id == t.ticket.c.customer_id)
)

_GET = sql(lambda: SELECT().where(t.ticket.c.id == sa.bindparam("of_ticket")))
_GET_LOCKED = sql(lambda: _GET().with_for_update(of=t.ticket))
_LOCK = sql(
    lambda: (
        sa.select(t.ticket.c.id)
        .where(in_list(t.ticket.c.id, "ids"))
        .order_by(t.ticket.c.id)
        .with_for_update()
    )
)
_SOME = sql(lambda: SELECT().where(in_list(t.ticket.c.id, "ids")))
_REMOVE_TAGS = sql(
    lambda: sa.delete(t.ticket_tag).where(
        t.ticket_tag.c.ticket_id == sa.bindparam("of_ticket"), in_list(t.ticket_tag.c.tag, "tags")
    )
)
_MERGED_IN = sql(lambda: sa.select(t.ticket.c.id).where(in_list(t.ticket.c.merged_into, "ids")))
_MERGED_INTO = sql(
    lambda: sa.select(t.ticket.c.merged_into).where(t.ticket.c.id == sa.bindparam("of_ticket"))
)
_PARTICIPANTS = sql(
    lambda: (
        sa.select(t.participant.c.address, t.participant.c.name, t.participant.c.role)
        .where(t.participant.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.participant.c.address)
    )
)
_REMOVE_PARTICIPANT = sql(
    lambda: sa.delete(t.participant).where(
        t.participant.c.ticket_id == sa.bindparam("of_ticket"),
        t.participant.c.address == sa.bindparam("of_address"),
    )
)
_INSERT = sql(lambda: sa.insert(t.ticket).returning(*t.ticket.c))
_add_tag = if_new("ticket_tag")
_add_participant = if_new("participant")


class NewTicket(Struct, frozen=True, kw_only=True):
    """A ticket to create."""

    subject: str
    status: str
    priority: str
    channel: str
    mailbox: str
    segment: str
    customer_id: int
    at: datetime
    owner: str | None = None
    type: str | None = None
    language: str | None = None
    important: bool = False
    kind: str = "private"
    fields: dict[str, Any] = {}
    tags: Collection[str] = ()
    first_message: Literal["", "customer", "other"] = (
        ""  # who wrote it, if it is filed with the ticket
    )


def create(tx: Tx, new: NewTicket) -> int:
    """Create a ticket, searchable by its subject, and return its number.

    Its first message counts already if there is one, and must be filed with `messages.add_first`.
    """
    return int(_create(tx, new).id)


def open_for(tx: Tx, new: NewTicket, who: Customer) -> Ticket:
    """Create a ticket of `who` as `create` does, and return it."""
    row = _create(tx, new)
    waits = row.created_at if row.awaiting == "agent" else None
    return _ticket(row, Person(who.id, who.name, who.email), new.tags, None, waits)


def _create(tx: Tx, new: NewTicket) -> Row:
    values = {
        "subject": new.subject,
        "status": new.status,
        "priority": PRIORITIES.index(new.priority),
        "important": int(new.important),
        "kind": new.kind,
        "channel": new.channel,
        "mailbox": new.mailbox,
        "segment": new.segment,
        "source_segment": new.segment,
        "owner": new.owner,
        "type": new.type,
        "customer_id": new.customer_id,
        "created_at": new.at,
        "updated_at": new.at,
        "language": new.language,
        "fields": new.fields,
        "awaiting": "agent" if new.status in ACTIVE else "nobody",
        "messages_count": int(bool(new.first_message)),
        "last_customer_at": new.at if new.first_message == "customer" else None,
    }
    made = tx.execute(_INSERT, values).one()
    if new.tags:
        set_tags(tx, made.id, new.tags, ())
    pending.created(tx, made.id)
    search.index(tx, made.id, "subject", 0, new.subject)
    return made


def get(tx: Tx, id: int, *, lock: bool = False) -> Ticket:
    """The ticket; NotFound for an unknown one. With `lock` nobody else changes it until we commit."""
    found = rows(tx, _GET_LOCKED if lock else _GET, {"of_ticket": id})
    if not found:
        raise NotFound(f"no ticket {id}.")
    return found[0]


def lock(tx: Tx, ids: Iterable[int]) -> None:
    """Lock these tickets until we commit.

    The lowest number is locked first, so that two who want the same tickets never deadlock.
    """
    if wanted := sorted(set(ids)):
        tx.execute(_LOCK, {"ids": wanted}).all()


def some(tx: Tx, ids: Sequence[int]) -> list[Ticket]:
    """The tickets with these numbers, in this order; unknown numbers are left out."""
    found: dict[int, Ticket] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = rows(tx, _SOME, {"ids": ids[start : start + _CHUNK]})
        found.update((one.id, one) for one in chunk)
    return [found[id] for id in ids if id in found]


def change(tx: Tx, id: int, *, at: datetime, **columns: Any) -> None:
    """Set columns of a ticket (`priority` is its word, `important` a bool) and increase its version.

    For a changed subject, the caller must update the index (`search.index`).
    """
    if "priority" in columns:
        columns["priority"] = PRIORITIES.index(columns["priority"])
    if "important" in columns:
        columns["important"] = int(columns["important"])
    pending.change(tx, id, updated_at=at, **columns)


def set_tags(tx: Tx, id: int, add: Iterable[str], remove: Iterable[str]) -> None:
    """Add and remove tags; both may name tags that are set or absent already."""
    if gone := list(remove):
        tx.execute(_REMOVE_TAGS, {"of_ticket": id, "tags": gone})
    for tag in add:
        _add_tag(tx, {"ticket_id": id, "tag": tag})


def final(tx: Tx, id: int) -> int:
    """The ticket that this one was merged into, through chains (D15); itself if it was not."""
    seen: set[int] = set()
    while id not in seen:
        seen.add(id)
        row = tx.execute(_MERGED_INTO, {"of_ticket": id}).first()
        if row is None:
            raise NotFound(f"no ticket {id}.")
        id = row.merged_into or id
    return id


def merged(tx: Tx, id: int) -> list[Ticket]:
    """The tickets that were merged into this one, also through chains, by number."""
    found: set[int] = set()
    new = {id}
    while new:
        new = set(tx.execute(_MERGED_IN, {"ids": sorted(new)}).scalars()) - found
        found |= new
    return some(tx, sorted(found))


def rows(tx: Tx, query: Any, values: Values | None = None, **parts: Part) -> list[Ticket]:
    """The tickets of a statement built on SELECT; for the other modules of the store."""
    return [_record(row) for row in tx.execute(query, values, **parts)]


def _record(row: Row) -> Ticket:
    who = Person(row.customer_id, row.customer_name, row.customer_email)
    tags = row.tags.split("\n") if row.tags else ()
    ticket = _ticket(row, who, tags, row.customer_comment, row.awaiting_since)
    if not (row.merged_messages_count or row.merged_comments_count):
        return ticket
    return replace(
        ticket,
        messages_count=row.messages_count + row.merged_messages_count,
        comments_count=row.comments_count + row.merged_comments_count,
    )


def _ticket(
    row: Row, who: Person, tags: Collection[str], comment: str | None, since: datetime | None
) -> Ticket:
    return Ticket(
        id=row.id,
        subject=row.subject,
        status=row.status,
        priority=PRIORITIES[row.priority],
        important=bool(row.important),
        kind=row.kind,
        channel=row.channel,
        mailbox=row.mailbox,
        segment=row.segment,
        source_segment=row.source_segment,
        owner=row.owner,
        type=row.type,
        tags=tuple(sorted(tags)),
        customer=who,
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        wait_until=row.wait_until,
        last_customer_at=row.last_customer_at,
        messages_count=row.messages_count,
        comments_count=row.comments_count,
        awaiting=row.awaiting,
        awaiting_since=since,
        escalation_level=row.escalation_level,
        merged_into=row.merged_into,
        language=row.language,
        fields=row.fields,
        version=row.version,
        first_reply_at=row.first_reply_at,
        closed_loop_at=row.closed_loop_at,
        response_id=row.response_id,
        customer_comment=comment or None,
        policy=row.policy,
        policy_version=row.policy_version,
        due_by=row.due_by,
        due_at=row.due_at,
        due_clock=row.due_clock,
        warn_at=row.warn_at,
        sla_state=row.sla_state,
    )


# ---- people ---------------------------------------------------------------------------------------------------------


def participants(tx: Tx, id: int) -> list[Participant]:
    """Who else may write to a ticket, by address."""
    return [Participant(*row) for row in tx.execute(_PARTICIPANTS, {"of_ticket": id})]


def add_participant(tx: Tx, id: int, who: Participant) -> bool:
    """Add a participant. False if they take part already."""
    row = {
        "ticket_id": id,
        "address": address_key(who.address),
        "name": who.name,
        "role": who.role,
    }
    return _add_participant(tx, row)


def remove_participant(tx: Tx, id: int, address: str) -> bool:
    """Remove a participant. False if they did not take part."""
    this = {"of_ticket": id, "of_address": address_key(address)}
    return bool(tx.execute(_REMOVE_PARTICIPANT, this).rowcount)
