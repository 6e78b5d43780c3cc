"""`ticketctl context ID MSG`: where a message stands in its conversation (F-A25, F-A26)."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import access, ids, output, paper, shapes, whole
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.errors import NotFound
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from ticketctl.domain.base.records import Message


@click.command()
@click.argument("ticket")
@click.argument("message", type=whole.NUMBER, metavar="MSG")
@click.option(
    "-C",
    "--context",
    "around",
    type=whole.COUNT,
    default=3,
    show_default=True,
    metavar="N",
    help="Show N messages before and after it.",
)
@click.option("--url", is_flag=True, help="Print only the web address where it was written.")
@pass_desk
def command(desk: Desk, ticket: str, message: int, around: int, url: bool) -> None:
    """Show a message between its neighbours, marked.

    --url prints the web address where the message was written. Your browser may have to be logged in there;
    ticketctl itself never opens it.
    """
    from ticketctl.store.tickets import messages, tickets

    number = ids.number(ticket)
    with desk.db.read() as tx:
        access.check(desk, tx, tickets.get(tx, number))
        if url:
            desk.out.data(_place(messages.get(tx, number, message)))
            return
        found = messages.around(tx, number, message, around)
    if output.form(desk) in ("json", "ndjson"):
        output.rows(desk, VIEW, ((one, one.n == message) for one in found))
    else:
        desk.out.page("\n\n".join(_shown(desk, one, one.n == message) for one in found))


def _place(one: "Message") -> str:
    if one.permalink is None:
        raise NotFound(f"message {one.n} of ticket {one.ticket} has no address of its own.")
    return one_line(one.permalink)


def _shown(desk: Desk, one: "Message", is_meant: bool) -> str:
    mark = ">" if is_meant else " "
    return "\n".join(f"{mark} {line}".rstrip() for line in paper.message(desk, one).split("\n"))


VIEW: output.View["tuple[Message, bool]"] = output.View(
    [output.Column("n", lambda row: row[0].n)],
    ("n",),
    lambda row: shapes.message(row[0]) | {"marked": row[1]},
    lambda row: row[0].n,
)
