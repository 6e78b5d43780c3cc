"""`ticketctl escalate IDS`: a level up, and a mail to whoever can help."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import whole, words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.domain.base.records import PRIORITIES

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@click.option(
    "--to",
    multiple=True,
    metavar="ADDRESS",
    help="Send the dossier there; the answer comes back as a comment.",
)
@click.option("--level", type=whole.NUMBER, metavar="N", help="To this level, not one up.")
@click.option("--priority", type=click.Choice(PRIORITIES), help="And this priority.")
@click.option(
    "--messages",
    "newest",
    type=click.IntRange(0, 100),
    default=100,
    metavar="N",
    help="So many messages in it.",
)
@words.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    to: tuple[str, ...],
    level: int | None,
    priority: str | None,
    newest: int,
    said: words.Said,
    bulk: bulks.Bulk,
) -> None:
    """A level up; with --to a mail with the ticket, its customer and its last messages. -m says what is asked."""
    from ticketctl.actions.tickets import escalate

    why = words.wanted(desk, said, what="What do you ask?")

    def deed(work: "Work", number: int) -> str:
        escalate.escalate(
            work,
            number,
            comment=why,
            to=to,
            level=level,
            priority=priority,
            newest=newest,
            if_version=bulk.if_version,
        )
        return f"escalated to {', '.join(to)}" if to else "escalated"

    bulks.run(desk, tickets, bulk, deed)
