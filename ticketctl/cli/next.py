"""`ticketctl next`: the most urgent ticket that I may take."""

import click

from ticketctl.cli import output
from ticketctl.cli.desk_context import Desk, pass_desk


@click.command()
@click.option("--take", is_flag=True, help="And make it mine.")
@click.option("--segment", metavar="NAME", help="Only of this segment.")
@pass_desk
def command(desk: Desk, take: bool, segment: str | None) -> None:
    """The most urgent ticket nobody owns, or mine: what is due soonest, then priority, then age.

    With --take only one that nobody owns; two agents never get the same.
    """
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets import assign
    from ticketctl.cli.view import ticket_view
    from ticketctl.store.db.engine import Tx
    from ticketctl.store.tickets import tickets

    actor = desk.actor()

    def claim(tx: Tx) -> int:
        work = begin(tx, actor)
        number = assign.most_urgent(work, segment, claim=True)
        assign.take(work, number)
        return number

    number = desk.db.write(claim) if take else None
    with desk.db.read() as tx:
        found = tickets.get(tx, number or assign.most_urgent(begin(tx, actor), segment))
    if take:
        desk.out.note(f"{found.id} is yours.")
    output.rows(desk, ticket_view(desk), [found])
