"""The reference of desk.toml's keys: names, types and defaults are the structs', what each key means stands here."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin

from msgspec import Struct
from msgspec.structs import FieldInfo, fields

from ticketctl.domain.base import document, duration
from ticketctl.domain.definition import definition

TABLES: tuple[tuple[str, str, type[Struct]], ...] = (
    ("[desk]", "The desk as a whole.", definition.DeskSettings),
    ("[[mailbox]]", "An address that receives mail. Without any there is support@ the desk's domain.",
     definition.Mailbox),
    ("[[agent]]", "Somebody who works here. Without any, whoever runs `ticketctl` is the one agent and admin.",
     definition.Agent),
    ("[[segment]]", "A team and its tickets. Without any there is `support`, with all agents.", definition.Segment),
    ("[[type]]", "A type of tickets. A desk that declares some takes no others.", definition.Type),
    ("[[calendar]]", "Opening hours.", definition.Calendar),
    ("[[sla]]", "A service level. The first whose `match` fits a ticket holds.", definition.Sla),
    ("[sla.targets.PRIORITY]", "How long each clock may run; PRIORITY is low, medium, high, critical or default.",
     definition.Target),
    ("[[sla.escalations]]", "A level of escalation.", definition.Escalation),
    ("[[rule]]", "What the desk does by itself, in the order of the file.", definition.Rule),
    ("[[field]]", "A field of the desk's own.", definition.Field),
    ("[alerts]", "The colours of a ticket's age.", definition.Alerts),
    ("[[survey]]", "What customers are asked.", definition.Survey),
    ("[quality]", "How `report quality` weighs satisfaction and speed.", definition.Quality),
)  # fmt: skip

MEANINGS: dict[str, dict[str, str]] = {
    "DeskSettings": {
        "name": "Stands in subjects, as `[Help #12]`, and in mails.",
        "domain": "Of Message-IDs and bounce addresses; empty: that of the first mailbox.",
        "language": "Of mails, where the customer's is unknown: en, es or cs, or one you have templates for.",
        "timezone": "Of reports, of dates in queries of rules and policies, and of days off.",
        "require_comment": "Commands that want `-m WHY`.",
        "reopen_window": "An answer within this time opens an ended ticket again; later it makes a new one. "
        "Then `resolved` becomes `closed` by itself.",
        "strict_owner": "Only the owner, managers and admins may escalate, end, merge or reassign a ticket.",
        "join_across_channels": "A known person's word on another channel joins the running ticket.",
        "acks_per_domain": "Acknowledgements an hour to addresses of one domain; beyond, tickets are made in silence.",
        "acks_per_desk": "The same for the whole desk.",
    },
    "Mailbox": {
        "address": "The address.",
        "name": "The sender's name that customers see; empty: the desk's.",
        "segment": "Where its tickets start; empty: the first segment.",
        "aliases": "Further addresses of the same mailbox.",
        "form_senders": "Addresses that write for whoever filled in a contact form.",
        "form_fields": "Which line of the form says what: email, name, subject, type, `cf.NAME`.",
        "human_senders": "Addresses whose mail is a person's, whatever its headers say of machines.",
    },
    "Agent": {
        "name": "What he is called in commands.",
        "email": "Where he hears of tickets, and from where he may answer.",
        "role": "What he may do; managers also look after absences, admins after everything.",
        "login": "His login on the machine where `ticketctl` runs.",
        "skills": "What he knows, as `billing`, `billing:2`, `lang:cs`.",
        "capacity": "Open tickets he may have by routing; left out: no limit.",
        "hours": "A calendar; outside it he is given nothing. Empty: always there.",
        "absences": "Days off, as `2026-12-24..2026-12-31`, the last one included, or one day.",
    },
    "Segment": {
        "name": "What it is called.",
        "managers": "Agents who lead it. One alone gets what nobody else is given.",
        "agents": "Agents who work in it.",
        "routing": "Who of them gets a new ticket.",
        "sticky": "The customer's earlier agent goes first.",
        "yellow": "Instead of that of `[alerts]`.",
        "red": "Instead of that of `[alerts]`.",
    },
    "Type": {
        "name": "What it is called.",
        "segment": "Where its tickets go; empty: they stay.",
        "skills": "What its agent must know.",
        "snippet": "A text for the acknowledgement.",
    },
    "Calendar": {
        "name": "What it is called.",
        "timezone": "Of its hours.",
        "hours": "Spans by day: mon, tue, wed, thu, fri, sat, sun. A day left out is closed.",
        "closed": "Closures: `01-01` each year, `2026-04-03` once, `2026-12-31 14:00-24:00` a part of a day.",
        "open": "Special openings, as `2026-12-06 10:00-14:00`, whatever is closed that day.",
        "country": "Its public holidays are closed (ISO 3166-1, as `ES`).",
        "region": "And those of a region (ISO 3166-2, as `MD`).",
        "ics": "A calendar file beside desk.toml whose events are closed.",
    },
    "Sla": {
        "name": "What it is called.",
        "targets": "How long each clock may run, by priority; see below.",
        "match": "A query; empty fits every ticket.",
        "calendar": "When its clocks run; empty: always.",
        "pause": "Statuses in which the resolution stands still, or `{ resolve = […], next = […] }`.",
        "reopen": "The resolution of a ticket that is opened again goes on, begins anew, or does not count.",
        "retarget": "Another priority or policy counts from the start, or from the change.",
        "warn": "When to warn: `75%`, `due-30m`.",
        "notify": "`business` holds mails until the calendar opens.",
        "escalations": "Levels, the earliest first; see below.",
    },
    "Target": {
        "first": "To the first answer.",
        "next": "To each further answer.",
        "resolve": "To the resolution.",
        "assign": "To an owner.",
    },
    "Escalation": {
        "at": "A moment of the clock: `75%`, `due`, `due-30m`, `due+4h`, in open time.",
        "do": "Steps, as those of rules.",
    },
    "Rule": {
        "name": "What it is called.",
        "on": "What it waits for.",
        "when": "A query; empty always fits.",
        "then": "Steps where it fits.",
        "otherwise": "Steps where it does not.",
        "enabled": "`false` switches it off.",
    },
    "Field": {
        "on": "Whose it is.",
        "name": "What it is called: `cf.NAME` in queries.",
        "type": "What may stand in it; `multi` is several of its choices.",
        "choices": "Of `choice` and `multi`.",
        "required": "`create`: no ticket is made by hand without it; `close`: none is resolved or closed.",
    },
    "Alerts": {
        "yellow": "Older than this is yellow.",
        "red": "Older than this is red.",
        "basis": "Since when a ticket ages.",
        "calendar": "When it ages; empty: around the clock.",
    },
    "Survey": {
        "name": "What it is called.",
        "scale": "Of its grades.",
        "delay": "Asked so long after the resolution.",
        "segments": "Whose customers are asked; empty: all.",
    },
    "Quality": {
        "prior": "Answers that count as given before any came.",
        "satisfaction": "The satisfied share of those.",
        "weight": "Of satisfaction, against speed: 1 is satisfaction alone.",
        "good": "From this index on a group is good.",
        "fair": "From this index on it is fair.",
    },
}  # fmt: skip

HEAD = """\
# Keys of desk.toml

Written from the program by `make docs`; do not edit. Durations are written `30m`, `8h`, `5d`. What each thing is for
is told by the [operator's guide](operator.md), with examples; `ticketctl desk show` prints the definition in force.
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
    """What an absent key means, as the file would have it."""
    if field.required:
        return "needed"
    text = document.written(field.type, document.default(field))
    return f"`{text}`" if text else ""


def _kind(kind: Any) -> str:
    """What may stand there, in a few words."""
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
