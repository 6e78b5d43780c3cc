"""Parameter types: parsing and completion of arguments and options."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from ticketctl.cli.shared import ticket_numbers
from ticketctl.cli.shared.option_groups import Decorator
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from types import ModuleType

    from click.shell_completion import CompletionItem

    from ticketctl.cli.shared.completion import Offer


LARGEST = 2**31 - 1  # what a column of the database holds


class Whole(click.IntRange):
    """A whole number from `min` on."""

    name = "number"  # as errors call it

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; click's error for text that is not one, or for too large a number. A limit may be `all`."""
        if value == "all" and param is not None and param.name == "limit":
            return 0
        number = int(super().convert(value, param, ctx))
        if number > LARGEST:
            self.fail(f"{number} is more than {LARGEST}.", param, ctx)
        return number

    def _describe_range(self) -> str:
        """Nothing: that a number is not negative needs no words in --help."""
        return ""


class Span(Whole):
    """Seconds, as a plain number or written as everywhere: `30s`, `5m`, `1d12h`."""

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """The seconds; click's error for text that is not a span."""
        from ticketctl.domain.base import duration

        if isinstance(value, str) and not value.isdecimal():
            try:
                value = duration.parse(value)
            except BadInput as wrong:
                self.fail(wrong.sentence, param, ctx)
        return super().convert(value, param, ctx)


class Name(click.types.StringParamType):
    """A word; the shell offers those of `offer()`, which is called, and its module imported, on TAB only."""

    def __init__(self, name: str, offer: "Callable[[], Offer]") -> None:
        self.name = name
        self.offer = offer

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        """The words that may stand here."""
        from ticketctl.cli.shared import completion

        return completion.complete(self.offer(), ctx, incomplete)


class MailNumber(click.types.IntParamType):
    """The id of a mail in a queue: 12 or #12."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; BadInput for a word that means none or several."""
        return value if isinstance(value, int) else ticket_numbers.number(value)


class TicketNumber(MailNumber):
    """The number of a ticket: 12, #12 or T-12."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; BadInput for a word that means none or several, with the line that may be meant."""
        try:
            return super().convert(value, param, ctx)
        except BadInput as wrong:
            from ticketctl.cli.shared import right_line

            if (
                ctx
                and not ctx.resilient_parsing
                and (line := right_line.for_one(ctx, right_line.plain(ctx)))
            ):
                raise BadInput(
                    f"{wrong.sentence.partition(';')[0]}; did you mean `{line}`?"
                ) from None
            raise

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        """Open tickets."""
        return _TICKETS.shell_complete(ctx, param, incomplete)


class _NewTag(Name):
    """A tag to add. `+vip` is how task adds vip: refused, since the sign would become part of it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; click's error for one with a sign before a letter."""
        if value[:1] in ("+", "-") and value[1:2].isalpha():
            self.fail(f'"{value}" begins with a sign; write {value[1:]}.', param, ctx)
        return str(super().convert(value, param, ctx))


def _completion() -> "ModuleType":
    from ticketctl.cli.shared import completion

    return completion


def _query_completion() -> "ModuleType":
    from ticketctl.cli.shared import query_completion

    return query_completion


COUNT = Whole(0)
NUMBER = Whole(1)
SPAN = Span(0)
TICKET = TicketNumber()
MAIL = MailNumber()
AGENT = Name("agent", lambda: _completion().agents)
OWNER = Name("agent", lambda: _completion().owners)
SEGMENT = Name("segment", lambda: _completion().segments)
MAILBOX = Name("mailbox", lambda: _completion().mailboxes)
STATUS = Name("status", lambda: _completion().statuses)
PRIORITY = Name("priority", lambda: _completion().priorities)
CHANNEL = Name("channel", lambda: _completion().channels)
SLA = Name("sla", lambda: _completion().sla_states)
RULE = Name("rule", lambda: _completion().rules)
TYPE = Name("type", lambda: _completion().types)
SAVED_QUERY = Name("query", lambda: _completion().saved)
FILE = Name("file", lambda: _completion().files)
QUERY = Name("query", lambda: _query_completion().query)
ALERT = Name("alert", lambda: _completion().words("none", "yellow", "red"))
SORT = Name("sort", lambda: _query_completion().sorts)
TAG = Name("tag", lambda: _query_completion().tags)
NEW_TAG = _NewTag("tag", lambda: _query_completion().tags)
PERIOD = Name("period", lambda: _query_completion().periods)
TICKET_FIELD = Name("field", lambda: _query_completion().fields("ticket"))
CUSTOMER_FIELD = Name("field", lambda: _query_completion().fields("customer"))
GROUPS = Name("groups", lambda: _query_completion().groups)
COLUMNS = Name("columns", lambda: _query_completion().columns)
_TICKETS = Name("tickets", lambda: _completion().tickets)


def words(name: str, *words: str) -> Name:
    """A word, of which the shell offers these."""
    return Name(name, lambda: _completion().words(*words))


def tickets_argument(metavar: str = "IDS...", *, nargs: int = -1) -> Decorator:
    """The argument `tickets`; the command receives a `Selection`, read once."""
    return click.argument("tickets", nargs=nargs, metavar=metavar, type=_TICKETS, callback=_select)


def mails_argument(*, required: bool) -> Decorator:
    """The argument `mails`; the command receives a `Selection`, read once."""
    return click.argument("mails", nargs=-1, metavar="IDS...", required=required, callback=_select)


def _select(ctx: click.Context, param: click.Parameter, words: tuple[str, ...] | str) -> Selection:
    given = (words,) if isinstance(words, str) else words
    if ctx.resilient_parsing:  # the shell asks what comes next; standard input is not ours
        given = tuple(word for word in given if word != "-")
    if param.name == "tickets":
        given = ticket_numbers.without_fillers(given)
    try:
        return ticket_numbers.select(given)
    except BadInput as wrong:
        from ticketctl.cli.shared import right_line

        known = all(map(ticket_numbers.looks_like, given))
        if param.nargs == -1 and not known and (line := right_line.suggest(ctx, given)):
            what = wrong.sentence.partition(";")[0]
            raise BadInput(f"{what}; did you mean `{line}`?") from None
        raise
