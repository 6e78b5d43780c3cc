"""Runs the rules for an event: tests which match, runs their steps, and writes the rule log (F-Q3 to F-Q7).

A rule that fails is rolled back and logged, and stops neither the mail nor the verb before it. What rules change is an
update for other rules; but no rule runs twice on a ticket in one command, and a chain of tickets opened by rules ends.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import Actor
from ticketctl.domain.definition.definition import Rule
from ticketctl.domain.rules import rules
from ticketctl.errors import DatabaseTrouble, DeskError
from ticketctl.store.db.database import ends_transaction
from ticketctl.store.desk import ratings, rule_log
from ticketctl.store.tickets import match, tickets

ACTOR = Actor("rule", role="system")


class _Event(Struct, frozen=True):
    """What happened to a ticket; `key` is its name in the rule log. For the rest see steps.About."""

    ticket: int
    key: str
    rating: int | None = None
    opening: bool = False
    answerable: bool = True


def on_opened(work: Work, ticket_id: int, n: int | None, *, answerable: bool) -> bool:
    """After a ticket was created, with message `n` or none, before anybody is notified. False if no rule concerns it.

    `answerable`: it may be answered automatically (E14).
    """
    keys = {"created": f"created {ticket_id}"}
    if n is not None:
        keys["message"] = f"message {ticket_id}/{n}"
    passes = [
        (on, _Event(ticket_id, key, opening=True, answerable=answerable))
        for on, key in keys.items()
    ]
    return _run_events(work, ticket_id, passes)


def on_message(work: Work, ticket_id: int, n: int, *, answerable: bool) -> None:
    """After message `n` from the customer's side; `answerable` as in `on_opened`."""
    event = _Event(ticket_id, f"message {ticket_id}/{n}", answerable=answerable)
    _run_events(work, ticket_id, [("message", event)])


def on_rated(work: Work, rating_id: int) -> None:
    """After a customer answered a survey about a ticket."""
    ticket_id = ratings.get(work.tx, rating_id).ticket
    if ticket_id is not None:
        event = _Event(ticket_id, f"survey {rating_id}", rating=rating_id)
        _run_events(work, ticket_id, [("survey", event)])


def on_updated(work: Work, ticket_id: int) -> None:
    """After a verb changed a ticket; changes that a rule makes are handled when that rule is done."""
    if all(at_work != ticket_id for _, at_work in work.chain):
        _run_updated(work, _Event(ticket_id, ""))


def run_timed(work: Work, rule: Rule, ticket_id: int) -> bool:
    """Run a timed rule on a ticket. False if it ran before, or the ticket no longer matches."""
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    event = _Event(ticket_id, rule_log.time_event(ticket_id))
    if not _matching(work, ticket_id, [rule]) or not _take_turn(work, rule, event, rule_log.THEN):
        return False
    if tickets.get(work.tx, ticket_id).version != ticket.version:
        _run_updated(work, event)
    return True


class Trial(Struct, frozen=True):
    """What a rule would do to a ticket: does it match, what did its steps do, or why they `failed`."""

    fits: bool
    did: tuple[str, ...]
    failed: str = ""


def trial(work: Work, rule: Rule, ticket_id: int) -> Trial:
    """Try a rule on a ticket. The caller must roll back the transaction (F-Q6)."""
    tickets.get(work.tx, ticket_id, lock=True)
    given = ratings.latest(work.tx, ticket_id) if rule.on == "survey" else None
    event = _Event(ticket_id, f"test {ticket_id}", rating=given.id if given else None)
    fitting = _matching(work, ticket_id, [rule])
    if fitting is None:
        return Trial(False, (), "it is spam or merged; rules ignore such tickets.")
    branch, said = _run_steps(work, rule, event, rule_log.THEN if fitting else rule_log.OTHERWISE)
    if branch == rule_log.FAILED:
        return Trial(bool(fitting), (), said[0])
    return Trial(bool(fitting), tuple(said))


def _run_events(work: Work, ticket_id: int, passes: Sequence[tuple[str, _Event]]) -> bool:
    """Run the rules for these events in order, then the rules for an update if something changed. False if none is
    for these events.
    """
    concerned = [(rules.of(work.definition, on), event) for on, event in passes]
    if not any(waiting for waiting, _ in concerned):
        return False
    before = tickets.get(work.tx, ticket_id).version
    for waiting, event in concerned:
        _run_once_each(work, event, waiting)
    if tickets.get(work.tx, ticket_id).version != before:
        _run_updated(work, passes[0][1])
    return True


