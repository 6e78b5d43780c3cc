"""Tickets grouped by a field, for `list --group-by` and `board`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ticketctl.domain.base.records import ALERTS, PRIORITIES
from ticketctl.domain.base.status import STATUSES
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.domain.base.condition import Condition
    from ticketctl.store.db.database import Tx

_ORDERS: dict[str, Callable[[str], Any]] = {
    "status": STATUSES.index,
    "priority": lambda word: -PRIORITIES.index(word),
}


class Group(NamedTuple):
    """The tickets with one value of the field: its name (`none` if empty), their number, and the tickets."""

    name: str
    tickets: int
    condition: "Condition"


def groups(
    tx: "Tx", condition: "Condition", field: str, alert: "Callable[[str], Condition]"
) -> list[Group]:
    """Group the tickets of a condition by a field, in the field's order, `none` last; BadInput for other fields.

    `alert` is the condition of an age colour. By `tag` a ticket is in as many groups as it has tags.
    """
    from ticketctl.domain.base.condition import Where, both
    from ticketctl.store.reports import figures
    from ticketctl.store.tickets import ticket_lists

    if field in figures.TIMES:
        raise BadInput(f"tickets cannot be grouped by {field}; `stats --by {field}` counts them.")
    if field == "alert":
        parts = [(word, both(condition, alert(word))) for word in reversed(ALERTS)]
        return [Group(word, n, part) for word, part in parts if (n := ticket_lists.count(tx, part))]
    counted = {one.values[0]: one.tickets for one in figures.counts(tx, condition, [field])}
    order = _ORDERS.get(field, str.lower)
    names = sorted((name for name in counted if name is not None), key=order)
    found = [
        Group(name, counted[name], both(condition, Where(field, "=", (name,)))) for name in names
    ]
    if None in counted:
        nothing = both(condition, Where(field, "=", ("none",)))
        found.append(Group("none", counted[None], nothing))
    return found
