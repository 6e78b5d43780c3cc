"""`ticketctl next`: show or take the most urgent ticket."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, param_types, send_preview
from ticketctl.console.context import App, pass_app
from ticketctl.console.streams import NOT_SENT

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.store.db.database import Tx


@click.command()
@click.option("--take", is_flag=True, help="Assign it to yourself.")
@click.option(
    "--segment", type=param_types.SEGMENT, metavar="NAME", help="Only tickets of this segment."
)
@pass_app
def command(app: App, take: bool, segment: str | None) -> None:
    """Show the most urgent ticket that is unassigned or yours: soonest due first, then priority, then age.

    --take considers only unassigned tickets; two agents never get the same one.
    """
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets.most_urgent import most_urgent
    from ticketctl.cli.views.ticket_table import ticket_view
    from ticketctl.console import rows
    from ticketctl.store.tickets import tickets

    actor = app.actor()
    number = _take(app, segment) if take else None
    with app.db.read() as tx:
        found = tickets.get(tx, number or most_urgent(begin(tx, actor), segment))
    if take:
        app.out.note(f"{found.id} is yours.")
    rows.rows(app, ticket_view(app), [found])


def _take(app: App, segment: str | None) -> int:
    """Take the most urgent ticket; on a terminal only after a yes if its customer would be told."""
    from ticketctl.actions.base import context
    from ticketctl.actions.tickets import assign
    from ticketctl.actions.tickets.most_urgent import most_urgent

    actor, group, delay = app.actor(), context.new_group(), app.send_delay

    def take(work: "Work", number: int) -> None:
        assign.take(work, number)

    def claim(tx: "Tx") -> int:
        work = context.begin(tx, actor, group=group, delay=delay)
        number = most_urgent(work, segment, claim=True)
        take(work, number)
        return number

    def taken(tx: "Tx") -> int:
        take(context.begin(tx, actor, group=group, delay=delay), number)
        return number

    if not app.out.may_ask or app.yes:
        return app.db.write(claim)
    number = app.db.rehearse(claim)
    question = send_preview.question(app, "Take {}", take, [number])
    if not question:
        return app.db.write(claim)
    app.out.agree(question, NOT_SENT)
    number = app.db.write(taken)
    bulk_action.mailed(app, group, [number], delay)
    return number
