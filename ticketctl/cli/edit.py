"""`ticketctl edit IDS`: change what tickets say of themselves."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.pairs import pairs
from ticketctl.desk.records import PRIORITIES
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.actions.edit import Changes
    from ticketctl.actions.work import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@click.option("--subject", metavar="TEXT")
@click.option("--priority", type=click.Choice(PRIORITIES))
@click.option("--status", metavar="WORD")
@click.option("--segment", metavar="NAME")
@click.option("--owner", metavar="AGENT", help="An agent, @me, or none.")
@click.option("--type", "type_", metavar="WORD", help="Or none.")
@click.option("--tag", multiple=True, metavar="WORD", help="Put a tag on.")
@click.option("--untag", multiple=True, metavar="WORD", help="Take a tag off.")
@click.option("--important/--no-important", default=None)
@click.option("--customer", metavar="EMAIL", help="Whose ticket it is.")
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", help="Set a field of the desk."
)
@click.option("--unset", multiple=True, metavar="NAME", help="Empty a field of the desk.")
@click.option("--force", is_flag=True, help="Also an owner outside the segment (admins).")
@words.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    said: words.Said,
    force: bool,
    bulk: bulks.Bulk,
    **given: Any,
) -> None:
    """Change fields of tickets; -m says why."""
    from ticketctl.actions import edit as editing

    changes = _changes(desk, given)
    if changes == editing.Changes():
        raise BadInput("say what to change: --priority, --segment, --tag …")
    why = words.wanted(desk, said, what="Why?")

    def deed(work: "Work", number: int) -> str | None:
        done = editing.edit(
            work, number, changes, comment=why, force=force, if_version=bulk.if_version
        )
        return "changed" if done else None

    bulks.run(desk, tickets, bulk, deed)


def _changes(desk: Desk, given: dict[str, Any]) -> "Changes":
    from ticketctl.actions.edit import Changes

    plain = ("subject", "priority", "status", "segment", "important", "customer")
    chosen = {name: given[name] for name in plain if given[name] is not None}
    if given["owner"] is not None:
        owner = given["owner"]
        chosen["owner"] = {"none": None, "@me": desk.me() or owner}.get(owner, owner)
    if given["type_"] is not None:
        chosen["type"] = None if given["type_"] == "none" else given["type_"]
    fields = pairs(given["fields"]) | dict.fromkeys(given["unset"])
    return Changes(add_tags=given["tag"], remove_tags=given["untag"], fields=fields, **chosen)
