"""`ticketctl watch IDS` and `unwatch IDS`: be told of what happens to tickets, as their owner is."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, owner_words, param_types
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work

agent_option = click.option(
    "--agent", "agents", multiple=True, type=param_types.OWNER, metavar="AGENT",
    help="Another agent instead of yourself; repeat for more.",
)  # fmt: skip


@click.command()
@tickets_argument()
@agent_option
@bulk_action.bulk_options
@pass_app
def watch(
    app: App, tickets: Selection, agents: tuple[str, ...], bulk: bulk_action.BulkOptions
) -> None:
    """Watch tickets: get the notifications their owner gets. An `@name` in a comment makes them watch, too.

    `ticketctl list watcher:@me` lists what you watch; `list --watch` is something else: it refreshes a list.
    """
    from ticketctl.actions.tickets import watch as action

    _run(app, tickets, agents, bulk, action.watch, "watched by")


@click.command()
@tickets_argument()
@agent_option
@bulk_action.bulk_options
@pass_app
def unwatch(
    app: App, tickets: Selection, agents: tuple[str, ...], bulk: bulk_action.BulkOptions
) -> None:
    """Stop watching tickets."""
    from ticketctl.actions.tickets import watch as action

    _run(app, tickets, agents, bulk, action.unwatch, "no longer watched by")


def _run(
    app: App,
    tickets: Selection,
    agents: tuple[str, ...],
    bulk: bulk_action.BulkOptions,
    act: "Callable[[Work, int, tuple[str, ...]], list[str]]",
    word: str,
) -> None:
    found = [owner_words.read(app, one) for one in agents or ("@me",)]
    if None in found:
        raise BadInput("name the agent who is to watch: --agent NAME.")
    names = tuple(dict.fromkeys(one for one in found if one))

    def action(work: "Work", number: int) -> str | None:
        done = act(work, number, names)
        return f"{word} {', '.join(done)}" if done else None

    bulk_action.run(app, tickets, bulk, action)
