"""Recomputes running SLA clocks with the policies and calendars now in force; `apply` alone leaves them as they are.

Clocks that ended or breached stay as they are. Each ticket has its own transaction.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.actions.base.context import Work, begin
from ticketctl.actions.tickets import clocks
from ticketctl.actions.tickets.clocks import PolicyVersions
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.sla import happenings
from ticketctl.errors import NotAllowed
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import tickets

LOCK = "sla recompute"  # lock name: one program at a time
_PAGE = 200  # tickets read at once


class Recomputed(Struct, frozen=True):
    """A ticket with a new policy or policy version, and its due times before and after."""

    ticket: int
    old: str | None  # `gold@3`
    new: str | None
    was_due: datetime | None
    due: datetime | None


def run(
    db: Database,
    actor: Actor,
    group: str,
    *,
    keep: Callable[[], None] = lambda: None,
    dry_run: bool = False,
) -> Iterator[Recomputed]:
    """Move every active ticket to the policy in force, and yield those that changed. NotAllowed for non-admins.

    `keep` is called before each ticket; with `dry_run` everything is rolled back.
    """
    if actor.role != "admin":
        raise NotAllowed("only admins may recompute due times.")
    after = 0
    while True:
        with db.read() as tx:
            page = clock_rows.running(tx, after, _PAGE)
        for number in page:
            keep()
            found = _one(db, actor, group, number, dry_run)
            if found:
                yield found
        if len(page) < _PAGE:
            return
        after = page[-1]


def _one(db: Database, actor: Actor, group: str, number: int, dry_run: bool) -> Recomputed | None:
    def work(tx: Tx) -> Recomputed | None:
        return _recompute(begin(tx, actor, group=group), number)

    return db.rehearse(work) if dry_run else db.write(work)


def _recompute(work: Work, number: int) -> Recomputed | None:
    ticket = tickets.get(work.tx, number, lock=True)
    found = clocks.matching_policy(work, ticket)
    new = replace(
        ticket,
        policy=found.name if found else None,
        policy_version=work.definition.version if found else None,
    )
    if ticket.status not in ACTIVE or not _differs(work, ticket, new):
        return None
    clock_rows.set_policy(work.tx, number, new.policy, new.policy_version)
    clocks.record_policy(work, ticket, new)
    due = clocks.follow(work, new).due_at
    old_name, new_name = (happenings.facts(one).policy for one in (ticket, new))
    return Recomputed(number, old_name, new_name, ticket.due_at, due)


def _differs(work: Work, ticket: Ticket, new: Ticket) -> bool:
    """Does the policy in force differ from the ticket's, or could its clocks not be computed?"""
    old, now = (happenings.facts(one).policy for one in (ticket, new))
    if ticket.sla_state == clock_rows.FAILED:
        return True
    if old is None or now is None or old == now:
        return old != now
    book = PolicyVersions(work.tx, work.definition)
    try:
        before, after = book(old), book(now)
    except clocks.UNCOMPUTABLE:
        return True
    return (before.sla, before.hours) != (after.sla, after.hours)
