"""`ticketctl stats`: counts, with small bars on a terminal."""

from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.shared import no_results, param_types
from ticketctl.cli.shared.filters import (
    Filters,
    QueryCommand,
    age_colours,
    filter_options,
    wanted,
)
from ticketctl.cli.shared.query_names import refuse_unknown
from ticketctl.cli.views.bars import bar
from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.store.reports.figures import TicketCount

SHORTEST, LONGEST = 10, 60  # columns of the longest bar


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--by",
    default="status",
    type=param_types.GROUPS,
    metavar="FIELDS",
    help="Count by these fields: status, owner, segment, priority, alert, tag, day, week, month …",
)
@filter_options
@click.option("--chart", is_flag=True, help="Draw bars.")
@pass_app
def command(app: App, query: tuple[str, ...], by: str, filters: Filters, chart: bool) -> None:
    """Count tickets by one or more fields; day, week and month are those of creation."""
    from ticketctl.domain.base.condition import both
    from ticketctl.store.reports import figures

    fields = [field.strip() for field in by.split(",")]
    if query[:1] == ("by",) and query[1:]:
        raise BadInput(f"write --by {','.join(query[1:])}.")
    condition = both(access.visible(app), wanted(app, query, filters).condition)
    with app.db.read() as tx:
        refuse_unknown(app, tx, condition)
        found = figures.counts(tx, condition, fields, app.zone, age_colours(app))
    rows.rows(app, _view(app, fields, chart, found), found)
    if not found:
        no_results.tell(app, condition)
    if not rows.is_machine(app) and "tag" not in fields:
        app.out.note(f"{sum(one.tickets for one in found)} tickets.")


def _view(
    app: App, fields: list[str], chart: bool, found: "list[TicketCount]"
) -> "View[TicketCount]":
    def value(place: int) -> "Any":
        return lambda one: one.values[place] or "none"

    columns: list[Column[TicketCount]] = [
        Column(name, value(place)) for place, name in enumerate(fields)
    ]
    columns.append(Column("tickets", lambda one: one.tickets))
    if chart:
        most = max((one.tickets for one in found), default=0)
        used = sum(
            max([len(f), *(len(one.values[n] or "none") for one in found)]) + 2
            for n, f in enumerate(fields)
        )
        room = min(LONGEST, max(SHORTEST, app.out.width - used - len("tickets") - 2))
        columns.append(Column("chart", lambda one: bar(one.tickets, most, room)))
    names = [column.name for column in columns]
    return View(
        columns,
        names,
        lambda one: {**dict(zip(fields, one.values, strict=True)), "tickets": one.tickets},
        lambda one: one.tickets,
        (*fields, "tickets"),
    )
