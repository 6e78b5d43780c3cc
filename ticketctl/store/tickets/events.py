"""History: one row a change, counted within the ticket, only appended."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import json

from ticketctl.domain.base.records import Actor, Event
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import pending

_LOOK_BACK = 1000  # lines
_IN_GROUP = sql(
    lambda: (
        sa.select(t.event)
        .where(
            t.event.c.undo_group == sa.bindparam("of_group"),
            t.event.c.ticket_id == sa.bindparam("of_ticket"),
            t.event.c.at == sa.bindparam("then"),
        )
        .order_by(t.event.c.n)
    )
)
_OF = sql(
    lambda: (
        sa.select(t.event)
        .where(t.event.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.event.c.n)
    )
)
_OF_TYPES = sql(lambda: _OF().where(in_list(t.event.c.type, "types")))
_OF_GROUP = sql(
    lambda: (
        sa.select(t.event)
        .where(t.event.c.undo_group == sa.bindparam("of_group"))
        .order_by(t.event.c.id)
    )
)


def _by_others() -> "sa.Select[object]":
    """MATERIALIZED: a database without statistics begins with the few events since then, not with an index of all."""
    since = (
        sa.select(t.event.c.ticket_id, t.event.c.id)
        .where(t.event.c.at >= sa.bindparam("since"), t.event.c.actor != sa.bindparam("me"))
        .cte("since")
        .prefix_with("MATERIALIZED")
    )
    return (
        sa.select(since.c.ticket_id)
        .where(
            sa.exists().where(
                t.ticket.c.id == since.c.ticket_id, t.ticket.c.owner == sa.bindparam("me")
            )
        )
        .group_by(since.c.ticket_id)
        .order_by(sa.func.max(since.c.id).desc())
        .limit(sa.bindparam("most"))
    )


_BY_OTHERS = sql(_by_others)


def _last_lines(table: "sa.Table") -> "sa.Select[object]":
    return (
        sa.select(table.c.undo_group, table.c.at)
        .where(table.c.actor == sa.bindparam("me"))
        .order_by(table.c.id.desc())
        .limit(_LOOK_BACK)
    )


_LAST_EVENTS = sql(lambda: _last_lines(t.event))
_LAST_JOURNAL = sql(lambda: _last_lines(t.journal))


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
) -> None:
    """Append an event to the history of a ticket; `old`, `new`, `way_back` are JSON values."""
    pending.add_line(
        tx,
        {
            "ticket_id": ticket_id,
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


def of(tx: Tx, ticket_id: int, types: Collection[str] | None = None) -> list[Event]:
    """The history of a ticket, oldest first; only of these types, if given."""
    if types is None:
        rows = tx.execute(_OF, {"of_ticket": ticket_id})
    else:
        rows = tx.execute(_OF_TYPES, {"of_ticket": ticket_id, "types": types})
    return [_record(row) for row in rows]


def of_group(tx: Tx, group: str) -> list[Event]:
    """The events of one command, in order."""
    return [_record(row) for row in tx.execute(_OF_GROUP, {"of_group": group})]


def of_ticket_in_group(tx: Tx, ticket_id: int, group: str, at: datetime) -> list[Event]:
    """The events of one transaction of a command on one ticket, in order."""
    unwritten = pending.history_of_new(tx, ticket_id)
    if unwritten is not None:
        lines = [_unwritten(n, line) for n, line in enumerate(unwritten, 1)]
        return [line for line in lines if (line.group, line.at) == (group, at)]
    values = {"of_ticket": ticket_id, "of_group": group, "then": at}
    return [_record(row) for row in tx.execute(_IN_GROUP, values)]


def by_others(tx: Tx, owner: str, since: datetime, limit: int) -> list[int]:
    """The tickets of an agent that others changed since a time, the last changed first, at most `limit`."""
    return tx.execute(_BY_OTHERS, {"me": owner, "since": since, "most": limit}).scalars()


def last_groups(tx: Tx, actor: str) -> list[str]:
    """The undo groups of an agent's last commands, on tickets and otherwise, newest first.

    Found among their last thousand events and journal entries.
    """
    rows = [
        row for query in (_LAST_EVENTS, _LAST_JOURNAL) for row in tx.execute(query, {"me": actor})
    ]
    rows.sort(key=lambda row: (row.at, row.undo_group), reverse=True)
    return list(dict.fromkeys(row.undo_group for row in rows))


def _unwritten(n: int, line: dict[str, Any]) -> Event:
    """A line of history as it will be read when it is written."""
    stored = {name: json.decode(json.encode(line[name])) for name in ("old", "new", "way_back")}
    plain = {name: line[name] for name in ("at", "actor", "os_user", "type", "field", "comment")}
    return Event(n=n, ticket=line["ticket_id"], group=line["undo_group"], **plain, **stored)


def _record(row: Row) -> Event:
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
