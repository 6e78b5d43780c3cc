"""`ticketctl next`: the most urgent ticket that I may take."""

import click

from ticketctl.cli import output
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.errors import NotFound


@click.command()
@click.option("--take", is_flag=True, help="And make it mine.")
@click.option("--segment", metavar="NAME", help="Only of this segment.")
@pass_desk
def command(desk: Desk, take: bool, segment: str | None) -> None:
    """The most urgent ticket nobody owns, or mine: important first, then priority, then age."""
    from ticketctl.cli.view import ticket_view
    from ticketctl.desk import definition as desks
    from ticketctl.store import tickets
    from ticketctl.store.engine import Tx

    actor = desk.actor()
    if segment and desks.segment(desk.definition, segment) is None:
        raise NotFound(f'no segment "{segment}".')
    if take:
        from ticketctl.actions import assign
        from ticketctl.actions.work import begin

        def claim(tx: Tx) -> int:
            work = begin(tx, actor)
            number = _most_urgent(tx, segment, None)
            assign.take(work, number)
            return number

        number = desk.db.write(claim)
        desk.out.note(f"{number} is yours.")
    with desk.db.read() as tx:
        found = tickets.get(tx, number if take else _most_urgent(tx, segment, actor.name))
    output.rows(desk, ticket_view(desk), [found])


def _most_urgent(tx: "object", segment: str | None, me: str | None) -> int:
    """The number of the first ticket in order of urgency; without `me` only of those nobody owns."""
    from ticketctl.desk.condition import Sort, Where, either, every
    from ticketctl.store import tickets

    free = Where("owner", "=", ("none",))
    parts = [
        Where("status", "=", ("new", "open", "escalated")),
        either((free, Where("owner", "=", (me,)))) if me else free,
    ]
    if segment:
        parts.append(Where("segment", "=", (segment,)))
    order = [Sort("important", True), Sort("priority", True), Sort("created")]
    found = tickets.page(tx, every(parts), order, 1)  # type: ignore[arg-type]
    if not found:
        raise NotFound("there is no ticket to take; well done.")
    return found[0].id
