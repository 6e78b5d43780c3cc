"""`ticketctl resolve|close|reopen|spam|unspam|link|unlink`: commands of nearly the same form."""

from functools import partial
from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, param_types, prompts, send_preview, text_input
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base import status
from ticketctl.domain.base.blank import is_blank

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


def _fits(verb: str) -> text_input.Fits:
    """The check that the life cycle has this step from a ticket's status."""
    return lambda _work, ticket: status.after(verb, ticket.status)


def _simple(verb: str, *, help: str, done: str, ask: str = "Why?") -> click.Command:
    """The command for an action that takes a ticket and a comment; `done` is printed for each ticket."""

    @click.command(help=help)
    @tickets_argument()
    @text_input.reason_options
    @bulk_action.bulk_options
    @pass_app
    def command(
        app: App, tickets: Selection, typed: text_input.TextOptions, bulk: bulk_action.BulkOptions
    ) -> None:
        from ticketctl.actions.tickets.reopen import reopen
        from ticketctl.actions.tickets.spam import spam, unspam

        why = text_input.read_or_ask(app, typed, what=ask, tickets=tickets, fits=_fits(verb))
        act = {"reopen": reopen, "spam": spam, "unspam": unspam}[verb]

        def action(work: "Work", number: int) -> str:
            act(work, number, comment=why, if_version=bulk.if_version)
            return done

        telling = send_preview.telling(app, f"{verb.capitalize()} {{}}", action)
        bulk_action.run(app, tickets, bulk, action, ask=telling)

    return command


def _ending(verb: str, *, help: str, done: str) -> click.Command:
    """The command for `resolve` or `close`: a reason, a final message, fields to set."""

    @click.command(help=help)
    @tickets_argument()
    @text_input.reason_options
    @click.option(
        "--reply", "reply_text", metavar="TEXT", default="", help="Final message to the customer."
    )
    @click.option(
        "--set",
        "fields",
        multiple=True,
        type=param_types.TICKET_FIELD,
        metavar="NAME=VALUE",
        help="Set a custom field.",
    )
    @click.option("--force", is_flag=True, help="Proceed even if another ticket blocks it.")
    @bulk_action.bulk_options
    @pass_app
    def command(
        app: App,
        tickets: Selection,
        typed: text_input.TextOptions,
        reply_text: str,
        fields: tuple[str, ...],
        force: bool,
        bulk: bulk_action.BulkOptions,
    ) -> None:
        from ticketctl.actions.tickets.close import close
        from ticketctl.actions.tickets.resolve import resolve

        read = (
            partial(text_input.read_or_ask, what="Why?", tickets=tickets, fits=_fits(verb))
            if is_blank(reply_text)
            else text_input.read
        )
        why = read(app, typed) or reply_text  # what the customer is told says why, too
        values = prompts.needed(app, tickets, pairs(fields))
        act = close if verb == "close" else resolve

        def action(work: "Work", number: int) -> str:
            act(
                work,
                number,
                comment=why,
                reply_text=reply_text,
                fields=values,
                if_version=bulk.if_version,
                force=force,
            )
            return done

        ask = send_preview.telling(app, f"{verb.capitalize()} {{}}", action)
        bulk_action.run(app, tickets, bulk, action, ask=ask)

    return command


def _relation(verb: str, *, help: str, done: str) -> click.Command:
    """The command of `link` or `unlink`: one ticket, a kind, another ticket; `done` stands before the kind."""
    kinds = ("blocks", "related", "duplicate", "parent", "follow-up")

    @click.command(help=help)
    @click.argument("one", metavar="A", type=param_types.TICKET)
    @click.argument("kind", type=click.Choice(kinds, case_sensitive=False), metavar="KIND")
    @click.argument("two", metavar="B", type=param_types.TICKET)
    @click.option(
        "--if-version", type=param_types.COUNT, metavar="V", help="Only if A is still at version V."
    )
    @text_input.reason_options
    @pass_app
    def command(
        app: App,
        one: int,
        kind: str,
        two: int,
        if_version: int | None,
        typed: text_input.TextOptions,
    ) -> None:
        from ticketctl.actions.base.context import begin
        from ticketctl.actions.tickets.link import link, unlink

        why = text_input.read(app, typed)
        actor = app.actor()
        act = link if verb == "link" else unlink
        app.db.write(
            lambda tx: act(begin(tx, actor), one, kind, two, comment=why, if_version=if_version)
        )
        app.out.data(f"{one} {done}{kind} {two}")

    return command


resolve = _ending(
    "resolve",
    help="Mark tickets as resolved and tell the customer: -m is an internal note, --reply goes to the customer.",
    done="resolved",
)

close = _ending(
    "close",
    help="Close tickets and tell the customer: -m is an internal note, --reply goes to the customer.",
    done="closed",
)

reopen = _simple(
    "reopen",
    help="Reopen ended tickets; -m says why.",
    done="reopened",
)

spam = _simple(
    "spam",
    help="Mark tickets as spam; no more mail is sent about them.",
    done="spam",
    ask="Why? (may be empty)",
)

unspam = _simple(
    "unspam",
    help="Not spam after all: reopen the tickets.",
    done="open",
    ask="Why? (may be empty)",
)

link = _relation(
    "link",
    help="Link two tickets. KIND: blocks, related, duplicate, parent or follow-up. With `7 blocks 9`, 9 ends after 7.",
    done="",
)

unlink = _relation(
    "unlink",
    help="Remove the link of this kind between two tickets.",
    done="no longer ",
)
