"""Query words and filter options, for every command that selects several tickets."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.shared import owner_words, param_types
from ticketctl.cli.shared.option_groups import gathered
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition, Sort, Where
    from ticketctl.domain.query.parser import Query

# Flags that stand for `field:value`; each may be repeated (or), and they combine with and.
FLAGS = (
    "status", "segment", "owner", "watcher", "priority", "channel", "type", "tag", "mailbox", "customer", "sla",
    "alert",
)  # fmt: skip
_TYPES = {
    "status": param_types.STATUS,
    "segment": param_types.SEGMENT,
    "owner": param_types.OWNER,
    "watcher": param_types.OWNER,
    "priority": param_types.PRIORITY,
    "channel": param_types.CHANNEL,
    "type": param_types.TYPE,
    "mailbox": param_types.MAILBOX,
    "sla": param_types.SLA,
    "alert": param_types.ALERT,
    "tag": param_types.TAG,
}
_CALLED = {"sla": "SLA state", "alert": "age: none, yellow or red"}
PERIODS = ("created", "updated")
_TELLING = ("status", "is", "id")  # who asks for these means merged tickets, too


# `-owner:ana`, `-@hot`, `-(a OR b)`: no option begins so.
_NEGATED = re.compile(r"-(?=[A-Za-z][\w.-]*[:<>]|[A-Za-z][\w.-]+!?=|[@(])")
_AS_TYPED = (
    "\0"  # stands before such a word, so that it is not read as an option; no argument holds it
)


# What people of other programs type for a word of the query.
_AS_OPTION = {"--mine": "owner:@me", "--unassigned": "owner:none", "--open": "is:open"}


class QueryCommand(click.Command):
    """A command that takes a query: a minus before a field, bracket or saved query means NOT."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take words that only look like options as query words."""
        end = args.index("--") if "--" in args else len(args)
        words = [_AS_OPTION.get(word, word) for word in args[:end]]
        words = [_AS_TYPED + word if _NEGATED.match(word) else word for word in words]
        return super().parse_args(ctx, words + args[end:])


