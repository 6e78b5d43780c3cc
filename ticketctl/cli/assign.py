"""`ticketctl assign IDS WHO`: give tickets to an agent, to @me, or to none."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.actions.work import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS... WHO")
@click.option("--steal", is_flag=True, help="Also from their owner.")
@click.option("--force", is_flag=True, help="Also to somebody outside the segment (admins).")
@words.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    steal: bool,
    force: bool,
    said: words.Said,
    bulk: bulks.Bulk,
) -> None:
    """Give tickets to WHO: an agent, @me, or none. -m says why."""
    from ticketctl.actions import assign

    numbers, who = _split(tickets)
    owner = {"none": None, "@me": desk.actor().name}.get(who, who)
    why = words.wanted(desk, said, what="Why?")

    def deed(work: "Work", number: int) -> str | None:
        done = assign.assign(
            work,
            number,
            owner,
            comment=why,
            steal=steal,
            force=force,
            if_version=bulk.if_version,
        )
        return f"assigned to {owner or 'nobody'}" if done else None

    bulks.run(desk, numbers, bulk, deed)


def _split(tickets: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    if not tickets or tickets[-1].lstrip("#").replace("-", "").isdigit():
        raise BadInput("say to whom: an agent's name, @me, or none.")
    return tickets[:-1], tickets[-1]
