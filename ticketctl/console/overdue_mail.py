"""Mail that waits in a queue for longer than anything there should: nobody takes it, or who took it is stuck."""

from datetime import datetime, timedelta

from ticketctl.console.times import ago

LONGEST = timedelta(minutes=15)  # that a mail may wait to be filed, or to be sent once it is due
EXIT = 9


def to_be_filed(oldest: datetime | None, now: datetime) -> str:
    """The sentence about the mail that came first and is not filed; "" where it came just now, or there is none."""
    return _late("came", "filed", oldest, now)


def to_be_sent(oldest: datetime | None, now: datetime) -> str:
    """The same of the mail that was due first and is not sent."""
    return _late("was due", "sent", oldest, now)


def _late(what: str, done: str, oldest: datetime | None, now: datetime) -> str:
    if oldest is None or now - oldest <= LONGEST:
        return ""
    return f"The oldest mail {what} {ago(oldest, now)} and is not {done}: is `ticketctl gateway serve` running?"
