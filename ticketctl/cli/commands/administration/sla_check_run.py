"""What `ticketctl sla check` does. Cron runs it every minute, so it loads little if nothing is due."""

from typing import TYPE_CHECKING

from ticketctl.console.context import App
from ticketctl.store.sla import due

if TYPE_CHECKING:
    from ticketctl.actions.jobs.sla_check import Happened

HOLDS = 10  # the exit code where the condition asked about holds


def check(app: App, dry_run: bool, fail_on: str | None, wait: bool) -> int:
    """For cron: record warnings and breaches once, run escalation levels, and notify those concerned."""
    with app.db.read() as tx:
        idle = not due.waits(tx, app.now)
    found = [] if idle else _do_what_is_due(app, dry_run, wait)
    if fail_on is None:
        return 0
    with app.db.read() as tx:
        late = due.pressing(tx, app.now, warned=fail_on == "warn")
    kinds = {one.event.kind for one in found}
    return HOLDS if late or "breach" in kinds or (fail_on == "warn" and kinds) else 0


def _do_what_is_due(app: App, dry_run: bool, wait: bool) -> "list[Happened]":
    from ticketctl.cli.commands.administration import sla_run

    return sla_run.check(app, dry_run, wait)
