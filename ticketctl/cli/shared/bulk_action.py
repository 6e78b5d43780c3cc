"""Runs an action on several tickets, a transaction each or one for all, and prints a line for each."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.shared import owner_words, param_types
from ticketctl.cli.shared.option_groups import gathered
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App
from ticketctl.console.streams import NOT_CHANGED, NOT_SENT
from ticketctl.errors import BadInput, DatabaseTrouble, DeskError, PartlyDone

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.store.db.database import Tx

FIRST_ADDRESSES = 3  # of those that mail goes to

# Changes one ticket and returns a word or two (`closed`), or None if nothing changed.
Action = Callable[["Work", int], str | None]


class Unfulfilled(str):
    """The result of an action that ran but did not achieve its aim, such as finding an owner: exit 7."""


# The question before these tickets are changed; "" for none.
Ask = Callable[["BulkOptions", list[int]], str]


class BulkOptions(NamedTuple):
    """The shared options of the verbs that change tickets."""

    query: str | None
    dry_run: bool
    atomic: bool
    no_notify: bool
    if_version: int | None


def are_named(tickets: Selection, bulk: BulkOptions) -> bool:
    """Do all tickets stand on the command line, none from --query or standard input?"""
    return not bulk.query and not tickets.piped


class BulkResult(NamedTuple):
    """The result for one ticket."""

    id: int
    said: str
    error: DeskError | None = None

    @property
    def unfulfilled(self) -> bool:
        """True if the action ran without achieving its aim."""
        return isinstance(self.said, Unfulfilled)


class _RolledBack(Exception):
    """Rolls a transaction back; carries what was found in it."""

    def __init__(self, items: list[BulkResult]) -> None:
        self.items = items


_options = gathered(
    "bulk",
    BulkOptions,
    click.option(
        "--query",
        metavar="QUERY",
        help="Apply to the tickets that match QUERY.",
        type=param_types.QUERY,
    ),
    click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing."),
    click.option("--atomic", is_flag=True, help="Change all tickets or none."),
    click.option("--no-notify", is_flag=True, help="Notify neither customers nor agents."),
    click.option(
        "--if-version",
        type=param_types.COUNT,
        metavar="V",
        help="Only if the ticket is still at version V.",
    ),
)


def bulk_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the shared options to a command, which receives them as `bulk`.

    Where no ticket is named, it is refused before the command asks for a text.
    """

    @wraps(command)
    def with_tickets(*args: object, **values: Any) -> object:
        if "tickets" in values:
            require_named(values["tickets"], values["bulk"])
        return command(*args, **values)

    return _options(with_tickets)


def require_named(tickets: Selection, bulk: BulkOptions) -> None:
    """Refuse a command line with no ticket, or with numbers and a query."""
    if bulk.query is not None and not tickets.is_empty:
        raise BadInput("give ticket numbers or --query, not both.")
    if bulk.query is None and tickets.is_empty:
        raise BadInput("name the tickets: numbers, - for standard input, or --query.")


def run(
    app: App,
    tickets: Selection,
    bulk: BulkOptions,
    action: Action,
    *,
    ask: Ask | None = None,
    delay: int | None = None,
    oldest_first: bool = False,
    unfulfilled: str = "",
) -> None:
    """Run an action on every ticket selected; print a line for each. PartlyDone (exit 7) where some failed.

    On a terminal `ask` says what is asked before. Mail to people outside waits `delay` seconds, None: as long as
    the settings say. `unfulfilled` says what a number of tickets did not get.
    """
    actor = app.actor()
    numbers = _meant(app, tickets, bulk, oldest_first=oldest_first)
    if not numbers:
        raise click.exceptions.Exit(
            0
        )  # not a good end for a text that was written for them: it is kept
    from ticketctl.actions.base import context

    _agreed(app, numbers, bulk, ask, from_elsewhere=bulk.query is not None or tickets.piped)
    group = context.new_group()
    seconds = app.send_delay if delay is None else delay

    def one(tx: "Tx", number: int) -> BulkResult:
        work = context.begin(tx, actor, notify=not bulk.no_notify, group=group, delay=seconds)
        said = action(work, number) or "unchanged"
        return BulkResult(
            number, said, PartlyDone(str(said)) if isinstance(said, Unfulfilled) else None
        )

    if bulk.atomic or bulk.dry_run:
        items = _together(app, numbers, one, dry_run=bulk.dry_run)
    else:
        items = [_alone(app, number, one) for number in numbers]
    try:
        _tell(app, items, bulk, unfulfilled)
    finally:
        if (seconds or app.out.may_ask) and not bulk.dry_run:
            mailed(app, group, numbers, seconds)


def _meant(app: App, tickets: Selection, bulk: BulkOptions, *, oldest_first: bool) -> list[int]:
    if bulk.query is not None:
        return _found(app, bulk.query, oldest_first=oldest_first)
    if not tickets.numbers:
        app.out.note("no ticket number on standard input; nothing to do.")
    return sorted(tickets.numbers) if oldest_first else list(tickets.numbers)


def _agreed(
    app: App, numbers: list[int], bulk: BulkOptions, ask: Ask | None, *, from_elsewhere: bool
) -> None:
    """Ask, if there is a terminal; Unanswered for no."""
    if bulk.dry_run:
        return
    many = from_elsewhere and len(numbers) > app.settings.bulk_confirm
    question = f"Change {len(numbers)} tickets?" if many else ""
    mails = ask(bulk, numbers) if ask and app.out.may_ask and not app.yes else ""
    if mails or question:
        app.out.agree(mails or question, NOT_SENT if mails else NOT_CHANGED)


