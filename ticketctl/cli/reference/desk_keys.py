"""The reference of desk.toml: names, types and defaults come from the structs, meanings from here."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from ticketctl.domain.base import document, duration
from ticketctl.domain.definition import definition

TABLES: tuple[tuple[str, str, type[Struct]], ...] = (
    ("[desk]", "The desk as a whole.", definition.DeskSettings),
    ("[[mailbox]]", "An address that receives mail. The default is support@ and the desk's domain.",
     definition.Mailbox),
    ("[[agent]]", "A person who works here. Without any, the user who runs `ticketctl` is the one agent, and an admin.",
     definition.Agent),
    ("[[segment]]", "A team and its tickets. The default is `support`, with all agents.", definition.Segment),
    ("[[type]]", "A type of ticket. If any are declared, no others are accepted.", definition.Type),
    ("[[channel]]", "The bridge that answers of a channel go out through; see [channels](operator/channels.md).",
     definition.Channel),
    ("[[calendar]]", "Opening hours.", definition.Calendar),
    ("[[sla]]", "A service level policy. The first whose `match` fits a ticket applies.", definition.Sla),
    ("[sla.targets.PRIORITY]", "How long each clock may run; PRIORITY is low, medium, high, critical or default.",
     definition.Target),
    ("[[sla.escalations]]", "An escalation level.", definition.Escalation),
    ("[[rule]]", "An automatic action. Rules run in the order of the file.", definition.Rule),
    ("[[field]]", "A custom field.", definition.Field),
    ("[alerts]", "Age limits that colour tickets in lists.", definition.Alerts),
    ("[[survey]]", "A survey of customers.", definition.Survey),
    ("[quality]", "How `report quality` weighs satisfaction and speed.", definition.Quality),
)  # fmt: skip

MEANINGS: dict[str, dict[str, str]] = {
    "DeskSettings": {
        "name": "The desk's name, used in subjects (`[Help #12]`) and in mails.",
        "domain": "The domain of Message-IDs and bounce addresses; empty: that of the first mailbox.",
        "language": "The language of mail if the customer's is unknown: en, es, cs, or any you have templates for.",
        "timezone": "The time zone of reports, of dates in the queries of rules and policies, and of days off.",
        "require_comment": "Commands that require a comment (`-m WHY`).",
        "reopen_window": "An answer within this time reopens an ended ticket; later, an answer makes a new ticket, and "
        "`resolved` becomes `closed`.",
        "strict_owner": "Only the owner, managers and admins may escalate, end, merge or reassign a ticket.",
        "join_across_channels": "Add a known customer's message on another channel to the ticket they already have.",
        "acks_per_domain": "Maximum acknowledgements an hour to one domain; further tickets are not acknowledged.",
        "acks_per_desk": "The same for the whole desk.",
    },
    "Mailbox": {
        "address": "The address.",
        "name": "The sender's name that customers see; empty: the desk's.",
        "segment": "The segment of its new tickets; empty: the first segment.",
        "aliases": "More addresses of the same mailbox.",
        "form_senders": "Addresses that send contact forms; the customer is read from the mail.",
        "form_fields": "The form's lines that hold email, name, subject, type or `cf.NAME`.",
        "human_senders": "Addresses whose mail counts as a person's, even if its headers say a program sent it.",
        "ack_promise": "The acknowledgement says by when we answer: when the `first` clock of the policy is due.",
    },
    "Agent": {
        "name": "The agent's name in commands.",
        "email": "The address for notifications, and from which the agent may answer.",
        "role": "The agent's permissions. Managers also set absences of others; admins may do everything.",
        "login": "The agent's login on the machine where `ticketctl` runs.",
        "skills": "The agent's skills, such as `billing`, `billing:2`, `lang:cs`.",
        "capacity": "Maximum open tickets that routing assigns to the agent; left out: no limit.",
        "hours": "The agent's calendar; outside it, routing gives the agent no tickets. Empty: always available.",
        "absences": "Days off: one day, or `2026-12-24..2026-12-31` with the last day included.",
    },
    "Segment": {
        "name": "The name of the segment.",
        "managers": "Agents who lead the segment. If there is exactly one, that manager gets "
        "tickets that routing gives to nobody.",
        "agents": "Agents who work in the segment.",
        "owner": "One of them who gets the new tickets, unless routing or somebody names another.",
        "routing": "How new tickets are assigned to them.",
        "sticky": "Prefer the customer's earlier agent.",
        "yellow": "Instead of that of `[alerts]`.",
        "red": "Instead of that of `[alerts]`.",
        "notices": "What customers are told about their ticket, without an answer of an agent.",
    },
    "Type": {
        "name": "The name of the type.",
        "segment": "The segment its tickets move to; empty: they stay where they are.",
        "skills": "Skills its agent must have.",
        "snippet": "A text for the acknowledgement.",
    },
    "Channel": {
        "name": "The channel.",
        "command": "A program in the folder `bridges` of the gateway's config.toml, and its arguments.",
        "url": "Or a URL that takes POST: https, or http on the gateway's own machine.",
        "acknowledge": "Whether its new tickets are acknowledged.",
    },
    "Calendar": {
        "name": "The name of the calendar.",
        "timezone": "The time zone of its hours.",
        "hours": "Opening hours by day: mon, tue, wed, thu, fri, sat, sun. A day left out is closed.",
        "closed": "Closures: `01-01` every year, `2026-04-03` once, `2026-12-31 14:00-24:00` part of a day.",
        "open": "Special openings, such as `2026-12-06 10:00-14:00`, even if the day is otherwise closed.",
        "country": "A country whose public holidays are closed (ISO 3166-1, such as `ES`).",
        "region": "A region whose public holidays are closed too (ISO 3166-2, such as `MD`).",
        "ics": "A calendar file next to desk.toml, or its https address, which is read again every day; "
        "its events are closures.",
    },
    "Sla": {
        "name": "The name of the policy.",
        "targets": "How long each clock may run, by priority; see below.",
        "match": "A query; empty fits every ticket.",
        "calendar": "The calendar by which its clocks run; empty: around the clock.",
        "pause": "Statuses that pause the `resolve` clock, or `{ resolve = […], next = […] }`.",
        "reopen": "When a ticket is reopened, its `resolve` clock continues, starts again, or stays stopped.",
        "retarget": "When the priority or policy changes, count the new target from the start or from the change.",
        "warn": "When to warn: `75%`, `due-30m`.",
        "notify": "`business` holds notifications until the calendar opens.",
        "escalations": "Escalation levels, the earliest first; see below.",
    },
    "Target": {
        "first": "Time to the first answer.",
        "next": "Time to each further answer.",
        "resolve": "Time to the resolution.",
        "assign": "Time until somebody owns the ticket.",
    },
    "Escalation": {
        "at": "A time of the clock: `75%`, `due`, `due-30m`, `due+4h`, in open time.",
        "do": "Steps, as in rules.",
    },
    "Rule": {
        "name": "The name of the rule.",
        "on": "The event that triggers the rule.",
        "when": "A query; empty matches every ticket.",
        "then": "Steps if the query matches.",
        "otherwise": "Steps if it does not.",
        "enabled": "`false` turns the rule off.",
    },
    "Field": {
        "on": "What has the field.",
        "name": "The field's name; `cf.NAME` in queries.",
        "type": "The kind of value; `multi` holds several of the choices.",
        "choices": "The choices of a `choice` or `multi` field.",
        "required": "`create`: needed to make a ticket by hand; `close`: needed to resolve or close one.",
        "public": "Whether people outside may read it, on the page of `export --format html`.",
    },
    "Alerts": {
        "yellow": "Tickets older than this are yellow.",
        "red": "Tickets older than this are red.",
        "basis": "When a ticket's age begins.",
        "calendar": "The calendar by which age counts; empty: around the clock.",
    },
    "Survey": {
        "name": "The name of the survey.",
        "scale": "The scale of ratings.",
        "delay": "How long after the resolution the customer is asked.",
        "segments": "Segments whose customers are asked; empty: all.",
    },
    "Quality": {
        "prior": "Number of assumed ratings that each group starts with.",
        "satisfaction": "The share of satisfied ratings among those.",
        "weight": "The weight of satisfaction against speed; 1 is satisfaction alone.",
        "good": "An index from here up is good.",
        "fair": "An index from here up is fair.",
    },
}  # fmt: skip

HEAD = """\
# Keys of desk.toml

