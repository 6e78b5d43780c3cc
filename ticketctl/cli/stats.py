"""`ticketctl stats`: counts, with small bars on a terminal."""

import locale
from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli import access, output
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.filters import filter_options, wanted
from ticketctl.cli.output import Column, View

if TYPE_CHECKING:
    from ticketctl.store.figures import Count

BAR = 30  # columns of the longest bar


@click.command()
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("--by", default="status", metavar="FIELDS", help="status, owner, segment, priority …")
@filter_options
@click.option("--chart", is_flag=True, help="With bars.")
@pass_desk
def command(
    desk: Desk, query: tuple[str, ...], by: str, filters: dict[str, Any], chart: bool
) -> None:
    """How many tickets there are, by one field or several."""
    from ticketctl.desk.condition import both
    from ticketctl.store import figures

    fields = [field.strip() for field in by.split(",")]
    condition = both(access.visible(desk), wanted(desk, query, filters).condition)
    with desk.db.read() as tx:
        found = figures.counts(tx, condition, fields)
    output.rows(desk, _view(fields, chart, max((one.tickets for one in found), default=0)), found)


def _view(fields: list[str], chart: bool, most: int) -> "View[Count]":
    def value(place: int) -> "Any":
        return lambda one: one.values[place] or "none"

    columns: list[Column[Count]] = [Column(name, value(place)) for place, name in enumerate(fields)]
    columns.append(Column("tickets", lambda one: one.tickets))
    if chart:
        columns.append(Column("chart", lambda one: bar(one.tickets, most)))
    return View(
        columns,
        [column.name for column in columns],
        lambda one: {**dict(zip(fields, one.values, strict=True)), "tickets": one.tickets},
        lambda one: one.tickets,
    )


def bar(value: int, most: int) -> str:
    """A bar as long as its share of the greatest; # where the locale is not UTF-8."""
    block = "█" if locale.getpreferredencoding(False).upper().replace("-", "") == "UTF8" else "#"
    return block * max(1, round(BAR * value / most)) if value and most else ""
