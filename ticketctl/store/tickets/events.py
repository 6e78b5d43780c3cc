"""History: one row a change, counted within the ticket, only appended."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Row, Select, Table, bindparam, func, insert, select, update

from ticketctl.domain.base.records import Actor, Event
from ticketctl.errors import NotFound
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import event, journal, ticket

_COUNT_UP = (
    update(ticket)
    .where(ticket.c.id == bindparam("of_ticket"))
    .values(events_count=ticket.c.events_count + 1)
    .returning(ticket.c.events_count)
)
_INSERT = insert(event)
_LOOK_BACK = 1000  # lines
_IN_GROUP = (
    select(event)
    .where(
        event.c.undo_group == bindparam("of_group"),
        event.c.ticket_id == bindparam("of_ticket"),
        event.c.at == bindparam("then"),
    )
    .order_by(event.c.n)
)
_OF = select(event).where(event.c.ticket_id == bindparam("of_ticket")).order_by(event.c.n)


def append(
    tx: Tx,
    ticket_id: int,
    *,
    at: datetime,
    actor: Actor,
    type: str,
    group: str,
    field: str | None = None,
    old: object = None,
    new: object = None,
    comment: str | None = None,
    way_back: object = None,
) -> int:
    """Append an event and return its number in the ticket; `old`, `new`, `way_back` are JSON values."""
    n = tx.execute(_COUNT_UP, {"of_ticket": ticket_id}).scalar()
    if n is None:
        raise NotFound(f"no ticket {ticket_id}.")
    tx.execute(
        _INSERT,
        {
            "ticket_id": ticket_id,
            "n": n,
            "at": at,
            "actor": actor.name,
            "os_user": actor.os_user,
            "type": type,
            "field": field,
            "old": old,
            "new": new,
            "comment": comment,
            "undo_group": group,
            "way_back": way_back,
        },
    )
    return int(n)


def of(tx: Tx, ticket_id: int, types: Collection[str] | None = None) -> list[Event]:
    """The history of a ticket, oldest first; only of these types, if given."""
    query = _OF if types is None else _OF.where(event.c.type.in_(types))
    return [_record(row) for row in tx.execute(query, {"of_ticket": ticket_id})]


def of_group(tx: Tx, group: str) -> list[Event]:
    """The events of one command, in order."""
    query = select(event).where(event.c.undo_group == group).order_by(event.c.id)
    return [_record(row) for row in tx.execute(query)]


def of_ticket_in_group(tx: Tx, ticket_id: int, group: str, at: datetime) -> list[Event]:
    """The events of one transaction of a command on one ticket, in order."""
    values = {"of_ticket": ticket_id, "of_group": group, "then": at}
    return [_record(row) for row in tx.execute(_IN_GROUP, values)]


def by_others(tx: Tx, owner: str, since: datetime, limit: int) -> list[int]:
    """The tickets of an agent that others changed since a time, the last changed first, at most `limit`."""
    changed = (
        select(event.c.ticket_id)
        .join(ticket, ticket.c.id == event.c.ticket_id)
        .where(event.c.at >= since, event.c.actor != owner, ticket.c.owner == owner)
        .group_by(event.c.ticket_id)
        .order_by(func.max(event.c.id).desc())
        .limit(limit)
    )
    return list(tx.execute(changed).scalars())


def last_groups(tx: Tx, actor: str) -> list[str]:
    """The undo groups of an agent's last commands, on tickets and otherwise, newest first.

    Found among their last thousand events and journal entries.
    """
    rows = [row for table in (event, journal) for row in tx.execute(_own(table, actor))]
    rows.sort(key=lambda row: (row.at, row.undo_group), reverse=True)
    return list(dict.fromkeys(row.undo_group for row in rows))


def _own(table: Table, actor: str) -> Select[object]:
    lines = select(table.c.undo_group, table.c.at).where(table.c.actor == actor)
    return lines.order_by(table.c.id.desc()).limit(_LOOK_BACK)


def _record(row: Row[object]) -> Event:
    return Event(
        n=row.n,
        ticket=row.ticket_id,
        at=row.at,
        actor=row.actor,
        os_user=row.os_user,
        type=row.type,
        field=row.field,
        old=row.old,
        new=row.new,
        comment=row.comment,
        group=row.undo_group,
        way_back=row.way_back,
    )
