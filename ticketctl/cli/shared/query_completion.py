"""Shell completion of the query language: query words, sort keys, groups, columns."""

import click
from click.shell_completion import CompletionItem

from ticketctl.cli.shared import completion
from ticketctl.cli.shared.completion import after_comma


def query(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Completes the last word of a query, which may have several in quotation marks: 'is:open (owner:'."""
    start = max(incomplete.rfind(" "), incomplete.rfind("(")) + 1
    start += incomplete.startswith("-", start)
    front = incomplete[:start]
    found = _word(ctx, incomplete[start:])
    return [CompletionItem(f"{front}{one.value}", help=one.help) for one in found]


def _word(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Fields, after a colon their values, after @ the saved queries."""
    from ticketctl.domain.query.fields import FIELDS

    if incomplete.startswith("@"):
        return [CompletionItem(f"@{one.value}", help=one.help) for one in completion.saved(ctx, "")]
    field, colon, values = incomplete.partition(":")
    if not colon:
        return [CompletionItem(f"{name}:") for name in FIELDS]
    earlier = values.rpartition(",")
    front = f"{field}:{earlier[0]}{earlier[1]}"
    found = _values(field)(ctx, "")
    return [CompletionItem(f"{front}{one.value}", help=one.help) for one in found]


def _values(field: str) -> completion.Offer:
    """Values for `field:` in a query."""
    from ticketctl.domain.base.records import ALERTS
    from ticketctl.domain.query.fields import AWAITING, HAS, IS, KINDS

    words = {"alert": ALERTS, "is": IS, "has": HAS, "kind": KINDS, "awaiting": AWAITING}
    return _OFFERS.get(field) or completion.words(*words.get(field, ()))


def sorts(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Sort keys; after a comma the next one."""
    from ticketctl.domain.query.fields import SORTS

    return after_comma(incomplete, [f"{sign}{name}" for name in SORTS for sign in ("", "-")])


def groups(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Fields to group by; after a comma the next one."""
    from ticketctl.store.reports.figures import BY

    return after_comma(incomplete, BY)


def columns(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The columns of a list of tickets; after a comma the next one."""
    from ticketctl.cli.views.ticket_table import ticket_view

    with completion.in_time():
        found = ticket_view(completion.app_of(ctx)).columns
    return after_comma(incomplete, ["all", *(one.name for one in found)])


def tags(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The tags of tickets that I may see, the most used first."""
    from ticketctl.console import access
    from ticketctl.store.reports import figures

    app = completion.app_of(ctx)
    with completion.in_time(), app.db.read() as tx:
        found = figures.counts(tx, access.visible(app), ["tag"], zone=app.zone)
    return [CompletionItem(one.values[0]) for one in found if one.values[0]]


def periods(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Periods by their names; others are written as numbers."""
    spans = ("week", "month", "quarter", "year")
    named = [f"{which}-{span}" for span in spans for which in ("last", "this")]
    return [CompletionItem(name) for name in (*named, "last-7d", "last-30d")]


def fields(on: str) -> completion.Offer:
    """The custom fields of a ticket or a customer as `NAME=`, and after that the values of a choice."""

    def offer(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        with completion.in_time():
            declared = completion.app_of(ctx).definition.fields
        known = {one.name: one for one in declared if one.on == on}
        name, sign, _ = incomplete.partition("=")
        if not sign:
            return [CompletionItem(f"{one}=") for one in known]
        field = known.get(name)
        values = (("yes", "no") if field.type == "bool" else field.choices) if field else ()
        return [CompletionItem(f"{name}={value}") for value in values]

    return offer


_OFFERS: dict[str, completion.Offer] = {
    "status": completion.statuses,
    "owner": completion.owners,
    "watcher": completion.owners,
    "segment": completion.segments,
    "source_segment": completion.segments,
    "mailbox": completion.mailboxes,
    "type": completion.types,
    "channel": completion.channels,
    "priority": completion.priorities,
    "sla": completion.sla_states,
    "sort": sorts,
    "tag": tags,
}