def _run_updated(work: Work, event: _Event) -> None:
    """Run the rules for an update by a verb or by rules of another event."""
    waiting = rules.of(work.definition, "updated")
    if waiting:
        _run_until_stable(work, replace(event, key=f"updated {event.ticket}/{work.group}"), waiting)


def _run_once_each(work: Work, event: _Event, waiting: list[Rule]) -> None:
    """Run each rule once, in order; later rules see what earlier ones changed."""
    while waiting:
        fitting = _matching(work, event.ticket, waiting)
        if fitting is None:
            return
        for n, rule in enumerate(waiting, 1):
            branch = rule_log.THEN if rule.name in fitting else rule_log.OTHERWISE
            if _take_turn(work, rule, event, branch) and _steps(rule, branch):
                waiting = waiting[n:]
                break
        else:
            return


def _run_until_stable(work: Work, event: _Event, waiting: list[Rule]) -> None:
    """Run the rules for an update until no rule matches that has not run yet.

    A rule that matches again after it had stopped would go round in circles: that is logged, and ends it.
    """
    had = rule_log.rules_run(work.tx, event.key, event.ticket)
    stopped: set[str] = set()
    while True:
        fitting = _matching(work, event.ticket, waiting)
        if fitting is None:
            return
        for name in sorted(stopped & fitting):
            why = "it fits again, and had its turn: the rules go round in circles"
            _note(work, name, replace(event, key=f"{event.key} again"), rule_log.CUT, [why])
        stopped |= had - fitting
        turns = ((r, rule_log.THEN if r.name in fitting else rule_log.OTHERWISE) for r in waiting)
        due = next(((r, b) for r, b in turns if r.name not in had and _steps(r, b)), None)
        if due is None:
            return
        _take_turn(work, due[0], event, due[1])
        had.add(due[0].name)


def _take_turn(work: Work, rule: Rule, event: _Event, branch: str) -> bool:
    """Run a rule for an event. False if it ran before, or if the chain of rules is too long."""
    if len(work.chain) >= rules.LONGEST and _steps(rule, branch):
        led = ", ".join(name for name, _ in work.chain)
        _note(
            work,
            rule.name,
            event,
            rule_log.CUT,
            [f"rules triggered each other ({led}), so this one was stopped"],
        )
        return False
    if not _note(work, rule.name, event, branch, []):
        return False
    if _steps(rule, branch):
        rule_log.record_steps(work.tx, rule.name, event.key, *_run_steps(work, rule, event, branch))
    return True


def _run_steps(work: Work, rule: Rule, event: _Event, branch: str) -> tuple[str, list[str]]:
    """Run the steps of a branch, all or none: the branch and what was done, or `failed` and why."""
    from ticketctl.actions.tickets import (
        steps,
    )  # lazy: steps run verbs, and every verb calls this module

    acting = replace(work, actor=ACTOR, chain=(*work.chain, (rule.name, event.ticket)))
    about = steps.About(event.rating, event.opening, event.answerable)
    try:
        with work.tx.savepoint():
            return branch, [
                steps.run(acting, event.ticket, step, why=f"rule {rule.name}", about=about)
                for step in _steps(rule, branch)
            ]
    except DatabaseTrouble:
        raise
    except DeskError as refusal:
        return rule_log.FAILED, [refusal.sentence]
    except Exception as bug:
        if ends_transaction(bug):
            raise
        import logging

        logging.getLogger("ticketctl.rules").exception(
            "rule %s failed on ticket %d", rule.name, event.ticket
        )
        return rule_log.FAILED, [f"unexpected error ({type(bug).__name__}); this is a bug."]


def _note(work: Work, rule: str, event: _Event, branch: str, did: Sequence[str]) -> bool:
    return rule_log.add(
        work.tx,
        rule=rule,
        event=event.key,
        ticket=event.ticket,
        at=work.at,
        branch=branch,
        version=work.definition.version,
        did=did,
    )


def _steps(rule: Rule, branch: str) -> tuple[str, ...]:
    return rule.then if branch == rule_log.THEN else rule.otherwise


def _matching(work: Work, ticket_id: int, waiting: Sequence[Rule]) -> set[str] | None:
    """The names of the rules that match a ticket now; None if rules leave the ticket alone."""
    conditions = (rules.condition(rule, work.definition, work.at) for rule in waiting)
    alive, *holding = match.of(work.tx, ticket_id, [rules.ALIVE, *conditions])
    return (
        {rule.name for rule, holds in zip(waiting, holding, strict=True) if holds}
        if alive
        else None
    )
