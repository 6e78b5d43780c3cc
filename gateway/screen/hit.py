"""A hit: what one rule found, and what it means."""

from collections.abc import Callable
from enum import Flag, auto

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.screen.envelope import ScreenEnvelope
from ticketctl.domain.base.reasons import Reason, reason

MAX_SHOWN = 80
"""Characters of a header that a reason quotes."""


class Mark(Flag):
    """What a hit means besides the class of the mail."""

    NONE = 0
    LIST = auto()
    VACATION = auto()
    DELAY = auto()
    SUCCESS = auto()
    FEEDBACK = auto()
    SPAM = auto()
    LOOP = auto()


class Hit(Struct, frozen=True):
    """A reason, the class that it gives (None: no opinion), and marks."""

    reason: Reason
    kind: str | None = None
    marks: Mark = Mark.NONE


Rule = Callable[[Mail, ScreenEnvelope], Hit | None]


def hit(slug: str, kind: str | None = None, marks: Mark = Mark.NONE, /, **values: object) -> Hit:
    """Return a hit with its reason, filled in with these values."""
    return Hit(reason(slug, **values), kind, marks)


def shown(value: str) -> str:
    """Make a foreign value safe for a sentence: one line, at most MAX_SHOWN characters."""
    flat = " ".join(value.split())
    return flat if len(flat) <= MAX_SHOWN else flat[: MAX_SHOWN - 1] + "…"


def named(mail: Mail, names: tuple[str, ...]) -> tuple[str, str] | None:
    """Return name and value of the first header with one of these (lower-case) names."""
    return next(((name, value) for name, value in mail.headers if name in names), None)