def as_typed(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a query as they were typed."""
    return tuple(word.removeprefix(_AS_TYPED) for word in words)


class Wanted(NamedTuple):
    """The condition, the order and the columns (empty: the command's own)."""

    condition: "Condition"
    sort: "tuple[Sort, ...]"
    columns: tuple[str, ...] = ()


class Filters(NamedTuple):
    """The filter options."""

    status: tuple[str, ...]
    segment: tuple[str, ...]
    owner: tuple[str, ...]
    watcher: tuple[str, ...]
    priority: tuple[str, ...]
    channel: tuple[str, ...]
    type: tuple[str, ...]
    tag: tuple[str, ...]
    mailbox: tuple[str, ...]
    customer: tuple[str, ...]
    sla: tuple[str, ...]
    alert: tuple[str, ...]
    important: bool
    since: str | None
    until: str | None
    created: str | None
    updated: str | None
    sort: str | None


class ListOptions(NamedTuple):
    """How `list` and the commands like it show tickets."""

    limit: int | None = None
    group_by: str | None = None
    only_ids: bool = False
    only_count: bool = False
    exit_status: bool = False


# Adds the filter options to a command, which receives them as `filters`.
filter_options = gathered(
    "filters",
    Filters,
    *(
        click.option(
            f"--{name}",
            multiple=True,
            metavar="VALUE",
            type=_TYPES.get(name),
            help=f"Filter by {_CALLED.get(name, name)}; repeat to match any.",
        )
        for name in FLAGS
    ),
    click.option("--important", is_flag=True, help="Only important tickets."),
    click.option("--since", metavar="TIME", help="Created at TIME or later; `all` for no limit."),
    click.option("--until", metavar="TIME", help="Created before TIME."),
    click.option("--created", metavar="PERIOD", help="Created in PERIOD, such as 2026-02."),
    click.option("--updated", metavar="PERIOD", help="Updated in PERIOD."),
    click.option(
        "--sort",
        metavar="FIELDS",
        type=param_types.SORT,
        help="Sort by FIELDS, such as -priority,created.",
    ),
)


def wanted(app: "App", words: tuple[str, ...], filters: Filters, *, merged: bool = False) -> Wanted:
    """The condition of words and flags together; BadInput with the place of what is wrong.

    Merged tickets are left out as in `unmerged`, unless they are wanted.
    """
    from ticketctl.domain.base.condition import every

    if app.options.as_agent:
        app.actor()  # an agent that does not exist is told at once
    text = " ".join(words).replace(_AS_TYPED, "")
    how: dict[str, Any] = {"now": app.now, "zone": app.zone, "me": app.me()}
    how["alert"] = age_colours(app)
    parts: list[Condition] = []
    sort: tuple[Sort, ...] = ()
    columns: tuple[str, ...] = ()
    if text:
        asked = parsed(app, text)
        parts, sort, columns = [asked.condition], asked.sort, asked.columns
    if flags := [*_flags(filters)]:
        from ticketctl.domain.query.parser import where

        parts += [where(*flag, **how) for flag in flags]
    if filters.sort:
        from ticketctl.domain.query.parser import sort_keys

        sort = sort_keys(filters.sort)
        if text in ("asc", "desc"):
            raise BadInput(f"write --sort {'-' * (text == 'desc')}{filters.sort}.")
    condition = owner_words.in_query(app, every(parts))
    return Wanted(condition if merged else unmerged(condition), sort, columns)


def _flags(filters: Filters) -> Iterator[tuple[str, str, str]]:
    """The options that were given as comparisons: field, operator, value."""
    for name in FLAGS:
        if words := getattr(filters, name):
            yield name, "=", ",".join(words)
    if filters.important:
        yield "is", "=", "important"
    if filters.since not in (None, "all"):
        yield "created", ">=", str(filters.since)
    if filters.until:
        yield "created", "<", filters.until
    for name in PERIODS:
        if time := getattr(filters, name):
            yield name, "=", time


def unmerged(condition: "Condition") -> "Condition":
    """The condition without merged tickets, which are part of another; unless it asks for a status or a number."""
    from ticketctl.domain.base.condition import Not, Where, both

    if mentions(condition, _TELLING):
        return condition
    return both(condition, Not(Where("status", "=", ("merged",))))


def parsed(app: "App", text: str, besides: Mapping[str, str] | None = None) -> "Query":
    """Parse a query with the user's zone, `@me` and saved queries (and those in `besides`)."""
    from ticketctl.domain.query import own_fields, parser

    types = own_fields.kinds(app.definition.fields) if "cf." in text or "@" in text else {}
    return parser.parse(
        text,
        now=app.now,
        zone=app.zone,
        me=app.me(),
        saved=_saved(app, besides or {}),
        types=types,
        alert=age_colours(app),
    )


def age_colours(app: "App") -> "Callable[[str], Condition]":
    """The condition of an age colour on this desk, now."""

    def of(word: str) -> "Condition":
        from ticketctl.domain.calendar import age

        return age.condition(word, app.definition, app.now)

    return of


def _saved(app: "App", besides: Mapping[str, str]) -> "Callable[[str], str | None]":
    def find(name: str) -> str | None:
        from ticketctl.store.tickets import saved_queries

        if name in besides:
            return besides[name]
        with app.db.read() as tx:
            return saved_queries.get(tx, name, app.me())

    return find


def is_plain(words: tuple[str, ...], filters: Filters) -> bool:
    """True if no filter was given; time limits and order do not count."""
    return not (
        words or filters.important or any(getattr(filters, name) for name in (*FLAGS, *PERIODS))
    )


def leaves(condition: "Condition") -> "Iterator[Where]":
    """Every single comparison of the condition."""
    from ticketctl.domain.base.condition import AllOf, AnyOf, Not, Where

    if isinstance(condition, Where):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        assert isinstance(condition, AllOf | AnyOf)
        for part in condition.parts:
            yield from leaves(part)


def mentions(condition: "Condition", fields: tuple[str, ...]) -> bool:
    """True if the condition uses one of these fields anywhere."""
    return any(leaf.field in fields for leaf in leaves(condition))


def longest_waiting_first(condition: "Condition") -> "tuple[Sort, ...]":
    """The order of tickets that await an agent, if the condition asks for them (F-C5); else none."""
    from ticketctl.domain.base.condition import AllOf, Sort, Where

    waiting = Where("awaiting", "=", ("agent",)), Where("is", "=", ("awaiting-agent",))
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return (Sort("waiting"),) if any(part in waiting for part in parts) else ()


def without_status(condition: "Condition") -> "Condition":
    """The condition without its top parts on the status: what the overview counts (F-Q15)."""
    from ticketctl.domain.base.condition import AllOf, every

    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return every(part for part in parts if not mentions(part, ("status",)))


def has_every_status(condition: "Condition") -> bool:
    """True if the condition leaves out no status but merged, as `unmerged` does."""
    from ticketctl.domain.base.condition import AllOf, Not, Where

    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    of_status = [part for part in parts if mentions(part, ("status",))]
    return of_status == [Not(Where("status", "=", ("merged",)))]


def asks_for_started(condition: "Condition") -> bool:
    """True if the condition asks for the status open alone, which new tickets do not have."""
    from ticketctl.domain.base.condition import AllOf, Where

    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    return Where("status", "=", ("open",)) in parts
