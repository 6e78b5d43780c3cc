"""`ticketctl escalate IDS`: raise the level and mail somebody who can help."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, owner_words, param_types, send_preview, text_input
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@tickets_argument()
@click.option(
    "--to",
    multiple=True,
    metavar="ADDRESS",
    help="Mail the ticket to ADDRESS; the answer becomes a comment.",
)
@click.option(
    "--level", type=param_types.NUMBER, metavar="N", help="Set level N instead of the next one."
)
@click.option(
    "--priority",
    type=click.Choice(PRIORITIES, case_sensitive=False),
    help="Set this priority as well.",
)
@click.option(
    "--messages",
    "newest",
    type=click.IntRange(0, 100),
    default=100,
    metavar="N",
    help="Include the last N messages.",
)
@text_input.text_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    to: tuple[str, ...],
    level: int | None,
    priority: str | None,
    newest: int,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Raise the escalation level; with --to, mail the ticket, its customer and its last messages to someone.

    -m says what is needed.
    """
    from ticketctl.actions.tickets import escalate

    _refuse_agents(app, tickets, to)
    why = text_input.read_or_ask(app, typed, what="What do you need?", tickets=tickets)

    def action(work: "Work", number: int) -> str:
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

    ask = send_preview.telling(app, "Escalate {}", action)
    bulk_action.run(app, tickets, bulk, action, ask=ask)


def _refuse_agents(app: App, tickets: Selection, to: tuple[str, ...]) -> None:
    """BadInput, with the line to type, for an agent of this desk in the place of an address."""
    for word in to:
        if "@" not in word[1:] and (name := owner_words.agent(app, word)):
            numbers = " ".join(map(str, tickets.numbers)) or "ID"
            raise BadInput(
                f"{word!r} is an agent, not a mail address; "
                f"did you mean `ticketctl assign {numbers} {name}`, or a comment with @{name}?"
            )
