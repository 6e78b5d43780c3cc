"""Prints a list of tickets: which tickets, the overview above, the notes below."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl.cli.shared import no_results
from ticketctl.cli.shared.default_period import last_month, month_start
from ticketctl.cli.shared.filters import (
    Filters,
    ListOptions,
    Wanted,
    age_colours,
    asks_for_started,
    has_every_status,
    longest_waiting_first,
    wanted,
    without_status,
)
from ticketctl.cli.shared.query_names import refuse_unknown
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.errors import ConditionHolds
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ticketctl.cli.views.search_hits import Hits
    from ticketctl.domain.base.condition import Condition, Sort
    from ticketctl.domain.base.records import Ticket
    from ticketctl.store.db.database import Tx

LIMIT = 50  # on a terminal; machine forms have none

OVERVIEW = ("New", "Open", "Escalated", "Resolved")


class Plan(NamedTuple):
    """What a list shows: condition and order, the window, the limit."""

    asked: Wanted
    condition: "Condition"
    windowed: bool
    most: int  # 0: all
    now: "datetime"
    then: "tuple[Sort, ...]"  # the order of what is not urgent, where none is asked for


def listing(
    app: App,
    query: tuple[str, ...],
    filters: Filters,
    options: ListOptions,
    extra: "tuple[Condition, ...]" = (),
    then: "tuple[Sort, ...]" = (),
    hits: "Hits | None" = None,
) -> None:
    """Print the tickets of a query; `extra` conditions are the command's own (`my`, `search`), as `then` is the order
    of what is not urgent (else the newest first). `hits` shows with each ticket where its words were found.
    """
    from ticketctl.store.tickets import ticket_lists

    if options.only_ids:
        app = app.with_options(format="ids")
    chosen = plan(app, query, filters, options.limit, extra, then)
    if chosen.asked.columns and not (app.options.columns or app.options.json):
        app = app.with_options(columns=",".join(chosen.asked.columns))
    with app.db.read() as tx:
        refuse_unknown(app, tx, chosen.asked.condition)
        if options.only_count:
            count = ticket_lists.count(tx, chosen.condition)
            app.out.data(str(count))
        else:
            total, new = _overview(app, tx, chosen.condition, empty=not hits)
            count = _rows(app, tx, chosen, options.group_by, hits)
            _footers(app, tx, chosen, count, total)
            if count < new and asks_for_started(chosen.condition):
                ones = "the new one" if new == 1 else f"the {new} new ones"
                app.out.note(f"status:open means started; is:open also has {ones}.")
    if not count:
        empty = "" if rows.is_machine(app) or options.only_count else "nothing to show."
        no_results.tell(
            app, chosen.asked.condition, searched=hits.words if hits else (), otherwise=empty
        )
    if options.exit_status and count:
        raise ConditionHolds("")


def plan(
    app: App,
    query: tuple[str, ...],
    filters: Filters,
    limit: int | None,
    extra: "tuple[Condition, ...]" = (),
    then: "tuple[Sort, ...]" = (),
) -> Plan:
    """Which tickets, and how many of them: the last month unless a time is asked for, 50 on a terminal."""
    from ticketctl.domain.base.condition import NEWEST_FIRST, every

    asked = wanted(app, query, filters)
    mine_to_see = access.visible(app)
    sort = asked.sort or longest_waiting_first(asked.condition)
    asked = Wanted(every((*extra, mine_to_see, asked.condition)), sort, asked.columns)
    month = None
    if filters.since is None and not filters.until:
        month = last_month(app, asked.condition)
    condition = asked.condition if month is None else month
    most = limit if limit is not None else (0 if rows.is_machine(app) else LIMIT)
    return Plan(asked, condition, month is not None, most, app.now, then or NEWEST_FIRST)


def _rows(
    app: App, tx: "Tx", chosen: Plan, group_by: str | None, hits: "Hits | None" = None
) -> int:
    from ticketctl.cli.views.ticket_table import ticket_view

    view = ticket_view(app)
    if hits:
        read = found(tx, chosen.condition, chosen)
        return rows.rows(app, hits.view(app, view), hits.read(app, tx, read), empty="")
    if not group_by:
        return rows.rows(app, view, found(tx, chosen.condition, chosen), empty="")
    from ticketctl.cli.views.groups import groups

    parts = groups(tx, chosen.condition, group_by, age_colours(app))
    if rows.is_machine(app):
        read = (one for part in parts for one in found(tx, part.condition, chosen))
        return rows.rows(app, view, read)
    left = chosen.most
    for part in parts:
        if chosen.most and not left:
            break
        heading = f"\n{terminal_line(part.name)} ({part.tickets})"
        app.out.data(app.out.style(heading, bold=True))
        those = found(tx, part.condition, chosen._replace(most=left))
        shown = rows.rows(app, view, those, tell=part is parts[0])
        left -= shown if chosen.most else 0
    return chosen.most - left if chosen.most else sum(part.tickets for part in parts)


def found(tx: "Tx", condition: "Condition", chosen: Plan) -> "Iterable[Ticket]":
    """Read the tickets in the order that is asked for; without one, what to look at first."""
    from ticketctl.store.tickets import ticket_lists

    sort, most = chosen.asked.sort, chosen.most
    if not sort:
        if most:
            return ticket_lists.urgent(tx, condition, chosen.now, most, chosen.then)
        return ticket_lists.stream_urgent(tx, condition, chosen.now, chosen.then)
    if most:
        return ticket_lists.page(tx, condition, sort, most)
    return ticket_lists.stream(tx, condition, sort)


def _overview(app: App, tx: "Tx", condition: "Condition", *, empty: bool) -> tuple[int | None, int]:
    """New 3 · Open 5 · … for people; the same filters as the list but those on status (F-Q15). All 0 only if `empty`.

    Returns how many tickets the list has, None with a filter on status besides the usual one; and how many are new.
    """
    if rows.is_machine(app):
        return None, 0
    from ticketctl.domain.base.status import MERGED
    from ticketctl.domain.base.status import OVERVIEW as WORDS
    from ticketctl.store.tickets import ticket_lists

    counts = dict.fromkeys(OVERVIEW, 0)
    in_status = ticket_lists.overview(tx, without_status(condition))
    for status, number in in_status.items():
        if status in WORDS:
            counts[WORDS[status]] += number
    words = [f"{name} {number}" for name, number in counts.items()]
    if empty or in_status:
        line = " · ".join([*words, f"total {sum(counts.values())}"])
        app.out.data(app.out.style(line, bold=True))
    if not has_every_status(condition):
        return None, counts["New"]
    return sum(number for status, number in in_status.items() if status != MERGED), counts["New"]


def _footers(app: App, tx: "Tx", chosen: Plan, count: int, total: int | None) -> None:
    """Note what is not shown: rows beyond the limit, open tickets older than the window (F-Q11)."""
    from ticketctl.store.tickets import ticket_lists

    if chosen.most and count == chosen.most:
        total = ticket_lists.count(tx, chosen.condition) if total is None else total
        if total > count:
            app.out.note(f"{count} of {total} shown (--limit 0)")
    if older := older_open(app, tx, chosen):
        ones = "1 open ticket is" if older == 1 else f"{older} open tickets are"
        app.out.note(f"{ones} older (--since all)")


def older_open(app: App, tx: "Tx", chosen: Plan) -> int:
    """How many open tickets are older than the list goes back; 0 if it goes back to the first (F-Q11)."""
    from ticketctl.store.tickets import ticket_lists

    if not chosen.windowed:
        return 0
    start = month_start(app.now, app.zone)
    return ticket_lists.older_open(tx, chosen.asked.condition, start)
