"""Checks ticket types: if desk.toml declares types, a ticket takes no other (F-L6); if not, it takes any word."""

from ticketctl.actions.base.context import Work
from ticketctl.domain.rules import rules
from ticketctl.errors import Refused


def check(work: Work, name: str) -> None:
    """Refused, with the list, for a type that the desk does not have."""
    if not may_be(work, name):
        names = ", ".join(one.name for one in work.definition.types)
        raise Refused(f'no type "{name}"; the desk has {names}.')


def may_be(work: Work, name: str) -> bool:
    """May a ticket of this desk be of that type? What the desk opens by itself always may (F-Q2)."""
    declared = work.definition.types
    return not declared or name == rules.DETRACTOR.name or bool(work.definition.type(name))


def segment(work: Work, name: str | None) -> str:
    """Where tickets of a type belong (F-T12), "" where the desk does not say."""
    declared = work.definition.type(name)
    return declared.segment if declared else ""
