"""`ticketctl show ID`: one ticket, everything on one page."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput, NotFound

if TYPE_CHECKING:
    from ticketctl.cli.views.ticket_contents import Page
    from ticketctl.console.view import View
    from ticketctl.domain.base.records import Comment, Event


@click.command()
@click.argument("ticket", type=param_types.TICKET)
@click.option("--full", is_flag=True, help="Show whole messages, including quoted text.")
@click.option("--raw", is_flag=True, help="Write the mail as received, byte for byte.")
@click.option(
    "--message", "n", type=param_types.NUMBER, metavar="N", help="With --raw: write message N."
)
@click.option("--comments", "only_comments", is_flag=True, help="Show only the comments.")
@click.option(
    "--messages", "last", type=param_types.COUNT, metavar="N", help="Show only the last N messages."
)
@click.option("--response", is_flag=True, help="Show only the customer's survey answers.")
@click.option(
    "--attachments", is_flag=True, help="List only the attachments, as `attachment list` does."
)
@click.option("--history", "with_history", is_flag=True, help="Show the history below.")
@click.option("--urls", is_flag=True, help="Show the web addresses of public messages.")
@pass_app
def command(
    app: App,
    ticket: int,
    full: bool,
    raw: bool,
    n: int | None,
    only_comments: bool,
    last: int | None,
    response: bool,
    attachments: bool,
    with_history: bool,
    urls: bool,
) -> None:
    """Show everything about a ticket on one page."""
    from ticketctl.cli.views import ticket_contents, ticket_page
    from ticketctl.console import access, rows
    from ticketctl.store.tickets import events

    if raw:
        app.out.bytes(_raw(app, ticket, n))
        return
    if response:
        _response(app, ticket)
        return
    if attachments:
        from gateway.run import attachments as listing

        listing.show(app, ticket, inline=False)
        return
    with app.db.read() as tx:
        definition = app.definition_in(tx)
        page = ticket_contents.read(
            tx, ticket, definition, app.now, last=last, among=access.visible(app)
        )
        access.check(app, tx, page.ticket)
        history = events.of(tx, ticket) if with_history or rows.is_shape(app) else []
    if only_comments and (rows.is_shape(app) or app.options.format):
        rows.rows(app, _comment_view(), ticket_page.comments_of(page))
    elif rows.is_shape(app):
        _as_json(app, page, history)
    elif only_comments:
        app.out.page(ticket_page.comments(app, page))
    elif app.options.format not in (None, "table"):
        raise BadInput(f"a ticket is a page, which has no format {app.options.format}; use --json.")
    else:
        if app.out.is_terminal:
            from ticketctl.cli.shared import last_seen

            last_seen.at(app, app.actor().name, page.ticket)
        text = ticket_page.ticket(app, page, full=full, urls=urls)
        app.out.page(f"{text}\n\n{_history(app, history)}" if with_history else text)


def _history(app: App, history: "list[Event]") -> str:
    from ticketctl.cli.views import ticket_history

    return f"{app.out.style('history', bold=True)}\n{ticket_history.lines(app, history)}"


def _comment_view() -> "View[tuple[int, Comment]]":
    """The comments as rows, with the number of their ticket, which may have been merged into this one."""
    from ticketctl.console import json_shapes
    from ticketctl.console.view import Column, View

    names = ("ticket", "n", "at", "author", "text")
    return View(
        columns=(
            Column("ticket", lambda one: one[0]),
            Column("n", lambda one: one[1].n),
            Column("at", lambda one: one[1].at),
            Column("author", lambda one: one[1].author),
            Column("text", lambda one: one[1].text, cut=1),
        ),
        default=names,
        shape=lambda one: {"ticket": one[0]} | json_shapes.comment(one[1]),
        key=lambda one: one[1].n,
    )


def _as_json(app: App, page: "Page", history: "list[Event]") -> None:
    from ticketctl.cli.views import sla_clocks
    from ticketctl.console import json_shapes, rows
    from ticketctl.domain.calendar.age import alert

    shape: dict[str, Any] = json_shapes.whole(
        page.ticket,
        alert(page.ticket, app.definition, app.now),
        app.now,
        definition=app.definition,
        messages=page.messages,
        comments=page.comments,
        participants=page.participants,
        watchers=page.watchers,
        answers_to=page.answers_to,
        links=page.links,
        person=page.customer,
        earlier=[one.id for one in page.earlier],
        orders=page.orders,
        dead=page.dead,
        merged=[(one.ticket, one.messages, one.comments) for one in page.merged],
        clocks=[sla_clocks.shape(seen) for seen in page.clocks],
        csat=page.answer,
        history=history,
    )
    rows.one(app, shape)


def _response(app: App, number: int) -> None:
    """The survey answer that opened the ticket, else the last one about it (F-Q18). NotFound if there is neither."""
    from ticketctl.cli.views import ticket_page
    from ticketctl.console import access, json_shapes, rows
    from ticketctl.store.desk import ratings
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        found = tickets.get(tx, number)
        access.check(app, tx, found)
        opening = found.response_id
        given = ratings.get(tx, opening) if opening else ratings.latest(tx, number)
    if given is None:
        raise NotFound(f"ticket {number} has no answer to a survey.")
    if rows.is_shape(app):
        rows.one(app, {"ticket": given.ticket} | (json_shapes.answer(given) or {}))
    else:
        app.out.page(ticket_page.response(app, given))


def _raw(app: App, number: int, n: int | None) -> bytes:
    from ticketctl.console import access
    from ticketctl.store.db import blobs
    from ticketctl.store.tickets import messages, tickets

    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, number))
        kept = [m for m in messages.of(tx, number) if m.blob and n in (None, m.n)]
        if not kept and n is not None:
            raise NotFound(f"ticket {number} has no message {n} that came by mail.")
        if not kept:
            raise NotFound(f"ticket {number} has no message that came by mail.")
        if n is None and len(kept) > 1:
            numbers = ", ".join(str(m.n) for m in kept)
            raise BadInput(
                f"ticket {number} has several mails; choose one with --message: {numbers}."
            )
        return blobs.get(tx, kept[0].blob or "")
