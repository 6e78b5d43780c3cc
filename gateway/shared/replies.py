"""Maps outcomes of commands and mails to replies: reply code, enhanced code (RFC 3463), text.

All our replies come from this table. Any unexpected error is 451 4.3.0, so that the sender keeps the mail and tries
again (A2); 5xx is only for what cannot improve (A4). Replies disclose nothing else (A3).
"""

import errno
from enum import Enum, auto

from ticketctl.errors import DatabaseTrouble


class Outcome(Enum):
    """The outcome of a command or a mail."""

    ACCEPTED = auto()
    RECIPIENT = auto()
    UNKNOWN_RECIPIENT = auto()
    RELAY = auto()
    BANNED = auto()
    TOO_MANY_RECIPIENTS = auto()
    TOO_BIG = auto()
    TROUBLE = auto()
    DISK_FULL = auto()
    TOO_MANY_CONNECTIONS = auto()
    IDLE = auto()
    STOPPING = auto()


TABLE = {
    Outcome.ACCEPTED: "250 2.0.0 Accepted",
    Outcome.RECIPIENT: "250 2.1.5 Recipient OK",
    Outcome.UNKNOWN_RECIPIENT: "550 5.1.1 No such mailbox here",
    Outcome.RELAY: "550 5.7.1 Relaying denied",
    Outcome.BANNED: "550 5.7.1 Mail from this sender is not accepted here",
    Outcome.TOO_MANY_RECIPIENTS: "452 4.5.3 Too many recipients, send another copy to the rest",
    Outcome.TOO_BIG: "552 5.3.4 Message is too big",
    Outcome.TROUBLE: "451 4.3.0 Temporary error, try again later",
    Outcome.DISK_FULL: "452 4.3.1 Insufficient storage, try again later",
    Outcome.TOO_MANY_CONNECTIONS: "421 4.7.0 Too many connections, try again later",
    Outcome.IDLE: "421 4.4.2 Timed out, goodbye",
    Outcome.STOPPING: "421 4.3.2 Shutting down, try again later",
}

# Enhanced codes for the replies that aiosmtpd sends itself, by reply code.
_ENHANCED = {
    "221": "2.0.0",
    "250": "2.0.0",
    "252": "2.5.0",
    "451": "4.3.0",
    "454": "4.7.0",
    "500": "5.5.2",
    "501": "5.5.4",
    "502": "5.5.1",
    "503": "5.5.1",
    "552": "5.3.4",
    "553": "5.1.3",
    "554": "5.7.0",
    "555": "5.5.4",
}

_SQLITE_FULL = "SQLITE_FULL"
_POSTGRESQL_FULL = "53100"


def line(outcome: Outcome) -> str:
    """Return the reply line of an outcome, without CRLF."""
    return TABLE.get(outcome, TABLE[Outcome.TROUBLE])


def of_error(error: BaseException) -> Outcome:
    """Return the outcome of an exception: disk full or trouble, never a permanent refusal."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Outcome.DISK_FULL
    if isinstance(error, DatabaseTrouble) and _is_full(error):
        return Outcome.DISK_FULL
    return Outcome.TROUBLE


def _is_full(error: DatabaseTrouble) -> bool:
    driver = error.__cause__
    return (
        getattr(driver, "sqlite_errorname", "") == _SQLITE_FULL
        or getattr(driver, "sqlstate", "") == _POSTGRESQL_FULL
    )


def enhanced(reply: str) -> str:
    """Add the enhanced status code (RFC 2034) to a one-line reply that lacks it."""
    code, _, text = reply.partition(" ")
    status = _ENHANCED.get(code)
    if status is None or text.startswith(f"{code[0]}."):
        return reply
    return f"{code} {status} {text}"
