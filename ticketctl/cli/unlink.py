"""`ticketctl unlink A KIND B`: take a relation away."""

import click

from ticketctl.cli import ids, words
from ticketctl.cli.desk_context import Desk, pass_desk

KINDS = ("blocks", "related", "duplicate", "parent", "follow-up")


@click.command()
@click.argument("ticket", metavar="A")
@click.argument("kind", type=click.Choice(KINDS), metavar="KIND")
@click.argument("other", metavar="B")
@words.text_options
@pass_desk
def command(
    desk: Desk,
    ticket: str,
    kind: str,
    other: str,
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
) -> None:
    """A has no longer to do with B in this way."""
    from ticketctl.actions import link
    from ticketctl.actions.work import begin

    one, two = ids.number(ticket), ids.number(other)
    why = words.given(desk, message, file, edit)
    actor = desk.actor()
    desk.db.write(lambda tx: link.unlink(begin(tx, actor), one, kind, two, comment=why))
    desk.out.data(f"{one} no longer {kind} {two}")
