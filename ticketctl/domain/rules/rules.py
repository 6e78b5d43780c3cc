"""Rules: on an event, if a query matches, run these steps, otherwise those. Lists and checks them.

A step is `word:value`, such as `type:billing`. Escalation levels have the same steps.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from ticketctl import clock
from ticketctl.domain.base import status, values
from ticketctl.domain.base.condition import Condition, Not, Where, both
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.definition.definition import Definition, Rule
from ticketctl.domain.query import own_fields
from ticketctl.domain.query.context import Use
from ticketctl.errors import BadInput

# The built-in rule; desk.toml may override or disable it by a rule of that name (F-Q5).
DETRACTOR = Rule(
    name="detractor",
    on="survey",
    when="nps<=6 OR csat<=2",
    then=("ticket:detractor",),
)

# Rules ignore spam and merged tickets.
ALIVE: Condition = Not(Where("status", "=", (status.SPAM, status.MERGED)))

LONGEST = 5  # the longest chain of rules that trigger each other

AUTO, NOBODY = "auto", "none"
_Kinds = tuple[tuple[str, str], ...]  # the types of custom fields, by name
_ENDS_IN = (
    status.OPEN, status.WAITING, status.ESCALATED, status.RESOLVED, status.CLOSED, status.SPAM,
)  # fmt: skip


class Step(Struct, frozen=True):
    """One step: `type` and `billing` of `type:billing`."""

    word: str
    value: str


def step(written: str) -> Step:
    """Parse a step; BadInput for an unknown word."""
    word, _, value = written.partition(":")
    if word not in STEPS:
        raise BadInput(f'there is no step "{word}"; the steps are {", ".join(STEPS)}')
    return Step(word, value.strip())


def problem(written: str, definition: Definition) -> str:
    """What is wrong with a step under a definition; "" for nothing."""
    try:
        found = step(written)
        return STEPS[found.word](found.value, definition)
    except BadInput as wrong:
        return wrong.sentence.removesuffix(".")


def all_rules(definition: Definition) -> tuple[Rule, ...]:
    """All rules, in the order of desk.toml; the built-in one last, unless a rule has its name."""
    if any(rule.name.lower() == DETRACTOR.name for rule in definition.rules):
        return definition.rules
    return (*definition.rules, DETRACTOR)


def of(definition: Definition, on: str) -> list[Rule]:
    """The rules for an event, in order, without disabled ones (F-Q4).

    Rules with an invalid query are left out: `apply` refuses them, but an older version may have accepted one.
    """
    return [
        r
        for r in all_rules(definition)
        if r.on == on and r.enabled and not _misread(r.when, _kinds(definition))
    ]


def named(definition: Definition, name: str) -> Rule | None:
    """The rule of that name."""
    return next((rule for rule in all_rules(definition) if rule.name == name), None)


def condition(rule: Rule, definition: Definition, now: datetime) -> Condition:
    """The condition of a rule at `now`; dates are in the help desk's zone. BadInput for an invalid query."""
    return _condition(rule.when, now, definition.settings.timezone, _kinds(definition))


@lru_cache(maxsize=256)
def _condition(text: str, now: datetime, zone: str, kinds: _Kinds) -> Condition:
    from ticketctl.domain.query import parser  # slow to load, and not needed without rules

    return parser.parse(
        text, now=now, zone=ZoneInfo(zone), me=None, types=dict(kinds), use=Use.LATER
    ).condition


def _kinds(definition: Definition) -> _Kinds:
    """The types of custom fields; invalid types are reported by another check."""
    kinds = own_fields.kinds(definition.fields).items()
    return tuple((name, kind) for name, kind in kinds if isinstance(kind, str))


def problems(definition: Definition) -> Iterator[str]:
    """What is wrong with rules and escalations, each with its path."""
    for n, rule in enumerate(definition.rules):
        wrong = (
            _misread(rule.when, _kinds(definition))
            or _undated(rule, definition)
            or _idle(rule, definition)
        )
        if wrong:
            yield f"$.rule[{n}].when: {wrong}"
        yield from _steps(f"$.rule[{n}].then", rule.then, definition)
        yield from _steps(f"$.rule[{n}].otherwise", rule.otherwise, definition)
        if rule.on == "time" and rule.otherwise:
            yield (
                f"$.rule[{n}].otherwise: not allowed in a timed rule, because it would apply to every"
                " other ticket; write a second rule"
            )
    for n, sla in enumerate(definition.slas):
        for level, escalation in enumerate(sla.escalations):
            yield from _steps(f"$.sla[{n}].escalations[{level}].do", escalation.do, definition)


