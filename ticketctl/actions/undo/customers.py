"""Reverts entries of the journal about customers."""

from collections.abc import Callable

import msgspec

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.customers import merge
from ticketctl.actions.customers.customer import first_email
from ticketctl.domain.base.identity import EMAIL, Identity, parse
from ticketctl.errors import Conflict, Refused
from ticketctl.store.desk.journal import JournalEntry
from ticketctl.store.people import customers, identities, shop_orders


def take_back(work: Work, line: JournalEntry) -> None:
    """Revert an entry of a customer's journal.

    Conflict if it was changed since, Refused if nothing can revert it, NotAllowed for a customer with tickets that
    the actor may no longer see.
    """
    touched = {int(line.subject)} | ({int(line.new)} if line.type == "merged" else set())
    permission.require_customers(work, touched, "change")
    if line.type.startswith("cf."):
        _restore_field(work, line)
        return
    way = _WAYS.get(line.type)
    if way is None:
        raise Refused(f"customer {line.subject}: `{line.type}` cannot be undone.")
    way(work, line)


def _restore_column(work: Work, line: JournalEntry) -> None:
    one = customers.get(work.tx, int(line.subject))
    _require_unchanged(line, getattr(one, line.type))
    customers.change(work.tx, one.id, **{line.type: line.old})


def _restore_field(work: Work, line: JournalEntry) -> None:
    one = customers.get(work.tx, int(line.subject))
    name = line.type.removeprefix("cf.")
    _require_unchanged(line, one.profile.get(name))
    kept = one.profile | {name: line.old}
    profile = {each: value for each, value in kept.items() if value is not None}
    customers.change(work.tx, one.id, profile=profile)


def _revert_creation(work: Work, line: JournalEntry) -> None:
    one = customers.get(work.tx, int(line.subject))
    if list(one.identities) != [line.new] or one.profile or not identities.unmake(work.tx, one.id):
        raise Conflict(f"customer {one.id} now has tickets, a profile or another identity.")


def _revert_link(work: Work, line: JournalEntry) -> None:
    named, id = parse(str(line.new)), int(line.subject)
    if identities.drop(work.tx, id, named) is None:
        raise Conflict(
            f"customer {id}: {named} no longer belongs to this customer: it was changed since."
        )
    if named.kind == EMAIL:
        shop_orders.release(work.tx, named.value, id)
        left = customers.get(work.tx, id)
        if left.email == named.value:
            customers.change(work.tx, id, email=first_email(left))


def _revert_unlink(work: Work, line: JournalEntry) -> None:
    held, id = msgspec.convert(line.old["identity"], identities.Held), int(line.subject)
    named = Identity(held.kind, held.value)
    if not identities.put_back(work.tx, id, held):
        raise Conflict(f"customer {id}: {named} has been linked since.")
    if named.kind == EMAIL:
        shop_orders.attach(work.tx, named.value, id)
        if line.old["email"] == named.value:
            customers.change(work.tx, id, email=named.value)


def _revert_merge(work: Work, line: JournalEntry) -> None:
    merge.part(work, int(line.subject), int(line.new), line.old)


def _require_unchanged(line: JournalEntry, now: object) -> None:
    if now != line.new:
        raise Conflict(
            f"customer {line.subject}: {line.type} is {now} now, not {line.new}: it was changed since."
        )


_WAYS: dict[str, Callable[[Work, JournalEntry], None]] = {
    "name": _restore_column,
    "language": _restore_column,
    "made": _revert_creation,
    "linked": _revert_link,
    "unlinked": _revert_unlink,
    "merged": _revert_merge,
}
