"""A hit: what one rule found, and what follows from it."""

from collections.abc import Callable
from enum import Flag, auto

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.screen.envelope import Envelope
from ticketctl.domain.base.reasons import Reason, reason

SHOWN = 80
"""Characters of a foreign header that a sentence repeats."""


class Mark(Flag):
    """What a hit says beside the class of the mail."""

    NONE = 0
    LIST = auto()
    VACATION = auto()
    DELAY = auto()
    SUCCESS = auto()
    FEEDBACK = auto()
    SPAM = auto()
    LOOP = auto()


class Hit(Struct, frozen=True):
    """One finding: the reason, the class it gives (None: no opinion), and marks."""

    reason: Reason
    kind: str | None = None
    marks: Mark = Mark.NONE


Rule = Callable[[Mail, Envelope], Hit | None]


def hit(slug: str, kind: str | None = None, marks: Mark = Mark.NONE, /, **values: object) -> Hit:
    """The finding with its reason, filled in with these values."""
    return Hit(reason(slug, **values), kind, marks)


def shown(value: str) -> str:
    """A foreign value fit for a sentence: one line, at most SHOWN characters."""
    flat = " ".join(value.split())
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"


def named(mail: Mail, names: tuple[str, ...]) -> tuple[str, str] | None:
    """The first header of the mail with one of these (lower case) names, as name and value."""
    return next(((name, value) for name, value in mail.headers if name in names), None)
