"""Merges two customers who are the same person; the merged row stays and points at the other (F-A22)."""

from typing import Any

import msgspec

from ticketctl import clock
from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.customers.customer import note
from ticketctl.domain.base.records import Customer
from ticketctl.errors import Conflict
from ticketctl.store.people import customers, move_customer

_SEEN = ("last_seen_at", "last_page")
_FILLED = ("name", "email", "language")  # taken over if the other has none


def merge(work: Work, source_id: int, target_id: int, comment: str = "") -> int:
    """Move everything of one customer to another: identities, tickets, orders. Returns how many tickets moved.

    Conflict if they are the same already; NotAllowed unless the actor may see all tickets of both.
    """
    customers.lock(work.tx, source_id, target_id)
    permission.require_customers(work, (source_id, target_id), "merge")
    source, target = customers.get(work.tx, source_id), customers.get(work.tx, target_id)
    for one in (source, target):
        if one.merged_into is not None:
            raise Conflict(f"customer {one.id} is already merged into {one.merged_into}.")
    if source.id == target.id:
        raise Conflict(f"customer {source.id} cannot be merged into itself.")
    things = move_customer.of(work.tx, source.id)
    move_customer.move(work.tx, things, source.id, target.id)
    filled = _missing_data(source, target)
    if filled:
        customers.change(work.tx, target.id, **filled)
    customers.change(work.tx, source.id, merged_into=target.id)
    was = {name: [getattr(target, name), new] for name, new in filled.items()}
    old = msgspec.to_builtins({"things": things, "filled": was})
    note(work, source.id, "merged", old=old, new=target.id, comment=comment)
    return len(things.tickets)


def part(work: Work, source_id: int, target_id: int, old: dict[str, Any]) -> None:
    """Revert a merge by its journal entry. Conflict if something was changed since."""
    customers.lock(work.tx, source_id, target_id)
    source, target = customers.get(work.tx, source_id), customers.get(work.tx, target_id)
    if source.merged_into != target.id:
        raise Conflict(f"customer {source.id} is no longer merged into {target.id}.")
    things = msgspec.convert(old["things"], move_customer.Things)
    columns = _restored(target, old["filled"])
    for name, lost in move_customer.missing(work.tx, things, target.id).items():
        raise Conflict(
            f"customer {target.id}: {lost} of the {name} of customer {source.id} "
            "no longer belong to this customer: they were changed since."
        )
    move_customer.move(work.tx, things, target.id, source.id)
    if columns:
        customers.change(work.tx, target.id, **columns)
    customers.change(work.tx, source.id, merged_into=None)


def _missing_data(source: Customer, target: Customer) -> dict[str, object]:
    """The data that one customer has and the other lacks."""
    filled: dict[str, Any] = {"profile": source.profile | target.profile}
    for name in _FILLED:
        filled[name] = getattr(target, name) or getattr(source, name)
    if source.last_seen_at and (
        not target.last_seen_at or source.last_seen_at > target.last_seen_at
    ):
        filled |= {name: getattr(source, name) for name in _SEEN}
    return {name: new for name, new in filled.items() if new != getattr(target, name)}


def _restored(target: Customer, filled: dict[str, list[Any]]) -> dict[str, object]:
    """The columns as they were before the merge; a later last-seen time stays."""
    columns = {}
    for name, (old, new) in filled.items():
        now = msgspec.to_builtins(getattr(target, name))
        if now == new:
            columns[name] = clock.parse(old) if old and name == "last_seen_at" else old
        elif name not in _SEEN:
            raise Conflict(
                f"customer {target.id}: {name} is {now} now, not {new}: it was changed since."
            )
    return columns
