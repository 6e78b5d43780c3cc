"""`ticketctl list`: tickets as a table, the overview above, the last month unless asked otherwise."""

import os

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import (
    Filters,
    ListOptions,
    QueryCommand,
    filter_options,
    is_plain,
)
from ticketctl.cli.shared.option_groups import record
from ticketctl.console.context import App, pass_app
from ticketctl.errors import NotFound


class _ListCommand(QueryCommand):
    """With --watch, `--count 3` is the number of rounds; alone, --count prints only the number of tickets."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Tell the two apart."""
        watches = any(word.partition("=")[0] == "--watch" for word in args)
        for n, word in enumerate(args[:-1]):
            if watches and word == "--count" and args[n + 1].isdecimal():
                args = [*args[:n], f"--rounds={args[n + 1]}", *args[n + 2 :]]
        return super().parse_args(ctx, args)


@click.command(cls=_ListCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@filter_options
@click.option("--limit", type=param_types.COUNT, metavar="N", help="Show at most N; 0 for all.")
@click.option(
    "--group-by",
    type=param_types.GROUPS,
    metavar="FIELD",
    help="Group tickets under a heading for each value of FIELD.",
)
@click.option("--ids", "only_ids", is_flag=True, help="Print only ticket numbers, one per line.")
@click.option("--count", "only_count", is_flag=True, help="Print only the number of tickets.")
@click.option("--no-default", is_flag=True, help="Ignore TICKETCTL_QUERY and your default query.")
@click.option("--exit-status", is_flag=True, help="Exit 10 if any ticket matches.")
@click.option(
    "--watch",
    type=click.FloatRange(0.1),
    metavar="[=S]",
    help="Refresh every S seconds (default 2).",
)
@click.option("--rounds", type=param_types.NUMBER, hidden=True)
@pass_app
@record("options", ListOptions)
def command(
    app: App,
    query: tuple[str, ...],
    filters: Filters,
    options: ListOptions,
    no_default: bool,
    watch: float | None,
    rounds: int | None,
) -> None:
    """List tickets in a table, below a line of totals. `ticketctl help query` explains QUERY.

    Without sort: or --sort, the most urgent come first: breached, due soon (warn), important, then the
    newest; ended ones last. Tickets that await an agent (awaiting:agent) go by how long the customer waits.
    In STATUS, `open ←` says that it is our turn: the customer waits for us (awaiting:agent).

    --watch redraws the list when it changes; in a pipe it writes new and changed tickets as NDJSON.
    With --count N it ends after N rounds.
    """
    from ticketctl.cli.shared.ticket_list import listing, plan

    if not no_default and is_plain(query, filters):
        query = _default(app)
    if watch is None:
        listing(app, query, filters, options)
        return
    from ticketctl.cli.commands.reading import watch as watching

    if app.out.is_terminal:
        unpaged = app.with_options(no_pager=True)
        watching.redraw(watch, lambda: listing(unpaged, query, filters, options), rounds)
    else:
        watching.follow(app, watch, lambda: plan(app, query, filters, options.limit), rounds)


def _default(app: App) -> tuple[str, ...]:
    """The query of this shell, else the user's default query (F-Q14), with a note about it."""
    from ticketctl.store.tickets import saved_queries

    if of_shell := os.environ.get("TICKETCTL_QUERY", "").strip():
        app.out.note(f"{of_shell}: TICKETCTL_QUERY of this shell (--no-default)")
        return (of_shell,)
    me = app.me()
    with app.db.read() as tx:
        name = saved_queries.default(tx, me)
        if name is None:
            return ()
        if saved_queries.get(tx, name, me) is None:
            raise NotFound(f"your default query @{name} was deleted; run `ticketctl query reset`.")
    app.out.note(f"@{name}, your default query (--no-default)")
    return (f"@{name}",)
