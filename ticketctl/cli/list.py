"""`ticketctl list`: tickets as a table, the overview above, the last month unless asked otherwise."""

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli import access, output
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.filters import (
    TIMES,
    Wanted,
    filter_options,
    leaves,
    mentions,
    month_start,
    wanted,
    without_status,
)
from ticketctl.errors import BadInput, ConditionHolds, NotFound
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from ticketctl.desk.condition import Condition
    from ticketctl.desk.records import Ticket
    from ticketctl.store.engine import Tx

LIMIT = 50  # on a terminal; machine forms have none

OVERVIEW = ("New", "Open", "Escalated", "Resolved")


@click.command()
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@filter_options
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N; 0 for all.")
@click.option("--group-by", metavar="FIELD", help="Under a heading for each value.")
@click.option("--ids", "only_ids", is_flag=True, help="Only the numbers, one a line.")
@click.option("--count", "only_count", is_flag=True, help="Only how many.")
@click.option("--exit-status", is_flag=True, help="Exit 10 if there is any.")
@pass_desk
def command(desk: Desk, query: tuple[str, ...], filters: dict[str, Any], **how: Any) -> None:
    """Tickets as a table, with the overview above; QUERY as in `ticketctl help query`."""
    listing(desk, query, filters, **how)


def listing(
    desk: Desk,
    query: tuple[str, ...],
    filters: dict[str, Any],
    *,
    limit: int | None = None,
    group_by: str | None = None,
    only_ids: bool = False,
    only_count: bool = False,
    exit_status: bool = False,
    extra: "tuple[Condition, ...]" = (),
) -> None:
    """Print the tickets of a query; `extra` conditions are the command's own (`my`, `search`)."""
    from ticketctl.desk.condition import NEWEST_FIRST, every
    from ticketctl.store import tickets

    if only_ids:
        desk.options["format"] = "ids"
    asked = wanted(desk, query, filters)
    mine_to_see = access.visible(desk)
    asked = Wanted(every((*extra, mine_to_see, asked.condition)), asked.sort or NEWEST_FIRST)
    windowed = (
        filters["since"] is None and not filters["until"] and not mentions(asked.condition, TIMES)
    )
    condition = _last_month(desk, asked.condition) if windowed else asked.condition
    most = limit if limit is not None else (0 if output.is_machine(desk) else LIMIT)
    with desk.db.read() as tx:
        _refuse_unknown(desk, tx, asked.condition)
        if only_count:
            desk.out.data(str(tickets.count(tx, condition)))
            return
        _overview(desk, tx, condition)
        count = _rows(desk, tx, condition, asked, most, group_by)
        _footers(desk, tx, condition, asked, count, most, windowed)
    if exit_status and count:
        raise ConditionHolds("")


def _refuse_unknown(desk: Desk, tx: "Tx", condition: "Condition") -> None:
    """NotFound for an owner or segment of the query that the desk does not know and no ticket has."""
    from ticketctl.desk.condition import Where
    from ticketctl.store import tickets

    definition = desk.definition
    known = {"segment": {segment.name for segment in definition.segments}}
    if definition.agents:
        known["owner"] = {agent.name for agent in definition.agents}
    for leaf in leaves(condition):
        for value in map(str, leaf.values if leaf.field in known else ()):
            if value in known[leaf.field] or value in ("none", "any"):
                continue
            if not tickets.count(tx, Where(leaf.field, "=", (value,))):
                what = "agent" if leaf.field == "owner" else "segment"
                raise NotFound(f'no {what} "{value}".')


def _rows(
    desk: Desk, tx: "Tx", condition: "Condition", asked: Wanted, most: int, group_by: str | None
) -> int:
    from ticketctl.cli.view import ticket_view
    from ticketctl.store import tickets

    view = ticket_view(desk)
    sort = list(asked.sort)
    if group_by:
        return _grouped(desk, tickets.page(tx, condition, sort, most or None), group_by)
    found = tickets.page(tx, condition, sort, most) if most else tickets.stream(tx, condition, sort)
    return output.rows(desk, view, found)


def _grouped(desk: Desk, found: "list[Ticket]", field: str) -> int:
    """Rows under a heading for each value of a field, with how many there are (L6)."""
    from ticketctl.cli.view import ticket_view

    view = ticket_view(desk)
    column = next((one for one in view.columns if one.name == field), None)
    if column is None:
        names = ", ".join(one.name for one in view.columns)
        raise BadInput(f"there is no column {field!r} to group by; the columns are {names}.")

    def value(one: "Ticket") -> str:
        return output.plain(column.value(one)) or "none"

    for name, group in groupby(sorted(found, key=value), key=value):
        rows = list(group)
        if not output.is_machine(desk):
            desk.out.data(desk.out.style(f"\n{one_line(name)} ({len(rows)})", bold=True))
        output.rows(desk, view, rows)
    return len(found)


def _last_month(desk: Desk, condition: "Condition") -> "Condition":
    from ticketctl.desk.condition import Where, both

    return both(condition, Where("created", ">=", (month_start(desk.now, desk.zone),)))


def _overview(desk: Desk, tx: "Tx", condition: "Condition") -> None:
    """New 3 · Open 5 · … for people; the same filters as the list but those on status (Q15)."""
    if output.is_machine(desk):
        return
    from ticketctl.desk.status import OVERVIEW as WORDS
    from ticketctl.store import tickets

    counts = dict.fromkeys(OVERVIEW, 0)
    for status, number in tickets.overview(tx, without_status(condition)).items():
        if status in WORDS:
            counts[WORDS[status]] += number
    words = [f"{name} {number}" for name, number in counts.items()]
    desk.out.data(desk.out.style(" · ".join([*words, f"total {sum(counts.values())}"]), bold=True))


def _footers(
    desk: Desk,
    tx: "Tx",
    condition: "Condition",
    asked: Wanted,
    count: int,
    most: int,
    windowed: bool,
) -> None:
    """Say what is not shown: rows beyond the limit, open tickets older than the window (Q11)."""
    from ticketctl.store import tickets

    if most and count == most and (total := tickets.count(tx, condition)) > count:
        desk.out.note(f"{count} of {total} shown (--limit 0)")
    if windowed:
        older = tickets.older_open(tx, asked.condition, month_start(desk.now, desk.zone))
        if older:
            ones = "1 open ticket is" if older == 1 else f"{older} open tickets are"
            desk.out.note(f"{ones} older (--since all)")
