"""What a transaction has yet to write about its tickets: changed columns, lines of history, Message-IDs.

They are written together, in one statement of each kind: before a statement that names one of their tables, and at the
end of a savepoint or of the transaction (`Tx.flush`). So whoever reads sees them, and several changes cost no more than
one.
"""

from collections import Counter, defaultdict
from typing import Any

from ticketctl.errors import NotFound
from ticketctl.store.db.core import insertion, sa, setting, t
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.tx import Tx

AWAITED = "awaited"  # an id that a reply names and that has not arrived yet

_THIS = "of_ticket"
_COUNT_LINES = sql(
    lambda: (
        sa.update(t.ticket)
        .where(t.ticket.c.id == sa.bindparam(_THIS))
        .values(events_count=t.ticket.c.events_count + sa.bindparam("lines"))
        .returning(t.ticket.c.events_count)
    )
)
_CHANGE = sql(
    lambda: setting(
        _COUNT_LINES().values(version=t.ticket.c.version + sa.bindparam("more_versions"))
    )
)
_ADD_LINE = sql(lambda: sa.insert(t.event))


def _remembering() -> Any:
    """An awaited id that arrives becomes the id of that message; others stay as they are."""
    remembered = insertion(t.mail_id)
    new = remembered.excluded
    return remembered.on_conflict_do_update(
        index_elements=["hash", "ticket_id"],
        set_={"direction": new.direction, "message_n": new.message_n, "at": new.at},
        where=t.mail_id.c.direction == AWAITED,
    )


_REMEMBER = sql(_remembering)


def change(tx: Tx, ticket_id: int, **columns: Any) -> None:
    """Set columns of a ticket; it becomes a new version."""
    pending = _of(tx)
    pending.columns[ticket_id].update(columns)
    pending.versions[ticket_id] += 1


def set_quietly(tx: Tx, ticket_id: int, **columns: Any) -> None:
    """Set columns of a ticket that stays the same version."""
    _of(tx).columns[ticket_id].update(columns)


def created(tx: Tx, ticket_id: int) -> None:
    """A ticket was created just now, without history."""
    _of(tx).new.add(ticket_id)


def history_of_new(tx: Tx, ticket_id: int) -> list[dict[str, Any]] | None:
    """The lines of a ticket whose whole history has yet to be written; None if some of it may be stored."""
    pending = _of(tx)
    if ticket_id not in pending.new:
        return None
    return [line for line in pending.lines if line["ticket_id"] == ticket_id]


def add_line(tx: Tx, line: dict[str, Any]) -> None:
    """Add a line to the history of its ticket; it is numbered when it is written."""
    _of(tx).lines.append(line)


def remember(tx: Tx, mail_id: dict[str, Any]) -> None:
    """Store a Message-ID."""
    tx.later(_MailIds).rows.append(mail_id)


def write(tx: Tx) -> None:
    """Write what waits now, so that an error is that of what was done so far."""
    tx.flush(_Pending.tables | _MailIds.tables)


class _MailIds:
    tables = frozenset(("mail_id",))
    order = 0

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def write(self, tx: Tx) -> None:
        """Write them all."""
        tx.execute(_REMEMBER, self.rows)


class _Pending:
    tables = frozenset(("ticket", "event"))
    order = 0

    def __init__(self) -> None:
        self.new: set[int] = set()  # tickets that have no history yet
        self.columns: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        self.versions: Counter[int] = Counter()
        self.lines: list[dict[str, Any]] = []  # in the order in which they happened

    def write(self, tx: Tx) -> None:
        """Write all; NotFound if a ticket is gone. Tickets in order of number, so that two do not deadlock."""
        added = Counter(line["ticket_id"] for line in self.lines)
        numbers = {id: self._update(tx, id, added[id]) for id in sorted({*self.columns, *added})}
        for line in self.lines:
            numbers[line["ticket_id"]] += 1
            line["n"] = numbers[line["ticket_id"]]
        if self.lines:
            tx.execute(_ADD_LINE, self.lines)

    def _update(self, tx: Tx, id: int, lines: int) -> int:
        """Update a ticket; the number of its last line before."""
        values = {_THIS: id, "lines": lines}
        if columns := self.columns.get(id):
            values |= {"more_versions": self.versions[id]}
            found = tx.execute(_CHANGE, values | columns).scalar()
        else:
            found = tx.execute(_COUNT_LINES, values).scalar()
        if found is None:
            raise NotFound(f"no ticket {id}.")
        return int(found) - lines


def _of(tx: Tx) -> _Pending:
    return tx.later(_Pending)
