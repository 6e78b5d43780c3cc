"""`ticketctl purge`: delete tickets that were closed long ago."""

from typing import TYPE_CHECKING

import click

from ticketctl.console.context import App, pass_app
from ticketctl.console.times import local

if TYPE_CHECKING:
    from ticketctl.store.db.database import Tx
    from ticketctl.store.privacy.purge import Purged


@click.command()
@click.option(
    "--closed-before",
    "before",
    required=True,
    metavar="TIME",
    help="Age or date: 2y, 2024-01-01 …",
)
@click.option(
    "--dry-run", is_flag=True, help="Show how many tickets would be deleted; delete nothing."
)
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def command(app: App, before: str, dry_run: bool, wait: bool) -> None:
    """Delete tickets closed before TIME, with mail, attachments and history. Asks first; cannot be undone."""
    from ticketctl.actions.base import context
    from ticketctl.actions.jobs import purge
    from ticketctl.domain.base import when
    from ticketctl.store.db.locks import alone
    from ticketctl.store.privacy import purge as tickets

    now = app.now
    moment = when.past(before, now=now, zone=app.zone)
    actor, group = app.actor(), context.new_group()
    with app.db.read() as tx:
        purge.require_allowed(context.begin(tx, actor, now), moment)
        found = tickets.count(tx, moment)
    words = f"{found} ticket{'' if found == 1 else 's'} closed before {local(moment, app.zone)}"
    if dry_run:
        app.out.data(f"{words} would be deleted")
        return
    if found:
        app.out.agree(f"Delete {words} permanently?", "nothing was deleted.")

    def some(tx: "Tx") -> "Purged | None":
        return purge.some(context.begin(tx, actor, group=group), moment)

    parts = []
    with alone(app.db, "purge", wait=wait) as keep:
        if keep is None:
            app.out.note("another program is already doing this; nothing was done.")
            return
        while part := app.db.write(some):
            parts.append(part)
            keep()
    gone, messages, mails = (
        sum(getattr(part, name) for part in parts) for name in ("tickets", "messages", "mails")
    )
    if not app.out.quiet:
        app.out.data(f"{gone} deleted: messages {messages}, raw mails and files {mails}")
