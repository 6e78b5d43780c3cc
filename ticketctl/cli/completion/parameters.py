"""What the shell offers after TAB, by the name of the parameter. Silent on errors."""

import click
from click.shell_completion import CompletionItem

from ticketctl.cli.completion import candidates
from ticketctl.cli.completion.candidates import Offer
from ticketctl.console.context import FORMATS
from ticketctl.domain.base.records import CHANNELS, PRIORITIES
from ticketctl.domain.query.fields import HAS, IS, KINDS, SLA


def attach(command: click.Command) -> None:
    """Give each parameter of a command, and of the commands below it, what may stand there by its name."""
    for param in command.params:
        if isinstance(param, click.Option):
            param.hidden = False  # help leaves out the global options; here they are welcome
        offer = _of_command(command, param) or _BY_NAME.get(param.name or "")
        if param.name == "tickets" and _wants_agent(param):
            offer = candidates.tickets_or_agent
        if offer and not isinstance(param.type, click.Choice):
            setattr(param, "shell_complete", _quietly(offer))  # noqa: B010  a method of this one parameter
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            attach(sub)


def _of_command(command: click.Command, param: click.Parameter) -> Offer | None:
    """What a name means in this command alone."""
    module = command.callback.__module__ if command.callback else ""
    if param.name == "template":
        return candidates.templates("report")
    if param.name == "canned":
        return candidates.templates(
            "ticket" if module == "ticketctl.cli.commands.changing.new" else "reply"
        )
    if param.name == "name":
        return _NAMES.get(module)
    return None


def _wants_agent(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument) and str(param.metavar).endswith("WHO")


def _quietly(offer: Offer) -> Offer:
    """The same; nothing where it fails or takes too long, for nobody could read why."""

    def quiet(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        try:
            return [one for one in offer(ctx, incomplete) if one.value.startswith(incomplete)]
        except Exception:
            return []

    return quiet


def _query(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Words of the query language: fields, after a colon their values, after @ the saved queries."""
    from ticketctl.domain.query.fields import FIELDS

    if incomplete.startswith("@"):
        return [CompletionItem(f"@{one.value}", help=one.help) for one in candidates.saved(ctx, "")]
    field, colon, values = incomplete.partition(":")
    if not colon:
        return [CompletionItem(f"{name}:") for name in FIELDS]
    offer = _VALUES.get(field.removeprefix("-"))
    earlier = values.rpartition(",")
    front = f"{field}:{earlier[0]}{earlier[1]}"
    found = offer(ctx, "") if offer else []
    return [CompletionItem(f"{front}{one.value}", help=one.help) for one in found]


def _sorts(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.domain.query.fields import SORTS

    front, comma, _ = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{sign}{name}") for name in SORTS for sign in ("", "-")]


def _groups(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.store.reports.figures import GROUPS

    front, comma, _ = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{name}") for name in GROUPS]


def _words(*words: str) -> Offer:
    return lambda ctx, incomplete: [CompletionItem(word) for word in words]


def _statuses(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.domain.base.status import STATUSES

    return [CompletionItem(word) for word in STATUSES]


def _topics(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.cli.reference.topics import TOPICS
    from ticketctl.cli.table import COMMANDS

    return [CompletionItem(word) for word in (*TOPICS, *COMMANDS)]


def _file(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(incomplete, type="file")]


# What may stand after `field:` in a query.
_VALUES: dict[str, Offer] = {
    "status": _statuses,
    "owner": candidates.owners,
    "segment": candidates.segments,
    "source_segment": candidates.segments,
    "mailbox": candidates.mailboxes,
    "type": candidates.types,
    "channel": _words(*CHANNELS),
    "priority": _words(*PRIORITIES),
    "sla": _words(*SLA),
    "is": _words(*IS),
    "has": _words(*HAS),
    "kind": _words(*KINDS),
    "sort": _sorts,
}

_BY_NAME: dict[str, Offer] = {
    "tickets": candidates.tickets,
    "ticket": candidates.tickets,
    "other": candidates.tickets,
    "into": candidates.tickets,
    "owner": candidates.owners,
    "as_agent": candidates.agents,
    "segment": candidates.segments,
    "mailbox": candidates.mailboxes,
    "channel": _words(*CHANNELS),
    "status": _statuses,
    "rule": candidates.rules,
    "type_": candidates.types,
    "priority": _words(*PRIORITIES),
    "query": _query,
    "sla": _words(*SLA),
    "sort": _sorts,
    "by": _groups,
    "group_by": _groups,
    "columns": candidates.columns,
    "format": _words(*FORMATS),
    "topic": _topics,
    "file": _file,
    "files": _file,
    "attach": _file,
    "transcript": _file,
    "target": _file,
    "config": _file,
}

# What the argument NAME of a command is, by its module.
_NAMES: dict[str, Offer] = {
    "ticketctl.cli.commands.reading.query": candidates.saved,
    "ticketctl.cli.commands.changing.canned": candidates.templates(),
    "ticketctl.cli.commands.changing.canned_change": candidates.templates(),
}