Generated from the program by `make docs`; do not edit. Durations are written `30m`, `8h`, `5d`. The
[operator's guide](operator.md) explains what the keys are for, with examples.
`ticketctl desk show` prints the definition in force.
"""


def page() -> str:
    """The Markdown page: a table of keys for each table of the file. KeyError for a key without a meaning."""
    parts = [HEAD]
    for title, what, struct in TABLES:
        parts.append(
            f"\n## {title}\n\n{what}\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
        )
        parts.extend(_lines(struct))
    return "".join(parts)


def _lines(struct: type[Struct]) -> Iterator[str]:
    for field in fields(struct):
        meaning = MEANINGS[struct.__name__][field.name]
        yield f"| `{field.name}` | {_kind(field.type)} | {_default(field)} | {meaning} |\n"


def _default(field: FieldInfo) -> str:
    """The default, written as in the file."""
    if field.required:
        return "required"
    text = document.as_toml(field.type, document.default(field))
    return f"`{text}`" if text else ""


def _kind(kind: Any) -> str:
    """The type of value, in a few words."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        timed = any(mark.extra and mark.extra["read"] is duration.parse for mark in arguments[1:])
        return "duration" if timed else _kind(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in arguments)
    if origin is tuple:
        return f"list of {_plural(_kind(arguments[0]))}"
    if origin is dict or (isinstance(kind, type) and issubclass(kind, Struct)):
        return "table"
    if origin is not None:  # a choice of types: None only says that the key may be left out
        return " or ".join(_kind(one) for one in arguments if one is not type(None))
    return {bool: "`true` or `false`", int: "number", float: "number", str: "text"}[kind]


def _plural(kind: str) -> str:
    return f"{kind}s" if kind in ("text", "table", "number", "duration") else kind
