"""desk.toml as typed structs: what the desk is, for all hosts. Durations are seconds.

The structs are the file's table of keys: the field's name is the key, its type says what may stand there
(values.py), its default is what an absent key means. `parse` reads the file, loading/checks.py looks
after everything that one table cannot know of another.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from ticketctl.domain.base import document, duration, values
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import Refused

Seconds = Annotated[int, document.reader(duration.parse)]
Count = Annotated[int, Meta(ge=1)]
Text = Annotated[str, document.reader(values.text)]
Title = Annotated[str, document.reader(values.title)]
Name = Annotated[str, document.reader(values.name)]
Address = Annotated[str, document.reader(values.address)]
OwnAddress = Annotated[str, document.reader(values.own_address)]
Domain = Annotated[str, document.reader(values.domain)]
Language = Annotated[str, document.reader(values.language)]
Zone = Annotated[str, document.reader(values.zone)]
Absence = Annotated[str, document.reader(values.absence)]
Moment = Annotated[str, document.reader(values.moment)]
Step = Annotated[str, document.reader(values.step)]
FormField = Annotated[str, document.reader(values.form_field)]

DAY = 86_400

CommentedVerb = Literal["edit", "assign", "escalate", "resolve", "close", "reopen"]
ALL_COMMENTED: tuple[CommentedVerb, ...] = (
    "edit", "assign", "escalate", "resolve", "close", "reopen",
)  # fmt: skip


class Desk(Struct, frozen=True, kw_only=True):
    """[desk]: its name in subject tags, its domain (default: the first mailbox's), language and report zone."""

    name: Annotated[str, document.reader(values.tag_name)] = "Help"
    domain: Domain = ""
    language: Language = "en"
    timezone: Zone = "UTC"
    require_comment: tuple[CommentedVerb, ...] = ALL_COMMENTED
    reopen_window: Seconds = 14 * DAY
    strict_owner: bool = (
        False  # only owner, managers and admins may escalate, resolve and close (F-T3)
    )
    join_across_channels: bool = (
        False  # a known person's word on another channel joins the running ticket (F-L8)
    )
    acks_per_domain: Count = 60  # within an hour (E7)
    acks_per_desk: Count = 600


class Mailbox(Struct, frozen=True, kw_only=True):
    """[[mailbox]]: an account that receives mail, and the segment (default: the first) its tickets start in.

    `form_senders` write for whoever filled in a form; `form_fields` names the lines that say who he is (email, name),
    and what becomes of the ticket: subject, type, and "cf.NAME" for a field of the desk (F-T20). Mail of
    `human_senders` is a person's, whatever its headers say of machines (E15).
    """

    address: OwnAddress
    name: Text = ""
    segment: Name = ""
    aliases: tuple[OwnAddress, ...] = ()
    form_senders: tuple[Address, ...] = ()
    form_fields: dict[FormField, Title] = {}
    human_senders: tuple[Address, ...] = ()


class Agent(Struct, frozen=True, kw_only=True):
    """[[agent]]: somebody who works here. `capacity` None: no limit; `hours`: a calendar, "" always.

    `absences` are days he is away, the last one included: `2026-12-24..2026-12-31` or one day.
    """

    name: Name
    email: Address
    role: Literal["agent", "manager", "admin"] = "agent"
    login: Text = ""
    skills: tuple[Annotated[str, document.reader(values.skill)], ...] = ()
    capacity: int | None = None
    hours: Text = ""
    absences: tuple[Absence, ...] = ()


class Segment(Struct, frozen=True, kw_only=True):
    """[[segment]]: a team with its managers and agents; `yellow` and `red` instead of those of [alerts] (F-C15)."""

    name: Name
    managers: tuple[Name, ...] = ()
    agents: tuple[Name, ...] = ()
    routing: Literal["none", "round-robin", "load", "skill"] = "none"
    sticky: bool = False
    yellow: Seconds | None = None
    red: Seconds | None = None


class Type(Struct, frozen=True, kw_only=True):
    """[[type]]: a type of tickets: where it belongs (F-T12), what its agent must know (F-T11), a text for its
    acknowledgement (F-T19). A desk that declares none takes any word."""

    name: Title
    segment: Name = ""
    skills: tuple[Annotated[str, document.reader(values.skill)], ...] = ()
    snippet: Annotated[str, document.reader(values.lines)] = ""


class Calendar(Struct, frozen=True, kw_only=True):
    """[[calendar]]: when we are open, by weekday (values.minutes reads a span), and when closed after all.

    `open` are special openings, whatever is closed that day. Holidays come from `country` (and `region`) or `ics`.
    """

    name: Name
    timezone: Zone
    hours: dict[
        Annotated[str, document.reader(values.weekday)],
        tuple[Annotated[str, document.reader(values.span)], ...],
    ]
    closed: tuple[Annotated[str, document.reader(values.closed)], ...] = ()
    open: tuple[Annotated[str, document.reader(values.opening)], ...] = ()
    country: Annotated[str, document.reader(values.country)] = ""
    region: Annotated[str, document.reader(values.region)] = ""
    ics: Text = ""


class Holiday(Struct, frozen=True):
    """A closure with a name: a day as in `closed`, `2026-12-25` or `2026-12-24 12:00-24:00`."""

    day: str
    name: str = ""


class Holidays(Struct, frozen=True, kw_only=True):
    """The holidays of a calendar as they were found at `apply`, known up to the day `until` (`2031-12-31`)."""

    until: str
    days: tuple[Holiday, ...] = ()


class Target(Struct, frozen=True, kw_only=True):
    """Open seconds a clock may run (`1d` is 24 open hours); None: as long as `default` says, else no such clock."""

    first: Seconds | None = None
    next: Seconds | None = None
    resolve: Seconds | None = None
    assign: Seconds | None = None


class Escalation(Struct, frozen=True, kw_only=True):
    """A level: at a moment of the clock, do these steps once."""

    at: Moment
    do: tuple[Step, ...]


ClockKind = Literal["first", "next", "resolve", "assign"]
PausingStatus = Literal["new", "open", "waiting", "escalated"]


class Sla(Struct, frozen=True, kw_only=True):
    """[[sla]]: a policy; the first whose match (a query, "" is all) fits a ticket holds. Targets by priority.

    `pause` lists the statuses in which `resolve` stands still, or says it for each clock.
    """

    name: Name
    targets: dict[Literal["low", "medium", "high", "critical", "default"], Target]
    match: Text = ""
    calendar: Text = ""
    pause: tuple[PausingStatus, ...] | dict[ClockKind, tuple[PausingStatus, ...]] = ("waiting",)
    reopen: Literal["resume", "restart", "ignore"] = "resume"
    retarget: Literal["from_start", "from_change"] = "from_start"
    warn: Moment = "75%"
    notify: Literal["always", "business"] = "always"
    escalations: tuple[Escalation, ...] = ()


class Rule(Struct, frozen=True, kw_only=True):
    """[[rule]]: on an event, when a query fits (""  always), then these steps, otherwise those."""

    name: Title
    on: Literal["message", "created", "updated", "survey", "time"]
    when: Text = ""
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()
    enabled: bool = True


class Field(Struct, frozen=True, kw_only=True):
    """[[field]]: a field of the desk's own."""

    on: Literal["ticket", "customer"]
    name: Name
    type: Literal["text", "number", "date", "bool", "choice", "multi"] = "text"
    choices: tuple[Title, ...] = ()
    required: Literal["never", "create", "close"] = "never"


class Alerts(Struct, frozen=True, kw_only=True):
    """[alerts]: a ticket older than these seconds is yellow, red. `calendar` "": around the clock."""

    yellow: Seconds = 18 * 3_600
    red: Seconds = 24 * 3_600
    basis: Literal["created", "last_customer_message", "updated"] = "created"
    calendar: Text = ""


class Survey(Struct, frozen=True, kw_only=True):
    """[[survey]]: asked so many seconds after a ticket is resolved; segments () are all."""

    name: Name
    scale: Literal["1-5", "0-10"] = "1-5"
    delay: Seconds = DAY
    segments: tuple[Name, ...] = ()


class Quality(Struct, frozen=True, kw_only=True):
    """[quality]: the index of sla.md section 6: `prior` ratings counted as `satisfaction`; the weight of satisfaction
    against speed; from which index on a group is good, fair."""

    prior: int = 5
    satisfaction: float = 0.70
    weight: float = 0.5
    good: int = 80
    fair: int = 65


class _File(Struct, frozen=True, kw_only=True):
    """desk.toml as it is written: the names of its tables."""

    desk: Desk = Desk()
    mailbox: tuple[Mailbox, ...] = ()
    agent: tuple[Agent, ...] = ()
    segment: tuple[Segment, ...] = ()
    type: tuple[Type, ...] = ()
    calendar: tuple[Calendar, ...] = ()
    sla: tuple[Sla, ...] = ()
    rule: tuple[Rule, ...] = ()
    field: tuple[Field, ...] = ()
    alerts: Alerts = Alerts()
    survey: tuple[Survey, ...] = ()
    quality: Quality = Quality()


class Definition(Struct, frozen=True, kw_only=True):
    """The desk as everybody sees it; `version` 0 is the desk nobody has described yet."""

    desk: Desk
    mailboxes: tuple[Mailbox, ...]
    agents: tuple[Agent, ...] = ()
    segments: tuple[Segment, ...]
    types: tuple[Type, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    holidays: dict[str, Holidays] = {}  # by calendar; found at `apply`, no part of the file
    slas: tuple[Sla, ...] = ()
    rules: tuple[Rule, ...] = ()
    fields: tuple[Field, ...] = ()
    alerts: Alerts = Alerts()
    surveys: tuple[Survey, ...] = ()
    quality: Quality = Quality()
    version: int = 0


# What a desk promises that does not say: around the clock, an answer within eight hours, a solution within five days.
DEFAULT_SLA = Sla(
    name="default",
    targets={"default": Target(first=8 * 3_600, next=8 * 3_600, resolve=5 * DAY)},
)

DEFAULT = Definition(
    desk=Desk(domain="localhost"),
    mailboxes=(Mailbox(address="support@localhost", name="Help", segment="support"),),
    segments=(Segment(name="support"),),
    slas=(DEFAULT_SLA,),
)

default_toml = """\
# No desk.toml has been applied yet; this is what holds until then.
[desk]
name = "Help"
domain = "localhost"

[[mailbox]]
address = "support@localhost"
name = "Help"
segment = "support"

[[segment]]
name = "support"

[[sla]]
name = "default"
targets = { default = { first = "8h", next = "8h", resolve = "5d" } }
"""


def parse(toml: str) -> Definition:
    """desk.toml, checked. Refused (exit 6) with every problem, a line each, with the path of what is wrong."""
    from ticketctl.domain.loading import checks

    raw = document.toml(toml, "the desk's file")
    problems: list[str] = []
    definition = _complete(document.read_table(_File, raw, "$", problems))
    known = {problem.partition(": ")[0] for problem in problems}
    further = checks.problems(definition)
    problems += [problem for problem in further if problem.partition(": ")[0] not in known]
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Refused(f"the desk's file has {count}:", *problems)
    return definition


def _complete(file: _File) -> Definition:
    """Fill in what may be left out: domain, mailbox and segment of a desk that has only one of each; its policy."""
    first = file.mailbox[0].address.partition("@")[2] if file.mailbox else "localhost"
    desk = replace(file.desk, domain=file.desk.domain or first)
    everybody = tuple(agent.name for agent in file.agent)
    segments = file.segment or (Segment(name="support", agents=everybody),)
    mailboxes = file.mailbox or (Mailbox(address=f"support@{desk.domain}", name=desk.name),)
    return Definition(
        desk=desk,
        mailboxes=tuple(replace(box, segment=box.segment or segments[0].name) for box in mailboxes),
        agents=file.agent,
        segments=segments,
        types=file.type,
        calendars=file.calendar,
        slas=file.sla or (DEFAULT_SLA,),
        rules=file.rule,
        fields=file.field,
        alerts=file.alerts,
        surveys=file.survey,
        quality=file.quality,
    )


def mailbox(definition: Definition, address: str) -> Mailbox | None:
    """The mailbox an address (or alias) belongs to, without case and without its +detail (A16)."""
    local, _, domain = address.lower().rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    return next((m for m in definition.mailboxes if plain in (m.address, *m.aliases)), None)


def agent(definition: Definition, name: str) -> Agent | None:
    """The agent of that name."""
    return next((agent for agent in definition.agents if agent.name == name), None)


def owner(definition: Definition, ticket: Ticket) -> str | None:
    """The agent who owns a ticket; None also where its owner is no agent of the desk any more."""
    gone = bool(definition.agents) and ticket.owner and agent(definition, ticket.owner) is None
    return None if gone else ticket.owner


def agent_by_email(definition: Definition, address: str) -> Agent | None:
    """The agent with that address, without case."""
    lower = address.lower()
    return next((agent for agent in definition.agents if agent.email == lower), None)


def segment(definition: Definition, name: str) -> Segment | None:
    """The segment of that name."""
    return next((segment for segment in definition.segments if segment.name == name), None)


def type_named(definition: Definition, name: str | None) -> Type | None:
    """The type of tickets of that name; None where the desk does not declare it."""
    return next((one for one in definition.types if one.name == name), None)


def members(segment: Segment) -> tuple[str, ...]:
    """Who may own its tickets: the names of its managers, then its agents, each once."""
    return tuple(dict.fromkeys(segment.managers + segment.agents))


def sole_manager(segment: Segment) -> str | None:
    """The name of the one manager of a segment that has exactly one (F-Q34)."""
    return segment.managers[0] if len(segment.managers) == 1 else None
