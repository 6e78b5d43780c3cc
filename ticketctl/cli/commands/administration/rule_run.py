"""What `ticketctl rule` does."""

from datetime import datetime
from typing import NamedTuple

from ticketctl.actions.base.context import begin
from ticketctl.actions.jobs import sweep
from ticketctl.actions.jobs.sweep import Done
from ticketctl.actions.tickets import run_rules
from ticketctl.actions.tickets.run_rules import Trial
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.console.json_shapes import when
from ticketctl.console.view import Column, View
from ticketctl.domain.definition.definition import Rule
from ticketctl.domain.rules import rules
from ticketctl.errors import NotFound
from ticketctl.store.db.locks import alone
from ticketctl.store.desk import rule_log
from ticketctl.store.desk.rule_log import RuleRun
from ticketctl.store.tickets import tickets


class Known(NamedTuple):
    """A rule with its log: how often each branch ran, and when last."""

    rule: Rule
    times: dict[str, int]
    last_at: datetime | None


def list_(app: App) -> None:
    """List rules: whether each is enabled, what it does, and how often it fired."""
    with app.db.read() as tx:
        counted = rule_log.counts(tx)
    found = []
    for rule in rules.all_rules(app.definition):
        own = [one for one in counted if one.rule == rule.name]
        times = {one.branch: one.times for one in own}
        found.append(Known(rule, times, max((one.last_at for one in own), default=None)))
    rows.rows(app, _rules(), found)


def test(app: App, rule: str, ticket: int) -> None:
    """Test whether the rule NAME matches a ticket, and show what it would do; change nothing."""
    found, number, actor = named(app, rule), ticket, app.actor()
    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, number))

    trial = app.db.rehearse(lambda tx: run_rules.trial(begin(tx, actor), found, number))
    _say(app, found, number, trial)


def log(app: App, ticket: int | None, rule: str | None, limit: int) -> None:
    """Show what rules did, or why they did nothing, newest first."""
    with app.db.read() as tx:
        if ticket is not None:
            access.check(app, tx, tickets.get(tx, ticket))
        found = rule_log.lines(
            tx, number=ticket, rule=rule, limit=limit or None, seen=access.visible(app)
        )
    if rule and not found:
        named(app, rule)  # refuses a name that neither the desk nor the log knows
    rows.rows(app, _lines(), found)


def run(app: App, event: str, dry_run: bool, wait: bool) -> None:
    """For cron: run timed rules, close tickets resolved for long enough, reopen waiting tickets that are due."""
    if dry_run:
        for one in sweep.run(app.db, dry_run=True):
            app.out.data(_line(one, ("would be {}", "rule {} would fire")))
        return
    with alone(app.db, sweep.LOCK, wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        for one in sweep.run(app.db, keep=keep):
            if not app.options.quiet:
                app.out.data(_line(one, ("{}", "rule {} fired")))


def _line(done: Done, words: tuple[str, str]) -> str:
    """`12 closed` for a built-in job, `12 rule forgotten fired` for a rule."""
    own = done.what in ("closed", "woken", "assigned")
    return f"{done.ticket} {words[not own].format(done.what)}"


def named(app: App, name: str) -> Rule:
    """The rule of that name; NotFound lists them."""
    found = rules.named(app.definition, name)
    if found is None:
        names = ", ".join(f'"{rule.name}"' for rule in rules.all_rules(app.definition))
        raise NotFound(f'no rule "{name}"; there are {names}.')
    return found


def _say(app: App, rule: Rule, number: int, found: Trial) -> None:
    if app.options.json:
        rows.one(
            app,
            {
                "rule": rule.name,
                "ticket": number,
                "fits": found.fits,
                "would_do": list(found.did),
                "failed": found.failed or None,
            },
        )
        return
    app.out.data(f"rule {rule.name} {'fits' if found.fits else 'does not fit'} ticket {number}.")
    if found.failed:
        app.out.data(f"it would fail and change nothing: {found.failed}")
    elif not found.did:
        app.out.data("it would do nothing.")
    for sentence in found.did:
        app.out.data(f"it would do: {sentence}")
    if not rule.enabled:
        app.out.data("it is disabled.")


def _rules() -> View[Known]:
    columns: list[Column[Known]] = [
        Column("name", lambda one: one.rule.name),
        Column("enabled", lambda one: "yes" if one.rule.enabled else "no"),
        Column("on", lambda one: one.rule.on),
        Column("when", lambda one: one.rule.when, cut=3),
        Column("then", lambda one: "; ".join(one.rule.then), cut=3),
        Column("otherwise", lambda one: "; ".join(one.rule.otherwise), cut=2, rare=True),
        Column("fired", lambda one: one.times.get("then", 0)),
        Column("failed", lambda one: one.times.get("failed", 0), rare=True, usual=0),
        Column("last", lambda one: one.last_at),
    ]

    def shape(one: Known) -> dict[str, object]:
        return {
            "name": one.rule.name,
            "enabled": one.rule.enabled,
            "on": one.rule.on,
            "when": one.rule.when,
            "then": list(one.rule.then),
            "otherwise": list(one.rule.otherwise),
            "fired": one.times.get("then", 0),
            "not_fired": one.times.get("otherwise", 0),
            "failed": one.times.get("failed", 0),
            "cut": one.times.get("cut", 0),
            "last_at": when(one.last_at),
        }

    usual = [column.name for column in columns if column.name != "last"]
    return View(columns, usual, shape, lambda one: one.rule.name)


def _lines() -> View[RuleRun]:
    columns: list[Column[RuleRun]] = [
        Column("at", lambda one: one.at),
        Column("ticket", lambda one: one.ticket),
        Column("rule", lambda one: one.rule, cut=1),
        Column("event", lambda one: one.event, cut=1),
        Column("branch", lambda one: one.branch),
        Column("did", lambda one: "; ".join(one.did), cut=3, wraps=True),
        Column("version", lambda one: one.version),
    ]

    def shape(one: RuleRun) -> dict[str, object]:
        return {
            "id": one.id,
            "at": when(one.at),
            "rule": one.rule,
            "event": one.event,
            "ticket": one.ticket,
            "branch": one.branch,
            "did": list(one.did),
            "version": one.version,
        }

    usual = [column.name for column in columns[:-1]]
    return View(columns, usual, shape, lambda one: one.id)
