"""Mail that has waited in a queue for too long."""

from datetime import datetime, timedelta

from ticketctl.console.times import ago

LONGEST = timedelta(minutes=15)  # that a mail may wait to be filed, or to be sent once it is due
EXIT = 9


def to_be_filed(oldest: datetime | None, now: datetime) -> str:
    """A sentence about the oldest mail not yet filed; "" if there is none or it is recent."""
    return _late("came", "filed", oldest, now)


def to_be_sent(oldest: datetime | None, now: datetime) -> str:
    """The same for the mail longest due and not sent."""
    return _late("was due", "sent", oldest, now)


def _late(what: str, done: str, oldest: datetime | None, now: datetime) -> str:
    if oldest is None or now - oldest <= LONGEST:
        return ""
    return f"The oldest mail {what} {ago(oldest, now)} and is not {done}: is `ticketctl gateway serve` running?"
