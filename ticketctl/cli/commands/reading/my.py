"""`ticketctl my`: list your tickets, the most urgent first."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import (
    Filters,
    ListOptions,
    QueryCommand,
    filter_options,
    leaves,
    wanted,
)
from ticketctl.cli.shared.option_groups import record
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from ticketctl.domain.base.condition import Condition

_STATES = {"open", "ended", "spam", "merged"}  # words of `is` that mean a status
MOST = 20  # numbers of changed tickets


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@filter_options
@click.option(
    "--changed-since", metavar="TIME", help="Only tickets changed since TIME, ended ones included."
)
@click.option(
    "--group-by",
    type=param_types.GROUPS,
    metavar="FIELD",
    help="Group tickets under a heading for each value of FIELD.",
)
@click.option("--exit-status", is_flag=True, help="Exit 10 if any ticket matches.")
@click.option("--limit", type=param_types.COUNT, metavar="N", help="Show at most N; 0 for all.")
@click.option("--ids", "only_ids", is_flag=True, help="Print only ticket numbers, one per line.")
@click.option("--count", "only_count", is_flag=True, help="Print only the number of tickets.")
@pass_app
@record("options", ListOptions)
def command(
    app: App,
    query: tuple[str, ...],
    filters: Filters,
    options: ListOptions,
    changed_since: str | None,
) -> None:
    """List your tickets, whatever their age; ended ones only if QUERY asks for a status.

    The most urgent come first, as in `list`, then those changed last.

    On a terminal it also says which of them others have changed since you last looked.
    """
    from ticketctl.cli.shared.ticket_list import listing
    from ticketctl.console import rows
    from ticketctl.domain.base.condition import Sort, Where

    name = app.actor().name
    filters = filters._replace(since=filters.since or "all")
    shown: list[Condition] = [Where("owner", "=", (name,))]
    if changed_since:
        from ticketctl.domain.query.parser import where

        shown.append(where("updated", ">=", changed_since, now=app.now, zone=app.zone, me=name))
    elif not _says_status(wanted(app, query, filters, merged=True).condition):
        shown.append(Where("is", "=", ("open",)))
    if not rows.is_machine(app):
        _news(app, name)
    listing(app, query, filters, options, extra=tuple(shown), then=(Sort("updated", True),))


def _says_status(condition: "Condition") -> bool:
    """True if the query itself names a status."""
    return any(
        leaf.field == "status" or (leaf.field == "is" and bool(_STATES & {*leaf.values}))
        for leaf in leaves(condition)
    )


def _news(app: App, name: str) -> None:
    from ticketctl.cli.shared import last_seen
    from ticketctl.console.times import ago
    from ticketctl.store.tickets import events

    before = last_seen.exchange(app, name)
    if before is None:
        return
    with app.db.read() as tx:
        changed = events.by_others(tx, name, before, MOST)
    if changed:
        numbers = ", ".join(map(str, changed))
        app.out.note(f"changed since you last looked, {ago(before, app.now)}: {numbers}")
