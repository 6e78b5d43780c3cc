"""`ticketctl context ID MSG`: show a message in its conversation (F-A25, F-A26)."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.views import ticket_page
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.errors import NotFound
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.domain.base.records import Message


@click.command()
@click.argument("ticket", type=param_types.TICKET)
@click.argument("message", type=param_types.NUMBER, metavar="MSG")
@click.option(
    "-C",
    "--context",
    "around",
    type=param_types.COUNT,
    default=3,
    show_default=True,
    metavar="N",
    help="Show N messages before and after it.",
)
@click.option("--url", is_flag=True, help="Print only the web address where it was written.")
@pass_app
def command(app: App, ticket: int, message: int, around: int, url: bool) -> None:
    """Show a message between its neighbours, marked.

    --url prints the web address where the message was written. Your browser may have to be logged in there;
    ticketctl itself never opens it.
    """
    from ticketctl.store.tickets import messages, tickets

    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, ticket))
        if url:
            app.out.data(_place(messages.get(tx, ticket, message)))
            return
        found = messages.around(tx, ticket, message, around)
    if rows.form(app) in ("json", "ndjson"):
        rows.rows(app, VIEW, ((one, one.n == message) for one in found))
    else:
        app.out.page("\n\n".join(_shown(app, one, one.n == message) for one in found))


def _place(one: "Message") -> str:
    if one.permalink is None:
        raise NotFound(f"message {one.n} of ticket {one.ticket} has no web address.")
    return terminal_line(one.permalink)


def _shown(app: App, one: "Message", is_meant: bool) -> str:
    mark = ">" if is_meant else " "
    return "\n".join(
        f"{mark} {line}".rstrip() for line in ticket_page.message(app, one, margin=2).split("\n")
    )


VIEW: View["tuple[Message, bool]"] = View(
    [Column("n", lambda row: row[0].n)],
    ("n",),
    lambda row: json_shapes.message(row[0]) | {"marked": row[1]},
    lambda row: row[0].n,
)
