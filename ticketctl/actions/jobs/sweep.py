"""Does what is due by time alone: closes resolved tickets, reopens waiting ones, runs timed rules, and tries again to
find an owner for unassigned tickets, the oldest first.

Several programs may run it at once: each ticket is checked again in its own transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from ticketctl import clock
from ticketctl.actions.base import transitions
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.mail import notifications
from ticketctl.actions.tickets import assign, consequences, reopen_window, route, run_rules
from ticketctl.domain.base import status
from ticketctl.domain.base.condition import both
from ticketctl.domain.definition.definition import Definition, Rule
from ticketctl.domain.rules import routing, rules
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions, rule_log
from ticketctl.store.sla import expiry
from ticketctl.store.tickets import tickets

LOCK = "rule run"  # lock name: one program at a time
PAGE = 200  # tickets read at once


class Chore(Struct, frozen=True):
    """A kind of timed work: which tickets are due (from a number on), and what to do (False: not needed after all)."""

    name: str  # closed, woken, or a rule's name
    find: Callable[[Tx, int], Sequence[int]]
    do: Callable[[Work, int], bool]
    # of a page, those that are worth a transaction
    pick: Callable[[Tx, Sequence[int]], Sequence[int]] = lambda _tx, found: found


class Done(Struct, frozen=True):
    """A ticket that a chore changed, or would change with `dry_run`."""

    ticket: int
    what: str


def run(
    db: Database, *, keep: Callable[[], None] = lambda: None, dry_run: bool = False
) -> Iterator[Done]:
    """Do everything that is due by time, and yield each ticket; `keep` is called before each.

    `dry_run` changes nothing, and does not predict routing.
    """
    now = clock.now()
    with db.read() as tx:
        definition = definitions.current(tx)
    waking = Chore("woken", lambda tx, n: expiry.waiting(tx, now, n, PAGE), _wake)
    timed = [_rule_chore(rule, definition, now) for rule in rules.of(definition, "time")]
    if timed and not dry_run:
        _let_go(db, definition, now)
    placing = () if dry_run else (_placing(definition),)
    for chore in (_closing(definition, now), waking, *timed, *placing):
        for number in _numbers(db, chore):
            keep()
            if dry_run or db.write(partial(_do, chore, number)):
                yield Done(number, chore.name)


def _do(chore: Chore, number: int, tx: Tx) -> bool:
    return chore.do(begin(tx, GATEWAY), number)


def _numbers(db: Database, chore: Chore) -> Iterator[int]:
    """The tickets of a chore, page by page, so that work on one page does not delay the next."""
    after = 0
    while True:
        with db.read() as tx:
            page = chore.find(tx, after)
            picked = chore.pick(tx, page)
        yield from picked
        if len(page) < PAGE:
            return
        after = page[-1]


def _closing(definition: Definition, now: datetime) -> Chore:
    edge = reopen_window.start(definition, now)

    def close(work: Work, number: int) -> bool:
        """Close a resolved ticket. The customer and required fields were handled when it was resolved."""
        ticket = tickets.get(work.tx, number, lock=True)
        if ticket.status != status.RESOLVED or (ticket.resolved_at or work.at) >= edge:
            return False
        why = "the time to reopen it is over"
        transitions.step(work, ticket, "close", "closed", why, closed_at=work.at)
        consequences.on_updated(work, number)
        return True

    return Chore("closed", lambda tx, n: expiry.resolved(tx, edge, n, PAGE), close)


def _wake(work: Work, number: int) -> bool:
    """Reopen a waiting ticket whose time has come, and notify its owner."""
    ticket = tickets.get(work.tx, number, lock=True)
    due = ticket.wait_until is not None and ticket.wait_until <= work.at
    if ticket.status != status.WAITING or not due:
        return False
    ticket = transitions.step(work, ticket, "open", "status", "the time it waited for has come")
    consequences.on_updated(work, number)
    notifications.tell(work, ticket, "woken", notifications.team(work, ticket), author="")
    return True


def _placing(definition: Definition) -> Chore:
    """Tickets without an owner. If routing finds nobody for one, it skips others of the same kind."""
    nobody: set[tuple[str, tuple[str, ...]]] = set()

    def hopeful(tx: Tx, numbers: Sequence[int]) -> Sequence[int]:
        """Those that are not of a kind for which an earlier page found nobody."""
        if not nobody:
            return numbers
        found = tickets.some(tx, numbers)
        return [
            one.id for one in found if (one.segment, routing.needs(definition, one)) not in nobody
        ]

    def give(work: Work, number: int) -> bool:
        ticket = tickets.get(work.tx, number, lock=True)
        if work.definition.owner(ticket) or ticket.status not in status.ACTIVE:
            return False
        kind = (ticket.segment, routing.needs(work.definition, ticket))
        if kind in nobody:
            return False
        chosen = route.choose_again(work, ticket)
        if chosen.name is None:
            nobody.add(kind)
            return False
        assign.own(work, ticket, chosen.name, chosen.reason)
        consequences.on_updated(work, number)
        return True

    return Chore("assigned", lambda tx, n: expiry.unrouted(tx, n, PAGE), give, hopeful)


def _rule_chore(rule: Rule, definition: Definition, now: datetime) -> Chore:
    fits = both(rules.ALIVE, rules.condition(rule, definition, now))

    def find(tx: Tx, n: int) -> Sequence[int]:
        return rule_log.due(tx, rule.name, fits, n, PAGE)

    def do(work: Work, number: int) -> bool:
        had_its_turn = run_rules.run_timed(work, rule, number)
        if had_its_turn:
            consequences.update_clocks(work, number)
        return had_its_turn

    return Chore(rule.name, find, do)


def _let_go(db: Database, definition: Definition, now: datetime) -> None:
    """Let timed rules run again for tickets that no longer match them, should they match later."""
    over: list[int] = []
    with db.read() as tx:
        for rule in rules.of(definition, "time"):
            fits = both(rules.ALIVE, rules.condition(rule, definition, now))
            over += rule_log.expired_turns(tx, rule.name, fits)
    if over:
        db.write(lambda tx: rule_log.end_turns(tx, over))
