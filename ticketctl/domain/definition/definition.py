"""The definition of a help desk: the tables of desk.toml as typed structs. Durations are in seconds.

Each struct is a table of the file: the name of a field is a key, its type says which values are valid (values.py),
and its default applies if the key is absent. loading/load.py reads the file.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from ticketctl.domain.base import document, duration, values
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Ticket

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
BridgeUrl = Annotated[str, document.reader(values.bridge_url)]
Program = Annotated[str, document.reader(values.program)]
FormField = Annotated[str, document.reader(values.form_field)]

DAY = 86_400
SOLE_MANAGER = "sole manager"

ChannelName = Literal[
    "chat", "phone", "form", "wall", "dm", "social", "mention", "call", "forum", "review", "manual",
]  # fmt: skip

CommentedVerb = Literal["edit", "assign", "escalate", "resolve", "close", "reopen"]
ALL_COMMENTED: tuple[CommentedVerb, ...] = (
    "edit", "assign", "escalate", "resolve", "close", "reopen",
)  # fmt: skip


class DeskSettings(Struct, frozen=True, kw_only=True):
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
        False  # a customer's message on another channel joins the running ticket (F-L8)
    )
    acks_per_domain: Count = 60  # within an hour (E7)
    acks_per_desk: Count = 600


class Mailbox(Struct, frozen=True, kw_only=True):
    """[[mailbox]]: an account that receives mail, and the segment (default: the first) for its tickets.

    `form_senders` are contact forms that write for others; `form_fields` names the lines with the customer's email
    and name, and with the ticket's subject, type, and custom fields ("cf.NAME") (F-T20). Mail of `human_senders`
    counts as written by a person, whatever its headers say (E15).
    """

    address: OwnAddress
    name: Text = ""
    segment: Name = ""
    aliases: tuple[OwnAddress, ...] = ()
    form_senders: tuple[Address, ...] = ()
    form_fields: dict[FormField, Title] = {}
    human_senders: tuple[Address, ...] = ()
    ack_promise: bool = False  # the acknowledgement says by when we answer (F-L3)


class Agent(Struct, frozen=True, kw_only=True):
    """[[agent]]: an agent. `capacity` None: no limit; `hours`: a calendar, "" always.

    `absences` are days off, including the last one: `2026-12-24..2026-12-31` or one day.
    """

    name: Name
    email: Address
    role: Literal["agent", "manager", "admin"] = "agent"
    login: Text = ""
    skills: tuple[Annotated[str, document.reader(values.skill)], ...] = ()
    capacity: int | None = None
    hours: Text = ""
    absences: tuple[Absence, ...] = ()


Notice = Literal["taken", "waiting", "escalated", "reopened"]


class Segment(Struct, frozen=True, kw_only=True):
    """[[segment]]: a team with its managers and agents; `yellow` and `red` instead of those of [alerts] (F-C15).

    `owner` gets its new tickets, unless routing or somebody names another. `notices` are told to customers (F-L4).
    """

    name: Name
    managers: tuple[Name, ...] = ()
    agents: tuple[Name, ...] = ()
    owner: Text = ""
    routing: Literal["none", "round-robin", "load", "skill"] = "none"
    sticky: bool = False
    yellow: Seconds | None = None
    red: Seconds | None = None
    notices: tuple[Notice, ...] = ("waiting",)

    @property
    def members(self) -> tuple[str, ...]:
        """Who may own its tickets: the names of its managers, then its agents, each once."""
        return tuple(dict.fromkeys(self.managers + self.agents))

    @property
    def usual_owner(self) -> tuple[str, str] | None:
        """Who gets a ticket that nobody else is given, and why: the owner in desk.toml, or the only manager (F-Q34)."""
        if self.owner:
            return self.owner, "owner of the segment"
        return (self.managers[0], SOLE_MANAGER) if len(self.managers) == 1 else None


class Type(Struct, frozen=True, kw_only=True):
    """[[type]]: a ticket type: its segment (F-T12), the skills its agent needs (F-T11), a text for its acknowledgement
    (F-T19). Without any [[type]], tickets take any word.
    """

    name: Title
    segment: Name = ""
    skills: tuple[Annotated[str, document.reader(values.skill)], ...] = ()
    snippet: Annotated[str, document.reader(values.lines)] = ""


class Channel(Struct, frozen=True, kw_only=True):
    """[[channel]]: the bridge by which answers of a channel go out (F-L7): a program and its arguments, or a URL."""

    name: ChannelName
    command: tuple[Program, ...] = ()
    url: BridgeUrl = ""
    acknowledge: bool = True  # new tickets of the channel


class Calendar(Struct, frozen=True, kw_only=True):
    """[[calendar]]: opening hours by weekday (values.minutes reads a span), and closures.

    `open` are special openings, which override closures. Holidays come from `country` (and `region`) or `ics`.
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
    ics: Annotated[str, document.reader(values.calendar_source)] = ""


class Holiday(Struct, frozen=True):
    """A closure with a name: a day as in `closed`, `2026-12-25` or `2026-12-24 12:00-24:00`."""

    day: str
    name: str = ""


