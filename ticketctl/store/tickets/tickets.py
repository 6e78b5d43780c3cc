"""Tickets: create, read, change, list; their participants; what was merged into which.

A list is read in pages by key: the last ticket of a page is where the next one starts, so a page costs the same at any
depth, and nothing is skipped or shown twice while tickets come in.
"""

from collections.abc import Collection, Generator, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import Condition, Sort, Where, both
from ticketctl.domain.base.records import PRIORITIES, Participant, Person, Ticket
from ticketctl.domain.base.status import ACTIVE, STATUSES
from ticketctl.errors import NotFound
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new, new_id
from ticketctl.store.db.schema import customer, participant, rating, ticket, ticket_tag
from ticketctl.store.tickets import conditions, search, sorting

_CHUNK = 500  # rows a server-side cursor brings at once, ids a statement names at once

_tags = (
    select(func.aggregate_strings(ticket_tag.c.tag, "\n"))
    .where(ticket_tag.c.ticket_id == ticket.c.id)
    .scalar_subquery()
    .label("tags")
)
_customer_comment = (
    select(rating.c.comment)
    .where(rating.c.id == ticket.c.response_id)
    .scalar_subquery()
    .label("customer_comment")
)
SELECT: Select[Any] = select(
    ticket,
    customer.c.name.label("customer_name"),
    customer.c.email.label("customer_email"),
    _tags,
    _customer_comment,
).join(customer, customer.c.id == ticket.c.customer_id)

_GET = SELECT.where(ticket.c.id == bindparam("of_ticket"))
_GET_LOCKED = _GET.with_for_update(of=ticket)
_CHANGE = (
    update(ticket).where(ticket.c.id == bindparam("of_ticket")).values(version=ticket.c.version + 1)
)
_MERGED_INTO = select(ticket.c.merged_into).where(ticket.c.id == bindparam("of_ticket"))
_PARTICIPANTS = (
    select(participant.c.address, participant.c.name, participant.c.role)
    .where(participant.c.ticket_id == bindparam("of_ticket"))
    .order_by(participant.c.address)
)
_INSERT = insert(ticket)
_add_tag = if_new(ticket_tag)
_add_participant = if_new(participant)


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


def create(tx: Tx, new: NewTicket) -> int:
    """Create a ticket without messages, searchable by its subject, and return its number."""
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
    }
    id = new_id(tx.execute(_INSERT, values))
    if new.tags:
        set_tags(tx, id, new.tags, ())
    search.index(tx, id, "subject", 0, new.subject)
    return id


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
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _CHUNK):
        mine = ticket.c.id.in_(wanted[start : start + _CHUNK])
        tx.execute(select(ticket.c.id).where(mine).order_by(ticket.c.id).with_for_update()).all()


def some(tx: Tx, ids: Sequence[int]) -> list[Ticket]:
    """The tickets with these numbers, in this order; unknown numbers are left out."""
    found: dict[int, Ticket] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = rows(tx, SELECT.where(ticket.c.id.in_(ids[start : start + _CHUNK])))
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
    if not tx.execute(_CHANGE, {"of_ticket": id, "updated_at": at, **columns}).rowcount:
        raise NotFound(f"no ticket {id}.")


def set_tags(tx: Tx, id: int, add: Iterable[str], remove: Iterable[str]) -> None:
    """Add and remove tags; both may name tags that are set or absent already."""
    if gone := list(remove):
        tx.execute(
            delete(ticket_tag).where(ticket_tag.c.ticket_id == id, ticket_tag.c.tag.in_(gone))
        )
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
        query = select(ticket.c.id).where(ticket.c.merged_into.in_(new))
        new = set(tx.execute(query).scalars()) - found
        found |= new
    return some(tx, sorted(found))


# ---- lists ----------------------------------------------------------------------------------------------------------


def page(
    tx: Tx,
    condition: Condition,
    sort: Sequence[Sort],
    limit: int | None,
    after: Ticket | None = None,
) -> list[Ticket]:
    """The first tickets in an order, or those after `after`; at most `limit`, None for all."""
    query = _numbers(condition, sort).limit(limit)
    if after is not None:
        query = query.where(sorting.past(sort, after))
    return some(tx, tx.execute(query).scalars().all())


def stream(tx: Tx, condition: Condition, sort: Sequence[Sort]) -> Generator[Ticket, None, None]:
    """All tickets of a condition, in order, by a server-side cursor; close it within the transaction."""
    with tx.execute(_numbers(condition, sort), execution_options={"yield_per": _CHUNK}) as numbers:
        for chunk in numbers.scalars().partitions():
            yield from some(tx, chunk)


def count(tx: Tx, condition: Condition) -> int:
    """How many tickets a condition holds for."""
    query = select(func.count()).select_from(ticket).where(conditions.sql(condition))
    return int(tx.execute(query).scalar_one())


def overview(tx: Tx, condition: Condition) -> dict[str, int]:
    """How many tickets of a condition are in each status, without empty statuses."""
    query = (
        select(ticket.c.status, func.count().label("number"))
        .where(
            conditions.sql(condition), ticket.c.status.in_(STATUSES)
        )  # status by status, by index
        .group_by(ticket.c.status)
    )
    return {row.status: row.number for row in tx.execute(query)}


def older_open(tx: Tx, condition: Condition, before: datetime) -> int:
    """How many tickets of a condition are active and were created before `before` (the list's footer)."""
    older = both(Where("created", "<", (before,)), Where("is", "=", ("open",)))
    return count(tx, both(condition, older))


def rows(tx: Tx, query: Select[object], values: dict[str, object] | None = None) -> list[Ticket]:
    """The tickets of a statement built on SELECT; for the other modules of the store."""
    return [_record(row) for row in tx.execute(query, values)]


def _numbers(condition: Condition, sort: Sequence[Sort]) -> Select[int]:
    """The numbers in order: if the database must sort, it sorts little, mostly from an index alone."""
    query = select(ticket.c.id).where(conditions.sql(condition)).order_by(*sorting.by(sort))
    if any(key.field == "customer" for key in sort):
        query = query.join(customer, customer.c.id == ticket.c.customer_id)
    return query


def _record(row: Row[object]) -> Ticket:
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
        tags=tuple(sorted(row.tags.split("\n"))) if row.tags else (),
        customer=Person(row.customer_id, row.customer_name, row.customer_email),
        created_at=row.created_at,
        updated_at=row.updated_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        wait_until=row.wait_until,
        last_customer_at=row.last_customer_at,
        messages_count=row.messages_count,
        comments_count=row.comments_count,
        awaiting=row.awaiting,
        escalation_level=row.escalation_level,
        merged_into=row.merged_into,
        language=row.language,
        fields=row.fields,
        version=row.version,
        first_reply_at=row.first_reply_at,
        closed_loop_at=row.closed_loop_at,
        response_id=row.response_id,
        customer_comment=row.customer_comment or None,
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
    this = (participant.c.ticket_id == id, participant.c.address == address_key(address))
    return bool(tx.execute(delete(participant).where(*this)).rowcount)
