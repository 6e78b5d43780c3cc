"""What `ticketctl sla` does."""

from ticketctl.actions.base.context import new_group
from ticketctl.actions.jobs import recompute, sla_check
from ticketctl.actions.jobs.recompute import Recomputed
from ticketctl.actions.jobs.sla_check import Happened
from ticketctl.cli.commands.administration import sla_trial
from ticketctl.cli.views import sla_clocks
from ticketctl.cli.views.sla_clocks import NAMES, Seen
from ticketctl.clock import rfc3339
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.times import local
from ticketctl.console.view import Column, View
from ticketctl.domain.base import when
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.sla import explain, policy
from ticketctl.errors import BadInput, NotFound
from ticketctl.safe import terminal
from ticketctl.store.db.locks import alone
from ticketctl.store.tickets import tickets


def check(app: App, dry_run: bool, wait: bool) -> list[Happened]:
    """Do what is due, and print a line for each event."""
    found: list[Happened] = []
    if dry_run:
        found = list(sla_check.run(app.db, dry_run=True))
        for one in found:
            _tell(app, one)
        return found
    with alone(app.db, sla_check.LOCK, wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return found
        for one in sla_check.run(app.db, keep=keep):
            _tell(app, one)
            found.append(one)
    return found


def _tell(app: App, one: Happened) -> None:
    """Print `12 first response: breach, due Mon 2026-03-09 11:10, nobody's`; errors go to stderr, even with -q."""
    event = one.event
    what = f"level {event.level}" if event.kind == "level" else event.kind
    due = f", due {local(one.due_at, app.zone)}" if one.due_at else ""
    did = f": {'; '.join(one.did)}" if one.did else ""
    if not app.out.quiet:
        whose = f", {one.owner}" if one.owner else ""
        line = f"{event.ticket} {NAMES[event.clock]} {what}{due}{whose}{did}"
        app.out.data(terminal(line))
    for sentence in one.failed:
        app.out.trouble(f"{event.ticket} level {event.level}: {sentence}")


def show(app: App, ticket: int, explain: bool) -> None:
    """Show the clocks of a ticket: policy, target, used, paused, due, state."""
    with app.db.read() as tx:
        found = tickets.get(tx, ticket)
        access.check(app, tx, found)
        clocks = sla_clocks.read(tx, app.definition, ticket, app.now)
        trouble = sla_clocks.trouble(app, tx, found, clocks)
    if explain and not app.options.json:
        app.out.page("\n\n".join(_explained(app, seen) for seen in clocks) or "no clocks")
    else:
        rows.rows(app, sla_clocks.view(), clocks)
    if trouble:
        app.out.note(f"ticket {ticket}: {trouble}")


def _explained(app: App, seen: Seen) -> str:
    head = f"{seen.name}: {seen.state}, policy {seen.clock.reference}"
    lines = [seen.trouble] if seen.hours is None else explain.clock(seen.clock, seen.hours, app.now)
    return "\n".join([app.out.style(head, bold=True), *(terminal(f"  {line}") for line in lines)])


def test(app: App, name: str, created: str | None, priority: str) -> None:
    """Test policy NAME without a ticket: when each clock warns, is due, and escalates."""
    if priority not in PRIORITIES:
        raise BadInput(f'"{priority}" is not a priority; choose {", ".join(PRIORITIES)}.')
    try:
        found = policy.of(app.definition, name)
    except KeyError:
        names = ", ".join(sla.name for sla in app.definition.slas)
        raise NotFound(f'no policy "{name}"; there are {names}.') from None
    at = (
        when.period(created, when.Side.EITHER, now=app.now, zone=found.hours.zone).start
        if created
        else app.now
    )
    clocks = sla_trial.clocks(found, at, priority)
    if rows.is_shape(app):
        head = {"policy": name, "policy_version": found.version, "calendar": found.sla.calendar}
        shape = head | {"created_at": rfc3339(at), "priority": priority}
        rows.one(app, shape | {"clocks": [sla_trial.shape(one) for one in clocks]})
    else:
        app.out.page("\n".join(sla_trial.lines(found, clocks)))


def run_recompute(app: App, dry_run: bool, wait: bool) -> None:
    """Recompute running clocks with the policies and calendars in force; stopped and late clocks are not changed."""
    actor, group = app.actor(), new_group()
    if dry_run:
        _recomputed(app, list(recompute.run(app.db, actor, group, dry_run=True)), "would change")
        return
    with alone(app.db, recompute.LOCK, wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        _recomputed(app, list(recompute.run(app.db, actor, group, keep=keep)), "changed")


def _recomputed(app: App, found: list[Recomputed], word: str) -> None:
    if found or app.options.json:
        rows.rows(app, _changes(), found)
    other = sum(one.was_due != one.due for one in found)
    app.out.note(f"{len(found)} {word}, {other} of them due at another time.")


def _changes() -> View[Recomputed]:
    columns: list[Column[Recomputed]] = [
        Column("ticket", lambda one: one.ticket),
        Column("old", lambda one: one.old),
        Column("new", lambda one: one.new),
        Column("was_due", lambda one: one.was_due),
        Column("due", lambda one: one.due),
    ]

    def shape(one: Recomputed) -> dict[str, object]:
        return {
            "ticket": one.ticket,
            "old": one.old,
            "new": one.new,
            "was_due_at": json_shapes.when(one.was_due),
            "due_at": json_shapes.when(one.due),
        }

    return View(columns, [column.name for column in columns], shape, lambda one: one.ticket)
