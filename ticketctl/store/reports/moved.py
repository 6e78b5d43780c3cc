"""Whose tickets, ratings and addresses were before customers were merged, or parted again, after an instant."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row

_MERGED, _UNLINKED, _UNDONE = "merged", "unlinked", "undone"


def _customers(*which: Any) -> Any:
    """What the journal says of customers."""
    found = sa.select(t.journal).where(t.journal.c.kind == "customer", *which)
    return found.order_by(t.journal.c.id)


_MOVES = sql(
    lambda: _customers(
        t.journal.c.type.in_((_MERGED, _UNLINKED, _UNDONE)), t.journal.c.at >= sa.bindparam("seen")
    )
)
_MERGES = sql(
    lambda: _customers(t.journal.c.type == _MERGED, in_list(t.journal.c.undo_group, "groups"))
)
_OF_AGENTS = sql(
    lambda: sa.select(t.identity.c.id, t.identity.c.customer_id).where(
        t.identity.c.kind == "email",
        in_list(t.identity.c.value, "addresses"),
        t.identity.c.created_at < sa.bindparam("seen"),
    )
)


class Moved(Struct, frozen=True):
    """The customers that rows belonged to, by the numbers of the rows that have moved since."""

    identities: dict[int, int]
    tickets: dict[int, int]
    ratings: dict[int, int]
    unlinked: dict[str, int]  # the same of addresses that were taken from a customer since


class Insiders(Struct, frozen=True):
    """The agents that were customers too, and which tickets were theirs."""

    addresses: tuple[str, ...] = ()  # of agents, lower case
    customers: tuple[int, ...] = ()  # who had one of them
    joined: tuple[int, ...] = ()  # tickets that became theirs only since
    left: tuple[int, ...] = ()  # tickets that were theirs, but are no longer


def moved(tx: Tx, seen: datetime) -> Moved:
    """What was moved at an instant or later: by merges of customers, by undoing them, by unlinking an address."""
    found = Moved({}, {}, {}, {})
    lines = tx.execute(_MOVES, {"seen": seen}).all()
    undone = [one for one in lines if one.type == _UNDONE and one.old == _MERGED]
    merges = _merges(tx, undone)
    for line in reversed(lines):
        if line.type == _MERGED:
            _note(found, line, int(line.subject))
        elif line.type == _UNLINKED:
            found.unlinked[line.old["identity"]["value"]] = int(line.subject)
        elif merge := merges.get((line.undo_group, line.subject)):
            _note(found, merge, int(merge.new))
    return found


def insiders(tx: Tx, addresses: Iterable[str], seen: datetime, since: Moved) -> Insiders:
    """The customers with an agent's address just before an instant."""
    named = tuple(addresses)
    rows = tx.execute(_OF_AGENTS, {"addresses": named, "seen": seen})
    theirs = {since.identities.get(row.id, row.customer_id) for row in rows}
    theirs |= {since.unlinked[one] for one in named if one in since.unlinked}
    joined = [id for id, owner in since.tickets.items() if owner not in theirs]
    left = [id for id, owner in since.tickets.items() if owner in theirs]
    return Insiders(named, tuple(sorted(theirs)), tuple(joined), tuple(left))


def _merges(tx: Tx, undone: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """The merges that were undone, by undo group and customer."""
    lines = tx.execute(_MERGES, {"groups": [one.undo_group for one in undone]})
    return {(one.undo_group, one.subject): one for one in lines}


def _note(found: Moved, merge: Row, customer: int) -> None:
    things = merge.old["things"]
    for name, rows in (
        ("identities", found.identities), ("tickets", found.tickets), ("ratings", found.ratings)
    ):  # fmt: skip
        rows.update(dict.fromkeys(things[name], customer))
