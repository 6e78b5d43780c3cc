"""`ticketctl next`: show or take the most urgent ticket."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


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
    from ticketctl.store.db.database import Tx
    from ticketctl.store.tickets import tickets

    actor = app.actor()

    def claim(tx: Tx) -> int:
        from ticketctl.actions.tickets import assign

        work = begin(tx, actor)
        number = most_urgent(work, segment, claim=True)
        assign.take(work, number)
        return number

    number = app.db.write(claim) if take else None
    with app.db.read() as tx:
        found = tickets.get(tx, number or most_urgent(begin(tx, actor), segment))
    if take:
        app.out.note(f"{found.id} is yours.")
    rows.rows(app, ticket_view(app), [found])
