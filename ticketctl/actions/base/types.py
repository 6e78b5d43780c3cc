"""Checks ticket types: if desk.toml declares types, a ticket takes no other (F-L6); if not, it takes any word."""

from ticketctl.actions.base.context import Work
from ticketctl.domain.rules import rules
from ticketctl.errors import Refused


def check(work: Work, name: str) -> None:
    """Refused, with the list of types, if desk.toml does not declare the type."""
    if not may_be(work, name):
        names = ", ".join(one.name for one in work.definition.types)
        raise Refused(f'no type "{name}"; the desk has {names}.')


def may_be(work: Work, name: str) -> bool:
    """May a ticket have that type? Types that rules use for tickets they open are always allowed (F-Q2)."""
    declared = work.definition.types
    return not declared or name == rules.DETRACTOR.name or bool(work.definition.type(name))


def segment(work: Work, name: str | None) -> str:
    """The segment for tickets of a type (F-T12); "" if the definition names none."""
    declared = work.definition.type(name)
    return declared.segment if declared else ""