def mailed(app: App, group: str, numbers: list[int], seconds: int) -> None:
    """Print which addresses get mail, and how to stop it while it waits."""
    from ticketctl.actions.mail import outbound
    from ticketctl.safe import terminal_line
    from ticketctl.store.queues import outbox

    with app.db.read() as tx:
        rows = [one for one in outbox.of_group(tx, group, numbers) if one.kind in outbound.OUTSIDE]
    if not rows:
        return
    to = [*dict.fromkeys(one for row in rows for one in (*row.to, *row.cc, *row.bcc))]
    more = f" and {len(to) - FIRST_ADDRESSES} more" if len(to) > FIRST_ADDRESSES else ""
    mail = "the mail" if len(rows) == 1 else f"{len(rows)} mails"
    mail = terminal_line(f"{mail} to {', '.join(to[:FIRST_ADDRESSES])}{more}")
    stops = f"`ticketctl undo` stops {mail} for {seconds} s."
    app.out.note(stops if seconds else f"{mail}: queued.")


def _found(app: App, text: str, *, oldest_first: bool) -> list[int]:
    """The tickets that `list` shows for the same query: of the last month unless the query names a time."""
    from ticketctl.cli.shared import no_results
    from ticketctl.cli.shared.default_period import last_month
    from ticketctl.cli.shared.filters import parsed, unmerged
    from ticketctl.cli.shared.query_names import refuse_unknown
    from ticketctl.console import access
    from ticketctl.domain.base.condition import EVERYTHING, Sort, both
    from ticketctl.store.tickets import ticket_lists

    asked = parsed(app, text)
    if asked.condition == EVERYTHING:
        raise BadInput("the query is empty; write all for every ticket.")
    sort = asked.sort or ((Sort("created"), Sort("id")) if oldest_first else ())
    asks = owner_words.in_query(app, asked.condition)
    condition = both(access.visible(app), unmerged(asks))
    month = last_month(app, condition)
    with app.db.read() as tx:
        refuse_unknown(app, tx, condition)
        found = [one.id for one in ticket_lists.stream(tx, month or condition, sort)]
        older = ticket_lists.count(tx, condition) - len(found) if month else 0
    if not found:
        app.out.note("no ticket matches the query; nothing to do.")
        no_results.tell(app, condition)
    if older:
        ones = "1 ticket is" if older == 1 else f"{older} tickets are"
        app.out.note(f"{ones} older than a month and left out; --query 'all …' includes them.")
    return found


def _alone(app: App, number: int, one: Callable[["Tx", int], BulkResult]) -> BulkResult:
    try:
        return app.db.write(lambda tx: one(tx, number))
    except DatabaseTrouble:
        raise
    except DeskError as error:
        return BulkResult(number, "", error)


def _together(
    app: App, numbers: list[int], one: Callable[["Tx", int], BulkResult], *, dry_run: bool
) -> list[BulkResult]:
    """Run all in one transaction, each in a savepoint; roll back if one failed or for --dry-run."""
    from ticketctl.store.tickets import tickets

    def attempt(tx: "Tx", number: int) -> BulkResult:
        try:
            with tx.savepoint():
                return one(tx, number)
        except DeskError as error:
            return BulkResult(number, "", error)

    def all_of_them(tx: "Tx") -> list[BulkResult]:
        tickets.lock(tx, numbers)
        items = [attempt(tx, number) for number in numbers]
        if dry_run or any(item.error for item in items):
            raise _RolledBack(items)
        return items

    try:
        return app.db.write(all_of_them)
    except _RolledBack as undone:
        failed = any(item.error for item in undone.items)
        if dry_run or not failed:
            return undone.items
        why = PartlyDone("undone, because another failed.")
        return [i if i.error else BulkResult(i.id, "", why) for i in undone.items]


def _tell(app: App, items: list[BulkResult], bulk: BulkOptions, unfulfilled: str) -> None:
    failed = [item for item in items if item.error]
    if len(items) == 1 and failed and failed[0].error and not failed[0].unfulfilled:
        raise failed[0].error
    if app.options.json:
        _as_json(app, items)
    else:
        for item in items:
            app.out.data(f"{item.id} {_line(item, bulk)}")
    done = len(items) - len(failed)
    if len(items) > 1:
        would = "would be done" if bulk.dry_run else "done"
        app.out.note(f"{done} of {len(items)} {would}.")
    if failed:
        raise _verdict(failed, unfulfilled, nothing=not done)


def _verdict(failed: list[BulkResult], unfulfilled: str, *, nothing: bool) -> DeskError:
    """The error of the whole run: PartlyDone, or the common error if all failed with the same one."""
    kinds = {type(item.error) for item in failed if item.error} - {PartlyDone}
    if nothing and len(kinds) == 1 and not any(item.unfulfilled for item in failed):
        return kinds.pop()("nothing was changed.")
    short = sum(item.unfulfilled for item in failed)
    parts = [(len(failed) - short, "failed"), (short, unfulfilled)]
    return PartlyDone(", ".join(f"{count} {word}" for count, word in parts if count) + ".")


def _line(item: BulkResult, bulk: BulkOptions) -> str:
    from ticketctl.safe import terminal_line

    if isinstance(item.error, PartlyDone):
        return item.error.sentence.rstrip(".")
    if item.error:
        return f"refused: {terminal_line(item.error.sentence)}"
    return terminal_line(f"would be {item.said}" if bulk.dry_run else item.said)


def _as_json(app: App, items: list[BulkResult]) -> None:
    import msgspec

    shapes = [
        {
            "id": item.id,
            "ok": item.error is None,
            "error": item.error.sentence if item.error else None,
            "code": item.error.exit_code if item.error else 0,
        }
        for item in items
    ]
    app.out.data(msgspec.json.encode(shapes).decode())