@lru_cache(maxsize=256)
def _misread(
    text: str,
    kinds: _Kinds,
    use: Use = Use.LATER,
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC),
) -> str:
    """Why a query is invalid, with a caret under the word; "" if it is valid."""
    from ticketctl.domain.query import parser

    try:
        parser.parse(text, now=now, zone=UTC, me=None, types=dict(kinds), use=use)
    except BadInput as wrong:
        return "\n".join((wrong.sentence, *wrong.problems))
    return ""


def _undated(rule: Rule, definition: Definition) -> str:
    """What is wrong with a timed rule that names a date in the future: it would match new tickets."""
    if rule.on != "time":
        return ""
    return _misread(rule.when, _kinds(definition), Use.DEADLINE, clock.now())


def _idle(rule: Rule, definition: Definition) -> str:
    """What is wrong with a rule that can never run."""
    from ticketctl.domain.query import parser
    from ticketctl.domain.query.contradictions import never_from

    kinds = dict(_kinds(definition))

    def fits(now: datetime) -> Condition:
        asked = parser.parse(rule.when, now=now, zone=UTC, me=None, types=kinds, use=Use.LATER)
        return both(ALIVE, asked.condition)

    if not never_from(fits, clock.now()):
        return ""
    return f'no ticket can match "{rule.when}": parts of it exclude each other (rules ignore spam and merged tickets)'


def _steps(path: str, steps: tuple[str, ...], definition: Definition) -> Iterator[str]:
    for n, written in enumerate(steps):
        if wrong := problem(written, definition):
            yield f"{path}[{n}]: {wrong}"


# ---- checks of the value after the colon; "" is valid ---------------------------------------------------------------

Check = Callable[[str, Definition], str]


def _one_of(*words: str) -> Check:
    def check(value: str, _desk: Definition) -> str:
        return "" if value in words else f'"{value}" is not one of {", ".join(words)}'

    return check


def _words(_value: str, _desk: Definition) -> str:
    return ""


def _type(value: str, definition: Definition) -> str:
    names = [one.name for one in definition.types]
    return f'no type "{value}"' if names and value not in names else ""


def _segment(value: str, definition: Definition) -> str:
    return "" if any(one.name == value for one in definition.segments) else f'no segment "{value}"'


def _owner(value: str, definition: Definition) -> str:
    known = value in (AUTO, NOBODY) or any(one.name == value for one in definition.agents)
    return "" if known else f'no agent "{value}"; write a name, {AUTO} or {NOBODY}'


def _tag(value: str, _desk: Definition) -> str:
    return f'"{value}" is not a tag; leave out the comma' if "," in value else ""


def _told(value: str, definition: Definition) -> str:
    return "" if value in ("owner", "managers", "agents") else _address(value, definition)


def _address(value: str, definition: Definition) -> str:
    address = values.address(value)
    ours = any(address in (box.address, *box.aliases) for box in definition.mailboxes)
    return f'"{value}" is a mailbox of the desk: nobody would read it there' if ours else ""


def _field(value: str, definition: Definition) -> str:
    name, equals, wanted = value.partition("=")
    field = next(
        (one for one in definition.fields if one.on == "ticket" and one.name == name), None
    )
    if not equals:
        return f'"{value}" has no value; write it like "set:reason=refund"'
    if field is None:
        return f'no field "{name}" of tickets'
    chosen = wanted.split(",") if field.type == "multi" else [wanted]
    strange = [one for one in chosen if field.choices and one and one not in field.choices]
    return f'"{strange[0]}" is not one of {", ".join(field.choices)}' if strange else ""


STEPS: dict[str, Check] = {
    "type": _type,
    "segment": _segment,
    "priority": _one_of(*PRIORITIES, "+1", "-1"),
    "status": _one_of(*_ENDS_IN),
    "owner": _owner,
    "assign": _owner,  # the same
    "tag": _tag,
    "untag": _tag,
    "important": _one_of("yes", "no"),
    "set": _field,
    "comment": _words,
    "notify": _told,
    "escalate": _address,
    "dossier": _address,
    "reply": _words,
    "ticket": _words,
}
