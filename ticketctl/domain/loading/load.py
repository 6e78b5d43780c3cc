"""Reads and checks desk.toml as a whole."""

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base import document
from ticketctl.domain.definition.definition import (
    DEFAULT_SLA,
    Agent,
    Alerts,
    Calendar,
    Channel,
    Definition,
    DeskSettings,
    Field,
    Mailbox,
    Quality,
    Rule,
    Segment,
    Sla,
    Survey,
    Type,
)
from ticketctl.domain.loading import checks
from ticketctl.errors import Refused


class DeskFile(Struct, frozen=True, kw_only=True):
    """desk.toml as it is written."""

    desk: DeskSettings = DeskSettings()
    mailbox: tuple[Mailbox, ...] = ()
    agent: tuple[Agent, ...] = ()
    segment: tuple[Segment, ...] = ()
    type: tuple[Type, ...] = ()
    channel: tuple[Channel, ...] = ()
    calendar: tuple[Calendar, ...] = ()
    sla: tuple[Sla, ...] = ()
    rule: tuple[Rule, ...] = ()
    field: tuple[Field, ...] = ()
    alerts: Alerts = Alerts()
    survey: tuple[Survey, ...] = ()
    quality: Quality = Quality()


def parse(toml: str) -> Definition:
    """The definition that a desk.toml describes. Refused (exit 6) with all problems, one a line, each with its path."""
    raw = document.toml(toml, "desk.toml")
    problems: list[str] = []
    definition = _complete(document.read_table(DeskFile, raw, "$", problems))
    known = {problem.partition(": ")[0] for problem in problems}
    further = checks.problems(definition)
    problems += [problem for problem in further if problem.partition(": ")[0] not in known]
    if problems:
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise Refused(f"desk.toml has {count}:", *problems)
    return definition


def _complete(file: DeskFile) -> Definition:
    """The definition of a file, with defaults for what it leaves out: domain, mailbox, segment, SLA policy."""
    first = file.mailbox[0].address.partition("@")[2] if file.mailbox else "localhost"
    settings = replace(file.desk, domain=file.desk.domain or first)
    everybody = tuple(agent.name for agent in file.agent)
    segments = file.segment or (Segment(name="support", agents=everybody),)
    mailboxes = file.mailbox or (Mailbox(address=f"support@{settings.domain}", name=settings.name),)
    return Definition(
        settings=settings,
        mailboxes=tuple(replace(box, segment=box.segment or segments[0].name) for box in mailboxes),
        agents=file.agent,
        segments=segments,
        types=file.type,
        channels=file.channel,
        calendars=file.calendar,
        slas=file.sla or (DEFAULT_SLA,),
        rules=file.rule,
        fields=file.field,
        alerts=file.alerts,
        surveys=file.survey,
        quality=file.quality,
    )
