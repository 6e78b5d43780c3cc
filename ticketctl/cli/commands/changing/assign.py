"""`ticketctl assign IDS WHO`: assign tickets to an agent, @me, none, or the agent that routing chooses."""

from typing import TYPE_CHECKING, NamedTuple

import click

from ticketctl.cli.shared import bulk_action, owner_words, send_preview, text_input, ticket_numbers
from ticketctl.cli.shared.option_groups import gathered
from ticketctl.cli.shared.param_types import Name
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ticketctl.actions.base.context import Work
    from ticketctl.domain.base.records import Ticket


def _tickets_or_agent(ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
    """Completion: a ticket first, then more tickets or an agent who may own them (F-Q33)."""
    from ticketctl.cli.shared import completion

    more = []
    if words := ctx.params.get("words"):
        if all(map(ticket_numbers.looks_like, words)):
            ctx.params["tickets"] = ticket_numbers.select(word for word in words if word != "-")
        more = completion.owners(ctx, incomplete)
    return [*more, *completion.tickets(ctx, incomplete)]


_WORDS = Name("tickets or agent", lambda: _tickets_or_agent)
STRATEGIES = ("round-robin", "load", "skill")


class How(NamedTuple):
    """The options that choose the owner, besides WHO."""

    auto: bool
    strategy: str | None
    steal: bool
    force: bool


_how = gathered(
    "how",
    How,
    click.option("--auto", is_flag=True, help="Let routing choose the agent; leave out WHO."),
    click.option(
        "--strategy",
        type=click.Choice(STRATEGIES, case_sensitive=False),
        help="With --auto: use this strategy instead of the segment's.",
    ),
    click.option("--steal", is_flag=True, help="Reassign even if someone owns the ticket."),
    click.option("--force", is_flag=True, help="Allow an agent outside the segment (admins only)."),
)


@click.command()
@click.argument("words", nargs=-1, metavar="IDS... WHO", type=_WORDS)
@_how
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    words: tuple[str, ...],
    how: How,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Assign tickets to WHO: an agent, @me or none; with --auto, routing chooses the agent. -m says why.

    --auto begins with the oldest ticket; exit 7 if it found no agent for some.
    """
    from ticketctl.actions.tickets import assign

    if how.strategy and not how.auto:
        raise BadInput("--strategy needs --auto.")
    words, who = (words, "") if how.auto else _split(words)
    tickets = ticket_numbers.select(words)
    bulk_action.require_named(tickets, bulk)
    owner = None if how.auto else owner_words.read(app, who)

    def fits(work: "Work", ticket: "Ticket") -> None:
        if not how.auto:
            assign.require_assignable(work, ticket, owner, steal=how.steal, force=how.force)

    why = text_input.read_or_ask(app, typed, what="Why?", tickets=tickets, fits=fits)
    action = _auto(how, why, bulk) if how.auto else _given(owner, how, why, bulk)
    bulk_action.run(
        app,
        tickets,
        bulk,
        action,
        ask=send_preview.telling(app, "Assign {}", action),
        oldest_first=how.auto,
        unfulfilled="got no owner",
    )


def _given(
    owner: str | None, how: How, why: str, bulk: bulk_action.BulkOptions
) -> bulk_action.Action:
    from ticketctl.actions.tickets import assign

    def action(work: "Work", number: int) -> str | None:
        done = assign.assign(
            work,
            number,
            owner,
            comment=why,
            steal=how.steal,
            force=how.force,
            if_version=bulk.if_version,
        )
        return f"assigned to {owner or 'nobody'}" if done else None

    return action


def _auto(how: How, why: str, bulk: bulk_action.BulkOptions) -> bulk_action.Action:
    from ticketctl.actions.tickets import assign

    def action(work: "Work", number: int) -> str | None:
        chosen = assign.auto(
            work,
            number,
            strategy=how.strategy,
            comment=why,
            steal=how.steal,
            if_version=bulk.if_version,
        )
        if chosen.name is None:
            return bulk_action.Unfulfilled(f"unassigned: {chosen.reason}")
        return f"assigned to {chosen.name}"

    return action


def _split(words: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The ticket numbers, and the one other word: `3 ben`, `3 to ben`, `ben 3`, `tickets 2 and 3 to ben`."""
    words = ticket_numbers.without_fillers(word for word in words if word.lower() != "to")
    numbers = tuple(filter(ticket_numbers.looks_like, words))
    others = [word for word in words if word not in numbers]
    if not others:
        line = f"ticketctl assign {' '.join(number.strip('#,') for number in numbers) or '12'} @me"
        raise BadInput(f"name the owner, an agent, @me or none: `{line}`.")
    if len(others) > 1:
        tickets = " ".join(number.strip("#,") for number in numbers) or "IDS"
        raise BadInput(f"give one owner, as in `ticketctl assign {tickets} {others[-1]}`.")
    return numbers, others[0]