class Holidays(Struct, frozen=True, kw_only=True):
    """The holidays of a calendar as found at `apply`, known up to the day `until` (`2031-12-31`)."""

    until: str
    days: tuple[Holiday, ...] = ()


class Target(Struct, frozen=True, kw_only=True):
    """Open seconds a clock may run (`1d` is 24 open hours); None: those of `default`, else no such clock."""

    first: Seconds | None = None
    next: Seconds | None = None
    resolve: Seconds | None = None
    assign: Seconds | None = None


class Escalation(Struct, frozen=True, kw_only=True):
    """A level: at a moment of the clock, run these steps once."""

    at: Moment
    do: tuple[Step, ...]


ClockKind = Literal["first", "next", "resolve", "assign"]
PausingStatus = Literal["new", "open", "waiting", "escalated"]


class Sla(Struct, frozen=True, kw_only=True):
    """[[sla]]: a policy; the first whose match (a query, "" is all) matches a ticket applies. Targets by priority.

    `pause` lists the statuses that pause `resolve`, or those for each clock.
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
    """[[rule]]: on an event, if a query matches ("": always), run these steps, otherwise those."""

    name: Title
    on: Literal["message", "created", "updated", "survey", "time"]
    when: Text = ""
    then: tuple[Step, ...] = ()
    otherwise: tuple[Step, ...] = ()
    enabled: bool = True


class Field(Struct, frozen=True, kw_only=True):
    """[[field]]: a custom field."""

    on: Literal["ticket", "customer"]
    name: Name
    type: Literal["text", "number", "date", "bool", "choice", "multi"] = "text"
    choices: tuple[Title, ...] = ()
    required: Literal["never", "create", "close"] = "never"
    public: bool = False  # customers may read it


class Alerts(Struct, frozen=True, kw_only=True):
    """[alerts]: a ticket older than these seconds is yellow, red. `calendar` "": around the clock."""

    yellow: Seconds = 18 * 3_600
    red: Seconds = 24 * 3_600
    basis: Literal["created", "last_customer_message", "updated"] = "created"
    calendar: Text = ""


class Survey(Struct, frozen=True, kw_only=True):
    """[[survey]]: sent this many seconds after a ticket is resolved; segments (): all."""

    name: Name
    scale: Literal["1-5", "0-10"] = "1-5"
    delay: Seconds = DAY
    segments: tuple[Name, ...] = ()


class Quality(Struct, frozen=True, kw_only=True):
    """[quality]: the quality index of reports.

    `prior` ratings count as `satisfaction`; `weight` is that of satisfaction against speed; a group is good or fair
    from that index on.
    """

    prior: int = 5
    satisfaction: float = 0.70
    weight: float = 0.5
    good: int = 80
    fair: int = 65


class Definition(Struct, frozen=True, kw_only=True):
    """The definition of a help desk; `version` 0 stands for the default, before any desk.toml was applied."""

    settings: DeskSettings = field(name="desk")  # the database and desk.toml say `desk`
    mailboxes: tuple[Mailbox, ...]
    agents: tuple[Agent, ...] = ()
    segments: tuple[Segment, ...]
    types: tuple[Type, ...] = ()
    channels: tuple[Channel, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    holidays: dict[str, Holidays] = {}  # by calendar; looked up at `apply`, not in the file
    slas: tuple[Sla, ...] = ()
    rules: tuple[Rule, ...] = ()
    fields: tuple[Field, ...] = ()
    alerts: Alerts = Alerts()
    surveys: tuple[Survey, ...] = ()
    quality: Quality = Quality()
    version: int = 0

    def mailbox(self, address: str) -> Mailbox | None:
        """The mailbox with that address or alias, ignoring case and a +detail (A16)."""
        local, _, domain = address_key(address).rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return next((box for box in self.mailboxes if plain in (box.address, *box.aliases)), None)

    def agent(self, name: str) -> Agent | None:
        """The agent of that name."""
        return next((agent for agent in self.agents if agent.name == name), None)

    def agent_by_email(self, address: str) -> Agent | None:
        """The agent with that address, ignoring case."""
        key = address_key(address)
        return next((agent for agent in self.agents if agent.email == key), None)

    def owner(self, ticket: Ticket) -> str | None:
        """The owner of a ticket; None if there is none, or if the owner is no longer an agent."""
        gone = bool(self.agents) and ticket.owner and self.agent(ticket.owner) is None
        return None if gone else ticket.owner

    def segment(self, name: str) -> Segment | None:
        """The segment of that name."""
        return next((segment for segment in self.segments if segment.name == name), None)

    def channel(self, name: str) -> Channel | None:
        """The bridge of that channel; None if answers to it do not go out through one."""
        return next((channel for channel in self.channels if channel.name == name), None)

    def type(self, name: str | None) -> Type | None:
        """The ticket type of that name; None if desk.toml does not declare it."""
        return next((type for type in self.types if type.name == name), None)


# The default policy: around the clock, a first response within eight hours, a resolution within five days.
DEFAULT_SLA = Sla(
    name="default",
    targets={"default": Target(first=8 * 3_600, next=8 * 3_600, resolve=5 * DAY)},
)

DEFAULT = Definition(
    settings=DeskSettings(domain="localhost"),
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
